"""A school and some forms in; the values its clerk types out (writing.fill.Fill), and where each of them will stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.book.spec import Book
from pipeline.demo.district import School, World
from pipeline.demo.registers import moment
from pipeline.model import Season, address
from pipeline.writing.fill import Fill
from pipeline.writing.form_cover import front
from pipeline.writing.form_plan import FIRST, plan_forms
from pipeline.writing.forms import blank_workbook

Rows = dict[tuple[str, str], list[dict[str, object]]]
F1_MAIN, ECONOMY, DEPARTURES = ("F1", "applications"), ("F1", "economy"), ("F1", "departures")
DONATIONS, SLIPS, PAYMENTS = ("F2", "donations"), ("F2", "slips"), ("F3", "payments")
MAIN = {"F1": F1_MAIN, "F2": DONATIONS, "F3": PAYMENTS}


@dataclass(slots=True)
class Filing:
    """One workbook a school is about to send: everything in it may still be spoilt."""

    school: School
    forms: tuple[str, ...]
    received: datetime
    rows: Rows
    head: dict[str, object]
    declared: dict[str, str]
    path: str = ""

    @property
    def key(self) -> tuple[str, str]:
        return self.school.code, self.forms[0]


def filing(world: World, school: School, form: str, came: tuple[int, int] | None = None) -> Filing:
    """The form as it truly is, sent in time or on the (month, day) given."""
    month, day = came or _came(world, form)
    received = moment(world.season, month, day, world.chance.randint(8, 17))
    rows = _rows(school, form)
    answer = world.words["answers"]["has" if rows[MAIN[form]] else "none"]
    return Filing(school, (form,), received, rows, {"fill_date": received.date() - timedelta(days=1)}, {form: answer})


def _came(world: World, form: str) -> tuple[int, int]:
    """A day inside the stage: applications before Christmas, donations and payments in January."""
    first, last = {"F1": (10, 19), "F2": (9, 14), "F3": (15, 15)}[form]
    return 12 if form == "F1" else 1, world.chance.randint(first, last)


def _rows(school: School, form: str) -> Rows:
    if form == "F1":
        return {
            F1_MAIN: [dict(a.row) for a in school.applicants],
            ECONOMY: [dict(a.economy) for a in school.applicants],
            DEPARTURES: [
                {
                    "name": f.person.name,
                    "id_tail": f.person.tail,
                    "last_category": f.category,
                    "last_amount": f.amount,
                    "destination": f.destination,
                }
                for f in school.formers
            ],
        }
    if form == "F2":
        return {DONATIONS: [dict(r) for r in school.donations], SLIPS: [dict(r) for r in school.slips]}
    return {PAYMENTS: [dict(r) for r in school.payments]}


def workbook_of(f: Filing, book: Book, season: Season) -> bytes:
    """The filing in the office's own form."""
    return blank_workbook([book.forms[name] for name in f.forms], f.school.unit, season, book, _fill(f))


def _fill(f: Filing) -> Fill:
    return Fill(head=f.head, declared=f.declared, rows=f.rows, modified=f.received)


def spots(f: Filing, book: Book, wanted: Sequence[tuple[tuple[str, str], int, str]]) -> list[tuple[str, str]]:
    """(sheet, cell) of each (sheet key, row ordinal, field) in the office's own form."""
    plans = plan_forms([book.forms[name] for name in f.forms], _fill(f))
    return [(plans[key].sheet, address(FIRST + i, plans[key].columns[name])) for key, i, name in wanted]


def head_spot(f: Filing, book: Book, name: str) -> tuple[str, str]:
    """(sheet, cell) of a head field on the cover."""
    reference, _ = front([book.forms[n] for n in f.forms], book, _fill(f)).cells[name]
    sheet, _, cell = reference.rpartition("!")
    return sheet.strip("'"), cell.replace("$", "")
