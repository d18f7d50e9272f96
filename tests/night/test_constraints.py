"""Every constraint word of a new form is judged in a file that breaks it, or refused when the schemas are loaded."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from pipeline.model import WennuanError
from tests.night.conftest import copy_of, run, wennuan
from tests.night.test_new_form import STAGE

FORM = """name: F9
title: 心理疏导登记表
x-version: "2020.1"
x-zero: no
x-guide: [每次一行。]
resources:
  - name: sessions
    title: 活动登记
    x-rows: "8"
    primaryKey: [topic, held]
    schema:
      missingValues: [""]
      fields:
        - {name: topic, title: 主题, type: string, x-kind: text, constraints: {required: yes, maxLength: 6}, x-width: "20", example: 讲座}
        - {name: held, title: 场次, type: integer, x-kind: integer, constraints: {required: yes}, x-width: "10", example: "1"}
        - {name: people, title: 参加人次, type: integer, x-kind: integer, constraints: {required: yes, minimum: 1, maximum: 500}, x-total: yes, x-width: "10", example: "12"}
        - {name: cost, title: 费用, type: number, x-kind: money, constraints: {minimum: 0, maximum: 1000}, x-total: yes, x-width: "14", example: "600.00"}
        - {name: hours, title: 课时, type: number, x-kind: number, constraints: {maximum: 8}, x-width: "10", example: "1.5"}
        - {name: receipt, title: 票据号, type: string, x-kind: code_text, constraints: {unique: yes, pattern: "[A-Z]{2}[0-9]{4}"}, x-width: "12", example: AB0001}
"""
ROWS = [
    ("讲座一", 1, 30, 500, 2, "AB0001"),  # right
    ("讲座二", 1, -1, 500, 2, "AB0002"),
    ("讲座三", 1, 3000, 500, 2, "AB0003"),
    ("讲座四", 1, 30, 1500, 2, "AB0004"),
    ("讲座五", 1, 30, 500, 9.5, "AB0005"),
    ("讲座六", 1, 30, 500, 2, "ab6"),
    ("讲座七", 1, 30, 500, 2, "AB0001"),
    ("讲座一", 1, 30, 500, 2, "AB0008"),
]
EXPECTED = {
    ("ROW-005", 1, "people"),
    ("ROW-005", 2, "people"),
    ("ROW-005", 3, "cost"),
    ("ROW-005", 4, "hours"),
    ("CEL-039", 5, "receipt"),
    ("SHT-007", 6, "receipt"),
    ("SHT-007", 7, "topic"),
}


def with_form(home: Path, to: Path, text: str) -> Path:
    made = copy_of(home, to)
    (made / "schemas/forms/F9.yaml").write_text(text, encoding="utf-8")
    season = made / "season.toml"
    season.write_text(season.read_text(encoding="utf-8").replace("[phases]", STAGE, 1), encoding="utf-8")
    return made


def test_every_constraint_of_a_new_form_is_judged(clean_home: Path, tmp_path: Path) -> None:
    home = with_form(clean_home, tmp_path / "home", FORM)
    blank = wennuan("--home", str(home), "forms", "--form", "F9", "--as-of", "2020-01-16")[1][0]["path"]
    book = openpyxl.load_workbook(blank)
    page = book["活动登记"]
    head = next(row for row in page.iter_rows() if any(c.value == "主题" for c in row))
    first = head[0].row + 1
    left = next(c.column for c in head if c.value == "主题")
    for at, line in enumerate(ROWS, first):
        for col, value in enumerate(line, left):
            page.cell(at, col, value)
    book.save(home / "inbox" / Path(blank).name)
    done = run(home)
    entries = wennuan("--home", str(home), "check", str(home / "inbox" / Path(blank).name))[1]["files"][0]["findings"]
    errors = {
        (f["rule"], f["row"] - first, f["field"])
        for f in entries
        if f["severity"] == "error" and f["sheet"] == page.title
    }
    assert errors == EXPECTED
    totals = done.record["totals"]  # of two rows with one key both wait, and so does every row that breaks a constraint
    assert (totals["accepted"]["rows"].get("F9", 0), totals["pending"]["rows"]["F9"]) == (0, 8)


@pytest.mark.parametrize(
    ("word", "field"),
    [
        ("minimum", "{name: day, title: 日期, type: date, x-kind: date, constraints: {minimum: 2020}}"),
        ("maxLength", "{name: day, title: 日期, type: date, x-kind: date, constraints: {maxLength: 9}}"),
        ("pattern", '{name: sum, title: 金额, type: number, x-kind: money, constraints: {pattern: "[0-9]+"}}'),
        ("maximum", "{name: note, title: 备考, type: string, x-kind: text, constraints: {maximum: 9}}"),
        ("enum", "{name: note, title: 备考, type: string, x-kind: text, constraints: {enum: [甲, 乙]}}"),
    ],
)
def test_a_constraint_nobody_judges_is_refused(clean_home: Path, tmp_path: Path, word: str, field: str) -> None:
    home = with_form(clean_home, tmp_path / "home", f"{FORM}        - {field}\n")
    with pytest.raises(WennuanError, match=word):
        run(home)


def test_fewer_than_nobody_gave_is_no_figure(clean_home: Path, tmp_path: Path) -> None:
    """A count the form itself excludes is an error: it may not be counted as accepted."""
    home = copy_of(clean_home, tmp_path / "home")
    path = next((home / "inbox").glob("F2*青溪小学*"))
    book = openpyxl.load_workbook(path)
    assert book["汇总表"]["D4"].value == "捐款人数"
    book["汇总表"]["D6"] = -7
    book.save(path)
    found = wennuan("--home", str(home), "check", str(path))[1]["files"][0]["findings"]
    assert [f["severity"] for f in found if f["rule"] == "ROW-005"] == ["error"]
