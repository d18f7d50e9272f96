"""Two rows of a key and moves in a circle: the list's own faults, told at their cells, and which row counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pytest

from pipeline.book.spec import Book
from pipeline.model import Finding, Office, Season
from pipeline.office import lay_office
from tests.arranging.test_decisions import _file, laid, line

DAY, NEXT = date(2019, 12, 2), date(2019, 12, 3)


def office(
    book: Book, season: Season, *sheets: tuple[str, Sequence[Mapping[str, Any]]]
) -> tuple[Office, list[Finding]]:
    files = [_file(f"_district/{i}.xlsx", name, rows, book, "register") for i, (name, rows) in enumerate(sheets)]
    made, found = lay_office(files, book, season)
    return made, list(found)


def unit(code: str, name: str) -> dict[str, Any]:
    return {"unit_code": code, "full_name": name}


def test_the_later_of_two_rows_counts_in_the_place_of_the_first(book: Book, season: Season) -> None:
    made, (told,) = office(book, season, ("R1", [unit("A1", "甲小学"), unit("B2", "乙小学"), unit("A1", "甲校")]))
    assert [(u.code, u.name) for u in made.units] == [("A1", "甲校"), ("B2", "乙小学")]
    assert (told.rule, told.row, told.facts["r1"], told.facts["r2"]) == ("WBK-032", 5, "3", "5")
    assert [p.cell for p in told.related] == ["A3"]
    assert "甲" not in "".join(told.facts.values())


def test_a_list_that_came_again_is_no_repetition(book: Book, season: Season) -> None:
    people = [{"name": "林晓", "id_number": "440308199901101512", "unit_code": "A1"}]
    made, found = office(book, season, ("R2", people), ("R2", [{**people[0], "name": "林小"}]))
    assert found == []
    assert [r.get("name") for r in made.registers["R2"].rows] == ["林小"]


def test_equal_payments_of_one_statement_are_several(book: Book, season: Season) -> None:
    paid = {"txn_date": DAY, "amount": 50000, "payer_name": "甲小学", "memo": "捐款"}
    made, found = office(book, season, ("R4", [paid, paid]))
    assert found == [] and len(made.registers["R4"].rows) == 2


def move(a: str, b: str, on: date = DAY, name: str = "林晓") -> dict[str, Any]:
    return {"name": name, "id_tail": "1512", "unit_code": a, "event": "调出", "date": on, "to_unit": b}


@pytest.mark.parametrize(
    ("moves", "left", "told"),
    [
        ([move("A", "B"), move("B", "A")], 0, [("WBK-033", "3、4")]),
        ([move("A", "B"), move("B", "C"), move("C", "A")], 0, [("WBK-033", "3、4、5")]),
        ([move("A", "B"), move("B", "A", NEXT)], 2, []),
        ([move("A", "B"), move("B", "A", name="何雪")], 2, []),
        ([move("A", "A")], 1, []),
        ([move("A", "B"), move("B", "C")], 1, [("WBK-032", "4")]),  # one person, one day, one event: the later row
    ],
)
def test_moves_in_a_circle_are_not_used(
    book: Book, season: Season, moves: list[dict[str, Any]], left: int, told: list[tuple[str, str]]
) -> None:
    made, found = office(book, season, ("R6", moves))
    assert len(made.registers["R6"].rows) == left
    assert [(f.rule, f.facts.get("rows") or f.facts["r2"]) for f in found] == told


def test_one_number_for_two_lines_swallows_neither(book: Book, season: Season) -> None:
    lines = [line(1, "撤回"), line(1, "撤回", target="0" * 12), line(2, "撤回", target="1" * 12)]
    decided, found = laid(book, season, lines)
    assert sorted(d.target for d in decided) == ["0" * 12, "1" * 12, "a1b2c3d4e5f6"]
    assert [(f.rule, f.row, f.facts["which"]) for f in found] == [("WBK-032", 4, "两行分别执行，请改为不同的编号")]


EXCEPTION = {"kind": "例外", "approver": "周某某", "on": DAY}


def test_exceptions_of_several_rules_and_units_are_several_questions(book: Book, season: Season) -> None:
    lines = [
        {**EXCEPTION, "number": str(i), "rule_id": rule, "unit_code": code}
        for i, (rule, code) in enumerate([("CEL-001", "YL001"), ("CEL-001", "YL002"), ("CEL-002", "YL001")])
    ]
    decided, found = laid(book, season, lines, "R9")
    assert [(d.rule, d.unit) for d in decided] == [("CEL-001", "YL001"), ("CEL-001", "YL002"), ("CEL-002", "YL001")]
    assert found == []
