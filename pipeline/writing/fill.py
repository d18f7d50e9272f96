"""What the office already knows about a unit goes in (registers, decisions, figures); the values to prefill come out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from pipeline.book.spec import Book, Field, Form, Resource
from pipeline.model import EMPTY, Office, Row, Season, Unit
from pipeline.writing.fill_last import last_lines, last_people, of_unit, year_of


@dataclass(frozen=True, slots=True)
class Fill:
    """Values for one workbook, written natively: str as text, int/float/Decimal as numbers (money in yuan), date as a date.

    head: head field -> text or date. declared: form -> the answer on the cover. rows: (form, resource) -> rows of
    field -> value; a field left out takes its preset or its formula, None leaves the cell empty, a value for a computed
    field stands instead of its formula. quota: fund -> fen the unit may spend. modified: the document's own date.
    """

    head: Mapping[str, object] = EMPTY
    declared: Mapping[str, str] = EMPTY
    rows: Mapping[tuple[str, str], Sequence[Mapping[str, object]]] = EMPTY
    quota: Mapping[str, int] = EMPTY
    modified: datetime | None = None


def prefill(
    unit: Unit,
    forms: Sequence[Form],
    office: Office,
    season: Season,
    book: Book,
    *,
    figures: Mapping[str, Mapping[str, object]] = EMPTY,
) -> Fill:
    """Everything known before the school opens the file. `figures`: F4 code -> {field: value} of the last accepted night.

    Head block from R1, last year's people and figures from R3, decided rows from the office's balance sheet, the quota from R5.
    """
    rows: dict[tuple[str, str], Sequence[Mapping[str, object]]] = {}
    for form in forms:
        for resource in form.resources:
            found = _rows(resource, unit, office, season, figures)
            if found is not None:
                rows[form.name, resource.name] = found
    return Fill(head=_head(book.head, unit, season), rows=rows, quota=_quota(unit, office, season))


def yuan(fen: int) -> Decimal:
    """123450 -> Decimal('1234.5')."""
    return Decimal(fen) / 100


# -- the head block ------------------------------------------------------------------------------------


def _head(fields: Sequence[Field], unit: Unit, season: Season) -> dict[str, object]:
    return {f.name: value for f in fields if (value := known(f.prefill, unit, season)) not in (None, "")}


def known(source: str, unit: Unit | None, season: Season) -> object:
    """The value an x-prefill names: `R1.<column>` of the unit, `season.payee.<key>`; None when nobody knows it."""
    register, _, name = source.partition(".")
    if register == "season":
        table, _, key = name.partition(".")
        return {"payee": season.payee, "contact": season.contact}.get(table, EMPTY).get(key)
    if register != "R1" or unit is None:
        return None
    own = {"full_name": unit.name, "unit_code": unit.code, "short_name": unit.short, "phones": unit.phone,
           "headcount": unit.headcount, "member_count": unit.members}  # fmt: skip
    return own[name] if name in own else unit.contacts.get(name)


# -- prefilled rows --------------------------------------------------------------------------------------


def _rows(
    resource: Resource, unit: Unit, office: Office, season: Season, figures: Mapping[str, Mapping[str, object]]
) -> list[dict[str, object]] | None:
    if resource.prefilled == "R3":
        return (
            [_from(resource, "R3", row) for row in last_people(office, unit, season)]
            if "R3" in office.registers
            else None
        )
    if resource.prefilled == "approval":
        return [_from(resource, "approval", row) for row in _approved(office, unit)] if office.approvals else None
    if resource.prefilled == "codes":
        before = last_lines(resource, office, unit, season)
        known_of = {code: {**before.get(code, EMPTY), **figures.get(code, EMPTY)} for code in {*before, *figures}}
        return [item_row(resource, item) | known_of.get(item["code"], {}) for item in resource.items]
    return _first_row(resource, unit, season)


def _first_row(resource: Resource, unit: Unit, season: Season) -> list[dict[str, object]] | None:
    """A sheet that is not prefilled by rows may still know something for its first one (the head count of R1)."""
    values = {f.name: known(f.prefill, unit, season) for f in resource.active if f.prefill.startswith("R1.")}
    values = {name: value for name, value in values.items() if value is not None}
    return [values] if values else None


def _from(resource: Resource, source: str, row: Row) -> dict[str, object]:
    """The fields of a prefilled row that name `source`, as Excel shows them."""
    values: dict[str, object] = {}
    for field in resource.active:
        register, _, name = field.prefill.partition(".")
        if register != source:
            continue
        value = row.get(name)
        if value is None and field.kind == "tail":
            value = _tail(row)
        values[field.name] = shown(value, field)
    return values


def shown(value: object, field: Field) -> object:
    """A typed value as it stands in an Excel cell: fen as yuan, several codes joined, anything else as it is."""
    if isinstance(value, int) and not isinstance(value, bool) and field.kind == "money":
        return yuan(value)
    return value


def _tail(row: Row) -> str | None:
    number = row.get("id_number")
    return str(number)[-4:] if number else None


def item_row(resource: Resource, item: Mapping[str, str]) -> dict[str, object]:
    """One fixed line of a sheet (F4): what its x-prefill `codes.…` names."""
    named = ((f.name, f.prefill.partition(".")) for f in resource.active)
    return {name: item[key] for name, (source, _, key) in named if source == "codes" and item.get(key)}


def _approved(office: Office, unit: Unit) -> list[Row]:
    return [row for row in of_unit(office.approvals, unit) if row.get("amount_approved")]


def _quota(unit: Unit, office: Office, season: Season) -> dict[str, int]:
    """Fund -> fen of the unit's quota lines in R5; lines for the whole district say nothing about one unit."""
    found: dict[str, int] = {}
    if "R5" not in office.registers:
        return found
    for row in of_unit(office.registers["R5"].rows, unit):
        fen = row.get("budget")
        if fen and (year_of(row.get("season")) in (None, season.year)):
            fund = str(row.get("fund") or "")
            found[fund] = found.get(fund, 0) + int(fen)
    return found
