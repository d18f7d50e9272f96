"""Book, season, size and seed in; a district whose units have parts in the mess, and its inbox with every planted fault, out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.book.spec import Book
from pipeline.demo.bench import BROKEN, LATE, PLAIN, RESENT, SHORTER, SILENT, UNDECIDED, ZERO, Bench, Made, part_of
from pipeline.demo.district import School, World, invent_applicant, invent_district, pay
from pipeline.demo.faults import Desk, Spot, plant_all, planted_people
from pipeline.demo.faults_cross import collection_faults, payment_faults, register_faults, visit_faults
from pipeline.demo.faults_f1 import FAULTS
from pipeline.demo.faults_f2f3 import F2_FAULTS, F3_FAULTS
from pipeline.demo.filling import Filing, filing
from pipeline.demo.parts import send
from pipeline.demo.plan import Planted
from pipeline.demo.registers import plan_visits
from pipeline.model import Season

OTHER_F1 = frozenset(
    {PLAIN, ZERO, SILENT, RESENT, SHORTER, UNDECIDED}
)  # their F1 shows something else than faulty cells
OTHER_F2 = frozenset({ZERO, BROKEN, LATE})
OTHER_F3 = frozenset({PLAIN, RESENT, BROKEN})
KEPT = {PLAIN: 8, RESENT: 4, SHORTER: 4, ZERO: 0, UNDECIDED: 0}
PEOPLE, SPARE, MOST = 7, 3, 19  # rows that faults about people need, rows left right, rows the blank form has but one
LATE_DAY = (1, 16)


def make_mess(
    book: Book, season: Season, units: int, seed: str, words: Mapping[str, Any]
) -> tuple[World, list[School], Made]:
    """The district, with what was truly decided in it, and its inbox."""
    faulty = units - sum(part < units for part in OTHER_F1)
    each = min(MOST, max(2, -(-(len(FAULTS) + PEOPLE + SPARE) // faulty)))
    world, schools = invent_district(units, each, seed, words, season)
    for school in schools:
        _cast(school, world)
    active = [s for s in schools if part_of(s) != SILENT]
    first = [filing(world, s, "F1") for s in active]
    second = [filing(world, s, "F2", LATE_DAY if part_of(s) == LATE else None) for s in active]
    desk = Desk(world, _without(first, OTHER_F1))
    money = Desk(world, _without(second, OTHER_F2))
    found = [
        *plant_all(desk, FAULTS),
        *planted_people(desk),
        *register_faults(desk, schools),
        *collection_faults(money),
        *plant_all(money, F2_FAULTS),
    ]
    for school in active:
        pay(world, school)
    third = [filing(world, s, "F3") for s in active if s.payments]
    paid = Desk(world, _without(third, OTHER_F3))
    found += [*payment_faults(paid), *plant_all(paid, F3_FAULTS)]
    plan_visits([s for s in active if part_of(s) != PLAIN], world)
    bench = Bench(world, schools, book, season)
    bench.made.planted += [Planted(rule, unit, None) for rule, unit in visit_faults(desk)]
    return world, schools, _inbox(bench, [*first, *second, *third], found)


def _without(filings: Sequence[Filing], parts: frozenset[int]) -> list[Filing]:
    return [f for f in filings if part_of(f.school) not in parts]


def _cast(school: School, world: World) -> None:
    """Give a unit as many people as its part needs; whoever applies to nobody is neither continued nor decided."""
    part = part_of(school)
    if part in KEPT:
        del school.applicants[KEPT[part] :]
        school.applicants += [invent_applicant(world) for _ in range(KEPT[part] - len(school.applicants))]
    if part == SILENT:
        for applicant in school.applicants:
            applicant.spoilt = True
    names = {a.person.name for a in school.applicants}
    stays = world.words["last_year"]["stays"]
    school.formers = [f for f in school.formers if f.destination != stays or f.person.name in names]


def _inbox(bench: Bench, filings: Sequence[Filing], found: Sequence[Spot]) -> Made:
    for f in filings:
        send(bench, f, [s for s in found if s.filing is f])
    for school in bench.schools:
        if part_of(school) == SILENT:
            _silence(bench, school)
    return bench.made


def _silence(bench: Bench, school: School) -> None:
    """A unit that sends nothing is missed once per form that is due."""
    f = filing(bench.world, school, "F1")
    bench.plant("XRG-003", f, None)
    bench.plant("XRG-003", f, None)
