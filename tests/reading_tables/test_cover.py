"""The cover beside its own hints: an emptied value is blank, whatever stands to the right of it and wherever it moved."""

from __future__ import annotations

import pytest

from pipeline.model import Document, Unit
from pipeline.reading.identify import identify
from pipeline.reading.raw import RawSheet
from pipeline.reading.units import UnitIndex
from tests.reading_tables.grids import book, found, marked, read
from tests.reading_tables.test_symptoms import HEAD, ROW, SLIPS, sheet

UNITS = UnitIndex(
    (Unit("YL001", "样例第一小学", "一小"), Unit("YL002", "样例第二小学", "二小")), (), book().words["reading"]["names"]
)
VALUES = {
    "unit_name": "样例第一小学", "unit_code": "YL001", "filler": "李晓", "filler_phone": "13800138000",
    "reviewer": "王晓", "head": "周晓", "fill_date": "2020-01-10", "amount_unit": "元",
}  # fmt: skip
ASKED = [
    "填报单位",
    "单位代码",
    "填表人",
    "联系电话",
    "工会主席（审核）",
    "党政负责人",
    "填报日期",
]  # of the head block


def cover(values: dict[str, str], example: bool = False) -> RawSheet:
    """The cover as our forms print it: label, value, hint (or the example where the office knew nothing)."""
    said = str(book().words["writing"]["prompts"]["example"])
    fields = [f for f in book().head if f.on]
    rows = [[f.title, values.get(f.name, ""), said.format(example=f.example) if example else f.hint] for f in fields]
    return RawSheet("封面", rows=[*rows, ["F2", "2020年联合募捐汇总表", "有"]])


def inserted(at: int, values: dict[str, str]) -> RawSheet:
    whole = cover(values)
    return RawSheet("封面", rows=[[*row[:at], "", *row[at:]] for row in whole.rows])


def deleted(at: int) -> RawSheet:
    return RawSheet("封面", rows=[[*row[:at], *row[at + 1 :]] for row in cover(VALUES).rows])


def opened(front: RawSheet, own: bool) -> Document:
    return read(front, sheet("汇总表", f"{HEAD}\n{ROW}"), SLIPS, **(marked("F2") if own else {}))


@pytest.mark.parametrize("own", [True, False])
@pytest.mark.parametrize(
    "front",
    [cover({}), cover({}, example=True), inserted(1, {}), inserted(2, {}), deleted(1)],
    ids=["blank", "example", "inserted left", "inserted right", "deleted"],
)
def test_a_hint_is_never_a_value(front: RawSheet, own: bool) -> None:
    d = opened(front, own)
    assert d.head == {}
    assert [f.facts["field"] for f in found(d, "SHT-017")] == ASKED


@pytest.mark.parametrize("own", [True, False])
@pytest.mark.parametrize(
    "front", [cover(VALUES), inserted(1, VALUES), inserted(2, VALUES)], ids=["plain", "left", "right"]
)
def test_a_column_put_into_the_cover_loses_no_value(front: RawSheet, own: bool) -> None:
    d = opened(front, own)
    assert {name: e.raw for name, e in d.head.items()} == VALUES
    assert d.findings == ()


def test_with_an_empty_head_the_marks_the_name_or_the_folder_speak() -> None:
    ours, bare = opened(cover({}), True), opened(cover({}), False)
    assert identify(ours, UNITS, "", "form.xlsx")[:2] == ("YL001", "marks")
    assert identify(bare, UNITS, "", "二小募捐.xlsx")[:2] == ("YL002", "name")
    assert identify(bare, UNITS, "样例第二小学", "form.xlsx")[:2] == ("YL002", "folder")
    unit, _, said = identify(bare, UNITS, "", "form.xlsx")
    assert unit is None and [f.rule for f in said] == ["WBK-008"]
