"""What clerks really send: column numbers, averages, bare sums, signs for signed, amounts with marks, digits kept as text."""

from __future__ import annotations

import pytest

from pipeline.book.spec import Resource
from pipeline.reading.raw import RawSheet
from tests.cells.words import read as cell
from tests.cells.words import rules as cell_rules
from tests.reading_tables.grids import book, read

RESOURCE: Resource = book().forms["F2"].resource("donations")
FIELDS = [f for f in RESOURCE.active if f.name not in {"tip", "remark"}]
GROUPS = [["语文组", 30.0, 100.0], ["数学组", 20.0, 200.0]]


def row(dept: str, people: float | str, amount: float | str) -> list[object]:
    by = {"dept": dept, "headcount": people, "donors": people}
    return [by.get(f.name, amount if f.group and not f.computed else "") for f in FIELDS]


def sheet(*extra: list[object], first: list[object] | None = None) -> RawSheet:
    body = [row(str(d), float(str(p)), float(str(a))) for d, p, a in GROUPS]
    return RawSheet("汇总表", rows=[[f.title for f in FIELDS], *([first] if first else []), *body, *extra])


@pytest.mark.parametrize(
    ("lead", "form"), [(["栏次"], "{}"), (["甲", "乙"], "({})"), (["甲", "乙"], "{}")], ids=["lane", "brackets", "two"]
)
def test_a_line_of_column_numbers_is_no_row(lead: list[str], form: str) -> None:
    numbers = [*lead, *(form.format(n) for n in range(1, len(FIELDS) - len(lead) + 1))]
    table = read(sheet(first=list(numbers))).tables[0]
    assert [r.values["dept"] for r in table.rows] == ["语文组", "数学组"]


@pytest.mark.parametrize(
    ("label", "people", "amount"), [("人均", "", 6.0), ("", 50.0, 300.0)], ids=["average", "bare sum"]
)
def test_averages_and_bare_sums_are_no_rows(label: str, people: float | str, amount: float) -> None:
    document = read(sheet(row(label, people, amount)))
    assert [r.values["dept"] for r in document.tables[0].rows] == ["语文组", "数学组"]
    assert "SHT-011" in {f.rule for f in document.findings}


def test_a_row_that_only_looks_like_a_sum_stays() -> None:
    assert len(read(sheet(row("", 50.0, 301.0))).tables[0].rows) == 3


@pytest.mark.parametrize("text", ["已签收", "√", "本人签"])
def test_a_word_for_signed_names_nobody(text: str) -> None:
    assert cell(text, "signature").value == cell('=DISPIMG("ID_1",1)', "signature").value


@pytest.mark.parametrize("text", ["1100整", "1100(元)", "1100（元）", "￥1100元整"])
def test_marks_of_money(text: str) -> None:
    typed = cell(text, "money")
    assert (typed.value, cell_rules(typed)) == (110000, ["CEL-029"])


def test_digits_a_csv_keeps_as_text() -> None:
    typed = cell('="0099"', "code_text")
    assert (typed.value, cell_rules(typed)) == ("0099", ["CEL-005"])
