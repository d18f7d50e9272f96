"""The office's 综合平衡表, end to end: a wrong cell and a stranger hold their rows out of what is approved, and are not lost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl

from pipeline.model import Night
from tests.night.conftest import DAY, copy_of, found, run, wennuan
from tests.night.test_decided import decide

Ran = tuple[Path, Night]
SHEET, HEAD = "综合平衡表", "姓名"


def page_of(place: Path, **how: Any) -> tuple[Any, Any, int, dict[str, int]]:
    """(workbook, its sheet, the row of the head, title -> column)."""
    book = openpyxl.load_workbook(place, **how)
    page = book[SHEET]
    head = next(c.row for row in page.iter_rows() for c in row if c.value == HEAD)
    return book, page, head, {c.value: c.column for c in page[head] if c.value}


def spoil(place: Path) -> list[str]:
    """A negative amount, a fund nobody knows, an amount in words, somebody nobody applied for; their cells."""
    book, page, head, at = page_of(place)
    last = page.max_row
    page.cell(head + 1, at["核定金额"]).value = -3
    page.cell(head + 2, at["资金来源"]).value = "银行贷款"
    page.cell(head + 3, at["核定金额"]).value = "约两千"
    for column in range(1, page.max_column + 1):
        page.cell(last + 1, column).value = page.cell(last, column).value
    page.cell(last + 1, at[HEAD]).value = "路人甲"
    page.cell(last + 1, at["核定金额"]).value = 800
    book.save(place)
    spots = ((head + 1, "核定金额"), (head + 2, "资金来源"), (head + 3, "核定金额"), (last + 1, HEAD))
    return [page.cell(row, at[title]).coordinate for row, title in spots]


def own_sums(night: Night) -> dict[str, int]:
    """已核定 and 待核 as the sheet itself adds them up, in fen."""
    _, page, _, _ = page_of(Path(night.folder) / "district" / "综合平衡表.xlsx", data_only=True)
    heads = next({c.value: c.column for c in row} for row in page.iter_rows() if row[0].value == "资金")
    total = next(row for row in page.iter_rows() if row[0].value == "合计")
    return {name: round(float(total[heads[name] - 1].value or 0) * 100) for name in ("已核定", "待核")}


def approved(night: Night) -> dict[str, int]:
    totals = night.record["totals"]
    return {"已核定": totals["accepted"]["approved_fen"], "待核": totals["pending"]["approved_fen"]}


def told(night: Night) -> dict[str | None, tuple[str, str]]:
    rules = {"CEL-003", "CEL-028", "CEL-031", "ROW-036"}
    return {f["cell"]: (f["rule"], f["cure"]) for f in found(night) if f["rule"] in rules and f["form"] == SHEET}


def test_a_row_with_an_error_or_about_a_stranger_is_told_held_and_kept(clean_night: Ran, tmp_path: Path) -> None:
    home = copy_of(clean_night[0], tmp_path / "home")
    place = home / "inbox" / "_decisions" / "综合平衡表.xlsx"
    _, page, head, at = page_of(place)
    amounts = [page.cell(head + n, at["核定金额"]).value for n in (1, 2, 3)]
    cells = spoil(place)
    first = run(home)

    rules = [("CEL-031", "D"), ("CEL-003", "D"), ("CEL-028", "D"), ("ROW-036", "D")]
    assert told(first) == dict(zip(cells, rules, strict=True))
    before = approved(clean_night[1])
    assert approved(first) == {
        "已核定": before["已核定"] - round(sum(amounts) * 100),
        "待核": before["待核"] - 300 + round(amounts[1] * 100) + 80000,
    }
    assert own_sums(first) == approved(first)

    _, forms = wennuan("--home", str(home), "forms", "--form", "F3", "--out", str(tmp_path / "forms"))
    names = set()
    for form in forms:
        sheet = openpyxl.load_workbook(form["path"])["发放登记"]
        names |= {row[1] for row in sheet.iter_rows(min_row=6, values_only=True) if row[1]}
    _, page, head, at = page_of(place)
    spoilt = {page.cell(head + n, at[HEAD]).value for n in (1, 2, 3)} | {"路人甲"}
    assert names
    assert not names & spoilt

    renewed = Path(first.folder) / "district" / "综合平衡表.xlsx"
    place.write_bytes(renewed.read_bytes())
    _, page, head, at = page_of(place)
    rows = {page.cell(r, at[HEAD]).value: r for r in range(head + 1, page.max_row + 1)}
    assert {page.cell(rows[n], at["核对情况"]).value for n in spoilt - {"路人甲"}} == {"本行有误，待核"}
    assert page.cell(rows["路人甲"], at["核对情况"]).value == "申报表中没有此人，待核"
    second = run(home)
    assert approved(second) == approved(first)
    assert sorted(told(second).values()) == sorted(rules)
    assert own_sums(second) == approved(second)


def test_whoever_is_no_longer_applied_for_stays_on_the_sheet_and_waits(clean_night: Ran, tmp_path: Path) -> None:
    home = copy_of(clean_night[0], tmp_path / "home")
    path = next((home / "inbox").glob("F1_*.xlsx")).name
    decide(home, ("甲-1", "撤回", path, None, DAY))
    again = run(home)
    lost = {cell for cell, (rule, _) in told(again).items() if rule == "ROW-036"}
    before = approved(clean_night[1])
    now = approved(again)
    assert len(lost) == 1, "one finding for the unit: nobody of it was applied for any more"
    assert before["待核"] == 0
    assert now["待核"] > 0
    assert now["已核定"] + now["待核"] == before["已核定"]
    assert own_sums(again) == now
    run_json = json.loads((Path(again.folder) / "run.json").read_bytes())
    assert run_json["totals"]["pending"]["approved_fen"] == now["待核"]


def test_the_sheet_shows_what_each_household_has(clean_night: Ran) -> None:
    """测算月人均 = (income - the year's costs) / persons / 12, by the lines of 家庭经济."""
    home, night = clean_night
    means: dict[str, float] = {}
    for place in (home / "inbox").glob("F1_*.xlsx"):
        book = openpyxl.load_workbook(place, data_only=True)
        main, beside = (_by_name(book[name]) for name in ("申报表", "家庭经济"))
        for name, line in beside.items():
            costs = sum(line.get(title) or 0 for title in ("年医疗自负费用", "年教育支出", "年其他刚性支出"))
            means[name] = round((line["家庭年总收入"] - costs) / main[name]["家庭人口"] / 12, 2)
    _, page, head, at = page_of(Path(night.folder) / "district" / "综合平衡表.xlsx")
    shown = {
        page.cell(r, at[HEAD]).value: page.cell(r, at["测算月人均"]).value for r in range(head + 1, page.max_row + 1)
    }
    assert len(shown) > 3
    assert shown == {name: means[name] for name in shown}


def _by_name(page: Any) -> dict[str, dict[str, Any]]:
    rows = list(page.iter_rows(values_only=True))
    head = next(i for i, row in enumerate(rows) if "姓名" in row)
    titles = rows[head]
    found = (dict(zip(titles, row, strict=True)) for row in rows[head + 1 :])
    return {row["姓名"]: row for row in found if row["姓名"] and len(row["姓名"]) < 5}
