"""What schools really send (domain.md C3): each symptom as a Markdown table, what is read and what is said of it."""

from __future__ import annotations

import pytest

from pipeline.cells.ids import check_digit
from pipeline.model import Document
from tests.reading_tables.grids import cell, found, marked, one, read, rules, sheet

HEAD = "| 部门 | 教职工总数 | 捐款人数 | 工会一日捐 | 千万人帮万家 | 蓝天下的至爱 | 老年基金会 | 拥军优属基金会 | 教育系统帮困送温暖 |"
ROW = "| 全校 | 86 | 83 | 4300 | 860 | 1720 | 430 | 430 | 860 |"
TOP = "2020年联合募捐汇总表\n填报单位：样例第一小学\n"
SLIPS = sheet("汇款单据", "| 汇款日期 | 金额 | 付款户名 |\n| 2020-01-08 | 8600 | 样例第一小学 |")
CLEAN = {
    "dept": "全校",
    "headcount": 86,
    "donors": 83,
    "ch_union_day": 430000,
    "ch_red_cross": 86000,
    "ch_charity": 172000,
    "ch_elderly": 43000,
    "ch_army": 43000,
    "ch_education": 86000,
}
PEOPLE = "| 姓名 | 证件类型 | 证件号码 | 人员身份 | 手机号码 | 家庭人口 | 困难类别 | 主要致困原因 | 困难情况说明 | 帮扶需求 | 帮困项目 | 申请金额 | 告知承诺 |"
ZHANG = "| 张三 | 居民身份证 | 11010519491231002X | 退休 | `13800138000 | 3 | 相对困难 | 子女上学 | 女儿读大学，学费和住宿费由本人负担。 | 资金 | 助学帮困 | 3000 | ☑ |"
LI = "| 李四 | 居民身份证 | `440524188001010014 | 退休 | `13900139000 | 2 | 相对困难 | 子女上学 | 儿子读大学，学费和住宿费由本人负担。 | 资金 | 助学帮困 | 2000 | ☑ |"


def donations(table: str, **more: object) -> Document:
    return read(sheet("汇总表", TOP + table, **more), SLIPS)


def people(table: str, **more: object) -> Document:
    return read(sheet("申报表", "困难教工帮困申报表\n填报单位：样例第一小学\n" + PEOPLE + "\n" + table, **more))


def only(document: Document, *expected: str) -> None:
    """No finding but these and what a plain table without a second sheet always earns."""
    assert [r for r in rules(document) if r not in {"SHT-001", "SHT-011"}] == sorted(expected)


def test_a_clean_table_says_nothing() -> None:
    d = donations(f"{HEAD}\n{ROW}")
    assert dict(d.tables[0].rows[0].values) == CLEAN
    assert rules(d) == []
    assert d.tables[0].plain and d.tables[0].blocked == ()
    assert d.tables[0].at(d.tables[0].rows[0], "ch_union_day") == (4, 4)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (
            "| 部门 | 捐款人数 | 教职工总数 | 工会一日捐 | 千万人帮万家 | 蓝天下的至爱 | 老年基金会 | 拥军优属基金会 | 教育系统帮困送温暖 |\n| 全校 | 83 | 86 | 4300 | 860 | 1720 | 430 | 430 | 860 |",
            ["SHT-004"],
        ),
        (
            "| 科室 | 教职工人数 | 捐款\\n人数 | “一日捐” | 红十字会 | 蓝天下的至爱（元） | 老年基金 | 拥军优属 | 帮困送温暖 |\n"
            + ROW,
            ["SHT-004"],
        ),
        (
            "| 部 门 | *教职工总数（人） | 捐款人数\\n（人） | 工会一日捐(元) | 千万人帮万家 | 蓝天下的至爱： | 老年基金会 | 拥军优属基金会 | 教育系统帮困送温暖 |\n"
            + ROW,
            [],
        ),
        (f"说明：本表由各单位填写，于一月十五日前报送\n\n{HEAD}\n{ROW}", []),
        (f"{HEAD}\n|1|2|3|4|5|6|7|8|9|\n{ROW}", []),
        (HEAD.rstrip("|") + "| 人均 |\n" + ROW.rstrip("|") + "| 100 |", ["SHT-005"]),
        (f"{HEAD}\n\n\n{ROW}\n", []),
        (
            f"{HEAD}\n{ROW}\n| 合 计 | 86 | 83 | 4300 | 860 | 1720 | 430 | 430 | 860 |\n| 说明：以上为全部 |\n填表人：李某　审核人：王某　2020年1月15日",
            [],
        ),
        (f"{HEAD}\n{ROW}\n{HEAD}\n", []),
        (f"{HEAD}\n| 例：语文组 | 10 | 9 | 1 | 1 | 1 | 1 | 1 | 1 |\n{ROW}", ["SHT-012"]),
    ],
)
def test_the_same_row_however_the_sheet_is_laid_out(table: str, said: list[str]) -> None:
    d = donations(table)
    assert [dict(r.values) for r in d.tables[0].rows] == [CLEAN]
    only(d, *said)


def test_a_two_row_header_with_merged_groups() -> None:
    table = (
        "| 部门 | 教职工总数 | 捐款人数 | 募捐金额（元） | | | | | | 备注 |\n"
        "| | | | 工会一日捐 | 千万人帮万家 | 蓝天下的至爱 | 老年基金会 | 拥军优属基金会 | 教育系统帮困送温暖 | |\n"
        + ROW
    )
    merged = ((3, 4, 3, 9), (3, 1, 4, 1), (3, 2, 4, 2), (3, 3, 4, 3), (3, 10, 4, 10))
    for merges in (merged, ()):
        d = donations(table, merged=merges)
        t = d.tables[0]
        assert t.header == (3, 4) and t.titles["ch_red_cross"] == "千万人帮万家" and t.columns["remark"] == 10
        assert dict(t.rows[0].values) == CLEAN
        only(d)


def test_a_group_tells_two_equal_subtitles_apart() -> None:
    d = read(
        sheet(
            "上年对象去向",
            "| 姓名 | 证件后四位 | 上年 | | 本年去向 |\n| | | 类别 | 金额 | |\n| 李四 | `0014 | 相对困难 | 2000 | 已脱困 |",
            merged=((1, 3, 1, 4),),
        )
    )
    row = d.tables[0].rows[0]
    assert (row.get("last_category"), row.get("last_amount")) == ("相对困难", 200000)


def test_a_missing_required_column_is_one_finding_and_blocks() -> None:
    head = HEAD.replace("| 捐款人数 ", "").replace("| 老年基金会 ", "")
    d = donations(f"{head}\n| 全校 | 86 | 4300 | 860 | 1720 | 430 | 860 |")
    assert [f.facts["col"] for f in found(d, "SHT-003")] == ["捐款人数", "老年基金会"]
    assert d.tables[0].blocked == ("donors", "ch_elderly")
    only(d, "SHT-003", "SHT-003")


def only_one_unreadable(d: Document) -> None:
    assert rules(d) == ["SHT-002"]


@pytest.mark.parametrize("name", ["汇总表", "Sheet1"])
def test_too_little_of_the_header_is_one_finding(name: str) -> None:
    d = read(sheet(name, f"{TOP}| 部门 | 人数 | 钱 |\n| 全校 | 86 | 100 |"))
    assert d.tables == ()
    assert one(d, "SHT-002").form == "F2"
    assert [f for f in d.findings if f.rule != "SHT-001"] == [one(d, "SHT-002")]


def test_somebody_elses_table_is_exactly_one_finding() -> None:
    d = read(sheet("Sheet1", "| 商品 | 单价 | 数量 |\n| 大米 | 12 | 3 |"), sheet("Sheet2", ""))
    assert d.tables == () and rules(d) == ["SHT-002"]


def test_a_renamed_sheet_is_found_by_its_header() -> None:
    d = read(sheet("Sheet1", f"{TOP}{HEAD}\n{ROW}"), SLIPS)
    assert (d.tables[0].form, d.tables[0].resource, d.tables[0].sheet) == ("F2", "donations", "Sheet1")
    assert rules(d) == []


def test_a_header_twice_keeps_the_first() -> None:
    d = donations(HEAD.rstrip("|") + "| 工会一日捐 |\n" + ROW.rstrip("|") + "| 9999 |")
    assert d.tables[0].rows[0].values == CLEAN
    f = one(d, "SHT-005")
    assert (f.cell, f.facts["col"]) == ("J3", "工会一日捐")


def test_units_of_money() -> None:
    for top in ("单位：万元\n", "（万元）\n", "金额单位:千元\n"):
        d = read(sheet("汇总表", f"填报单位：样例第一小学\n{top}{HEAD}\n{ROW}"), SLIPS)
        assert one(d, "SHT-016").cell == "A2", top
    d = donations(f"{HEAD.replace('工会一日捐', '工会一日捐（万元）')}\n{ROW}")
    assert (one(d, "SHT-016").cell, one(d, "SHT-016").facts["unit"]) == ("D3", "万元")
    assert rules(read(sheet("汇总表", f"填报单位：样例第一小学   单位：元\n{HEAD}\n{ROW}"), SLIPS)) == []


def test_blank_rows_between_and_a_far_stray_cell() -> None:
    rows = "\n".join([HEAD, ROW, "", ROW.replace("全校", "退休"), *[""] * 60, "| | | | | | | | | x |"])
    d = donations(rows)
    assert [r.number for r in d.tables[0].rows] == [4, 6]
    assert (one(d, "SHT-015").facts["rows"], one(d, "SHT-015").cell) == ("5", "A5")


def test_a_person_far_below_is_not_lost() -> None:
    d = donations("\n".join([HEAD, ROW, *[""] * 60, ROW.replace("全校", "退休")]))
    assert [r.get("dept") for r in d.tables[0].rows] == ["全校", "退休"]


def test_hidden_rows_are_read_and_said() -> None:
    d = donations(f"{HEAD}\n{ROW}", hidden_rows=frozenset({4}))
    assert len(d.tables[0].rows) == 1
    assert (one(d, "SHT-014").cell, one(d, "SHT-014").rows) == ("A4", (4,))
    assert [f.rule for f in donations(f"{HEAD}\n{ROW}", hidden_cols=frozenset({20})).findings] == []
    assert one(donations(f"{HEAD}\n{ROW}", filtered=True), "SHT-014")


def test_text_merged_down_a_column_is_carried_down() -> None:
    two = (
        ZHANG
        + "\n"
        + ZHANG.replace("| 张三 | 居民身份证 | 11010519491231002X |", "| | | |").replace("助学帮困", "大病帮困")
    )
    d = people(two, merged=((4, 1, 5, 1), (4, 2, 5, 2), (4, 3, 5, 3)))
    first, second = d.tables[0].rows
    assert second.get("id_number") == first.get("id_number") == "11010519491231002X"
    assert d.tables[0].at(second, "name") == (4, 1) and d.tables[0].at(second, "amount_requested") == (5, 12)
    only(d)


def test_an_amount_merged_over_two_people_belongs_to_nobody() -> None:
    d = people(ZHANG + "\n" + LI.replace("| 2000 |", "| |"), merged=((4, 12, 5, 12),))
    assert all(r.unknown == {"amount_requested"} and "amount_requested" not in r.values for r in d.tables[0].rows)
    f = one(d, "SHT-013")
    assert (f.cell, f.rows, f.value) == ("L4", (4, 5), "3000")


def test_a_row_made_tall_by_merging_is_one_row() -> None:
    d = people(ZHANG + "\n| |\n" + LI, merged=tuple((4, c, 5, c) for c in range(1, 14)))
    assert [r.get("name") for r in d.tables[0].rows] == ["张三", "李四"]
    assert "SHT-013" not in rules(d)


def test_identity_numbers_are_judged_by_cell_type_and_id_type() -> None:
    d = people(
        ZHANG.replace("11010519491231002X", "440308199901101512")
        + "\n"
        + LI.replace("`440524188001010014", "440308199901101513x")
        + "\n"
        + LI.replace("居民身份证", "护照").replace("`440524188001010014", "E12345678")
    )
    rows = d.tables[0].rows
    assert rows[0].unknown == {"id_number"} and one(d, "CEL-013").cell == "C4"
    assert rows[1].unknown == {"id_number"} and one(d, "CEL-015").facts["id_type"] == "居民身份证"
    assert rows[2].get("id_number") == "E12345678"


@pytest.mark.parametrize(("row", "col", "cell"), [(1_048_576, 1, "A1048576"), (4, 16_384, "XFD4"), (4, 201, None)])
def test_a_stray_sign_far_from_the_table_is_told_with_its_cell_and_widens_nothing(
    row: int, col: int, cell: str | None
) -> None:
    """A remark beside the table must still find a column that exists."""
    far = sheet("汇总表", TOP + f"{HEAD}\n{ROW}")
    far.rows += [[] for _ in range(row - len(far.rows))]
    far.rows[row - 1] = [*far.rows[row - 1], *[""] * (col - len(far.rows[row - 1]))]
    far.rows[row - 1][col - 1] = "x"
    d = read(far, SLIPS)
    assert [f.cell for f in found(d, "SHT-015")] == ([cell] if cell else [])
    assert d.tables[0].last_col == (9 if cell else col)


@pytest.mark.parametrize(
    "number", ["11010519491231002X（本人）", "`440308199901101512（本人）", " 440308199901101513 ", "４４０３０８１９９９０１１０１５１３"]
)  # fmt: skip
def test_a_number_that_cannot_be_read_is_one_finding(number: str) -> None:
    d = people(ZHANG.replace("11010519491231002X", number))
    assert len([f for f in d.findings if f.field == "id_number"]) == 1
    assert d.tables[0].rows[0].unknown == {"id_number"}


def test_the_wrong_check_digit_is_one_unknown() -> None:
    d = people(ZHANG.replace("11010519491231002X", "`440308199901101513"))
    assert one(d, "CEL-016").value == "440308199901101513"
    assert d.tables[0].rows[0].unknown == {"id_number"}
    assert d.tables[0].rows[0].raw["id_number"] == "440308199901101513"


def test_as_above_copies_where_it_may() -> None:
    d = people(ZHANG + "\n" + LI.replace("| 相对困难 |", "| 同上 |").replace("| 2000 |", "| 同上 |"))
    second = d.tables[0].rows[1]
    assert second.get("category") == "相对困难" and second.raw["category"] == "同上"
    assert (one(d, "CEL-042").value, one(d, "CEL-042").new_value) == ("同上", "相对困难")
    assert second.unknown == {"amount_requested"} and one(d, "CEL-028").cell == "L5"


def test_error_cells_and_formulas_without_value() -> None:
    d = people(
        ZHANG.replace("| 3000 |", "| |") + "\n" + LI.replace("| 2 |", "| |"),
        errors={(4, 12): "#REF!"},
        uncached=frozenset({(5, 6)}),
        formulas={(5, 6): "VLOOKUP(A5,X!A:B,2,0)"},
    )
    assert (one(d, "CEL-037").cell, one(d, "CEL-037").value) == ("L4", "#REF!")
    assert one(d, "CEL-038").cell == "F5"
    assert d.tables[0].rows[0].unknown == {"amount_requested"} and d.tables[0].rows[1].unknown == {"household_size"}


def test_a_formula_into_another_file_is_no_value() -> None:
    d = people(ZHANG, formulas={(4, 12): "[1]Sheet1!B4", (4, 6): "B1+B2"})
    assert (one(d, "CEL-038").cell, one(d, "CEL-038").value) == ("L4", "=[1]Sheet1!B4")
    assert d.tables[0].rows[0].unknown == {"amount_requested"}


def test_a_plain_sum_is_worked_out_again_as_a_warning() -> None:
    head = HEAD.rstrip("|") + "| 合计 | 物资折价 |"
    d = donations(
        f"{head}\n{ROW.rstrip('|')}| | |",
        uncached=frozenset({(4, 10), (4, 11)}),
        formulas={(4, 10): "SUM(D4:I4)", (4, 11): "D4+E4"},
    )
    assert d.tables[0].rows[0].get("in_kind_value") == 516000
    f = one(d, "CEL-038")  # the computed total itself is never asked for
    assert (f.cell, f.severity, f.new_value) == ("K4", "warning", "5160")


def test_a_picture_in_a_signature_cell_counts_as_signed() -> None:
    head = "| 姓名 | 证件后四位 | 人员身份 | 帮困项目 | 资金来源 | 应发金额 | 实发金额 | 发放日期 | 发放方式 | 签收人 |"
    row = "| 张三 | 002X | 退休 | 节日慰问 | 区教育工会 | 1000 | 1000 | 2020-01-14 | 现金 | |"
    d = read(
        sheet(
            "发放登记",
            f"填报单位：样例第一小学\n{head}\n{row}",
            pictures=frozenset({(3, 10)}),
            formulas={(3, 10): 'DISPIMG("ID_1",1)'},
        )
    )
    assert d.tables[0].rows[0].get("signed_by")
    assert "CEL-038" not in rules(d)


def test_nothing_but_presets_is_no_row_and_a_word_for_nothing_neither() -> None:
    blank = "| | 居民身份证 | | | | | | | | 资金 | | | |"
    d = people(ZHANG + "\n" + blank + "\n" + blank)
    assert [r.number for r in d.tables[0].rows] == [4]
    only(d)
    assert people("| 无 |").tables[0].rows == ()


def test_a_broken_sequence_is_said_once() -> None:
    head, rows = "| 序号 " + PEOPLE, ["| 1 " + ZHANG, "| 3 " + LI]
    d = read(sheet("申报表", "填报单位：样例第一小学\n" + "\n".join([head, *rows])))
    assert (one(d, "SHT-009").cell, one(d, "SHT-009").value) == ("A4", "3")


def test_a_sample_row_built_of_examples_is_dropped_by_its_label_only() -> None:
    d = people("| 示例 | 居民身份证 | 11010519491231002X |\n" + ZHANG)
    assert [r.get("name") for r in d.tables[0].rows] == ["张三"]
    assert (one(d, "SHT-012").cell, one(d, "SHT-012").rows) == ("A4", (4,))


def test_old_template_version() -> None:
    ours = marked("F2", version="2019.1")
    assert one(read(sheet("汇总表", f"{TOP}{HEAD}\n{ROW}"), SLIPS, **ours), "SHT-006").severity == "warning"
    missing = HEAD.replace("| 捐款人数 ", "")
    old = read(sheet("汇总表", f"{TOP}{missing}\n| 全校 | 86 | 4300 | 860 | 1720 | 430 | 430 | 860 |"), SLIPS, **ours)
    assert (one(old, "SHT-006").severity, one(old, "SHT-006").facts["val"], one(old, "SHT-006").facts["exp"]) == (
        "error",
        "2019.1",
        "2020.1",
    )


@pytest.mark.parametrize(
    ("top", "year"),
    [
        ("2019年联合募捐汇总表\n填报单位：样例第一小学\n", "2019"),
        ("二〇一九年联合募捐汇总表\n填报单位：样例第一小学  填报日期：2019-01-15\n", "2019"),
        ("2019年联合募捐汇总表\n填报单位：样例第一小学  填报日期：2020-01-10\n", "2019 warning"),
        ("2019—2020年度联合募捐汇总表\n填报单位：样例第一小学\n", ""),
        ("联合募捐汇总表\n填报单位：样例第一小学  填报日期：2018年1月10日\n", "2018"),
        ("联合募捐汇总表\n填报单位：样例第一小学  填报日期：2019年1月10日\n", ""),
    ],
)
def test_last_years_file(top: str, year: str) -> None:
    d = read(sheet("汇总表", f"{top}{HEAD}\n{ROW}"), SLIPS)
    said = [f"{f.facts['val']} {f.severity or ''}".strip() for f in found(d, "WBK-020")]
    assert said == ([year] if year else [])


def test_last_years_workbook_of_ours() -> None:
    old = {k: {**v} for k, v in marked("F2", season="2019").items()}
    assert one(read(sheet("汇总表", f"{TOP}{HEAD}\n{ROW}"), SLIPS, **old), "WBK-020").facts["val"] == "2019"
    dated = read(sheet("汇总表", f"填报单位：样例第一小学  填报日期：2020-01-10\n{HEAD}\n{ROW}"), SLIPS, **old)
    assert not found(dated, "WBK-020")


def test_a_line_that_quotes_an_older_document_is_no_title() -> None:
    d = read(
        sheet("汇总表", f"2020年联合募捐汇总表\n依据2015年有关通知填报\n填报单位：样例第一小学\n{HEAD}\n{ROW}"), SLIPS
    )
    assert rules(d) == []


def test_nobody_is_born_after_the_season() -> None:
    number = "11010520211231002"
    d = people(ZHANG.replace("11010519491231002X", f"`{number}{check_digit(number)}"))
    assert one(d, "CEL-018").cell == "C4" and d.tables[0].rows[0].unknown == {"id_number"}


def test_hidden_sheets_and_comments_with_personal_data() -> None:
    d = read(
        sheet("汇总表", f"{TOP}{HEAD}\n{ROW}", comments={(4, 1): "电话13800138000"}),
        SLIPS,
        sheet("备用", "| 张三 | `440308199901101512 |", visible="hidden"),
        sheet("_码表", "| `440308199901101512 |", visible="hidden"),
    )
    assert [(f.sheet, f.cell) for f in found(d, "WBK-016")] == [("汇总表", "A4"), ("备用", "B1")]


def test_fixed_lines_are_known_by_code_or_label() -> None:
    d = read(
        sheet(
            "数据汇总",
            "填报单位：样例第一小学\n| 指标 | 单位 | 本年 | 上年 |\n| 教职工总数 | 人 | 86 | 80 |\n| 发放金额合计 | 元 | 1000.5 | |\n| 填表人：李某 |",
        )
    )
    assert [(r.get("code"), str(r.get("value"))) for r in d.tables[0].rows] == [("A01", "86"), ("C03", "1000.5")]
    assert "SHT-003" not in rules(d)


def test_one_labelled_value_per_line() -> None:
    d = read(
        sheet(
            "工作总结",
            "工作总结要素表\n填报单位：样例第一小学\n| 一、主要做法 | 走访慰问全覆盖，逐户核实。 |\n| 问题与建议（500字以内） | |\n| 希望提高标准。 |",
        )
    )
    t = d.tables[0]
    assert t.form == "F5"
    (row,) = t.rows
    values = list(row.values.values())
    assert values == ["走访慰问全覆盖，逐户核实。", "希望提高标准。"]
    assert sorted(row.moved.values()) == [(3, 2), (5, 1)]


def test_five_thousand_rows_are_too_many() -> None:
    d = donations("\n".join([HEAD, *[ROW] * 5001]))
    assert len(d.tables[0].rows) == 5001 and one(d, "WBK-018").sheet == "汇总表"


def test_cells_of_markdown() -> None:
    assert (cell("12"), cell("`12"), cell("a\\nb")) == (12.0, "12", "a\nb")
