"""Sheets of values in, a plain .xlsx with the same sheets, rows and addresses out: for files whose package we cannot patch."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import xlsxwriter

from pipeline.model import EMPTY
from pipeline.writing.rebuilt_look import BOXED, Looks, Plain, Shape, heights, table_of, widths

__all__ = ["Plain", "rebuild"]

FORBIDDEN = dict.fromkeys(map(ord, "[]:*?/\\"), "_")


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
        looks = Looks(book)
        for label, value in properties.items():
            book.set_custom_property(label, str(value), "text")
        for plain in sheets or [Plain("Sheet1", (1, 1), [])]:
            names[plain.name] = _name(plain.name, set(names.values()))
            sheet = book.add_worksheet(names[plain.name])
            shape = table_of(plain)
            _page(sheet, plain, shape)
            if plain.hidden and len(names) > 1:
                sheet.hide()
            for i, row in enumerate(plain.rows):
                for j, value in enumerate(row):
                    _put(sheet, plain, shape, looks, (plain.origin[0] + i, plain.origin[1] + j), value)
    return out.getvalue(), names


def _page(sheet: Any, plain: Plain, shape: Shape) -> None:
    """Widths, the head that stays in sight and is repeated on paper, A4 landscape one page wide."""
    wide = widths(plain, shape)
    for col, width in wide.items():
        sheet.set_column(col, col, width)
    for row, height in heights(plain, shape, wide).items():
        sheet.set_row(row, height)
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer("&C&P / &N")
    if shape.head:
        sheet.freeze_panes(shape.head, 0)
        sheet.repeat_rows(shape.top - 1, shape.head - 1)


def _put(sheet: Any, plain: Plain, shape: Shape, looks: Looks, at: tuple[int, int], value: Any) -> None:
    role = shape.role(at)
    shown = plain.texts.get(at, value)
    if at in plain.sums:
        sheet.write_formula(at[0] - 1, at[1] - 1, plain.sums[at], looks.get(role, "number"), shown)
    else:
        _write(sheet, at, shown, looks, role)


def _name(name: str, taken: set[str]) -> str:
    base = name.translate(FORBIDDEN).strip("'")[:31] or "Sheet"
    lower = {t.lower() for t in taken}
    return next(n for n in (base, *(f"{base[:28]}_{i}" for i in range(2, 1000))) if n.lower() not in lower)


def _write(sheet: Any, at: tuple[int, int], value: Any, looks: Looks, role: str) -> None:
    row, col = at[0] - 1, at[1] - 1
    if row >= 1_048_576 or col >= 16_384:
        return
    if value is None or value == "":
        if role in BOXED:
            sheet.write_blank(row, col, None, looks.get(role))
    elif isinstance(value, bool):
        sheet.write_boolean(row, col, value, looks.get(role))
    elif isinstance(value, int | float) and abs(value) < 1e300:
        sheet.write_number(row, col, value, looks.get(role, "number"))
    elif isinstance(value, datetime):
        sheet.write_datetime(row, col, value, looks.get(role, "moment" if value.time() != time() else "day"))
    elif isinstance(value, date):
        sheet.write_datetime(row, col, datetime(value.year, value.month, value.day), looks.get(role, "day"))  # noqa: DTZ001 - a civil date
    elif isinstance(value, time | timedelta):
        sheet.write_string(row, col, str(value), looks.get(role, "text"))
    else:
        sheet.write_string(row, col, str(value)[:32_767], looks.get(role, "text"))
