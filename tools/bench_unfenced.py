"""As pipeline.reading.batch.read_share, without the fence: only to measure what the fence costs."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.model import Document
from pipeline.reading.batch import documents
from pipeline.reading.container import open_book
from pipeline.reading.interpret import interpret
from pipeline.reading.limits import limits_for
from pipeline.reading.shares import Packed, unpack


def read_unfenced(files: Sequence[tuple[str, bytes]], shared: Packed) -> list[Document]:
    book, season = unpack(shared)
    words = book.words.get("container", {})
    return [
        d
        for f in files
        for d in documents(open_book(*f, limits_for(f[0])), lambda raw: interpret(raw, book, season), words)
    ]
