"""What matching means for a district: the same person in two units, families, the roster, people nobody applied for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from pipeline.checking import check
from pipeline.model import Coverage, Decision, Finding, Office, Past, Place, Sheet, Unit
from pipeline.night.gathering import links_of

from .conftest import District
from .test_two_forms import switched_on

DAY = date(2019, 12, 18)
ONE, NEAR, TWO = "440308199901101512", "440308199901102013", "610104196209276908"
OTHER = "440524188001010014"


def applied(district: District, unit: str, *rows: Mapping[str, Any]) -> None:
    base = {"aid_type": "大病帮困", "mobile": ""}
    district.send(unit, district.table("F1.applications", [{"seq": i, **base, **r} for i, r in enumerate(rows, 1)]))


def found(district: District, *rules: str) -> list[Finding]:
    return [f for f in judged(district)[0] if f.rule in rules]


def judged(district: District) -> tuple[Sequence[Finding], Sequence[Coverage]]:
    if "R1" not in district.registers:
        district.register("R1", [{"unit_code": u.code} for u in district.units])
    sheets: Sequence[Sheet] = [
        Sheet(t, f.unit or "", f.arrival.path, f.arrival.sha256, f.arrival.received, f.document)
        for f in district.filed for t in f.document.tables if t.form in f.current
    ]  # fmt: skip
    office = Office(tuple(district.units), district.registers, district.decisions)
    links = links_of(sheets, office, district.book)
    said = check(sheets, district.filed, office, district.book, district.season, DAY, Past(), links)
    return said.findings, said.coverage


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"name": "林晓", "id_number": NEAR, "mobile": "13800138001"}, "warning"),  # same name, birthday, telephone
        ({"name": "林晓", "id_number": NEAR}, "info"),  # a namesake of one day: a hint, no more
        ({"name": "林晓", "id_number": TWO}, None),  # the name alone
        ({"name": "何雪", "id_number": NEAR, "mobile": "13800138001"}, None),  # twins, or a couple with one telephone
    ],
)
def test_one_person_in_two_units(district: District, other: dict[str, str], said: str | None) -> None:
    applied(district, "YL001", {"name": "林晓", "id_number": ONE, "mobile": "13800138001"})
    applied(district, "YL002", other)
    hits = found(district, "XSC-002")
    assert [f.severity or "warning" for f in hits] == ([said] * 2 if said else [])
    assert {f.unit for f in hits} == ({"YL001", "YL002"} if said else set())
    for f in hits:
        assert not any(c.isdigit() for c in f.facts["says"].replace("15", ""))


def test_equal_numbers_are_told_once_and_by_the_stronger_rule(district: District) -> None:
    applied(district, "YL001", {"name": "林晓", "id_number": ONE})
    applied(district, "YL002", {"name": "林晓", "id_number": ONE})
    assert {f.rule for f in found(district, "XSC-001", "XSC-002")} == {"XSC-001"}


SLIP = "440308199901101612"  # one digit of ONE, so that its check sign fails
COUPLE = {"name": "何雪", "id_number": TWO}
CHILD = {"member_name": "林溪桥", "relation": "子女", "birth_year": 2001}


@pytest.mark.parametrize(
    ("case", "strong", "weak"),
    [
        ("rows", "SHT-008", "XSC-012"),  # one slip in a number, seen on the sheet and by matching
        ("units", "XSC-001", "XRG-006"),  # both units apply, and the roster has him in the other
        ("other", "XSC-002", "XRG-006"),
        ("third", "XSC-001", ""),  # the roster has him in a unit nobody else speaks of: a matter of its own
        ("family", "XFM-007", "XSC-013"),  # a couple that both list their child
        ("account", "XSC-002", "XSC-004"),  # one account, and likely one person: no account of two
    ],
)
def test_one_matter_is_told_by_the_stronger_rule_which_says_so(
    district: District, case: str, strong: str, weak: str
) -> None:
    """Neither twice nor in silence: the finding names the rule it took in, the coverage where that rule's finding went."""
    one = {"name": "林晓", "id_number": ONE, "mobile": "13800138001"}
    if case == "account":
        switched_on(district, F1_applications=["account_no"])
    if case == "rows":
        applied(district, "YL001", one, {**one, "id_number": NEAR})
    elif case == "family":
        own, other = ({"staff_name": n, "staff_id_tail": i[-4:]} for n, i in (("林晓", ONE), ("何雪", TWO)))
        spouse = {**own, "member_name": "何雪", "relation": "配偶", "birth_year": 1962}
        rows = [spouse, {**own, **CHILD}, {**other, **CHILD}]
        people = district.table("F1.applications", [{"aid_type": "大病帮困", **r} for r in (one, COUPLE)])
        district.send("YL001", people, district.table("F1.members", rows))
    elif case == "account":
        paid = {**one, "account_no": "6212345678901234569"}
        applied(district, "YL001", paid)
        applied(district, "YL002", {**paid, "id_number": NEAR})
    else:
        applied(district, "YL001", one)
        applied(district, "YL002", {**one, "id_number": SLIP if case == "other" else ONE})
        district.units.append(Unit("YL003", "样例第三小学", "样例三小"))
        there = "YL003" if case == "third" else "YL002"
        district.register("R2", [{"unit_code": there, "name": "林晓", "id_number": ONE}])
    told, covered = judged(district)
    first = {f.row: [r for r, _ in f.absorbed] for f in told if f.rule == strong and f.unit == "YL001"}
    assert first and all(rules == ([weak] if weak else []) for rules in first.values())
    assert not weak or weak not in {f.rule for f in told if f.unit == "YL001"}
    assert {strong in c.why for c in covered if c.rule == weak and c.subject == "YL001_0.xlsx"} == {True} - {not weak}


@pytest.mark.parametrize(
    ("other", "rules"),
    [
        ({"name": "林晓"}, {"XSC-001"}),
        ({"name": "林曉"}, {"XSC-001"}),
        ({"name": "何雪"}, {"XSC-002"}),  # a slip of the line: the number is one, the names are two
        ({"name": "林晓", "unread": True}, {"XSC-002"}),  # a number that is none cannot prove, but it is seen
    ],
)
def test_one_number_in_two_units(district: District, other: dict[str, Any], rules: set[str]) -> None:
    number = SLIP if other.pop("unread", False) else ONE
    named = "id_number" if number == ONE else "id_number?"
    applied(district, "YL001", {"name": "林晓", named: number, "mobile": "13800138001"})
    applied(district, "YL002", {**other, named: number, "mobile": "13800138001"})
    hits = found(district, "XSC-001", "XSC-002")
    assert {f.rule for f in hits} == rules and {f.unit for f in hits} == {"YL001", "YL002"}
    assert all("证件号相同" in f.facts["says"] for f in hits)


@pytest.mark.parametrize(("aid", "hits"), [("大病帮困", 2), ("助学帮困", 0)])
def test_one_unreadable_number_twice_in_a_unit(district: District, aid: str, hits: int) -> None:
    person = {"name": "林晓", "id_number?": SLIP}
    applied(district, "YL001", person, {**person, "aid_type": aid})
    assert len(found(district, "XSC-012", "SHT-007", "SHT-008")) == hits


@pytest.mark.parametrize("units", [("YL001", "YL002"), ("YL002", "YL001")])
def test_the_wrong_number_is_laid_at_the_right_door(district: District, units: tuple[str, str]) -> None:
    """Whichever file stands first: each finding speaks from its own row."""
    good, bad = units
    for unit in sorted(units):
        applied(
            district,
            unit,
            {"name": "林晓", "id_number" if unit == good else "id_number?": ONE if unit == good else SLIP},
        )
    said = {f.unit: f.facts["says"] for f in found(district, "XSC-002")}
    assert "；另一行的证件号有误" in said[good] and "；本行的证件号有误" in said[bad]


def test_the_roster_knows_people_by_their_old_number_and_without_it(district: District) -> None:
    district.register("R2", [
        {"unit_code": "YL001", "name": "何雪", "id_number": "610104620927690"},
        {"unit_code": "YL001", "name": "林晓"},
    ])  # fmt: skip
    applied(
        district,
        "YL001",
        {"name": "何雪", "id_number": TWO},
        {"name": "林晓", "id_number": ONE},
        {"name": "程海", "id_number": OTHER},
    )
    applied(district, "YL002", {"name": "方舟", "id_number": NEAR})  # a unit the roster says nothing of
    assert [(f.unit, f.row) for f in found(district, "XRG-004")] == [("YL001", 5)]


def test_the_retired_are_not_looked_for_on_a_roster_of_the_active(district: District) -> None:
    district.register("R2", [{"unit_code": "YL001", "name": "何雪", "id_number": TWO, "staff_status": "在职在编"}])
    applied(district, "YL001", {"name": "程海", "id_number": OTHER, "staff_status": "退休"})
    assert found(district, "XRG-004") == []


@pytest.mark.parametrize(
    ("flagged", "n"),
    [
        ({"name": "程海", "id_number": OTHER, "flags": "重病、低保"}, 1),
        ({"name": "程海", "id_number": OTHER, "long_sick_from": date(2019, 3, 1)}, 1),
        ({"name": "程海", "id_number": OTHER, "flags": "党员"}, 0),
        ({"name": "程海", "id_number": OTHER, "flags": "重病", "valid_to": date(2019, 8, 31)}, 0),
        ({"name": "林晓", "id_number": ONE, "flags": "重病"}, 0),  # he did apply
        (
            {"name": "林晓", "id_number": "440308199901101521", "flags": "重病"},
            0,
        ),  # two signs swapped on the roster: the same man
    ],
)
def test_flagged_and_forgotten(district: District, flagged: dict[str, Any], n: int) -> None:
    district.register("R2", [{"unit_code": "YL001", **flagged}])
    applied(district, "YL001", {"name": "林晓", "id_number": ONE})
    hits = found(district, "XRG-009")
    assert len(hits) == n and all(f.cure is None and not f.facts and f.related for f in hits)


def test_who_applies_at_another_school_is_not_forgotten(district: District) -> None:
    district.register("R2", [{"unit_code": "YL001", "name": "程海", "id_number": OTHER, "flags": "重病"}])
    applied(district, "YL001", {"name": "林晓", "id_number": ONE})
    applied(district, "YL002", {"name": "程海", "id_number": OTHER})
    assert found(district, "XRG-009") == []


def test_who_left_or_is_accounted_for_is_asked_about_no_more(district: District) -> None:
    district.register("R2", [
        {"unit_code": "YL001", "name": "程海", "id_number": OTHER, "flags": "重病"},
        {"unit_code": "YL001", "name": "方舟", "id_number": NEAR, "flags": "残疾"},
    ])  # fmt: skip
    district.register("R6", [{"name": "方舟", "id_number": NEAR, "event": "离职", "date": date(2019, 6, 1)}])
    applied(district, "YL001", {"name": "林晓", "id_number": ONE})
    assert len(found(district, "XRG-009")) == 1
    word = district.book.words["papers"]["decision_kinds"]["whereabouts"]
    said = {"name": "程海", "id_tail": "0014", "destination": "已脱困", "unit_name": "样例第一小学"}
    district.decisions = (Decision("QX-1", word, "x", place=Place(), extra=said),)
    assert found(district, "XRG-009") == []


@pytest.mark.parametrize(
    ("number", "n"),
    [
        (ONE, 0),
        ("440308199901101521", 1),  # two neighbours swapped, and only one of the two can be right
        (NEAR, 0),  # born on the same day under another valid number: a namesake
    ],
)
def test_another_number_than_last_year(district: District, number: str, n: int) -> None:
    district.register("R3", [{"season": 2019, "unit_code": "YL001", "name": "林晓", "id_number": number}])
    applied(district, "YL001", {"name": "林晓", "id_number": ONE})
    assert len(found(district, "XYR-004")) == n


def test_somebody_of_last_year_found_at_another_school_is_not_missing(district: District) -> None:
    district.register("R3", [{"season": 2019, "unit_code": "YL001", "name": "程海", "id_number": "440524188001010041"}])
    applied(district, "YL001", {"name": "林晓", "id_number": ONE})
    assert len(found(district, "XYR-001")) == 1
    applied(district, "YL002", {"name": "程海", "id_number": OTHER})  # under his right number
    assert found(district, "XYR-001") == []


def test_an_account_many_share_is_not_called_a_schools_own(district: District) -> None:
    """Six people with one account: somebody else's rule tells them so; only R1 says whose an account is."""
    card = "6212345678901234569"
    numbers = (ONE, NEAR, TWO, OTHER, "11010519491231002X", "810000199408230021")
    names = ("林晓", "方舟", "何雪", "程海", "高山", "江流")
    for unit, rows in (("YL001", range(3)), ("YL002", range(3, 6))):
        table = district.table(
            "F1.applications", [{"seq": i, "name": names[i], "id_number": numbers[i], "account_no": card} for i in rows]
        )
        district.send(unit, replace(table, columns={**table.columns, "account_no": 19}))
    assert found(district, "XRG-020") == []
    district.register("R1", [{"unit_code": "YL001", "payer_account": card}, {"unit_code": "YL002"}])
    assert len(found(district, "XRG-020")) == 6


@pytest.mark.parametrize(
    ("number", "event", "says"),
    [
        (ONE, "去世", [(None, None, "")]),
        (SLIP, "去世", [("warning", "none", "（疑似同一人")]),  # the list has a slip in his number: asked, not held
        (SLIP, "调出", []),
        (NEAR, "去世", []),  # a namesake of another birthday, by two valid numbers
    ],
)
def test_who_died_under_a_mistyped_number_is_asked_about(
    district: District, number: str, event: str, says: list[tuple[str | None, str | None, str]]
) -> None:
    moved = {"name": "林晓", "id_number": number, "unit_code": "YL001", "event": event, "date": date(2019, 12, 1)}
    district.register("R6", [moved])
    applied(district, "YL001", {"name": "林晓", "id_number": ONE})
    hits = found(district, "XRG-007")
    assert [(f.severity, f.holds, f.facts["likely"][:6]) for f in hits] == says


def test_whom_an_unreadable_number_hides_is_not_called_a_stranger(district: District) -> None:
    """The number's own finding asks; the roster is looked up once it can be read."""
    district.register(
        "R2",
        [
            {"unit_code": "YL001", "name": "何雪", "id_number": TWO},
            {"unit_code": "YL001", "name": "程海", "id_number": OTHER},
        ],
    )
    applied(district, "YL001", {"name": "何雪", "id_number": TWO}, {"name": "林晓", "id_number?": "99999"})
    told, covered = judged(district)
    assert not [f for f in told if f.rule == "XRG-004"]
    assert [c.verdict for c in covered if c.rule == "XRG-004" and c.subject] == ["could_not_run"]


@pytest.mark.parametrize(
    ("member", "holder", "said"),
    [
        ("何雪", "", ("warning", "none")),  # declared as husband and wife
        ("", "林晓", ("warning", "none")),  # both rows name the holder, and he is one of them
        ("", "", (None, None)),
        ("程海", "", (None, None)),
    ],
)
def test_one_account_of_two_people_is_explained_by_a_household_or_a_holder(
    district: District, member: str, holder: str, said: tuple[str | None, str | None]
) -> None:
    couple = [{"name": "林晓", "id_tail": ONE[-4:]}, {"name": "何雪", "id_tail": TWO[-4:]}]
    account = {"account_no": "6212345678901234569", "aid_type": "大病帮困", "fund": "区教育工会"}
    held = {"account_name": holder} if holder else {}
    applied(district, "YL001", {"name": "林晓", "id_number": ONE}, {"name": "何雪", "id_number": TWO})
    rows = [{"staff_name": "林晓", "staff_id_tail": ONE[-4:], "member_name": member, "relation": "配偶"}]
    if member:
        district.send("YL001", district.table("F1.members", rows))
    paid = district.table("F3.payments", [{"seq": i, **account, **held, **p} for i, p in enumerate(couple, 1)])
    district.send("YL001", paid)
    assert [(f.severity, f.holds) for f in found(district, "SHT-021")] == [said]
