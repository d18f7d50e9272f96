"""One file under schemas/forms/ and a stage in season.toml: the form is in the run record and in 汇总表 by itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipeline.model import Night
from tests.night.conftest import copy_of, found, run, wennuan

FORM = """name: F9
title: 慰问品领用表
x-version: "2020.1"
x-zero: no
x-guide: [每样慰问品一行。]
resources:
  - name: goods
    title: 慰问品领用
    x-rows: "8"
    primaryKey: [item]
    schema:
      missingValues: [""]
      fields:
        - {name: item, title: 品名, type: string, x-kind: text, constraints: {required: yes}, x-width: "20", example: 样例米}
        - {name: pieces, title: 件数, type: integer, x-kind: integer, constraints: {required: yes, minimum: 0}, x-total: yes, x-width: "10", example: "12"}
        - {name: cost, title: 折价金额, type: number, x-kind: money, constraints: {required: yes, minimum: 0}, x-total: yes, x-width: "14", example: "600.00"}
"""
STAGE = '[[stage]]\nname = "慰问品"\nforms = ["F9"]\nopens = 2020-01-02\ndue = 2020-01-31\n\n[phases]'
SENT = [("样例米", 3, 150), ("样例油", 2, 80.5), ("样例糖", None, 20)]  # the last one lacks its count: it waits


@pytest.fixture(scope="module")
def done(clean_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Night:
    """A night of a district with a sixth form, which one school has sent."""
    home = copy_of(clean_home, tmp_path_factory.mktemp("ninth") / "home")
    (home / "schemas/forms/F9.yaml").write_text(FORM, encoding="utf-8")
    season = home / "season.toml"
    season.write_text(season.read_text(encoding="utf-8").replace("[phases]", STAGE, 1), encoding="utf-8")
    blank = wennuan("--home", str(home), "forms", "--form", "F9", "--as-of", "2020-01-16")[1][0]["path"]
    book = openpyxl.load_workbook(blank)
    fill(book["慰问品领用"])
    book.save(home / "inbox" / Path(blank).name)
    return run(home)


def fill(page: Any) -> None:
    head = next(row for row in page.iter_rows() if any(c.value == "品名" for c in row))
    columns = {str(c.value): c.column for c in head}
    for at, line in enumerate(SENT, head[0].row + 1):
        for title, value in zip(("品名", "件数", "折价金额"), line, strict=True):
            page.cell(at, columns[title], value)


def under(page: Any) -> Iterator[tuple[str, str, list[Any]]]:
    """(upper head, head, values from row 5 down) of every column."""
    group = ""
    for upper, head, *values in page.iter_cols(min_row=3, values_only=True):
        group = upper or group
        yield group, head, values


def test_its_rows_and_amounts_are_in_the_run_record(done: Night) -> None:
    totals = done.record["totals"]
    assert (totals["accepted"]["rows"]["F9"], totals["pending"]["rows"]["F9"]) == (2, 1)
    assert totals["accepted"]["amount_fen"]["F9"] == {"goods.cost": 23050}
    assert totals["pending"]["amount_fen"]["F9"] == {"goods.cost": 2000}
    assert [f["rule"] for f in found(done) if f["form"] == "F9" and f["severity"] == "error"] == ["CEL-001"]
    assert not [f for f in found(done) if f["rule"].startswith("OUT-") or f["rule"] == "MNY-014"], (
        "what is printed closes"
    )


def test_it_has_its_columns_and_its_sheet_in_the_summary(done: Night) -> None:
    book = openpyxl.load_workbook(Path(done.folder) / "district/汇总表.xlsx", data_only=True)
    returns = [(group, head) for group, head, _ in under(book["报送情况"]) if "F9" in group]
    assert returns == [("F9 慰问品领用表", "状态"), ("F9 慰问品领用表", "收到日期")]
    overview = {c.value for row in book["总览"].iter_rows() for c in row}
    assert {"F9 慰问品领用表", "F9 应报"} <= overview
    sums = {head: values[-1] for group, head, values in under(book["其他报表"]) if "F9" in group}
    assert sums == {
        "行数（已通过）": 2, "行数（待核）": 1, "折价金额（已通过）": 230.5, "折价金额（待核）": 20,
        "件数（已通过）": 5, "件数（待核）": 0,
    }  # fmt: skip
    assert "fig_amount_fen.F9.goods.cost.accepted" in book.defined_names


def test_without_such_a_form_there_is_no_sheet_for_it(clean_night: tuple[Path, Night]) -> None:
    book = openpyxl.load_workbook(Path(clean_night[1].folder) / "district/汇总表.xlsx", read_only=True)
    assert "其他报表" not in book.sheetnames
