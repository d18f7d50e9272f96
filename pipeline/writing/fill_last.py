"""The register of last seasons and a unit in; its people of last season, and last season's figures of the closing form, out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from pipeline.book.spec import Resource
from pipeline.cells.text import name_key
from pipeline.model import Office, Row, Season, Unit

PEOPLE, MONEY = ("distinct F1.applications", "distinct F3.payments"), "sum F3.payments.amount_paid"
PAID = "amount_paid>0"


def of_unit(rows: Sequence[Row], unit: Unit) -> list[Row]:
    names = {unit.code, unit.name, unit.short} - {""}
    return [
        row
        for row in rows
        if row.get("unit_code") in names or row.get("unit_name") in names or row.get("unit") in names
    ]


def year_of(value: object) -> int | None:
    digits = "".join(c for c in str(value) if c.isascii() and c.isdigit())[:4]
    return value.year if isinstance(value, date) else int(digits) if len(digits) == 4 else None


def last_people(office: Office, unit: Unit, season: Season) -> list[Row]:
    """The unit's people of the newest season before this one that have not left; one row per person, money added up."""
    mine = [
        row for row in of_unit(office.registers["R3"].rows, unit) if (year_of(row.get("season")) or 0) < season.year
    ]
    newest = max((year_of(row.get("season")) or 0 for row in mine), default=0)
    people: dict[tuple[object, object], Row] = {}
    for row in mine:
        if (year_of(row.get("season")) or 0) != newest or row.get("exit_date") or row.get("exit_reason"):
            continue
        key = (row.get("name"), row.get("id_number") or row.get("id_tail"))
        before = people.get(key)
        amount = (before.get("amount") or 0) if before else 0
        total = amount + (row.get("amount") or 0)
        people[key] = Row(row.number, {**row.values, "amount": total} if total else row.values, row.raw)
    return list(people.values())


def last_lines(resource: Resource, office: Office, unit: Unit, season: Season) -> dict[str, dict[str, object]]:
    """code -> {"last_year": figure} of the lines the register can tell: people aided and money paid, by kind.

    A line by a kind the register does not name for everybody stays unsaid, as does a unit it does not know.
    """
    if "R3" not in office.registers:
        return {}
    everybody = office.registers["R3"].rows
    newest = max((year for row in everybody if (year := year_of(row.get("season")) or 0) < season.year), default=0)
    rows = [row for row in of_unit(everybody, unit) if year_of(row.get("season")) == newest]
    told = {item["code"]: _told(item, rows) for item in resource.items} if rows else {}
    return {code: {"last_year": value} for code, value in told.items() if value is not None}


def _told(item: Mapping[str, str], rows: Sequence[Row]) -> Decimal | None:
    source, where = item.get("from", ""), item.get("where", "")
    if source not in (*PEOPLE, MONEY):
        return None
    name, _, wanted = where.partition("=")
    if where == PAID:
        rows = [row for row in rows if row.get("amount")]
    elif where and any(row.get(name) is None for row in rows):
        return None
    elif where:
        rows = [row for row in rows if row.get(name) == wanted]
    if source == MONEY:
        return Decimal(sum(int(row.get("amount") or 0) for row in rows)) / 100 if _all_paid(rows) else None
    return Decimal(len({(name_key(str(row.get("name") or "")), _tail(row)) for row in rows}))


def _all_paid(rows: Sequence[Row]) -> bool:
    return all(row.get("amount") is not None for row in rows)


def _tail(row: Row) -> str:
    return str(row.get("id_number") or row.get("id_tail") or "")[-4:]
