"""Arrivals in, documents out: what an earlier night already read comes from the cache, the rest from the readers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor, as_completed

from pipeline.book.spec import Book
from pipeline.home.archive import read_object
from pipeline.home.cache import cache_key, recall, remember
from pipeline.home.layout import Home
from pipeline.home.program import program
from pipeline.home.receive import Inputs
from pipeline.model import Arrival, Document, Season
from pipeline.night.watching import Watch
from pipeline.pool import cores
from pipeline.reading.batch import read_batch

Documents = Mapping[tuple[str, str], tuple[Document, ...]]  # (path, sha256) -> the file, and a zip's members
LARGEST_BATCH, SMALLEST_BATCH = 200, 8
BATCH_BYTES = 64_000_000


def read(home: Home, inputs: Inputs, book: Book, season: Season, secret: bytes, pool: Executor, watch: Watch) -> Documents:
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
    done = 0
    tasks = {pool.submit(read_batch, [(a.path, read_object(home, a.sha256)) for a in batch], book, season): batch for batch in batches(todo, cores(pool))}
    for task in as_completed(tasks):
        grouped = _by_file(task.result())
        for arrival in tasks[task]:
            spot = (arrival.path, arrival.sha256)
            found[spot] = tuple(grouped[arrival.path])
            remember(home, fresh[spot], found[spot], secret)
        done += len(tasks[task])
        watch("read", done, len(todo))
    return found


def batches(arrivals: Sequence[Arrival], workers: int) -> Iterable[list[Arrival]]:
    """Even shares for the workers, at most 200 files and 64 MB each; one path at a time (two versions part)."""
    size = min(LARGEST_BATCH, max(SMALLEST_BATCH, -(-len(arrivals) // (workers * 4))))
    batch: list[Arrival] = []
    weight = 0
    for arrival in arrivals:
        if batch and (len(batch) >= size or weight + arrival.size > BATCH_BYTES or any(a.path == arrival.path for a in batch)):
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
