"""A formula without a cached value and its sheet in; the sum it states out, when it is a plain sum of numbers."""

from __future__ import annotations

import re
from decimal import Decimal

from pipeline.reading.raw import RawSheet

_SUM = re.compile(r"^=?\s*SUM\(([A-Z0-9$:,\s]+)\)\s*$", re.IGNORECASE)
_PLUS = re.compile(r"^=?\s*\$?[A-Z]{1,3}\$?[0-9]{1,7}(?:\s*\+\s*\$?[A-Z]{1,3}\$?[0-9]{1,7})+\s*$", re.IGNORECASE)
_CELL = re.compile(r"^\$?([A-Z]{1,3})\$?([0-9]{1,7})$", re.IGNORECASE)
MOST = 10_000  # cells in one sum


def recompute(sheet: RawSheet, formula: str) -> Decimal | None:
    """Decimal for SUM(E6:E10,G6) or E6+E7 over plain numbers of this sheet; None for anything else."""
    found = _SUM.match(formula)
    if found:
        parts = [p.strip() for p in found[1].split(",")]
    elif _PLUS.match(formula):
        parts = [p.strip() for p in formula.lstrip("= ").split("+")]
    else:
        return None
    total = Decimal(0)
    for part in parts:
        area = _area(part)
        if area is None:
            return None
        for row, col in area:
            value = sheet.get(row, col)
            if (row, col) in sheet.errors or (row, col) in sheet.uncached:
                return None
            if isinstance(value, bool) or not isinstance(value, int | float):
                if value in ("", None) or found:
                    continue  # SUM passes over text, as Excel does
                return None
            total += Decimal(repr(value))
    return total if total.is_finite() else None


def _area(part: str) -> list[tuple[int, int]] | None:
    ends = [_CELL.match(p) for p in part.split(":")]
    if not all(ends) or len(ends) > 2:
        return None
    spots = [(int(m[2]), _column(m[1])) for m in ends if m]
    (top, left), (bottom, right) = spots[0], spots[-1]
    if (abs(bottom - top) + 1) * (abs(right - left) + 1) > MOST:
        return None
    return [
        (r, c)
        for r in range(min(top, bottom), max(top, bottom) + 1)
        for c in range(min(left, right), max(left, right) + 1)
    ]


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number
