"""Rows beside the office's registers (XRG-005 to 019) and who is found again in them: nobody by his name alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from pipeline.checking.known import Who, known
from pipeline.model import Finding, Unit

from .conftest import District
from .test_paid import ONE, THREE, TWO, applicant, payment
from .test_two_forms import GIFTS, member, switched_on

DAY = date(2020, 1, 16)
CARD, NEW_CARD = "6212345678901234569", "6212345678901234577"
Values = dict[str, Any]


def found(district: District, rule: str) -> list[Finding]:
    return [f for f in district.judged(DAY).findings if f.rule == rule]


def staff(name: str = "林晓", number: str | None = ONE, unit: str = "YL001", **more: Any) -> Values:
    return {k: v for k, v in {"unit_code": unit, "name": name, "id_number": number, **more}.items() if v is not None}


def applied(district: District, *rows: Values) -> None:
    people = rows or (applicant(staff_status="在职在编"),)
    district.send("YL001", district.table("F1.applications", people), path="f1.xlsx")


# -- known.py ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sought", "meets"),
    [
        (Who(ONE, "林晓", "1512"), True),
        (Who(ONE, "林小", "1512"), True),  # the number is his
        (Who("", "林晓", "1512"), True),
        (Who("", "林晓", "", "1988-08-01"), True),
        (Who("", "林晓", "", "", "13800138001"), True),
        (Who("", "林晓"), False),
        (Who("", "林小", "1512"), False),
        (Who("", "林晓", "1521"), False),
        (Who("440308198801011512", "林晓", "1512"), False),  # two whole numbers that differ
        (Who("", "", "1512"), False),
    ],
)
def test_three_proofs_and_no_fourth(sought: Who, meets: bool) -> None:
    find = known([(Who(ONE, "林晓", "1512", "1988-08-01", "13800138001"), "he")])
    assert find(sought) == (("he",) if meets else ())


# -- XRG-005 ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("roster", "hits"),
    [
        ([staff()], 0),
        ([staff("林小")], 1),
        ([staff("林小"), staff()], 0),  # the roster knows him by both names
        ([staff("林 晓")], 0),
        ([staff("林小", TWO)], 0),
        ([staff("林小", None)], 0),
        ([], 0),
    ],
)
def test_another_name_on_the_roster(district: District, roster: list[Values], hits: int) -> None:
    district.register("R2", roster)
    applied(district)
    assert len(found(district, "XRG-005")) == hits


# -- XRG-006 ------------------------------------------------------------------------------------------------

MOVE = {
    "name": "林晓",
    "id_number": ONE,
    "unit_code": "YL001",
    "event": "调出",
    "date": date(2019, 12, 1),
    "to_unit": "YL002",
}


@pytest.mark.parametrize(
    ("roster", "moves", "hits"),
    [
        ([staff(unit="YL002")], [], 1),
        ([staff(unit="YL002"), staff()], [], 0),  # works in two units
        ([staff(unit="YL099")], [], 0),  # a unit that was closed or renamed
        ([staff(unit="YL002", valid_to=date(2019, 8, 31))], [], 0),
        ([staff(unit="YL002", valid_from=date(2020, 9, 1))], [], 0),
        ([staff(unit="YL002")], [{**MOVE, "unit_code": "YL002", "to_unit": "YL001"}], 0),  # last year's roster, moved since
        ([staff(unit="YL002")], [{**MOVE, "event": "调入", "to_unit": None}], 0),
        ([staff()], [MOVE], 1),
        ([staff()], [{**MOVE, "date": date(2020, 3, 1)}], 0),
        ([staff(number=None, unit="YL002")], [], 0),  # a namesake, as far as anybody knows
        ([staff(number="440308198801011512", unit="YL002")], [], 0),
        ([], [], 0),
    ],
)  # fmt: skip
def test_the_roster_has_him_elsewhere(district: District, roster: list[Values], moves: list[Values], hits: int) -> None:
    district.register("R2", roster)
    district.register("R6", [{k: v for k, v in m.items() if v is not None} for m in moves])
    applied(district)
    told = found(district, "XRG-006")
    assert [f.facts for f in told] == [{"unit": "样例二中"}] * hits
    assert "{unit}" not in district.book.rules["XRG-006"].message, "the other unit's name is the office's to tell"


def test_whom_both_units_apply_for_is_asked_about_once(district: District) -> None:
    district.register("R2", [staff(unit="YL002")])
    applied(district)
    assert len(found(district, "XRG-006")) == 1
    district.send("YL002", district.table("F1.applications", [applicant()]))
    assert found(district, "XRG-006") == [] and len(found(district, "XSC-001")) == 2


# -- XRG-007 ------------------------------------------------------------------------------------------------


def test_the_retired_may_be_kept_by_another_unit(district: District) -> None:
    district.register("R2", [staff(unit="YL002")])
    applied(district, applicant(staff_status="退休"))
    assert found(district, "XRG-006") == []


def gone(event: str = "离职", on: date = date(2019, 12, 1), **more: Any) -> Values:
    return {"name": "林晓", "id_number": ONE, "event": event, "date": on, **more}


@pytest.mark.parametrize(
    ("changes", "row", "says"),
    [
        ([gone()], {}, [None]),
        ([gone("去世")], {}, [None]),
        ([gone("去世", date(2018, 5, 1))], {}, ["none"]),  # said by an old list: holds no row back
        ([gone("去世")], {"staff_status": "遗属"}, []),
        ([gone(on=date(2018, 7, 1)), gone("调入", date(2018, 9, 1))], {}, []),
        ([gone("去世", date(2018, 7, 1)), gone("调入", date(2018, 9, 1))], {}, ["none"]),
        ([gone("退休")], {}, []),
        ([gone("调出")], {}, []),
        ([gone(on=date(2020, 2, 1))], {}, []),
        ([{**gone(), "id_number": "440308198801011512"}], {}, []),
        ([{"name": "林晓", "event": "去世", "date": date(2019, 12, 1)}], {}, []),  # nothing but a name
        ([{"name": "林晓", "id_tail": "1512", "event": "去世", "date": date(2019, 12, 1)}], {}, [None]),
    ],
)  # fmt: skip
def test_who_has_left(district: District, changes: list[Values], row: Values, says: list[Any]) -> None:
    district.register("R6", changes)
    applied(district, applicant(**{"staff_status": "在职在编", **row}))
    assert [f.holds for f in found(district, "XRG-007")] == says


# -- XRG-008 ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("register", "rows", "hits"),
    [
        (86, [86], 0),
        (90, [86], 0),
        (100, [86], 1),
        (12, [13], 0),  # one person more is no mistake
        (86, [40, 46], 0),
        (86, [86, 40, 46], 0),  # the whole beside its parts: SHT-024
        (None, [86], 0),
        (100, [40, 40], 1),
    ],
)
def test_headcount_against_the_register(district: District, register: int | None, rows: list[int], hits: int) -> None:
    district.units = [Unit("YL001", "样例第一小学", "样例一小", headcount=register)]
    whole = len(rows) != 2 and rows[0] == 86
    depts = [{**GIFTS, "dept": "全校" if whole and not i else f"第{i}组", "headcount": n} for i, n in enumerate(rows)]
    district.send("YL001", district.table("F2.donations", depts), path="f2.xlsx")
    assert len(found(district, "XRG-008")) == hits
    assert district.verdict("XRG-008", DAY)["f2.xlsx"] == (
        "found" if hits else "passed" if register else "not_applicable"
    )


# -- XRG-010 ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("roster", "paid", "hits"),
    [
        ([staff(member_card_no=CARD)], {}, 0),
        ([staff(member_card_no=NEW_CARD)], {}, 1),
        ([staff(member_card_no=NEW_CARD)], {"pay_method": "银行转账"}, 0),  # his salary account
        ([staff(member_card_no=NEW_CARD), staff(unit="YL002", member_card_no=CARD)], {}, 0),
        ([staff()], {}, 0),
        ([staff(number=None, member_card_no=NEW_CARD)], {}, 0),
        ([staff("何雪", TWO, member_card_no=NEW_CARD)], {}, 0),
    ],
)
def test_the_members_card(district: District, roster: list[Values], paid: Values, hits: int) -> None:
    district.register("R2", roster)
    applied(district)
    rows = [payment(**{"account_no": CARD, "pay_method": "工会会员服务卡", **paid})]
    district.send("YL001", district.table("F3.payments", rows))
    assert len(found(district, "XRG-010")) == hits


# -- XRG-014 ------------------------------------------------------------------------------------------------

PAYEE = {"name": "中国教育工会样例区委员会", "account": "00990100000000017"}


@pytest.mark.parametrize(
    ("slip", "says"),
    [
        ({"payee_name": PAYEE["name"]}, []),
        ({"payee_name": "中国教育工会 样例区委员会"}, []),
        ({"payee_name": "样例区教育工会"}, ["warning"]),  # shorter, the same words
        ({"payee_name": "样例教工会"}, []),  # R7
        ({"payee_name": "样例第一小学工会"}, [None]),
        ({"payee_name": "样例第一小学工会", "payee_account": PAYEE["account"]}, []),  # the account decides
        ({"payee_name": PAYEE["name"], "payee_account": "00990100000000018"}, [None]),
        ({"payee_account": "0099-0100-0000-00017"}, []),
        ({}, []),
    ],
)
def test_the_payee(district: District, slip: Values, says: list[Any]) -> None:
    switched_on(district, F2=["payee_account"])
    district.season = replace(district.season, payee=PAYEE)
    district.register("R7", [{"kind": "银行", "alias": "样例教工会", "canonical": PAYEE["name"]}])
    district.send("YL001", district.table("F2.slips", [{"amount": 1, **slip}]))
    assert [f.severity for f in found(district, "XRG-014")] == says


# -- XRG-017 ------------------------------------------------------------------------------------------------


def officer(name: str = "方远", **more: Any) -> Values:
    return {"unit_code": "YL001", "name": name, "role": "经办", **more}


@pytest.mark.parametrize(
    ("row", "hits"),
    [
        (officer(), 0),
        (officer("林晓"), 1),
        (officer("林晓", id_number=TWO), 0),  # a namesake with a number of his own
        (officer("林晓", unit_code="YL002"), 0),
        (officer(relatives="林晓（配偶）、王五（子女）"), 1),
        (officer(relatives="王五(林晓之友)"), 0),
        (officer(relatives="林晓", unit_code="YL002"), 0),
        (officer("方圆"), 1),  # stands in the applicant's household
    ],
)
def test_officers_and_their_families(district: District, row: Values, hits: int) -> None:
    switched_on(district, F1=["members"])
    district.register("R10", [row])
    district.send(
        "YL001", district.table("F1.applications", [applicant()]), district.table("F1.members", [member("方圆")])
    )
    assert len(found(district, "XRG-017")) == hits
    assert not district.book.rules["XRG-017"].to_school


# -- XRG-019 ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("roster", "row", "hits"),
    [
        ([staff(joined_mutual_aid=False)], {}, 1),
        ([staff(joined_mutual_aid=True)], {}, 0),
        ([staff()], {}, 0),  # a column nobody uses
        ([staff(), staff("何雪", TWO, joined_mutual_aid=True)], {}, 1),  # a blank beside ticks
        ([staff(), staff("何雪", TWO, unit="YL002", joined_mutual_aid=True)], {}, 0),
        ([staff(joined_mutual_aid=False)], {"patient": "配偶"}, 0),
        ([staff(joined_mutual_aid=False)], {"staff_status": "退休"}, 0),
        ([staff(joined_mutual_aid=False)], {"aid_type": "助学帮困"}, 0),
        ([staff("何雪", TWO, joined_mutual_aid=False)], {}, 0),  # not on the roster: XRG-004
    ],
)
def test_a_great_illness_without_cover(district: District, roster: list[Values], row: Values, hits: int) -> None:
    district.register("R2", roster)
    applied(district, applicant(**{"staff_status": "在职在编", "patient": "本人", **row}))
    assert len(found(district, "XRG-019")) == hits
    district.register("R11", [{"unit_code": "YL001", "name": "林晓", "id_number": ONE, "claim_date": DAY}])
    assert found(district, "XRG-019") == []


# -- coverage -----------------------------------------------------------------------------------------------


def test_a_register_that_is_not_there_is_said_once(district: District) -> None:
    applied(district)
    district.send("YL002", district.table("F1.applications", [applicant("何雪", TWO), applicant("程海", THREE)]))
    coverage = district.judged(DAY).coverage
    for rule, register in (
        ("XRG-005", "R2"),
        ("XRG-007", "R6"),
        ("XRG-017", "R10"),
        ("XYR-009", "R3"),
        ("XYR-011", "R3"),
    ):
        assert [(c.subject, c.verdict, c.why) for c in coverage if c.rule == rule] == [("", "not_applicable", f"未提供名册{register}")]  # fmt: skip


@pytest.mark.parametrize("rule", ["XRG-006", "XRG-007", "XYR-006", "XYR-009"])
def test_an_unread_number_leaves_it_open(district: District, rule: str) -> None:
    for name, row in (("R2", staff(unit="YL002")), ("R6", gone()), ("R3", {"season": 2019, **staff()})):
        district.register(name, [row])
    applied(district, {"name": "林晓", "id_number?": "4403O8", "staff_status": "在职在编", "aid_type": "大病帮困"})
    assert district.verdict(rule, DAY) == {"f1.xlsx": "could_not_run"}
