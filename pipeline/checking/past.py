"""R3 in; who was aided in which earlier season, unit by unit and person by person, out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from pipeline.checking.known import Who, in_register
from pipeline.checking.subjects import World
from pipeline.model import Place, Row

PAST = "R3"
Line = tuple[Row, Place]


def year(row: Row) -> int:
    """The season a row of R3 is about, 0 where it does not say."""
    return int(row.get("season") or 0)


def gone(row: Row) -> bool:
    return bool(row.get("exit_date") or row.get("exit_reason"))


def last_season(world: World) -> int:
    """The newest earlier season of R3, 0 where it has none."""

    def make() -> int:
        rows = world.office.registers[PAST].rows if PAST in world.office.registers else ()
        return max((y for r in rows if 0 < (y := year(r)) < world.season.year), default=0)

    return world.once("last season", make)


def last_people(world: World) -> Mapping[str, Sequence[Line]]:
    """Unit -> its lines of last season, those who had left among them."""

    def make() -> Mapping[str, Sequence[Line]]:
        register = world.office.registers[PAST]
        found: dict[str, list[Line]] = defaultdict(list)
        for row, place in zip(register.rows, register.sources, strict=True):
            if year(row) == last_season(world):
                found[str(row.get("unit_code") or "")].append((row, place))
        return found

    return world.once("people of last season", make)


def history(world: World, w: Who) -> list[Row]:
    """Every line of earlier seasons about a person, of whatever unit, the oldest first."""
    return sorted((r for r in in_register(world, PAST)(w) if 0 < year(r) < world.season.year), key=year)
