"""A sheet's bare values in; where its table stands, how wide its columns are and how each cell looks, out."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.model import EMPTY

NARROW, WIDE = 6.0, 24.0
FEW = 3  # filled cells that make a row part of a table
LINE, TITLE, MOST = 15.0, 24.0, 20  # points, points, lines of a row
AMOUNT = re.compile(r"^[0-9][0-9,]*(\.[0-9]+)?$")
BOXED = {"head", "body"}
FACES: Mapping[str, Mapping[str, Any]] = {
    "head": {"bold": True, "bg_color": "#E8EEF4", "align": "center"},
    "title": {"bold": True, "font_size": 14},
}
NUMBERS = {"day": "yyyy-mm-dd", "moment": "yyyy-mm-dd hh:mm:ss", "text": "@"}


@dataclass(frozen=True, slots=True)
class Plain:
    """One sheet: rows[i][j] stands at Excel (origin row + i, origin column + j); `texts`: what error cells show;
    `sums`: formulas to keep, so that a total follows when a figure is mended; `head`: its (last) head row, 0 unknown."""

    name: str
    origin: tuple[int, int]
    rows: Sequence[Sequence[Any]]
    texts: Mapping[tuple[int, int], str] = EMPTY
    hidden: bool = False
    sums: Mapping[tuple[int, int], str] = EMPTY
    head: int = 0


@dataclass(frozen=True, slots=True)
class Shape:
    """A table's place in Excel rows and columns: heads `top`–`head`, data to `last`, columns `left`–`right`; head 0: none."""

    top: int = 0
    head: int = 0
    last: int = 0
    left: int = 0
    right: int = 0

    def role(self, at: tuple[int, int]) -> str:
        """head body (boxed), title (a line above the heads) or loose."""
        row, col = at
        if self.head and row < self.top:
            return "title" if row == 1 else "loose"
        if not self.top <= row <= self.last or not self.left <= col <= self.right or not self.head:
            return "loose"
        return "head" if row <= self.head else "body"


class Looks:
    """Cell formats of one workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[str, str], Any] = {}

    def get(self, role: str, kind: str = "") -> Any:
        if (role, kind) not in self._made:
            boxed: Mapping[str, Any] = (
                {"border": 1, "border_color": "#B8C2CC", "text_wrap": True} if role in BOXED else {}
            )
            number = {"num_format": NUMBERS[kind]} if kind in NUMBERS else {}
            self._made[role, kind] = self._book.add_format(
                {"valign": "vcenter", **boxed, **FACES.get(role, {}), **number}
            )
        return self._made[role, kind]


def table_of(plain: Plain) -> Shape:
    """The table of a sheet: from its known head, else the first row with a few filled cells, to the last such row."""
    full = [plain.origin[0] + i for i, row in enumerate(plain.rows) if len(_filled(row)) >= FEW]
    sums = [plain.origin[0] + i for i, row in enumerate(plain.rows) if len(_filled(row)) > 1 and any(map(_figure, row))]
    head = plain.head or next(iter(full), 0)
    if not head or not 0 <= head - plain.origin[0] < len(plain.rows):
        return Shape()
    top = head
    while top - 1 in full and plain.head:
        top -= 1
    spread = [j for i in range(top, head + 1) for j in _filled(plain.rows[i - plain.origin[0]])]
    if not spread:
        return Shape()
    left = plain.origin[1]
    return Shape(top, head, max([head, *full, *sums]), left + min(spread), left + max(spread))


def _figure(value: Any) -> bool:
    """Is it a number, as a total is, and not a name or a signature?"""
    return not isinstance(value, bool) and (isinstance(value, int | float) or bool(AMOUNT.match(str(value or ""))))


def _filled(row: Sequence[Any]) -> list[int]:
    return [j for j, value in enumerate(row) if value not in (None, "")]


def widths(plain: Plain, shape: Shape) -> dict[int, float]:
    """0-based column -> a width its cells can be read at: longer texts wrap, titles run over, heads take two lines."""
    widest: dict[int, float] = {}
    for i, row in enumerate(plain.rows):
        filled = _filled(row)
        if len(filled) < 2:
            continue
        for j in filled:
            at = (plain.origin[0] + i, plain.origin[1] + j)
            role = shape.role(at)
            if shape.head and role not in BOXED:
                continue
            units = _units(str(row[j])) / (2 if role == "head" else 1) + 2
            widest[at[1] - 1] = max(widest.get(at[1] - 1, NARROW), min(units, WIDE))
    return widest


def heights(plain: Plain, shape: Shape, wide: Mapping[int, float]) -> dict[int, float]:
    """0-based row -> points its wrapped cells need: not every program grows a row by itself when it opens a file."""
    needed: dict[int, float] = {}
    for i, row in enumerate(plain.rows):
        number, most = plain.origin[0] + i, 1
        for j in _filled(row):
            at = (number, plain.origin[1] + j)
            if shape.role(at) in BOXED:
                room = max(wide.get(at[1] - 1, NARROW) - 1, 2)
                most = max(most, math.ceil(_units(str(row[j])) / room))
        title = shape.role((number, plain.origin[1])) == "title"
        needed[number - 1] = TITLE if title else min(most, MOST) * LINE + 3
    return needed


def _units(text: str) -> int:
    return max((sum(2 if ord(c) > 255 else 1 for c in line) for line in text.split("\n")), default=0)
