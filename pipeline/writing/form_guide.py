"""The forms of a workbook go in; the help sheet comes out: seven lines, what matters per form, how each column is filled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.book.spec import Field, Form, Register
from pipeline.writing.form_kit import Kit
from pipeline.writing.form_plan import quoted, sheets
from pipeline.writing.form_sheet import guard, paper
from pipeline.writing.form_styles import Styles, lines
from pipeline.writing.form_top import head_part

WIDTHS = (16, 18, 26, 66, 24)
LAST = len(WIDTHS) - 1


def write_guide(sheet: Any, forms: Sequence[Form], kit: Kit) -> None:
    """One screen of rules first, the columns below."""
    words, styles = kit.words["guide"], kit.styles
    for i, width in enumerate(WIDTHS):
        sheet.set_column(i, i, width)
    sheet.merge_range(0, 0, 0, LAST, words["heading"].format(season=kit.season.title), styles.get("title"))
    sheet.set_row(0, 34)
    row = 1
    for i, said in enumerate(words["lines"], start=1):
        row = _line(sheet, row, f"{i}. {said}", styles.get("line"))
    row = _swatches(sheet, row, words, styles)
    for form in forms:
        if form.guide:
            row = _section(sheet, row, f"{form.name}　{form.title}", styles)
        for said in form.guide:
            row = _line(sheet, row, f"\u00b7 {said}", styles.get("line"))
    row = _section(sheet, row, words["fields"], styles)
    row = _fields(sheet, row, forms, kit)
    paper(sheet, "&C&P / &N")
    sheet.print_area(0, 0, row - 1, LAST)
    guard(sheet)


def _line(sheet: Any, row: int, said: str, look: Any) -> int:
    sheet.merge_range(row, 0, row, LAST, said, look)
    sheet.set_row(row, lines(said, sum(WIDTHS) * 0.95) * 16 + 4)
    return row + 1


def _section(sheet: Any, row: int, said: str, styles: Styles) -> int:
    sheet.merge_range(row, 0, row, LAST, said, styles.get("section"))
    sheet.set_row(row, 26)
    return row + 1


def _swatches(sheet: Any, row: int, words: Mapping[str, Any], styles: Styles) -> int:
    """The three looks of a column title, as they are."""
    for col, (part, said) in enumerate(zip(("required", "optional", "computed"), words["swatches"], strict=True)):
        sheet.write_string(row, col, said, styles.get("head", part))
    sheet.set_row(row, 22)
    return row + 1


def _fields(sheet: Any, row: int, forms: Sequence[Form], kit: Kit) -> int:
    words, styles = kit.words["guide"], kit.styles
    for col, said in enumerate(words["heads"]):
        sheet.write_string(row, col, said, styles.get("head", "computed"))
    row += 1
    for _, resource in sheets(forms):
        for field in resource.active:
            if field.computed in ("seq", "tip"):
                continue
            row = _field(sheet, row, resource.title, field, kit)
    return row


def _field(sheet: Any, row: int, title: str, field: Field, kit: Kit) -> int:
    styles = kit.styles
    how = field.hint or field.description
    need = need_of(field, kit.words["guide"]["needs"])
    cells = (title, field.title, need, how, field.example)
    for col, said in enumerate(cells):
        look = styles.get("head", head_part(field)) if col == 1 else styles.get("cell", "left")
        if said:
            sheet.write_string(row, col, said, look)
        else:
            sheet.write_blank(row, col, None, look)
    sheet.set_row(row, max(lines(said, width - 1) for said, width in zip(cells, WIDTHS, strict=True)) * 15 + 3)
    return row + 1


def need_of(field: Field, needs: Mapping[str, str]) -> str:
    """In words: must it be filled, when, or by whom."""
    if field.computed:
        return needs["computed"]
    if field.locked:
        return needs["locked"]
    if field.required:
        return needs["required"]
    return needs["when"].format(when=field.when) if field.when else needs["optional"]


def write_register_guide(sheet: Any, registers: Sequence[tuple[Register, str]], kit: Kit) -> None:
    """The office's help sheet: which list to fill, where to put the file, what each column wants."""
    words, styles = kit.words["registers"], kit.styles
    for i, width in enumerate(WIDTHS):
        sheet.set_column(i, i, width)
    title = registers[0][0].workbook or registers[0][0].title
    sheet.merge_range(0, 0, 0, LAST, words["guide_heading"].format(title=title), styles.get("title"))
    sheet.set_row(0, 34)
    row = 1
    for i, said in enumerate(words["lines"], start=1):
        row = _line(sheet, row, f"{i}. {said}", styles.get("line"))
    for col, said in enumerate(words["heads"]):
        sheet.write_string(row, col, said, styles.get("head", "computed"))
    sheet.merge_range(row, 2, row, LAST, words["heads"][2], styles.get("head", "computed"))
    row += 1
    for register, name in registers:
        sheet.write_url(row, 0, f"internal:{quoted(name)}A1", styles.get("cell", "link", "indent"), register.title)
        sheet.write_string(row, 1, register.need, styles.get("cell", "center", "strong"))
        sheet.merge_range(row, 2, row, LAST, register.resource.note, styles.get("cell"))
        sheet.set_row(row, lines(register.resource.note, sum(WIDTHS[2:])) * 15 + 6)
        row += 1
    row = _section(sheet, row, kit.words["guide"]["fields"], styles)
    for col, said in enumerate(kit.words["guide"]["heads"]):
        sheet.write_string(row, col, said, styles.get("head", "computed"))
    row += 1
    for register, _ in registers:
        for field in register.resource.active:
            if field.kind != "seq":
                row = _field(sheet, row, register.title, field, kit)
    paper(sheet, "&C&P / &N")
    sheet.print_area(0, 0, row - 1, LAST)
