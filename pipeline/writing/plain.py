"""Cells by address in, the bytes of a plain xlsx out: native types, errors, formulas with or without a result, merged and hidden parts.

No form of ours: this is how examples and samples write the tables other people make.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

from pipeline.model import EMPTY

Address = tuple[int, int]  # Excel (row, column), 1-based


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula with the result the file keeps; None = nobody ever computed it."""

    text: str
    result: Any = None


@dataclass(frozen=True, slots=True)
class ErrorCell:
    """A cell whose value is an error such as #REF!"""

    text: str


@dataclass(frozen=True, slots=True)
class PlainSheet:
    """`cells`: what stands where: str, int, float, Decimal, bool, date, Formula, ErrorCell. `merged`: (r1, c1, r2, c2)."""

    cells: Mapping[Address, Any]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    hidden_rows: tuple[int, ...] = ()
    hidden_cols: tuple[int, ...] = ()
    hidden: bool = False
    comments: Mapping[Address, str] = EMPTY


@dataclass(frozen=True, slots=True)
class PlainBook:
    """Sheets by name in order, document properties and defined names (text constants)."""

    sheets: Mapping[str, PlainSheet]
    properties: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    date1904: bool = False
    saved: datetime | None = None  # its created and modified properties; None = the moment of writing


def plain_workbook(book: PlainBook) -> bytes:
    """The workbook as xlsx bytes."""
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "date_1904": book.date1904,
    }
    with xlsxwriter.Workbook(out, options) as workbook:
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        if book.saved:
            workbook.set_properties({"created": book.saved})
        for name, plain in book.sheets.items():
            _write(workbook.add_worksheet(name), plain, day)
        for name, value in book.properties.items():
            workbook.set_custom_property(name, value)
        for name, value in book.names.items():
            workbook.define_name(name, f'="{value}"')
    return out.getvalue()


def _write(sheet: Any, plain: PlainSheet, day: Any) -> None:
    corners = {(r1, c1): (r2, c2) for r1, c1, r2, c2 in plain.merged}
    for r1, c1, r2, c2 in plain.merged:
        sheet.merge_range(r1 - 1, c1 - 1, r2 - 1, c2 - 1, "")
    inside = {
        (r, c) for (r1, c1), (r2, c2) in corners.items() for r in range(r1, r2 + 1) for c in range(c1, c2 + 1)
    } - corners.keys()
    for (row, col), value in plain.cells.items():
        if (row, col) not in inside:
            _cell(sheet, row - 1, col - 1, value, day)
    for row in plain.hidden_rows:
        sheet.set_row(row - 1, None, None, {"hidden": True})
    for col in plain.hidden_cols:
        sheet.set_column(col - 1, col - 1, None, None, {"hidden": True})
    for (row, col), text in plain.comments.items():
        sheet.write_comment(row - 1, col - 1, text)
    if plain.hidden:
        sheet.hide()


def _cell(sheet: Any, row: int, col: int, value: Any, day: Any) -> None:
    if value is None:
        return
    if isinstance(value, Formula):
        sheet.write_formula(row, col, value.text, None, "" if value.result is None else value.result)
    elif isinstance(value, ErrorCell):
        sheet.write_formula(row, col, f"={value.text}", None, value.text)
    elif isinstance(value, bool):
        sheet.write_boolean(row, col, value)
    elif isinstance(value, int | float | Decimal):
        sheet.write_number(row, col, float(value))
    elif isinstance(value, date | datetime):
        sheet.write_datetime(row, col, value, day)
    else:
        sheet.write_string(row, col, str(value))
