"""Every finding quotes the cell it names: over messy generated sheets, reopened with another reader, for all findings."""

from __future__ import annotations

import hashlib
import io
from datetime import date
from typing import Any

import openpyxl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.book.spec import Book
from pipeline.masking import L1, mask
from pipeline.model import Arrival, Finding, Season
from pipeline.night.judging import Judged, judge
from pipeline.reading.batch import read_batch
from pipeline.writing.plain import PlainBook, PlainSheet, plain_workbook

DAY = date(2020, 1, 16)
CLERK = {
    "姓名": ["赵一一", "钱  二", "孙三老师", "李四（退休）", "周?五", ""],
    "证件号码": ["00990119700101001X", "009901197001010011", "0099011970010100", "３１０", 9.90119700101e16, "440308********1512", "", "4.4E+17"],
    "人员身份": ["在职在编", "在编", "教师", "", "退休"],
    "手机号码": ["13800138000", 13800138000.0, "1380013", "", "138 0013 8000"],
    "困难类别": ["相对困难", "特困", "很困难", ""],
    "主要致困原因": ["患重特大疾病", "因病", "", "其他"],
    "帮困项目": ["大病帮困", "救济", ""],
    "申请金额": [3000, "3000元", "约500", "三千", -5, 0.05, "￥1,000.00", "", "500（伍佰元整）"],
    "困难情况说明": ["本人患病需长期治疗，家庭负担较重，请组织关心。", "困难", "", "=1+1 等于二，家庭困难，请组织予以关心。"],
    "家庭人口": [3, "3人", 99, "", 2.5],
}  # fmt: skip


@st.composite
def sheets(draw: st.DrawFn) -> dict[tuple[int, int], Any]:
    """A plain 申报表 somewhere on a sheet: columns in any order, title and blank rows, any of the above in the cells."""
    heads = draw(st.permutations(list(CLERK)))
    top, left = draw(st.integers(1, 5)), draw(st.integers(1, 3))
    cells: dict[tuple[int, int], Any] = {(1, 1): "2020年困难教工帮困申报表　填报单位：样例第一小学"} if top > 1 else {}
    for j, head in enumerate(heads):
        cells[top, left + j] = head
        row = top
        for _ in range(4):
            row += 1
            cells[row, left + j] = draw(st.sampled_from(CLERK[head]))
    blank = draw(st.integers(0, 2))
    return {((r if r <= top + 2 else r + blank), c): v for (r, c), v in cells.items() if v != ""}


def judged(data: bytes, book: Book, season: Season, path: str = "样例第一小学.xlsx") -> Judged:
    digest = hashlib.sha256(data).hexdigest()
    documents = {(path, digest): tuple(read_batch([(path, data)], book, season))}
    return judge([Arrival(path, digest, DAY, len(data), "form", order=1)], documents, book, season, DAY)


def shown(value: Any) -> set[str]:
    """A cell as a person may read it out: numbers without or with their decimals."""
    if value is None:
        return {""}
    if isinstance(value, float | int) and not isinstance(value, bool):
        return {
            str(value),
            repr(value),
            f"{value:.2f}",
            str(int(value)) if value == int(value) else str(value),
            f"{value:.15G}",
            f"{value:.0f}",
        }
    return {str(value)}


def field_mask(f: Finding, book: Book) -> str:
    resource = book.resource(f.form or "", f.resource or "")
    found = resource.field(f.field or "") if resource else None
    return found.mask if found else ""


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(cells=sheets())
def test_the_quoted_value_stands_in_the_quoted_cell(
    cells: dict[tuple[int, int], Any], book: Book, season: Season
) -> None:
    data = plain_workbook(PlainBook({"申报表": PlainSheet(cells)}))
    result = judged(data, book, season)
    assert result.filed[0].document.tables, "the table must be found wherever it stands"
    sheet = openpyxl.load_workbook(io.BytesIO(data))["申报表"]
    quoting = [f for f in result.findings if f.cell and f.file]
    for f in quoting:
        there = shown(sheet[f.cell].value)
        assert f.value in there, (f.rule, f.cell, f.value, there)
        what = field_mask(f, book)
        assert mask(f.value, what, L1) in {mask(t, what, L1) for t in there}
