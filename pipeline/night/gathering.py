"""Current sheets and the office's registers in; everybody they name, as the matching room takes them, out: who is who tonight.

Applications are what is compared: with each other, with payments, and with the registers; registers are not compared with
one another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from pipeline.book.spec import Book
from pipeline.cells.text import name_key
from pipeline.model import Office, Place, Row, Sheet, address
from pipeline.model.linked import APPLIED, PAID, Links, Member, Pair, Person, register_key, row_key
from pipeline.people import build_tables, link

SHEETS = {(APPLIED, "applications"), (PAID, "payments")}
MEMBERS = (APPLIED, "members")
REGISTERS = ("R2", "R3", "R6", "R11")
TEXTS = {"name": "name", "number": "id_number", "tail": "id_tail", "phone": "mobile", "account": "account_no", "account_name": "account_name"}  # fmt: skip


def links_of(sheets: Sequence[Sheet], office: Office, book: Book) -> Links:
    """Who is the same person among tonight's applications, payments and registers, and who belongs together."""
    people = [*_of_forms(sheets), *_of_registers(office)]
    if not any(p.kind == APPLIED for p in people):
        return Links()
    rows = {(p.sheet, name_key(p.name)): p for p in reversed(people) if p.kind == APPLIED}
    own = (str(u) for u in _own_accounts(office))
    return link(people, build_tables(book.words), _members(sheets, rows), subjects={APPLIED}, own_accounts=own)


def applied_twice(links: Links) -> tuple[Pair, ...]:
    """Pairs of two applications: what the office decides on."""
    return tuple(p for p in links.pairs if p.a.kind == p.b.kind == APPLIED)


def _of_forms(sheets: Sequence[Sheet]) -> Iterator[Person]:
    for s in sheets:
        if (s.form, s.table.resource) in SHEETS:
            for r in s.table.rows:
                at = s.table.at(r, "name") or (r.number, 1)
                yield _person(
                    r, row_key(s.file, s.sha256, s.table.sheet, r.number), s.unit, s.form, s.file, s.table.sheet, at
                )


def _person(r: Row, key: str, unit: str, kind: str, file: str, sheet: str, at: tuple[int, int]) -> Person:
    return Person(
        key, **{ours: _text(r, theirs) for ours, theirs in TEXTS.items()}, born=_day(r.get("birth") or r.get("birth_month")),
        unit=unit, kind=kind, sheet=f"{file}|{sheet}", row=r.number, place=_place(unit, file, sheet, at),
    )  # fmt: skip


def _text(r: Row, name: str) -> str:
    """What was read; where nothing could be read of a cell, what stands in it."""
    value = r.get(name)
    return str(value if value is not None else r.raw.get(name, ""))


def _day(value: object) -> date | None:
    """A whole birth date; a month says too little."""
    return value if isinstance(value, date) else None


def _place(unit: str, file: str, sheet: str, at: tuple[int, int]) -> Place:
    return Place(unit or None, file, sheet, address(*at))


def _of_registers(office: Office) -> Iterator[Person]:
    """Every row of the registers that name people."""
    for name in REGISTERS:
        register = office.registers.get(name)
        for i, (r, p) in enumerate(zip(register.rows, register.sources, strict=True)) if register else ():
            unit = str(r.get("unit_code") or "")
            yield Person(
                register_key(name, i), **{ours: _text(r, theirs) for ours, theirs in TEXTS.items()},
                born=_day(r.get("birth")), unit=unit, kind=name, sheet=f"{p.file}|{p.sheet}", row=r.number, place=p,
            )  # fmt: skip


def _members(sheets: Iterable[Sheet], applied: Mapping[tuple[str, str], Person]) -> Iterator[Member]:
    """The household members each applicant lists on the sheet beside."""
    main = {s.file: s.table.sheet for s in sheets if (s.form, s.table.resource) == (APPLIED, "applications")}
    for s in sheets:
        if (s.form, s.table.resource) != MEMBERS or s.file not in main:
            continue
        for r in s.table.rows:
            of = applied.get((f"{s.file}|{main[s.file]}", name_key(_text(r, "staff_name"))))
            if of is not None:
                year, at = r.get("birth_year"), s.table.at(r, "member_name") or (r.number, 1)
                yield Member(
                    row_key(s.file, s.sha256, s.table.sheet, r.number), of.key, _text(r, "member_name"), _text(r, "relation"),
                    _text(r, "member_id"), year if isinstance(year, int) else None, _place(s.unit, s.file, s.table.sheet, at),
                )  # fmt: skip


def _own_accounts(office: Office) -> Iterator[object]:
    """Accounts of schools and their unions that R1 knows."""
    register = office.registers.get("R1")
    for r in register.rows if register else ():
        if r.get("payer_account"):
            yield r.get("payer_account")
