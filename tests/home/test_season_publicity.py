"""最晚公示起始日 = last day of payment − N workdays (season.md 1): counted with R8 or without, and told where it cannot be kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pipeline.home.season import parse_season
from pipeline.home.season_publicity import calendar_of, publicity_of
from pipeline.model import Place, Registered, Row, Season, WennuanError

MODEL = (Path(__file__).resolve().parents[2] / "season.toml").read_bytes()
SEASON = parse_season(MODEL)  # F1 until 2019-12-20, F3 until Thursday 2020-01-23


def r8(**days: str) -> Registered:
    rows = tuple(
        Row(n, {"date": date.fromisoformat(day.replace("_", "-")[1:]), "kind": kind}, {})
        for n, (day, kind) in enumerate(days.items(), 3)
    )
    return Registered("R8", rows, tuple(Place() for _ in rows))


def due(season: Season, form: str, day: date) -> Season:
    return replace(season, stages=tuple(replace(s, due=day) if form in s.forms else s for s in season.stages))


@pytest.mark.parametrize(
    ("register", "days", "start"),
    [
        (None, 5, date(2020, 1, 16)),
        (None, 1, date(2020, 1, 22)),
        (r8(d2020_01_19="调休上班"), 5, date(2020, 1, 17)),  # that Sunday was a workday
        (r8(d2020_01_19="调休上班", d2020_01_22="放假"), 5, date(2020, 1, 16)),
    ],
)
def test_the_latest_start_is_counted_back_in_workdays(register: Registered | None, days: int, start: date) -> None:
    found = publicity_of(replace(SEASON, thresholds={"publicity_days": days}), calendar_of(register))
    assert found is not None
    assert (found.start, found.counted, found.impossible) == (start, register is not None, False)


@pytest.mark.parametrize(
    ("last", "impossible"), [(date(2020, 1, 15), False), (date(2020, 1, 16), True), (date(2020, 1, 20), True)]
)
def test_applications_that_close_too_late_leave_no_room(last: date, impossible: bool) -> None:
    found = publicity_of(due(SEASON, "F1", last), None)
    assert found is not None
    assert found.impossible is impossible


def test_a_season_without_payment_asks_for_no_publicity() -> None:
    assert publicity_of(replace(SEASON, stages=SEASON.stages[:2]), None) is None


def test_the_days_are_a_whole_number() -> None:
    with pytest.raises(WennuanError) as caught:
        parse_season(MODEL.replace(b"publicity_days = 5", b'publicity_days = "x"'))
    assert (caught.value.key, caught.value.facts["item"]) == ("season_type", "publicity_days")
