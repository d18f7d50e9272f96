"""Cells and ranges as a worksheet's XML writes them in; rows and columns out, and no range larger than a file may ask for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from pipeline.reading.limits import Limits, too_big
from pipeline.reading.raw import Address

Area = tuple[int, int, int, int]  # first row, first column, last row, last column
MAX_ROW, MAX_COL = 1_048_576, 16_384
AREA = re.compile(rb"\$?([A-Za-z]*)\$?([0-9]*)(?::\$?([A-Za-z]*)\$?([0-9]*))?\Z")


@lru_cache(maxsize=4096)
def column(letters: bytes) -> int:
    """b'C' -> 3; beyond any sheet for four letters and more."""
    if len(letters) > 3:
        return MAX_COL + 1
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def place(letters: bytes, number: bytes) -> Address:
    return int(number), column(letters)


@lru_cache(maxsize=4096)  # the same template, file after file
def parse_area(ref: bytes) -> Area | None:
    """b'A1:C3' -> (1, 1, 3, 3); whole columns and rows reach to the sheet's end; None for nonsense."""
    hit = AREA.match(ref)
    if not hit or not ref or len(ref) > 40:
        return None
    left, top, right, bottom = hit.groups()
    if right is None and bottom is None:
        right, bottom = left, top
    corner = (int(top or 1), column(left) if left else 1)
    end = (int(bottom or MAX_ROW), column(right) if right else MAX_COL)
    return (min(corner[0], end[0]), min(corner[1], end[1]), max(corner[0], end[0]), max(corner[1], end[1]))


def areas(pattern: re.Pattern[bytes], xml: bytes) -> Iterator[Area]:
    """The ranges that the one group of `pattern` finds; nonsense is passed over."""
    return (area for hit in pattern.finditer(xml) if (area := parse_area(hit[1])))


def within(ranges: Iterable[Area], limits: Limits, most: int = 0) -> tuple[Area, ...]:
    """The ranges; Refused WBK-018 when one is too large, or when there are more than `most` (0 = as many as you like).

    A range of one row may span the sheet: clerks merge a title over the whole row.
    """
    kept: list[Area] = []
    for area in ranges:
        top, left, bottom, right = area
        if bottom > top and (bottom - top + 1) * (right - left + 1) > limits.span:
            raise too_big("span", limits.span)
        kept.append(area)
        if most and len(kept) > most:
            raise too_big("merges", most)
    return tuple(kept)
