"""Rules that look beyond one sheet: silence, lateness, last year's people, two units, own totals. Tables in, findings out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from pipeline.model import Decision, Row

from .conftest import District

DAY = date(2019, 12, 18)
ONE, TWO = "440308199901101512", "610104196209276908"


def people(district: District, *pairs: tuple[str, str]) -> Any:
    return district.table(
        "F1.applications", [{"seq": i, "name": n, "id_number": number} for i, (n, number) in enumerate(pairs, 1)]
    )


# -- XRG-003, XFM-016: silence ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("as_of", "said"),
    [
        (date(2019, 11, 10), []),  # the stage is not open
        (date(2019, 12, 19), ["YL002 F1 info"]),
        (date(2019, 12, 20), ["YL002 F1 warning"]),
        (date(2019, 12, 21), ["YL002 F1 error"]),
        (date(2019, 12, 24), ["YL001 F2 info", "YL002 F1 error", "YL002 F2 info"]),
    ],
)  # fmt: skip
def test_silence_before_on_and_after_the_deadline(district: District, as_of: date, said: list[str]) -> None:
    district.send("YL001", people(district, ("甲", ONE)))
    assert sorted(district.said("XRG-003", as_of)) == said


@pytest.mark.parametrize(
    ("as_of", "said"),
    [
        (date(2019, 12, 20), "截至目前尚未收到样例二中的困难教工帮困申报表（截止12月20日）"),
        (date(2019, 12, 21), "截止时未收到样例二中的困难教工帮困申报表"),
    ],
)
def test_before_the_deadline_silence_is_so_far(district: District, as_of: date, said: str) -> None:
    district.send("YL001", people(district, ("甲", ONE)))
    wording = district.book.rules["XRG-003"].message
    found = [f for f in district.judged(as_of).findings if f.rule == "XRG-003"]
    assert [wording.format(**f.facts) for f in found] == [said]


@pytest.mark.parametrize(
    "sent",
    [
        {"state": "held"},
        {"state": "unreadable", "outcome": "encrypted"},  # its stage was open when it came
        {"state": "unreadable", "outcome": "rejected", "path": "YL002/申报表.xlsx"},
        {"zero": ["F1"]},
    ],
)  # fmt: skip
def test_a_form_that_came_in_any_state_is_not_silence(district: District, sent: dict[str, Any]) -> None:
    table = [people(district, ("甲", ONE))] if sent.get("state") == "held" else []
    district.send("YL001", people(district, ("甲", ONE)))
    district.send("YL002", *table, **sent)
    assert district.said("XRG-003", date(2019, 12, 21)) == []


@pytest.mark.parametrize(
    "sent", [{"state": "withdrawn"}, {"state": "unreadable", "outcome": "rejected", "path": "YL002/发放登记.xlsx"}]
)
def test_a_withdrawn_or_another_form_leaves_the_silence(district: District, sent: dict[str, Any]) -> None:
    district.units = district.units[1:]
    district.send("YL002", *([people(district, ("甲", ONE))] if sent["state"] == "withdrawn" else []), **sent)
    assert district.said("XRG-003", date(2019, 12, 21)) == ["YL002 F1 error"]


def test_an_exempt_form_is_silent_and_a_stage_by_approval_waits_for_it(district: District) -> None:
    district.units = [replace(district.units[0], owes=frozenset({"F3"}))]
    assert district.said("XRG-003", date(2020, 1, 20)) == []
    assert district.verdict("XRG-003", date(2020, 1, 20)) == {"YL001": "not_applicable"}
    district.approvals = (Row(3, {"unit_code": "YL001"}, {}),)
    assert district.said("XRG-003", date(2020, 1, 20)) == ["YL001 F3 info"]


def test_without_the_register_nobody_can_say_who_is_silent(district: District) -> None:
    district.register("R3", [])
    district.registers["R1"] = district.registers["R3"]
    del district.registers["R1"]
    units, district.units = district.units, []
    district.send("YL001", people(district, ("甲", ONE)))
    found = district.judged(date(2020, 2, 1))
    assert [f for f in found.findings if f.rule == "XRG-003"] == []
    assert {(c.verdict, c.why) for c in found.coverage if c.rule == "XRG-003"} == {("not_applicable", "未提供名册R1")}
    district.units = units


def test_some_forms_of_a_stage_without_the_others(district: District) -> None:
    district.units = district.units[:1]
    district.send("YL001", district.table("F4.figures", []), came=date(2020, 2, 10))
    (hint,) = [f for f in district.judged(date(2020, 2, 20)).findings if f.rule == "XFM-016"]
    assert (hint.severity, hint.facts["forms"], hint.unit) == ("info", district.book.forms["F5"].title, "YL001")
    (asked,) = [f for f in district.judged(date(2020, 2, 28)).findings if f.rule == "XFM-016"]
    assert asked.severity is None  # the rule's own: a warning
    district.send("YL001", zero=["F5"], came=date(2020, 2, 27))
    assert district.said("XFM-016", date(2020, 2, 28)) == []


# -- CAL-001: late ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("came", "days"),
    [([date(2019, 12, 20)], ""), ([date(2019, 12, 21)], "1"), ([date(2019, 12, 20), date(2019, 12, 30)], ""), ([date(2019, 12, 23), date(2019, 12, 30)], "3")],
)  # fmt: skip
def test_late_is_what_first_came_after_the_deadline(district: District, came: list[date], days: str) -> None:
    for n, day in enumerate(came, 1):
        district.send(
            "YL001", people(district, ("甲", ONE)), came=day, state="adopted" if n == len(came) else "superseded"
        )
    found = [f.facts["n"] for f in district.judged(date(2020, 1, 5)).findings if f.rule == "CAL-001"]
    assert found == ([days] if days else [])


# -- XSC-001 ----------------------------------------------------------------------------------------------


def test_the_same_number_in_two_units_is_told_on_both_rows(district: District) -> None:
    district.send("YL001", people(district, ("甲", ONE), ("乙", TWO)))
    district.send("YL002", people(district, ("假", ONE.lower())))
    found = [f for f in district.judged(DAY).findings if f.rule == "XSC-001"]
    assert [(f.unit, f.cell and f.cell[-1], [p.unit for p in f.related]) for f in found] == [
        ("YL001", "3", ["YL002"]),
        ("YL002", "3", ["YL001"]),
    ]


def test_twice_in_one_unit_is_another_rules_business(district: District) -> None:
    district.send("YL001", people(district, ("甲", ONE), ("甲", ONE)))
    assert district.said("XSC-001", DAY) == []
    assert district.verdict("XSC-001", DAY) == {"": "passed"}


# -- XYR-001 ----------------------------------------------------------------------------------------------


def departures(district: District, *rows: tuple[str, str, str]) -> Any:
    return district.table(
        "F1.departures", [{k: v for k, v in zip(("name", "id_tail", "destination"), r, strict=True) if v} for r in rows]
    )


@pytest.mark.parametrize(
    ("listed", "applied", "asked"),
    [
        ([("甲", "1512", "")], [], 1),
        ([("甲", "1512", "已脱困")], [], 0),
        ([("甲", "1512", "")], [("甲", ONE)], 0),  # applies again
        ([("甲", "1512", "")], [("甲", TWO)], 1),  # a namesake applies
        ([("甲", "1512", "")], [("甲", "")], 0),  # his number is being asked for already
        ([("甲", "", "")], [("甲", ONE)], 0),
        ([("丙", "001x", "")], [("丙", "44052418800101001X")], 0),
        ([("甲", "1512", ""), ("乙", "6908", "")], [("乙", TWO)], 1),
    ],
)  # fmt: skip
def test_a_blank_whereabouts_is_asked_for(
    district: District, listed: list[tuple[str, str, str]], applied: list[tuple[str, str]], asked: int
) -> None:
    district.send("YL001", people(district, *applied), departures(district, *listed))
    assert len(district.said("XYR-001", DAY)) == asked


def test_somebody_who_applies_in_another_unit_is_not_missing(district: District) -> None:
    district.send("YL001", people(district), departures(district, ("甲", "1512", "")))
    district.send("YL002", people(district, ("甲", ONE)))
    assert district.said("XYR-001", DAY) == []


@pytest.mark.parametrize(
    ("row", "missing"),
    [
        ({}, "1"),
        ({"season": 2018}, ""),  # aided before last year only
        ({"season": 2020}, ""),
        ({"unit_code": "YL002"}, ""),
        ({"exit_date": date(2019, 6, 30)}, ""),
        ({"name": "甲", "id_number": ONE}, ""),  # applies
    ],
)  # fmt: skip
def test_people_of_last_year_whom_nobody_names_are_one_line(
    district: District, row: dict[str, Any], missing: str
) -> None:
    base = {"season": 2019, "unit_code": "YL001", "name": "乙", "id_number": TWO}
    other = {**base, "unit_code": "YL002", "name": "丁", "id_number": "11010519491231002X"}
    twice = [{**base, "fund": f, **row} for f in ("区教育工会", "校工会经费")]  # two funds are one person
    district.register("R3", [*twice, other])
    district.send("YL001", people(district, ("甲", ONE)))
    found = [f for f in district.judged(DAY).findings if f.rule == "XYR-001" and f.unit == "YL001"]
    assert [f.facts["n"] for f in found] == ([missing] if missing else [])


def answer(name: str, tail: str, destination: str = "已脱困", unit: str = "样例第一小学") -> Decision:
    return Decision(
        f"QX-{name}",
        "去向",
        "0" * 12,
        extra={"unit_name": unit, "name": name, "id_tail": tail, "destination": destination},
    )


@pytest.mark.parametrize(
    ("answers", "asked", "of_register"),
    [
        ((), 2, "A3 A5"),
        ((answer("乙", "6908"),), 2, "A5"),
        ((answer("乙", "6908"), answer("丁", "002x")), 1, ""),
        ((answer("丙", "001X"),), 1, "A3 A5"),  # he stands on the school's own sheet
        ((answer("乙", "6908", ""),), 2, "A3 A5"),  # a line nobody filled in
        ((answer("乙", "6908", unit="样例第二中学"),), 2, "A3 A5"),
        ((answer("乙", "0000"),), 2, "A3 A5"),  # a namesake
    ],
)  # fmt: skip
def test_the_office_may_say_where_somebody_went(
    district: District, answers: tuple[Decision, ...], asked: int, of_register: str
) -> None:
    one = {"season": 2019, "unit_code": "YL001", "name": "乙", "id_number": TWO}
    district.register(
        "R3", [one, {**one, "fund": "校工会经费"}, {**one, "name": "丁", "id_number": "11010519491231002X"}]
    )
    district.send("YL001", people(district, ("甲", ONE)), departures(district, ("丙", "001x", "")))
    district.decisions = answers
    found = [f for f in district.judged(DAY).findings if f.rule == "XYR-001" and f.unit == "YL001"]
    assert len(found) == asked
    assert [p.cell for f in found if f.row is None for p in f.related] == of_register.split()


@pytest.mark.parametrize(
    ("phoned", "day", "said"),
    [
        (True, DAY, [(None, "D")]),  # nothing to report, and two people of last year nobody speaks of
        (False, DAY, []),  # silent, and it still has time
        (
            False,
            date(2020, 1, 16),
            [("info", "D")],
        ),  # silent over its deadline: the office's list has them all the same
    ],
)
def test_people_of_a_unit_that_sent_nothing_are_not_forgotten(
    district: District, phoned: bool, day: date, said: list[tuple[str | None, str]]
) -> None:
    one = {"season": 2019, "unit_code": "YL001", "name": "乙", "id_number": TWO}
    district.register("R3", [one, {**one, "name": "丁", "id_number": "11010519491231002X"}])
    district.phoned = (("YL001", "F1"),) if phoned else ()
    found = [f for f in district.judged(day).findings if f.unit == "YL001"]
    assert [(f.severity, f.cure) for f in found if f.rule == "XYR-001"] == said
    assert [f.facts["n"] for f in found if f.rule == "XYR-001"] == ["2"] * len(said)
    assert [f.facts["n"] for f in found if f.rule == "XYR-011"] == ["2"] * phoned


# -- XFM-008 to 011: own totals ---------------------------------------------------------------------------


def figures(district: District, *lines: dict[str, Any], plain: bool = False) -> Any:
    made = [{k: Decimal(v) if k in {"value", "correction"} else v for k, v in line.items()} for line in lines]
    return district.table("F4.figures", made, plain=plain)


@pytest.mark.parametrize(
    ("line", "plain", "said"),
    [
        ({"value": "2"}, True, None),
        ({"value": "3"}, True, (None, None, "value")),  # typed by the school itself
        ({"value": "3"}, False, ("info", None, "value")),  # prefilled and grown old
        ({"value": "2", "correction": "3"}, False, (None, None, "correction")),
        ({"value": "2", "correction": "3", "note": "一人后调入"}, False, ("warning", "D", "correction")),
        ({"value": "3", "correction": "2"}, False, None),
        ({}, True, None),
    ],
)  # fmt: skip
def test_people_on_f4_against_the_applications(
    district: District, line: dict[str, Any], plain: bool, said: tuple[Any, ...] | None
) -> None:
    district.send("YL001", people(district, ("甲", ONE), ("甲", ONE), ("乙", TWO)))
    district.send("YL001", figures(district, {"code": "B01", "indicator": "困难教工总数", **line}, plain=plain))
    found = [f for f in district.judged(DAY).findings if f.rule == "XFM-008"]
    assert [(f.severity, f.cure, f.field) for f in found] == ([said] if said else [])


@pytest.mark.parametrize(
    ("rows", "declared", "verdict"),
    [
        ([{"total": 860000}], "8600", "passed"),
        ([{"total": 860000}], "8600.01", "found"),
        ([{"total": 430000}, {"total": 430000}], "8600", "passed"),
        ([{"ch_union_day": 430000, "ch_red_cross": 430000}], "8600", "passed"),  # 合计 left to nobody's formula
        ([{"total?": "八千"}], "8600", "could_not_run"),
        ([], "0", "passed"),
        ([], "5", "found"),
    ],
)  # fmt: skip
def test_donations_on_f4_against_f2(
    district: District, rows: list[dict[str, Any]], declared: str, verdict: str
) -> None:
    district.send("YL001", district.table("F2.donations", rows))
    district.send(
        "YL001",
        figures(district, {"code": "E03", "indicator": "募捐合计", "value": declared}, plain=True),
        path="f4.xlsx",
    )
    assert district.verdict("XFM-010", DAY) == {"f4.xlsx": verdict}


def test_a_form_that_never_came_leaves_nothing_to_compare(district: District) -> None:
    district.send(
        "YL001",
        figures(district, {"code": "C03", "indicator": "发放金额合计", "value": "5"}, plain=True),
        path="f4.xlsx",
    )
    assert district.verdict("XFM-009", DAY) == {"f4.xlsx": "not_applicable"}


@pytest.mark.parametrize(
    ("lines", "verdict"),
    [
        ([("B01", "3"), ("B02", "1"), ("B03", "2")], "passed"),
        ([("B01", "3"), ("B02", "1"), ("B03", "1")], "found"),
        ([("B01", "3")], "not_applicable"),
        ([("B02", "3")], "not_applicable"),
        ([("B01", "3"), ("B02", "?"), ("B03", "2")], "could_not_run"),
        ([("E03", "0.30"), ("E11", "0.10"), ("E12", "0.20")], "passed"),
        ([("B01", "3"), ("B02", "?"), ("E03", "0.3"), ("E11", "0.2")], "found"),
    ],
)  # fmt: skip
def test_parts_of_a_whole(district: District, lines: list[tuple[str, str]], verdict: str) -> None:
    made = [{"code": c, "indicator": c, **({"value?": "三"} if v == "?" else {"value": Decimal(v)})} for c, v in lines]
    district.send("YL001", district.table("F4.figures", made), path="f4.xlsx")
    assert district.verdict("XFM-011", DAY)["f4.xlsx"] == verdict


# -- coverage -----------------------------------------------------------------------------------------------


def test_every_cross_rule_says_once_per_subject_what_became_of_it(district: District) -> None:
    slip = district.table("F2.slips", [{"amount": 1}])  # CAL-006 looks at its rows
    sent = (people(district, ("甲", ONE)), figures(district, {"code": "B01", "value": "1"}), slip)
    district.send("YL001", *sent)
    mine = ("XFM", "XSC", "XRG", "XYR", "CAL", "MNY", "OUT", "WBK")
    lines = [(c.rule, c.subject) for c in district.judged(DAY).coverage if c.rule.startswith(mine)]
    assert len(lines) == len(set(lines))
    unseen = {r.id for r in district.book.rules.values() if r.id.startswith(mine)} - {rule for rule, _ in lines}
    assert unseen == {
        r.id
        for r in district.book.rules.values()
        if r.id.startswith(mine) and r.stage != "draft" and r.kind in {"arrange", "gate", "loader"}
    }
