"""The pre-scan: in goes the inflated XML of one worksheet, out come its exceptional cells, its bounds and its counts.

A C-speed scan by regular expressions, not a second reader: it never yields an ordinary value. It relies on what all
common programs write (`<c r="A1" …>`, no prefix, no comments); anything else goes through prescan_canon first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from pipeline.model import column_letters
from pipeline.reading.limits import Limits, damaged, too_big
from pipeline.reading.prescan_text import BLOCK, plain_text
from pipeline.reading.raw import Address

MAX_ROW, MAX_COL = 1_048_576, 16_384
SMALL_ROWS, SMALL_COLS = 1000, 200
MODEST = 32_768  # bytes worth remembering

FILLED = re.compile(
    rb'<c r="([A-Z]+)([0-9]+)"[^>]*(?<!/)>\s*(?:<f[^>]*(?:/>|>[^<]*</f>)\s*)?<(?:v(?:\s[^>]*)?>([^<]?)|is[ >])'
)
FORMULA = re.compile(
    rb'<c r="([A-Z]+)([0-9]+)"([^>]*)>\s*(?:<v[^>]*>[^<]*</v>\s*)?<f([^>]*?)(?:/>|>([^<]*)</f>)\s*(?:<v[^>]*?(?:/>|>([^<]*)</v>))?'
)
ERROR = re.compile(rb'<c r="([A-Z]+)([0-9]+)"([^>]*\bt="e"[^>]*)>(.*?)</c>', re.S)
VALUE = re.compile(rb"<v[^>]*>([^<]*)</v>")
ROW = re.compile(rb"<row\b([^>]*)>")
ROW_NUMBER = re.compile(rb'<row\b[^>]*?\sr="([0-9]+)"')
FAR_CELL = re.compile(rb'<c r="(?:[A-Z]{3}|[H-Z][A-Z]|G[S-Z]|[A-Z]+[0-9]{5})')  # beyond GR9999
COL = re.compile(rb"<col\s([^>]*)>")
UNSEEN = re.compile(rb'\s(?:hidden="(?:1|true)|(?:width|ht)="0)')  # what a hidden row or column shows
MERGE = re.compile(rb'<mergeCell\b[^>]*\bref="([^"]*)"')
LINK = re.compile(rb'<hyperlink\b[^>]*\bref="([^"]*)"')
DIMENSION = re.compile(rb'<dimension\b[^>]*\bref="([^"]*)"')
AREA = re.compile(rb"\$?([A-Za-z]*)\$?([0-9]*)(?::\$?([A-Za-z]*)\$?([0-9]*))?\Z")


@dataclass(slots=True)
class Scan:
    """What one worksheet's XML shows without reading its values. `filled`: cells with a value, error cells apart."""

    first: Address = (MAX_ROW, MAX_COL)
    last: Address = (0, 0)
    filled: int = 0
    rows: set[bytes] = field(default_factory=set)
    cols: set[bytes] = field(default_factory=set)
    errors: dict[Address, str] = field(default_factory=dict)
    formulas: dict[Address, str] = field(default_factory=dict)
    uncached: set[Address] = field(default_factory=set)
    pictures: set[Address] = field(default_factory=set)
    merged: tuple[tuple[int, int, int, int], ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_cols: frozenset[int] = frozenset()
    filtered: bool = False
    oversized: bool = False

    @property
    def area(self) -> int:
        if not self.last[0]:
            return 0
        return (self.last[0] - self.first[0] + 1) * (self.last[1] - self.first[1] + 1)


def is_plain(xml: bytes) -> bool:
    """Whether the fast patterns may be trusted: every cell is written `<c r="…`, nothing is prefixed or hidden."""
    if b"<!" in xml or b":sheetData" in xml or b"='" in xml or xml.find(b"<?", 5) >= 0:
        return False  # comments and CDATA, prefixes, single quotes, instructions
    start = max(0, xml.find(b"<sheetData"))
    end = max(start, xml.rfind(b"</sheetData>"))
    return xml.count(b'<c r="', start, end) == xml.count(b"<c", start, end)


def scan(xml: bytes, limits: Limits, texts: Sequence[bytes] | None = None) -> Scan:
    """Scan one plain worksheet; Refused WBK-018 over a limit, WBK-007 for cells no worksheet has.

    `texts`: the formulas, where `folded` took them out of `xml`.
    """
    found = Scan()
    if not _small(xml, found):
        for block in blocks(xml):
            _cells(block, found)
            if found.filled > limits.cells:
                raise too_big("cells", limits.cells)
            if len(found.rows) > limits.rows:
                raise too_big("rows", limits.rows)
        _bounds(found)
        found.oversized = _oversized(xml, found)
    _formulas(xml, found, texts)
    _errors(xml, found)
    _hidden(xml, found)
    rest = xml[max(0, xml.rfind(b"</sheetData>")) :]
    found.merged, found.filtered = (_rest if len(rest) <= MODEST else _rest.__wrapped__)(rest, limits)
    return found


@lru_cache(maxsize=256)  # what stands below the cells is the template's: file after file the same
def _rest(xml: bytes, limits: Limits) -> tuple[tuple[tuple[int, int, int, int], ...], bool]:
    merged = spans(MERGE, xml, limits)
    if b"<hyperlink" in xml:
        spans(LINK, xml, limits)
    return merged, b"<filterColumn" in xml


def _small(xml: bytes, found: Scan) -> bool:
    """The common case: every cell, filled or not, lies within 1000 rows and 200 columns; then counting is enough."""
    dimension = DIMENSION.search(xml, 0, 4096)
    area = parse_area(dimension[1]) if dimension else None
    if len(xml) > BLOCK or (area and (area[2] > SMALL_ROWS or area[3] > SMALL_COLS)) or b"<v " in xml or b"<is " in xml:
        return False
    rows = [piece[: piece.find(b'"', 0, 9)] for piece in xml.split(b'<row r="')[1:]]
    if xml.count(b"<row") != len(rows) or not all(map(bytes.isdigit, rows)) or FAR_CELL.search(xml):
        return False
    last = max(map(int, rows), default=0)
    if last > SMALL_ROWS:
        return False
    found.first, found.last = (1, 1), (last, SMALL_COLS if last else 0)
    found.filled = xml.count(b"<v>") - xml.count(b"<v></v>") + xml.count(b"<is>")
    return True


def blocks(xml: bytes) -> Iterator[bytes]:
    """The XML in pieces of about 4 MB, cut after a row, so that no scan needs memory for a million cells at once."""
    at = 0
    while len(xml) - at > 2 * BLOCK:
        end = xml.find(b"</row>", at + BLOCK)
        if end < 0:
            break
        yield xml[at : end + 6]
        at = end + 6
    yield xml[at:] if at else xml


def _cells(block: bytes, found: Scan) -> None:
    hits = FILLED.findall(block)
    found.cols.update([hit[0] for hit in hits])
    found.rows.update([hit[1] for hit in hits])
    found.filled += len(hits) - [hit[2] for hit in hits].count(b"") + block.count(b"<is>") + block.count(b"<is ")


def _bounds(found: Scan) -> None:
    if not found.rows:
        return
    rows = [int(r) for r in found.rows]
    cols = [column(c) for c in found.cols]
    found.first, found.last = (min(rows), min(cols)), (max(rows), max(cols))
    if found.last[0] > MAX_ROW or found.last[1] > MAX_COL or found.first[0] < 1:
        raise damaged("far")


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


def _formulas(xml: bytes, found: Scan, texts: Sequence[bytes] | None) -> None:
    if b"<f" not in xml:
        return
    shared: dict[bytes, tuple[Address, str]] = {}
    for letters, number, attributes, about, text, value in FORMULA.findall(xml):
        at = place(letters, number)
        formula = plain_text(texts[int(text)] if texts is not None and text else text)
        if b"shared" in about:
            index = _attribute(about, b"si")
            if formula:
                shared[index] = (at, formula)
            elif index in shared:
                start, pattern = shared[index]
                formula = shifted(pattern, at[0] - start[0], at[1] - start[1])
        found.formulas[at] = formula
        if "DISPIMG(" in formula:
            found.pictures.add(at)
        elif not value.strip() and b't="str"' not in attributes:
            found.uncached.add(at)


def _errors(xml: bytes, found: Scan) -> None:
    if b't="e"' not in xml:
        return
    for letters, number, attributes, body in ERROR.findall(xml):
        at = place(letters, number)
        value = VALUE.search(body)
        found.filled -= 1 if value and value[1] else 0
        if b" vm=" in attributes:  # a picture placed in the cell: Excel stores it behind #VALUE!
            found.pictures.add(at)
        elif value:
            found.errors[at] = plain_text(value[1])


def _hidden(xml: bytes, found: Scan) -> None:
    start = xml.find(b"<cols")
    part = xml[start : xml.find(b"</cols>", start)] if start >= 0 else b""
    if UNSEEN.search(part):
        hidden: set[int] = set()
        for attributes in COL.findall(part):
            if _true(attributes, b"hidden") or _attribute(attributes, b"width") in (b"0", b"0.0"):
                low, high = int(_attribute(attributes, b"min") or 0), int(_attribute(attributes, b"max") or 0)
                hidden.update(range(low, min(high, MAX_COL) + 1))
        found.hidden_cols = frozenset(hidden)
    if b"hidden=" in xml or b' ht="0' in xml:
        found.hidden_rows = frozenset(
            int(_attribute(attributes, b"r") or 0)
            for attributes in ROW.findall(xml)
            if _true(attributes, b"hidden") or _attribute(attributes, b"ht") in (b"0", b"0.0")
        )


def _attribute(attributes: bytes, name: bytes) -> bytes:
    hit = re.search(rb"(?:^|\s)" + name + rb'="([^"]*)"', attributes)
    return hit[1] if hit else b""


def _true(attributes: bytes, name: bytes) -> bool:
    return _attribute(attributes, name) in (b"1", b"true")


def spans(pattern: re.Pattern[bytes], xml: bytes, limits: Limits) -> tuple[tuple[int, int, int, int], ...]:
    """Ranges (first row, first column, last row, last column) of one kind; Refused WBK-018 when too many or too large.

    A range of one row may span the sheet: clerks merge a title over the whole row.
    """
    ranges = []
    for ref in pattern.findall(xml):
        area = parse_area(ref)
        if area is None:
            continue
        top, left, bottom, right = area
        if bottom > top and (bottom - top + 1) * (right - left + 1) > limits.span:
            raise too_big("span", limits.span)
        ranges.append(area)
        if len(ranges) > limits.merges and pattern is MERGE:
            raise too_big("merges", limits.merges)
    return tuple(ranges)


@lru_cache(maxsize=4096)  # the same template, file after file
def parse_area(ref: bytes) -> tuple[int, int, int, int] | None:
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


def _oversized(xml: bytes, found: Scan) -> bool:
    """Used range far beyond the data: by the dimension, or by the last (styled, empty) row written."""
    hit = DIMENSION.search(xml, 0, 4096)
    area = parse_area(hit[1]) if hit else None
    if area and (area[2] > found.last[0] + 1000 or area[3] > found.last[1] + 200):
        return True
    tail = ROW_NUMBER.findall(xml, max(0, xml.rfind(b"<row")))
    return bool(tail) and int(tail[-1]) > found.last[0] + 1000


REFERENCE = re.compile(r"(\$?)([A-Z]{1,3})(\$?)([0-9]{1,7})(?![A-Za-z0-9_(.])")
QUOTED = re.compile(r"(\"[^\"]*\"|'[^']*')")


def shifted(formula: str, down: int, right: int) -> str:
    """A shared formula as it reads `down` rows and `right` columns from where it was written."""

    def move(hit: re.Match[str]) -> str:
        before = hit.string[hit.start() - 1 : hit.start()]
        if before.isalnum() or before in ("_", "."):
            return hit[0]
        letters, number = hit[2], hit[4]
        if not hit[1]:
            letters = column_letters(column(letters.encode()) + right)
        if not hit[3]:
            number = str(int(number) + down)
        return f"{hit[1]}{letters}{hit[3]}{number}"

    pieces = QUOTED.split(formula)
    for i in range(0, len(pieces), 2):
        pieces[i] = REFERENCE.sub(move, pieces[i])
    return "".join(pieces)
