"""What a file was read as and what was found, kept for the next night: values in and out by content; losing the folder loses nothing."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import os
import zlib
from collections.abc import Sequence
from typing import TypeVar

from pipeline.home.codec import decode, encode
from pipeline.home.disk import make_folder
from pipeline.home.layout import MODE_FILE, Home
from pipeline.ledger import canonical
from pipeline.model import Document

MAC = 32
T = TypeVar("T")


def cache_key(path: str, sha256: str, schemas: str, season: str, program: str) -> str:
    """Everything reading depends on: the bytes and name of the file, the schemas, the season, the program."""
    return hashlib.sha256(
        canonical([path, sha256, schemas, season, program]).encode("utf-8", "surrogatepass")
    ).hexdigest()


def recall(home: Home, key: str, secret: bytes) -> tuple[Document, ...] | None:
    """The documents of one file (a zip has several), or None: absent, damaged, or not written by us."""
    return recall_values(home, key, secret, Document)


def recall_values(home: Home, key: str, secret: bytes, kind: type[T]) -> tuple[T, ...] | None:
    """As `recall`, for values of any dataclass of the model."""
    place = home.cache / key[:2] / key
    try:
        stored = place.read_bytes()
    except OSError:
        return None
    mac, packed = stored[:MAC], stored[MAC:]
    if not hmac.compare_digest(mac, _mac(secret, key, packed)):
        return None
    try:
        text = zlib.decompress(packed).decode("utf-8", "surrogatepass")
        return tuple(decode(kind, item) for item in json.loads(text))
    except (KeyError, TypeError, ValueError, zlib.error):  # an older shape of the model
        return None


def remember(home: Home, key: str, values: Sequence[object], secret: bytes) -> None:
    """Keep what was read or found; a full or read-only disk only costs time next night."""
    text = json.dumps([encode(v) for v in values], ensure_ascii=False, separators=(",", ":"))
    packed = zlib.compress(text.encode("utf-8", "surrogatepass"), 1)
    place = home.cache / key[:2] / key
    aside = place.with_name(f".{key}.{os.getpid()}")
    with contextlib.suppress(OSError):
        make_folder(place.parent)
        fd = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), MODE_FILE)
        with os.fdopen(fd, "wb") as out:
            out.write(_mac(secret, key, packed) + packed)
        aside.replace(place)


def _mac(secret: bytes, key: str, packed: bytes) -> bytes:
    return hmac.new(secret, key.encode("ascii") + packed, hashlib.sha256).digest()
