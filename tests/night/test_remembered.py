"""What a night need not judge again: the same deliveries, rules and day; anything else is judged, and the outcome is the same."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline.model import Night
from pipeline.night import remembered
from tests.night.conftest import DAY, copy_of, found, run

ROOT = Path(__file__).resolve().parent.parent.parent
Ran = tuple[Path, Night]


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[date]:
    """The days the rules were really asked for, from here on."""
    days: list[date] = []
    real: Callable[..., Any] = remembered.check

    def counting(*args: Any) -> Any:
        days.append(args[5])
        return real(*args)

    monkeypatch.setattr(remembered, "check", counting)
    return days


def lines(done: Night) -> list[tuple[Any, ...]]:
    return [
        tuple(f[k] for k in ("id", "rule", "unit", "file", "cell", "value", "message", "number"))
        for f in found(done)
        if f["status"] != "fixed"
    ]


def test_the_same_night_again_is_not_judged_again(messy_night: Ran, tmp_path: Path, judged: list[date]) -> None:
    home = copy_of(messy_night[0], tmp_path / "home")
    again = run(home)
    assert judged == []
    assert lines(again) == lines(messy_night[1])
    shutil.rmtree(home / "outbox" / "cache")
    third = run(home)
    assert judged == [DAY]
    assert lines(third) == lines(again)
    assert third.record["totals"] == again.record["totals"]


def _another_day(home: Path) -> date:
    return date(2020, 1, 17)


def _something_new(home: Path) -> date:
    (home / "inbox" / "new.txt").write_text("an attachment", encoding="utf-8")
    os.utime(home / "inbox" / "new.txt", (1_579_000_000, 1_579_000_000))
    return DAY


def _something_gone(home: Path) -> date:
    next(p for p in sorted((home / "inbox").glob("*.xlsx"))).unlink()
    return DAY


def _another_rule(home: Path) -> date:
    rules = home / "schemas" / "rules" / "cell.yaml"
    rules.write_text(rules.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    return DAY


def _another_season(home: Path) -> date:
    season = home / "season.toml"
    season.write_text(season.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    return DAY


@pytest.mark.parametrize("change", [_another_day, _something_new, _something_gone, _another_rule, _another_season])
def test_whatever_changes_is_judged(
    change: Callable[[Path], date], clean_night: Ran, tmp_path: Path, judged: list[date]
) -> None:
    home = copy_of(clean_night[0], tmp_path / "home")
    day = change(home)
    run(home, day)
    assert judged == [day]


def test_a_night_with_nothing_new_loads_no_pandas(clean_night: Ran, tmp_path: Path) -> None:
    home = copy_of(clean_night[0], tmp_path / "home")
    asked = "import sys; from tests.night.conftest import run; from pathlib import Path; run(Path(sys.argv[1])); print({'pandas', 'pandera', 'openpyxl'} & sys.modules.keys())"
    done = subprocess.run(
        [sys.executable, "-c", asked, str(home)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"
