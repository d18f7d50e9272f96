"""The pool: workers carry nothing heavy, are forked only where that is safe, and answer the same however they start."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.test_house import ROOT

ASK = """
import json, sys
%s
from pipeline.pool import make_pool, spread
from tests.test_pool import carried, doubled
if __name__ == "__main__":
    with make_pool(2, preload=["pipeline.reading.batch"]) as pool:
        print(json.dumps([pool.submit(carried).result(), spread(pool, doubled, [1, 2, 3, 4, 5])(), pool._mp_context.get_start_method()]))
"""


def carried() -> list[str]:
    return [
        name for name in ("pandas", "numpy", "pandera", "openpyxl", "pipeline.reading.batch") if name in sys.modules
    ]


def doubled(items: list[int]) -> list[int]:
    return [2 * item for item in items]


def told(before: str) -> tuple[list[str], list[int], str]:
    code = ASK % before
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=120
    )
    modules, numbers, method = json.loads(ran.stdout)
    return modules, numbers, method


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="forks on Linux alone")
def test_workers_are_forked_at_once_where_everything_is_loaded_anyway() -> None:
    assert told("import pipeline.reading.batch") == (["pipeline.reading.batch"], [2, 4, 6, 8, 10], "fork")


@pytest.mark.parametrize(
    "before",
    [
        "",
        "import pandas, pipeline.reading.batch",
        "import pipeline.reading.batch, threading, time; threading.Thread(target=time.sleep, args=(60,), daemon=True).start()",
    ],
    ids=["light", "pandas", "thread"],
)
def test_a_process_with_less_or_more_than_that_is_never_forked(before: str) -> None:
    modules, numbers, method = told(before)
    assert (modules, numbers) == (["pipeline.reading.batch"], [2, 4, 6, 8, 10])
    assert method != "fork"
