"""A home's form files in; seconds of each stage of reading out: the floor (calamine alone), ours without and with fence, the check.

Runs in a process of its own, so that nothing is imported before. Every pool is started inside its own stopwatch.

Usage: bench_reading.py HOME AS_OF FLOOR|READ|FENCE|STAGES     (prints one line of JSON)
"""

from __future__ import annotations

import io
import json
import resource
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path

from python_calamine import CalamineWorkbook

from pipeline.book.spec import Book
from pipeline.home.layout import area_of, open_home
from pipeline.home.schemas import schema_files
from pipeline.home.season import parse_season
from pipeline.model import Arrival, Document, Past, Season
from pipeline.night.ground import load_book, rule_kinds
from pipeline.night.judging import judge
from pipeline.night.reading_in import batches
from pipeline.pool import cores, make_pool
from pipeline.reading.batch import documents, read_batch
from pipeline.reading.container import open_book
from pipeline.reading.interpret import interpret
from pipeline.reading.limits import limits_for

File = tuple[str, bytes]


def parse_only(files: Sequence[File]) -> list[list[list[object]]]:
    """Every sheet of every file as calamine gives it."""
    rows: list[list[list[object]]] = []
    for _, data in files:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        rows += [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    return rows


def read_unfenced(files: Sequence[File], book: Book, season: Season) -> list[Document]:
    words = book.words.get("container", {})
    return [
        d
        for f in files
        for d in documents(open_book(*f, limits_for(f[0])), lambda raw: interpret(raw, book, season), words)
    ]


def pooled(files: Sequence[File], work: Callable[..., list[object]], *more: object) -> tuple[float, list[object]]:
    """Start a pool, share the files out as a night does, collect what comes back: (seconds, results)."""
    sizes = dict(files)
    began = time.perf_counter()
    with make_pool() as pool:
        shares = batches([Arrival(p, "", date.min, len(d), "form") for p, d in files], cores(pool))
        tasks = [pool.submit(work, [(a.path, sizes[a.path]) for a in share], *more) for share in shares]
        results = [r for task in tasks for r in task.result()]
        return time.perf_counter() - began, results


def readable(inbox: Path) -> list[File]:
    """The form workbooks that the floor can read too."""
    files = []
    for path in sorted(inbox.rglob("*.xlsx")):
        name = path.relative_to(inbox).as_posix()
        if area_of(name) == "form" and not path.name.startswith("~$"):
            try:
                parse_only([(name, path.read_bytes())])
            except Exception:
                continue
            files.append((name, path.read_bytes()))
    return files


def stages(files: Sequence[File], book: Book, season: Season, as_of: date) -> dict[str, float]:
    """The same work on one core, stage by stage, in processor seconds; the check as one judged night."""
    clock = time.process_time
    marks = [clock()]
    parse_only(files)
    marks.append(clock())
    raws = [raw for f in files for raw in open_book(*f, limits_for(f[0]))]
    marks.append(clock())
    read = documents(raws, lambda raw: interpret(raw, book, season), book.words.get("container", {}))
    marks.append(clock())
    import pandera.pandas  # noqa: F401, PLC0415 - its price is paid once a night

    marks.append(clock())
    arrivals = [Arrival(d.path, d.sha256, as_of, d.size, "form", order=i) for i, d in enumerate(read, 1)]
    judge(arrivals, {(d.path, d.sha256): (d,) for d in read}, book, season, as_of, Past())
    marks.append(clock())
    parse, opened, typed, imported, checked = (b - a for a, b in pairwise(marks))
    return {"parse": parse, "prescan": opened - parse, "typing": typed, "import pandera": imported, "check": checked}


def main(folder: str, as_of: str, what: str) -> dict[str, object]:
    home = open_home(Path(folder))
    season = parse_season(home.season.read_bytes())
    book = load_book(schema_files(home), season, rule_kinds())
    files = readable(home.inbox)
    said: dict[str, object] = {"files": len(files)}
    if what == "FLOOR":
        said["seconds"] = pooled(files, parse_only)[0]
    elif what == "READ":
        said["seconds"] = pooled(files, read_unfenced, book, season)[0]
    elif what == "FENCE":
        said["seconds"] = pooled(files, read_batch, book, season)[0]
    else:
        said["stages"] = stages(files, book, season, date.fromisoformat(as_of))
    said["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return said


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(*sys.argv[1:4])) + "\n")
