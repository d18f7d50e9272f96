"""What holds for any people: order does not matter, nobody is their own double, twins and namesakes are left alone."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.people import HINT, SURE, Person, Tables, cases, link

from .conftest import valid

SURNAMES, GIVEN = "王李张单欧", ["伟", "芳", "建国", "建军", "静", "晴", "阿丽", "国建", "己", "已"]
NAMES = st.builds(lambda s, g: s + g, st.sampled_from(SURNAMES), st.sampled_from(GIVEN))
BORN = st.sampled_from([date(1970, 1, 2), date(1970, 2, 1), date(1970, 1, 3), date(1985, 3, 12)])
NUMBERS = st.builds(lambda d, s: valid(f"790101{d:%Y%m%d}{s:03d}"), BORN, st.integers(121, 124))
SPOILT = st.one_of(
    NUMBERS,
    NUMBERS.map(lambda n: n[:6] + n[8:17]),
    NUMBERS.map(lambda n: n[:15] + "000"),
    NUMBERS.map(lambda n: n[:13] + "9" + n[14:]),
    NUMBERS.map(lambda n: n[:15] + n[16] + n[15] + n[17]),
    st.just(""),
    st.just("无"),
)
SIDES = {"a": "b", "b": "a"}
PEOPLE = st.lists(
    st.builds(
        Person,
        key=st.just(""),
        name=NAMES,
        number=SPOILT,
        phone=st.sampled_from(["", "", "10123456789", "10123456798"]),
        account=st.sampled_from(["", "6200990000000000001", "6200990000000000002"]),
        born=st.one_of(st.none(), BORN),
        unit=st.sampled_from("甲乙"),
        sheet=st.sampled_from(["表一", "表二"]),
        row=st.integers(5, 9),
    ),
    max_size=12,
).map(lambda rows: [replace(p, key=f"{i:02d}") for i, p in enumerate(rows)])


@settings(max_examples=150, deadline=None)
@given(PEOPLE, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(tables: Tables, people: list[Person], chance: object) -> None:
    shuffled = list(people)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert link(people, tables) == link(shuffled, tables)


@settings(max_examples=150, deadline=None)
@given(PEOPLE)
def test_which_of_two_comes_first_does_not_matter(tables: Tables, people: list[Person]) -> None:
    """The same rows under keys that sort the other way round."""
    mirrored = [replace(p, key=f"{99 - int(p.key)}") for p in people]
    there = {p.keys: (p.level, p.grade, p.score, p.wrong) for p in link(people, tables).pairs}
    back = {
        (f"{99 - int(p.b.key):02d}", f"{99 - int(p.a.key):02d}"): (
            p.level,
            p.grade,
            p.score,
            SIDES.get(p.wrong, p.wrong),
        )
        for p in link(mirrored, tables).pairs
    }
    assert there == back


@settings(max_examples=150, deadline=None)
@given(PEOPLE)
def test_pairs_are_of_two_rows_once_each_and_cases_hold_each_pair_once(tables: Tables, people: list[Person]) -> None:
    links = link(people, tables)
    counted = Counter(p.keys for p in links.pairs)
    assert all(n == 1 for n in counted.values())
    assert all(a < b for a, b in counted)
    assert Counter(p.keys for case in links.cases for p in case.pairs) == counted
    firm = [key for case in cases([p for p in links.pairs if p.grade != HINT]) for key in case.people]
    assert len(firm) == len(set(firm))
    for pair in links.pairs:
        assert pair.says
        assert all(len(d) < 3 for d in "".join(c if c.isdigit() else " " for c in pair.says).split())


@settings(max_examples=150, deadline=None)
@given(PEOPLE)
def test_names_alone_never_rise_above_a_hint(tables: Tables, people: list[Person]) -> None:
    bare = [Person(p.key, p.name) for p in people]
    assert all(p.grade == HINT for p in link(bare, tables).pairs)


@settings(max_examples=150, deadline=None)
@given(PEOPLE)
def test_only_equal_numbers_are_certain(tables: Tables, people: list[Person]) -> None:
    for pair in link(people, tables).pairs:
        if pair.grade == SURE:
            assert pair.level == "M1"
            assert pair.parts[0].level == "same"


@settings(deadline=None)
@given(BORN, st.integers(1, 997), st.sampled_from(GIVEN), st.sampled_from(GIVEN), st.booleans(), st.booleans())
def test_twins_are_never_one_person(
    tables: Tables, born: date, sequence: int, one: str, other: str, phone: bool, account: bool
) -> None:
    """Same surname and birth date, numbers one apart, both valid; whatever they share."""
    if one == other:
        return
    shared = ("10123456789" if phone else "", "6200990000000000001" if account else "")
    twins = [
        Person(
            key, "王" + name, valid(f"790101{born:%Y%m%d}{n:03d}"), "", *shared, "", born, "甲", "F1", "表一", n % 90
        )
        for key, name, n in (("a", one, sequence), ("b", other, sequence + 1))
    ]
    assert all(p.grade == HINT for p in link(twins, tables).pairs)


@settings(deadline=None)
@given(NUMBERS, NUMBERS, NAMES, BORN)
def test_namesakes_of_one_birth_date_with_two_valid_numbers_are_a_hint(
    tables: Tables, one: str, other: str, name: str, born: date
) -> None:
    if one == other or one[6:14] != other[6:14] or one[:15] == other[:15]:
        return
    (pair,) = link([Person("a", name, one), Person("b", name, other)], tables).pairs
    assert (pair.level, pair.grade, pair.note) == ("M3", HINT, "namesake")
