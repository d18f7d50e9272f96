"""What the office wrote in its workbooks in; the decisions in force, and those that contradict each other, out (contract.md 3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from pipeline.book.spec import Book
from pipeline.model import Arrival, Decision, Document, Finding, Row, Season, Table
from pipeline.office import lay_office

DAY, NEXT = date(2019, 12, 17), date(2019, 12, 18)
FILE = "a1b2c3d4e5f6"


def laid(
    book: Book, season: Season, rows: Sequence[Mapping[str, Any]], sheet: str = "待核查.其他决定"
) -> tuple[list[Decision], list[Finding]]:
    """The rows of one decision sheet, saved on the 19th; a register of two units stands beside it."""
    units = [
        {"unit_code": "YL001", "full_name": "样例第一小学", "short_name": "样例一小"},
        {"unit_code": "YL002", "full_name": "样例第二中学"},
    ]
    files = [
        _file("_district/R1.xlsx", "R1", units, book, "register"),
        _file("_decisions/d.xlsx", sheet, rows, book, "decision"),
    ]
    office, found = lay_office(files, book, season)
    return list(office.decisions), list(found)


def _file(path: str, name: str, rows: Sequence[Mapping[str, Any]], book: Book, area: str) -> tuple[Arrival, Document]:
    register = book.registers[name]
    columns = {f.name: i for i, f in enumerate(register.resource.active, 1)}
    made = tuple(
        Row(n, {k: v for k, v in r.items() if v is not None}, {k: str(v) for k, v in r.items()})
        for n, r in enumerate(rows, 3)
    )
    table = Table(name, register.resource.name, register.title, (2, 2), columns, {}, made)
    arrival = Arrival(path, path, date(2019, 12, 19), 1, area, order=1 if area == "register" else 2)
    return arrival, Document(path, path, 1, "xlsx", "readable", tables=(table,))


def line(number: int, kind: str, target: str = FILE, on: date | None = DAY, **more: Any) -> dict[str, Any]:
    return {"number": f"QT1-{number:02}", "kind": kind, "target": target, "on": on, **more}


@pytest.mark.parametrize(
    ("lines", "in_force", "clashes"),
    [
        ([line(1, "撤回")], ["撤回"], 0),
        ([line(1, "撤回"), line(2, "撤回")], ["撤回"], 0),  # twice the same is no contradiction
        ([line(1, "替换"), line(2, "追加（补报）")], [], 1),
        ([line(1, "替换"), line(2, "追加（补报）", on=NEXT)], ["追加（补报）"], 0),
        ([line(1, "认领", unit="YL001"), line(2, "认领", unit="YL002")], [], 1),
        ([line(1, "认领", unit="YL001"), line(2, "认领", unit="样例一小")], ["认领"], 0),  # the same unit by another name
        ([line(1, "认领", unit="YL001"), line(2, "替换")], ["认领", "替换"], 0),  # two questions about one file
        ([line(1, "同一人"), line(2, "非同一人")], [], 1),
        ([line(1, "替换"), line(2, "替换", target="0" * 12)], ["替换", "替换"], 0),
        ([line(1, "替换", revoked=True)], [], 0),
        ([line(1, "替换"), line(2, "追加（补报）", revoked=True)], ["替换"], 0),
        ([line(1, "同意迟报", "F1", unit="YL001"), line(2, "同意迟报", "F1", unit="YL002")], ["同意迟报", "同意迟报"], 0),
        ([line(1, "替换", on=None), line(2, "追加（补报）")], ["替换"], 0),  # undated: the day its file came, the 19th
        ([line(1, "", "")], [], 0),
    ],
)  # fmt: skip
def test_decisions_in_force(
    book: Book, season: Season, lines: list[dict[str, Any]], in_force: list[str], clashes: int
) -> None:
    decided, found = laid(book, season, lines)
    assert [d.kind for d in decided] == in_force
    assert [f.rule for f in found] == ["WBK-025"] * clashes


@pytest.mark.parametrize(
    ("one", "two", "in_force", "clashes"),
    [
        (("同一人", DAY), ("非同一人", DAY), [], 1),
        (("非同一人", DAY), ("同一人", DAY), [], 1),
        (("同一人", NEXT), ("非同一人", DAY), ["同一人"], 0),  # the later day, whichever file came last
        (("同一人", DAY), ("非同一人", NEXT), ["非同一人"], 0),
        (("同一人", DAY), ("同一人", NEXT), ["同一人"], 0),
        (("同一人", DAY), ("非同一人", None), ["非同一人"], 0),  # undated: the day it came
        (("同一人", DAY), ("", DAY), ["同一人"], 0),
    ],
)  # fmt: skip
def test_two_officers_fill_in_the_same_prepared_line(
    book: Book,
    season: Season,
    one: tuple[str, date | None],
    two: tuple[str, date | None],
    in_force: list[str],
    clashes: int,
) -> None:
    """Numbers are prepared, so that both lines bear one: no file's name and no order of arrival decides."""
    rows = [{"number": "CF-1", "kind": kind, "target": FILE, "on": on} for kind, on in (one, two)]
    files = [
        _file(f"_decisions/{n}.xlsx", "待核查.重复", [r], book, "decision") for n, r in zip("甲乙", rows, strict=True)
    ]
    for order in (1, -1):
        arrived = [(replace(a, order=2 + n), d) for n, (a, d) in enumerate(files[::order])]
        office, found = lay_office(arrived, book, season)
        assert [d.kind for d in office.decisions] == in_force
        assert [f.rule for f in found] == ["WBK-025"] * clashes


def test_a_workbook_saved_again_repeats_nothing(book: Book, season: Season) -> None:
    rows = [{"number": f"CF-{n}", "kind": "同一人", "target": FILE[:-1] + str(n), "on": DAY} for n in (1, 2)]
    again = [
        (replace(a, order=n, sha256=str(n)), d)
        for n, (a, d) in enumerate([_file("_decisions/d.xlsx", "待核查.重复", rows, book, "decision")] * 2, 2)
    ]
    office, found = lay_office(again, book, season)
    assert len(office.decisions) == 2 and found == ()


@pytest.mark.parametrize(
    ("sheet", "row", "kinds"),
    [
        # as the night prepared it: nobody has decided anything yet
        ("待核查.文件认领", {"number": "RL-1", "kind": "认领", "target": FILE, "preview": "表"}, []),
        ("待核查.文件认领", {"number": "RL-1", "kind": "认领", "target": FILE, "unit": "YL001"}, ["认领"]),
        ("待核查.文件认领", {"number": "RL-1", "kind": "撤回", "target": FILE}, ["撤回"]),
        ("待核查.重复", {"number": "CF-1", "target": FILE}, []),
        ("待核查.重复", {"number": "CF-1", "kind": "同一人", "target": FILE}, ["同一人"]),
        ("待核查.重复", {"number": "CF-1", "kind": "非同一人", "target": FILE}, ["非同一人"]),
        ("待核查.去向", {"number": "QX-1", "kind": "去向", "target": FILE, "name": "李某"}, []),
        ("待核查.去向", {"number": "QX-1", "kind": "去向", "target": FILE, "name": "李某", "destination": "调离"}, ["去向"]),
        ("待核查.版本", {"number": "BB-1", "target": FILE}, []),
        ("待核查.版本", {"number": "BB-1", "kind": "采用某版本", "target": FILE}, ["采用某版本"]),
        ("发送清单", {"number": "S1-YL001", "target": FILE}, []),
        ("发送清单", {"number": "S1-YL001", "target": FILE, "sent_on": DAY}, ["已发送"]),
    ],
)  # fmt: skip
def test_a_prepared_line_decides_nothing_until_somebody_writes_on_it(
    book: Book, season: Season, sheet: str, row: dict[str, Any], kinds: list[str]
) -> None:
    assert [d.kind for d in laid(book, season, [row], sheet)[0]] == kinds


def test_slips_of_one_file_are_lines_of_their_own(book: Book, season: Season) -> None:
    rows = [{"number": f"SD-{n}", "kind": "单据已收", "target": f"yl001-{n}", "delivered": DAY} for n in (1, 2)]
    assert [d.number for d in laid(book, season, rows, "待核查.收单登记")[0]] == ["SD-1", "SD-2"]


def test_a_decision_keeps_what_else_its_line_says(book: Book, season: Season) -> None:
    row = {"number": "QX-1", "kind": "去向", "target": FILE, "name": "李某", "id_tail": "0014", "destination": "调离"}
    ((decision,), _) = laid(book, season, [row], "待核查.去向")
    assert decision.extra == {"name": "李某", "id_tail": "0014", "destination": "调离"}
    assert replace(decision, extra={}).on == date(2019, 12, 19)
