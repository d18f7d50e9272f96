"""A home and a list of form files in; seconds of reading them out: without and with the fence, and stage by stage with the check.

Runs in a process of its own, so that nothing is imported before. Every pool is started inside its own stopwatch.

Arguments: LIST HOME AS_OF READ|FENCE|STAGES     (LIST: a JSON list of paths; says one line of JSON)
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from pipeline.book.load import load_book
from pipeline.book.spec import Book
from pipeline.checking.registry import rule_kinds
from pipeline.home.layout import open_home
from pipeline.home.schemas import schema_files
from pipeline.home.season import parse_season
from pipeline.model import Arrival, Season
from pipeline.night.judging import judge
from pipeline.night.reading_in import batches
from pipeline.pool import collect_seldom, cores, make_pool
from pipeline.reading.batch import File, documents, read_share
from pipeline.reading.container import open_book
from pipeline.reading.interpret import interpret
from pipeline.reading.limits import limits_for
from pipeline.reading.shares import opened, pack
from tools.bench_floor import parse_only
from tools.bench_unfenced import read_unfenced

READERS = ("pipeline.reading.batch",)


def pooled(files: Sequence[File], book: Book, season: Season, fenced: bool) -> float:
    """Start a pool, pack book and season, share the files out as a night does, open what comes back: seconds."""
    sizes = dict(files)
    began = time.perf_counter()
    with make_pool(preload=READERS) as pool:
        shares = batches([Arrival(p, "", date.min, len(d), "form") for p, d in files], cores(pool))
        shared = pack(book, season)
        work: Callable[..., list[Any]] = read_share if fenced else read_unfenced
        tasks = [pool.submit(work, [(a.path, sizes[a.path]) for a in share], shared) for share in shares]
        for task in tasks:
            opened(task.result()) if fenced else task.result()
        return time.perf_counter() - began


def stages(files: Sequence[File], book: Book, season: Season, as_of: date) -> dict[str, float]:
    """The same work on one core, stage by stage, in processor seconds; the check as one judged night."""
    clock = time.process_time
    marks = [clock()]
    parse_only([data for _, data in files])
    marks.append(clock())
    raws = [raw for f in files for raw in open_book(*f, limits_for(f[0]))]
    marks.append(clock())
    read = documents(raws, lambda raw: interpret(raw, book, season), book.words.get("container", {}))
    marks.append(clock())
    import pipeline.checking.frames  # noqa: F401, PLC0415 - pandas and pandera: paid once a night, while the workers read

    marks.append(clock())
    arrivals = [Arrival(d.path, d.sha256, as_of, d.size, "form", order=i) for i, d in enumerate(read, 1)]
    judge(arrivals, {(d.path, d.sha256): (d,) for d in read}, book, season, as_of)
    marks.append(clock())
    parse, opened, typed, imported, checked = (b - a for a, b in pairwise(marks))
    return {"parse": parse, "prescan": opened - parse, "typing": typed, "import pandera": imported, "check": checked}


def main(listed: str, folder: str, as_of: str, what: str) -> dict[str, object]:
    home = open_home(Path(folder))
    season = parse_season(home.season.read_bytes())
    book = load_book(schema_files(home), season, rule_kinds())
    paths = [Path(p) for p in json.loads(Path(listed).read_text(encoding="utf-8"))]
    files = [(p.relative_to(home.inbox).as_posix(), p.read_bytes()) for p in paths]
    said: dict[str, object] = {"files": len(files)}
    collect_seldom()  # as `run` does
    if what == "READ":
        said["seconds"] = pooled(files, book, season, fenced=False)
    elif what == "FENCE":
        said["seconds"] = pooled(files, book, season, fenced=True)
    else:
        said["stages"] = stages(files, book, season, date.fromisoformat(as_of))
    said["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return said


def say() -> None:
    """Called by `python -c`: a script file of its own would be loaded again by every worker."""
    sys.stdout.write(json.dumps(main(*sys.argv[1:5])) + "\n")
