"""The life of findings (contract.md 3 "Finding id", "Life"; season.md 4 flood brake): nights of findings in, ids, statuses and numbers out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.book.spec import Book
from pipeline.model import Finding, Life, Past, Row, Table
from pipeline.settling import Tonight, active, floods, settle

from .making import IDS

SECRET = b"0" * 32
FIRST = date(2019, 12, 16)
NAMES = ("name", "id_number", "mobile", "aid_type")


def table(people: Sequence[str], start: int = 3) -> Table:
    """申报表 with these people from Excel row `start` on."""
    rows = tuple(
        Row(n, {"name": p, "id_number": IDS[p], "aid_type": "大病帮困"}, {"name": p})
        for n, p in enumerate(people, start)
    )
    return Table("F1", "applications", "申报表", (2, 2), {n: i for i, n in enumerate(NAMES, 1)}, {}, rows)


def on_row(number: int, rule: str = "CEL-001", **more: object) -> Finding:
    return replace(
        Finding(rule, "YL001", "F1", "applications", "a.xlsx", sheet="申报表", row=number, col=3, field="mobile"),
        **more,
    )


class Home:
    """Nights in a row: each is given its findings and tables, and remembers what the ledger would."""

    def __init__(self, book: Book) -> None:
        self.book, self.past, self.night = book, Past(), 0
        self.shown: Mapping[str, Mapping[str, object]] = {}

    def settle(self, findings: Sequence[Finding], *tables: Table) -> tuple[Finding, ...]:
        self.night += 1
        day = FIRST + timedelta(days=self.night)
        settled = settle(
            findings,
            [("a.xlsx", t) for t in tables],
            self.book,
            Tonight(self.night, day, SECRET, self.past, self.shown),
        )
        lives = dict(self.past.lives)
        for f in settled:
            assert f.first_seen is not None and f.last_seen is not None and f.number is not None
            lives[f.id] = Life(f.first_seen, f.last_seen, f.status != "fixed", f.number, f.unit or "")
        self.past = Past(night=self.night, as_of=day, lives=lives)
        self.shown = {
            f.id: {"rule": f.rule, "unit": f.unit, "file": f.file, "severity": f.severity, "message": f.message}
            for f in settled
        }
        return settled


@pytest.fixture
def home(book: Book) -> Home:
    return Home(book)


def test_a_finding_lives_new_persisting_fixed_reopened_persisting(home: Home) -> None:
    """
    | night | there | status              |
    | 1     | yes   | new                 |
    | 2     | yes   | persisting          |
    | 3     | no    | fixed, told once    |
    | 4     | no    | nothing             |
    | 5     | yes   | reopened            |
    | 6     | yes   | persisting          |
    """
    told = [[f.status for f in home.settle([on_row(3)] if there else [], table("甲"))] for there in (1, 1, 0, 0, 1, 1)]
    assert told == [["new"], ["persisting"], ["fixed"], [], ["reopened"], ["persisting"]]


def test_id_and_number_stay_when_the_row_moves_and_first_seen_stays_the_first_night(home: Home) -> None:
    (before,) = home.settle([on_row(3)], table("甲乙"))
    (after,) = home.settle([on_row(4)], table("丙甲乙"))
    assert (after.id, after.number, after.status, after.cell) == (before.id, 1, "persisting", "C4")
    assert after.first_seen == before.first_seen == (1, "2019-12-17")
    assert after.last_seen == (2, "2019-12-18")


def test_the_same_row_number_of_somebody_else_is_another_finding(home: Home) -> None:
    (before,) = home.settle([on_row(3)], table("甲"))
    told = {f.status: f for f in home.settle([on_row(3)], table("乙"))}
    assert told["fixed"].id == before.id != told["new"].id
    assert (told["fixed"].number, told["new"].number) == (1, 2)


def test_numbers_are_counted_per_unit_and_never_given_twice(home: Home) -> None:
    def told(*units: str) -> list[tuple[str, int | None]]:
        return [
            (f.unit or "", f.number)
            for f in home.settle([on_row(3, unit=u, key=u + str(i)) for i, u in enumerate(units)])
        ]

    assert told("YL001", "YL002", "YL001") == [("YL001", 1), ("YL001", 2), ("YL002", 1)]
    home.settle([])
    assert sorted(told("YL001", "YL001", "YL001", "YL002")) == [("YL001", 1), ("YL001", 2), ("YL001", 3), ("YL002", 2)]


def test_equal_keys_are_told_apart_by_their_order(home: Home) -> None:
    twice = [on_row(3, facts={"n": "1"}, key="k"), on_row(3, facts={"n": "2"}, key="k")]
    first, second = home.settle(twice)
    assert first.id != second.id
    assert {f.id for f in home.settle(twice)} == {first.id, second.id}


def test_what_two_rooms_noticed_alike_is_one_finding(home: Home) -> None:
    assert len(home.settle([on_row(3), on_row(3)], table("甲"))) == 1


def test_a_row_of_the_economy_sheet_is_known_by_the_person_it_belongs_to(home: Home) -> None:
    def economy(names: str) -> Table:
        rows = tuple(Row(n, {"seq": n - 2, "name": p}, {"name": p}) for n, p in enumerate(names, 3))
        return Table("F1", "economy", "家庭经济", (2, 2), {"seq": 1, "name": 2, "medical_cost_year": 3}, {}, rows)

    at = {"resource": "economy", "sheet": "家庭经济", "field": "medical_cost_year"}
    (before,) = home.settle([on_row(3, **at)], table("甲乙"), economy("甲乙"))
    (after,) = home.settle([on_row(4, **at)], table("乙甲"), economy("乙甲"))
    assert (after.id, after.status) == (before.id, "persisting")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({}, {"rule": "CEL-002"}, False),
        ({}, {"unit": "YL002"}, False),
        ({}, {"field": "name"}, False),
        ({}, {"sheet": "另一页"}, False),
        ({}, {"file": "b.xlsx"}, True),  # the file a person stands in may change its name
        ({}, {"row": 9}, True),
        ({}, {"value": "x", "severity": "warning"}, True),
        ({"key": None, "row": None, "field": None}, {"key": None, "row": None, "field": None, "file": "b.xlsx"}, False),
    ],
)  # fmt: skip
def test_what_an_id_is_made_of(home: Home, one: dict, other: dict, same: bool) -> None:
    a, b = on_row(3, key="k", **one) if "key" not in one else on_row(3, **one), on_row(3, **{"key": "k", **other})
    ids = {f.id for f in home.settle([a])} | {f.id for f in Home(home.book).settle([b])}
    assert (len(ids) == 1) is same


def test_another_home_gives_other_ids(book: Book) -> None:
    (mine,) = settle([on_row(3)], [], book, Tonight(1, FIRST, SECRET, Past()))
    (theirs,) = settle([on_row(3)], [], book, Tonight(1, FIRST, b"1" * 32, Past()))
    assert mine.id != theirs.id and len(mine.id) == 12


def test_a_fixed_finding_is_told_in_the_words_last_shown(home: Home) -> None:
    (before,) = home.settle([on_row(3, rule="WBK-007", facts={"why": "内部数据损坏"}, key="")])
    (fixed,) = home.settle([])
    assert (fixed.message, fixed.rule, fixed.unit, fixed.file, fixed.holds) == (
        before.message,
        "WBK-007",
        "YL001",
        "a.xlsx",
        "none",
    )
    assert "内部数据损坏" in fixed.message
    assert not active(fixed)


@given(st.permutations(range(6)))
def test_findings_come_in_one_order_whatever_order_they_were_noticed_in(book: Book, order: list[int]) -> None:
    made = [
        on_row(3 + i % 3, unit=["YL002", "YL001"][i % 2], file=["b.xlsx", "a.xlsx"][i // 3], key=str(i))
        for i in range(6)
    ]
    told = settle([made[i] for i in order], [], book, Tonight(1, FIRST, SECRET, Past()))
    assert [(f.unit, f.file, f.row) for f in told] == sorted((f.unit, f.file, f.row) for f in told)
    assert [f.number for f in told] == [1, 2, 3, 1, 2, 3]


@pytest.mark.parametrize(
    ("rule", "hit", "due", "released", "braked"),
    [
        ("CAL-001", 4, 10, (), True),
        ("CAL-001", 3, 10, (), False),  # more than 30 %
        ("CAL-001", 4, 9, (), False),  # from ten due units on
        ("CAL-001", 31, 100, (), True),
        ("CAL-001", 4, 10, ("CAL-001",), False),
        ("XRG-003", 4, 10, (), True),
        ("CEL-001", 10, 10, (), False),  # a cell is the school's own business
    ],
)  # fmt: skip
def test_flood_brake(book: Book, rule: str, hit: int, due: int, released: tuple[str, ...], braked: bool) -> None:
    found = [on_row(3, rule=rule, unit=f"YL{n:03}", status="new") for n in range(hit)]
    assert floods(found, book, due, frozenset(released)) == ({rule: hit} if braked else {})
    assert floods([replace(f, status="fixed") for f in found], book, due, frozenset()) == {}
