"""A planned sheet and what the cover knows go in; one finished worksheet comes out: heads, rows, total, note, print set-up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pipeline.book.spec import Field
from pipeline.model import column_letters
from pipeline.writing.form_checks import colour, validate
from pipeline.writing.form_kit import Front, Kit
from pipeline.writing.form_plan import (
    FIRST,
    GROUP,
    HEAD,
    HEADER,
    STATE,
    TITLE,
    Plan,
    blank,
    known_value,
    number,
    widths,
)
from pipeline.writing.form_state import Line, Shown
from pipeline.writing.form_styles import BAD_TEXT, GOOD_TEXT, TEXT_KINDS, Styles, lines, number_part

A4, ROW_HEIGHT, LINE_HEIGHT = 9, 24, 15
MOST_LINES, CROWDED, WIDE_ROW, LINES_PER_PAGE = 5, 140, 34, 25


def write_sheet(sheet: Any, plan: Plan, shown: Shown, state: Line, kit: Kit) -> None:
    """Everything on one data sheet. `shown`: the computed cells of each row; `state`: how far it has come, on top."""
    for i, width in enumerate(widths(plan)):
        sheet.set_column(i, i, width)
    _top(sheet, plan, state, kit)
    _heads(sheet, plan, kit.styles)
    for i in range(len(plan.cells)):
        _row(sheet, plan, i, shown[i], kit)
    _total(sheet, plan, shown, kit)
    _foot(sheet, plan, kit)
    validate(sheet, plan, kit.book)
    colour(sheet, plan, kit.styles, kit.words)
    _page(sheet, plan, kit)
    if not kit.register:
        guard(sheet)


# -- width, top and heads ------------------------------------------------------------------------------------


def _blocks(plan: Plan, shares: Sequence[float]) -> list[tuple[int, int]]:
    """Cut the sheet's columns into blocks of about these shares of its width: (first, last) zero-based columns."""
    each = widths(plan)
    whole, blocks, start, passed, wanted = sum(each), [], 0, 0.0, 0.0
    for n, share in enumerate(shares):
        wanted += share * whole
        end = start
        passed += each[start]
        while end < len(each) - (len(shares) - n) and passed + each[end + 1] / 2 < wanted:
            end += 1
            passed += each[end]
        end = len(each) - 1 if n == len(shares) - 1 else end
        blocks.append((start, end))
        start = end + 1
    return blocks


def _merge(sheet: Any, row: int, block: tuple[int, int], line: Line, look: Any) -> None:
    """One line over several columns; a single column needs no merge. Excel row numbers."""
    first, last = block
    if last > first:
        sheet.merge_range(row - 1, first, row - 1, last, "", look)
    if line.formula:
        sheet.write_formula(row - 1, first, line.formula, look, line.now)
    else:
        sheet.write_string(row - 1, first, line.now, look)


def _top(sheet: Any, plan: Plan, state: Line, kit: Kit) -> None:
    """Title, whose sheet it is, what to do and how far it has come."""
    top, front, styles, each = kit.words["top"], kit.front, kit.styles, widths(plan)
    title = plan.form.title if plan.resource is plan.form.main else f"{plan.form.title}\u2014{plan.resource.title}"
    _merge(sheet, TITLE, (0, plan.width - 1), Line("", title), styles.get("title"))
    sheet.set_row(TITLE - 1, 32)
    said = top["number"].format(form=plan.form.name, version=plan.form.version)
    parts = [_repeated(top["unit"], front, "unit_name"), _repeated(top["code"], front, "unit_code"), Line("", top["money"]), Line("", said)]
    parts = parts if plan.width >= len(parts) else parts[:1]
    if kit.register:
        parts = [Line("", top["register"].format(form=plan.form.name, version=plan.form.version))]
    for i, (block, part) in enumerate(zip(_blocks(plan, (0.46, 0.18, 0.16, 0.2) if len(parts) > 1 else (1.0,)), parts, strict=True)):
        _merge(sheet, HEAD, block, part, styles.get("small") if i == 3 else styles.get("line"))
    sheet.set_row(HEAD - 1, 22)
    hint = _hint(plan, kit)
    left, right = _blocks(plan, (0.55, 0.45))
    _merge(sheet, STATE, left, Line("", hint), styles.get("hint"))
    _merge(sheet, STATE, right, state, styles.get("line", "strong", "box"))
    _verdict(sheet, right[0], styles)
    share = sum(each[: left[1] + 1])
    needed = max(lines(hint, share * 0.95), lines(state.now, (sum(each) - share) * 0.9), 2)
    sheet.set_row(STATE - 1, min(needed, 6) * LINE_HEIGHT + 8)


def _hint(plan: Plan, kit: Kit) -> str:
    """What to do on this sheet, in one or two sentences."""
    key = "hint" if plan.computed("tip") else "hint_confirm" if plan.resource.prefilled else "hint_plain"
    return str(kit.words["top"]["hint_register" if kit.register else key])


def _verdict(sheet: Any, col: int, styles: Styles) -> None:
    """Red while something is left to correct, green when nothing is."""
    cell = f"${column_letters(col + 1)}${STATE}"
    for sign, color in (("\u00d7", BAD_TEXT), ("\u221a", GOOD_TEXT)):
        rule = {"type": "formula", "criteria": f'=ISNUMBER(FIND("{sign}",{cell}))', "format": styles.change(font_color=color)}
        sheet.conditional_format(STATE - 1, col, STATE - 1, col, rule)


def _repeated(label: str, front: Front, name: str) -> Line:
    if name not in front.cells:
        return Line("", label)
    reference, now = front.cells[name]
    return Line(f'="{label}"&{reference}', label + now)


def _heads(sheet: Any, plan: Plan, styles: Styles) -> None:
    """The column titles; groups stand one row higher and span their columns."""
    tallest, each = 1, widths(plan)
    for i, field in enumerate(plan.fields):
        look = styles.get("head", head_part(field, plan.given > 0))
        if plan.grouped and not field.group:
            sheet.merge_range(GROUP - 1, i, HEADER - 1, i, field.title, look)
        else:
            sheet.write_string(HEADER - 1, i, field.title, look)
        tallest = max(tallest, lines(field.title, each[i]))
    sheet.set_row(GROUP - 1, 20 if plan.grouped else 5)
    sheet.set_row(HEADER - 1, tallest * LINE_HEIGHT + 6)
    for first, last, group in _groups(plan.fields):
        if last > first:
            sheet.merge_range(GROUP - 1, first, GROUP - 1, last, group, styles.get("head", "required"))
        else:
            sheet.write_string(GROUP - 1, first, group, styles.get("head", "required"))


def head_part(field: Field, given: bool = True) -> str:
    """Which of the three looks a column's title wears; a locked column nobody prefilled is open like any other."""
    if field.computed or (field.locked and given):
        return "computed"
    return "required" if field.required else "optional"


def _groups(fields: Sequence[Field]) -> list[tuple[int, int, str]]:
    found: list[tuple[int, int, str]] = []
    for i, field in enumerate(fields):
        if field.group and found and found[-1][2] == field.group and found[-1][1] == i - 1:
            found[-1] = (found[-1][0], i, field.group)
        elif field.group:
            found.append((i, i, field.group))
    return found


# -- rows -----------------------------------------------------------------------------------------------------


def _row(sheet: Any, plan: Plan, i: int, shown: Mapping[str, tuple[str, object]], kit: Kit) -> None:
    values, words = plan.cells[i], kit.words
    row, height, each = FIRST + i - 1, 1, widths(plan)
    for col, field in enumerate(plan.fields):
        value = values.get(field.name)
        known = known_value(plan, i, field.name)
        look = cell_look(kit.styles, measured(plan, i, field, words), bool(field.computed) or known, value)
        if field.computed == "tip":
            look = kit.styles.get("cell", "shut", "left")
        if field.computed and field.name not in values:
            formula, now = shown[field.name]
            sheet.write_formula(row, col, formula, look, _cached(now))
            height = max(height, lines(str(now), each[col] - 1))
        else:
            write(sheet, (row, col), value, look, words)
            height = max(height, lines(str(value or ""), each[col] - 1))
    sheet.set_row(row, max(WIDE_ROW if sum(each) > CROWDED else ROW_HEIGHT, min(height, MOST_LINES) * LINE_HEIGHT + 4))


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
    width = sum(widths(plan))
    if plan.resource.note:
        said = plan.resource.note if plan.resource.note.startswith(words["note"]) else words["note"] + plan.resource.note
        _merge(sheet, row, (0, plan.width - 1), Line("", said), styles.get("note"))
        sheet.set_row(row - 1, lines(said, width * 1.05) * 14 + 4)
        row += 1
    if kit.register:
        return
    signs = words["signatures"] if width > CROWDED else words["signatures"][:3]
    signs = signs[: plan.width]
    for block, said in zip(_blocks(plan, [1 / len(signs)] * len(signs)), signs, strict=True):
        _merge(sheet, row, block, Line("", said), styles.get("line"))
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
    sheet.repeat_rows(GROUP - 1, HEADER - 1)
    sheet.print_area(0, 0, bottom(plan, kit.register) - 1, plan.width - 1)
    texts = [f for f in plan.fields if f.kind in TEXT_KINDS]
    if texts:
        spans = " ".join(f"{plan.column(f.name)}{FIRST}:{plan.column(f.name)}{plan.last}" for f in texts)
        sheet.ignore_errors({"number_stored_as_text": spans})


def paper(sheet: Any, footer: str) -> None:
    """A4 landscape, one page wide, page numbers."""
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.center_horizontally()
    sheet.set_footer(footer)
    sheet.hide_gridlines(2)


def guard(sheet: Any) -> None:
    """Heads and formulas are shut without a password; widths, heights, sorting and filtering stay free."""
    sheet.protect("", {"format_columns": True, "format_rows": True, "sort": True, "autofilter": True, "objects": False, "scenarios": False})

