"""Book and season in, packed once for all readers of a night; a share's documents as its reader sent them, opened again."""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.book.spec import Book
from pipeline.model import EMPTY, Document, Season


@dataclass(frozen=True, slots=True)
class Packed:
    """What readers need of book and season, packed once for all batches of a night."""

    digest: str
    data: bytes


_OPENED: dict[str, tuple[Book, Season]] = {}


def pack(book: Book, season: Season) -> Packed:
    """`book` and `season` for `read_share`; rules and the schema files themselves stay at home."""
    data = pickle.dumps((replace(book, rules=EMPTY, raw=EMPTY), season), pickle.HIGHEST_PROTOCOL)
    return Packed(hashlib.sha256(data).hexdigest(), data)


def unpack(shared: Packed) -> tuple[Book, Season]:
    """Unpacked once in each worker, which keeps it (and the reader compiled from it) for its next share."""
    if shared.digest not in _OPENED:
        _OPENED.clear()
        _OPENED[shared.digest] = pickle.loads(shared.data)
    return _OPENED[shared.digest]


def opened(share: Sequence[bytes]) -> list[Document]:
    """The documents of a share, in order."""
    return [document for one in share for document in pickle.loads(one)]
