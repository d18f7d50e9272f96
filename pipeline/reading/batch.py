"""Read a batch of files behind the fence: in go (path, bytes), book and season, out come their Documents, zips with members.

The unit of work of a night: pure, picklable, runnable on any machine; a pool only ever sees batches, never a dead worker.
"""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from pipeline.book.spec import Book
from pipeline.model import Document, Finding, Season
from pipeline.reading.container import open_book
from pipeline.reading.fence import Ended, Job, run_fenced
from pipeline.reading.interpret import interpret, interpret_office
from pipeline.reading.interpret_plan import reader_of
from pipeline.reading.limits import REGISTER, limits_for
from pipeline.reading.raw import RawBook
from pipeline.reading.shares import Packed, unpack

File = tuple[str, bytes]
Interpreter = Callable[[RawBook, Book, Season], Document]


def read_share(files: Sequence[File], shared: Packed) -> list[bytes]:
    """As read_batch, for another process to open (`opened`): one pickle a file, as the fenced child sent it."""
    book, season = unpack(shared)
    work, words = _reading(book, season), book.words.get("container", {})
    return [
        ended.value if not ended.died else pickle.dumps(_mourned(file, work, words, ended), pickle.HIGHEST_PROTOCOL)
        for file, ended in zip(files, _fenced(files, work, packed=True), strict=True)
    ]


def read_batch(files: Sequence[File], book: Book, season: Season) -> list[Document]:
    """The documents of all files in order, a zip followed by its members (`a.zip!member`). Raises only for bugs of ours."""
    return read_files(files, _reading(book, season), book.words.get("container", {}))


def _reading(book: Book, season: Season) -> Callable[[File], list[Document]]:
    reader_of(book, season)  # compiled here, so that no child has to
    return partial(_read, book=book, season=season)


def read_files(
    files: Sequence[File], work: Callable[[File], list[Document]], words: Mapping[str, Any]
) -> list[Document]:
    """As read_batch, with the reading of one file given as a function (it runs in the child)."""
    read: list[Document] = []
    for file, ended in zip(files, _fenced(files, work), strict=True):
        read += ended.value if not ended.died else _mourned(file, work, words, ended)
    return read


def _mourned(
    file: File, work: Callable[[File], list[Document]], words: Mapping[str, Any], ended: Ended
) -> list[Document]:
    """What is left to say of a file that ended its reader: of a zip, all but the member it died of."""
    return _member_by_member(file, work, words, ended) if _is_zip(file[1]) else [_dead(file, ended, words)]


def _fenced(files: Sequence[File], work: Callable[[File], Any], packed: bool = False) -> list[Ended]:
    return run_fenced(work, [_job(file) for file in files], packed=packed)


def _job(file: File) -> Job:
    limits = limits_for(file[0])
    return Job(file, limits.seconds, limits.cpu, limits.memory)


def _read(file: File, book: Book, season: Season) -> list[Document]:
    path, data = file
    raws = open_book(path, data, limits_for(path))
    read: Interpreter = interpret_office if limits_for(path) is REGISTER else interpret
    return documents(raws, lambda raw: read(raw, book, season), book.words.get("container", {}))


def documents(raws: Sequence[RawBook], read: Callable[[RawBook], Document], words: Mapping[str, Any]) -> list[Document]:
    """A Document per opened container: `read` for workbooks, the bare outcome for everything else."""
    found = []
    members = tuple(raw.path for raw in raws[1:])
    for raw in raws:
        raw.findings = tuple(worded(f, words) for f in raw.findings)
        found.append(
            read(raw)
            if raw.outcome == "readable" and raw.kind != "zip"
            else bare(raw, members if raw is raws[0] else ())
        )
    return found


def bare(raw: RawBook, members: tuple[str, ...] = ()) -> Document:
    """The Document of a file without tables."""
    return Document(
        raw.path, raw.sha256, raw.size, raw.kind, raw.outcome, raw.attachment,
        findings=raw.findings, modified=raw.modified, members=members, cannot_see=raw.cannot_see,
    )  # fmt: skip


def _is_zip(data: bytes) -> bool:
    return data[:2] == b"PK"


def _dead(file: File, ended: Ended, words: Mapping[str, Any]) -> Document:
    """A file that ended its reader: rejected, with the manner of its end as the reason."""
    path, data = file
    digest = hashlib.sha256(data).hexdigest()
    finding = worded(Finding("WBK-007", file=path, sha256=digest, facts={"why": ended.died}), words)
    return Document(path, digest, len(data), "unknown", "rejected", findings=(finding,))


def refused(file: File, why: str, words: Mapping[str, Any]) -> Document:
    """A file the caller could not have read: rejected, `why` a key of schemas/words/container.yaml."""
    return _dead(file, Ended(died=why), words)


def _member_by_member(
    file: File, work: Callable[[File], list[Document]], words: Mapping[str, Any], ended: Ended
) -> list[Document]:
    """A zip that died with one of its members: the others are read on their own, each behind its own clock."""
    opened = _fenced([file], _list_members)[0]
    if opened.died or not opened.value:
        return [_dead(file, ended, words)]
    head, *rest = opened.value
    bodies = {f"{head.path}!{name}": data for name, data in head.members}
    readable = [(raw.path, bodies[raw.path]) for raw in rest if raw.path in bodies]
    read = {doc.path: doc for doc in read_files(readable, work, words)}
    members = tuple(raw.path for raw in rest)
    head.findings = tuple(worded(f, words) for f in head.findings)
    return [
        bare(head, members),
        *(
            read.get(raw.path) or bare(replace(raw, findings=tuple(worded(f, words) for f in raw.findings)))
            for raw in rest
        ),
    ]


def _list_members(file: File) -> list[RawBook]:
    """The zip and its members unopened; [] when it is a workbook after all."""
    return open_book(file[0], file[1], limits_for(file[0]), members_only=True)


def worded(finding: Finding, words: Mapping[str, Any]) -> Finding:
    """Facts that are keys of schemas/words/container.yaml become its texts; `what` may name several, by commas."""
    facts = dict(finding.facts)
    limit = facts.pop("limit", "")
    for name in facts.keys() & words.keys():
        texts = [str(words[name].get(key, key)) for key in facts[name].split(",")]
        facts[name] = str(words.get("comma", ",")).join(texts).replace("{limit}", limit)
    return replace(finding, facts=facts)
