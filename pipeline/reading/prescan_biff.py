"""A walk over BIFF records: in goes the Workbook stream of an .xls, out come flags, bounds and exceptional cells.

Values are calamine's; this sees what it does not tell: encryption, date system, hidden rows and columns, errors, formulas.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from pipeline.reading.limits import damaged
from pipeline.reading.raw import Address

BOF, EOF, FILEPASS, DATEMODE, BOUNDSHEET, SUPBOOK, NAME = 0x809, 0x0A, 0x2F, 0x22, 0x85, 0x1AE, 0x18
ROW, COLINFO, FORMULA, BOOLERR, NUMBER, RK, MULRK, LABEL, LABELSST, RSTRING, AUTOFILTER = (
    0x208, 0x7D, 0x06, 0x205, 0x203, 0x27E, 0xBD, 0x204, 0xFD, 0xD6, 0x9E,
)  # fmt: skip
ONE_CELL = frozenset((NUMBER, RK, LABEL, LABELSST, RSTRING))
ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
WORKSHEET, MACRO = 0, 1


@dataclass(slots=True)
class SheetScan:
    filled: int = 0
    first: Address = (65_536, 256)
    last: Address = (0, 0)
    errors: dict[Address, str] = field(default_factory=dict)
    formulas: set[Address] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_cols: set[int] = field(default_factory=set)
    filtered: bool = False

    @property
    def area(self) -> int:
        return (self.last[0] - self.first[0] + 1) * (self.last[1] - self.first[1] + 1) if self.last[0] else 0


@dataclass(slots=True)
class Walk:
    biff8: bool = True
    encrypted: bool = False
    date1904: bool = False
    macro_sheets: bool = False
    links: bool = False
    names: dict[str, str] = field(default_factory=dict)
    sheets: dict[str, SheetScan] = field(default_factory=dict)


def records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Records from an offset to the end of its substream; Refused WBK-007 when one reaches beyond the stream."""
    depth = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        body = stream[at + 4 : at + 4 + length]
        if len(body) < length:
            raise damaged("truncated")
        at += 4 + length
        yield kind, body
        depth += 1 if kind == BOF else -1 if kind == EOF else 0
        if depth == 0:
            return
    raise damaged("truncated")


def is_encrypted(stream: bytes) -> bool:
    """FILEPASS among the first records of the workbook."""
    for kind, _ in records(stream, 0):
        if kind == FILEPASS:
            return True
        if kind == BOUNDSHEET:
            return False
    return False


def walk(stream: bytes) -> Walk:
    """The whole stream; Refused WBK-007 when records do not fit or a sheet is not where the workbook says."""
    found = Walk()
    places: list[tuple[str, int, int]] = []
    for kind, body in records(stream, 0):
        if kind == BOF:
            found.biff8 = struct.unpack_from("<H", body)[0] >= 0x600
        elif kind == FILEPASS:
            found.encrypted = True
            return found
        elif kind == DATEMODE:
            found.date1904 = body[:2] == b"\x01\0"
        elif kind == BOUNDSHEET:
            places.append(
                (_sheet_name(body, found.biff8), struct.unpack_from("<I", body)[0], body[5] if len(body) > 5 else 0)
            )
        elif kind == SUPBOOK and found.biff8:
            found.links |= body[2:4] not in (b"\x01\x04", b"\x01\x3a")
        elif kind == NAME and found.biff8:
            _name(body, found.names)
    found.macro_sheets = any(kind == MACRO for _, _, kind in places)
    for name, at, kind in places:
        if kind == WORKSHEET:
            found.sheets[name] = _sheet(stream, at)
    return found


def _sheet_name(body: bytes, biff8: bool) -> str:
    if not biff8:
        return body[7 : 7 + body[6]].decode("gb18030", "replace")
    return _text(body, 8, body[6], body[7])


def _text(body: bytes, at: int, count: int, flags: int) -> str:
    if flags & 1:
        return body[at : at + 2 * count].decode("utf-16-le", "replace")
    return body[at : at + count].decode("latin-1")


def _name(body: bytes, names: dict[str, str]) -> None:
    """A defined name holding a text constant (ours do); references are left out."""
    if len(body) < 16 or body[0] & 0x20:
        return
    count, size = body[3], struct.unpack_from("<H", body, 4)[0]
    wide = body[14] & 1
    name = _text(body, 15, count, wide)
    formula = body[15 + count * (2 if wide else 1) :][:size]
    if len(formula) > 3 and formula[0] == 0x17:
        names[name] = '"' + _text(formula, 3, formula[1], formula[2]) + '"'


def _sheet(stream: bytes, at: int) -> SheetScan:
    found = SheetScan()
    if stream[at : at + 2] not in (b"\x09\x08", b"\x09\x04", b"\x09\x02"):
        raise damaged("sheets")
    for kind, body in records(stream, at):
        if kind in ONE_CELL:
            _fill(found, body)
        elif kind == MULRK:
            _row, col = struct.unpack_from("<HH", body)
            last = struct.unpack_from("<H", body, len(body) - 2)[0]
            found.filled += max(0, last - col)
            _fill(found, body)
            found.last = (found.last[0], max(found.last[1], last + 1))
        elif kind == FORMULA:
            _formula(found, body)
        elif kind == BOOLERR:
            _boolean(found, body)
        elif kind == ROW and len(body) >= 14 and body[12] & 0x20:
            found.hidden_rows.add(struct.unpack_from("<H", body)[0] + 1)
        elif kind == COLINFO and len(body) >= 10 and body[8] & 1:
            low, high = struct.unpack_from("<HH", body)
            found.hidden_cols.update(range(low + 1, min(high, 255) + 2))
        elif kind == AUTOFILTER:
            found.filtered = True
    return found


def _fill(found: SheetScan, body: bytes) -> None:
    row, col = struct.unpack_from("<HH", body)
    found.filled += 1
    found.first = (min(found.first[0], row + 1), min(found.first[1], col + 1))
    found.last = (max(found.last[0], row + 1), max(found.last[1], col + 1))


def _formula(found: SheetScan, body: bytes) -> None:
    row, col = struct.unpack_from("<HH", body)
    found.formulas.add((row + 1, col + 1))
    if body[12:14] == b"\xff\xff" and body[6] == 2:
        found.errors[row + 1, col + 1] = ERRORS.get(body[8], "#N/A")
    elif not (body[12:14] == b"\xff\xff" and body[6] == 3):
        _fill(found, body)


def _boolean(found: SheetScan, body: bytes) -> None:
    row, col = struct.unpack_from("<HH", body)
    if body[7]:
        found.errors[row + 1, col + 1] = ERRORS.get(body[6], "#N/A")
    else:
        _fill(found, body)
