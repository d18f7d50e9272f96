"""The forms of a workbook go in; the help sheet comes out: seven lines, what matters per form, how each column is filled.

One upright A4 page wherever its letters stay readable: it lies beside the keyboard.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.book.spec import Field, Form, Register, Resource
from pipeline.writing.form_kit import Kit
from pipeline.writing.form_plan import quoted, sheets
from pipeline.writing.form_sheet import guard, paper
from pipeline.writing.form_styles import Styles, lines
from pipeline.writing.form_top import head_part

COLUMNS = (15.0, 24.0, 70.0, 30.0)  # column, must it be filled, how, example
REGISTER = (16.0, 18.0, 26.0, 66.0, 24.0)
ACROSS, DOWN = 7.77 * 96, 10.6 * 96  # pixels between the margins of an upright A4 page
READABLE = 0.74  # of eleven points: eight


@dataclass(slots=True)
class Guide:
    """A help sheet being written from the top: the next zero-based row and the points used so far."""

    sheet: Any
    styles: Styles
    each: tuple[float, ...]
    row: int = 0
    points: float = 0

    @property
    def last(self) -> int:
        return len(self.each) - 1

    def down(self, points: float) -> None:
        self.sheet.set_row(self.row, points)
        self.row += 1
        self.points += points

    def across(self, said: str, look: Any, points: float) -> None:
        self.sheet.merge_range(self.row, 0, self.row, self.last, said, look)
        self.down(points)

    def line(self, said: str) -> None:
        self.across(said, self.styles.get("line"), lines(said, sum(self.each) * 0.95) * 15 + 3)

    def section(self, said: str) -> None:
        self.across(said, self.styles.get("section"), 24)

    def heads(self, words: Sequence[str]) -> None:
        for col, said in enumerate(words):
            self.sheet.write_string(self.row, col, said, self.styles.get("head", "computed"))

    def shrunk(self) -> float:
        """The scale at which all of it is one upright page."""
        wide = sum(width * 7 + 5 for width in self.each)
        return min(1.0, ACROSS / wide, DOWN / (self.points * 96 / 72))


def _begun(sheet: Any, each: tuple[float, ...], title: str, styles: Styles) -> Guide:
    for i, width in enumerate(each):
        sheet.set_column(i, i, width)
    guide = Guide(sheet, styles, each)
    guide.across(title, styles.get("title"), 32)
    return guide


def write_guide(sheet: Any, forms: Sequence[Form], kit: Kit) -> None:
    """One screen of rules first, the columns below."""
    words, styles = kit.words["guide"], kit.styles
    guide = _begun(sheet, COLUMNS, words["heading"].format(season=kit.season.title), styles)
    for i, said in enumerate(words["lines"], start=1):
        guide.line(f"{i}. {said}")
    for col, (part, said) in enumerate(zip(("required", "optional", "computed"), words["swatches"], strict=True)):
        sheet.write_string(guide.row, col, said, styles.get("head", part))  # the three looks of a title, as they are
    guide.down(20)
    for form in forms:
        if form.guide:
            guide.section(f"{form.name}　{form.title}")
        for said in form.guide:
            guide.line(f"\u00b7 {said}")
    guide.section(words["fields"])
    guide.heads(words["heads"][1:])
    guide.down(18)
    for _, resource in sheets(forms):
        _fields(guide, resource, words["needs"])
    paper(sheet, "&C&P / &N")
    sheet.set_portrait()
    if guide.shrunk() >= READABLE:
        sheet.fit_to_pages(1, 1)
    sheet.print_area(0, 0, guide.row - 1, guide.last)
    guard(sheet)


def _fields(guide: Guide, resource: Resource, needs: Mapping[str, str]) -> None:
    """The columns of one sheet under its name."""
    guide.across(resource.title, guide.styles.get("cell", "strong", "shut"), 18)
    for field in resource.active:
        if field.computed not in ("seq", "tip"):
            _field(
                guide, (field.title, need_of(field, needs), field.hint or field.description, field.example), 0, field
            )


def _field(guide: Guide, cells: Sequence[str], named: int, field: Field) -> None:
    """One column of a form or a register; `named`: the cell that bears its title."""
    for col, said in enumerate(cells):
        look = guide.styles.get("head", head_part(field)) if col == named else guide.styles.get("cell", "left")
        if said:
            guide.sheet.write_string(guide.row, col, said, look)
        else:
            guide.sheet.write_blank(guide.row, col, None, look)
    guide.down(max(lines(said, width - 1) for said, width in zip(cells, guide.each, strict=True)) * 14 + 3)


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
    title = registers[0][0].workbook or registers[0][0].title
    guide = _begun(sheet, REGISTER, words["guide_heading"].format(title=title), styles)
    for i, said in enumerate(words["lines"], start=1):
        guide.line(f"{i}. {said}")
    guide.heads(words["heads"][:2])
    sheet.merge_range(guide.row, 2, guide.row, guide.last, words["heads"][2], styles.get("head", "computed"))
    guide.down(18)
    for register, name in registers:
        sheet.write_url(
            guide.row, 0, f"internal:{quoted(name)}A1", styles.get("cell", "link", "indent"), register.title
        )
        sheet.write_string(guide.row, 1, register.need, styles.get("cell", "center", "strong"))
        sheet.merge_range(guide.row, 2, guide.row, guide.last, register.resource.note, styles.get("cell"))
        guide.down(lines(register.resource.note, sum(REGISTER[2:])) * 15 + 6)
    guide.section(kit.words["guide"]["fields"])
    guide.heads(kit.words["guide"]["heads"])
    guide.down(18)
    needs = kit.words["guide"]["needs"]
    for register, _ in registers:
        for field in register.resource.active:
            if field.kind != "seq":
                how = field.hint or field.description
                _field(guide, (register.title, field.title, need_of(field, needs), how, field.example), 1, field)
    paper(sheet, "&C&P / &N")
    sheet.print_area(0, 0, guide.row - 1, guide.last)
