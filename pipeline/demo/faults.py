"""What a fault is: rows somebody fills in go in, one of them spoilt and its place told; faults are data, listed by form."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.demo.district import World
from pipeline.demo.filling import DEPARTURES, ECONOMY, F1_MAIN, Filing

Values = dict[str, Any]
Words = Mapping[str, Any]
Key = tuple[str, str]


def any_row(row: Values) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Follow:
    """Another rule that fires because of a fault, on the same line: its sheet, its field and on which rows."""

    rule: str
    key: Key
    field: str
    when: Callable[[Words, Values], bool] = lambda words, row: True


@dataclass(frozen=True, slots=True)
class Fault:
    """One way of filling a cell wrongly. `spoil(words, row)` gives the changed cells; `fits` says which rows will do.

    `sheet`: the changed cells stand on a sheet beside, on the same line. `found`: the field the finding names, where it
    is not the (first) changed one. `follows`: what else is found because of it.
    """

    rule: str
    key: Key
    spoil: Callable[[Words, Values], Values]
    follows: tuple[Follow, ...] = ()
    fits: Callable[[Values], bool] = any_row
    sheet: Key | None = None
    found: str = ""


@dataclass(frozen=True, slots=True)
class Spot:
    """A planted fault before its cell is known: row ordinal and field on a sheet of a filing."""

    rule: str
    filing: Filing
    key: Key
    row: int
    field: str
    also: tuple[str, ...] = ()


@dataclass(slots=True)
class Desk:
    """Hands out rows nobody has spoilt yet, one school after the other, so that no fault lies on another."""

    world: World
    filings: Sequence[Filing]
    used: set[tuple[int, Key, int]] = field(default_factory=set)
    turn: int = 0

    def row(self, key: Key, fits: Callable[[Values], bool] = any_row) -> tuple[Filing, int] | None:
        """A fresh row of that sheet that fits; None when there is none left."""
        for i in range(len(self.filings)):
            filing = self.filings[(self.turn + i) % len(self.filings)]
            for n, values in enumerate(filing.rows.get(key, ())):
                if (id(filing), key, n) not in self.used and fits(values):
                    self.turn += i + 1
                    self.take(filing, key, n)
                    return filing, n
        return None

    def take(self, filing: Filing, key: Key, n: int) -> None:
        """The row is spoken for; nothing is decided about the person on it."""
        self.used.add((id(filing), key, n))
        if key == F1_MAIN and n < len(filing.school.applicants):
            filing.school.applicants[n].spoilt = True


def plant_all(desk: Desk, faults: Iterable[Fault]) -> list[Spot]:
    """Each fault once, as far as rows go."""
    spots = []
    for fault in faults:
        place = desk.row(fault.key, fault.fits)
        if place is None:
            continue
        filing, n = place
        words = {**desk.world.words["wrong"], "words": desk.world.words}
        changed = fault.spoil(words, filing.rows[fault.key][n])
        filing.rows[fault.sheet or fault.key][n].update(changed)
        name = fault.found or next(iter(changed))
        spots.append(Spot(fault.rule, filing, fault.sheet or fault.key, n, name))
        more = [f for f in fault.follows if f.when(words, filing.rows[fault.key][n])]
        spots += [Spot(f.rule, filing, f.key, n, f.field) for f in more]
    return spots


def in_service(desk: Desk) -> Callable[[Values], bool]:
    """Rows of people in service: the roster does not say where the retired belong."""
    return lambda row: bool(row["staff_status"] == desk.world.words["statuses"]["active"])


def planted_people(desk: Desk) -> list[Spot]:
    """The same person twice on a sheet, in two units, and somebody of last year whom nobody accounts for."""
    return [*_twice(desk), *_two_units(desk), *_unaccounted(desk)]


def _twice(desk: Desk) -> list[Spot]:
    place = desk.row(F1_MAIN)
    if place is None:
        return []
    filing, n = place
    again = _append(filing, filing, n)
    desk.take(filing, F1_MAIN, again)
    return [Spot("SHT-007", filing, F1_MAIN, again, "id_number", ("SHT-022",))]


def _two_units(desk: Desk) -> list[Spot]:
    place = desk.row(F1_MAIN, in_service(desk))
    others = [f for f in desk.filings if place and f is not place[0] and f.rows.get(F1_MAIN)]
    if place is None or not others:
        return []
    filing, n = place
    again = _append(others[0], filing, n)
    desk.take(others[0], F1_MAIN, again)
    return [
        Spot("XSC-001", filing, F1_MAIN, n, "id_number"),
        Spot("XSC-001", others[0], F1_MAIN, again, "id_number"),
    ]


def _append(target: Filing, source: Filing, n: int) -> int:
    """The same person's row once more, with the economy line that belongs to it."""
    target.rows[F1_MAIN].append(dict(source.rows[F1_MAIN][n]))
    target.rows[ECONOMY].append(dict(source.rows[ECONOMY][n]))
    return len(target.rows[F1_MAIN]) - 1


def _unaccounted(desk: Desk) -> list[Spot]:
    stays = desk.world.words["last_year"]["stays"]
    place = desk.row(DEPARTURES, lambda row: row["destination"] != stays)
    if place is None:
        return []
    filing, n = place
    filing.rows[DEPARTURES][n]["destination"] = None
    return [Spot("XYR-001", filing, DEPARTURES, n, "destination")]
