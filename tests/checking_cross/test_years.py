"""Applications and units beside R3 and last year's figures (XYR-002 to 011)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from pipeline.model import Decision, Finding

from .conftest import District
from .test_paid import ONE, THREE, TWO, applicant, grant
from .test_two_forms import GIFTS, switched_on

DAY = date(2019, 12, 18)
Values = dict[str, Any]


def found(district: District, rule: str) -> list[Finding]:
    return [f for f in district.judged(DAY).findings if f.rule == rule]


def past(season: int = 2019, name: str = "林晓", number: str | None = ONE, **more: Any) -> Values:
    row = {"season": season, "unit_code": "YL001", "name": name, "id_number": number, **more}
    return {k: v for k, v in row.items() if v is not None}


def applied(district: District, *rows: Values) -> None:
    district.send("YL001", district.table("F1.applications", rows or (applicant(),)), path="f1.xlsx")


# -- XYR-002, XYR-003 ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "new", "carried"),
    [
        ([past(), past(name="何雪", number=TWO)], 1, 0),
        ([past(2017), past(name="何雪", number=TWO)], 1, 1),
        ([past(name="何雪", number=TWO)], 0, 1),
        ([past(unit_code="YL002"), past(name="何雪", number=TWO)], 1, 0),  # moved here
        ([past(number=None)], 0, 0),  # somebody of that name: nobody knows
        ([past(number="440308198801011512")], 0, 0),  # XYR-004 asks about the number
        ([past(name="何雪", number=TWO, unit_code="YL002")], 0, 0),  # the list of last year does not have this unit
        ([past(2018, "何雪", TWO)], 0, 0),  # there is no list of last year
        ([past(2020)], 0, 0),  # this season's own
    ],
)  # fmt: skip
def test_new_and_carried(district: District, rows: list[Values], new: int, carried: int) -> None:
    switched_on(district, F1=["carry_status"])
    district.register("R3", rows)
    applied(district, applicant(carry_status="新增"))
    assert (len(found(district, "XYR-002")), len(found(district, "XYR-003"))) == (new, 0)
    district.filed.clear()
    applied(district, applicant(carry_status="延续"))
    assert (len(found(district, "XYR-002")), len(found(district, "XYR-003"))) == (0, carried)
    district.filed.clear()
    applied(district, applicant(carry_status="再次纳入"))
    assert found(district, "XYR-002") == [] == found(district, "XYR-003")


def test_a_season_that_does_not_ask_for_it(district: District) -> None:
    district.register("R3", [past()])
    applied(district)
    assert district.verdict("XYR-002", DAY) == {"f1.xlsx": "not_applicable"}


# -- XYR-005 ------------------------------------------------------------------------------------------------

ILL = {"aid_type": "大病帮困", "disease": "恶性肿瘤"}


@pytest.mark.parametrize(
    ("rows", "row", "hits"),
    [
        ([past(**ILL)], {}, 1),
        ([past(2017, **ILL)], {}, 1),
        ([past(2016, **ILL)], {}, 0),
        ([past(**{**ILL, "disease": "血液病"})], {}, 0),
        ([past(aid_type="大病帮困")], {}, 0),
        ([past(**{**ILL, "aid_type": "节日慰问"})], {}, 0),
        ([past(**ILL)], {"patient": "配偶"}, 0),  # last year he himself was ill, as far as anybody knows
        ([past(**ILL)], {"aid_type": "助学帮困"}, 0),
        ([past(2020, **ILL)], {}, 0),
    ],
)
def test_a_one_off_grant_again(district: District, rows: list[Values], row: Values, hits: int) -> None:
    district.register("R3", rows)
    applied(district, applicant(**{**ILL, "patient": "本人", **row}))
    told = found(district, "XYR-005")
    assert (len(told), all(f.holds is None for f in told)) == (hits, True)
    assert district.book.rules["XYR-005"].holds == "none"


# -- XYR-006 ------------------------------------------------------------------------------------------------

LEFT = {"exit_date": date(2019, 6, 30), "exit_reason": "脱困"}


@pytest.mark.parametrize(
    ("rows", "row", "hits"),
    [
        ([past(**LEFT)], {}, 1),
        ([past()], {}, 0),
        ([past(**LEFT)], {"remark": "九月新确诊"}, 0),
        ([past(**LEFT, unit_code="YL002")], {}, 1),
        ([past(**{**LEFT, "exit_reason": "调离"}, unit_code="YL002")], {}, 0),  # only moved
        ([past(**{**LEFT, "exit_reason": "调离"})], {}, 1),
        ([past(2017, **LEFT), past(2018)], {}, 0),  # came back since
        ([past(**LEFT, fund="党费"), past(fund="区教育工会")], {}, 0),  # one of two funds ended
        ([past(number=None, **LEFT)], {}, 0),
    ],
)
def test_back_after_leaving(district: District, rows: list[Values], row: Values, hits: int) -> None:
    district.register("R3", rows)
    applied(district, applicant(**row), applicant(aid_type="助学帮困", **row))  # two projects, asked once
    assert len(found(district, "XYR-006")) == hits


# -- XYR-007 ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "now", "hits"),
    [
        ([200000], [300000], 0),
        ([190000], [300000], 1),
        ([100000, 100000], [300000], 0),  # two funds of last year
        ([200000], [100000, 100000], 0),  # two projects this year
        ([700000], [300000], 1),
        ([None], [300000], 0),
        ([100000, None], [300000], 0),
    ],
)
def test_amounts_that_changed(district: District, before: list[int | None], now: list[int], hits: int) -> None:
    district.register("R3", [past(amount=a, fund=f"{i}") for i, a in enumerate(before)])
    projects = ("大病帮困", "助学帮困")
    applied(district, *[applicant(amount_requested=a, aid_type=p) for a, p in zip(now, projects, strict=False)])
    assert len(found(district, "XYR-007")) == hits


def test_what_was_decided_counts_before_what_was_asked_for(district: District) -> None:
    district.register("R3", [past(amount=100000)])
    applied(district)
    assert len(found(district, "XYR-007")) == 1
    district.approvals = (grant(fen=120000),)
    assert found(district, "XYR-007") == []


# -- XYR-008 ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ({}, []),
        ({"last_total": 860000, "last_donors": 83}, []),
        ({"last_total": 600000, "last_donors": 83}, ["total"]),
        ({"last_total": 700000}, []),
        ({"last_donors": 40}, ["donors"]),
        ({"last_total": 0}, []),
    ],
)
def test_gifts_beside_last_years(district: District, line: Values, says: list[str]) -> None:
    district.register("R1", [{"unit_code": "YL001", **line}])
    district.send("YL001", district.table("F2.donations", [{**GIFTS, "total": 860000}]))
    told = found(district, "XYR-008")
    assert [f.key for f in told] == says
    assert not district.book.rules["XYR-008"].to_school


def test_the_closing_form_may_say_last_years_sum(district: District) -> None:
    lines = [{"code": "E03", "indicator": "募捐合计", "value": Decimal(8600), "last_year": Decimal(4000)}]
    district.send(
        "YL001", district.table("F2.donations", [{**GIFTS, "total": 860000}]), district.table("F4.figures", lines)
    )
    assert [f.facts["before"] for f in found(district, "XYR-008")] == ["4,000.00"]


# -- XYR-009 ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seasons", "years"),
    [([2017, 2018, 2019], "3"), ([2016, 2017, 2018, 2019], "4"), ([2018, 2019], ""), ([2016, 2017, 2019], ""), ([2016, 2017, 2018], ""), ([2019, 2019, 2019], "")],
)  # fmt: skip
def test_aided_for_years(district: District, seasons: list[int], years: str) -> None:
    district.register(
        "R3", [past(y, unit_code="YL002" if y == 2017 else "YL001", fund=str(i)) for i, y in enumerate(seasons)]
    )
    applied(district, applicant(), applicant(aid_type="助学帮困"))
    assert [f.facts["years"] for f in found(district, "XYR-009")] == ([years] if years else [])


# -- XYR-010 ------------------------------------------------------------------------------------------------


def everybody(n: int, **more: Any) -> list[Values]:
    return [
        applicant(f"甲{i}", f"1{i:017d}", cause_main="子女上学", **{"amount_requested": 100000 * (i + 1), **more})
        for i in range(n)
    ]


def of_last_year(rows: list[Values], **more: Any) -> list[Values]:
    fields = {"aid_type": "aid_type", "category": "category", "cause_main": "cause", "amount_requested": "amount"}
    made = [{v: r[k] for k, v in fields.items()} for r in rows]
    return [past(name=r["name"], number=r["id_number"], **{**m, **more}) for r, m in zip(rows, made, strict=True)]


@pytest.mark.parametrize(
    ("now", "before", "hits"),
    [
        (everybody(6), everybody(6), 1),
        (everybody(10), everybody(9), 1),
        (everybody(6), everybody(5), 0),
        (everybody(4), everybody(4), 0),  # four people in lasting need are no copy
        (everybody(6, amount_requested=150000), everybody(6), 0),  # the same people, other sums
        (everybody(6, category="深度困难"), everybody(6), 0),
        (everybody(3), everybody(6), 0),
    ],
)
def test_the_same_as_last_year(district: District, now: list[Values], before: list[Values], hits: int) -> None:
    district.register("R3", of_last_year(before))
    applied(district, *now)
    assert len(found(district, "XYR-010")) == hits


def test_a_register_that_keeps_names_only_cannot_tell(district: District) -> None:
    district.register("R3", [past(name=r["name"], number=r["id_number"]) for r in everybody(8)])
    applied(district, *everybody(8))
    assert found(district, "XYR-010") == []


# -- XYR-011 ------------------------------------------------------------------------------------------------


def told_where(district: District, *rows: tuple[str, str, str]) -> Any:
    made = [{k: v for k, v in zip(("name", "id_tail", "destination"), r, strict=True) if v} for r in rows]
    return district.table("F1.departures", made)


@pytest.mark.parametrize(
    ("rows", "told", "hits"),
    [
        ([past()], [], 1),
        ([past(), past(fund="党费"), past(name="何雪", number=TWO)], [("林晓", "1512", "已脱困")], 1),
        ([past()], [("林晓", "1512", "已脱困")], 0),
        ([past()], [("林晓", "1512", "")], 1),
        ([past(**LEFT)], [], 0),
        ([past(2018)], [], 0),
        ([past(unit_code="YL002")], [], 0),
        ([], [], 0),
    ],
)
def test_nobody_this_year_after_some_last_year(
    district: District, rows: list[Values], told: list[tuple[str, str, str]], hits: int
) -> None:
    district.register("R3", rows)
    district.send("YL001", told_where(district, *told), zero=["F1"])
    assert len(found(district, "XYR-011")) == hits


def test_who_moved_to_another_unit_or_of_whom_the_office_knows_is_not_forgotten(district: District) -> None:
    district.register("R3", [past(), past(name="程海", number=THREE)])
    district.send("YL001", zero=["F1"])
    assert [f.facts["n"] for f in found(district, "XYR-011")] == ["2"]
    district.send("YL002", district.table("F1.applications", [applicant()]))
    said = {"unit_name": "样例第一小学", "name": "程海", "id_tail": "002X", "destination": "去世"}
    district.decisions = (Decision("QX-1", "去向", "0" * 12, extra=said),)
    assert found(district, "XYR-011") == []
    district.filed.clear()
    district.send("YL001", state="held", zero=["F1"])
    assert found(district, "XYR-011") == []
