"""Which rows are compared at all: never too many, never too few."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from pipeline.people import LIKELY, SURE, Person, Tables, link
from pipeline.people.blocking import candidates, groups, slips
from pipeline.people.forms import account, known_people, phones
from pipeline.people.numbers import number_form

from .conftest import valid

FIRST = date(1955, 1, 1)


def namesakes(n: int) -> list[Person]:
    """So many people of one name, born on different days, one number wrong."""
    made = []
    for i in range(n):
        number = valid(f"790101{FIRST + timedelta(days=i):%Y%m%d}{i % 900 + 1:03d}")
        made.append(Person(f"{i:05d}", "张伟", number, phone=f"10{i:09d}", unit=f"U{i % 90}"))
    return made


def test_a_common_name_brings_no_pairs(tables: Tables) -> None:
    known = known_people(namesakes(3000), tables)
    turned = sum(1 for k in known if k.born[0][6:] <= "12") / 2  # day and month may stand the other way round
    assert len(candidates(known, 40, 4).pairs) <= turned


def test_a_common_name_without_numbers_stays_small(tables: Tables) -> None:
    """The worst case: nothing but the name; said as too common, not compared."""
    people = [Person(f"{i:04d}", "张伟", unit="甲") for i in range(500)]
    found = candidates(known_people(people, tables), 40, 4)
    assert not found.pairs
    assert sum(found.crowded.values()) >= 500


def test_a_telephone_of_a_whole_school_is_joined_with_a_second_clue(tables: Tables) -> None:
    people = [Person(f"{i:04d}", f"王{chr(0x4E00 + i)}", phone="57312345") for i in range(100)]
    people.append(Person("x", "王" + chr(0x4E00 + 7), phone="57312345", unit="乙"))
    links = link(people, tables)
    assert ("0007", "x") in {p.keys for p in links.pairs}
    assert ("phone 57312345", 101) in links.crowded


def test_two_hundred_rows_of_one_person_hang_together(tables: Tables) -> None:
    people = [Person(f"{i:03d}", "张伟", valid("79010119850312402"), unit=f"U{i}") for i in range(200)]
    (case,) = link(people, tables).cases
    assert len(case.people) == 200
    assert len(case.pairs) < 200 * 40


def test_rows_that_are_all_alike_stay_near_linear(tables: Tables) -> None:
    """A hostile sheet: one name, one birth date, one telephone, one account, no number."""
    people = [
        Person(f"{i:05d}", "张伟", "", "", "57312345", "6200990000000000001", born=date(1900, 1, 1), unit=f"U{i}")
        for i in range(3000)
    ]
    assert len(candidates(known_people(people, tables), 40, 4).pairs) < 3000


def test_registers_are_not_compared_with_themselves(tables: Tables) -> None:
    number = valid("79010119850312402")
    people = [Person("a", "张伟", number, kind="R2"), Person("b", "张伟", number, kind="R3")]
    assert not link(people, tables, subjects={"F1"}).pairs
    people.append(Person("c", "张伟", number, kind="F1"))
    assert [p.keys for p in link(people, tables, subjects={"F1"}).pairs] == [("a", "c"), ("b", "c")]


def test_two_rows_with_one_key_are_our_mistake(tables: Tables) -> None:
    with pytest.raises(ValueError, match="two persons"):
        link([Person("a", "张伟"), Person("a", "李娜")], tables)


def test_slips_hold_every_number_one_slip_away() -> None:
    number = number_form(valid("79010119850312402"))
    near = slips(number)
    stem = number.digits[:17]
    assert len(near) <= 1 + 17 * 9 + 16 + 1
    assert stem[:3] + "9" + stem[4:] in near
    assert stem[:8] + stem[9] + stem[8] + stem[10:] in near
    assert stem[:10] + stem[12:14] + stem[10:12] + stem[14:] in near


def test_a_wrong_number_finds_its_owner_under_any_name(tables: Tables) -> None:
    """Name, telephone and account all new, only the number is one slip away: still looked at."""
    number = valid("79010119850312402")
    people = [
        Person("a", "张伟", number),
        Person("b", "赵丽", number[:16] + str((int(number[16]) + 1) % 10) + number[17]),
    ]
    found = candidates(known_people(people, tables), 40, 4)
    assert len(found.pairs) == 1
    assert all(p.grade not in (SURE, LIKELY) for p in link(people, tables).pairs)


def test_groups_are_only_those_that_two_share() -> None:
    assert groups([("a", 1), ("b", 2), ("a", 3), ("a", 3)]) == {"a": [1, 3]}


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ("13800138000", ("13800138000",)),
        ("+86 138-0013-8000", ("13800138000",)),
        ("13800138000.0", ("13800138000",)),
        ("021-57312345、13800138000", ("02157312345", "13800138000")),
        ("无", ()),
        ("11111111111", ()),
        ("", ()),
    ],
)
def test_telephones(raw: str, found: tuple[str, ...]) -> None:
    assert phones(raw) == found


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ("6200 9900 0000 0000 001", "6200990000000000001"),
        ("6.20099E+18", ""),
        ("000000000000", ""),
        ("现金", ""),
    ],
)
def test_accounts(raw: str, found: str) -> None:
    assert account(raw) == found
