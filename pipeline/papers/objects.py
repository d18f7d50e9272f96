"""Rows the office decides on in, the short names of those rows in 待核查 out: stable while what they are about stays the same."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from pipeline.cells.text import fold, name_key
from pipeline.model import Filed, Office, Registered, Row, file_id

SHORT, PERSON = 8, 6  # signs of a hash that tell a unit's slips, and the people of one finding, apart
APART = "|"


def slips_of(filed: Filed) -> list[tuple[str, Row]]:
    """The slips a file declares, each with its object: the unit and the slip's key (contract.md 3: 回单号, else day and amount).

    The file is no part of it: what the office noted of a slip holds when the school sends its form again.
    """
    return [(target, row) for target, _, row in _slips(filed)]


def _slips(filed: Filed) -> list[tuple[str, str, Row]]:
    """(object, sheet, row)."""
    tables = (t for t in filed.document.tables if (t.form, t.resource) == ("F2", "slips"))
    seen: Counter[str] = Counter()
    out = []
    for sheet, row in ((t.sheet, r) for t in tables for r in t.rows):
        key = _slip_key(row)
        seen[key] += 1
        out.append((f"{filed.unit}-{short(filed.unit or '', key, str(seen[key]))}".lower(), sheet, row))
    return out


@dataclass(frozen=True, slots=True)
class Slip:
    """A declared transfer: the object the office decides on, who declared it in which file, whether that file counts."""

    target: str
    unit: str
    file: str
    current: bool
    row: Row


def declared(filed: Iterable[Filed]) -> tuple[Slip, ...]:
    """Every slip any delivery of the season declared, in the order of the deliveries."""
    return tuple(
        Slip(target, f.unit, file_id(f.arrival.sha256), "F2" in f.current, row)
        for f in filed if f.unit is not None
        for target, row in slips_of(f)
    )  # fmt: skip


def delivered(office: Office, filed: Iterable[Filed]) -> Office:
    """The office with the day the paper of each declared slip came, by the slip's own row."""
    days: dict[tuple[str, str, str, int], date] = {}
    for f in filed if office.acts.slips else ():
        of_file = office.acts.slips.get(file_id(f.arrival.sha256))
        for target, sheet, row in _slips(f) if f.unit else ():
            noted = office.acts.slips.get(target) or of_file
            if noted and (day := noted.extra.get("delivered") or noted.on):
                days[f.arrival.path, f.arrival.sha256, sheet, row.number] = day
    return replace(office, acts=replace(office.acts, delivered=days))


def _slip_key(row: Row) -> str:
    number = fold(str(row.get("slip_no") or ""))
    return number or APART.join(str(row.get(n) or row.raw.get(n, "")) for n in ("remit_date", "amount"))


def line_object(row: Row) -> str:
    """A line of the bank statement by its own number, else by what it says: it is the same when the statement comes again."""
    number = fold(str(row.get("bank_ref") or ""))
    said = (str(row.get(n) or row.raw.get(n, "")) for n in ("txn_date", "amount", "payer_name", "memo"))
    return number or f"r4-{short(*said)}"


def line_objects(register: Registered | None) -> frozenset[str]:
    """Every name under which 待核查 may list a line of the statement, those of earlier versions (row by row) too."""
    rows = register.rows if register else ()
    return frozenset(o for r in rows for o in (line_object(r), f"r4-{r.number}"))


def person_object(finding: str, name: str, tail: str) -> str:
    """One of the people a finding on a whole unit is about."""
    return f"{finding}-{short(name_key(name), tail.upper())[:PERSON]}"


def pair_object(findings: Sequence[str]) -> str:
    """Two rows that may be one person: their findings, in an order that does not depend on who is named first."""
    return "-".join(sorted(set(findings)))


def short(*parts: str) -> str:
    """A few signs that stand for the parts."""
    return hashlib.sha256(APART.join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:SHORT]
