"""The unit of money as clerks state it: beside the table, in its title, over a column, on the cover."""

from __future__ import annotations

import pytest

from pipeline.model import Document
from pipeline.reading.titles import title_key
from tests.reading_tables.grids import book, found, grid, one, read, rules, sheet
from tests.reading_tables.test_symptoms import CLEAN, HEAD, PEOPLE, ROW, SLIPS, ZHANG

MONEY = book().words["reading"]["units_of_money"]
AMOUNTS = [f.title for f in book().forms["F2"].resource("donations").active if f.kind == "money"]
SCHOOL = "样例第一小学"


def donations(top: str, head: str = HEAD) -> Document:
    return read(sheet("汇总表", f"{top}\n{head}\n{ROW}"), SLIPS)


@pytest.mark.parametrize(
    "said",
    ["单位：{}", "单位：人民币{}", "金额单位:人民币（{}）", "单位（{}）", "金额：{}", "单位：人、{}", "单位：人/{}", "（单位：{}）", "（{}）", "计量单位：{}、人",
     "| 单位 | {} |", "| 单位： |  | {} |", "| 金额单位 | 人民币（{}） |", "（金额以{}计）", "| | | {} |", "金额用{}表示", "说明：金额以{}为单位，不含角分", "币种：人民币  单位：{}"],
)  # fmt: skip
@pytest.mark.parametrize("unit", ["元", "万元", "千元", "百元"])
def test_a_unit_stated_beside_the_table(said: str, unit: str) -> None:
    d = donations(f"填报单位：{SCHOOL}\n{said.format(unit)}")
    assert d.head["unit_name"].value == SCHOOL
    assert [(f.facts["unit"], f.row) for f in d.findings if f.rule == "SHT-016"] == (
        [] if unit == "元" else [(unit, 2)]
    )
    assert set(rules(d)) <= {"SHT-016"}


@pytest.mark.parametrize(
    "title", ["2020年联合募捐汇总表（单位：{}）", "2020年联合募捐汇总表（单位{}）", "2020年联合募捐汇总表（{}）"]
)
@pytest.mark.parametrize("unit", ["元", "万元"])
def test_a_unit_in_the_title_is_no_school(title: str, unit: str) -> None:
    d = donations(f"{title.format(unit)}\n填报单位：{SCHOOL}")
    assert (d.head["unit_name"].value, d.head["unit_name"].row) == (SCHOOL, 2)
    assert [f.cell for f in found(d, "SHT-016")] == ([] if unit == "元" else ["A1"])


@pytest.mark.parametrize("unit", ["元", "万元"])
def test_a_unit_in_brackets_behind_the_school(unit: str) -> None:
    d = donations(f"填报单位：{SCHOOL}（单位：{unit}）")
    assert d.head["unit_name"].value == SCHOOL
    assert ("SHT-016" in rules(d)) == (unit == "万元")


def test_what_is_counted_is_no_school() -> None:
    """| 单位：人 | says nothing of money and names nobody."""
    d = donations(f"单位：人\n填报单位：{SCHOOL}")
    assert (d.head["unit_name"].value, rules(d)) == (SCHOOL, [])


def test_of_two_units_the_one_that_is_not_yuan_counts() -> None:
    d = donations(f"（单位：元）\n填报单位：{SCHOOL}\n单位：万元")
    assert one(d, "SHT-016").cell == "A3"


@pytest.mark.parametrize(
    "said",
    [
        "填报单位：元和小学",
        "单位：分水中学",
        "注：金额以元为单位，角分填两位小数",
        "注：单位为万元的请折算",
        "金额以元为单位，请勿以万元为单位",
        "不得以万元计",
        "注意：往年有学校误以万元为单位填写，今年请以元为单位",
        "分",
    ],
)
def test_words_that_only_begin_like_a_unit(said: str) -> None:
    assert "SHT-016" not in rules(donations(said))


def in_columns(unit: str) -> str:
    return "|".join(
        unit.format(t) if title_key(t) in map(title_key, AMOUNTS) else t for t in map(str.strip, HEAD.split("|"))
    )


@pytest.mark.parametrize(
    "unit", ["{}\\n元", "{}/元", "{} 元", "{}（元）", "{}：元", "{}\\n人民币元", "{}元", "{}（以元为单位）"]
)
def test_a_unit_behind_the_title_of_a_column(unit: str) -> None:
    d = donations(f"填报单位：{SCHOOL}", in_columns(unit))
    assert (d.tables[0].rows[0].values, rules(d)) == (CLEAN, [])
    d = donations(f"填报单位：{SCHOOL}", in_columns(unit.replace("元", "万元")))
    assert (one(d, "SHT-016").facts["unit"], d.tables[0].blocked) == ("万元", ())


@pytest.mark.parametrize("form", ["{}", "（{}）"])
@pytest.mark.parametrize("unit", ["元", "万元"])
def test_a_row_of_units_below_the_header_belongs_to_it(form: str, unit: str) -> None:
    units = " | ".join(form.format(u) for u in ["人"] * 2 + [unit] * 6)
    d = donations(f"填报单位：{SCHOOL}", f"{HEAD}\n| | {units} |")
    assert ([r.number for r in d.tables[0].rows], d.tables[0].rows[0].values) == ([4], CLEAN)
    assert [(f.cell, f.facts["unit"]) for f in found(d, "SHT-016")] == ([] if unit == "元" else [("D3", unit)])
    assert set(rules(d)) <= {"SHT-016"}


def test_a_title_with_its_unit_of_money_names_year_and_school_all_the_same() -> None:
    d = read(sheet("汇总表", f"样例一小2019年联合募捐汇总表（单位：元）\n{HEAD}\n{ROW}"), SLIPS)
    assert [e.state for e in d.named] == ["title"] and one(d, "WBK-020").cell == "A1"


@pytest.mark.parametrize("number", ["（{}）", "({})", "{}.", "{}、"])
def test_numbered_titles(number: str) -> None:
    titles = (number.format(n) + t for n, t in enumerate((t for t in grid(HEAD)[0]), 1))
    d = donations(f"填报单位：{SCHOOL}", "|" + "|".join(titles) + "|")
    assert (d.tables[0].rows[0].values, rules(d)) == (CLEAN, [])


def test_titles_spaced_out_and_in_other_words() -> None:
    """'申 请 人' ends with a sign that also counts people, but it is the person's name."""
    spelled = {
        "姓名": "申 请 人",
        "证件号码": "身份证件号码",
        "困难类别": "困难种类",
        "帮困项目": "项目",
        "申请金额": "申请金额/元",
    }
    head = "|".join(spelled.get(t.strip(), t) for t in PEOPLE.split("|"))
    d = read(sheet("申报表", f"填报单位：{SCHOOL}\n{head}\n{ZHANG}"))
    assert d.tables[0].blocked == () and "SHT-005" not in rules(d)
    assert d.tables[0].rows[0].values["name"] == "张三"


@pytest.mark.parametrize("unit", ["元", "万元"])
def test_the_unit_on_the_cover_goes_for_every_sheet(unit: str) -> None:
    """One finding where it stands; it holds the file, and no amount is doubted beside it."""
    cover = sheet("封面", f"| 填报单位 | {SCHOOL} |\n| 金额单位 | {unit} |\n| F2 联合募捐汇总表 | 有 |")
    d = read(cover, sheet("汇总表", f"{HEAD}\n{ROW.replace('4300', '0.12345')}"), SLIPS)
    stated = [(f.cell, f.sheet, f.holds, f.facts["unit"]) for f in found(d, "SHT-016")]
    assert stated == ([] if unit == "元" else [("B2", "封面", "file", "万元")])
    assert ("CEL-032" in rules(d)) == (unit == "元")
