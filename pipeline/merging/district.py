"""Current sheets, deliveries and settled findings in; the merged District out: states, figures, people, held rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pipeline.book.spec import Book
from pipeline.merging.figures import Tallies, add_approvals, figures, tally
from pipeline.merging.holding import Held, collect
from pipeline.merging.states import form_states
from pipeline.model import District, Figure, Filed, Finding, Office, Person, Place, Season, Sheet, address

PERSON_SHEETS = {("F1", "applications"), ("F3", "payments")}


def merge(
    sheets: Sequence[Sheet],
    filed: Sequence[Filed],
    findings: Sequence[Finding],
    office: Office,
    book: Book,
    season: Season,
    as_of: date,
) -> District:
    """Accepted and pending figures side by side, never one without the other. `findings` are settled ones.

    `sheets` in any order; the result is in R1 order, then file, sheet and row, whatever order they came in.
    """
    ordered = _in_order(sheets, office)
    held = collect(findings, book)
    units, district = tally(ordered, held, book, lump=season.channels == "lump")
    add_approvals(units, district, ordered, held, office)
    states = form_states(ordered, filed, findings, held, office, book, season, as_of)
    return District(
        states=states,
        figures=figures(district),
        by_unit=_by_unit(units, office),
        people=tuple(_people(ordered, held)),
        held_rows=frozenset(
            (s.file, s.table.sheet, r.number) for s in ordered for r in s.table.rows if held.by(s, r.number)
        ),
    )


def _in_order(sheets: Sequence[Sheet], office: Office) -> list[Sheet]:
    rank = {u.code: i for i, u in enumerate(office.units)}
    return sorted(sheets, key=lambda s: (rank.get(s.unit, len(rank)), s.unit, s.form, s.file, s.table.sheet))


def _by_unit(units: dict[str, Tallies], office: Office) -> dict[str, dict[str, Figure]]:
    codes = [u.code for u in office.units]
    codes += sorted(set(units) - set(codes))
    return {code: figures(units.get(code, {})) for code in codes}


def _people(sheets: Sequence[Sheet], held: Held) -> list[Person]:
    people = []
    for sheet in sheets:
        if (sheet.form, sheet.table.resource) not in PERSON_SHEETS:
            continue
        for row in sheet.table.rows:
            by = held.by(sheet, row.number)
            at = sheet.table.at(row, "name")
            cell = Place(sheet.unit, sheet.file, sheet.table.sheet, _cell(at, row.number))
            people.append(Person(sheet.unit, sheet.form, row, cell, not by, by))
    return people


def _cell(at: tuple[int, int] | None, row: int) -> str:
    return address(*at) if at else f"A{row}"
