"""Rows of a form in; the table a clerk drew without our form out: title, lines, own column titles, rows, total, signatures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from html import escape
from typing import Any

from pipeline.book.spec import Resource
from pipeline.model import address
from pipeline.writing.plain import Address

Values = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A table and where its parts stand. `columns`: field -> Excel column; data begins in Excel row `first`."""

    name: str
    cells: dict[Address, Any]
    columns: Mapping[str, int]
    first: int
    count: int

    def cell(self, row: int, name: str) -> str:
        return address(self.first + row, self.columns[name])

    def at(self, row: int, name: str) -> Address:
        return self.first + row, self.columns[name]


def draw(
    resource: Resource,
    rows: Sequence[Values],
    lines: Sequence[Sequence[str]],
    signs: Sequence[str],
    words: Mapping[str, Any],
    *,
    total: str = "",
) -> Drawn:
    """`lines` stand above the header, one list of texts per row, `signs` below it. `total`: the field summed in a last row."""
    plain = words["plain"]
    fields = [f for f in resource.fields if f.computed == "seq" or any(f.name in row for row in rows)]
    cells: dict[Address, Any] = {}
    for r, texts in enumerate(lines, 1):
        for i, text in enumerate(texts):
            cells[r, 1 + i * max(1, len(fields) // max(1, len(texts)))] = text
    header = len(lines) + 1
    columns = {f.name: c for c, f in enumerate(fields, 1)}
    for f in fields:
        cells[header, columns[f.name]] = plain["titles"].get(f.name, f.title)
    for i, row in enumerate(rows):
        for f in fields:
            value = i + 1 if f.computed == "seq" and f.name not in row else row.get(f.name)
            if value not in (None, ""):
                cells[header + 1 + i, columns[f.name]] = value
    drawn = Drawn(resource.title, cells, columns, header + 1, len(rows))
    _foot(drawn, rows, signs, total, plain["total"])
    return drawn


def _foot(drawn: Drawn, rows: Sequence[Values], signs: Sequence[str], total: str, word: str) -> None:
    last = drawn.first + drawn.count
    if total:
        drawn.cells[last, 1] = word
        drawn.cells[last, drawn.columns[total]] = sum(v for r in rows if isinstance(v := r.get(total), int | float))
        last += 1
    for i, sign in enumerate(signs):
        drawn.cells[last, 1 + i * 4] = sign


def grid(drawn: Drawn) -> list[list[str]]:
    """The table as texts, row by row."""
    depth, width = max(r for r, _ in drawn.cells), max(c for _, c in drawn.cells)
    return [[text(drawn.cells.get((r, c))) for c in range(1, width + 1)] for r in range(1, depth + 1)]


def text(value: object) -> str:
    """A value as somebody types it."""
    if isinstance(value, date):
        return f"{value.year}-{value.month}-{value.day}"
    return "" if value is None else str(value)


def as_html(drawn: Drawn) -> bytes:
    """What some systems call an Excel export."""
    rows = "\n".join("<tr>" + "".join(f"<td>{escape(t)}</td>" for t in row) + "</tr>" for row in grid(drawn))
    return (
        f'<html><head><meta charset="gb2312"></head><body><table border="1">\n{rows}\n</table></body></html>\n'.encode(
            "gbk"
        )
    )


def as_tabs(drawn: Drawn) -> bytes:
    """Text parted by tabs in the encoding of a Chinese desktop, saved under an Excel name."""
    return "".join("\t".join(row) + "\r\n" for row in grid(drawn)).encode("gbk")


def in_ten_thousands(row: Values, resource: Resource) -> dict[str, object]:
    """The amounts of a row as somebody writes them who counts in ten thousands."""
    amounts = {f.name for f in resource.fields if f.kind == "money"}
    return {k: Decimal(v) / 10000 if k in amounts and isinstance(v, int) else v for k, v in row.items()}
