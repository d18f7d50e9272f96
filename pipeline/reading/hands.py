"""What workers read: the asking is free, the readers are loaded where the work is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.book.spec import Book
from pipeline.model import Document, Season
from pipeline.reading.shares import Packed


def read_batch(files: Sequence[tuple[str, bytes]], book: Book, season: Season) -> list[Document]:
    """As `pipeline.reading.batch.read_batch`."""
    from pipeline.reading import batch  # noqa: PLC0415 - a night with nothing new reads nothing

    return batch.read_batch(files, book, season)


def read_share(files: Sequence[tuple[str, bytes]], shared: Packed) -> list[bytes]:
    """As `pipeline.reading.batch.read_share`."""
    from pipeline.reading import batch  # noqa: PLC0415 - as above

    return batch.read_share(files, shared)


def refused(file: tuple[str, bytes], why: str, words: Mapping[str, Any]) -> Document:
    """As `pipeline.reading.batch.refused`."""
    from pipeline.reading import batch  # noqa: PLC0415 - as above

    return batch.refused(file, why, words)
