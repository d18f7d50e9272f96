"""Faults testers left us: two names in one cell, counts with words, one row for the whole school, 〃 after 〃, unnamed rows."""

from __future__ import annotations

import pytest

from pipeline.model import Document
from pipeline.reading.identify import identify
from pipeline.reading.units import UnitIndex
from tests.reading_tables.grids import book, found, one, read, rules, sheet
from tests.reading_tables.test_symptoms import LI, PEOPLE, ROW, SLIPS, ZHANG, donations, people
from tests.reading_tables.test_units import INDEX

PAID = "| 姓名 | 证件后四位 | 帮困项目 | 资金来源 | 应发金额 | 实发金额 | 发放日期 | 发放方式 | 签收人 |"
CASH = "| 张三 | 002X | 节日慰问 | 区教育工会 | 1000 | 1000 | 2020-01-14 | 现金 | 张三 |"
CHANNELS = "| 教职工总数 | 捐款人数 | 工会一日捐 | 千万人帮万家 | 蓝天下的至爱 | 老年基金会 | 拥军优属基金会 | 教育系统帮困送温暖 |"
GIFTS = "| 86 | 83 | 4300 | 860 | 1720 | 430 | 430 | 860 |"


def payments(titles: str, cells: str) -> Document:
    return read(sheet("发放登记", f"填报单位：样例第一小学\n{PAID.rstrip('|')}{titles}\n{CASH.rstrip('|')}{cells}"))


@pytest.mark.parametrize(
    "cell", ["王小明、李小红", "王小明 李小红", "王小明，李小红", "王小明/李小红", "王小明\\n李小红", "王小明和李小红", "王 小明、李 小红"]
)  # fmt: skip
def test_two_officers_under_one_heading_are_two_fields(cell: str) -> None:
    d = payments("| 经办人 |", f"| {cell} |")
    (row,) = d.tables[0].rows
    assert (row.get("officer1"), row.get("officer2")) == ("王小明", "李小红") and not row.unknown
    assert d.tables[0].at(row, "officer1") == d.tables[0].at(row, "officer2") == (3, 10)
    f = one(d, "CEL-045")
    assert (f.cell, f.new_value, f.facts["other"]) == ("J3", "王小明、李小红", "经办人2")
    assert f.value == cell.replace("\\n", "\n")
    assert not {"CEL-010", "CEL-044"} & set(rules(d))


def test_the_second_field_may_repeat_one_of_the_two_or_be_blank() -> None:
    for beside in ("", "李小红"):
        (row,) = payments("| 经办人1 | 经办人2 |", f"| 王小明、李小红 | {beside} |").tables[0].rows
        assert (row.get("officer1"), row.get("officer2")) == ("王小明", "李小红")


@pytest.mark.parametrize(
    "cells", ["| 王小明、李小红、赵六 | |", "| 王小明、李小红 | 赵六 |", "| 王小明（校长）、李小红 | |"]
)
def test_what_cannot_be_told_apart_is_asked_once(cells: str) -> None:
    d = payments("| 经办人1 | 经办人2 |", cells)
    f = one(d, "CEL-044")
    assert (f.cell, f.severity) == ("J3", None) and f.facts["n"] in "23"
    assert d.tables[0].rows[0].unknown == {"officer1"} and not found(d, "CEL-010")


@pytest.mark.parametrize("cell", ["王 小明", "欧阳 小红", "李和平", "王小明 老师", "陆  远"])
def test_a_padded_name_is_still_one_person(cell: str) -> None:
    d = payments("| 经办人1 |", f"| {cell} |")
    assert d.tables[0].rows[0].get("officer1") == cell.replace(" ", "")
    assert not {"CEL-044", "CEL-045", "CEL-010"} & set(rules(d))


@pytest.mark.parametrize("cell", ["王小明、校长", "王小明/女", "王小明，退休"])
def test_a_title_beside_a_name_is_no_second_person(cell: str) -> None:
    assert not {"CEL-044", "CEL-045"} & set(rules(payments("| 经办人1 |", f"| {cell} |")))


def test_two_people_in_one_row_of_a_list_are_an_error() -> None:
    d = people(ZHANG.replace("| 张三 |", "| 张三、李四 |"))
    f = one(d, "CEL-044")
    assert (f.cell, f.severity) == ("A4", "error") and d.tables[0].rows[0].unknown == {"name"}
    assert not found(d, "CEL-010")


def test_two_fillers_are_asked_about_not_called_unreadable() -> None:
    d = read(sheet("汇总表", f"填报单位：样例第一小学\n| 填表人 | 王小明、李小红 |\n| 部门 {CHANNELS}\n{ROW}"), SLIPS)
    assert rules(d) == ["CEL-044"]


@pytest.mark.parametrize("cell", ["83人", "83 人", "83（人）", "83名", "八十三人"])
def test_a_count_with_the_columns_own_word_is_mere_form(cell: str) -> None:
    d = donations(f"| 部门 {CHANNELS}\n{ROW.replace('| 83 |', f'| {cell} |')}")
    assert d.tables[0].rows[0].get("donors") == 83
    assert (one(d, "CEL-029").value, one(d, "CEL-029").new_value, rules(d)) == (cell, "83", ["CEL-029"])


@pytest.mark.parametrize(("cell", "said"), [("83人次", "人次"), ("83 人次", "人次"), ("83户", "户"), ("83元", "元")])
def test_a_count_of_something_else_is_read_and_asked_about(cell: str, said: str) -> None:
    d = donations(f"| 部门 {CHANNELS}\n{ROW.replace('| 83 |', f'| {cell} |')}")
    assert d.tables[0].rows[0].get("donors") == 83 and d.tables[0].rows[0].unknown == frozenset()
    f = one(d, "CEL-043")
    assert (f.new_value, f.facts["unit"], f.facts["said"], rules(d)) == ("83", "人", said, ["CEL-043"])


@pytest.mark.parametrize("cell", ["约83人", "83-85人", "83人左右", "83多人"])
def test_a_count_nobody_can_read_stays_unreadable(cell: str) -> None:
    d = donations(f"| 部门 {CHANNELS}\n{ROW.replace('| 83 |', f'| {cell} |')}")
    assert rules(d) == ["CEL-028"]


@pytest.mark.parametrize(
    ("line", "number", "rule"),
    [
        ("| B01 | 困难教工总数 | 人 | 28人 |", "28", "CEL-029"),
        ("| C02 | 帮困发放人次 | 人次 | 28人次 |", "28", "CEL-029"),
        ("| C03 | 发放金额合计 | 元 | 2800元 |", "2800", "CEL-029"),
        ("| D02 | 走访线路数 | 条 | 3条 |", "3", "CEL-029"),
        ("| B01 | 困难教工总数 | 人 | 28人次 |", "28", "CEL-043"),
        ("| G01 | 生活帮扶服务 | 人次 | 28人 |", "28", "CEL-043"),
        ("| B01 | 困难教工总数 | 人 | 28户 |", "28", "CEL-043"),
        ("| | 困难教工总数 | | 28元 |", "28", "CEL-043"),
        ("| C03 | 发放金额合计 | 元 | 2.8万元 |", "28000", "CEL-030"),
    ],
)
def test_a_line_of_the_closing_form_knows_what_it_counts(line: str, number: str, rule: str) -> None:
    d = read(sheet("数据汇总", f"填报单位：样例第一小学\n| 代码 | 指标 | 单位 | 本年 |\n{line}"))
    assert str(d.tables[0].rows[0].get("value")) == number
    assert [f.rule for f in d.findings if f.rule.startswith("CEL")] == [rule]


@pytest.mark.parametrize("top", ["", "填报单位：样例第一小学\n"])
@pytest.mark.parametrize("label", ["单位名称", "单位", "学校名称"])
def test_one_row_of_the_districts_old_table_is_the_whole_school(label: str, top: str) -> None:
    table = f"{top}| 序号 | {label} {CHANNELS}\n| 1 | 样例第一小学 {GIFTS}\n| 合计 | {GIFTS}"
    d = read(sheet("Sheet1", f"2020年联合募捐汇总表\n{table}"), SLIPS)
    (row,) = d.tables[0].rows
    assert (row.get("dept"), d.tables[0].blocked) == ("全校", ())
    assert d.head["unit_name"].value == "样例第一小学"
    assert set(rules(d)) - {"SHT-005"} == {"SHT-004", "SHT-011"}
    assert "部门=全校" in one(d, "SHT-004").new_value
    assert identify(d, INDEX, "", "x.xlsx")[:2] == ("YL001", "head")


def test_a_table_of_several_rows_without_departments_still_lacks_the_column() -> None:
    d = read(sheet("汇总表", f"| 单位 {CHANNELS}\n| 样例第一小学 {GIFTS}\n| 样例第一小学 {GIFTS}"), SLIPS)
    assert one(d, "SHT-003").title == "部门" and d.head["unit_name"].value == "样例第一小学"


def test_a_column_that_names_two_units_is_no_head() -> None:
    d = read(
        sheet("汇总表", f"| 单位 | 部门 {CHANNELS}\n| 样例一小 | 语文组 {GIFTS}\n| 样例二小 | 数学组 {GIFTS}"), SLIPS
    )
    assert "unit_name" not in d.head
    unit, _, findings = identify(d, INDEX, "", "x.xlsx")
    assert unit is None and [f.rule for f in findings] == ["WBK-021"]


def test_two_spellings_of_one_unit_in_a_column_are_one_unit() -> None:
    index: UnitIndex = INDEX
    d = read(sheet("汇总表", f"| 单位 | 部门 {CHANNELS}\n| 样例一小 | 语文组 {GIFTS}\n| 金山区样例第一小学 | 数学组 {GIFTS}"), SLIPS)  # fmt: skip
    assert identify(d, index, "", "x.xlsx")[0] == "YL001" and "SHT-017" not in rules(d)


@pytest.mark.parametrize("ditto", ["〃", "同上"])
def test_three_rows_as_above_are_each_told_as_such(ditto: str) -> None:
    def like(row: str, n: int) -> str:
        return row.replace("李四", f"李四{'甲乙丙'[n]}").replace("| 退休 |", f"| {ditto} |")

    d = people("\n".join([ZHANG, *(like(LI, n) for n in range(3))]))
    assert [r.get("staff_status") for r in d.tables[0].rows] == ["退休"] * 4
    assert [(f.row, f.value, f.new_value) for f in found(d, "CEL-042")] == [(n, ditto, "退休") for n in (5, 6, 7)]
    assert not found(d, "CEL-004")


def test_a_full_mobile_number_has_no_zeros_to_lose() -> None:
    d = people(ZHANG.replace("`13800138000", "13800138000"))
    f = one(d, "CEL-024")
    assert (f.value, f.new_value, f.facts["lost"]) == ("13800138000", "13800138000", "")
    top = "填报单位：样例第一小学\n| 联系电话 | 57300000 |\n| 填报日期 | 2020-01-10 |\n"
    landline = read(sheet("申报表", f"{top}{PEOPLE}\n{ZHANG}"))
    assert "0" in one(landline, "CEL-024").facts["lost"]


def sums(number: str, mobile: str) -> Document:
    total = f"| | 居民身份证 | {number} | | {mobile} | | | | | 资金 | | 5000 | |"
    return people(f"{ZHANG}\n{LI}\n{total}")


@pytest.mark.parametrize(
    ("number", "mobile"), [("`440308199901101512", ""), ("440308199901101512", ""), ("", "`13900139001"), ("", "13900139001")]
)  # fmt: skip
def test_an_unnamed_row_with_an_identity_is_a_person_whatever_it_adds_up_to(number: str, mobile: str) -> None:
    d = sums(number, mobile)
    assert [r.number for r in d.tables[0].rows] == [4, 5, 6] and d.tables[0].totals == ()


def test_an_unnamed_row_of_sums_alone_is_a_total() -> None:
    d = sums("", "")
    assert [r.number for r in d.tables[0].rows] == [4, 5] and [t.number for t in d.tables[0].totals] == [6]


def test_every_measure_of_a_form_is_one_the_lexicon_knows() -> None:
    known = set(book().words["lexicon"]["measures"])
    resources = [r for f in book().forms.values() for r in f.resources] + [
        r.resource for r in book().registers.values()
    ]
    named = {f.measure for r in resources for f in r.fields} | {i["measure"] for r in resources for i in r.items}
    assert {"人", "人次", "元"} < named and named - {""} <= known
