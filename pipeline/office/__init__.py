"""The office's own files, read, in; registers, units, decisions and approved amounts out, with what is wrong about them.

Definitions: contract.md 3 "Registers and decisions"; season.md 3.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from pipeline.book.spec import Book, Register
from pipeline.cells.ids import id_key
from pipeline.model import (
    Arrival,
    Document,
    Finding,
    Office,
    Place,
    Registered,
    Row,
    Season,
    Sheet,
    Unit,
    address,
)
from pipeline.office.decided import Laid, decisions_in_force
from pipeline.office.foreign import strangers
from pipeline.office.objects import Known, Objects, resolve_files, unknown_objects
from pipeline.office.repeated import MOVES, circular_moves, of_each_key

__all__ = ["Known", "Objects", "lay_office", "resolve_files", "resolve_units", "unknown_objects"]

BALANCE = "amount_approved"  # the field whose filling makes a balance row a decided one
SEPARATORS = re.compile("[\u3001,\uff0c;\uff1b/\\s]+")


def lay_office(
    files: Sequence[tuple[Arrival, Document]], book: Book, season: Season
) -> tuple[Office, tuple[Finding, ...]]:
    """`files` in order of arrival, areas register and decision. Later files replace or join earlier ones (x-merge)."""
    files = _newest(files, book)
    rows = _rows_by_register(files, book)
    repeated: Mapping[str, str] = book.words["papers"]["repeated"]
    laid = {name: _registered(book.registers[name], found, season, repeated) for name, found in rows.items()}
    registers, wrong = (
        {name: made for name, (made, _) in laid.items()},
        [f for _, found in laid.values() for f in found],
    )
    units = tuple(_units(registers.get("R1")))
    decided = decisions_in_force(rows, book, units)
    approvals = [
        (r, p)
        for name, r, p in _merged_rows(registers)
        if _is_balance(book.registers[name]) and r.get(BALANCE) is not None
    ]
    office = Office(
        units,
        registers,
        decided.in_force,
        tuple(r for r, _ in approvals),
        tuple(p for _, p in approvals),
        _balance_sheets(files, book),
        decided.revoked,
    )
    return office, (*_own_findings(files, book), *wrong, *decided.clashes, *strangers(rows, registers, units, book))


def _newest(files: Sequence[tuple[Arrival, Document]], book: Book) -> list[tuple[Arrival, Document]]:
    """The office's own file at a path is what its newest bytes say: a row it took out is out.

    Not so a decision: taking its line away does not undo it, only 撤销 does (contract.md 3).
    """
    last = {arrival.path: arrival.order for arrival, _ in files}
    kept = []
    for arrival, read in files:
        document = read
        if arrival.order != last[arrival.path]:
            decided = tuple(
                t
                for t in document.tables
                if (r := book.registers.get(t.form)) and r.area == "decision" and not _is_balance(r)
            )
            document = replace(document, tables=decided, findings=())
        kept.append((arrival, document))
    return kept


def _rows_by_register(files: Sequence[tuple[Arrival, Document]], book: Book) -> dict[str, list[Laid]]:
    found: dict[str, list[Laid]] = defaultdict(list)
    for arrival, document in files:
        replaced: set[str] = set()
        for table in document.tables:
            register = book.registers.get(table.form)
            if register is None or (register.area == "decision") != (arrival.area == "decision"):
                continue
            if register.merge == "replace" and table.form not in replaced:
                found[table.form] = []
                replaced.add(table.form)
            head = {k: e.value for k, e in table.head.items() if e.state == "value"}
            for row in table.rows:
                whole = replace(row, values={**head, **row.values}) if head else row
                place = Place(
                    None, arrival.path, table.sheet, address(row.number, min(table.columns.values(), default=1))
                )
                found[table.form].append(Laid(whole, place, table, arrival.received, arrival.night, arrival.order))
    return dict(found)


def _registered(
    register: Register, read: Sequence[Laid], season: Season, words: Mapping[str, str]
) -> tuple[Registered, list[Finding]]:
    laid, circles = circular_moves(read) if register.name == MOVES else (read, [])
    seen: Counter[object] = Counter()

    def key(one: Laid) -> object:
        found = _key(register, one)
        if register.name == "R4":  # equal bank lines of one file are several payments (contract.md 3)
            seen[one.place.file, found] += 1
            found = (found, seen[one.place.file, found])
        return found

    rows, repeated = of_each_key(register, laid, key, words)
    opened = min((s.opens for s in season.stages if s.opens), default=date.min)
    seasonal = bool(rows) and all(_dated(one, season, opened) for one in rows)
    made = Registered(register.name, tuple(r.row for r in rows), tuple(r.place for r in rows), seasonal)
    return made, [*circles, *repeated]


def _dated(one: Laid, season: Season, opened: date) -> bool:
    stated = one.row.get("season")
    return stated == season.year if stated is not None else one.received >= opened


def _key(register: Register, one: Laid) -> object:
    for fields in (register.resource.primary_key, register.key_else):
        values = tuple(_part(name, one.row) for name in fields)
        if fields and any(v not in (None, "") for v in values):
            return values
    return (one.place.file, one.place.sheet, one.row.number)


def _part(name: str, row: Row) -> object:
    value = row.get(name)
    return id_key(str(value)) if name == "id_number" and value else value


def _merged_rows(registers: dict[str, Registered]) -> Iterable[tuple[str, Row, Place]]:
    for name, register in registers.items():
        for row, place in zip(register.rows, register.sources, strict=True):
            yield name, row, place


def _is_balance(register: Register) -> bool:
    return register.resource.field(BALANCE) is not None and register.area == "decision"


def _balance_sheets(files: Sequence[tuple[Arrival, Document]], book: Book) -> tuple[Sheet, ...]:
    """The balance sheets as they stand, for the rules that name a cell of them."""
    tables = (
        (a, d, t)
        for a, d in files
        for t in d.tables
        if t.form in book.registers and _is_balance(book.registers[t.form])
    )
    return tuple(Sheet(t, "", a.path, a.sha256, a.received, d) for a, d, t in tables)


def _units(register: Registered | None) -> Iterable[Unit]:
    seen: set[str] = set()
    for row in register.rows if register else ():
        code = str(row.get("unit_code") or "").strip()
        name = str(row.get("full_name") or "").strip()
        if code and name and code not in seen:
            seen.add(code)
            yield _unit(code, name, row, len(seen))


def _unit(code: str, name: str, row: Row, order: int) -> Unit:
    others = [
        w for field in ("aliases", "former_names", "campuses") for w in SEPARATORS.split(str(row.get(field) or "")) if w
    ]
    contacts = {field: str(row.get(field)) for field in ("filler", "union_chair", "head") if row.get(field)}
    owes = row.get("owes_forms")
    return Unit(
        code, name, str(row.get("short_name") or name), tuple(others), str(row.get("kind") or ""), str(row.get("phones") or ""),
        row.get("headcount"), row.get("member_count"), contacts, frozenset(owes) if owes else None, order,
    )  # fmt: skip


def _own_findings(files: Sequence[tuple[Arrival, Document]], book: Book) -> Iterable[Finding]:
    """Errors in the office's own files are the office's to mend; repairs of form need no word. What it decided on a row
    with an error waits until it is mended."""
    for arrival, document in files:
        deciding = {t.sheet for t in document.tables if (r := book.registers.get(t.form)) and _is_balance(r)}
        for f in document.findings:
            if (f.severity or book.rules[f.rule].severity) == "error":
                holds = "row" if f.row and f.sheet in deciding else "none"
                yield replace(f, file=arrival.path, sha256=arrival.sha256, cure="D", holds=holds)


def resolve_units(office: Office, find: Callable[[str], tuple[str | None, str]]) -> Office:
    """Claims name a unit as people do: `find(text) -> (code, how)` turns it into its code."""
    decided = []
    for d in office.decisions:
        code = find(d.unit)[0] if d.unit else None
        decided.append(replace(d, unit=code or d.unit))
    return replace(office, decisions=tuple(decided))
