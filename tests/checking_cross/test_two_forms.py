"""Two sheets of one unit (XFM-006, 012, 013, 017), the closing text (XFM-018) and the visiting plan (XFM-014, 015, XSC-011)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from pipeline.book.load import load_book
from pipeline.checking import rule_kinds
from pipeline.home.schemas import package_files
from pipeline.model import Entry, Finding

from .conftest import District
from .test_paid import applicant, grant, payment

DAY = date(2020, 1, 16)
Values = dict[str, Any]


def found(district: District, rule: str, as_of: date = DAY) -> list[Finding]:
    return [f for f in district.judged(as_of).findings if f.rule == rule]


def switched_on(district: District, **fields: Any) -> None:
    district.season = replace(district.season, fields_on={k.replace("_", "."): frozenset(v) for k, v in fields.items()})
    district.book = load_book(package_files("schemas"), district.season, rule_kinds())


# -- XFM-006 ------------------------------------------------------------------------------------------------


def member(name: str, lives: Any = True, staff: str = "林晓", tail: str = "1512") -> Values:
    return {
        "staff_name": staff,
        "staff_id_tail": tail,
        "member_name": name,
        "relation": "子女",
        "lives_together": lives,
    }


@pytest.mark.parametrize(
    ("size", "members", "hits"),
    [
        (3, [member("方圆"), member("方某")], 0),
        (4, [member("方圆"), member("方某")], 1),
        (2, [member("方圆"), member("方某")], 1),
        (2, [member("方圆"), member("林父", False)], 0),  # his father is ill and lives elsewhere
        (3, [member("方圆"), member("林父", False)], 0),  # or was counted with them
        (3, [member("方圆"), member("方某", staff="林 晓", tail="1512")], 0),
        (3, [], 0),  # lists nobody, and the season asks nobody to
        (2, [member("方圆"), member("吴某", staff="林晓", tail="0000")], 0),  # a namesake's child
    ],
)  # fmt: skip
def test_members_against_the_size_of_the_household(
    district: District, size: int, members: list[Values], hits: int
) -> None:
    switched_on(district, F1=["members"])
    rows = [
        applicant(household_size=size),
        applicant(household_size=size, aid_type="助学帮困"),
    ]  # two projects, one person
    district.send("YL001", district.table("F1.applications", rows), district.table("F1.members", members))
    assert len(found(district, "XFM-006")) == hits


def test_from_an_amount_on_members_must_be_listed(district: District) -> None:
    switched_on(district, F1=["members"])
    tables = district.table("F1.applications", [applicant(household_size=3)]), district.table("F1.members", [])
    district.send("YL001", *tables)
    assert found(district, "XFM-006") == []
    district.season = replace(district.season, thresholds={**district.season.thresholds, "members_above": 3000})
    assert len(found(district, "XFM-006")) == 1


def test_a_season_that_asks_for_no_members(district: District) -> None:
    district.send("YL001", district.table("F1.applications", [applicant(household_size=3)]), path="f1.xlsx")
    assert district.verdict("XFM-006", DAY) == {"f1.xlsx": "not_applicable"}


# -- XFM-012 ------------------------------------------------------------------------------------------------

GIFTS = {"dept": "全校", "headcount": 86, "donors": 83, "ch_union_day": 430000, "ch_red_cross": 430000, "ch_charity": 0, "ch_elderly": 0, "ch_army": 0, "ch_education": 0}  # fmt: skip


def collection(district: District, rows: list[Values], *slips: Values, path: str = "f2.xlsx") -> None:
    district.send("YL001", district.table("F2.donations", rows), district.table("F2.slips", slips), path=path, came=DAY)


@pytest.mark.parametrize(
    ("rows", "slips", "says"),
    [
        ([{**GIFTS, "total": 860000}], [{"amount": 860000}], []),
        ([{**GIFTS, "total": 860000}], [{"amount": 430000}, {"amount": 430000}], []),
        ([{**GIFTS, "total": 860000}], [{"amount": 859999}], [None]),
        ([{**GIFTS, "total": 860000}], [], [None]),
        ([GIFTS], [{"amount": 860000}], []),  # 合计 left to nobody's formula
        ([{**GIFTS, "total": 870000}], [{"amount": 860000}], []),  # ROW-031 asks about the total
        ([{**GIFTS, "total": 860000}, {**GIFTS, "dept": "语文组", "total": 860000}], [{"amount": 860000}], []),  # SHT-024
        ([{**GIFTS, "ch_charity": None, "total": 860000}], [{"amount": 900000}], []),  # CEL-001 asks for the channel
        ([{**GIFTS, "ch_charity?": "约四千", "ch_charity": None}], [{"amount": 900000}], []),
        ([{**GIFTS, "total": 860000}], [{"amount?": "八千六"}], []),
        ([{**GIFTS, "ch_charity": -500, "total": 859500}], [{"amount": 860000}], []),  # CEL-031 asks about the channel
        ([{**GIFTS, **dict.fromkeys(("ch_union_day", "ch_red_cross"), 0), "total": 0}], [], []),  # nobody gave: nothing to say
    ],
)  # fmt: skip
def test_slips_against_the_collection(
    district: District, rows: list[Values], slips: list[Values], says: list[Any]
) -> None:
    collection(district, [{k: v for k, v in r.items() if v is not None} for r in rows], *slips)
    assert [f.severity for f in found(district, "XFM-012")] == says


def test_the_cell_named_is_quoted_and_not_the_sum(district: District) -> None:
    collection(district, [{**GIFTS, "total": 860000}], {"amount": 400000}, {"amount": 300000})
    (f,) = found(district, "XFM-012")
    table = district.filed[-1].document.tables[-1]
    assert (f.row, f.col) == table.at(table.rows[-1], "amount")
    assert (f.value, f.facts["a"]) == (table.rows[-1].raw["amount"], "7,000.00")


def test_money_may_still_be_under_way_and_may_have_come_back(district: District) -> None:
    collection(district, [{**GIFTS, "total": 860000}], {"amount": 430000})
    assert [f.severity for f in found(district, "XFM-012", date(2020, 1, 10))] == ["warning"]
    assert [f.severity for f in found(district, "XFM-012", date(2020, 1, 11))] == [None]
    switched_on(district, F2=["kind"])
    district.filed.clear()
    collection(district, [{**GIFTS, "total": 860000}], {"amount": 860000}, {"amount": 860000}, {"amount": 860000, "kind": "退汇"})  # fmt: skip
    assert found(district, "XFM-012") == []


def test_slips_sent_later_are_counted_with_the_first(district: District) -> None:
    collection(district, [{**GIFTS, "total": 860000}], {"amount": 430000})
    district.send("YL001", district.table("F2.slips", [{"amount": 430000}]), path="补报.xlsx")
    assert found(district, "XFM-012") == []


# -- XFM-013 ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "severity"),
    [
        ([("A01", "86")], ""),
        ([("A01", "90")], "own"),
        ([("A01", "100"), ("A03", "14")], ""),  # counts the retired, too
        ([("A01", "100"), ("A03", "10")], "own"),
    ],
)
def test_headcount_on_two_forms(district: District, lines: list[tuple[str, str]], severity: str) -> None:
    collection(district, [{**GIFTS, "dept": "语文组", "headcount": 40}, {**GIFTS, "dept": "数学组", "headcount": 46}])
    rows = [{"code": c, "indicator": c, "value": Decimal(v)} for c, v in lines]
    district.send("YL001", district.table("F4.figures", rows, plain=True), path="f4.xlsx")
    assert [f.severity or "own" for f in found(district, "XFM-013")] == ([severity] if severity else [])


# -- XFM-017 ------------------------------------------------------------------------------------------------


def headed(district: District, form: str, **head: str) -> None:
    table = district.table({"F1": "F1.applications", "F2": "F2.donations"}[form], [])
    district.send("YL001", table, path=f"{form}.xlsx")
    entries = {k: Entry(v, v, "封面", 2, 2) for k, v in head.items()}
    district.filed[-1] = replace(district.filed[-1], document=replace(district.filed[-1].document, head=entries))


@pytest.mark.parametrize(
    ("one", "two", "hits"),
    [
        ({"filler": "方远"}, {"filler": "方 远"}, 0),
        ({"filler": "方远"}, {"filler": "高山"}, 1),
        ({"filler": "方远"}, {}, 0),
        ({"unit_name": "样例第一小学"}, {"unit_name": "样例一小"}, 0),  # both are its names
        ({"unit_name": "样例第一小学"}, {"unit_name": "样例镇中心小学"}, 1),
    ],
)
def test_heads_of_two_forms(district: District, one: Values, two: Values, hits: int) -> None:
    headed(district, "F1", **one)
    headed(district, "F2", **two)
    told = found(district, "XFM-017")
    assert [(f.file, f.sheet, f.cell) for f in told] == [("F2.xlsx", "封面", "B2")] * hits


def test_one_file_has_one_head(district: District) -> None:
    headed(district, "F1", filler="方远")
    assert district.verdict("XFM-017", DAY)["YL001"] == "not_applicable"


# -- XFM-018 ------------------------------------------------------------------------------------------------

CLOSING = [("B01", "12"), ("B02", "5"), ("C03", "37000"), ("C12", "5000"), ("E03", "8600.50")]


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("全校困难教工共13人。", 1),
        ("困难教工总数13人", 1),
        ("共有困难教职工１３名", 1),
        ("共有13名困难教工", 1),
        ("共发放38000元慰问金", 1),
        ("共有5名困难教工子女考上大学", 0),
        ("全校困难教工子女共5人，困难教工家属共7人", 0),
        ("全校困难教工共12人，共发放慰问金37000元，募捐合计8600.5元。", 0),
        ("共发放慰问金37,000元", 0),
        ("共发放慰问金3.7万元", 0),
        ("共发放慰问金3.6万元", 1),
        ("共募集善款9000元", 1),
        ("2020年全校困难教工名册共3册", 0),
        ("咨询电话13800138000，1月15日前共召开会议3次", 0),
        ("其中退休困难教工共3人", 0),
        ("上年全校困难教工共9人，今年全校困难教工共12人", 0),
        ("为第3名困难教工送去慰问金", 0),
        ("每人慰问金共1000元", 0),
        ("校领导共走访慰问困难教工4人", 0),
        ("全校约有困难教工20人", 0),
        ("全校困难教工中共5人属深度困难", 0),  # another line of F4 says 5
        ("校工会共发放慰问金5000元", 0),
        ("全校86名教职工，困难教工家庭共3户", 0),
        ("共召开座谈会，听取困难教工意见15条", 0),
        ("见附件", 0),
        ("65岁以上困难教工共4人", 0),
        ("困难教工共10余人", 0),
        ("“困难教工帮扶日”共5人次参加", 0),
    ],
)  # fmt: skip
def test_totals_in_the_closing_text(district: District, text: str, hits: int) -> None:
    lines = [{"code": c, "indicator": c, "value": Decimal(v)} for c, v in CLOSING]
    district.send("YL001", district.table("F4.figures", lines), path="f4.xlsx")
    district.send("YL001", district.table("F5.summary", [{"measures": text, "problems": "无"}]), path="f5.xlsx")
    assert len(found(district, "XFM-018", date(2020, 2, 20))) == hits


def test_a_text_alone_or_beside_an_unread_figure_says_nothing(district: District) -> None:
    district.send("YL001", district.table("F5.summary", [{"measures": "全校困难教工共13人"}]), path="f5.xlsx")
    assert district.verdict("XFM-018", date(2020, 2, 20)) == {"f5.xlsx": "not_applicable"}
    district.send("YL001", district.table("F4.figures", [{"code": "B01", "value?": "十二"}]), path="f4.xlsx")
    assert district.verdict("XFM-018", date(2020, 2, 20)) == {"f5.xlsx": "could_not_run"}


# -- XFM-014, XFM-015, XSC-011: the visiting plan ------------------------------------------------------------


def visit(name: str = "林晓", **more: Any) -> Values:
    row = {
        "route_no": "3", "visit_date": date(2020, 1, 14), "slot": "上午", "leader": "周正", "name": name, "target_class": "困难在职",
        "unit_code": "YL001", "done": "已走访", **more,
    }  # fmt: skip
    return {k: v for k, v in row.items() if v is not None}


@pytest.mark.parametrize(
    ("row", "hits"),
    [
        (visit(), 0),
        (visit("林 晓"), 0),
        (visit("程海"), 1),
        (visit("程海", target_class="劳模先进"), 0),  # visited for what he is
        (visit("程海", unit_code=None, unit_name="样例一小"), 1),
        (visit("程海", unit_code=None, unit_name="某校"), 0),  # nobody knows whose list to look into
        (visit("程海", unit_code="YL002"), 0),  # that unit's form has not come
        (visit("江平"), 0),  # paid without an application: XFM-001
        (visit("高原"), 0),  # decided
    ],
)  # fmt: skip
def test_visited_people_the_forms_do_not_know(district: District, row: Values, hits: int) -> None:
    district.register("R13", [row])
    district.send("YL001", district.table("F1.applications", [applicant()]))
    district.send("YL001", district.table("F3.payments", [payment("江平", "0014")]))
    district.approvals = (grant("高原", "0022"),)
    told = found(district, "XFM-014")
    assert [(f.unit, f.facts["unit"], len(f.related)) for f in told] == [("YL001", "样例一小", 1)] * hits


@pytest.mark.parametrize(
    ("row", "hits"),
    [
        (visit(amount=100000), 0),
        (visit(amount=300000), 0),  # the two rows together
        (visit(amount=50000), 1),
        (visit(amount=50000, done="未成"), 0),
        (visit(amount=50000, done=None), 0),
        (visit(), 0),  # no money on the visit
        (visit("程海", amount=50000), 1),
        (visit(amount=100000, fund="区教育工会"), 0),
    ],
)
def test_money_of_a_visit_against_the_payments(district: District, row: Values, hits: int) -> None:
    district.register("R13", [row])
    rows = [payment(amount_paid=100000), payment(amount_paid=200000, fund="校工会经费")]
    district.send("YL001", district.table("F3.payments", rows))
    assert len(found(district, "XFM-015")) == hits


@pytest.mark.parametrize(
    ("other", "hits"),
    [
        ({"route_no": "4"}, 1),
        ({"route_no": "4", "slot": "下午"}, 0),
        ({"route_no": "4", "visit_date": date(2020, 1, 15)}, 0),
        ({"route_no": "4", "leader": "李明"}, 0),
        ({"route_no": "4", "done": "未成"}, 0),
        ({"route_no": "第3条线路"}, 0),
        ({"route_no": "03"}, 0),
    ],
)
def test_one_leader_on_two_routes_at_once(district: District, other: Values, hits: int) -> None:
    district.register("R13", [visit(), visit("何雪"), visit("程海", **other)])
    assert len(found(district, "XSC-011")) == hits


def test_a_leader_yet_to_be_named_is_nobody(district: District) -> None:
    district.register("R13", [visit(leader="周某某"), visit("何雪", leader="周某某", route_no="4")])
    assert found(district, "XSC-011") == []


def test_without_the_plan_it_is_said_once(district: District) -> None:
    district.send("YL001", district.table("F1.applications", [applicant()]))
    for rule in ("XFM-014", "XFM-015", "XSC-011"):
        assert district.verdict(rule, DAY) == {"": "not_applicable"}
