"""The values of a workbook through calamine: in go its bytes, out come per sheet origin and rows as calamine gives them.

Rows are cleaned of what no document may hold: characters XML forbids become U+FFFD, NaN and infinity become errors.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from io import BytesIO
from itertools import chain
from math import isfinite
from typing import Any

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from pipeline.reading.limits import Limits, too_big
from pipeline.reading.raw import Address

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
HIDDEN = ((SheetVisibleEnum.Hidden, "hidden"), (SheetVisibleEnum.VeryHidden, "veryHidden"))


@dataclass(slots=True)
class Values:
    name: str
    visible: str
    is_table: bool  # a worksheet, not a chart, dialog or macro sheet
    origin: Address = (1, 1)
    rows: list[list[Any]] = field(default_factory=list)
    merged: tuple[tuple[int, int, int, int], ...] = ()
    errors: dict[Address, str] = field(default_factory=dict)
    filled: int = 0  # cells that are not blank, as the reader gave them


def read_values(data: bytes, most_sheets: int) -> list[Values]:
    """Every sheet of the workbook in order; CalamineError when it cannot be read; Refused WBK-018 over `most_sheets`."""
    with CalamineWorkbook.from_filelike(BytesIO(data)) as book:
        described = book.sheets_metadata
        if len(described) > most_sheets:
            raise too_big("sheets", most_sheets)
        found = []
        for index, about in enumerate(described):
            values = Values(
                about.name,
                _visible(about.visible),
                about.typ == SheetTypeEnum.WorkSheet,
            )
            if values.is_table:
                sheet = book.get_sheet_by_index(index)
                if sheet.start is not None:
                    values.origin = (sheet.start[0] + 1, sheet.start[1] + 1)
                    values.rows = sheet.to_python()
                    values.filled = sum([len(row) - row.count("") for row in values.rows])
                values.merged = tuple((a + 1, b + 1, c + 1, d + 1) for (a, b), (c, d) in sheet.merged_cell_ranges or ())
            found.append(values)
    return found


def _visible(visible: SheetVisibleEnum) -> str:
    return "visible" if visible == SheetVisibleEnum.Visible else next(w for e, w in HIDDEN if visible == e)


def clean(values: Values, limits: Limits) -> None:
    """Replace forbidden characters, fold CR LF, take NaN and infinity out; Refused WBK-018 for a text no cell can hold.

    Every number is a float afterwards: .xls keeps whole numbers apart, and no table may read otherwise for that.
    """
    flat = list(chain.from_iterable(values.rows))
    if int in set(map(type, flat)):
        values.rows = [[_one_kind(value) for value in row] for row in values.rows]
        flat = list(chain.from_iterable(values.rows))
    texts = [value for value in flat if value.__class__ is str]
    together = "".join(texts)
    odd = _odd_signs(together) or (len(together) > limits.text and len(max(texts, key=len)) > limits.text)
    if not odd and isfinite(sum([value for value in flat if value.__class__ is float])):  # one NaN spoils a sum
        return
    for i, row in enumerate(values.rows):
        for j, value in enumerate(row):
            if value.__class__ is str:
                row[j] = clean_text(value, limits)
            elif value.__class__ is float and not isfinite(value):
                row[j] = ""
                values.errors[values.origin[0] + i, values.origin[1] + j] = "#NUM!"


def _odd_signs(text: str) -> bool:
    if text.replace("\n", "").replace("\u3000", "").isprintable():  # no such sign is
        return False
    return FORBIDDEN.search(text) is not None or "\r" in text


def _one_kind(value: Any) -> Any:
    return float(value) if value.__class__ is int else value


def clean_text(text: str, limits: Limits) -> str:
    if len(text) > limits.text:
        raise too_big("text", limits.text)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return FORBIDDEN.sub("\ufffd", text)


def spread(values: Values, rows: list[int], cols: list[int]) -> None:
    """Undo `compacted`: put each row and column back where it stood; blank rows are one shared empty list."""
    near, blank = values.rows, []  # type: list[list[Any]], list[Any]
    top, left = rows[0], cols[0]
    far = [blank] * (rows[-1] - top + 1)
    start_row, start_col = values.origin[0] - 1, values.origin[1] - 1
    for i, line in enumerate(near):
        last = max((j for j, value in enumerate(line) if value != ""), default=-1)
        if last < 0:
            continue
        wide: list[Any] = [""] * (cols[start_col + last] - left + 1)
        for j in range(last + 1):
            wide[cols[start_col + j] - left] = line[j]
        far[rows[start_row + i] - top] = wide
    values.rows, values.origin = far, (top, left)
    values.errors = {(rows[r - 1], cols[c - 1]): text for (r, c), text in values.errors.items()}
