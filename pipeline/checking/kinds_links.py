"""Who is who (matching has said it) in; what that means for applications out: one person in two units, one household with two
forms, people the registers know otherwise, and people nobody applied for.

The texts of a pair and a tie come from the matching room and hold no sign of anybody's number.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from itertools import combinations
from typing import Any

from pipeline.cells.ids import id_key
from pipeline.cells.text import name_key
from pipeline.checking.env import Env
from pipeline.checking.kinds_cross import answer, told_of
from pipeline.checking.known import current, known, who
from pipeline.checking.linked import (
    applicants_by_key,
    found_in,
    is_exact,
    key_of_row,
    number_level,
    other_side,
    pairs_with,
    says,
)
from pipeline.checking.registry import CannotRun, Hit, NotApplicable, kind
from pipeline.checking.subjects import Subject, World
from pipeline.model import Row
from pipeline.model.linked import APPLIED, HINT, SURE, Pair, register_key

STAFF, PAST, MOVES, CLAIMS = "R2", "R3", "R6", "R11"
INCOMPLETE = ("lost", "lost_few", "lost_near", "cut", "tail")  # how a number stands that is not whole
NAMED = 9  # rows a hint names beside its own
FAMILY = ("spouse", "child", "parent", "member")


def _applied(world: World) -> None:
    if not applicants_by_key(world):
        raise NotApplicable("nothing")


# -- one person twice ----------------------------------------------------------------------------------------


@kind("same_person_two_units", "district", facts="n says")
def same_person_two_units(world: World, env: Env) -> Iterator[Hit]:
    """XSC-001: equal normalised id numbers (M1, domain.md C4) in applications of different units, under names one person may
    bear; every row is told. Other names under one number are XSC-002's: a slip of the line, perhaps."""
    _applied(world)
    people, judged = applicants_by_key(world), {frozenset(p.keys): p for p in pairs_with(world, {APPLIED})}
    groups: dict[str, list[str]] = defaultdict(list)
    for key, s in people.items():
        if s.get("id_number"):
            groups[id_key(str(s.get("id_number")))].append(key)
    for keys in (ks for ks in groups.values() if len({people[k].sheet.unit for k in ks}) > 1):
        for key in keys:
            mine = people[key]
            pairs = {k: judged.get(frozenset((key, k))) for k in keys if people[k].sheet.unit != mine.sheet.unit}
            others = [k for k, p in pairs.items() if _one_person(mine, people[k], p)]
            if others:
                pair, units = pairs[others[0]], {people[k].sheet.unit for k in (key, *others)}
                said = says(pair, key, env.book) if pair else env.words("same_number")
                related = tuple(people[k].place("id_number") for k in others)
                yield Hit(
                    "id_number", {"n": str(len(units)), "says": said}, sheet=mine.sheet, row=mine.row, related=related
                )


def _one_person(a: Subject, b: Subject, p: Pair | None) -> bool:
    """Of two rows under one number: what matching says; where too many share it to be compared, equal names."""
    return p.grade == SURE if p else name_key(a.raw("name")) == name_key(b.raw("name"))


@kind("same_person_likely", "district", facts="says grade")
def same_person_likely(world: World, env: Env) -> Iterator[Hit]:
    """XSC-002: two units' applicants who may be one person (M2 … M5, domain.md C4), also by one number that is no valid one or
    stands under two names. What is certain is XSC-001's; a mere hint is shown to the office as such."""
    _applied(world)
    people = applicants_by_key(world)
    for p in pairs_with(world, {APPLIED}):
        if p.a.unit != p.b.unit and not is_exact(p, people):
            yield from _both(world, p, env)


def _both(world: World, p: Pair, env: Env) -> Iterator[Hit]:
    """A pair is told at both rows."""
    people, grades = applicants_by_key(world), env.book.words["people"]["grades"]
    sides = [people[k] for k in p.keys if k in people]
    for one, other in ((sides[0], sides[1]), (sides[1], sides[0])) if len(sides) > 1 else ():
        yield Hit(
            "name", {"says": says(p, key_of_row(one), env.book), "grade": str(grades[p.grade])}, sheet=one.sheet, row=one.row, related=(other.place("name"),),
            severity="info" if p.grade == HINT else None,
        )  # fmt: skip


@kind("same_person_within", "district", facts="says grade")
def same_person_within(world: World, env: Env) -> Iterator[Hit]:
    """XSC-012: two rows of one unit that may be one person, also where they are written too unlike for SHT-008 or stand on
    two sheets, or bear one number that cannot be read. One person with two projects is two rows; where one number is read
    from both, SHT-007 tells the rest."""
    _applied(world)
    people = applicants_by_key(world)
    for p in pairs_with(world, {APPLIED}):
        if p.a.unit == p.b.unit and p.grade != HINT and not is_exact(p, people) and not _two_projects(p, people):
            yield from _both(world, p, env)


def _two_projects(p: Pair, people: Mapping[str, Subject]) -> bool:
    """Certainly one person, and each row asks for something else."""
    asked = {str(people[k].get("aid_type") or k) for k in p.keys if k in people}
    return p.grade == SURE and len(asked) > 1


# -- one household, one form -----------------------------------------------------------------------------------


@kind("household_apart", "district", facts="says grade", required="where")
def household_apart(world: World, env: Env) -> Iterator[Hit]:
    """XSC-003, XFM-007: somebody's declared spouse, child or parent applies as well (M7): in another unit, or in the same
    (`where`: units | unit). One household, one form."""
    yield from _tied(world, env, FAMILY, env.text("where") == "units")


@kind("child_twice", "district", facts="says grade")
def child_twice(world: World, env: Env) -> Iterator[Hit]:
    """XSC-013: two applicants list the same child."""
    yield from _tied(world, env, ("child_twice",), None)


@kind("public_account", "district")
def public_account(world: World, _: Env) -> Iterator[Hit]:
    """XRG-020: an applicant's account is one R1 knows as a school's or union's. That many share one is SHT-021's and
    XSC-004's to tell, and no proof of whose it is."""
    _applied(world)
    people = applicants_by_key(world)
    for tie in (t for t in world.links.ties if t.kind == "public_account" and t.grade == SURE):
        for one in (people[k] for k in tie.people if k in people):
            yield Hit("account_no", sheet=one.sheet, row=one.row)


@kind("phone_of_two", "district", facts="n")
def phone_of_two(world: World, _: Env) -> Iterator[Hit]:
    """XSC-014: applicants of two units with one telephone. Who is declared a relative of all the others has been told of; rows
    of one unit are SHT-022's."""
    _applied(world)
    people = applicants_by_key(world)
    family = {frozenset(t.people) for t in world.links.ties if t.kind in FAMILY}
    for tie in (t for t in world.links.ties if t.kind == "phone"):
        sides = {k: people[k] for k in tie.people if k in people}
        strangers = {k for pair in combinations(sides, 2) if frozenset(pair) not in family for k in pair}
        if len({sides[k].sheet.unit for k in strangers}) > 1:
            for k in sorted(strangers):
                others = tuple(
                    sides[o].place("mobile") for o in sorted(strangers) if sides[o].sheet.unit != sides[k].sheet.unit
                )[:NAMED]
                yield Hit("mobile", {"n": str(len(strangers))}, sheet=sides[k].sheet, row=sides[k].row, related=others)


def _tied(world: World, env: Env, kinds: Collection[str], apart: bool | None) -> Iterator[Hit]:
    """A tie is told at every applicant it joins. `apart`: only between units (True), within one (False), both (None)."""
    _applied(world)
    people, grades = applicants_by_key(world), env.book.words["people"]["grades"]
    for tie in (t for t in world.links.ties if t.kind in kinds):
        sides = [people[k] for k in tie.people if k in people]
        units = {s.sheet.unit for s in sides}
        if len(sides) < 2 or (apart is not None and (len(units) > 1) is not apart):
            continue
        for one in sides:
            others = tuple(o.place("name") for o in sides if o is not one)
            facts = {"says": tie.says, "grade": str(grades[tie.grade])}
            severity = "info" if tie.grade == HINT else None
            yield Hit("name", facts, sheet=one.sheet, row=one.row, related=others, severity=severity)


# -- what the registers know of an applicant ------------------------------------------------------------------


@kind("not_on_roster", "row", needs="name", facts="", registers=STAFF, required="away")
def not_on_roster(subject: Subject, env: Env) -> Hit | None:
    """XRG-004: the roster has people of this unit and nobody who could be this applicant. Statuses of `away` (retired,
    survivors) are asked for only where the unit's roster lists such people."""
    world = env.world
    units = world.once("rostered", lambda: _rostered(world))
    here = units.get(subject.sheet.unit)
    if here is None:
        raise NotApplicable("not_listed")
    status = str(subject.get("staff_status") or "")
    if status in env.many("away") and status not in here:
        raise NotApplicable("nothing")
    if key_of_row(subject) in found_in(world, STAFF):
        return None
    if subject.unknown("id_number"):
        raise CannotRun("unknown", rule=world.culprit(subject, "id_number"))
    return Hit("name")


def _rostered(world: World) -> dict[str, set[str]]:
    """Unit -> the statuses its people have on the roster."""
    found: dict[str, set[str]] = {}
    for r in world.office.registers[STAFF].rows:
        found.setdefault(str(r.get("unit_code") or ""), set()).add(str(r.get("staff_status") or ""))
    return found


@kind("number_changed", "district", facts="season says", registers=PAST)
def number_changed(world: World, env: Env) -> Iterator[Hit]:
    """XYR-004: somebody of an earlier season under another number (M2 … M5): one of the two is wrong. Not where another row
    of the past bears the number of this one."""
    _applied(world)
    people, past = applicants_by_key(world), world.office.registers[PAST].rows
    pairs = pairs_with(world, {PAST})
    agreed = {key for p in pairs if number_level(p) == "same" for key in p.keys}
    newest: dict[str, tuple[int, Pair, Row]] = {}
    for p in pairs:
        mine, theirs = (p.a, p.b) if p.a.kind == APPLIED else (p.b, p.a)
        row = past[int(theirs.key.rpartition("|")[2])]
        if p.wrong in {"both", "a" if mine is p.a else "b"} or number_level(p) in INCOMPLETE:
            continue  # this year's number is wrong by itself: the school mends it first
        if p.grade == HINT or mine.key in agreed or not (mine.number and theirs.number) or mine.key not in people:
            continue
        s = people[mine.key]
        if (s.sheet.file, s.sheet.table.sheet, s.row.number, "id_number") in world.culprits:
            continue  # the reader has asked about it already
        season = row.get("season") if isinstance(row.get("season"), int) else 0
        if season < world.season.year and (mine.key not in newest or newest[mine.key][0] < season):
            newest[mine.key] = (season, p, row)
    for key, (season, p, _row) in newest.items():
        s = people[key]
        yield Hit(
            "id_number",
            {"season": str(season), "says": says(p, key, env.book)},
            sheet=s.sheet,
            row=s.row,
            related=(other_side(p).place,),
        )


# -- people nobody applied for -----------------------------------------------------------------------------------


@kind("flagged_without", "unit", facts="", required="flags", optional="sick", registers=STAFF)
def flagged_without(world: World, code: str, env: Env) -> list[Hit]:
    """XRG-009: the unit's roster flags somebody (illness, disability, 低保, long sick leave) who is in nobody's application.
    One finding each, for the office alone: no health fact travels to a school (season.md 4)."""
    wanted = env.many("flags")

    def asks(r: Row) -> bool:
        flags = str(r.get("flags") or "")
        return current(r, world.as_of) and (any(w in flags for w in wanted) or r.get("long_sick_from") is not None)

    return _without(world, code, STAFF, asks)


@kind("claimant_without", "unit", facts="", registers=CLAIMS)
def claimant_without(world: World, code: str, _: Env) -> list[Hit]:
    """XRG-018: the mutual aid paid somebody of the unit in this season's or the last calendar year, and nobody applied."""
    years = {world.season.year, world.season.year - 1}

    def asks(r: Row) -> bool:
        day = r.get("claim_date")
        return not isinstance(day, date) or day.year in years

    return _without(world, code, CLAIMS, asks)


def _without(world: World, code: str, register: str, asks: Any) -> list[Hit]:
    if not answer(world, code):
        raise NotApplicable("nothing")
    laid = world.office.registers[register]
    here, gone = found_in(world, register), world.once("departed", lambda: _departed(world))
    hits, told = [], set()
    for i, (r, place) in enumerate(zip(laid.rows, laid.sources, strict=True)):
        if (
            r.get("unit_code") != code
            or not asks(r)
            or register_key(register, i) in here
            or gone(who(r))
            or told_of(world, code, r)
        ):
            continue
        name = id_key(str(r.get("id_number") or "")) or f"{r.get('name')}"
        if name not in told:
            told.add(name)
            hits.append(Hit(unit=code, form=APPLIED, key=name, related=(place,)))
    return hits


def _departed(world: World) -> Any:
    """Who has left or died by R6: nobody need apply for them."""
    register = world.office.registers.get(MOVES)
    words = world.book.words["checking"]["departed"]
    rows: Iterable[Row] = register.rows if register else ()
    return known((who(r), r) for r in rows if r.get("event") in words)
