"""The invented district in; what its office keeps out: registers for _district and the decided balance sheet, as bytes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from pipeline.book.spec import Book
from pipeline.demo.district import School, World
from pipeline.model import Season
from pipeline.writing.plain import Address, PlainBook, PlainSheet, plain_workbook

Rows = Sequence[Mapping[str, object]]
TITLE_ROW, FIRST_ROW = 1, 2
QUOTA = 6000  # yuan a unit may ask for, per applicant of the plan
BUDGET = 200_000
OCTOBER = 10
ROUTES, HOUSES = 4, 3


def registers(schools: Sequence[School], world: World) -> dict[str, Rows]:
    """Register name -> its rows."""
    words, season, office = world.words, world.season, world.office
    return {
        "R1": [_unit(s) for s in schools],
        "R2": [row for s in schools for row in _staff(s, world)],
        "R3": [*(row for s in schools for row in _formers(s, words, season)), *office.exits],
        "R5": [*_standards(words, season), *_quotas(schools, words, season)],
        "R6": [*(row for s in schools for row in _changes(s, words, season)), *office.changes],
        "R13": office.visits,
        "R8": [{**h, "date": date.fromisoformat(h["date"])} for h in words["holidays"]],
    }


def _unit(school: School) -> dict[str, object]:
    unit = school.unit
    return {
        "unit_code": unit.code, "full_name": unit.name, "phones": unit.phone, "short_name": unit.short, "kind": unit.kind,
        **unit.contacts, "headcount": unit.headcount, "member_count": unit.members, "payer_account_names": school.payer,
    }  # fmt: skip


def _formers(school: School, words: Mapping[str, Any], season: Season) -> Iterable[dict[str, object]]:
    last = words["last_year"]
    for former in school.formers:
        yield {
            "season": season.year - 1, "unit_code": school.code, "unit_name": school.unit.name, "name": former.person.name,
            "id_number": former.person.id_number, "category": former.category, "aid_type": last["aid"], "fund": last["fund"],
            "amount": former.amount, "level": last["level"],
        }  # fmt: skip


def _staff(school: School, world: World) -> Iterable[dict[str, object]]:
    """The roster: everybody who applies, with the card of the union and its cover."""
    for a in school.applicants:
        yield {
            "unit_code": world.office.moved.get(a.person.id_number, school.code), "name": a.person.name, "id_number": a.person.id_number,
            "staff_status": a.row["staff_status"], "in_union": world.words["tick"], "joined_mutual_aid": world.words["tick"],
            "member_card_no": a.person.card, "dated": date(world.season.year - 1, 11, 15),
        }  # fmt: skip


def _changes(school: School, words: Mapping[str, Any], season: Season) -> Iterable[dict[str, object]]:
    """Who of last year retired or moved away."""
    events = words["last_year"]["events"]
    for former in school.formers:
        if former.destination in events:
            yield {
                "name": former.person.name, "id_number": former.person.id_number, "unit_code": school.code,
                "event": events[former.destination], "date": date(season.year - 1, 8, 31),
            }  # fmt: skip


def plan_visits(schools: Sequence[School], world: World) -> None:
    """Three households a route, a leader and half a day each; people of whom something was decided."""
    words, office = world.words["visits"], world.office
    people = [(s, a) for s in schools for a in s.applicants[-1:] if a.approved and not a.spoilt][: ROUTES * HOUSES]
    for i, (s, a) in enumerate(people):
        route = i // HOUSES
        retired = a.row["staff_status"] == world.words["statuses"]["retired"]
        office.visits.append({
            "route_no": str(route + 1), "visit_date": date(world.season.year, 1, 20 + route // 2), "slot": words["slots"][route % 2],
            "leader": words["leaders"][route], "contact": s.unit.contacts["filler"], "contact_phone": s.unit.phone, "name": a.person.name,
            "target_class": words["classes"]["retired" if retired else "active"], "unit_code": s.code, "unit_name": s.unit.name,
            "place": words["place"],
        })  # fmt: skip


def _standards(words: Mapping[str, Any], season: Season) -> Iterable[dict[str, object]]:
    level = words["r5"]["level"]
    for case, most in (("illness", 3000), ("study", 2000), ("other", 1500)):
        yield {
            "season": season.year, "aid_type": words["cases"][case]["aid"], "level": level, "min": 500, "standard": most, "max": most,
            "yearly_cap_per_person": 5000,
        }  # fmt: skip
    for fund in (words["payments"]["fund"], words["payments"]["second_fund"]):
        yield {"season": season.year, "level": level, "fund": fund, "budget": BUDGET}


def _quotas(schools: Sequence[School], words: Mapping[str, Any], season: Season) -> Iterable[dict[str, object]]:
    for s in schools:
        yield {
            "season": season.year, "fund": words["payments"]["fund"], "budget": QUOTA + 3000 * len(s.applicants),
            "unit_code": s.code, "quota_rule": words["r5"]["quota_rule"],
        }  # fmt: skip


def balance(schools: Sequence[School], words: Mapping[str, Any], season: Season) -> Rows:
    """One decided row per applicant nobody has a question about."""
    said, year = words["approval"], season.year
    rows: list[dict[str, object]] = []
    for s in schools:
        known = {f.person.name: f.amount for f in s.formers}
        for a in s.applicants:
            if a.spoilt or not a.approved:
                continue
            rows.append({
                "seq": len(rows) + 1, "unit_code": s.code, "unit_name": s.unit.name, "name": a.person.name, "id_tail": a.person.tail,
                **{n: a.row[n] for n in ("staff_status", "category", "aid_type", "amount_requested")}, "last_amount": known.get(a.person.name),
                "amount_proposed": a.approved, "amount_approved": a.approved, "fund": words["payments"]["fund"], "opinion": said["opinion"],
                "notice_from": date(year, 1, 2), "notice_to": date(year, 1, 9), "notice_result": said["result"],
            })  # fmt: skip
    return rows


def meeting(schools: Sequence[School], words: Mapping[str, Any], season: Season) -> dict[str, object]:
    """The head of the balance sheet."""
    people = [s.unit.contacts["union_chair"] for s in schools[:3]]
    return {
        "meeting_date": date(season.year - 1, 12, 30),
        "meeting_no": words["approval"]["no"],
        "attendees": people[0] if len(people) == 1 else "\u3001".join(people),
    }


def register_bytes(
    name: str, rows: Rows, book: Book, made: datetime, head: Mapping[str, object] | None = None
) -> bytes:
    """A register as an office keeps it: title, what stands above the table, header, rows; numbers kept as text are text."""
    register = book.registers[name]
    fields = register.resource.active
    cells: dict[Address, Any] = {(TITLE_ROW, 1): register.title}
    at = FIRST_ROW
    for field in register.head if head else ():
        if head and field.name in head:
            cells[at, 1], cells[at, 2] = field.title, head[field.name]
            at += 1
    for col, f in enumerate(fields, 1):
        cells[at, col] = f.title
        for i, row in enumerate(rows, at + 1):
            if row.get(f.name) is not None:
                cells[i, col] = row[f.name]
    return plain_workbook(PlainBook({register.resource.title: PlainSheet(cells)}, saved=made))


def moment(season: Season, month: int, number: int, hour: int = 10) -> datetime:
    """A moment of the season: months from October on lie in the year before."""
    return datetime(season.year - (month >= OCTOBER), month, number, hour, 0)  # noqa: DTZ001 - the clock on the wall
