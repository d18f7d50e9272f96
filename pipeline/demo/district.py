"""How many units and a seed in; the invented district as it truly is out: units, applicants, last year's people, money."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any

from pipeline.demo.invent import Inventor, Person
from pipeline.model import Season, Unit

RETIRED, ACTIVE = (61, 84), (24, 57)
DEEP, RELATIVE, OTHER = "deep", "relative", "other"
NET = {DEEP: (450, 1100), RELATIVE: (1200, 2250), OTHER: (2400, 3200)}  # yuan a head and month left after the costs
ASKED = {"illness": (2000, 3000), "study": (1200, 1800), "other": (1000, 1500)}
COSTS = {"illness": "medical_cost_year", "study": "education_cost_year", "other": "other_rigid_year"}
CHANNELS = ("ch_union_day", "ch_red_cross", "ch_charity", "ch_elderly", "ch_army", "ch_education")
LAST_AMOUNTS = (500, 800, 1000, 1200)
BEFORE = (80, 90, 100, 110)  # per cent of this year's grant that somebody still aided had last year


@dataclass(slots=True)
class Applicant:
    """One application and what the working group made of it. `row`, `economy`: the cells a school types, in yuan."""

    person: Person
    row: dict[str, object]
    economy: dict[str, object]
    approved: int = 0
    spoilt: bool = False  # a fault was planted on the row: nothing was decided about it yet


@dataclass(frozen=True, slots=True)
class Former:
    """Somebody aided last year."""

    person: Person
    category: str
    amount: int
    destination: str


@dataclass(slots=True)
class School:
    """A unit with everything true about it."""

    unit: Unit
    pinyin: str
    payer: str
    applicants: list[Applicant] = field(default_factory=list)
    formers: list[Former] = field(default_factory=list)
    donations: list[dict[str, object]] = field(default_factory=list)
    slips: list[dict[str, object]] = field(default_factory=list)
    payments: list[dict[str, object]] = field(default_factory=list)
    keeper: str = ""

    @property
    def code(self) -> str:
        return self.unit.code


Lines = list[dict[str, object]]


@dataclass(slots=True)
class Office:
    """What the office's registers hold beside the truth of the schools: R6, the plan of visits, and slips of its own."""

    changes: Lines = field(default_factory=list)
    visits: Lines = field(default_factory=list)
    exits: Lines = field(default_factory=list)  # further lines of R3
    moved: dict[str, str] = field(default_factory=dict)  # id number -> the unit the roster has him in


@dataclass(slots=True)
class World:
    """What every invention needs at hand."""

    chance: Random
    inventor: Inventor
    words: Mapping[str, Any]
    season: Season
    office: Office = field(default_factory=Office)

    @property
    def winter(self) -> date:
        return date(self.season.year, 1, 1)


def invent_district(
    units: int, applicants: int, seed: str, words: Mapping[str, Any], season: Season
) -> tuple[World, list[School]]:
    """`applicants`: how many a unit has on average, at least."""
    chance = Random(f"wennuan {seed}")
    world = World(chance, Inventor(chance, words), words, season)
    return world, [_school(world, i, named, applicants) for i, named in zip(range(units), _names(words), strict=False)]


Named = tuple[str, str, Mapping[str, str], str]


def _names(words: Mapping[str, Any]) -> Iterator[Named]:
    """(name, short name, kind, pinyin): every kind once, the district's own offices, then every kind at the other places."""
    units = words["units"]
    places, kinds = list(zip(units["places"], units["pinyin"], strict=True)), units["kinds"]
    for shift in range(len(places)):
        for i, kind in enumerate(kinds):
            place, pinyin = places[(i + shift) % len(places)]
            yield f"{units['prefix']}{place}{kind['name']}", place + kind["short"], kind, pinyin + kind["pinyin"]
        for office in units["offices"] if shift == 0 else ():
            yield f"{units['prefix']}{office['name']}", units["prefix"] + office["short"], office, office["pinyin"]


def _school(world: World, index: int, named: Named, applicants: int) -> School:
    name, short, kind, pinyin = named
    chance, make = world.chance, world.inventor
    headcount = chance.randint(26, 140)
    contacts = {"filler": make.name(), "union_chair": make.name(), "head": make.name()}
    unit = Unit(
        f"YL{index + 1:03d}", name, short, kind=kind["kind"], phone=f"021-9900{index + 1:04d}", headcount=headcount,
        members=headcount - chance.randint(0, 4), contacts=contacts, order=index + 1,
    )  # fmt: skip
    school = School(unit, pinyin, name + world.words["units"]["union"], keeper=make.name())
    for _ in range(applicants + chance.randint(0, 2)):
        school.applicants.append(invent_applicant(world))
    _formers(world, school)
    _donations(world, school)
    return school


# -- applicants ----------------------------------------------------------------------------------------------


def invent_applicant(world: World) -> Applicant:
    chance, words = world.chance, world.words
    case = chance.choice(["illness", "illness", "study", "other"])
    retired = case != "study" and chance.random() < 0.3
    person = world.inventor.person(RETIRED if retired else ACTIVE, world.winter)
    said = words["cases"][case]
    grade = chance.choice([DEEP, RELATIVE, RELATIVE, OTHER])
    size = chance.randint(2, 5)
    costs = chance.randrange(8000, 30001, 100)
    economy: dict[str, object] = {
        "household_income_year": chance.randrange(*NET[grade], 10) * 12 * size + costs,
        COSTS[case]: costs,
    }
    low, high = ASKED[case]
    row: dict[str, object] = {
        "name": person.name, "id_number": person.id_number, "staff_status": words["statuses"]["retired" if retired else "active"],
        "mobile": person.mobile, "household_size": size, "category": words["categories"][grade], "cause_main": said["cause"],
        "situation": chance.choice(said["texts"]), "aid_type": said["aid"], "amount_requested": chance.randrange(low, high + 1, 100),
        "declaration": words["tick"],
    }  # fmt: skip
    if case == "illness":
        row |= {"patient": chance.choice(said["patients"]), "disease": chance.choice(said["diseases"])}
    asked = row["amount_requested"]
    assert isinstance(asked, int)
    return Applicant(person, row, economy, approved=max(500, asked - chance.choice([0, 0, 200, 500])))


def _formers(world: World, school: School) -> None:
    """Last year's people: some apply again, the others have left with a reason."""
    chance, last = world.chance, world.words["last_year"]
    for applicant in school.applicants[: chance.randint(0, 2)]:
        before = applicant.approved * chance.choice(BEFORE) // 100
        school.formers.append(Former(applicant.person, str(applicant.row["category"]), before, last["stays"]))
    for _ in range(chance.randint(1, 2)):
        person = world.inventor.person(chance.choice([ACTIVE, RETIRED]), world.winter)
        category = world.words["categories"][chance.choice([RELATIVE, OTHER])]
        school.formers.append(Former(person, category, chance.choice(LAST_AMOUNTS), chance.choice(last["leaves"])))


# -- donations -------------------------------------------------------------------------------------------------


def _donations(world: World, school: School) -> None:
    """One line for the whole unit, or one per department; all of it remitted in one or two transfers."""
    chance, words, unit = world.chance, world.words, school.unit
    whole = unit.headcount or 0
    parts = words["departments"] if whole >= 60 and chance.random() < 0.5 else [words["whole"]]
    left, total = whole, 0
    for i, part in enumerate(parts):
        people = left if i == len(parts) - 1 else whole // len(parts)
        left -= people
        donors = people - chance.randint(0, 3)
        given = {
            name: donors * each + 5 * chance.randint(0, donors // 4)  # everybody gives what he likes
            for name, each in zip(CHANNELS, (45, 10, 20, 5, 5, 10), strict=True)
        }
        total += sum(given.values())
        school.donations.append(
            {
                "dept": part,
                "headcount": people,
                "donors": donors,
                **given,
                "keeper": school.keeper,
                "roster_kept": words["tick"],
            }
        )
    shares = [total] if chance.random() < 0.7 else [total // 2, total - total // 2]
    year = world.season.year
    for share in shares:
        day = date(year, 1, chance.choice([2, 3, 6, 7, 8]))
        memo = words["memo"].format(unit=unit.name, yuan=share)
        slip = f"{day:%Y%m%d}{chance.randint(1000, 9999)}{unit.order:03d}"
        school.slips.append(
            {"remit_date": day, "amount": share, "payer_name": school.payer, "memo": memo, "slip_no": slip}
        )


def pay(world: World, school: School) -> None:
    """What the working group decided was paid out: by transfer or card, one in cash."""
    chance, words = world.chance, world.words
    for n, applicant in enumerate(a for a in school.applicants if not a.spoilt and a.approved):
        day = date(world.season.year, 1, chance.choice([13, 14]))
        paid = _how(world, school, applicant.person, cash=n == 2, day=day)
        school.payments.append({
            "name": applicant.person.name, "id_tail": applicant.person.tail, "staff_status": applicant.row["staff_status"],
            "aid_type": applicant.row["aid_type"], "fund": words["payments"]["fund"], "amount_due": applicant.approved,
            "amount_paid": applicant.approved, "pay_date": day, **paid,
        })  # fmt: skip


def _how(world: World, school: School, person: Person, cash: bool, day: date) -> dict[str, object]:
    words, ref = world.words["payments"], f"{day:%m%d}{world.chance.randint(10000, 99999)}"
    if cash:
        contacts = school.unit.contacts
        return {
            "pay_method": words["cash"], "bank_ref": ref, "signed_by": person.name,
            "officer1": contacts["filler"], "officer2": contacts["union_chair"],
        }  # fmt: skip
    return {
        "pay_method": world.chance.choice([words["transfer"], words["card"]]),
        "account_no": person.card,
        "bank_ref": ref,
    }
