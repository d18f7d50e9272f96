"""The benchmark itself runs: a district of two units, one round, every case, and the ratios the targets speak of."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="waits for children as Unix does")
def test_two_units_one_round(tmp_path: Path) -> None:
    out = tmp_path / "bench.json"
    command = [
        sys.executable,
        str(ROOT / "tools" / "bench.py"),
        "--units",
        "2",
        "--rounds",
        "1",
        "--json",
        str(out),
        "--keep",
        str(tmp_path / "work"),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(out.read_text(encoding="utf-8"))
    (result,) = told["results"]
    assert result["units"] == 2
    assert result["files"] >= 4
    assert set(result["cases"]) == {"floor", "read", "fence", "script", "cold", "second"}
    assert all(case["wall"] > 0 and case["peak"] > 0 for case in result["cases"].values())
    assert {"script / cold", "cold / second", "read / floor", "fence + check / floor"} <= set(result["ratios"])
    assert result["told"]["cold"]["findings"] == result["told"]["second"]["findings"]
