"""Sums: what a total row may say, 全校 beside its departments, sheets in another unit; the lines only a school can fill."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pipeline.book.spec import Book
from pipeline.model import Checked, Finding, Table

from .conftest import Checker, means, person, table

CHANNELS = ("ch_union_day", "ch_red_cross", "ch_charity", "ch_elderly", "ch_army", "ch_education")


def gift(dept: str, each: int, **more: Any) -> dict[str, Any]:
    """A row of 募捐汇总: the same fen through each channel."""
    row = {"dept": dept, "headcount": 20, "donors": 20, **dict.fromkeys(CHANNELS, each), "total": each * 6}
    return {k: v for k, v in {**row, "keeper": "方远", "roster_kept": True, **more}.items() if v is not None}


def with_totals(spec: Table, *at: int) -> Table:
    """The rows numbered `at` are total rows."""
    totals = tuple(r for r in spec.rows if r.number in at)
    return replace(spec, rows=tuple(r for r in spec.rows if r.number not in at), totals=totals)


def said(checked: Checked, *rules: str) -> list[tuple[str, int | None, str | None]]:
    return [(f.rule, f.row, f.severity) for f in checked.findings if f.rule in rules]


@pytest.mark.parametrize(("whole", "severity"), [(2000, None), (2100, None), (4000, "warning"), (900, "warning")])
def test_the_whole_school_beside_its_departments(
    checker: Checker, book: Book, whole: int, severity: str | None
) -> None:
    rows = [gift("全校", whole), gift("语文组", 900), gift("数学组", 1100)]
    checked = checker.run({"甲.xlsx": [table("donations", rows, book, "F2")]})
    assert said(checked, "SHT-024") == [("SHT-024", 3, severity)]
    assert [f.rows for f in checked.findings if f.rule == "SHT-024"] == [(3,)]


def test_departments_alone_or_the_school_alone_are_fine(checker: Checker, book: Book) -> None:
    files = {
        "甲.xlsx": [table("donations", [gift("语文组", 900), gift("数学组", 1100)], book, "F2")],
        "乙.xlsx": [table("donations", [gift("全校", 900)], book, "F2")],
    }
    assert said(checker.run(files), "SHT-024") == []


@pytest.mark.parametrize(("stated", "found"), [(60, False), (30, False), (50, True)])
def test_somebody_below_the_total_may_be_in_it_or_not(checker: Checker, book: Book, stated: int, found: bool) -> None:
    rows = [person(amount_requested=1000), person(amount_requested=2000), {"amount_requested": stated * 100}]
    spec = with_totals(table("applications", [*rows, person(amount_requested=3000)], book), 5)
    checked = checker.run({"甲.xlsx": [spec]})
    assert [f.facts["calc"] for f in checked.findings if f.rule == "SHT-010"] == (["60.00"] if found else [])


def test_people_are_not_printed_as_money(checker: Checker, book: Book) -> None:
    rows = [gift("语文组", 900), gift("数学组", 1100), {"headcount": 41}]
    checked = checker.run({"甲.xlsx": [with_totals(table("donations", rows, book, "F2"), 5)]})
    assert [(f.field, f.facts["calc"]) for f in checked.findings if f.rule == "SHT-010"] == [("headcount", "40")]


def test_an_unknown_channel_blocks_the_total_it_belongs_to(checker: Checker, book: Book) -> None:
    """合计 of the row is a blank formula: the total row is compared with the channels, and one of them cannot be read."""
    noticed = Finding("CEL-002", form="F2", file="甲.xlsx", sheet="汇总表", row=3, field="ch_elderly")
    row = {**gift("全校", 900, total=None, ch_elderly=None), "ch_elderly?": "—"}
    spec = with_totals(table("donations", [row, {"total": 5400}], book, "F2"), 4)
    checked = checker.run({"甲.xlsx": [spec]}, {"甲.xlsx": [noticed]})
    assert said(checked, "SHT-010") == []
    assert [c.verdict for c in checked.coverage if c.rule == "SHT-010" and "CEL-002" in c.why] == ["could_not_run"]
    known = with_totals(table("donations", [gift("全校", 900, total=None), {"total": 5400}], book, "F2"), 4)
    assert said(checker.run({"甲.xlsx": [known]}), "SHT-010") == []


@pytest.mark.parametrize("where", [{"sheet": "汇总表", "row": 1}, {"sheet": "封面", "row": 15, "holds": "file"}])
def test_sums_of_a_sheet_in_another_unit_are_not_judged(checker: Checker, book: Book, where: dict[str, Any]) -> None:
    noticed = Finding("SHT-016", form="F2", file="甲.xlsx", **where)
    spec = with_totals(table("donations", [gift("语文组", 3, total=19), {"total": 20}], book, "F2"), 4)
    assert said(checker.run({"甲.xlsx": [spec]}), "ROW-031", "SHT-010") == [("ROW-031", 3, None), ("SHT-010", 4, None)]
    held = checker.run({"甲.xlsx": [spec]}, {"甲.xlsx": [noticed]})
    assert said(held, "ROW-031", "SHT-010") == []
    assert {c.rule for c in held.coverage if c.verdict == "could_not_run" and "SHT-016" in c.why} >= {
        "ROW-031",
        "SHT-010",
    }


@pytest.mark.parametrize("seqs", [(1, 1, 2), (1, None, 2), (1, 2, 3)])
def test_a_copied_line_of_means_is_found_by_its_name(checker: Checker, seqs: tuple[int | None, ...]) -> None:
    """One person, two projects; the clerk copied the line of 家庭经济 with its 序号, or without."""
    other = {"name": "何雪", "id_number": "610104196209276908", "mobile": "13800138002"}
    people = [person(), person(seq=2, aid_type="临时救助"), person(seq=3, **other)]
    economy = [means(seq=s, name=n) for s, n in zip(seqs, ("林晓", "林晓", "何雪"), strict=True)]
    assert said(checker.run({"甲.xlsx": checker.f1(*people, economy=economy)}), "CEL-001", "SHT-025") == []


@pytest.mark.parametrize(
    ("names", "seqs", "row", "what"),
    [(("林晓", "林晓", "何雪"), (1, 1, 2), 4, "重复"), (("何雪", "方远"), (2, 3), 3, "另一人")],
)
def test_a_filled_line_that_is_not_the_persons_is_never_called_blank(
    checker: Checker, names: tuple[str, ...], seqs: tuple[int, ...], row: int, what: str
) -> None:
    other = person(seq=2, name="何雪", id_number="610104196209276908", mobile="13800138002")
    economy = [means(seq=s, name=n) for s, n in zip(seqs, names, strict=True)]
    checked = checker.run({"甲.xlsx": checker.f1(person(), other, economy=economy)})
    assert said(checked, "CEL-001", "SHT-025") == [("SHT-025", row, None)]
    found = next(f for f in checked.findings if f.rule == "SHT-025")
    assert (found.sheet, found.field, found.facts["r1"]) == ("家庭经济", "name", "3") and what in found.facts["what"]


def test_the_lines_only_the_school_can_fill_are_asked_for(checker: Checker, book: Book) -> None:
    """A blank is not a zero; a 更正数 is an answer, and what the office prefills may be blank."""
    rows = [
        {"code": "A02", "indicator": "其中：在职教职工", "confirmed": True},
        {"code": "G01", "indicator": "生活帮扶服务", "value": 0},
        {"code": "G02", "indicator": "心理疏导服务", "confirmed": True},
        {"code": "G03", "indicator": "资源链接服务", "correction": 3, "note": "漏填"},
    ]
    checked = checker.run({"甲.xlsx": [table("figures", rows, book, "F4")]})
    assert [(f.rule, f.row, f.field) for f in checked.findings if f.rule == "CEL-001"] == [("CEL-001", 5, "value")]
