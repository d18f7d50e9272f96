"""All units side by side (XSC-006 to 010) and what makes two sheets a copy."""

from __future__ import annotations

import time
from collections import Counter
from datetime import date
from typing import Any

import pytest

from pipeline.checking.copied import alike
from pipeline.model import Finding, Unit

from .conftest import District
from .test_paid import applicant, payment
from .test_two_forms import GIFTS

DAY = date(2020, 1, 16)
Values = dict[str, Any]


def found(district: District, rule: str) -> list[Finding]:
    return [f for f in district.judged(DAY).findings if f.rule == rule]


def rule_of(district: District, rule: str) -> Any:
    return district.book.rules[rule]


# -- XSC-006 ------------------------------------------------------------------------------------------------


def slip(number: str = "20200108001", day: int = 8, amount: int = 860000) -> Values:
    return {"slip_no": number, "remit_date": date(2020, 1, day), "amount": amount}


@pytest.mark.parametrize(
    ("other", "says"),
    [
        (slip(), [None, None]),
        (slip("2020 0108001"), [None, None]),
        (slip("20200108002"), []),
        (slip(day=9), [None, None]),  # the same sum
        (slip(day=9, amount=1), ["warning", "warning"]),  # another bank may count like this
        (slip("001"), []),
    ],
)
def test_one_slip_two_units(district: District, other: Values, says: list[Any]) -> None:
    first = slip("001") if other["slip_no"] == "001" else slip()
    district.send("YL001", district.table("F2.slips", [first, first]))  # twice in one unit: SHT-007's
    district.filed.clear()
    district.send("YL001", district.table("F2.slips", [first]))
    district.send("YL002", district.table("F2.slips", [other]))
    told = found(district, "XSC-006")
    assert [f.severity for f in told] == says
    assert all("样例" not in str(f.facts) for f in told), "whose slip it is stays with the office"


# -- XSC-007 ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amounts", "hits"), [([3000] * 7 + [5000], 1), ([3000] * 7 + [4500], 0), ([3000] * 6 + [9000], 0)]
)
def test_amounts_far_from_the_median(district: District, amounts: list[int], hits: int) -> None:
    rows = [applicant(f"甲{i}", f"{i:018d}", amount_requested=a * 100) for i, a in enumerate(amounts)]
    others = [applicant(f"乙{i}", f"{i:017d}X", aid_type="节日慰问", amount_requested=50000) for i in range(8)]
    district.send("YL001", district.table("F1.applications", [*rows, *others]))  # another project is another standard
    assert len(found(district, "XSC-007")) == hits


# -- XSC-008 ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("people", "units", "hits"), [(12, 12, ["YL001"]), (3, 12, []), (12, 9, []), (0, 12, [])], ids=["many", "three", "few units", "none"]
)  # fmt: skip
def test_units_with_an_unusual_share(district: District, people: int, units: int, hits: list[str]) -> None:
    """One unit beside others with one or two people each, zero reports among them."""
    district.units = [Unit(f"YL{i:03d}", f"样例{i}", f"样{i}", headcount=80) for i in range(1, units + 1)]
    for i, u in enumerate(district.units):
        n = people if not i else i % 3
        rows = [applicant(f"甲{i}{k}", f"{i:03d}{k:015d}") for k in range(n)]
        district.send(u.code, district.table("F1.applications", rows), zero=[] if rows else ["F1"])
    assert [f.unit for f in found(district, "XSC-008")] == hits
    assert not rule_of(district, "XSC-008").to_school


# -- XSC-009 ------------------------------------------------------------------------------------------------


def gifts(donors: int, *channels: int, **more: Any) -> Values:
    names = [n for n in GIFTS if n.startswith("ch_")]
    amounts = dict(zip(names, (*channels, *[0] * 6), strict=False))
    return {"dept": "全校", "headcount": donors, "donors": donors, **amounts, "total": sum(channels), **more}


@pytest.mark.parametrize(
    ("rows", "hits"),
    [
        ([gifts(86, 430000, 430000)], 1),
        ([gifts(83, 430000, 430000)], 0),
        ([gifts(10, 50000, 50000)], 0),  # ten colleagues may well give the same
        ([gifts(86, 860000)], 0),  # one even sum is chance
        ([gifts(20, 100000, dept="语"), gifts(30, 150000, dept="数"), gifts(40, 200000, dept="英")], 1),
        ([gifts(20, 100000, dept="语"), gifts(30, 151000, dept="数"), gifts(40, 200000, dept="英")], 0),
        ([gifts(20, 100000, dept="语"), gifts(30, 150000, dept="数")], 0),
        ([gifts(30, 0)], 0),  # nobody has to give
    ],
)
def test_equal_gifts_are_for_the_office_alone(district: District, rows: list[Values], hits: int) -> None:
    district.send("YL001", district.table("F2.donations", rows))
    assert len(found(district, "XSC-009")) == hits
    assert not rule_of(district, "XSC-009").to_school


# -- XSC-010 ------------------------------------------------------------------------------------------------


def people(n: int, shift: int = 0, **more: Any) -> list[Values]:
    return [
        applicant(
            f"{'甲乙'[shift % 2]}{i}", f"{shift}{i:017d}", household_size=2 + i % 3, cause_main="子女上学",
            situation=f"第{i}户孩子上大学，学费较高", **{"amount_requested": 100000 + 1000 * i, **more},
        )
        for i in range(n)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("mine", "other", "hits"),
    [
        (people(6), people(6, 1), 2),  # another school's form with other names
        (people(10), people(9, 1), 2),  # 90 per cent of the longer one
        (people(10), people(8, 1), 0),
        (people(4), people(4, 1), 0),  # too short to tell anything
        (people(6), people(6, 1, amount_requested=222200), 0),
        ([], [], 0),  # two zero reports
        ([applicant(f"甲{i}", f"1{i:017d}") for i in range(9)], [applicant(f"乙{i}", f"2{i:017d}") for i in range(9)], 0),
    ],
    ids=["copied", "ninety", "eighty", "short", "own amounts", "zero", "blank fields"],
)  # fmt: skip
def test_copied_applications(district: District, mine: list[Values], other: list[Values], hits: int) -> None:
    for unit, rows in (("YL001", mine), ("YL002", other)):
        district.send(unit, district.table("F1.applications", rows), zero=[] if rows else ["F1"])
    told = found(district, "XSC-010")
    assert (len(told), {f.sheet for f in told}) == (hits, {"申报表"} if hits else set())
    assert not rule_of(district, "XSC-010").to_school


def test_payments_of_equal_sums_and_texts_of_a_pattern_are_no_copies(district: District) -> None:
    for k, unit in enumerate(("YL001", "YL002")):
        rows = [payment(f"{'甲乙'[k]}{i}", f"{k}{i:03d}") for i in range(9)]
        text = "逐户走访摸底，公示五个工作日。节前全部发放到位，无一遗漏。" + f"本校{'一二'[k]}部开展了结对活动三次。"
        summary = district.table("F5.summary", [{"measures": text, "problems": "无"}])
        district.send(unit, district.table("F3.payments", rows), summary)
    assert found(district, "XSC-010") == []


def test_a_copied_text_is_told_on_both_sides_and_in_one_unit_never(district: District) -> None:
    text = "。".join(f"第{w}件事是逐户走访困难教工并记录诉求" for w in "一二三四五六")
    for unit in ("YL001", "YL001", "YL002"):
        district.send(unit, district.table("F5.summary", [{"measures": text, "problems": "无"}]))
    assert sorted((f.unit, f.related[0].unit) for f in found(district, "XSC-010")) == [("YL001", "YL002")] * 2 + [("YL002", "YL001")] * 2  # fmt: skip


@pytest.mark.long
def test_a_chain_of_copies_is_found_and_what_everybody_writes_costs_little() -> None:
    """A mark that all share is compared link by link: eight times the sheets cost far less than the sixty-four of pairs."""
    same = {k: Counter[Any](range(6)) for k in range(50)}
    assert {k for pair in alike(same, 5, 90) for k in pair[:2]} == set(range(50))

    def cost(sheets: int) -> float:
        bags = {k: Counter[Any]([("all", i) for i in range(20)] + [(k, i) for i in range(20)]) for k in range(sheets)}
        start = time.process_time()
        assert alike(bags, 5, 90) == []
        return time.process_time() - start

    cost(500)
    assert cost(8000) < 32 * cost(1000)
