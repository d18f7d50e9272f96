"""The office's own files, read, in; registers, units, decisions and approved amounts out, with what is wrong about them.

Definitions: contract.md 3 "Registers and decisions"; season.md 3.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from pipeline.book.spec import Book, Register
from pipeline.cells.ids import id_key
from pipeline.model import (
    Arrival,
    Decision,
    Document,
    Finding,
    Office,
    Place,
    Registered,
    Row,
    Season,
    Sheet,
    Table,
    Unit,
    address,
)

BALANCE = "amount_approved"  # the field whose filling makes a balance row a decided one
TEXTS = ("number", "kind", "target", "opinion", "reason", "officer", "unit", "approver")
FATE, SAMENESS = ("withdraw", "choose", "replace", "add"), ("same", "different")  # kinds that answer one question
SENT_ON = "sent_on"  # the list of what was sent has no kind column: a day in this one is the decision
OF_A_UNIT, SLIP = ("late", "phone_zero"), "slip"
SEPARATORS = re.compile("[\u3001,\uff0c;\uff1b/\\s]+")


@dataclass(frozen=True, slots=True)
class Laid:
    """One row of a register with where it stands."""

    row: Row
    place: Place
    table: Table
    received: date


def lay_office(files: Sequence[tuple[Arrival, Document]], book: Book, season: Season) -> tuple[Office, tuple[Finding, ...]]:
    """`files` in order of arrival, areas register and decision. Later files replace or join earlier ones (x-merge)."""
    files = _newest(files, book)
    rows = _rows_by_register(files, book)
    registers = {name: _registered(book.registers[name], laid, season) for name, laid in rows.items()}
    units = tuple(_units(registers.get("R1")))
    decisions, clashes = _decisions(rows, book, units)
    approvals = [(r, p) for name, r, p in _merged_rows(registers) if _is_balance(book.registers[name]) and r.get(BALANCE) is not None]
    office = Office(units, registers, tuple(decisions), tuple(r for r, _ in approvals), tuple(p for _, p in approvals), _balance_sheets(files, book))
    return office, (*_own_findings(files, book), *clashes)


def _newest(files: Sequence[tuple[Arrival, Document]], book: Book) -> list[tuple[Arrival, Document]]:
    """The office's own file at a path is what its newest bytes say: a row it took out is out.

    Not so a decision: taking its line away does not undo it, only 撤销 does (contract.md 3).
    """
    last = {arrival.path: arrival.order for arrival, _ in files}
    kept = []
    for arrival, document in files:
        if arrival.order != last[arrival.path]:
            decided = tuple(t for t in document.tables if (r := book.registers.get(t.form)) and r.area == "decision" and not _is_balance(r))
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
                place = Place(None, arrival.path, table.sheet, address(row.number, min(table.columns.values(), default=1)))
                found[table.form].append(Laid(whole, place, table, arrival.received))
    return dict(found)


def _registered(register: Register, laid: Sequence[Laid], season: Season) -> Registered:
    kept: dict[object, Laid] = {}
    seen: Counter[object] = Counter()
    for one in laid:
        key = _key(register, one)
        if register.name == "R4":  # equal bank lines of one file are several payments (contract.md 3)
            seen[one.place.file, key] += 1
            key = (key, seen[one.place.file, key])
        kept[key] = one
    rows = list(kept.values()) if register.merge == "union" else list(laid)
    opened = min((s.opens for s in season.stages if s.opens), default=date.min)
    seasonal = bool(rows) and all(_dated(one, season, opened) for one in rows)
    return Registered(register.name, tuple(r.row for r in rows), tuple(r.place for r in rows), seasonal)


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
    tables = ((a, d, t) for a, d in files for t in d.tables if t.form in book.registers and _is_balance(book.registers[t.form]))
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
    others = [w for field in ("aliases", "former_names", "campuses") for w in SEPARATORS.split(str(row.get(field) or "")) if w]
    contacts = {field: str(row.get(field)) for field in ("filler", "union_chair", "head") if row.get(field)}
    owes = row.get("owes_forms")
    return Unit(
        code, name, str(row.get("short_name") or name), tuple(others), str(row.get("kind") or ""), str(row.get("phones") or ""),
        row.get("headcount"), row.get("member_count"), contacts, frozenset(owes) if owes else None, order,
    )  # fmt: skip


def _decisions(rows: dict[str, list[Laid]], book: Book, units: Sequence[Unit]) -> tuple[list[Decision], list[Finding]]:
    """Decided lines in force, and WBK-025 where two of the same day answer one question differently."""
    kinds: Mapping[str, str] = book.words["papers"]["decision_kinds"]
    codes = {text: u.code for u in units for text in (*u.aliases, u.short, u.name, u.code)}
    numbered: dict[object, Decision] = {}
    for name, laid in rows.items():
        register = book.registers[name]
        if register.area == "decision" and (register.resource.field("kind") or register.resource.field(SENT_ON)):
            for one in laid:
                decision = _decision(one, register, book)
                if decision:
                    numbered[decision.number or (one.place.file, one.place.sheet, one.row.number)] = decision
    questions: dict[object, list[Decision]] = defaultdict(list)
    for decision in numbered.values():
        if not decision.revoked:
            questions[_question(decision, kinds, codes)].append(decision)
    out, clashes = [], []
    for several in questions.values():
        newest = max(d.on or date.min for d in several)
        last = [d for d in several if (d.on or date.min) == newest]
        if len({(d.kind, codes.get(d.unit, d.unit), d.extra.get("destination")) for d in last}) > 1:
            clashes.append(_clash(last))
        else:
            out.append(last[-1])
    return out, clashes


def _question(d: Decision, kinds: Mapping[str, str], codes: Mapping[str, str]) -> object:
    """What a decision answers: what becomes of a file, whose it is, whether two are one, or its own kind of question.

    Where the object is a form the question is the unit's; every slip of a file is a line of its own.
    """
    word = next((w for w, kind in kinds.items() if kind == d.kind), d.kind)
    what = next((group for group in (FATE, SAMENESS) if word in group), word)
    return what, d.target, codes.get(d.unit, d.unit) if word in OF_A_UNIT else "", d.number if word == SLIP else ""


def _clash(several: Sequence[Decision]) -> Finding:
    one, *others = several
    return Finding(
        "WBK-025", file=one.place.file, sheet=one.place.sheet, value=one.target, key=f"{one.kind}|{one.target}",
        facts={"target": one.target}, related=tuple(d.place for d in others),
    )  # fmt: skip


def _decision(one: Laid, register: Register, book: Book) -> Decision | None:
    """A line the office decided; None while it only stands as the night prepared it. Undated, it counts from its arrival."""
    row = one.row
    text = {name: str(row.get(name) or "").strip() for name in TEXTS}
    if register.resource.field(SENT_ON):
        text["kind"] = book.words["papers"]["decision_kinds"]["sent"] if row.get(SENT_ON) else ""
    if not text["kind"] or not text["target"] or not _written(one, register, book):
        return None
    on = row.get("on") or row.get(SENT_ON) or one.received
    extra = {k: v for k, v in row.values.items() if k not in {*TEXTS, "on", "until", "revoked"}}
    return Decision(
        text["number"], text["kind"], text["target"].lower(), text["opinion"], text["reason"], text["officer"], on, row.get("until"),
        bool(row.get("revoked")), text["unit"], text["approver"], one.place, extra,
    )  # fmt: skip


def _written(one: Laid, register: Register, book: Book) -> bool:
    """Whether somebody wrote on the line: a kind that was not prepared, or anything beside it that the sheet asks for."""
    asked = register.resource.field("kind")
    prepared = {*book.words["papers"]["default_kind"].values(), asked.preset if asked else ""}
    own = [f.name for f in register.resource.active if not f.locked and f.name not in {"number", "kind", "target", "until"}]
    return one.row.get("kind") not in prepared or any(one.row.get(name) for name in own)


def _own_findings(files: Sequence[tuple[Arrival, Document]], book: Book) -> Iterable[Finding]:
    """Errors in the office's own files are the office's to mend; repairs of form need no word."""
    for arrival, document in files:
        for f in document.findings:
            if (f.severity or book.rules[f.rule].severity) == "error":
                yield replace(f, file=arrival.path, sha256=arrival.sha256, cure="D", holds="none")


def resolve_units(office: Office, find: Callable[[str], tuple[str | None, str]]) -> Office:
    """Claims name a unit as people do: `find(text) -> (code, how)` turns it into its code."""
    decided = []
    for d in office.decisions:
        code = find(d.unit)[0] if d.unit else None
        decided.append(replace(d, unit=code or d.unit))
    return replace(office, decisions=tuple(decided))
