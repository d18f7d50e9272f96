"""A blank form in, a clerk's steps at the keyboard out: which cell belongs to which column heading is read off the sheet."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

import openpyxl

from tests.office.lo import Step, save

HEADINGS = (5, 4)  # the table's headings; those over grouped columns stand one row higher
COVER = "封面"


class Clerk:
    """Fills one blank workbook. Rows are Excel rows; columns are named as the sheet names them."""

    def __init__(self, blank: bytes) -> None:
        self.book = openpyxl.load_workbook(io.BytesIO(blank))
        self.steps: list[Step] = []
        self._sheet = ""

    def cell(self, sheet: str, row: int, title: str) -> str:
        """("申报表", 7, "姓名") -> "B7"; on sheets of labelled values the row is that of the label."""
        ws = self.book[sheet]
        if not row:
            row = next(r for r in range(1, ws.max_row + 1) if ws.cell(r, 1).value == title)
            return f"B{row}"
        heads = {
            str(ws.cell(h, c).value): c for h in HEADINGS for c in range(1, ws.max_column + 1) if ws.cell(h, c).value
        }
        return f"{openpyxl.utils.get_column_letter(heads[title])}{row}"

    def _on(self, sheet: str) -> None:
        if sheet != self._sheet:
            self.steps.append(("sheet", sheet))
            self._sheet = sheet

    def type(self, sheet: str, row: int, values: Mapping[str, object]) -> None:
        """Values by column heading; None empties the cell."""
        self._on(sheet)
        for title, value in values.items():
            place = self.cell(sheet, row, title)
            self.steps.append(("clear", place) if value is None else ("type", place, str(value)))

    def label(self, sheet: str, values: Mapping[str, object]) -> None:
        """Values beside their labels (cover, summary)."""
        self._on(sheet)
        for title, value in values.items():
            place = self.cell(sheet, 0, title)
            self.steps.append(("clear", place) if value is None else ("type", place, str(value)))

    def answer(self, **forms: str) -> None:
        """What the cover is told of each form."""
        self._on(COVER)
        ws = self.book[COVER]
        for form, said in forms.items():
            row = next(r for r in range(1, ws.max_row + 1) if ws.cell(r, 1).value == form)
            self.steps.append(("type", f"C{row}", said))

    def over(self, sheet: str, place: str, value: str, look: str = "") -> None:
        """What nobody should: take the protection off, change the number format, type over the cell."""
        self._on(sheet)
        self.steps.append(("unlock",))
        if look:
            self.steps.append(("format", place, look))
        self.steps.append(("type", place, value))

    def filed(self, blank: Path, *targets: Path) -> list[Step]:
        return [("open", str(blank)), *self.steps, *(save(t) for t in targets), ("close",)]
