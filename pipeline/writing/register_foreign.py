"""Somebody else's table (an address list, last year's summary) goes in; rows for one of our registers come out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from pipeline.book.spec import Book, Field, Register
from pipeline.cells.text import fold
from pipeline.model import Season, Unit, WennuanError
from pipeline.writing.form_styles import TEXT_KINDS

SEARCHED = 30  # rows in which the header may stand
ENOUGH = 2  # columns that must be recognised
KEPT = 10**15
SHORTENED = re.compile(r"[0-9]\.[0-9]{14}E\+[0-9]{2}")
BRACKETS = "(\uff08[\u3010"


def from_foreign(
    table: Sequence[Sequence[object]],
    register: Register,
    book: Book,
    season: Season | None = None,
    units: Sequence[Unit] = (),
) -> list[dict[str, object]]:
    """Rows of the register as Fill wants them, in the table's order; each key only once.

    `table`: raw cells row by row, header anywhere in the first thirty rows. Headers are matched by title and synonyms. What
    a register needs but the table lacks is made up where that is safe: running unit codes, last year as the season, the
    code of a unit known by its name. Raises WennuanError `foreign_no_header` when too few columns are recognised.
    """
    header, columns = _header(table, register)
    fields = {f.name: f for f in register.resource.fields}
    rows: list[dict[str, object]] = []
    for cells in table[header + 1 :]:
        row = {
            name: value
            for name, spots in columns.items()
            if (value := _value(cells, spots, fields[name], book)) not in (None, "")
        }
        if _is_data(row, cells, fields, book):
            rows.append(row)
    return _once(_completed(rows, register, season, units), register)


def _header(table: Sequence[Sequence[object]], register: Register) -> tuple[int, dict[str, list[int]]]:
    best: tuple[int, dict[str, list[int]]] = (0, {})
    words = _words(register)
    for i, cells in enumerate(table[:SEARCHED]):
        columns: dict[str, list[int]] = {}
        for j, cell in enumerate(cells):
            name = words.get(_key(cell)) or words.get(_key(cell, bare=True))
            if name:
                columns.setdefault(name, []).append(j)
        if len(columns) > len(best[1]):
            best = (i, columns)
    required = {f.name for f in register.resource.fields if f.required}
    if len(best[1]) < ENOUGH or not required & best[1].keys():
        raise WennuanError(
            "foreign_no_header",
            register=register.title,
            columns=", ".join(f.title for f in register.resource.fields if f.required),
        )
    return best


def _words(register: Register) -> dict[str, str]:
    """Every spelling of a column -> its field; titles win over synonyms."""
    words = {fold(w): f.name for f in register.resource.fields for w in f.synonyms}
    return words | {fold(f.title): f.name for f in register.resource.fields}


def _key(cell: object, bare: bool = False) -> str:
    if not isinstance(cell, str):
        return ""
    text = cell
    for sign in BRACKETS if bare else "":
        text = text.split(sign)[0]
    return fold(text)


def _value(cells: Sequence[object], spots: Sequence[int], field: Field, book: Book) -> object:
    """The first filled cell of the columns that mean this field, as the register's kind of column holds it."""
    for spot in spots:
        value = cells[spot] if spot < len(cells) else None
        if value is None or (isinstance(value, str) and not value.strip()):
            continue
        return _native(value, field, book)
    return None


def lost_digits(value: object) -> bool:
    """A number cell keeps fifteen digits: what follows them is not what somebody typed (domain.md C2)."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) >= KEPT


def is_lost(text: object) -> bool:
    """A text that stands for such a number."""
    return isinstance(text, str) and SHORTENED.fullmatch(text) is not None


def _native(value: object, field: Field, book: Book) -> object:
    if lost_digits(value) and field.type == "string":
        return f"{value:.14E}"  # as the reader of a register will refuse it, and never as a plausible number
    if isinstance(value, float) and value.is_integer() and field.type in ("string", "integer"):
        value = int(value)
    if isinstance(value, datetime) and field.kind == "date":
        return value.date()
    if isinstance(value, str):
        value = value.strip()
    if field.kind == "code" and field.codes in book.codes:
        return _code(str(value), field, book)
    if field.kind in TEXT_KINDS or (field.type == "string" and not isinstance(value, date)):
        return str(value)
    return value


def _code(text: str, field: Field, book: Book) -> str:
    codes = book.codes[field.codes]
    known = {fold(v): v for v in codes.values} | {fold(w): canonical for w, (canonical, _) in codes.synonyms.items()}
    return known.get(fold(text), text)


def _is_data(row: Mapping[str, object], cells: Sequence[object], fields: Mapping[str, Field], book: Book) -> bool:
    """A row that names somebody or something: no blank line, no total, no remark under the table."""
    totals = {fold(word) for word in book.words["reading"]["rows"]["totals"]}
    if any(isinstance(c, str) and fold(c) in totals for c in cells[:4]):
        return False
    named = [n for n in row if fields[n].kind in ("name", "unit", "code_text") or fields[n].required]
    return bool(named) and sum(1 for c in cells if c not in (None, "")) > 1


def _completed(
    rows: list[dict[str, object]], register: Register, season: Season | None, units: Sequence[Unit]
) -> list[dict[str, object]]:
    """What is safe to add: a running code where the table has none, the year before, a unit's code by its name."""
    fields = {f.name: f for f in register.resource.fields}
    by_name = {fold(name): unit.code for unit in units for name in (unit.name, unit.short, *unit.aliases) if name}
    for row in rows:
        if season and "season" in fields and "season" not in row:
            row["season"] = str(season.year - 1) if fields["season"].type == "string" else season.year - 1
        if "unit_code" in fields and "unit_code" not in row:
            named = by_name.get(fold(str(row.get("unit_name") or row.get("full_name") or "")))
            if named:
                row["unit_code"] = named
    own = "unit_code" in register.resource.primary_key and len(register.resource.primary_key) == 1
    if own and rows and not any("unit_code" in row for row in rows):
        seen: dict[object, str] = {}
        for row in rows:
            row["unit_code"] = seen.setdefault(row.get("full_name"), f"{len(seen) + 1:03d}")
    return rows


def _once(rows: list[dict[str, object]], register: Register) -> list[dict[str, object]]:
    """One row per key; a later row for the same key only adds what the first one lacks."""
    kept: dict[tuple[object, ...], dict[str, object]] = {}
    for n, row in enumerate(rows):
        key = tuple(row.get(name) for name in register.resource.primary_key)
        if all(part is None for part in key):
            key = (n,)
        kept[key] = {**row, **kept.get(key, {})}
    return list(kept.values())
