"""A season and its workdays in; whether the publicity every grant needs still fits between applications and payment out (season.md 1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from pipeline.home.schemas import home_words
from pipeline.home.season import PUBLICITY_DAYS
from pipeline.model import Registered, Season

APPLYING, PAYING = "F1", "F3"  # publicity lies between the forms of these two
DAYS = 5  # where the season's thresholds say nothing
WEEK, A_YEAR = 5, 366  # Monday to Friday; more days than any publicity


@dataclass(frozen=True, slots=True)
class Publicity:
    """最晚公示起始日 = last day of payment − N workdays. `counted`: by the register of holidays, else Monday to Friday."""

    start: date  # the latest day on which publicity can begin
    days: int
    last: date  # last day of payment
    stage: str  # the stage of the applications, which must have closed before
    due: date
    counted: bool

    @property
    def impossible(self) -> bool:
        return self.due >= self.start


def publicity_of(season: Season, calendar: Mapping[date, bool] | None) -> Publicity | None:
    """`calendar`: days of R8 -> is it a workday; None without R8. None where the season has not both stages."""
    applying, paying = season.stage_of(APPLYING), season.stage_of(PAYING)
    if applying is None or paying is None:
        return None
    days = min(int(season.thresholds.get(PUBLICITY_DAYS, DAYS)), A_YEAR)
    day, left = paying.due, days
    while left > 0:
        day -= timedelta(days=1)
        left -= (calendar or {}).get(day, day.weekday() < WEEK)
    return Publicity(day, days, paying.due, applying.name, applying.due, calendar is not None)


def calendar_of(register: Registered | None) -> dict[date, bool] | None:
    """R8's days: True where the office is at work. None without R8."""
    if register is None:
        return None
    work = home_words()["calendar"]["work"]
    return {day: row.get("kind") == work for row in register.rows if isinstance(day := row.get("date"), date)}


def publicity_facts(found: Publicity) -> dict[str, object]:
    """What the wording of it may use."""
    how = home_words()["calendar"]["counted" if found.counted else "assumed"]
    return {
        "start": found.start,
        "n": found.days,
        "last": found.last,
        "stage": found.stage,
        "due": found.due,
        "how": how,
    }
