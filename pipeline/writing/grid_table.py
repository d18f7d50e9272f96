"""One table of a grid template in; its head, rows, total row and names of figures on the sheet out.

Column words: id, title, group, value (path in the row, parts separated by /), kind (text integer money date percent),
width, link, figure (the name of the number, for the output gate), silent (a form whose state is printed where the unit
sent nothing), total (sum, or a text), formula and cached, choices, input, wrap, center, each (repeat for a list of the view), sparse (blank cells stay untouched),
screen (not printed; the last columns only), turn (the title stands upright).
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from pipeline.model import column_letters
from pipeline.render.figures import Fig, Marked, clean, range_name
from pipeline.writing.grid_format import Formats
from pipeline.writing.grid_layout import Placed

_REFERENCE = re.compile(r"\{([\w.]+)\}")
LINE = 20.0  # points
LIST_LIMIT = 250  # signs Excel takes in one list validation


@dataclass(slots=True)
class Writer:
    """What every table of the workbook needs."""

    book: Any
    formats: Formats
    view: Mapping[str, Any]
    named: dict[str, int]
    lists_sheet: str
    lists: dict[str, Sequence[str]] = field(default_factory=dict)

    def name(self, key: str, sheet: str, first: int, last: int, col: int) -> None:
        """A defined name for a column (or cell) of figures; a second place of the same figure gets __2, __3 …"""
        n = self.named[key] = self.named.get(key, 0) + 1
        letters, name = column_letters(col + 1), range_name(key) + (f"__{n}" if n > 1 else "")
        self.book.define_name(name, f"='{sheet}'!${letters}${first + 1}:${letters}${last + 1}")

    def choices(self, name: str) -> Any:
        """A short list stands in the validation itself, a long one on a sheet of its own."""
        found = [str(v.get("name") if isinstance(v, Mapping) else v) for v in self.view[name]]
        if sum(len(v) + 1 for v in found) <= LIST_LIMIT:
            return found
        self.lists[name] = found
        letters = column_letters(list(self.lists).index(name) + 1)
        return f"='{self.lists_sheet}'!${letters}$1:${letters}${len(found)}"

    def write_lists(self) -> None:
        if self.lists:
            page = self.book.add_worksheet(self.lists_sheet)
            for col, values in enumerate(self.lists.values()):
                page.set_column(col, col, 30)
                for row, value in enumerate(values):
                    page.write_string(row, col, value, self.formats.cell())


def put_table(writer: Writer, page: Any, sheet: str, placed: Placed, all_placed: Sequence[Placed]) -> None:
    """Write one table; its figures get their names."""
    if placed.table.get("caption"):
        page.write_string(placed.head - 1, 0, str(placed.table["caption"]), writer.formats.get("caption"))
    if placed.first > placed.head:
        _heads(writer, page, placed)
    columns = [(col, c, _flags(c), _ordinary(c)) for col, c in enumerate(placed.columns)]
    for at, row in enumerate(placed.rows, placed.first):
        page.set_row(at, _height(placed.columns, row, float(placed.table.get("low", LINE))))
        for col, column, flags, ordinary in columns:
            value = _found(row, ordinary) if ordinary else None
            if ordinary and (value.__class__ is str or value is None):  # most cells: a text or nothing
                _text(writer, page, at, col, column, value, flags)
            else:
                _cell(writer, page, placed, all_placed, at, col, column, row, flags)
    if not placed.rows and placed.table.get("empty"):
        page.write_string(placed.first, 0, str(placed.table["empty"]), writer.formats.get("note"))
    if placed.table.get("total") and placed.rows:  # a sum of nothing would print a nought nobody counted
        _total(writer, page, placed)
    for col, column in enumerate(placed.columns):
        if column.get("figure") and placed.rows:
            writer.name(
                str(column["figure"]), sheet, placed.first, placed.last + (1 if placed.table.get("total") else 0), col
            )
        if column.get("choices"):
            source = (
                writer.choices(column["choices"]) if isinstance(column["choices"], str) else list(column["choices"])
            )
            page.data_validation(
                placed.first,
                col,
                placed.last,
                col,
                {"validate": "list", "source": source, "ignore_blank": True, "error_type": "warning"},
            )


def _height(columns: Sequence[Mapping[str, Any]], row: Mapping[str, Any], line: float) -> float:
    """Points for the tallest wrapped cell: a Han sign takes two of the column's units."""
    most = 1
    for column in columns:
        if column.get("wrap") and column.get("value"):
            width = max(float(column.get("width", 12)) - 2, 2)
            text = str(_found(row, column["value"]) or "")
            most = max(
                most,
                sum(max(1, math.ceil(_signs(line) / width)) for line in text.split("\n")),
            )
    return min(line + 15 * (most - 1), 240)


def _signs(line: str) -> int:
    return 2 * len(line) - len(line.encode("latin-1", "ignore"))


def _heads(writer: Writer, page: Any, placed: Placed) -> None:
    f, bottom = writer.formats.get("head"), placed.first - 1
    turned = [len(str(c["title"])) for c in placed.columns if c.get("turn")]
    page.set_row(bottom, max(30, *(10 + 7 * n for n in turned)) if turned else 30)
    start = 0
    while start < len(placed.columns):
        group = placed.columns[start].get("group")
        end = start
        while group and end + 1 < len(placed.columns) and placed.columns[end + 1].get("group") == group:
            end += 1
        for col in range(start, end + 1):
            page.write_string(bottom, col, str(placed.columns[col]["title"]), f)
        if placed.grouped and not group:
            f1 = writer.formats.get("upright") if placed.columns[start].get("turn") else f
            page.merge_range(placed.head, start, bottom, start, "", f1)
            page.write_string(placed.head, start, str(placed.columns[start]["title"]), f1)
        elif group and end > start:
            page.merge_range(placed.head, start, placed.head, end, str(group), f)
        elif group:
            page.write_string(placed.head, start, str(group), f)
        start = end + 1


def _found(row: Mapping[str, Any], path: str) -> Any:
    if path in row:
        return row[path]
    value: Any = row
    for part in path.split("/"):
        value = value.get(part) if isinstance(value, dict | Mapping) else getattr(value, part, None)
    return value


def _number(value: Any, kind: str) -> float | int | None:
    """Fen become yuan here and nowhere else; a Fig is its value."""
    if isinstance(value, Fig):
        kind, value = ("money" if value.measure == "fen" else kind), value.value
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    return float(Decimal(value) / 100) if kind == "money" else value if isinstance(value, int) else float(value)


def _kind(column: Mapping[str, Any], value: Any) -> str:
    if isinstance(value, Fig):
        return "money" if value.measure == "fen" else "integer"
    return str(column.get("kind", "text"))


def _flags(column: Mapping[str, Any]) -> str:
    return " ".join(w for w in ("input", "wrap", "center") if w in column)


def _ordinary(column: Mapping[str, Any]) -> str:
    """Where a column's value stands in the row, if nothing else decides what is in its cells, else ''."""
    return "" if any(column.get(word) for word in ("formula", "silent", "link")) else str(column.get("value", ""))


def _text(
    writer: Writer, page: Any, at: int, col: int, column: Mapping[str, Any], value: str | None, flags: str
) -> None:
    if value:
        page.write_string(at, col, clean(value), writer.formats.cell("text", value, flags))
    elif "sparse" not in column:
        page.write_blank(at, col, None, writer.formats.cell(str(column.get("kind", "text")), "", flags))


def _cell(
    writer: Writer,
    page: Any,
    placed: Placed,
    others: Sequence[Placed],
    at: int,
    col: int,
    column: Mapping[str, Any],
    row: Mapping[str, Any],
    flags: str,
) -> None:
    value = _found(row, column["value"]) if column.get("value") else None
    kind = _kind(column, value)
    if column.get("sparse") and value in {None, ""}:
        return
    silent = row.get("missing", {}).get(column["silent"]) if column.get("silent") else None
    number = _number(value, kind)
    if column.get("formula"):
        cached = _number(_found(row, column["cached"]), kind) if column.get("cached") else 0
        page.write_formula(
            at,
            col,
            _formula(column["formula"], placed, others, at),
            writer.formats.cell(kind, "", flags),
            cached if cached is not None else "",
        )
    elif silent and not number:
        page.write_string(at, col, str(silent), writer.formats.cell("text", "", "silent"))
    elif kind in {"integer", "money", "percent"} and number is not None:
        page.write_number(at, col, number, writer.formats.cell(kind, "", flags))
    elif kind == "date" and isinstance(value, date):
        page.write_datetime(at, col, value, writer.formats.cell("date", "", flags))
    elif isinstance(value, Marked) and value.at:
        _marked(writer, page, at, col, value, writer.formats.cell("text", "", flags))
    elif value in (None, ""):
        page.write_blank(at, col, None, writer.formats.cell(kind, "", flags))
    elif column.get("link") and row.get("link"):
        _link(writer, page, at, col, str(column["link"]).format_map(row), clean(str(value)))
    else:
        page.write_string(at, col, clean(str(value)), writer.formats.cell("text", str(value), flags))


def _marked(writer: Writer, page: Any, at: int, col: int, value: Marked, look: Any) -> None:
    """Runs of signs, those that differ from the other side in the warning colour."""
    runs: list[Any] = []
    for marked, signs in groupby(range(len(value)), key=set(value.at).__contains__):
        runs += [writer.formats.get("differs" if marked else "agrees"), clean("".join(value[i] for i in signs))]
    if len(runs) > 2:  # XlsxWriter asks for two runs at least
        page.write_rich_string(at, col, *runs, look)
    else:
        page.write_string(at, col, clean(str(value)), writer.formats.cell("text", "", "differs"))


def _link(writer: Writer, page: Any, at: int, col: int, target: str, text: str) -> None:
    page.write_url(at, col, f"external:{target}", writer.formats.cell("text", "", "link"), text)


def _formula(text: str, placed: Placed, others: Sequence[Placed], at: int) -> str:
    """{row} this row · {self.ID} the cell of a column in this row · {TABLE.ID} a whole column of another table."""

    def put(match: re.Match[str]) -> str:
        word = match.group(1)
        if word == "row":
            return str(at + 1)
        table, name = word.split(".", 1)
        if table == "self":
            return f"{column_letters(placed.index(name) + 1)}{at + 1}"
        other = next(p for p in others if p.table.get("id") == table)
        letters = column_letters(other.index(name) + 1)
        return f"${letters}${other.first + 1}:${letters}${other.last + 1}"

    return _REFERENCE.sub(put, text)


def _total(writer: Writer, page: Any, placed: Placed) -> None:
    """The last row: a live SUM with its cached value under every column that asks for one."""
    at = placed.last + 1
    page.set_row(at, 22)
    for col, column in enumerate(placed.columns):
        flags = "total"
        if column.get("total") == "sum":
            values = [_found(row, column["value"]) for row in placed.rows]
            kind = next((_kind(column, v) for v in values if isinstance(v, Fig)), str(column.get("kind", "integer")))
            known = [
                v.value if isinstance(v, Fig) else v
                for v in values
                if isinstance(v, Fig | int) and not isinstance(v, bool)
            ]
            if not known:  # nobody said a number: the sum is blank, not nought
                page.write_blank(at, col, None, writer.formats.cell("text", "", flags))
                continue
            cents = sum(known)
            letters = column_letters(col + 1)
            formula = f"=SUM({letters}{placed.first + 1}:{letters}{placed.last + 1})"
            page.write_formula(at, col, formula, writer.formats.cell(kind, "", flags), _number(cents, kind))
        else:
            text = str(placed.table["total"]) if column.get("total") == "label" else ""
            page.write_string(at, col, text, writer.formats.cell("text", "", flags)) if text else page.write_blank(
                at, col, None, writer.formats.cell("text", "", flags)
            )
