"""Rows as they were read in; persons and household members for matching out. A number counts as the reader put it right (a
formula's quotes, full-width signs), and as it stands where it could not be read; a name always as it stands.

Field names are those of the forms and registers; a sheet that lacks a field leaves it blank.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from pipeline.cells.text import compact, name_key
from pipeline.model import Place, Registered, Row, Sheet, Table, address
from pipeline.model.linked import Member, Person, register_key, row_key

PHONES = ("mobile", "phone")
ACCOUNTS = ("account_no", "member_card_no")


def sheet_persons(sheet: Sheet) -> list[Person]:
    """Everybody a current table names, one Person a row that has a name or a number. kind = the form."""
    where = f"{sheet.file}|{sheet.table.sheet}"
    return [
        _person(
            row,
            row_key(sheet.file, sheet.sha256, sheet.table.sheet, row.number),
            sheet.unit,
            sheet.form,
            where,
            _place(sheet, row),
        )
        for row in sheet.table.rows
        if row.raw.get("name") or row.raw.get("id_number")
    ]


def register_persons(register: Registered) -> list[Person]:
    """Everybody a register names. kind = the register; the unit is the row's own unit_code."""
    found = []
    for i, (row, place) in enumerate(zip(register.rows, register.sources, strict=True)):
        if row.raw.get("name") or row.raw.get("id_number"):
            where = f"{place.file}|{place.sheet}"
            found.append(
                _person(
                    row, register_key(register.name, i), str(row.get("unit_code") or ""), register.name, where, place
                )
            )
    return found


def sheet_members(members: Sheet, people: Iterable[Person]) -> list[Member]:
    """The rows of a household sheet whose applicant is among `people` of the same file, told by name and last four
    signs; where two fit or none does, nobody can say whose member it is and the row is left out."""
    index: dict[str, list[Person]] = defaultdict(list)
    for person in people:
        if person.place.file == members.file:
            index[name_key(person.name)].append(person)
    found = []
    for row in members.table.rows:
        tail = compact(row.raw.get("staff_id_tail", "")).upper()
        fits = [p for p in index[name_key(row.raw.get("staff_name", ""))] if not tail or _tail(p) in ("", tail)]
        if len(fits) == 1:
            year = row.get("birth_year")
            found.append(
                Member(
                    row_key(members.file, members.sha256, members.table.sheet, row.number),
                    fits[0].key,
                    row.raw.get("member_name", ""),
                    str(row.get("relation") or row.raw.get("relation", "")),
                    row.raw.get("member_id", ""),
                    int(year) if isinstance(year, int) else None,
                    _place(members, row, "member_name"),
                )
            )
    return found


def _tail(person: Person) -> str:
    return compact(person.number).upper()[-4:] or compact(person.tail).upper()


def _person(row: Row, key: str, unit: str, kind: str, sheet: str, place: Place) -> Person:
    born = row.get("birth")
    return Person(
        key,
        row.raw.get("name", ""),
        _read(row, "id_number"),
        _read(row, "id_tail"),
        _first(row, PHONES),
        _first(row, ACCOUNTS),
        row.raw.get("account_name", ""),
        born if isinstance(born, date) else None,
        unit,
        kind,
        sheet,
        row.number,
        place,
    )


def _first(row: Row, names: Iterable[str]) -> str:
    return next((text for name in names if (text := _read(row, name))), "")


def _read(row: Row, name: str) -> str:
    value = row.get(name)
    return value if isinstance(value, str) and value else row.raw.get(name, "")


def _place(sheet: Sheet, row: Row, *names: str) -> Place:
    """The cell to cite: the number, else the last four signs, else the name."""
    return Place(
        sheet.unit, sheet.file, sheet.table.sheet, _cell(sheet.table, row, (*names, "id_number", "id_tail", "name"))
    )


def _cell(table: Table, row: Row, names: Iterable[str]) -> str:
    at = next((at for at in (table.at(row, name) for name in names) if at), (row.number, 1))
    return address(*at)
