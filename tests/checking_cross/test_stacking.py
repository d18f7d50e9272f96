"""The stacking policy (R14): which grants of one person may stand together, up to what sum, and how soon again."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pipeline.model import Row

from .conftest import District

DAY = date(2019, 12, 18)
ONE, TWO = "440308199901101512", "610104196209276908"
ILL, STUDY = "大病帮困", "助学帮困"
CLAUSE = "《样例帮困办法》第八条"


def applied(district: District, unit: str, *rows: tuple[str, str, str, int]) -> None:
    """(name, number, aid type, yuan) of each row."""
    district.send(unit, district.table("F1.applications", [
        {"seq": i, "name": n, "id_number": number, "aid_type": aid, "amount_requested": yuan * 100}
        for i, (n, number, aid, yuan) in enumerate(rows, 1)
    ]))  # fmt: skip


def policy(district: District, *rows: dict[str, Any]) -> None:
    district.register("R14", [{"clause": CLAUSE, **r} for r in rows])


def decided(*rows: dict[str, Any]) -> tuple[Row, ...]:
    base = {"unit_code": "YL001", "name": "甲", "id_tail": "1512", "aid_type": ILL}
    return tuple(Row(n, {**base, **r}, {}) for n, r in enumerate(rows, 5))


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([{"aid_a": ILL, "aid_b": STUDY, "stacking": "不可叠加"}], ["YL001 F1 O4"]),
        ([{"aid_a": STUDY, "aid_b": ILL, "stacking": "不可叠加"}], ["YL001 F1 O4"]),  # either way round
        ([{"aid_a": ILL, "aid_b": STUDY, "stacking": "须审批"}], ["YL001 F1 warning O4"]),
        ([{"aid_a": ILL, "aid_b": STUDY, "stacking": "可叠加"}], ["YL001 F1 info O4"]),
        ([{"aid_a": ILL, "aid_b": "救急帮困", "stacking": "不可叠加"}], []),  # what the policy does not name
        ([{"aid_a": ILL, "stacking": "不可叠加"}], []),  # a line on one side says nothing of two
        # the closest line decides, wherever it stands; of two alike the last
        ([{"aid_a": ILL, "aid_b": STUDY, "stacking": "可叠加"}, {"aid_b": STUDY, "stacking": "不可叠加"}], ["YL001 F1 info O4"]),
        ([{"aid_a": ILL, "aid_b": STUDY, "stacking": "不可叠加"}, {"aid_a": ILL, "aid_b": STUDY, "stacking": "可叠加"}], ["YL001 F1 info O4"]),
    ],
)  # fmt: skip
def test_what_may_stand_together(district: District, rows: list[dict[str, Any]], said: list[str]) -> None:
    policy(district, *rows)
    applied(district, "YL001", ("甲", ONE, ILL, 3000), ("甲", ONE, STUDY, 2000))
    assert district.said("XFM-019", DAY) == said


def test_two_people_and_one_grant_are_no_overlap(district: District) -> None:
    policy(district, {"aid_a": ILL, "aid_b": STUDY, "stacking": "不可叠加"})
    applied(district, "YL001", ("甲", ONE, ILL, 3000), ("乙", TWO, STUDY, 2000))
    assert district.said("XFM-019", DAY) == []
    assert district.verdict("XFM-019", DAY) == {"": "passed"}


def test_the_same_person_in_two_units_is_one_person(district: District) -> None:
    policy(district, {"aid_a": ILL, "aid_b": STUDY, "stacking": "不可叠加"})
    applied(district, "YL001", ("甲", ONE, ILL, 3000))
    applied(district, "YL002", ("甲", ONE, STUDY, 2000))
    assert district.said("XFM-019", DAY) == ["YL002 F1 O3"]


def test_without_a_policy_nothing_is_judged(district: District) -> None:
    applied(district, "YL001", ("甲", ONE, ILL, 3000), ("甲", ONE, STUDY, 2000))
    assert district.verdict("XFM-019", DAY) == {"": "not_applicable"}


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        # two funds of one application, decided: the funds are known now
        ([{"fund": "区教育工会", "amount_approved": 100000}, {"fund": "区总工会", "amount_approved": 100000}], ["YL001 综合平衡表 warning D"]),
        ([{"fund": "区教育工会", "amount_approved": 100000}, {"fund": "区总工会", "amount_approved": 0}], []),  # refused
        ([{"fund": "区教育工会", "amount_approved": 100000}, {"fund": "区总工会", "amount_approved": 100000, "special": True, "special_basis": "工委会2020-2"}], ["YL001 综合平衡表 info D"]),
        ([{"fund": "区教育工会", "amount_approved": 100000}, {"fund": "区总工会", "amount_approved": 100000, "special": True}], ["YL001 综合平衡表 warning D"]),  # no basis
    ],
)  # fmt: skip
def test_decided_funds(district: District, rows: list[dict[str, Any]], said: list[str]) -> None:
    policy(district, {"fund_a": "区教育工会", "fund_b": "区总工会", "stacking": "须审批"})
    applied(district, "YL001", ("甲", ONE, ILL, 3000))
    district.approvals = decided(*rows)
    assert district.said("XFM-019", DAY) == said


@pytest.mark.parametrize(
    ("cap", "amounts", "said"),
    [
        (500000, (3000, 2000), []),  # just the cap
        (499999, (3000, 2000), ["YL001 F1 O4"]),  # one fen above it
    ],
)
def test_what_two_may_come_to(district: District, cap: int, amounts: tuple[int, int], said: list[str]) -> None:
    policy(district, {"aid_a": ILL, "aid_b": STUDY, "cap": cap})
    applied(district, "YL001", ("甲", ONE, ILL, amounts[0]), ("甲", ONE, STUDY, amounts[1]))
    assert district.said("XFM-020", DAY) == said
    found = [f.facts for f in district.judged(DAY).findings if f.rule == "XFM-020"]
    assert [f["clause"] for f in found] == [CLAUSE] * len(said)


def test_a_cap_on_one_side_alone_and_on_everything(district: District) -> None:
    applied(district, "YL001", ("甲", ONE, ILL, 3000), ("甲", ONE, STUDY, 2000), ("乙", TWO, ILL, 9000))
    policy(district, {"aid_a": ILL, "cap": 800000})
    assert district.said("XFM-020", DAY) == ["YL001 F1 O5"]
    policy(district, {"cap": 490000})
    assert district.said("XFM-020", DAY) == ["YL001 F1 O4", "YL001 F1 O5"]


@pytest.mark.parametrize(
    ("year", "aid", "said"),
    [
        (2019, ILL, ["YL001 F1 O3"]),
        (2018, ILL, []),  # twenty-four months are over
        (2019, STUDY, []),
        (2020, ILL, []),  # this season's own line
    ],
)
def test_how_soon_again(district: District, year: int, aid: str, said: list[str]) -> None:
    policy(district, {"aid_a": ILL, "wait_months": 24})
    district.register("R3", [{"season": year, "unit_code": "YL002", "name": "甲", "id_number": ONE, "aid_type": aid}])
    applied(district, "YL001", ("甲", ONE, ILL, 3000))
    assert district.said("XYR-012", DAY) == said


def test_a_namesake_of_last_year_is_not_the_person(district: District) -> None:
    policy(district, {"aid_a": ILL, "wait_months": 24})
    district.register("R3", [{"season": 2019, "unit_code": "YL001", "name": "甲", "id_tail": "6908", "aid_type": ILL}])
    applied(district, "YL001", ("甲", ONE, ILL, 3000))
    assert district.said("XYR-012", DAY) == []
