"""Form files in, their cells as calamine gives them, over the same pool a night uses: the floor. Nothing of ours is loaded.

Usage: bench_floor.py LIST     (LIST: a JSON list of paths; prints one line of JSON)
"""

from __future__ import annotations

import io
import json
import multiprocessing
import os
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from python_calamine import CalamineWorkbook

METHOD = "fork" if sys.platform.startswith("linux") else "forkserver"  # as a night starts its workers (pipeline.pool)


def parse_only(files: Sequence[bytes]) -> list[list[list[object]]]:
    """Every sheet of every file."""
    rows: list[list[list[object]]] = []
    for data in files:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        rows += [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    return rows


def main(paths: Sequence[str]) -> float:
    """Seconds from before the pool starts until every row is back here."""
    files = [Path(p).read_bytes() for p in paths]
    count = os.cpu_count() or 1
    size = min(200, max(8, -(-len(files) // (count * 4))))
    began = time.perf_counter()
    with ProcessPoolExecutor(count, mp_context=multiprocessing.get_context(METHOD)) as pool:
        tasks = [pool.submit(parse_only, files[i : i + size]) for i in range(0, len(files), size)]
        for task in tasks:
            task.result()
        return time.perf_counter() - began


if __name__ == "__main__":
    chosen = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    sys.stdout.write(json.dumps({"seconds": main(chosen), "files": len(chosen)}) + "\n")
