"""A blank form on A4: letters one can read, heads that break in the middle, prefilled words on one line."""

from __future__ import annotations

from typing import Any

import pytest
from openpyxl.utils import range_boundaries

from pipeline.book.spec import Book
from pipeline.model import Season, Unit
from pipeline.writing.form_plan import HEADER, plan_forms, widths
from pipeline.writing.form_styles import text_width
from pipeline.writing.forms import Fill, blank_workbook
from tests.writing_forms.making import sheets

ALL = ("F1", "F2", "F3", "F4", "F5")
BODY, SMALLEST = 11.0, 9.0
CHARACTER, INDENT = 5.25, 1.0  # points of a width unit, units a cell keeps free


@pytest.mark.parametrize("name", ALL)
def test_letters_are_at_least_nine_points_on_paper(name: str, unit: Unit, season: Season, book: Book) -> None:
    for sheet in sheets(blank_workbook([book.forms[name]], unit, season, book, None)):
        if sheet.print_area and sheet.title != "填表说明":  # eight points: see below
            assert BODY * min(1, room(sheet) / (printed(sheet) * CHARACTER)) >= SMALLEST, sheet.title


def room(sheet: Any) -> float:
    long, short = 11.69, 8.27
    return ((long if sheet.page_setup.orientation == "landscape" else short) - 0.5) * 72


def printed(sheet: Any) -> float:
    """Width units of the columns in the print area."""
    last = range_boundaries(sheet.print_area.split("!")[-1].replace("$", ""))[2]
    return sum(w for col, w in each(sheet).items() if col <= last)


def each(sheet: Any) -> dict[int, float]:
    found: dict[int, float] = {}
    for dimension in sheet.column_dimensions.values():
        found |= dict.fromkeys(range(dimension.min, dimension.max + 1), dimension.width)
    return found


@pytest.mark.parametrize("name", ALL)
def test_advice_is_for_the_screen_and_has_room_for_three_things(
    name: str, unit: Unit, season: Season, book: Book
) -> None:
    """A clerk cannot scroll inside a cell: what does not fit into the row is not read. On paper the advice is noise."""
    words = book.words["writing"]["tip"]
    long = words["bad"] + words["end"].join(
        (words["many"].format(n=8), words["length"].format(title="证件号码", n=17), words["short"].format(title="困难情况说明", n=10))
    )  # fmt: skip
    for sheet in sheets(blank_workbook([book.forms[name]], unit, season, book, None)):
        heads = {cell.value: cell.column for cell in sheet[HEADER]}
        at = heads.get("填表提示")
        if at is None:
            continue
        cell = sheet.cell(HEADER + 1, at)
        size, line = float(cell.font.size), float(cell.font.size) * 1.3
        across = each(sheet)[at] * BODY / size
        need = -(-text_width(long) // int(across - 1)) * line
        assert cell.alignment.wrap_text and need <= sheet.row_dimensions[HEADER + 1].height, sheet.title
        assert at > range_boundaries(sheet.print_area.split("!")[-1].replace("$", ""))[2]
        assert all(m.max_col < at for m in sheet.merged_cells.ranges), "a title reaches into what is not printed"


def test_the_help_sheet_of_the_longest_form_is_one_page_one_can_read(unit: Unit, season: Season, book: Book) -> None:
    sheet = sheets(blank_workbook([book.forms["F1"]], unit, season, book, None))["填表说明"]
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) in {("portrait", 1), ("portrait", None)}
    points = sum(sheet.row_dimensions[row].height for row in range(1, sheet.max_row + 1))
    assert BODY * min(room(sheet) / (printed(sheet) * CHARACTER), (11.69 - 1.1) * 72 / points) >= 8


@pytest.mark.parametrize("name", ALL)
def test_prefilled_words_and_heads_fit(name: str, book: Book) -> None:
    for plan in plan_forms([book.forms[name]], Fill()).values():
        for field, width in zip(plan.fields, widths(plan), strict=True):
            assert text_width(field.preset) + INDENT <= width, (plan.sheet, field.title)
            half = -(-len(field.title) // 2) * 2
            assert width >= half + INDENT, (plan.sheet, field.title)


def test_a_short_table_stays_on_one_page(unit: Unit, season: Season, book: Book) -> None:
    workbook = sheets(blank_workbook([book.forms["F1"]], unit, season, book, None))
    for title in ("申报表", "家庭经济"):
        assert workbook[title].page_setup.fitToHeight in {None, 1}, title
