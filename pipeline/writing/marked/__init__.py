"""A school's own workbook in, the same workbook marked out: list in front, 审核意见 column, fills, notes; all else as sent.

Source: contract.md 1 "Marked copies", experience.md 1.4. By patching the package's XML; `CannotMark` where that would
not be safe: then the caller rebuilds the sheets from their values (`pipeline.writing.rebuilt`) and marks those.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from lxml import etree

from pipeline.model import column_letters
from pipeline.writing.marked import notes, sheetxml, workbook
from pipeline.writing.marked.clearing import clear_earlier
from pipeline.writing.marked.listing import HEAD_ROW, listing_xml
from pipeline.writing.marked.onpaper import fit
from pipeline.writing.marked.package import CannotMark, Package, close_package, open_package, relative, resolve
from pipeline.writing.marked.strip import freeze_external_formulas, strip_active
from pipeline.writing.marked.styles import MINIMAL, Styles
from pipeline.writing.remarks import Remark, Return, Spot, say

__all__ = ["CannotMark", "Remark", "Return", "Spot", "mark"]

ON_CELLS = frozenset({"error", "warning"})  # what is closed asks for nothing in its cell
WIDTH = 36  # of the 审核意见 column, in Excel's units
STYLES = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"


def mark(data: bytes, order: Return) -> bytes:
    """The marked copy as .xlsx bytes. Raises CannotMark when the package cannot be patched safely."""
    package = open_package(data)
    book = workbook.open_workbook(package)
    listed, columns = workbook.earlier_marks(book)
    package.put(book.part, book.root)
    removed = strip_active(package, book.part)
    book.root = package.xml(book.part)
    workbook.keep_sheets(book, {listed} if listed else set())
    styles_part, styles = _open_styles(package, book, str(order.words["font"]))
    marked = _mark_sheets(package, book, styles, order, columns)
    title = workbook.put_first(
        book, str(order.words["list_sheet"]), listing_xml(order, styles, book.ns, _removed_words(removed, order.words))
    )
    workbook.define(book, workbook.LIST_NAME, f"{_quoted(title)}!$A${HEAD_ROW}")
    last = HEAD_ROW + len(order.remarks)
    workbook.define(book, workbook.PRINT_TITLES, f"{_quoted(title)}!${HEAD_ROW}:${HEAD_ROW}", hidden=False, local=0)
    workbook.define(
        book,
        "_xlnm._FilterDatabase",
        f"{_quoted(title)}!$A${HEAD_ROW}:${column_letters(len(order.words['heads']))}${max(last, HEAD_ROW)}",
        local=0,
    )
    for i, (sheet, col) in enumerate(marked.items(), 1):
        letters = column_letters(col)
        workbook.define(book, f"{workbook.COLUMN_NAME}{i}", f"{_quoted(sheet)}!${letters}:${letters}")
    package.put(styles_part, styles.root)
    package.put(book.part, book.root)
    return close_package(package)


def _quoted(sheet: str) -> str:
    return "'" + sheet.replace("'", "''") + "'"


def _removed_words(kinds: list[str], words: Mapping[str, object]) -> str:
    if not kinds:
        return ""
    known = words["removed_kinds"]
    assert isinstance(known, Mapping)
    named = sorted({str(known.get(k, words["removed_other"])) for k in kinds})
    return say(words, "removed", kinds=str(words["comma"]).join(named))


def _open_styles(package: Package, book: workbook.Workbook, face: str) -> tuple[str, Styles]:
    for rel in package.rels(book.part):
        if rel.kind == "styles" and resolve(book.part, rel.target) in package.parts:
            part = resolve(book.part, rel.target)
            root = package.xml(part)
            return part, Styles(root, etree.QName(root).namespace or book.ns, face)
    part = "xl/styles.xml"
    package.override(part, STYLES)
    package.add_rel(book.part, "styles", relative(book.part, part), book.strict)
    return part, Styles(etree.fromstring(MINIMAL.format(ns=book.ns)), book.ns, face)


def _mark_sheets(
    package: Package, book: workbook.Workbook, styles: Styles, order: Return, earlier: Mapping[str, int]
) -> dict[str, int]:
    """Patch every sheet that needs it; sheet -> column of its 审核意见."""
    by_sheet: dict[str, list[Remark]] = defaultdict(list)
    for remark in order.remarks:
        if remark.sheet in book.sheets and remark.row and remark.level in ON_CELLS:
            by_sheet[remark.sheet].append(remark)
    spots = {s.sheet: s for s in order.spots}
    columns, froze = {}, False
    for sheet, part in book.sheets.items():
        if sheet not in by_sheet and sheet not in earlier and _stays(package.parts[part]):
            continue
        root = package.xml(part)
        grid = sheetxml.open_grid(root, etree.QName(root).namespace or book.ns)
        froze |= freeze_external_formulas(root, grid.ns)
        sheetxml.deselect(grid)
        if sheet in earlier:
            clear_earlier(package, part, grid, styles, earlier[sheet], str(order.words["author"]))
        remarks = by_sheet.get(sheet, [])
        if remarks:
            spot = spots.get(sheet)
            col = earlier.get(sheet) or (spot.free_col if spot else _free_column(grid))
            _mark_rows(grid, styles, remarks, spot, col, order.words)
            columns[sheet] = col
            _on_paper(book, grid, sheet, col, spot)
            told = {
                (r.row, r.col): say(
                    order.words,
                    "note",
                    mark=order.words["marks"]["error"],
                    message=r.message,
                    remedy=r.remedy,
                    n=r.number,
                )
                for r in reversed(remarks)
                if r.level == "error" and r.row and r.col
            }
            notes.add_notes(package, part, grid, told, str(order.words["author"]), book.strict)
        package.put(part, root)
    if froze:
        _drop_calc_chain(package, book)
    return columns


def _on_paper(book: workbook.Workbook, grid: sheetxml.Grid, sheet: str, col: int, spot: Spot | None) -> None:
    """The new column is printed; where two pages stand side by side each row bears its number and name on both."""
    printed = workbook.widen_print_area(book, sheet, col)
    if not printed and workbook.has_print_area(book, sheet):
        return
    if fit(grid, printed or col - 1, col, spot.names if spot else 0) and spot and spot.names:
        workbook.repeat_columns(book, sheet, spot.names, spot.header_row)


def _stays(xml: bytes) -> bool:
    """Neither the selected sheet nor one that may read another file: its bytes need no look (UTF-16 gets one)."""
    return b"\0" not in xml[:4] and b"tabSelected" not in xml and b"[" not in xml


def _mark_rows(
    grid: sheetxml.Grid, styles: Styles, remarks: list[Remark], spot: Spot | None, col: int, words: Mapping[str, object]
) -> None:
    """Fill the cells (必改 wins over 请核实) and write each row's remarks into the 审核意见 column."""
    for level in ("warning", "error"):
        for r in remarks:
            if r.level == level and r.row and r.col:
                sheetxml.tint(grid, styles, r.row, r.col, level)
    lines: dict[int, list[Remark]] = defaultdict(list)
    for r in remarks:
        lines[r.row or 1].append(r)
    header = spot.header_row if spot else 0
    if header:
        sheetxml.write_text(
            grid, header, col, str(words["column"]), styles.own(ink="head", fill="head", bold=True, centre=True)
        )
    marks = words["marks"]
    assert isinstance(marks, Mapping)
    for row, told in lines.items():
        told.sort(key=lambda r: (r.level != "error", r.number))
        if row == header:
            continue
        text = str(words["joiner"]).join(
            say(words, "cell", mark=marks[r.level], message=r.message, n=r.number) for r in told
        )
        sheetxml.write_text(grid, row, col, text, styles.own(ink=told[0].level))
        sheetxml.raise_row(grid, row, 4 + 15 * sheetxml.lines_of(text, WIDTH))
    sheetxml.set_width(grid, col, WIDTH)
    sheetxml.widen_dimension(grid, max(grid.rows, default=1), col)


def _free_column(grid: sheetxml.Grid) -> int:
    last = 0
    for row in grid.rows.values():
        for cell in row:
            match = sheetxml.REFERENCE.match(cell.get("r", ""))
            if match and (len(cell) or cell.get("t")):
                last = max(last, sheetxml.column_number(match.group(1)))
    return last + 1


def _drop_calc_chain(package: Package, book: workbook.Workbook) -> None:
    rels = package.rels(book.part)
    for rel in rels:
        if rel.kind == "calcChain":
            package.drop(resolve(book.part, rel.target))
    package.put_rels(book.part, [r for r in rels if r.kind != "calcChain"])
