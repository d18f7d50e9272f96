"""Numbers of cases over the nights: given once, kept through merging, splitting and sleeping."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.people.numbering import Numbered, numbered


def nights(*seen: list[set[str]]) -> list[Numbered]:
    out: list[Numbered] = []
    for groups in seen:
        last = out[-1] if out else Numbered()
        out.append(numbered(groups, last.cases, last.merged))
    return out


def test_numbers_are_given_in_order_and_kept() -> None:
    first, second = nights([{"a", "b"}, {"c", "d"}], [{"c", "d"}, {"x", "y"}, {"a", "b", "e"}])
    assert first.numbers == (1, 2)
    assert second.numbers == (2, 3, 1)
    assert second.cases == {1: ("a", "b", "e"), 2: ("c", "d"), 3: ("x", "y")}


def test_the_oldest_lives_when_cases_merge() -> None:
    *_, merged, later = nights([{"a", "b"}, {"c", "d"}], [{"a", "b", "c", "d"}], [{"c", "d", "f"}, {"g", "h"}])
    assert merged.numbers == (1,) and merged.merged == {2: 1}
    assert later.numbers == (1, 3)  # 2 is never given again


def test_chains_of_merging_end_at_the_living_one() -> None:
    *_, last = nights(
        [{"a", "b"}, {"c", "d"}, {"e", "f"}], [{"a", "b"}, {"c", "d", "e", "f"}], [{"a", "b", "c", "d", "e", "f"}]
    )
    assert last.merged == {2: 1, 3: 1}


def test_the_part_with_the_oldest_member_keeps_the_number() -> None:
    _, grown, split = nights([{"b", "c"}], [{"a", "b", "c", "d"}], [{"a", "d"}, {"b", "c"}])
    assert grown.cases == {1: ("b", "c", "a", "d")}
    assert split.numbers == (2, 1)
    assert split.cases == {1: ("b", "c"), 2: ("a", "d")}


def test_a_case_nobody_sees_sleeps() -> None:
    *_, awake = nights([{"a", "b"}], [], [{"x", "y"}, {"a", "b"}])
    assert awake.numbers == (2, 1)


@given(st.lists(st.lists(st.sets(st.sampled_from("abcdefgh"), min_size=2, max_size=4), max_size=3), max_size=5))
def test_no_number_is_given_twice_and_none_is_lost(seen: list[list[set[str]]]) -> None:
    given_before: set[int] = set()
    last = Numbered()
    for groups in seen:
        taken: set[str] = set()
        apart = [g for g in groups if not g & taken and not taken.update(g)]
        last = numbered(apart, last.cases, last.merged)
        assert len(set(last.numbers)) == len(apart)
        assert given_before <= last.cases.keys() | last.merged.keys()
        assert not last.cases.keys() & last.merged.keys()
        assert all(end in last.cases for end in last.merged.values())
        given_before = {*last.cases, *last.merged}
