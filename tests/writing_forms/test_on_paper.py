"""A blank form on A4: letters one can read, heads that break in the middle, prefilled words on one line."""

from __future__ import annotations

import io
import re
import zipfile

import pytest

from pipeline.book.spec import Book
from pipeline.model import Season, Unit
from pipeline.writing.form_plan import plan_forms, widths
from pipeline.writing.form_styles import text_width
from pipeline.writing.forms import Fill, blank_workbook
from tests.writing_forms.making import sheets

ALL = ("F1", "F2", "F3", "F4", "F5")
PRINTABLE = (11.69 - 0.5) * 72  # points across
BODY, SMALLEST = 11.0, 8.0
CHARACTER, INDENT = 5.25, 1.0  # points of a width unit, units a cell keeps free


@pytest.mark.parametrize("name", ALL)
def test_letters_are_at_least_eight_points_on_paper(name: str, unit: Unit, season: Season, book: Book) -> None:
    data = blank_workbook([book.forms[name]], unit, season, book, None)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for part in (n for n in package.namelist() if re.match(r"xl/worksheets/sheet[0-9]+[.]xml", n)):
            cols = re.findall(r'<col min="([0-9]+)" max="([0-9]+)" width="([0-9.]+)"', package.read(part).decode())
            wide = sum((int(last) - int(first) + 1) * float(width) for first, last, width in cols if int(last) < 60)
            assert BODY * min(1, PRINTABLE / (wide * CHARACTER or 1)) >= SMALLEST, part


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
