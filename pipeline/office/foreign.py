"""Rows of the registers in; those that name a unit R1 does not have, told once for each register, out (WBK-034).

Table Schema foreignKeys of schemas/registers; a unit may be named by its code or as R1 calls it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from pipeline.book.spec import Book, Register
from pipeline.cells.text import fold
from pipeline.model import Finding, Registered, Unit
from pipeline.office.decided import Laid

RULE, UNITS = "WBK-034", "R1"
LISTED, SHOWN = "\u3001", 5


def strangers(
    rows: Mapping[str, Sequence[Laid]], registers: Mapping[str, Registered], units: Sequence[Unit], book: Book
) -> Iterable[Finding]:
    """Nothing to compare with where the register referred to is not there."""
    names = {fold(text) for u in units for text in (u.code, u.name, u.short, *u.aliases)}
    for register in book.registers.values():
        for key in register.resource.foreign_keys if register.area != "decision" else ():
            target = registers.get(key["resource"])
            if target is None or len(key["fields"]) != 1:
                continue
            known = {fold(str(r.get(key["to"][0]))) for r in target.rows}
            known |= names if key["resource"] == UNITS else set()
            lost = [one for one in rows.get(register.name, ()) if _named(one, key["fields"][0]) not in {"", *known}]
            if lost:
                yield _finding(register, key["fields"][0], lost)


def _named(one: Laid, field: str) -> str:
    value = one.row.get(field)
    return fold(str(value)) if value is not None else ""


def _finding(register: Register, field: str, lost: Sequence[Laid]) -> Finding:
    """At the first of the rows; the others beside it."""
    one, *others = lost
    codes = list(dict.fromkeys(str(o.row.get(field)) for o in lost))
    said = register.resource.field(field)
    row, col = one.table.at(one.row, field) or (one.row.number, None)
    facts = {"n": str(len(lost)), "codes": LISTED.join(codes[:SHOWN])}
    return Finding(
        RULE, file=one.place.file, sheet=one.place.sheet, row=row, col=col, field=field, value=codes[0],
        title=said.title if said else field, facts=facts, key=register.name, related=tuple(replace(o.place, unit=None) for o in others),
    )  # fmt: skip
