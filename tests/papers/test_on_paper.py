"""The office's papers on A4: one page wide, readable, heads repeated, headings not left behind."""

from __future__ import annotations

import io
import re

import docx
import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from pipeline.papers import render_papers
from pipeline.writing.grid import workbook
from pipeline.writing.grid_layout import Placed, across, narrowed

from . import small

TEMPLATES = small.templates()
PAPERS = render_papers(small.material(), TEMPLATES, workbook)
BOOKS = [p for p in PAPERS if p.endswith(".xlsx") and p.split("/")[0] in {"district", "audit", "send"}]
ROOM = {"9": 11.69 - 1.0, "8": 16.54 - 1.0}  # inches across A4, A3
UPRIGHT = 8.27 - 1.0


def scale(sheet) -> float:
    last = re.search(r":[$]?([A-Z]+)", sheet.print_area.split("!")[-1]) if sheet.print_area else None
    count = next(i for i in range(1, 800) if get_column_letter(i) == last.group(1)) if last else sheet.max_column
    wide: dict[int, float] = {}
    for dimension in sheet.column_dimensions.values():
        wide |= dict.fromkeys(range(dimension.min, dimension.max + 1), dimension.width)
    inches = sum(wide.get(i, 8.43) * 7 for i in range(1, count + 1)) / 96
    room = ROOM[str(sheet.page_setup.paperSize)] if sheet.page_setup.orientation == "landscape" else UPRIGHT
    return room * int(sheet.page_setup.fitToWidth or 1) / inches


@pytest.mark.parametrize("path", BOOKS)
def test_every_sheet_prints_readably(path: str) -> None:
    for sheet in load_workbook(io.BytesIO(PAPERS[path])):
        if sheet.title == "选项":
            continue
        assert sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.title
        assert scale(sheet) >= 0.6 or (sheet.page_setup.fitToWidth or 1) > 1, (sheet.title, scale(sheet))
        assert "&P" in (sheet.oddFooter.center.text or ""), sheet.title
        assert sheet.print_title_rows or sheet.title in {"总览", "概要", "综合平衡表"}, sheet.title


def test_the_overview_is_one_page() -> None:
    page = load_workbook(io.BytesIO(PAPERS["district/汇总表.xlsx"]))["总览"].page_setup
    assert (page.fitToWidth or 1, 1 if page.fitToHeight is None else page.fitToHeight) == (1, 1)


def test_the_auditor_prints_one_page_and_what_was_noticed() -> None:
    book = load_workbook(io.BytesIO(PAPERS["audit/规则执行.xlsx"]))
    first, second = book.worksheets[:2]
    assert (first.title, first.page_setup.fitToHeight or 1, first.page_setup.fitToWidth or 1) == ("概要", 1, 1)
    noted = {line[0]: line for line in second.iter_rows(min_row=5, values_only=True)}
    assert all(line[3] or line[5] for line in noted.values()), "a rule that noticed nothing stands here"
    everything = {line[1]: line for line in book["规则"].iter_rows(min_row=5, values_only=True)}
    assert set(noted) == {rule for rule, line in everything.items() if line[7] or line[9]} < set(everything)
    assert {r: (n[3] or 0, n[5] or 0) for r, n in noted.items()} == {
        r: (everything[r][7] or 0, everything[r][9] or 0) for r in noted
    }
    assert all("×" in line[4] for line in noted.values() if line[3])
    assert scale(second) * 10.5 >= 8.5 and second.print_title_rows
    scopes = list(first.iter_rows(min_row=6, max_row=16, values_only=True))
    assert (sum(s[7] for s in scopes), sum(s[8] for s in scopes)) == (
        sum(bool(n[3]) for n in noted.values()), sum(bool(n[5]) for n in noted.values()),
    )  # fmt: skip


def test_as_many_pages_side_by_side_as_keep_it_readable() -> None:
    def pages(columns: int, paper: str = "A4") -> int:
        table = {"columns": [{"width": "20"}, *({"width": "5"},) * columns]}
        sheet = {"across": "auto", "freeze": "1", "paper": paper}
        return across(sheet, [Placed(table, table["columns"], (), 0, 1, False)])

    assert [pages(n) for n in (1, 25, 27, 60)] == [1, 1, 2, 3]
    assert pages(30, "A3") == 1


def test_only_texts_give_way_where_a_sheet_is_too_wide() -> None:
    columns = [{"title": "金额", "kind": "money", "width": 40}, *({"title": "说明", "kind": "text", "width": 60},) * 5]
    made = narrowed(columns)
    assert made[0] is columns[0]
    assert all(c["wrap"] == "yes" and 11 <= c["width"] < 60 for c in made[1:])
    assert sum(c["width"] for c in made) <= 240
    assert narrowed(columns[:3]) == columns[:3]


def test_a_heading_of_the_letter_goes_with_its_table() -> None:
    letter = docx.Document(io.BytesIO(TEMPLATES["unit/回执.docx"]))
    headings = [p for p in letter.paragraphs if p.style.name == "Sub"]
    assert headings
    assert all(p.style.paragraph_format.keep_with_next for p in headings)
