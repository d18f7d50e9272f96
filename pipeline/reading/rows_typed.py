"""Data rows of one sheet in; typed Rows with the physical cell of every value, and a finding for every repair or doubt, out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from pipeline.cells.ids import check_id
from pipeline.cells.read import error_cell, moment_text, picture_cell, read_cell, uncached_cell
from pipeline.cells.typed import BLANK, UNKNOWN, VALUE, Kind, Note, Typed
from pipeline.model import EMPTY, Finding, Row
from pipeline.reading.headers import Header
from pipeline.reading.interpret_plan import Column, Plan, Reader
from pipeline.reading.raw import Address, RawSheet
from pipeline.reading.rows_sums import recompute

_NOTHING = Typed(BLANK)
_OUTSIDE = re.compile(r"\[[^\[\]]*\][^!]*!")  # [1]Sheet1!A1, '[last year.xlsx]Sheet1'!A1
SEVERAL = "CEL-044"  # several names in one cell
SHORT, REMEMBERED = 24, 512  # texts worth remembering: codes, ticks, units; so many per column


Columns = tuple[tuple[str, int, Column, Kind, dict[object, Typed]], ...]  # field, place in the row, …, typed texts


@dataclass(slots=True)
class Typing:
    """One sheet being typed: what stays the same for all its rows, and the findings so far."""

    sheet: RawSheet
    header: Header
    plan: Plan
    reader: Reader
    columns: Columns
    special: frozenset[Address]
    down: Mapping[Address, Address]  # cell inside a merge down a column -> its top cell
    blocked_amounts: frozenset[Address]  # cells of an amount merged over several data rows
    outside: frozenset[Address]  # formulas that look into another file
    findings: list[Finding] = field(default_factory=list)


def typing_of(
    sheet: RawSheet,
    header: Header,
    plan: Plan,
    reader: Reader,
    date1904: bool,
    skip: frozenset[int],
    data: Iterable[int],
) -> Typing:
    left = sheet.origin[1]
    columns = []
    for name, column in plan.columns.items():
        col = header.columns.get(name)
        if col and col not in skip:
            kind = column.kind_1904 if date1904 else column.kind
            columns.append((name, col - left, column, kind, column.cache if kind is column.kind else {}))
    down, amounts, found = _merges(sheet, header, plan, frozenset(data))
    outside = frozenset(spot for spot, formula in sheet.formulas.items() if "[" in formula and _OUTSIDE.search(formula))
    special = frozenset(sheet.errors) | sheet.uncached | sheet.pictures | frozenset(down) | amounts | outside
    typing = Typing(sheet, header, plan, reader, tuple(columns), special, down, amounts, outside)
    typing.findings += found
    return typing


def _merges(
    sheet: RawSheet, header: Header, plan: Plan, data: frozenset[int]
) -> tuple[dict[Address, Address], frozenset[Address], list[Finding]]:
    """Merges down a column: text is carried down, an amount over several data rows belongs to nobody (SHT-013)."""
    down: dict[Address, Address] = {}
    amounts: set[Address] = set()
    found: list[Finding] = []
    by_column = {col: plan.columns[name] for name, col in header.columns.items()}
    for first, left, last, _ in sheet.merged:
        column = by_column.get(left)
        if column is None or last == first or last - first > len(sheet.rows):
            continue
        rows = tuple(r for r in range(first, last + 1) if r in data)
        if column.computed or len(rows) < 2:
            continue
        if not column.amount:
            down |= {(r, left): (first, left) for r in rows if r != first}
            continue
        amounts |= {(r, left) for r in rows}
        raw = read_cell(sheet.get(first, left), column.kind).raw
        facts = {"col": column.title, "val": raw, "rows": ", ".join(map(str, rows))}
        found.append(finding("SHT-013", plan, sheet, rows[0], left, column, raw, "", facts, rows))
    return down, frozenset(amounts), found


def finding(
    rule: str,
    plan: Plan,
    sheet: RawSheet,
    row: int | None,
    col: int | None,
    column: Column | None,
    raw: str,
    new: str,
    facts: Mapping[str, str],
    rows: tuple[int, ...] = (),
) -> Finding:
    """A finding on this sheet with the facts every message may use."""
    return Finding(
        rule,
        form=plan.form,
        resource=plan.resource.name,
        sheet=sheet.name,
        row=row,
        col=col,
        field=column.name if column else None,
        title=column.title if column else None,
        value=raw,
        new_value=new,
        facts={"col": column.title if column else "", "val": raw, "new": new, "sheet": sheet.name} | dict(facts),
        rows=rows,
    )


def type_row(t: Typing, number: int, above: Row | None, total: bool = False, measure: str = "") -> Row:
    """One Excel row typed by its columns. `above`: the data row before it, for cells that say 'as above'. `measure`: what
    the numbers of a fixed line count.

    A total row is typed without findings: it is compared, never reported as a person's row.
    """
    cells = t.sheet.rows[number - t.sheet.origin[0]]
    width, left = len(cells), t.sheet.origin[1]
    values: dict[str, Any] = {}
    raws: dict[str, str] = {}
    unknown: list[str] = []
    moved: dict[str, Address] = {}
    special = t.special
    for name, j, column, kind, cache in _counting(t.columns, measure) if measure else t.columns:
        raw = cells[j] if j < width else ""
        if special and (number, left + j) in special:
            typed = _special_cell(t, (number, left + j), raw, column, kind, moved)
        elif raw == "" or raw is None:
            continue
        elif type(raw) is float or (type(raw) is str and len(raw) <= SHORT):
            typed = cache.get(raw) or _remember(cache, raw, kind)
        else:
            typed = read_cell(raw, kind)
        if typed.notes:
            typed = _noted(t, (number, left + j), column, typed, above, quiet=total or name in moved)
        if typed.state is BLANK:
            continue
        raws[name] = typed.raw
        if typed.state is VALUE:
            values[name] = typed.value
        elif not column.computed:
            unknown.append(name)
    row = Row(number, values, raws, frozenset(unknown), moved or EMPTY)
    return row if total else _with_ids(t, row)


def _counting(columns: Columns, measure: str) -> Columns:
    """The columns of a fixed line, whose numbers count what its own measure says."""
    return tuple((n, j, c, replace(k, measure=measure) if k.name == "number" else k, {}) for n, j, c, k, _ in columns)


def _remember(cache: dict[object, Typed], raw: object, kind: Kind) -> Typed:
    if len(cache) >= REMEMBERED:
        cache.clear()
    cache[raw] = typed = read_cell(raw, kind)
    return typed


def type_cells(t: Typing, number: int, cells: Mapping[str, Address]) -> Row:
    """Like `type_row` for fields whose cells lie anywhere: each value's physical cell is in `moved`."""
    values, raws, unknown, moved = {}, {}, set(), {}
    for name, _, column, kind, _ in t.columns:
        spot = cells.get(name)
        if spot is None:
            continue
        moved[name] = spot
        raw = t.sheet.get(*spot)
        typed = (
            _special_cell(t, spot, raw, column, kind, {})
            if spot in t.special
            else read_cell(raw, kind)
            if raw != ""
            else _NOTHING
        )
        if typed.notes:
            typed = _noted(t, spot, column, typed, None, quiet=False)
        if typed.state is BLANK:
            continue
        raws[name] = typed.raw
        if typed.state is VALUE:
            values[name] = typed.value
        else:
            unknown.add(name)
    return Row(number, values, raws, frozenset(unknown), moved)


def _noted(t: Typing, spot: Address, column: Column, typed: Typed, above: Row | None, quiet: bool) -> Typed:
    """Turn a cell's notes into findings; computed cells and totals are recomputed elsewhere and say nothing."""
    if typed.is_ditto:
        typed = _as_above(typed, column, above)
    if not (quiet or column.computed):
        _note(t, *spot, column, typed)
    return typed


def _special_cell(t: Typing, spot: Address, raw: Any, column: Column, kind: Kind, moved: dict[str, Address]) -> Typed:
    """Cells whose value does not speak for itself: errors, formulas without a value, pictures, merges."""
    if spot in t.blocked_amounts:
        return Typed(UNKNOWN, raw=str(raw))
    if spot in t.down:
        top = t.down[spot]
        moved[column.name] = top
        return _special_cell(t, top, t.sheet.get(*top), column, kind, {})
    if spot in t.sheet.pictures and column.kind.name == "signature":
        return picture_cell(kind)
    broken = spot in t.sheet.errors or (raw in ("", None) and spot in t.sheet.uncached)
    if not (broken or spot in t.outside):
        return read_cell(raw, kind)
    if column.computed:  # worked out again by the rules that need it; never asked for (season.md 2)
        return read_cell(raw, kind) if not broken else _NOTHING
    return error_cell(t.sheet.errors[spot]) if spot in t.sheet.errors else _uncached(t, spot, column, kind)


def _uncached(t: Typing, spot: Address, column: Column, kind: Kind) -> Typed:
    """A formula without a value: a plain sum inside the sheet may be worked out again, then it is a warning (C3 #17)."""
    formula = t.sheet.formulas.get(spot, "")
    total = (
        recompute(t.sheet, formula) if kind.name in {"money", "number", "integer"} and spot not in t.outside else None
    )
    if total is None:
        return uncached_cell("=" + formula.lstrip("=") if formula else "")
    typed = read_cell(_digits(total), kind)
    t.findings.append(
        replace(
            finding("CEL-038", t.plan, t.sheet, *spot, column, "=" + formula.lstrip("="), _digits(total), {}),
            severity="warning",
        )
    )
    return replace(typed, raw=_digits(total), notes=())


def _digits(number: Decimal) -> str:
    return format(number.normalize(), "f")


def _as_above(typed: Typed, column: Column, above: Row | None) -> Typed:
    """'As above' copies the row above where the column allows it; elsewhere it is a value nobody can read."""
    if column.ditto and above is not None and column.name in above.values:
        found = above.values[column.name]
        new = (
            found
            if isinstance(found, str)
            else moment_text(found)
            if isinstance(found, date)
            else above.raw[column.name]
        )
        return Typed(VALUE, found, typed.raw, (Note("CEL-042", new, {"new": new}),))
    rule = (
        "CEL-033"
        if column.kind.name in {"date", "month"}
        else "CEL-028"
        if column.amount or column.kind.name in {"money", "integer", "number"}
        else "CEL-002"
    )
    return Typed(UNKNOWN, None, typed.raw, (Note(rule),))


def _note(t: Typing, number: int, col: int, column: Column, typed: Typed) -> None:
    for note in typed.notes:
        found = finding(note.rule, t.plan, t.sheet, number, col, column, typed.raw, note.new, note.facts)
        severe = "warning" if note.facts.get("confirm") else "error" if note.rule == SEVERAL and column.alone else None
        t.findings.append(replace(found, severity=severe) if severe else found)


def _with_ids(t: Typing, row: Row) -> Row:
    """Judge identity numbers by the row's own id type (domain.md C1); a type that is unknown judges nothing."""
    ids = [name for name in t.plan.ids if name in row.values]
    if not ids or "id_type" in row.unknown:
        return row
    values, unknown = dict(row.values), set(row.unknown)
    for name in ids:
        column = t.plan.columns[name]
        kind = row.values.get("id_type") if name == "id_number" else None
        typed = check_id(str(values[name]), kind, t.reader.book.areas, t.reader.lexicon, t.reader.last_day)
        if typed.state == VALUE and not typed.notes and typed.value == values[name]:
            continue
        if typed.state == VALUE:
            values[name] = typed.value
        else:
            del values[name]
            unknown.add(name)
        if typed.notes and name not in row.moved:
            spot = t.header.columns[name]
            if typed.state != VALUE:
                _unsay(t, row.number, spot)
            _note(t, row.number, spot, column, replace(typed, raw=row.raw[name]))
    return Row(row.number, values, row.raw, frozenset(unknown), row.moved)


def _unsay(t: Typing, number: int, col: int) -> None:
    """Repairs of a cell of the newest row that turns out to be unreadable: its failure alone is told."""
    at = len(t.findings)
    while at and t.findings[at - 1].row == number:
        at -= 1
    t.findings[at:] = [f for f in t.findings[at:] if f.col != col]
