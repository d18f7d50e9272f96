"""Current sheets and the office's registers in; who is the same person tonight, and who belongs together, out.

Applications are what is compared: with each other, with payments, and with the registers; registers are not compared with
one another.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.book.spec import Book
from pipeline.model import Office, Sheet
from pipeline.model.linked import APPLIED, HINT, NOBODY, PAID, Links, Pair
from pipeline.people import build_tables, link, register_persons, sheet_members, sheet_persons

SHEETS = {(APPLIED, "applications"), (PAID, "payments")}
MEMBERS = (APPLIED, "members")
REGISTERS = ("R2", "R3", "R6", "R11")


def links_of(sheets: Sequence[Sheet], office: Office, book: Book) -> Links:
    """Every pair has an application on one side at least."""
    forms = [p for s in sheets if (s.form, s.table.resource) in SHEETS for p in sheet_persons(s)]
    if not any(p.kind == APPLIED for p in forms):
        return NOBODY
    known = [p for name in REGISTERS if name in office.registers for p in register_persons(office.registers[name])]
    applied = [p for p in forms if p.kind == APPLIED]
    members = [m for s in sheets if (s.form, s.table.resource) == MEMBERS for m in sheet_members(s, applied)]
    return link([*forms, *known], build_tables(book.words), members, {APPLIED}, map(str, _own_accounts(office)))


def applied_twice(links: Links) -> tuple[Pair, ...]:
    """Pairs of two applications: what the office decides on."""
    return tuple(p for p in links.pairs if p.a.kind == p.b.kind == APPLIED)


def mistyped_since(links: Links) -> tuple[Pair, ...]:
    """Pairs of an application and a person of the past under another number: what the office sees side by side."""
    return tuple(p for p in links.pairs if "R3" in (p.a.kind, p.b.kind) and p.grade != HINT and _apart(p))


def _apart(p: Pair) -> bool:
    return any(part.field == "number" and part.level != "same" for part in p.parts)


def _own_accounts(office: Office) -> Iterator[object]:
    """Accounts of schools and their unions that R1 knows."""
    register = office.registers.get("R1")
    return (r.get("payer_account") for r in (register.rows if register else ()) if r.get("payer_account"))
