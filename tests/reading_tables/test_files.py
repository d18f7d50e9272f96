"""A whole workbook: identity marks, cover, head block, copies we sent back, registers of the office."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from pipeline.book.load import load_book
from pipeline.reading.interpret import interpret, interpret_office
from tests.reading_tables.grids import SEASON, book, files, found, marked, one, read, rules, season, sheet, workbook
from tests.reading_tables.test_symptoms import HEAD, LI, PEOPLE, ROW, SLIPS, TOP, ZHANG

COVER = """
| 封面 |
| 填报单位 | 样例第一小学 |
| 单位代码 | YL001 |
| 填表人 | 李某某 |
| 联系电话 | `13800138000 |
| 工会主席（审核） | 王某某 |
| 党政负责人 | 周某某 |
| 填报日期 | 2020-01-10 | 按“年-月-日”填写 |
| 金额单位 | 元 |
| 表 | 有 / 无 |
| F1 困难教工帮困申报表 | 无（零报告） |
| 2020年联合募捐汇总表 | 有 |
"""


def test_the_cover_states_the_head_once_and_what_is_empty() -> None:
    d = read(sheet("封面", COVER), sheet("汇总表", f"{HEAD}\n{ROW}"), SLIPS, **marked("F1,F2"))
    assert {k: e.value for k, e in d.head.items()} == {
        "unit_name": "样例第一小学", "unit_code": "YL001", "filler": "李某某", "filler_phone": "13800138000",
        "reviewer": "王某某", "head": "周某某", "fill_date": date(2020, 1, 10), "amount_unit": "元",
    }  # fmt: skip
    assert (d.head["unit_name"].sheet, d.head["unit_name"].row, d.head["unit_name"].col) == ("封面", 2, 2)
    assert {k: e.value for k, e in d.declared.items()} == {"F1": "无", "F2": "有"}
    assert d.tables[0].zero is False
    assert rules(d) == []
    assert (d.marks.role, d.marks.forms, d.marks.unit, d.marks.agree) == ("form", ("F1", "F2"), "YL001", 2)
    assert not d.tables[0].plain


def test_a_file_that_declares_everything_empty_needs_nothing_else() -> None:
    d = read(sheet("封面", COVER.replace("| 有 |", "| 无 |")), **marked("F1,F2"))
    assert d.tables == () and rules(d) == []
    assert {e.value for e in d.declared.values()} == {"无"}


@pytest.mark.parametrize(
    ("label", "value", "severity"),
    [("填表人", "李某某", None), ("联系电话", "`13800138000", "warning"), ("党政负责人", "周某某", "warning"), ("单位代码", "YL001", "warning")],
)  # fmt: skip
def test_of_some_blanks_of_the_head_block_the_school_is_only_asked(
    label: str, value: str, severity: str | None
) -> None:
    d = read(sheet("封面", COVER.replace(f"| {label} | {value} |", f"| {label} | |")), **marked("F1,F2"))
    f = one(d, "SHT-017")
    assert (f.facts["field"], f.severity) == (label, severity)


def test_a_table_of_the_school_s_own_is_not_asked_for_the_code() -> None:
    d = read(
        sheet("汇总表", f"2020年联合募捐汇总表\n填报单位：样例第一小学　单位代码：　联系电话：\n{HEAD}\n{ROW}"), SLIPS
    )
    assert [(f.facts["field"], f.severity) for f in found(d, "SHT-017")] == [("联系电话", "warning")]


def test_a_blank_of_the_head_block_is_named_with_its_cell() -> None:
    d = read(sheet("封面", COVER.replace("| 2020-01-10 |", "| |")), **marked("F1,F2"))
    f = one(d, "SHT-017")
    assert (f.sheet, f.cell, f.facts["field"]) == ("封面", "B8", "填报日期")


def test_a_plain_table_is_asked_for_its_unit_alone() -> None:
    d = read(sheet("汇总表", f"{HEAD}\n{ROW}"), SLIPS)
    assert [f.field for f in found(d, "SHT-017")] == ["unit_name"]
    d = read(sheet("汇总表", f"单位：样例第一小学   填表人：   日期：  年  月  日\n{HEAD}\n{ROW}"), SLIPS)
    assert [f.field for f in found(d, "SHT-017")] == ["filler", "fill_date"]


def test_where_the_head_is_to_be_written() -> None:
    """On the cover, above a table without one; a form of ours without its cover is asked for the cover, once."""
    remedy = book().rules["SHT-017"].remedy
    said = [remedy.format(**one(d, "SHT-017").facts) for d in (
        read(sheet("封面", COVER.replace("| 2020-01-10 |", "| |")), **marked("F1,F2")),
        read(sheet("汇总表", f"{HEAD}\n{ROW}"), SLIPS),
        read(sheet("汇总表", f"{HEAD}\n{ROW}"), SLIPS, **marked("F2")),
    )]  # fmt: skip
    assert said == [
        "请在封面补填“填报日期”。",
        "请在表格上方（标题下面一行）补填“填报单位”。",
        "请在封面（这一页已缺失，请从区里下发的表中补回）补填“填报单位、单位代码、填表人、联系电话、工会主席（审核）、党政负责人、填报日期”。",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "填报单位：样例第一小学  填表人：李某　　联系电话：57300000　填报日期：2020年1月10日",
        "| 填报单位（盖章）： | 样例第一小学 | | 填表人 | 李某 | 联系电话: | `57300000 | 填报日期 | 2020.1.10 |",
        "| 填 报 单 位：样例第一小学 | | 填表人:李某 | | 电话：57300000 | | 填表日期：2020/1/10 |",
        "| 填报单位： | 样例第一小学 |\n| 填表人： | 李某 | 联系电话： | `57300000 |\n| 填报日期： | 43840 |",
    ],
)
def test_labels_and_values_however_they_stand(line: str) -> None:
    d = read(sheet("汇总表", f"2020年联合募捐汇总表\n{line}\n{HEAD}\n{ROW}"), SLIPS)
    assert {k: e.value for k, e in d.head.items()} == {
        "unit_name": "样例第一小学",
        "filler": "李某",
        "filler_phone": "57300000",
        "fill_date": date(2020, 1, 10),
    }


def test_labels_in_the_signature_lines_below_count() -> None:
    d = read(sheet("汇总表", f"{TOP}{HEAD}\n{ROW}\n| 填表人：李某 | | 审核人：王某 | | 2020年1月15日 |"), SLIPS)
    assert (d.head["filler"].value, d.head["reviewer"].value, d.head["filler"].row) == ("李某", "王某", 5)
    assert len(d.tables[0].rows) == 1


@pytest.mark.parametrize(
    ("tick", "zero"),
    [("☑零报告", True), ("| 零报告： | ☑ |", True), ("零报告：□", False), ("| 零报告 | 是 |", True), ("", None)],
)
def test_the_tick_of_a_zero_report(tick: str, zero: bool | None) -> None:
    d = read(sheet("申报表", f"填报单位：样例第一小学\n{tick}\n{PEOPLE}"))
    assert d.tables[0].zero is zero and d.tables[0].rows == ()


def test_two_of_three_marks_must_agree() -> None:
    hidden = sheet(
        "_wennuan",
        "| role | form |\n| forms | F1 |\n| unit | YL002 |\n| season | 2020 |\n| version | 2020.1 |",
        visible="veryHidden",
    )
    three = marked("F1")
    assert read(hidden, **three).marks.unit == "YL001"
    assert read(hidden, names=three["names"]).marks.agree == 2
    assert read(hidden, names=three["names"]).marks.unit == ""  # they name different units
    assert read(names=three["names"]).marks.agree == 0


def test_a_marked_copy_sent_back_reads_as_the_original() -> None:
    clean = read(sheet("申报表", f"{TOP}{PEOPLE}\n{ZHANG}\n{LI}"), **marked("F1"))
    remarks = f"{TOP}{PEOPLE.rstrip('|')}| 审核意见 |\n{ZHANG.rstrip('|')}| × 身份证号码校验位不正确 |\n{LI}"
    listed = sheet("问题清单", "| 序号 | 级别 | 位置 | 学校说明 |\n| 1 | × 必改 | 申报表!C4 | |")
    ours = marked("F1")
    named = {
        **ours,
        "names": {**ours["names"], "_wn_return_col_1": "'申报表'!$N:$N", "_wn_return_sheet_1": "'问题清单'!$A$1"},
    }
    for extra in (named, ours):
        back = read(listed, sheet("申报表", remarks), **extra)
        assert [t.rows for t in back.tables] == [t.rows for t in clean.tables]
        assert rules(back) == rules(clean)


def test_a_missing_sheet_of_a_form_that_is_there() -> None:
    d = read(sheet("汇总表", f"{TOP}{HEAD}\n{ROW}"))
    assert one(d, "SHT-001").facts["sheet"] == "汇款单据"


def test_two_tables_on_one_sheet() -> None:
    slips = "汇款情况\n| 汇款日期 | 金额（元） | 付款户名 |\n| 2020-01-08 | 8600 | 样例第一小学 |"
    total = "| 合计 | 86 | 83 | 4300 | 860 | 1720 | 430 | 430 | 860 |"
    d = read(sheet("汇总表", f"{TOP}{HEAD}\n{ROW}\n{total}\n\n{slips}"))
    first, second = d.tables
    assert (first.resource, [r.number for r in first.rows], [r.number for r in first.totals]) == ("donations", [4], [5])
    assert (second.resource, second.header, second.at(second.rows[0], "amount")) == ("slips", (8, 8), (9, 2))
    assert (first.last_col, second.last_col) == (9, 9)
    assert "SHT-001" not in rules(d)


def test_an_empty_copy_beside_a_filled_sheet_is_left_out() -> None:
    d = read(sheet("汇总表", f"{TOP}{HEAD}\n{ROW}"), sheet("汇总表 (2)", HEAD), SLIPS)
    assert [(t.sheet, len(t.rows)) for t in d.tables] == [("汇总表", 1), ("汇款单据", 1)]


def test_files_that_are_no_workbook_pass_through() -> None:
    raw = workbook()
    raw.outcome, raw.kind = "not-a-workbook", "pdf"
    d = interpret_office(raw, book(), SEASON)
    assert (d.outcome, d.tables, d.findings) == ("not-a-workbook", (), ())


def test_the_1904_calendar_is_said_once_and_counted_right() -> None:
    slips = sheet("汇款单据", "| 汇款日期 | 金额 | 付款户名 |\n| 42383 | 8600 | 样例第一小学 |")
    d = read(sheet("汇总表", f"{TOP}{HEAD}\n{ROW}"), slips, date1904=True)
    assert d.tables[1].rows[0].get("remit_date") == date(2020, 1, 15)
    assert one(d, "WBK-019")


@pytest.mark.parametrize("date1904", [False, True])
@pytest.mark.parametrize(
    ("number", "rule"), [(2020.1, "CEL-036"), (2019.12, "CEL-036"), (2020, "CEL-033"), (20201.15, "CEL-033")]
)
def test_a_decimal_in_a_cell_of_dates_is_no_day_of_the_last_century(number: float, rule: str, date1904: bool) -> None:
    """What a workbook hands over for it, on a sheet and on the cover; a day of birth in a register may lie there."""
    day = datetime(1904, 1, 1) if date1904 else datetime(1899, 12, 30)  # noqa: DTZ001
    slips = sheet("汇款单据", "| 汇款日期 | 金额 | 付款户名 |\n| D | 8600 | 样例第一小学 |")
    slips.rows[1][0] = day + timedelta(days=number)
    d = read(sheet("汇总表", f"{TOP}{HEAD}\n{ROW}"), slips, date1904=date1904)
    f = one(d, rule)
    assert (f.cell, f.value, d.tables[1].rows[0].unknown) == ("A2", str(number), {"remit_date"})


def test_a_day_of_birth_of_a_register_may_be_long_ago() -> None:
    roster = sheet("教职工花名册", "| 单位代码 | 姓名 | 身份证号 | 出生日期 |\n| YL001 | 张三 | | B |")
    roster.rows[1][3] = date(1919, 5, 5)
    d = interpret_office(workbook(roster), book(), SEASON)
    assert d.tables[0].rows[0].get("birth") == date(1919, 5, 5)


def test_preview_and_sheets() -> None:
    d = read(sheet("汇总表", f"{TOP}{HEAD}\n{ROW}"), SLIPS)
    assert d.preview[:2] == ("2020年联合募捐汇总表", "填报单位：样例第一小学") and len(d.preview) == 3
    assert d.sheets == ("汇总表", "汇款单据")


def test_every_finding_says_where_it_is() -> None:
    d = read(sheet("申报表", f"{TOP}{PEOPLE}\n{ZHANG.replace('3000', '约三千')}"))
    f = one(d, "CEL-028")
    assert (f.form, f.resource, f.sheet, f.cell, f.field, f.title, f.value, f.file) == (
        "F1",
        "applications",
        "申报表",
        "L4",
        "amount_requested",
        "申请金额",
        "约三千",
        "a/form.xlsx",
    )
    assert (f.facts["col"], f.facts["val"]) == ("申请金额", "约三千")


def test_of_a_plain_table_nobody_can_read_one_thing_is_said_and_its_unit_is_known() -> None:
    last_year = "2019年困难教工帮困申报表\n填报单位：样例第一小学\n| 序号 | 姓名 | 身份证号 | 困难类别 | 申请金额 |\n| 1 | 李四 | `440524188001010014 | 相对困难 | 2000 |"
    d = read(sheet("Sheet1", last_year))
    assert (d.tables, rules(d)) == ((), ["SHT-002"])
    assert {name: e.value for name, e in d.head.items()} == {"unit_name": "样例第一小学"}
    titled = read(
        sheet("Sheet1", "第一小学2020年联合募捐汇总表\n| 部门 | 人数 | 捐款人数 | 一日捐 |\n| 语文组 | 10 | 9 | 100 |")
    )
    assert rules(titled) == ["SHT-002"] and [e.raw for e in titled.named] == ["第一小学2020年联合募捐汇总表"]
    ours = read(sheet("申报表", last_year), **marked("F1"))
    assert rules(ours) == ["SHT-001", "SHT-002"]


# -- the office ---------------------------------------------------------------------------------------


def office(*sheets: object, **more: object) -> object:
    return interpret_office(workbook(*sheets, **more), book(), SEASON)


def test_a_register_of_three_columns_is_enough() -> None:
    d = office(
        sheet(
            "通讯录",
            "金山区学校通讯录\n| 单位代码 | 单位名称 | 联系电话 |\n| YL001 | 样例第一小学 | `57300000 |\n| YL002 | 样例第二小学 | `57300001 |",
        )
    )
    assert [(t.form, len(t.rows)) for t in d.tables] == [("R1", 2)]
    assert d.tables[0].rows[1].get("unit_code") == "YL002"
    assert "SHT-001" not in rules(d) and "SHT-017" not in rules(d)


def test_a_register_known_by_its_name_is_told_which_column_is_missing() -> None:
    d = office(sheet("别名与词表", "| 别名 | 标准写法 |\n| 一小 | 样例第一小学 |"))
    assert [t.form for t in d.tables] == ["R7"] and d.tables[0].blocked == ("kind",)
    assert [f.facts["col"] for f in d.findings] == ["种类"]
    assert office(sheet("Sheet1", "| 别名 | 标准写法 |\n| 一小 | 样例第一小学 |")).tables == ()


@pytest.mark.parametrize("name", ["帮困标准与额度", "Sheet1"])
def test_a_register_whose_columns_are_all_optional_may_keep_only_those_that_are_filled(name: str) -> None:
    d = office(sheet(name, "| 帮困项目 | 困难类别 | 标准 |\n| 大病帮困 | 相对困难 | 3000 |"))
    assert [(t.form, t.blocked) for t in d.tables] == [("R5", ())] and rules(d) == []
    assert (
        office(
            sheet("Sheet1", "| 帮困项目 | 困难类别 | 标准 | 商品 | 单价 |\n| 大病帮困 | 相对困难 | 3000 | 米 | 12 |")
        ).tables
        == ()
    )


def test_several_registers_in_one_workbook_by_sheet_name() -> None:
    names = {r.name: r for r in book().registers.values()}
    sheets = [
        sheet(names[n].resource.title, "| " + " | ".join(f.title for f in names[n].resource.active) + " |")
        for n in ("R1", "R7", "R10")
    ]
    assert [t.form for t in office(*sheets).tables] == ["R1", "R7", "R10"]


@pytest.mark.parametrize("name", sorted(book().registers))
def test_every_register_and_decision_sheet_is_known_by_its_columns_alone(name: str) -> None:
    register = book().registers[name]
    titles = "| " + " | ".join(f.title for f in register.resource.active) + " |"
    d = office(sheet(register.resource.title, titles))
    assert [t.form for t in d.tables] == [name]
    assert rules(d) == []


def test_the_labelled_values_above_the_balance_sheet() -> None:
    register = next(r for r in book().registers.values() if r.head)
    titles = "| " + " | ".join(f.title for f in register.resource.active) + " |"
    d = office(
        sheet(
            register.resource.title,
            f"| 会议日期： | 2019-12-30 | | 会议文号：工委会2020-2 | | 参会人员 | 周某某、王某某 |\n{titles}",
        )
    )
    assert {k: e.value for k, e in d.tables[0].head.items()} == {
        "meeting_date": date(2019, 12, 30),
        "meeting_no": "工委会2020-2",
        "attendees": "周某某、王某某",
    }


def test_an_error_in_the_head_block_is_one() -> None:
    d = read(sheet("汇总表", f"| 填报单位 | | 填报日期 | |\n{HEAD}\n{ROW}", errors={(1, 2): "#REF!"}), SLIPS)
    assert (one(d, "CEL-037").cell, one(d, "CEL-037").field) == ("B1", "unit_name")
    assert [f.field for f in found(d, "SHT-017")] == ["fill_date"]


def test_a_foreign_workbook_among_the_registers_is_one_finding() -> None:
    assert rules(office(sheet("Sheet1", "| 商品 | 单价 |\n| 大米 | 12 |"))) == ["SHT-002"]


@pytest.mark.parametrize("form", sorted(book().forms))
def test_every_sheet_of_every_form_is_known_by_its_own_titles(form: str) -> None:
    for resource in book().forms[form].resources:
        if not resource.on or resource.layout == "items":
            continue
        titles = "| " + " | ".join(f.title for f in resource.active) + " |"
        d = read(sheet(resource.title, titles))
        assert [(t.form, t.resource) for t in d.tables] == [(form, resource.name)]
        assert set(d.tables[0].columns) == {f.name for f in resource.active}
        assert not {"SHT-002", "SHT-003", "SHT-004", "SHT-005"} & set(rules(d))


def test_an_optional_field_switched_on_is_read() -> None:
    on = season({"F1.applications": ("sex",)})
    d = interpret(
        workbook(sheet("申报表", f"{TOP}{PEOPLE.rstrip('|')}| 性别 |\n{ZHANG.rstrip('|')}| 女 |")),
        load_book(files(), on),
        on,
    )
    assert d.tables[0].columns["sex"] == 14 and "SHT-005" not in rules(d)
