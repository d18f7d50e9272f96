"""A planned sheet and what the cover knows go in; one finished worksheet comes out: heads, rows, total, note, print set-up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pipeline.book.spec import Field
from pipeline.model import column_letters
from pipeline.writing.form_checks import colour, validate
from pipeline.writing.form_kit import Kit
from pipeline.writing.form_plan import FIRST, GROUP, HEADER, Plan, blank, known_value, number, widths
from pipeline.writing.form_state import Line, Shown
from pipeline.writing.form_styles import LINE_HEIGHT, TEXT_KINDS, Styles, lines, number_part
from pipeline.writing.form_top import blocks, merge, write_heads, write_top

A4, ROW_HEIGHT = 9, 24
MOST_LINES, CROWDED, WIDE_ROW, LINES_PER_PAGE = 5, 140, 34, 25


def write_sheet(sheet: Any, plan: Plan, shown: Shown, state: Line, kit: Kit) -> None:
    """Everything on one data sheet. `shown`: the computed cells of each row; `state`: how far it has come, on top."""
    for i, width in enumerate(widths(plan)):
        sheet.set_column(i, i, width)
    write_top(sheet, plan, state, kit)
    write_heads(sheet, plan, kit.styles)
    for i in range(len(plan.cells)):
        _row(sheet, plan, i, shown[i], kit)
    _total(sheet, plan, shown, kit)
    _foot(sheet, plan, kit)
    validate(sheet, plan, kit.book)
    colour(sheet, plan, kit.styles, kit.words)
    _page(sheet, plan, kit)
    if not kit.register:
        guard(sheet)


# -- rows -----------------------------------------------------------------------------------------------------


def _row(sheet: Any, plan: Plan, i: int, shown: Mapping[str, tuple[str, object]], kit: Kit) -> None:
    values, words = plan.cells[i], kit.words
    row, height, each = FIRST + i - 1, 1, widths(plan)
    for col, field in enumerate(plan.fields):
        value = values.get(field.name)
        known = known_value(plan, i, field.name)
        look = cell_look(kit.styles, measured(plan, i, field, words), bool(field.computed) or known, value)
        if field.computed == "tip":
            look = kit.styles.get("cell", "shut", "advice")
        if field.computed and field.name not in values:
            formula, now = shown[field.name]
            sheet.write_formula(row, col, formula, look, _cached(now))
            height = max(height, lines(str(now), each[col] - 1))
        else:
            write(sheet, (row, col), value, look, words)
            height = max(height, lines(str(value or ""), each[col] - 1))
    sheet.set_row(
        row,
        max(WIDE_ROW if sum(each[: plan.printed]) > CROWDED else ROW_HEIGHT, min(height, MOST_LINES) * LINE_HEIGHT + 4),
    )


def cell_look(styles: Styles, kind: str, shut: bool = False, value: object = None) -> Any:
    """A cell's format: shut and grey when computed or prefilled for good, else open."""
    parts = number_part(kind)
    if kind == "integer" and isinstance(value, float | Decimal) and value != int(value):
        parts = tuple(p for p in parts if p != "integer")
    return styles.get("cell", "shut" if shut else "open", *parts)


def measured(plan: Plan, i: int, field: Field, words: Mapping[str, Any]) -> str:
    """The kind of a cell; a number on a fixed line in yuan is money."""
    if field.kind != "number" or i >= len(plan.resource.items):
        return field.kind
    return "money" if plan.resource.items[i].get("measure") == words["amount_unit"] else field.kind


def _cached(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else value


def write(sheet: Any, spot: tuple[int, int], value: object, look: Any, words: Mapping[str, Any]) -> None:
    """One value as what it is: text never becomes a number or a formula, a number never text. `spot`: zero-based."""
    row, col = spot
    if blank(value):
        sheet.write_blank(row, col, None, look)
    elif isinstance(value, bool):
        sheet.write_string(row, col, words["tick"], look) if value else sheet.write_blank(row, col, None, look)
    elif (amount := number(value)) is not None:
        sheet.write_number(row, col, value if isinstance(value, float | int) else float(amount), look)
    elif isinstance(value, date | datetime):
        sheet.write_datetime(row, col, value, look)
    elif isinstance(value, tuple | list):
        sheet.write_string(row, col, words["joiner"].join(str(v) for v in value), look)
    else:
        sheet.write_string(row, col, str(value), look)


def _total(sheet: Any, plan: Plan, shown: Shown, kit: Kit) -> None:
    """The total line: blank, not 0, while nothing has been filled in."""
    if not any(f.total for f in plan.fields):
        return
    row = plan.last + 1
    first = plan.fields[0]
    for col, field in enumerate(plan.fields):
        look = kit.styles.get("cell", "total", *(number_part(field.kind) if field.total else ()))
        if field.total:
            letters = column_letters(col + 1)
            span = f"{letters}{FIRST}:{letters}{plan.last}"
            found = [n for i in range(len(plan.cells)) if (n := number(value_at(plan, shown, i, field))) is not None]
            now = float(sum(found, Decimal(0))) if found else ""
            sheet.write_formula(row - 1, col, f'=IF(COUNT({span})=0,"",SUM({span}))', look, now)
        elif field is first:
            sheet.write_string(row - 1, col, kit.words["total"], kit.styles.get("cell", "total", "center"))
        else:
            sheet.write_blank(row - 1, col, None, look)
    sheet.set_row(row - 1, ROW_HEIGHT)


def value_at(plan: Plan, shown: Shown, i: int, field: Field) -> object:
    """What row i shows in a column, typed or computed."""
    cells = plan.cells[i]
    return cells[field.name] if field.name in cells else shown[i].get(field.name, ("", None))[1]


def _foot(sheet: Any, plan: Plan, kit: Kit) -> None:
    """The note and the line for signatures under the table."""
    styles, words = kit.styles, kit.words
    row = plan.last + (1 if any(f.total for f in plan.fields) else 0) + 1
    width = sum(widths(plan)[: plan.printed])
    if plan.resource.note:
        said = (
            plan.resource.note if plan.resource.note.startswith(words["note"]) else words["note"] + plan.resource.note
        )
        merge(sheet, row, (0, plan.printed - 1), Line("", said), styles.get("note"))
        sheet.set_row(row - 1, lines(said, width * 1.05) * 14 + 4)
        row += 1
    if kit.register:
        return
    signs = words["signatures"] if width > CROWDED else words["signatures"][:3]
    signs = signs[: plan.printed]
    for block, said in zip(blocks(plan, [1 / len(signs)] * len(signs)), signs, strict=True):
        merge(sheet, row, block, Line("", said), styles.get("line"))
    sheet.set_row(row - 1, 30)


# -- page -------------------------------------------------------------------------------------------------------


def bottom(plan: Plan, register: bool = False) -> int:
    """The last printed Excel row; of a register's hundreds of empty lines only the first page."""
    if register:
        return FIRST + max(plan.given, LINES_PER_PAGE) - 1 if plan.last > FIRST + LINES_PER_PAGE else plan.last
    return plan.last + (1 if any(f.total for f in plan.fields) else 0) + (1 if plan.resource.note else 0) + 1


def _page(sheet: Any, plan: Plan, kit: Kit) -> None:
    name = next((f.name for f in plan.fields if f.kind == "name"), None)
    beside = plan.columns[name] if name and plan.columns[name] <= 3 else 0
    sheet.freeze_panes(HEADER, beside)
    paper(sheet, kit.footer(plan.form.name, plan.resource.title))
    if len(plan.cells) <= LINES_PER_PAGE and not kit.register:
        sheet.fit_to_pages(1, 1)  # a table that nearly fits does not carry its last lines to a page of their own
    sheet.repeat_rows(GROUP - 1, HEADER - 1)
    sheet.print_area(0, 0, bottom(plan, kit.register) - 1, plan.printed - 1)
    texts = [f for f in plan.fields if f.kind in TEXT_KINDS]
    if texts:
        spans = " ".join(f"{plan.column(f.name)}{FIRST}:{plan.column(f.name)}{plan.last}" for f in texts)
        sheet.ignore_errors({"number_stored_as_text": spans})


def paper(sheet: Any, footer: str) -> None:
    """A4 landscape, one page wide, page numbers."""
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.25, right=0.25, top=0.5, bottom=0.6)
    sheet.center_horizontally()
    sheet.set_footer(footer)
    sheet.hide_gridlines(2)


def guard(sheet: Any) -> None:
    """Heads and formulas are shut without a password; widths, heights, sorting and filtering stay free."""
    sheet.protect(
        "",
        {
            "format_columns": True,
            "format_rows": True,
            "sort": True,
            "autofilter": True,
            "objects": False,
            "scenarios": False,
        },
    )
