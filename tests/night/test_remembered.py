"""What a night need not judge again: the same deliveries, rules and day; anything else is judged, and the outcome is the same."""

from __future__ import annotations

import hashlib
import os
import pickle
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import Any

import pytest

from pipeline import night as nights
from pipeline.model import Document, Night
from pipeline.night import packed, remembered
from tests.night.conftest import DAY, copy_of, found, run

ROOT = Path(__file__).resolve().parent.parent.parent
Ran = tuple[Path, Night]


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[date]:
    """The days for which a night really judged, from here on."""
    days: list[date] = []
    real: Callable[..., Any] = nights.judge

    def counting(*args: Any, **more: Any) -> Any:
        days.append(args[4])
        return real(*args, **more)

    monkeypatch.setattr(nights, "judge", counting)
    return days


@pytest.fixture
def one_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every night begins at the same second: the same night over the same home has the same run id."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Clock:
            return cls(2030, 1, 1, 21, 0, tzinfo=tz)

    monkeypatch.setattr(nights, "datetime", Clock)


def everything(done: Night) -> dict[str, str]:
    """path -> hash of every file of a night but those that tell how long it took."""
    folder = Path(done.folder)
    return {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and p.name not in {"run.json", "manifest.json"}
    }


def record(done: Night) -> dict[str, Any]:
    return {k: v for k, v in done.record.items() if k not in {"timings", "finished", "outputs"}}


def packs(home: Path) -> list[Path]:
    """What is remembered of whole nights, and of every file."""
    return [p for p in sorted((home / "outbox" / "cache").rglob("*")) if p.is_file()]


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


def test_a_recalled_night_says_sign_for_sign_what_a_judged_one_says(
    messy_night: Ran, tmp_path: Path, judged: list[date], one_moment: None
) -> None:
    homes = [copy_of(messy_night[0], tmp_path / name) for name in ("recalled", "judged")]
    shutil.rmtree(homes[1] / "outbox" / "cache")
    recalled = run(homes[0])
    assert judged == []
    afresh = run(homes[1])
    assert judged == [DAY]
    assert everything(recalled) == everything(afresh)
    assert record(recalled) == record(afresh)


def test_a_document_forgotten_meanwhile_is_read_again(
    messy_night: Ran, tmp_path: Path, judged: list[date], one_moment: None
) -> None:
    """The night is recalled, but no single file is: those somebody looks into are opened once more."""
    homes = [copy_of(messy_night[0], tmp_path / name) for name in ("whole", "holes")]
    large = {p.name for p in sorted(packs(homes[1]), key=lambda p: p.stat().st_size)[-2:]}
    for place in packs(homes[1]):
        if place.name not in large:
            place.unlink()
    nights_ = [run(home) for home in homes]
    assert judged == []
    assert everything(nights_[0]) == everything(nights_[1])


def test_nothing_altered_in_the_cache_is_believed(messy_night: Ran, tmp_path: Path, judged: list[date]) -> None:
    home = copy_of(messy_night[0], tmp_path / "home")
    for place in packs(home):
        data = bytearray(place.read_bytes())
        data[-1] ^= 1
        place.write_bytes(data)
    assert lines(run(home)) == lines(messy_night[1])
    assert judged == [DAY]


def test_another_secret_recalls_nothing(messy_night: Ran, tmp_path: Path, judged: list[date]) -> None:
    home = copy_of(messy_night[0], tmp_path / "home")
    shutil.rmtree(home / "outbox" / "nights")
    for gone in (home / "outbox" / "ledger.sqlite", home / ".secret"):
        gone.unlink()  # a new beginning beside an old cache
    ids = {f["id"] for f in found(messy_night[1])}
    assert not ids & {f["id"] for f in found(run(home)) if f["status"] != "fixed"}
    assert judged == [DAY]


def test_a_decision_is_judged_and_what_it_closes_is_merged_anew(
    messy_night: Ran, tmp_path: Path, judged: list[date], monkeypatch: pytest.MonkeyPatch
) -> None:
    home = copy_of(messy_night[0], tmp_path / "home")
    merges: list[int] = []
    real = remembered.merged
    monkeypatch.setattr(remembered, "merged", lambda *args: merges.append(1) or real(*args))
    run(home)
    assert (judged, merges) == ([], [])
    desk = home / "inbox" / "_decisions" / "待核查.xlsx"
    desk.parent.mkdir(exist_ok=True)
    shutil.copy(Path(run(home).folder) / "district" / "待核查.xlsx", desk)
    os.utime(desk, (1_579_000_000, 1_579_000_000))
    run(home)
    assert (judged, merges) == ([DAY], [1])


def test_templates_change_papers_not_the_judgement(messy_night: Ran, tmp_path: Path, judged: list[date]) -> None:
    home = copy_of(messy_night[0], tmp_path / "home")
    page = home / "templates" / "unit" / "回执.html"
    page.write_text(
        page.read_text(encoding="utf-8").replace("{% block main %}", "{% block main %}<p>另附</p>"), encoding="utf-8"
    )
    again = run(home)
    assert judged == []
    assert "另附" in next(Path(again.folder).glob("units/*/回执.html")).read_text(encoding="utf-8")


def test_a_document_opened_late_is_the_document(messy_night: Ran, tmp_path: Path) -> None:
    opened = []
    inside = Document("a.zip!b.xlsx", "0" * 64, 7, "xlsx", "readable", sheets=("1",))
    made = packed._closed(packed._cover(inside), lambda: opened.append(1) or inside)
    assert (made.path, made.members, opened) == ("a.zip!b.xlsx", (), [])
    assert made.sheets == ("1",)
    assert made == inside
    assert inside == made
    assert pickle.loads(pickle.dumps(made)) == inside
    assert type(pickle.loads(pickle.dumps(made))) is Document
    assert replace(made, sheets=("2",)).sheets == ("2",)
    assert opened == [1]
    with pytest.raises(AttributeError):
        made.nothing_of_this_name  # type: ignore[attr-defined]  # noqa: B018


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
