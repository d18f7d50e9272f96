"""A walk over BIFF12 records: in go the parts of an .xlsb, out come per sheet what the reader does not tell.

Values are calamine's; this sees hidden rows and columns, filters, merges, errors, which cells are formulas, the date system.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from pipeline.reading.limits import Limits, damaged, too_big
from pipeline.reading.prescan_biff import ERRORS
from pipeline.reading.prescan_package import Parts, find_part, relations
from pipeline.reading.raw import Address

ROW, CELL_ERROR, COLUMN, FILTERED, MERGED, PROPERTIES, SHEET = 0, 3, 60, 163, 176, 153, 156
FORMULAS = frozenset((8, 9, 10, 11))  # with a text, a number, a truth value or an error as result
FORMULA_ERROR = 11
LAST_ROW, LAST_COL = 1_048_576, 16_384


@dataclass(slots=True)
class Scan12:
    errors: dict[Address, str] = field(default_factory=dict)
    formulas: dict[Address, str] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_cols: set[int] = field(default_factory=set)
    filtered: bool = False


def records(part: bytes) -> Iterator[tuple[int, bytes]]:
    """Type and body of each record; Refused WBK-007 when one reaches beyond the part."""
    at, end = 0, len(part)
    while at < end:
        kind, at = _number(part, at, 2)
        size, at = _number(part, at, 4)
        if at + size > end:
            raise damaged("truncated")
        yield kind, part[at : at + size]
        at += size


def _number(part: bytes, at: int, longest: int) -> tuple[int, int]:
    """A number of at most `longest` bytes, seven bits each, the lowest first: (it, where it ends)."""
    value = 0
    for i in range(longest):
        if at + i >= len(part):
            raise damaged("truncated")
        byte = part[at + i]
        value |= (byte & 0x7F) << (7 * i)
        if not byte & 0x80:
            return value, at + i + 1
    return value, at + longest


def walk12(parts: Parts, limits: Limits) -> tuple[dict[str, Scan12], bool]:
    """(sheet name -> what its part shows, 1904 dates?). A sheet whose part is not there is left out."""
    main = find_part(parts, "xl/workbook.bin")
    targets = {key: find_part(parts, target) for key, kind, target, _ in relations(parts, main) if kind == "worksheet"}
    found: dict[str, Scan12] = {}
    date1904 = False
    for kind, body in records(parts.get(main, b"")):
        if kind == PROPERTIES and body:
            date1904 = bool(body[0] & 1)
        elif kind == SHEET:
            key, at = _text(body, 8)
            name, _ = _text(body, at)
            if targets.get(key):
                found[name] = scan12(parts[targets[key]], limits)
    return found, date1904


def _text(body: bytes, at: int) -> tuple[str, int]:
    if at + 4 > len(body):
        raise damaged("truncated")
    count = struct.unpack_from("<I", body, at)[0]
    if count == 0xFFFFFFFF:
        return "", at + 4
    return body[at + 4 : at + 4 + 2 * count].decode("utf-16-le", "replace"), at + 4 + 2 * count


def scan12(part: bytes, limits: Limits) -> Scan12:
    """One worksheet part; Refused WBK-007 when a record is too short to be what it says, WBK-018 for too many merges."""
    seen = Scan12()
    row = 0
    try:
        for kind, body in records(part):
            if kind == ROW:
                row = struct.unpack_from("<I", body)[0] + 1
                if body[11] & 0x10:
                    seen.hidden_rows.add(row)
            elif kind == CELL_ERROR or kind in FORMULAS:
                _cell(seen, kind, row, body)
            elif kind == COLUMN:
                low, high = struct.unpack_from("<II", body)
                if body[16] & 1:
                    seen.hidden_cols.update(range(low + 1, min(high + 1, LAST_COL) + 1))
            elif kind == MERGED:
                _merge(seen, body, limits)
            elif kind == FILTERED:
                seen.filtered = True
    except (struct.error, IndexError):
        raise damaged("truncated") from None
    return seen


def _cell(seen: Scan12, kind: int, row: int, body: bytes) -> None:
    spot = (row, struct.unpack_from("<I", body)[0] + 1)
    if kind in FORMULAS:
        seen.formulas[spot] = ""
    if kind in (CELL_ERROR, FORMULA_ERROR):
        seen.errors[spot] = ERRORS.get(body[8], ERRORS[42])


def _merge(seen: Scan12, body: bytes, limits: Limits) -> None:
    first, last, left, right = struct.unpack_from("<4I", body)
    area = (first + 1, left + 1, min(last + 1, LAST_ROW), min(right + 1, LAST_COL))
    if last > first and (area[2] - first) * (area[3] - left) > limits.span:
        raise too_big("span", limits.span)
    seen.merged.append(area)
    if len(seen.merged) > limits.merges:
        raise too_big("merges", limits.merges)
