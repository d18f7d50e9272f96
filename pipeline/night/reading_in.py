"""Arrivals in, documents out: what an earlier night already read comes from the cache, the rest from the readers."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import replace
from functools import partial

from pipeline.book.spec import Book
from pipeline.checking import get_ready
from pipeline.home.archive import read_object
from pipeline.home.cache import cache_key, recall, remember
from pipeline.home.faultlog import note_fault
from pipeline.home.layout import Home
from pipeline.home.program import program
from pipeline.home.receive import Inputs
from pipeline.home.schemas import home_words
from pipeline.model import Arrival, Document, Finding, Season
from pipeline.night.watching import Watch
from pipeline.pool import cores
from pipeline.reading.fence import BrokenWorkError
from pipeline.reading.hands import read_batch, read_share, refused
from pipeline.reading.shares import opened, pack

Documents = Mapping[tuple[str, str], tuple[Document, ...]]  # (path, sha256) -> the file, and a zip's members
LARGEST_BATCH, SMALLEST_BATCH = 200, 8
BATCH_BYTES = 64_000_000
AHEAD = 3  # batches under way per worker


def read(
    home: Home, inputs: Inputs, book: Book, season: Season, secret: bytes, pool: Executor, watch: Watch
) -> Documents:
    """Every arrival, read once per content and name. Raises nothing of the files' making."""
    season_digest = hashlib.sha256(inputs.season).hexdigest()
    found: dict[tuple[str, str], tuple[Document, ...]] = {}
    fresh: dict[tuple[str, str], str] = {}
    for arrival in inputs.arrivals:
        spot = (arrival.path, arrival.sha256)
        key = cache_key(arrival.path, arrival.sha256, book.digest, season_digest, program())
        known = recall(home, key, secret)
        if known is not None:
            found[spot] = known
        else:
            fresh[spot] = key
    todo = [a for a in inputs.arrivals if (a.path, a.sha256) in fresh]
    watch("read", 0, len(todo))
    if todo:
        get_ready()  # to check: while the workers read
    done = 0
    for batch, documents in _results(home, todo, book, season, pool):
        grouped = _by_file(documents)
        for arrival in batch:
            spot = (arrival.path, arrival.sha256)
            found[spot] = tuple(grouped[arrival.path])
            if not any(f.facts.get("fault") for d in found[spot] for f in d.findings):
                remember(home, fresh[spot], found[spot], secret)
        done += len(batch)
        watch("read", done, len(todo))
    return found


def reader(
    home: Home, inputs: Inputs, book: Book, season: Season, secret: bytes
) -> Callable[[Arrival], tuple[Document, ...]]:
    """How to look into one delivery that an earlier night read: from the cache, else from the archive."""
    digest = hashlib.sha256(inputs.season).hexdigest()

    def documents(arrival: Arrival) -> tuple[Document, ...]:
        known = recall(home, cache_key(arrival.path, arrival.sha256, book.digest, digest, program()), secret)
        if known is not None:
            return known
        once = partial(read_batch, _files(home, [arrival]), book, season)
        return tuple(_by_file(_answer(once, home, [arrival], book, season))[arrival.path])

    return documents


def _results(
    home: Home, todo: Sequence[Arrival], book: Book, season: Season, pool: Executor
) -> Iterable[tuple[list[Arrival], list[Document]]]:
    """Batches as they come back. Only a few are under way at once, so that memory does not grow with the district."""
    waiting, shared = batches(todo, cores(pool)), pack(book, season)
    running: dict[Future[list[bytes]], list[Arrival]] = {}
    while True:
        while len(running) < AHEAD * cores(pool) and (batch := next(waiting, None)) is not None:
            running[pool.submit(read_share, _files(home, batch), shared)] = batch
        if not running:
            return
        ready, _ = wait(running, return_when=FIRST_COMPLETED)
        for task in ready:
            batch = running.pop(task)
            yield batch, _answer(partial(_documents, task), home, batch, book, season)


def _files(home: Home, batch: Iterable[Arrival]) -> list[tuple[str, bytes]]:
    return [(a.path, read_object(home, a.sha256)) for a in batch]


def _documents(task: Future[list[bytes]]) -> list[Document]:
    return opened(task.result())


def _answer(
    read: Callable[[], list[Document]], home: Home, batch: Sequence[Arrival], book: Book, season: Season
) -> list[Document]:
    """The batch's documents. A fault of ours over one file is that file's end, not the night's: it is logged and told."""
    try:
        return read()
    except BrokenWorkError as fault:
        if len(batch) == 1:
            number, _ = note_fault(home.outbox, fault)
            document = refused(_files(home, batch)[0], "fault", book.words["container"])
            return [
                replace(
                    document,
                    findings=tuple(replace(f, cure="D", facts={**f.facts, "fault": number}) for f in document.findings),
                )
            ]
    alone: list[Document] = []
    for arrival in batch:
        again = partial(read_batch, _files(home, [arrival]), book, season)
        alone += _answer(again, home, [arrival], book, season)
    return alone


def unlisted(inputs: Inputs) -> tuple[Finding, ...]:
    """Names in the inbox that are no delivery tonight: links and devices (WBK-026), files still being copied (WBK-027)."""
    words = home_words()["refused"]
    refused_names = (
        Finding("WBK-026", file=r.path, facts={"why": str(words.get(r.why, r.why))}) for r in inputs.refused
    )
    return (*refused_names, *(Finding("WBK-027", file=path) for path in inputs.waiting))


def batches(arrivals: Sequence[Arrival], workers: int) -> Iterator[list[Arrival]]:
    """Even shares for the workers, at most 200 files and 64 MB each; one path at a time (two versions part)."""
    size = min(LARGEST_BATCH, max(SMALLEST_BATCH, -(-len(arrivals) // (workers * 4))))
    batch: list[Arrival] = []
    weight = 0
    for arrival in arrivals:
        if batch and (
            len(batch) >= size or weight + arrival.size > BATCH_BYTES or any(a.path == arrival.path for a in batch)
        ):
            yield batch
            batch, weight = [], 0
        batch.append(arrival)
        weight += arrival.size
    if batch:
        yield batch


def _by_file(documents: Iterable[Document]) -> dict[str, list[Document]]:
    """Members of a zip stand with their zip, which comes first."""
    grouped: dict[str, list[Document]] = {}
    for document in documents:
        owner = document.path
        while owner not in grouped and "!" in owner:
            owner = owner.rpartition("!")[0]
        grouped.setdefault(owner if owner in grouped else document.path, []).append(document)
    return grouped
