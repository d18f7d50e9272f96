"""Payments beside applications and decisions (XFM-001 to 005, XSC-004, XSC-005): what fires, and who must not be accused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pytest

from pipeline.model import Finding, Row

from .conftest import District

BEFORE, DUE, AFTER = date(2020, 1, 16), date(2020, 1, 23), date(2020, 1, 24)
ONE, TWO, THREE = "440308199901101512", "610104196209276908", "11010519491231002X"
DISTRICT, SCHOOL = "区教育工会", "校工会经费"
Values = dict[str, Any]


def applicant(name: str = "林晓", number: str = ONE, **more: Any) -> Values:
    return {
        "name": name,
        "id_number": number,
        "aid_type": "大病帮困",
        "category": "相对困难",
        "amount_requested": 300000,
        **more,
    }


def payment(name: str = "林晓", tail: str = "1512", **more: Any) -> Values:
    row = {
        "name": name, "id_tail": tail, "aid_type": "大病帮困", "fund": DISTRICT, "amount_due": 300000, "amount_paid": 300000,
        "pay_date": date(2020, 1, 14), "pay_method": "银行转账", "bank_ref": "1", **more,
    }  # fmt: skip
    return {k: v for k, v in row.items() if v is not None}


def grant(name: str = "林晓", tail: str = "1512", fen: int = 300000, unit: str = "YL001", **more: Any) -> Row:
    values = {
        "unit_code": unit,
        "name": name,
        "id_tail": tail,
        "aid_type": "大病帮困",
        "fund": DISTRICT,
        "amount_approved": fen,
    }
    return Row(3, {**values, **more}, {})


def sent(
    district: District,
    paid: Sequence[Mapping[str, Any]],
    applied: Sequence[Mapping[str, Any]] | None = (),
    unit: str = "YL001",
) -> None:
    """A unit's F1 (default: 林晓 and 何雪; None: none came) and its F3."""
    if applied is not None:
        people = list(applied) or [applicant(), applicant("何雪", TWO, aid_type="助学帮困")]
        district.send(unit, district.table("F1.applications", people), path=f"{unit}f1.xlsx")
    district.send(unit, district.table("F3.payments", paid), path=f"{unit}f3.xlsx", came=BEFORE)


def found(district: District, rule: str, as_of: date = BEFORE) -> list[Finding]:
    return [f for f in district.judged(as_of).findings if f.rule == rule]


def said(district: District, rule: str, as_of: date = BEFORE) -> list[tuple[str | None, int | None]]:
    """(severity where it is not the rule's own, row) of each finding."""
    return [(f.severity, f.row) for f in found(district, rule, as_of)]


# -- XFM-001 ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (payment(), []),
        (payment("林 晓"), []),  # the same name, written wide
        (payment("程海", "002X"), [(None, 3)]),
        (payment("程海", "002X", aid_type="节日慰问"), [("warning", 3)]),  # a gift to somebody on duty needs no application
        (payment("程海", "002X", amount_paid=0), []),
        (payment(tail="1521"), []),  # his number is mistyped: XFM-005
        (payment(tail=None), []),  # nothing but a name, and it is there
        (payment("林小", "1512"), []),  # his name is mistyped: XFM-005
    ],
)  # fmt: skip
def test_paid_without_an_application(district: District, row: Values, says: list[Any]) -> None:
    sent(district, [row])
    assert said(district, "XFM-001") == says


def test_paid_without_an_application_is_not_said_where_the_application_may_be_elsewhere(district: District) -> None:
    """He moved; the working group decided it; a name on F1 could not be read; F1 did not come, or waits for a decision."""
    sent(district, [payment("程海", "002X")])
    district.send("YL002", district.table("F1.applications", [applicant("程海", THREE)]))
    assert said(district, "XFM-001") == [("warning", 3)]
    district.approvals = (grant("程海", "002X"),)
    assert said(district, "XFM-001") == []


def test_an_unread_name_and_a_form_that_is_not_there_leave_it_open(district: District) -> None:
    sent(district, [payment("程海", "002X")], [applicant(), {"name?": "□", "id_number": THREE}])
    assert district.verdict("XFM-001", BEFORE) == {"YL001f3.xlsx": "could_not_run"}
    district.filed.clear()
    sent(district, [payment("程海", "002X")], [applicant(), {"name?": "□", "id_number": TWO}])  # somebody else's number
    assert district.verdict("XFM-001", BEFORE) == {"YL001f3.xlsx": "found"}
    district.filed.clear()
    sent(district, [payment("程海", "002X")], None)
    assert district.verdict("XFM-001", BEFORE) == {"YL001f3.xlsx": "not_applicable"}
    district.send("YL001", district.table("F1.applications", [applicant()]), state="held")
    assert district.verdict("XFM-001", BEFORE) == {"YL001f3.xlsx": "could_not_run"}


# -- XFM-002 ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("as_of", "severity"), [(BEFORE, "info"), (DUE, "warning"), (AFTER, None)])
def test_decided_and_not_paid_before_on_and_after_the_deadline(
    district: District, as_of: date, severity: str | None
) -> None:
    district.approvals = (grant(), grant("何雪", "6908", aid_type="助学帮困"))
    sent(district, [payment()])
    (missing,) = found(district, "XFM-002", as_of)
    assert (missing.severity, missing.value, missing.row, missing.facts["aid"]) == (severity, "何雪", None, "助学帮困")


@pytest.mark.parametrize(
    "rows",
    [
        [payment()],
        [payment(amount_paid=100000), payment(amount_paid=200000)],  # in parts
        [payment(amount_paid=0, unpaid_reason="住院")],
        [payment(), payment(fund=SCHOOL)],  # several funds
        [payment(tail="1521")],  # XFM-005 asks first
        [payment(tail=None)],
        [{**payment(), "id_tail?": "15l2", "id_tail": None}],
    ],
)  # fmt: skip
def test_somebody_on_the_payment_form_is_not_unpaid(district: District, rows: list[Values]) -> None:
    district.approvals = (grant(),)
    sent(district, [{k: v for k, v in r.items() if v is not None} for r in rows])
    assert said(district, "XFM-002", AFTER) == []


def test_paid_from_another_fund_than_decided_is_told_and_paid_by_his_new_unit_is_not(district: District) -> None:
    district.approvals = (grant(),)
    sent(district, [payment(fund=SCHOOL)])
    assert len(found(district, "XFM-002", AFTER)) == 1
    district.send("YL002", district.table("F3.payments", [payment()]))
    assert found(district, "XFM-002", AFTER) == []


def test_before_the_payment_form_has_come_nobody_is_unpaid(district: District) -> None:
    district.approvals = (grant(),)
    district.send("YL001", district.table("F1.applications", [applicant()]))
    assert district.verdict("XFM-002", AFTER)["YL001"] == "not_applicable"
    district.send("YL001", zero=["F3"])
    assert len(found(district, "XFM-002", AFTER)) == 1  # 无 was said, and somebody had been decided


# -- XFM-003 ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([payment()], []),
        ([payment(amount_paid=310000)], [(None, 3)]),
        ([payment(amount_paid=100000), payment(amount_paid=200000)], []),  # two parts of one grant
        ([payment(amount_paid=100000, amount_due=100000), payment(amount_paid=100000, amount_due=100000)], [(None, 4)]),
        ([payment(), payment(fund=SCHOOL, amount_paid=50000)], []),  # the school adds from its own fund
        ([payment(amount_paid=200000, unpaid_reason="外出")], []),
        ([payment(amount_paid=200000)], []),  # less than 应发 without a reason: ROW-035
        ([payment(amount_paid=200000, amount_due=200000)], [(None, 3)]),
        ([payment(amount_paid=100000, amount_due=100000, remark="第一次，共三次")], []),  # announced, in time
        ([payment("何雪", "6908")], []),  # nothing was decided about her
    ],
)  # fmt: skip
def test_paid_otherwise_than_decided(district: District, rows: list[Values], says: list[Any]) -> None:
    district.approvals = (grant(),)
    sent(district, rows)
    assert said(district, "XFM-003") == says


def test_a_part_that_was_never_followed_by_the_rest(district: District) -> None:
    district.approvals = (grant(),)
    sent(district, [payment(amount_paid=100000, amount_due=100000, remark="第一次，共三次")])
    assert said(district, "XFM-003", AFTER) == [(None, 3)]


def test_without_decisions_there_is_nothing_to_compare(district: District) -> None:
    sent(district, [payment()])
    assert district.verdict("XFM-003", BEFORE) == {"YL001f3.xlsx": "not_applicable"}


# -- XFM-004 ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([payment(), payment()], [(None, 4)]),  # one line written twice
        ([payment(), payment(pay_date=date(2020, 1, 15), amount_paid=50000)], [("warning", 4)]),  # perhaps a second part
        ([payment(remark="分两次"), payment(pay_date=date(2020, 1, 15))], []),
        ([payment(), payment(fund=SCHOOL)], []),
        ([payment(), payment(aid_type="节日慰问", amount_paid=50000)], []),
        ([payment(), payment(aid_type="临时救助", amount_paid=50000)], [("warning", 4)]),  # he applied for one project only
        ([payment(), payment(amount_paid=0, unpaid_reason="住院")], []),
        ([payment(), payment("林晓", "6908")], []),  # a namesake
        ([payment(level="区级"), payment(level="校级")], []),  # XSC-005
    ],
)  # fmt: skip
def test_the_same_person_twice_from_one_fund(district: District, rows: list[Values], says: list[Any]) -> None:
    sent(district, rows)
    assert said(district, "XFM-004") == says


def test_two_projects_he_applied_for_and_parts_of_what_was_decided_are_no_doubles(district: District) -> None:
    sent(district, [payment(), payment(aid_type="助学帮困")], [applicant(), applicant(aid_type="助学帮困")])
    assert said(district, "XFM-004") == []
    district.filed.clear()
    sent(district, [payment(amount_paid=150000), payment(amount_paid=150000)])
    district.approvals = (grant(),)
    assert said(district, "XFM-004") == []
    district.approvals = (grant(fen=200000),)
    assert said(district, "XFM-004") == [(None, 4)]
    assert said(district, "XFM-003") == []  # told once


def test_a_row_of_an_added_file_is_another_rules_business(district: District) -> None:
    sent(district, [payment()])
    district.send("YL001", district.table("F3.payments", [payment()]), path="补报.xlsx")
    assert said(district, "XFM-004") == []
    assert len(found(district, "SHT-007")) == 1


# -- XFM-005 ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (payment(), None),
        (payment("林·晓", "1512"), "name"),
        (payment(tail="1521"), "id_tail"),
        (payment("林小", "1512"), "name"),
        (payment("林小", "1512", aid_type="助学帮困"), None),  # another project with those signs may be anybody's
        (payment("程海", "002X"), None),
    ],
)  # fmt: skip
def test_the_same_person_otherwise_on_two_forms(district: District, row: Values, field: str | None) -> None:
    sent(district, [row])
    assert [f.field for f in found(district, "XFM-005")] == ([field] if field else [])


def test_two_namesakes_of_one_unit_are_two_people(district: District) -> None:
    both = [applicant("林晓", ONE), applicant("林晓", TWO)]
    sent(district, [payment(), payment(tail="6908")], both)
    assert found(district, "XFM-005") == [] == found(district, "XFM-001")
    district.filed.clear()
    sent(district, [payment(), payment(tail="6908"), payment(tail="002X")], both)  # a third whom nobody knows
    assert (said(district, "XFM-005"), said(district, "XFM-001")) == ([], [(None, 5)])


# -- XSC-004 ------------------------------------------------------------------------------------------------

CARD = {"account_no": "6212345678901234569"}


@pytest.mark.parametrize(
    ("other", "hit"),
    [
        (payment("程海", "002X", **CARD), True),
        (payment("程海", "002X", account_no="6212345678901234577"), False),
        (payment(**CARD), False),  # he himself, paid by two units
        (payment(tail=None, **CARD), False),  # perhaps he himself
        (payment(tail="6908", **CARD), True),  # a namesake with another number
        (payment("程海", "002X"), False),
    ],
)  # fmt: skip
def test_one_account_two_people_of_two_units(district: District, other: Values, hit: bool) -> None:
    sent(district, [payment(**CARD)], None)
    sent(district, [other], None, "YL002")
    told = found(district, "XSC-004")
    assert [f.unit for f in told] == (["YL001", "YL002"] if hit else [])
    assert all(f.value not in str(f.facts) for f in told)


def test_one_account_inside_a_unit_is_another_rules_business(district: District) -> None:
    sent(district, [payment(**CARD), payment("何雪", "6908", **CARD)])
    assert found(district, "XSC-004") == []


# -- XSC-005 ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("here", "there", "hits"),
    [
        ({}, {}, 2),
        ({"fund": SCHOOL}, {"fund": SCHOOL}, 0),  # every school has its own
        ({}, {"fund": "市教育工会"}, 0),
        ({}, {"amount_paid": 0, "unpaid_reason": "外出"}, 0),
        ({"level": "区级"}, {"level": "区级"}, 2),
    ],
)  # fmt: skip
def test_one_fund_two_units(district: District, here: Values, there: Values, hits: int) -> None:
    sent(district, [payment(**here)], None)
    sent(district, [payment(**there)], None, "YL002")
    assert len(found(district, "XSC-005")) == hits


def test_two_levels_inside_one_unit(district: District) -> None:
    sent(district, [payment(level="区级"), payment(level="校级")])
    assert [f.row for f in found(district, "XSC-005")] == [3, 4]


def test_namesakes_with_equal_last_signs_whose_own_forms_tell_them_apart(district: District) -> None:
    other = "440308198801101512"
    sent(district, [payment()], [applicant("林晓", ONE)])
    sent(district, [payment()], [applicant("林晓", other)], "YL002")
    assert found(district, "XSC-005") == []


def test_what_was_decided_in_both_units_is_no_mistake_of_theirs(district: District) -> None:
    sent(district, [payment()], None)
    sent(district, [payment()], None, "YL002")
    district.approvals = (grant(), grant(unit="YL002"))
    assert found(district, "XSC-005") == []


def test_a_payment_row_with_nothing_but_a_name_proves_nothing(district: District) -> None:
    sent(district, [payment(tail=None)], None)
    sent(district, [payment(tail=None)], None, "YL002")
    assert found(district, "XSC-005") == []
    assert set(district.verdict("XSC-005", BEFORE).values()) == {"could_not_run"}
