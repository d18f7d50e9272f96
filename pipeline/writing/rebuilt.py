"""Sheets of values in, a plain .xlsx with the same sheets, rows and addresses out: for files whose package we cannot patch."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import xlsxwriter

from pipeline.model import EMPTY

NARROW, WIDE = 8.0, 36.0
MAX_NUMBER = 1e15
FORBIDDEN = dict.fromkeys(map(ord, "[]:*?/\\"), "_")


@dataclass(frozen=True, slots=True)
class Plain:
    """One sheet: rows[i][j] stands at Excel (origin row + i, origin column + j); `texts`: what error cells show;
    `sums`: formulas to keep, so that a total follows when a figure is mended."""

    name: str
    origin: tuple[int, int]
    rows: Sequence[Sequence[Any]]
    texts: Mapping[tuple[int, int], str] = EMPTY
    hidden: bool = False
    sums: Mapping[tuple[int, int], str] = EMPTY


def rebuild(sheets: Sequence[Plain], properties: Mapping[str, str] = EMPTY) -> tuple[bytes, dict[str, str]]:
    """The workbook, and the names sheets really got (Excel's limits on names). Other formulas become their values.

    `properties`: custom document properties to carry over, the marks of our own form among them.
    """
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_numbers": False,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "nan_inf_to_errors": True,
    }
    names: dict[str, str] = {}
    with xlsxwriter.Workbook(out, options) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        text = book.add_format({"num_format": "@"})
        for label, value in properties.items():
            book.set_custom_property(label, str(value), "text")
        for plain in sheets or [Plain("Sheet1", (1, 1), [])]:
            names[plain.name] = _name(plain.name, set(names.values()))
            sheet = book.add_worksheet(names[plain.name])
            for col, width in _widths(plain).items():
                sheet.set_column(col, col, width)
            sheet.set_paper(9)
            sheet.set_landscape()
            sheet.fit_to_pages(1, 0)
            if plain.hidden and len(names) > 1:
                sheet.hide()
            for i, row in enumerate(plain.rows):
                for j, value in enumerate(row):
                    at = (plain.origin[0] + i, plain.origin[1] + j)
                    if at in plain.sums:
                        sheet.write_formula(at[0] - 1, at[1] - 1, plain.sums[at], None, plain.texts.get(at, value))
                        continue
                    _write(sheet, at, plain.texts.get(at, value), day, moment, text)
    return out.getvalue(), names


def _widths(plain: Plain) -> dict[int, float]:
    """0-based column -> a width its cells can be read at; a row with one text alone is a title and may run over."""
    widest: dict[int, float] = {}
    for row in plain.rows:
        if sum(value not in (None, "") for value in row) < 2:
            continue
        for j, value in enumerate(row):
            col = plain.origin[1] - 1 + j
            units = sum(2 if ord(c) > 255 else 1 for c in str(value if value is not None else ""))
            widest[col] = max(widest.get(col, NARROW), min(units + 2, WIDE))
    return widest


def _name(name: str, taken: set[str]) -> str:
    base = name.translate(FORBIDDEN).strip("'")[:31] or "Sheet"
    lower = {t.lower() for t in taken}
    return next(n for n in (base, *(f"{base[:28]}_{i}" for i in range(2, 1000))) if n.lower() not in lower)


def _write(sheet: Any, at: tuple[int, int], value: Any, day: Any, moment: Any, text: Any) -> None:
    row, col = at[0] - 1, at[1] - 1
    if value is None or value == "" or row >= 1_048_576 or col >= 16_384:
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, col, value)
    elif isinstance(value, int | float) and abs(value) < 1e300:
        sheet.write_number(row, col, value)
    elif isinstance(value, datetime):
        sheet.write_datetime(row, col, value, moment if value.time() != time() else day)
    elif isinstance(value, date):
        sheet.write_datetime(row, col, datetime(value.year, value.month, value.day), day)  # noqa: DTZ001 - a civil date
    elif isinstance(value, time | timedelta):
        sheet.write_string(row, col, str(value), text)
    else:
        sheet.write_string(row, col, str(value)[:32_767], text)
