"""同一人 / 非同一人 in 待核查, through a home on disk: bound to the pair and its evidence, told wherever the pair is."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipeline.model import Night
from tests.night.conftest import copy_of, found, run
from tests.night.deciding import cell, exceptions, page, save, sheet_rows

Ran = tuple[Path, Night]
BY = "李某某"
FIELDS = ("姓名", "证件号码")


def twice(clean_night: Ran, tmp_path: Path) -> tuple[Path, list[Path]]:
    """The second unit reports somebody the first one reports, too."""
    home = copy_of(clean_night[0], tmp_path / "home")
    places = sorted((home / "inbox").glob("F1*.xlsx"))[:2]
    one, two = (openpyxl.load_workbook(p) for p in places)
    for head in FIELDS:
        cell(two, "申报表", head).value = cell(one, "申报表", head).value
    two.save(places[1])
    return home, places


def pair(done: Night) -> list[dict[str, Any]]:
    return [f for f in found(done) if f["rule"] == "XSC-001" and f["status"] != "fixed"]


def decide(home: Path, done: Night, kind: str, **more: object) -> dict[str, Any]:
    (asked,) = sheet_rows(done, "district/待核查.xlsx", "重复")
    heads = [h for h in asked if h]
    given = {**asked, "种类": kind, "理由": "已看证件", "经办人": BY, "日期": date(2020, 1, 16), **more}
    save(home, "重复", heads, [given[h] for h in heads])
    return asked


def test_not_the_same_person_ends_the_pair_s_findings(clean_night: Ran, tmp_path: Path) -> None:
    home, places = twice(clean_night, tmp_path)
    first = run(home)
    assert [f["severity"] for f in pair(first)] == ["error", "error"]
    asked = decide(home, first, "非同一人")
    second = run(home)
    assert [(f["status"], f["severity"]) for f in pair(second)] == [("waived", "info")] * 2
    assert {f["rule"] for f in found(second) if f["severity"] == "error" and f["status"] != "fixed"} <= {"ROW-036"}
    assert f"已核实为非同一人：经办人{BY}；已看证件；" in page(second, "district/总览.html")
    assert "已看证件" in page(second, "audit/审核报告.html")
    (kept,) = sheet_rows(second, "district/待核查.xlsx", "重复")
    assert (kept["对象"], kept["种类"], kept["理由"]) == (asked["对象"], "非同一人", "已看证件")

    book = openpyxl.load_workbook(places[1])
    cell(book, "申报表", "家庭人口").value = 9
    book.save(places[1])
    third = run(home)
    assert {f["status"] for f in pair(third)} == {"reopened"}
    told = page(third, "district/总览.html")
    assert "家庭情况已变更，原“非同一人”的决定失效" in told and "对方家庭情况已变更" in told


def test_the_same_person_stays_an_error_and_says_who_confirmed_it(clean_night: Ran, tmp_path: Path) -> None:
    home, _ = twice(clean_night, tmp_path)
    decide(home, run(home), "同一人")
    second = run(home)
    assert [(f["status"], f["severity"]) for f in pair(second)] == [("persisting", "error")] * 2
    assert f"已确认为同一人：经办人{BY}；已看证件；" in page(second, "district/总览.html")
    (line,) = {r["决定或说明"] for r in sheet_rows(second, "district/汇总表.xlsx", "重复与遗漏")}
    assert line.startswith("已确认为同一人")


def test_two_answers_of_one_day_are_none(clean_night: Ran, tmp_path: Path) -> None:
    home, _ = twice(clean_night, tmp_path)
    first = run(home)
    asked = decide(home, first, "非同一人")
    backwards = "-".join(reversed(asked["对象"].split("-")))  # the same pair, written by hand
    save(
        home,
        "其他决定",
        ("决定编号", "种类", "对象", "经办人", "日期"),
        ("甲-1", "同一人", backwards, BY, date(2020, 1, 16)),
    )
    second = run(home)
    assert [f["status"] for f in pair(second)] == ["persisting"] * 2
    assert [f["rule"] for f in found(second) if f["file"] and "_decisions" in f["file"] and f["rule"] != "ROW-036"] == [
        "WBK-025"
    ]


def test_a_revoked_answer_asks_again_and_stays_to_be_seen(clean_night: Ran, tmp_path: Path) -> None:
    home, _ = twice(clean_night, tmp_path)
    first = run(home)
    decide(home, first, "非同一人")
    run(home)
    decide(home, first, "非同一人", 撤销="☑")
    third = run(home)
    assert [f["severity"] for f in pair(third)] == ["error", "error"]
    (kept,) = sheet_rows(third, "district/待核查.xlsx", "重复")
    assert (kept["种类"], kept["撤销"]) == ("非同一人", "☑")


def take_out(place: Path) -> None:
    """The first applicant leaves every sheet of a form."""
    book = openpyxl.load_workbook(place)
    row = cell(book, "申报表", "姓名").row
    person = book["申报表"].cell(row, 2).value
    for sheet in book.sheetnames[1:]:
        for line in book[sheet].iter_rows():
            if any(c.value == person for c in line):
                for c in (c for c in line if c.data_type != "f" and c.__class__.__name__ == "Cell"):
                    c.value = None
    book.save(place)


def test_the_office_says_which_unit_applies_and_the_other_takes_its_row_out(clean_night: Ran, tmp_path: Path) -> None:
    """The row that stays counts, the other is its school's to mend; taking it out loses nobody (SHT-023 is silent)."""
    home, places = twice(clean_night, tmp_path)
    first = run(home)
    units = [f["unit"] for f in pair(first)]
    names = {s["unit"]: s["name"] for s in first.record["states"]}
    decide(home, first, "同一人", 由哪个单位申报=names[units[0]])
    second = run(home)
    told = {f["unit"]: (f["status"], f["severity"], f["cure"]) for f in pair(second)}
    assert told == {units[0]: ("waived", "info", "D"), units[1]: ("persisting", "error", "R")}
    other = page(second, f"units/{units[1]}_*/回执.html")
    assert "由其他单位申报" in other and names[units[0]] not in other
    before, after = (n.record["totals"]["accepted"]["people"]["F1"] for n in (first, second))
    assert after == before + 1
    take_out(places[1])
    third = run(home)
    assert not {"XSC-001", "SHT-023"} & {f["rule"] for f in found(third) if f["status"] not in {"fixed", "waived"}}
    assert third.record["totals"]["accepted"]["people"]["F1"] == after


def test_a_case_is_one_thing_to_decide_and_covers_nobody_who_joins_it_later(clean_night: Ran, tmp_path: Path) -> None:
    home, places = twice(clean_night, tmp_path)
    first = run(home)
    number = str(pair(first)[0]["case"])
    heads = ("决定编号", "种类", "对象", "理由", "经办人", "日期")
    save(home, "其他决定", heads, ("QT-1", "非同一人", number, "已看证件", BY, date(2020, 1, 16)))
    second = run(home)
    assert [f["status"] for f in pair(second)] == ["waived", "waived"]
    assert not [f for f in found(second) if f["rule"] == "WBK-028"]
    third_school = sorted((home / "inbox").glob("F1*.xlsx"))[2]
    one, three = (openpyxl.load_workbook(p) for p in (places[0], third_school))
    for head in FIELDS:
        cell(three, "申报表", head).value = cell(one, "申报表", head).value
    three.save(third_school)
    third = run(home)
    joined = [f for f in pair(third) if f["status"] == "new"]
    assert len(joined) == 1 and joined[0]["severity"] == "error"


def test_a_number_mended_afterwards_ends_the_decision_and_says_so(clean_night: Ran, tmp_path: Path) -> None:
    """Another rule asks then (equal numbers, XSC-001): it is the same question, and the answer was given on other evidence."""
    home, places = twice(clean_night, tmp_path)
    book = openpyxl.load_workbook(places[1])
    number = str(cell(book, "申报表", "证件号码").value)
    cell(book, "申报表", "证件号码").value = number[:-1] + ("0" if number[-1] != "0" else "1")
    book.save(places[1])
    first = run(home)
    assert {f["rule"] for f in found(first) if f["case"]} == {"XSC-002"}
    decide(home, first, "非同一人")
    assert {f["status"] for f in found(run(home)) if f["rule"] == "XSC-002"} == {"waived"}
    cell(book, "申报表", "证件号码").value = number
    book.save(places[1])
    third = run(home)
    assert {f["severity"] for f in pair(third)} == {"error"}
    assert "原“非同一人”的决定失效" in page(third, "district/总览.html")


def thrice(clean_night: Ran, tmp_path: Path) -> tuple[Path, list[Path]]:
    """Three units report one person."""
    home, places = twice(clean_night, tmp_path)
    places = sorted((home / "inbox").glob("F1*.xlsx"))[:3]
    one, three = (openpyxl.load_workbook(p) for p in (places[0], places[2]))
    for head in FIELDS:
        cell(three, "申报表", head).value = cell(one, "申报表", head).value
    three.save(places[2])
    return home, places


def test_a_row_counts_only_where_every_pair_it_stands_in_says_so(clean_night: Ran, tmp_path: Path) -> None:
    """A or B: A. B or C: C. Of A and C nobody has said anything: neither may count, or one person counts twice."""
    home, _ = thrice(clean_night, tmp_path)
    first = run(home)
    units = sorted({f["unit"] for f in pair(first)})
    names = {s["unit"]: s["name"] for s in first.record["states"]}
    lines = sheet_rows(first, "district/待核查.xlsx", "重复")
    heads = [h for h in lines[0] if h]
    keeps = {frozenset((names[units[0]], names[units[1]])): 0, frozenset((names[units[1]], names[units[2]])): 2}
    rows = []
    for line in lines:
        keeper = keeps.get(frozenset((line["单位一"], line["单位二"])))
        given = {**line, "种类": "同一人", "由哪个单位申报": names[units[keeper]]} if keeper is not None else line
        rows.append(
            [{**given, "经办人": BY if keeper is not None else None, "日期": date(2020, 1, 16)}[h] for h in heads]
        )
    save(home, "重复", heads, *[r for r in rows if r[heads.index("种类")]])
    second = run(home)
    assert {f["unit"]: (f["status"], f["severity"]) for f in pair(second)} == dict.fromkeys(
        units, ("persisting", "error")
    )
    before, after = (n.record["totals"]["accepted"]["people"]["F1"] for n in (first, second))
    assert after == before


def test_a_unit_that_is_not_of_the_pair_settles_nothing_and_is_told(clean_night: Ran, tmp_path: Path) -> None:
    home, places = twice(clean_night, tmp_path)
    first = run(home)
    other = next(s["name"] for s in first.record["states"] if s["unit"] not in {f["unit"] for f in pair(first)})
    decide(home, first, "同一人", 由哪个单位申报=other)
    second = run(home)
    assert [(f["status"], f["severity"]) for f in pair(second)] == [("persisting", "error")] * 2
    assert [f["cell"][0] for f in found(second) if f["rule"] == "WBK-028"] and "其他单位申报" not in page(
        second, "district/总览.html"
    )
    take_out(places[1])
    assert "SHT-023" in {f["rule"] for f in found(run(home))}


@pytest.mark.parametrize("exception", [False, True])
def test_the_office_s_own_words_about_a_pair_stay_in_the_office(
    clean_night: Ran, tmp_path: Path, exception: bool
) -> None:
    home, _ = twice(clean_night, tmp_path)
    first = run(home)
    units = [f["unit"] for f in pair(first)]
    names = {s["unit"]: s["name"] for s in first.record["states"]}
    if exception:
        exceptions(
            home,
            (
                "甲-1",
                "例外",
                None,
                None,
                str(pair(first)[0]["case"]),
                "已与园长核实，本人患血液病",
                BY,
                date(2020, 1, 16),
                None,
                None,
            ),
        )
    else:
        decide(home, first, "同一人", 由哪个单位申报=names[units[0]], 理由="已与园长核实，本人患血液病")
    second = run(home)
    assert "waived" in {f["status"] for f in pair(second)}
    for unit in units:
        folder = next((Path(second.folder) / "units").glob(f"{unit}_*"))
        assert "血液病" not in page(second, f"units/{folder.name}/回执.html")
        for copy in folder.glob("*.xlsx"):
            cells = (c.value for s in openpyxl.load_workbook(copy) for row in s.iter_rows() for c in row)
            assert not any("园长核实" in str(v) for v in cells if v)
    assert "已与园长核实" in page(second, "district/总览.html")


def test_a_telephone_changes_nothing_about_who_it_is(clean_night: Ran, tmp_path: Path) -> None:
    home, places = twice(clean_night, tmp_path)
    first = run(home)
    decide(home, first, "非同一人")
    run(home)
    book = openpyxl.load_workbook(places[1])
    cell(book, "申报表", "手机号码").value = "10099990000"
    book.save(places[1])
    assert {f["status"] for f in pair(run(home))} == {"waived"}
