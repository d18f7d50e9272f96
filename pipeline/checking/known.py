"""Rows of forms and registers in; who is who out: the one place where a rule finds a person again on another sheet.

Three proofs, each enough by itself: the same normalised number; the same name with the same last four signs; the same name
with the same birth date or telephone. The last two only where one side has no whole number (two whole numbers that differ
are two people, or a slip of the pen that another rule asks about). Never the name alone (domain.md C4).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any, TypeVar

from pipeline.cells import ids
from pipeline.cells.text import name_key
from pipeline.checking.kinds_cross import sent_forms
from pipeline.checking.registry import CannotRun, NotApplicable
from pipeline.checking.subjects import Subject, World
from pipeline.model import Registered, Row, Unit

T = TypeVar("T")
PEOPLE, PAYMENTS = ("F1", "applications"), ("F3", "payments")


@dataclass(frozen=True, slots=True)
class Who:
    """A person as one row names him; '' where it does not say. `number` and `name` are keys, not texts."""

    number: str = ""
    name: str = ""
    tail: str = ""
    born: str = ""
    phone: str = ""

    @property
    def sure(self) -> bool:
        """Whether the row says more than a name."""
        return bool(self.number or (self.name and (self.tail or self.born or self.phone)))


def who(row: Row | Subject) -> Who:
    """What a row of any form or register says of its person."""
    get = row.get
    return _who(get("id_number"), get("name"), get("id_tail"), get("birth"), get("mobile"))


@lru_cache(maxsize=1 << 16)
def _who(id_number: Any, name: Any, tail: Any, birth: Any, phone: Any) -> Who:
    number = ids.id_key(str(id_number or ""))
    born = ids.birth(number) or birth
    return Who(
        number,
        name_key(str(name or "")),
        str(tail or number[-4:]).upper(),
        born.isoformat() if isinstance(born, date) else "",
        str(phone or ""),
    )


def known(entries: Iterable[tuple[Who, T]]) -> Callable[[Who], tuple[T, ...]]:
    """`known(…)(who)`: everything written of that person, in order; empty where nothing proves that it is he."""
    numbers: dict[str, list[T]] = defaultdict(list)
    named: dict[tuple[str, str], list[tuple[Who, T]]] = defaultdict(list)
    for w, thing in entries:
        if w.number:
            numbers[w.number].append(thing)
        for proof in _proofs(w):
            named[proof].append((w, thing))

    def find(w: Who) -> tuple[T, ...]:
        if w.number and w.number in numbers:
            return tuple(numbers[w.number])
        for proof in _proofs(w):
            found = [thing for other, thing in named.get(proof, ()) if not (w.number and other.number)]
            if found:
                return tuple(found)
        return ()

    return find


def _proofs(w: Who) -> Iterable[tuple[str, str]]:
    for part in (w.tail, w.born, w.phone) if w.name else ():
        if part:
            yield w.name, part


# -- who stands where -----------------------------------------------------------------------------------------


def in_register(world: World, name: str) -> Callable[[Who], tuple[Row, ...]]:
    """The rows of a register about a person."""

    def make() -> Callable[[Who], tuple[Row, ...]]:
        register = world.office.registers.get(name)
        return known((who(r), r) for r in (register.rows if register else ()))

    return world.once(f"known {name}", make)


def applicants(world: World) -> Callable[[Who], tuple[Subject, ...]]:
    """The application rows of a person, of any unit."""
    return world.once("applicants", lambda: known((who(s), s) for s in world.subjects(*PEOPLE)))


def named(world: World, w: Who, unit: str) -> Who:
    """Somebody of whom a row gives only the end of his number, with the number from his application: of this unit, else of
    the one other unit that knows him."""
    if w.number or not w.sure:
        return w
    found = applicants(world)(w)
    mine = {n for f in found if f.sheet.unit == unit and (n := who(f).number)} or {
        n for f in found if (n := who(f).number)
    }
    return replace(w, number=next(iter(mine))) if len(mine) == 1 else w


def full(world: World, s: Subject) -> Who:
    """The person of a row, as `named`."""
    return named(world, who(s), s.sheet.unit)


def one(w: Who) -> str:
    """One text for one person, equal wherever he is proven to be the same; '' where only a name is known."""
    return w.number or (f"{w.name}+{w.tail or w.born or w.phone}" if w.sure else "")


def person(world: World, s: Subject) -> str:
    """`one` of the person of a row."""
    told: dict[int, str] = world.once("persons", dict)
    key = id(s.row)
    if key not in told:
        told[key] = one(full(world, s))
    return told[key]


def unit_of(world: World, code: str) -> Unit | None:
    """The line of R1 with this code."""
    return world.once("units by code", lambda: {u.code: u for u in reversed(world.office.units)}).get(code)


def form_here(world: World, unit: str, form: str) -> None:
    """Raises where a form of the unit does not count yet, so that nobody is compared with nothing."""
    if any(form in f.current for f in world.files(unit)):
        return
    title = world.book.forms[form].title
    if form in world.once(f"sent {unit}", lambda: sent_forms(world, unit)):
        raise CannotRun("waits", form=title)
    raise NotApplicable("not_come", form=title)


def questioned(world: World, s: Subject, name: str) -> bool:
    """Whether a reader already asks about this very cell (a title in a name, a card that fails its last digit)."""

    def make() -> frozenset[tuple[str, str | None, int | None, str | None]]:
        rules = world.book.rules
        said = (
            (file, f) for file, d in {d.file: d.document for d in world.sheets}.items() for f in d.findings if f.field
        )
        asks = ("error", "warning")
        return frozenset(
            (file, f.sheet, f.row, f.field) for file, f in said if (f.severity or rules[f.rule].severity) in asks
        )

    owner = s.owner(name) or s
    return (owner.sheet.file, owner.sheet.table.sheet, owner.row.number, name) in world.once("questioned", make)


def one_family(world: World, of: tuple[str, str], name: str) -> bool:
    """Whether the applicant `of` (unit, name key) declared somebody of this name as a member of his household."""

    def make() -> dict[tuple[str, str], set[str]]:
        found: dict[tuple[str, str], set[str]] = defaultdict(set)
        for m in world.subjects("F1", "members"):
            owner = (m.sheet.unit, name_key(str(m.get("staff_name") or "")))
            found[owner].add(name_key(str(m.get("member_name") or "")))
        return found

    return name in world.once("families", make).get(of, ())


# -- since when a register says it ------------------------------------------------------------------------------


def opened(world: World) -> date:
    """The first day of the season: its first stage opens."""
    return min((s.opens for s in world.season.stages if s.opens), default=date.min)


def of_this_season(world: World, register: Registered, row: Row) -> bool:
    """Whether a register's row is dated this season: only then may it hold a school's row back (season.md 4)."""
    stated = row.get("dated")
    if isinstance(stated, date):
        return stated >= opened(world)
    happened = row.get("date")
    return register.seasonal or (isinstance(happened, date) and happened >= opened(world))


def current(row: Row, on: date) -> bool:
    """Whether a line of the roster holds on that day."""
    start, end = row.get("valid_from"), row.get("valid_to")
    return not (isinstance(end, date) and end < on) and not (isinstance(start, date) and start > on)
