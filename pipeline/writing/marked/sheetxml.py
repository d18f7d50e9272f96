"""One worksheet part patched: fills on cells, one 审核意见 column, a comment anchor; everything else stays.

Rows and columns are Excel's (1-based). Cells without r= are numbered as the format says: after their neighbour.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from pipeline.model import address, column_letters
from pipeline.writing.marked.styles import Styles

REFERENCE = re.compile(r"([A-Za-z]+)([0-9]+)$")
MAX_HEIGHT = 409
AFTER_LEGACY = {
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
}
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet's rows and cells by number, for patching."""

    root: etree._Element
    ns: str
    rows: Mapping[int, etree._Element]


def open_grid(root: etree._Element, ns: str) -> Grid:
    """Number every row and cell (writing r= where it was left out)."""
    data = root.find(f"{{{ns}}}sheetData")
    rows: dict[int, etree._Element] = {}
    number = 0
    for row in data if data is not None else ():
        if not isinstance(row.tag, str):
            continue
        number = int(row.get("r") or number + 1)
        row.set("r", str(number))
        rows[number] = row
        letters, suffix = "", str(number)
        for cell in row:
            written = cell.get("r") or ""
            match = REFERENCE.match(written)
            letters = match.group(1).upper() if match else column_letters(column_number(letters) + 1)
            if written != letters + suffix:
                cell.set("r", letters + suffix)
    return Grid(root, ns, rows)


def column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def cell_at(grid: Grid, row: int, col: int) -> etree._Element:
    """The cell element, made in its place where the sheet has none."""
    line = grid.rows.get(row)
    if line is None:
        line = _new_row(grid, row)
    reference, tag = address(row, col), f"{{{grid.ns}}}c"
    for i, cell in enumerate(line):
        match = REFERENCE.match(cell.get("r", ""))
        here = column_number(match.group(1)) if match else 0
        if here == col:
            return cell
        if here > col:
            made = etree.Element(tag, r=reference)
            line.insert(i, made)
            return made
    line.attrib.pop("spans", None)
    return etree.SubElement(line, tag, r=reference)


def _new_row(grid: Grid, row: int) -> etree._Element:
    data = grid.root.find(f"{{{grid.ns}}}sheetData")
    made = etree.Element(f"{{{grid.ns}}}row", r=str(row))
    later = [r for n, r in grid.rows.items() if n > row]
    if later:
        data.insert(data.index(later[0]), made)
    else:
        data.append(made)
    assert isinstance(grid.rows, dict)
    grid.rows[row] = made
    return made


def tint(grid: Grid, styles: Styles, row: int, col: int, level: str) -> None:
    cell = cell_at(grid, row, col)
    cell.set("s", str(styles.marked(int(cell.get("s") or 0), level)))


def write_text(grid: Grid, row: int, col: int, text: str, style: int) -> None:
    """An inline string: text stays text, whatever sign it begins with."""
    cell = cell_at(grid, row, col)
    for child in list(cell):
        cell.remove(child)
    cell.attrib.pop("cm", None)
    cell.set("s", str(style))
    cell.set("t", "inlineStr")
    holder = etree.SubElement(etree.SubElement(cell, f"{{{grid.ns}}}is"), f"{{{grid.ns}}}t")
    holder.text = clean(text)
    holder.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def clean(text: str) -> str:
    return ILLEGAL.sub("\ufffd", text)[:32_000]


def clear_column(grid: Grid, col: int) -> None:
    """Empty an earlier 审核意见 column of ours before the new one is written."""
    letters = column_letters(col)
    for row in grid.rows.values():
        for cell in list(row):
            if cell.get("r", "").rstrip("0123456789") == letters:
                row.remove(cell)


def set_width(grid: Grid, col: int, width: float) -> None:
    """Give one column its width; ranges of <cols> that cover it are split."""
    q = f"{{{grid.ns}}}"
    cols = grid.root.find(f"{q}cols")
    if cols is None:
        cols = etree.Element(f"{q}cols")
        data = grid.root.find(f"{q}sheetData")
        data.addprevious(cols)
    for item in list(cols):
        low, high = int(item.get("min", "1")), int(item.get("max", "1"))
        if low <= col <= high:
            if low < col:
                left = etree.fromstring(etree.tostring(item))
                left.set("max", str(col - 1))
                item.addprevious(left)
            if high > col:
                right = etree.fromstring(etree.tostring(item))
                right.set("min", str(col + 1))
                item.addnext(right)
            cols.remove(item)
    made = etree.Element(f"{q}col", min=str(col), max=str(col), width=str(width), customWidth="1")
    later = [i for i in cols if int(i.get("min", "1")) > col]
    if later:
        later[0].addprevious(made)
    else:
        cols.append(made)


def lines_of(text: str, width: float) -> int:
    """Lines a text takes in a wrapped column: a Han sign is two of the column's units wide."""
    room = max(width - 3, 2)
    return sum(max(1, math.ceil(sum(2 if ord(c) > 255 else 1 for c in line) / room)) for line in text.split("\n"))


def raise_row(grid: Grid, row: int, points: float) -> None:
    """A row whose height is written down is made high enough; the others grow by themselves when they are opened."""
    line = grid.rows.get(row)
    if line is not None and line.get("ht") and float(line.get("ht")) < points:
        line.set("ht", f"{min(points, MAX_HEIGHT):g}")
        line.set("customHeight", "1")


def widen_dimension(grid: Grid, last_row: int, last_col: int) -> None:
    dimension = grid.root.find(f"{{{grid.ns}}}dimension")
    if dimension is not None:
        dimension.set("ref", f"A1:{address(max(last_row, 1), max(last_col, 1))}")


def deselect(grid: Grid) -> None:
    """Only the list in front may be the selected sheet."""
    for view in grid.root.iter(f"{{{grid.ns}}}sheetView"):
        view.attrib.pop("tabSelected", None)


def legacy_drawing(grid: Grid) -> str | None:
    """The relationship id of the sheet's own note drawing, None without one."""
    element = grid.root.find(f"{{{grid.ns}}}legacyDrawing")
    if element is None:
        return None
    return next((v for k, v in element.attrib.items() if k.endswith("}id")), None)


def add_legacy_drawing(grid: Grid, rel: str, namespace: str) -> None:
    made = etree.Element(f"{{{grid.ns}}}legacyDrawing", {f"{{{namespace}}}id": rel})
    for child in grid.root:
        if isinstance(child.tag, str) and etree.QName(child).localname in AFTER_LEGACY:
            child.addprevious(made)
            return
    grid.root.append(made)
