"""The pre-scan: in goes the inflated XML of one worksheet, out come its exceptional cells, its bounds and its counts.

A C-speed scan by regular expressions, not a second reader: it never yields an ordinary value. It relies on what all
common programs write (`<c r="A1" …>`, no prefix, no comments); anything else goes through prescan_canon first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from pipeline.model import column_letters
from pipeline.reading.limits import Limits, damaged, too_big
from pipeline.reading.prescan_areas import MAX_COL, MAX_ROW, Area, areas, column, parse_area, place, within
from pipeline.reading.prescan_text import BLOCK, Parted, parted, plain_text
from pipeline.reading.raw import Address

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
    merged: tuple[Area, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_cols: frozenset[int] = frozenset()
    filtered: bool = False
    oversized: bool = False

    @property
    def area(self) -> int:
        if not self.last[0]:
            return 0
        return (self.last[0] - self.first[0] + 1) * (self.last[1] - self.first[1] + 1)


def is_plain(xml: bytes | Parted) -> bool:
    """Whether the fast patterns may be trusted: every cell is written `<c r="…`, nothing is prefixed or hidden."""
    sheet = parted(xml) if isinstance(xml, bytes) else xml
    if sheet.whole:
        start = max(0, sheet.body.find(b"<sheetData"))
        cells, plain = sheet.body[start : max(start, sheet.body.rfind(b"</sheetData>"))], _plain(sheet.body, 5)
    else:
        cells, plain = sheet.body, _plain_body(sheet.body) and _head(sheet.head).plain and _tail(sheet.tail).plain
    return plain and cells.count(b'<c r="') == cells.count(b"<c")


def _plain(xml: bytes, start: int = 0) -> bool:
    """Without comments and CDATA, prefixes, single quotes, instructions."""
    return not (b"<!" in xml or b":sheetData" in xml or b"='" in xml or xml.find(b"<?", start) >= 0)


def _plain_body(xml: bytes) -> bool:
    """The same for cells, where the signs themselves are rare: one sign is found much faster than two."""
    return not (
        (b"!" in xml and b"<!" in xml)
        or (b"'" in xml and b"='" in xml)
        or (b"?" in xml and b"<?" in xml)
        or b":sheetData" in xml
    )


def scan(xml: bytes | Parted, limits: Limits) -> Scan:
    """Scan one plain worksheet; Refused WBK-018 over a limit, WBK-007 for cells no worksheet has."""
    found, sheet = Scan(), parted(xml) if isinstance(xml, bytes) else xml
    head, tail = _head(sheet.head), _tail(sheet.tail)
    if not _small(sheet.body, head.area, found):
        for block in blocks(sheet.body):
            _cells(block, found)
            if found.filled > limits.cells:
                raise too_big("cells", limits.cells)
            if len(found.rows) > limits.rows:
                raise too_big("rows", limits.rows)
        _bounds(found)
        found.oversized = _oversized(sheet.body, head.area, found)
    _formulas(sheet.body, found, sheet.texts)
    _errors(sheet.body, found)
    _hidden(sheet.body, found)
    found.hidden_cols = head.hidden_cols
    found.merged = within(tail.merged, limits, limits.merges)
    within(tail.links, limits)
    found.filtered = tail.filtered
    return found


@dataclass(frozen=True, slots=True)
class _Head:
    """What stands before the cells."""

    plain: bool
    area: Area | None
    hidden_cols: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Tail:
    """What stands after the cells."""

    plain: bool
    merged: Iterable[Area]
    links: Iterable[Area]
    filtered: bool


def _head(xml: bytes) -> _Head:
    return _read_head(xml) if len(xml) <= MODEST else _read_head.__wrapped__(xml)


def _tail(xml: bytes) -> _Tail:
    """Remembered up to the footer, which names the unit; whole where the footer is followed by what ought to precede it."""
    cut = xml.find(b"<headerFooter")
    footer = xml[cut:] if cut >= 0 else b""
    if len(xml) > MODEST or b"<mergeCell" in footer or b"<hyperlink" in footer or b"<filterColumn" in footer:
        return _Tail(_plain(xml), areas(MERGE, xml), areas(LINK, xml), b"<filterColumn" in xml)
    known = _read_tail(xml[:cut] if footer else xml)
    return known if known.plain and _plain(footer) else replace(known, plain=False)


@lru_cache(maxsize=256)  # both are the template's: file after file the same
def _read_head(xml: bytes) -> _Head:
    dimension = DIMENSION.search(xml, 0, 4096)
    return _Head(_plain(xml, 5), parse_area(dimension[1]) if dimension else None, _hidden_cols(xml))


@lru_cache(maxsize=256)
def _read_tail(xml: bytes) -> _Tail:
    return _Tail(_plain(xml), tuple(areas(MERGE, xml)), tuple(areas(LINK, xml)), b"<filterColumn" in xml)


def _small(xml: bytes, area: Area | None, found: Scan) -> bool:
    """The common case: every cell, filled or not, lies within 1000 rows and 200 columns; then counting is enough."""
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


def _hidden_cols(xml: bytes) -> frozenset[int]:
    start = xml.find(b"<cols")
    part = xml[start : xml.find(b"</cols>", start)] if start >= 0 else b""
    hidden: set[int] = set()
    if UNSEEN.search(part):
        for attributes in COL.findall(part):
            if _true(attributes, b"hidden") or _attribute(attributes, b"width") in (b"0", b"0.0"):
                low, high = int(_attribute(attributes, b"min") or 0), int(_attribute(attributes, b"max") or 0)
                hidden.update(range(low, min(high, MAX_COL) + 1))
    return frozenset(hidden)


def _hidden(xml: bytes, found: Scan) -> None:
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


def _oversized(xml: bytes, area: Area | None, found: Scan) -> bool:
    """Used range far beyond the data: by the dimension, or by the last (styled, empty) row written."""
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
