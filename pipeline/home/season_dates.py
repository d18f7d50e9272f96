"""A parsed Season in, the contradictions of its calendar out (CAL-015 order, CAL-016 year jump; domain A5 1, 2, 4)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from pipeline.home.toml_lines import Told
from pipeline.model import Season, WennuanError

SEQUENCE = ("publicity", "donate", "remit", "collate")  # phases that follow one another; the others may overlap
ORDER, JUMP = "CAL-015", "CAL-016"


def contradictions(season: Season, told: Told) -> list[WennuanError]:
    """Mistakes of the season's dates among themselves; each carries its rule id in `facts`."""
    return [
        *_reversed(season, told),
        *_overlaps(season, told),
        *_before_issue(season, told),
        *_year_jumps(season, told),
    ]


def _reversed(season: Season, told: Told) -> Iterator[WennuanError]:
    for name, (start, end) in season.phases.items():
        if end < start:
            yield WennuanError(
                "calendar_reversed", rule=ORDER, line=told.line("phases", name), name=name, start=start, end=end
            )
    for i, stage in enumerate(season.stages):
        if stage.opens and stage.due < stage.opens:
            line = told.line("stage", "due", i)
            yield WennuanError(
                "calendar_reversed", rule=ORDER, line=line, name=stage.name, start=stage.opens, end=stage.due
            )


def _overlaps(season: Season, told: Told) -> Iterator[WennuanError]:
    chain = [name for name in SEQUENCE if name in season.phases and season.phases[name][0] <= season.phases[name][1]]
    for earlier, later in pairwise(chain):
        end, start = season.phases[earlier][1], season.phases[later][0]
        if end >= start:
            line = told.line("phases", earlier)
            yield WennuanError(
                "calendar_overlap", rule=ORDER, line=line, name=earlier, end=end, later=later, start=start
            )


def _before_issue(season: Season, told: Told) -> Iterator[WennuanError]:
    if season.issued is None:
        return
    ends = [(stage.name, stage.due, told.line("stage", "due", i)) for i, stage in enumerate(season.stages)]
    ends += [(name, end, told.line("phases", name)) for name, (_, end) in season.phases.items()]
    for name, end, line in ends:
        if end < season.issued:
            yield WennuanError("calendar_before_issue", rule=ORDER, line=line, name=name, end=end, issued=season.issued)


def _year_jumps(season: Season, told: Told) -> Iterator[WennuanError]:
    """A season of new year YEAR lies between 1 July of the year before and 30 June: outside is last year's notice."""
    first, last = date(season.year - 1, 7, 1), date(season.year, 6, 30)
    dated: list[tuple[str, date | None, int]] = [("issued", season.issued, told.line("", "issued"))]
    for i, stage in enumerate(season.stages):
        dated += [
            (stage.name, stage.opens, told.line("stage", "opens", i)),
            (stage.name, stage.due, told.line("stage", "due", i)),
        ]
    for name, pair in season.phases.items():
        dated += [(name, day, told.line("phases", name)) for day in pair]
    for name, day, line in dated:
        if day and not first <= day <= last:
            yield WennuanError("calendar_year_jump", rule=JUMP, line=line, name=name, day=day, year=season.year)
