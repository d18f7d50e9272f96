"""A grid template (.xlsx.yaml, parsed) and a view in; a workbook out: live sums with cached values, charts, every text as text.

Template words: title, author, footer, styles; sheets[]: name, title, note, landscape, freeze, tables[] (or one table
written into the sheet itself), charts[], paper (A4, A3), across (pages side by side; auto = as many as keep it readable), when (a list of the view:
no such sheet while it is empty).
Table words: id, caption, rows, total, empty, columns[]. Column words: grid_table. Every sheet bears the view's draft and
sample marks, on screen beside its note and on paper at the top of each page.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import xlsxwriter

from pipeline.model import address
from pipeline.render.imprint import NAME, of_cells
from pipeline.writing.grid_chart import put_chart
from pipeline.writing.grid_format import Formats
from pipeline.writing.grid_layout import Placed, across, expand, layout
from pipeline.writing.grid_table import Writer, put_table
from pipeline.writing.grid_words import WRONG, complaint, tables_of, template_of

SHEET_WORDS = {
    "name",
    "title",
    "note",
    "landscape",
    "freeze",
    "tables",
    "charts",
    "id",
    "caption",
    "rows",
    "total",
    "empty",
    "columns",
    "register",
    "bare",
    "paper",
    "across",
    "whole",
    "when",
}
PAPERS = {"A4": 9, "A3": 8}
CHARTED = 45  # rows of a sheet whose chart may share its page
LONG = 20  # rows of a table that may run over its page: its head is repeated
TOP = 2  # the title and the note stand above the first header


def workbook(data: bytes, path: str, view: Mapping[str, Any], made: datetime) -> bytes:
    """One .xlsx of the template `data`. `path` names it in errors; `made` is the date in its properties, so that bytes are stable."""
    template = template_of(data, path)
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    try:
        book.set_properties(
            {
                "title": fill(template.get("title", ""), view),
                "author": fill(template.get("author", ""), view),
                "created": made.replace(tzinfo=None),
            }
        )
        formats = Formats(book, template.get("styles", {}))
        writer = Writer(book, formats, view, {}, template.get("lists_sheet", "lists"))
        for sheet in template["sheets"]:
            if "when" not in sheet or view[sheet["when"]]:
                _sheet(writer, template, sheet)
        writer.write_lists()
    except WRONG as error:
        raise complaint(path, error) from error
    book.set_custom_property(NAME, of_cells(_said(book)))
    book.close()
    return out.getvalue()


def _said(book: xlsxwriter.Workbook) -> Iterator[tuple[str, str, object]]:
    """(sheet, cell, value or cached value) of every cell put into the workbook."""
    texts = {index: text for text, index in book.str_table.string_table.items()}
    for sheet in book.worksheets():
        for row, cells in sheet.table.items():
            for col, cell in cells.items():
                if hasattr(cell, "string"):
                    plain = (
                        cell.raw_string if hasattr(cell, "raw_string") else texts[cell.string]
                    )  # of runs: all their signs
                    yield sheet.name, address(row + 1, col + 1), plain
                elif hasattr(cell, "number") or hasattr(cell, "value"):
                    yield sheet.name, address(row + 1, col + 1), getattr(cell, "number", getattr(cell, "value", ""))


def fill(text: str, view: Mapping[str, Any]) -> str:
    """{name} of the view, as text."""
    return (
        str(text).format_map({k: v for k, v in view.items() if isinstance(v, str | int)})
        if "{" in str(text)
        else str(text)
    )


def _sheet(writer: Writer, template: Mapping[str, Any], sheet: Mapping[str, Any]) -> None:
    unknown = set(sheet) - SHEET_WORDS
    if unknown:
        raise KeyError(", ".join(sorted(unknown)))
    page = writer.book.add_worksheet(sheet["name"])
    tables = [expand(t, writer.view) for t in tables_of(sheet)]
    placed = layout(tables, writer.view, TOP, single="tables" not in sheet)
    width = max((len(p.columns) for p in placed), default=1)
    page.hide_gridlines(2)
    _head(writer, page, sheet, 1 if across(sheet, placed) > 1 else width)
    for table in placed:
        put_table(writer, page, sheet["name"], table, placed)
    _widths(page, placed)
    _print(page, template, sheet, placed, writer)
    for chart in sheet.get("charts", ()):
        put_chart(writer.book, page, sheet["name"], chart, placed)


def _head(writer: Writer, page: Any, sheet: Mapping[str, Any], width: int) -> None:
    """`width` 1: the title stands in the first column, for in the middle of several pages it would stand on none."""
    f = writer.formats
    page.set_row(0, 34)
    page.set_row(1, 20)
    title = fill(sheet.get("title", ""), writer.view)
    note = "\u3000".join(filter(None, (*_marks(writer.view), fill(sheet.get("note", ""), writer.view))))
    if width > 1:
        page.merge_range(0, 0, 0, width - 1, "", f.get("title"))
        page.merge_range(1, 0, 1, width - 1, "", f.get("note"))
    page.write_string(0, 0, title, f.get("title" if width > 1 else "title_left"))
    page.write_string(1, 0, note, f.get("note"))


def _marks(view: Mapping[str, Any]) -> list[str]:
    return [str(view[mark]) for mark in ("draft", "sample") if view.get(mark)]


def _widths(page: Any, placed: Sequence[Placed]) -> None:
    wide: dict[int, float] = {}
    for table in placed:
        for i, column in enumerate(table.columns):
            wide[i] = max(wide.get(i, 0), float(column.get("width", 12)))
    for i, width in wide.items():
        page.set_column(i, i, width)


def _print(
    page: Any, template: Mapping[str, Any], sheet: Mapping[str, Any], placed: Sequence[Placed], writer: Writer
) -> None:
    """One page wide unless the sheet says more, heads repeated, page x of y; columns marked `screen` stay off the paper."""
    page.set_paper(PAPERS[sheet.get("paper", "A4")])
    if sheet.get("landscape", "yes") in {"yes", True}:
        page.set_landscape()
    pages = across(sheet, placed)
    short = bool(sheet.get("charts")) and placed[-1].last < CHARTED  # a chart is not cut in two
    page.fit_to_pages(pages, 1 if short or sheet.get("whole") else 0)
    if pages > 1:
        page.repeat_columns(0, int(sheet.get("freeze", 1)) - 1)
    page.set_header("&R" + " ".join(_marks(writer.view)))
    page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    page.set_footer("&C" + str(template.get("footer", "&P / &N")))
    page.center_horizontally()
    if len(placed) > 1 and placed[-1].count > LONG:
        page.repeat_rows(placed[-1].head, placed[-1].first - 1)
    if len(placed) == 1:
        table = placed[0]
        printed = sum(not column.get("screen") for column in table.columns)
        if printed < len(table.columns):
            page.print_area(0, 0, table.last + (1 if table.table.get("total") else 0), printed - 1)
        page.repeat_rows(0, table.first - 1)
        page.freeze_panes(table.first, int(sheet.get("freeze", 0)))
        if table.count:
            page.autofilter(table.first - 1, 0, table.first + table.count - 1, len(table.columns) - 1)
