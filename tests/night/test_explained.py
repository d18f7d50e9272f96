"""学校说明: what a school writes beside a warning of its return closes it, shows to office and auditor, and holds for its evidence."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl

from pipeline.ledger import read_lines
from pipeline.model import Night
from tests.night.conftest import copy_of, found, run
from tests.night.deciding import cell, edit, page, sheet_rows
from tests.night.test_nights import send

Ran = tuple[Path, Night]
SAID = "=1+1 情况属实，电话13800138000，证件440308199901101512"
SHOWN = "=1+1 情况属实，电话138****8000，证件**************1512"


def answered(done: Night, home: Path, place: Path, finding: str, text: str, day: str, **more: Any) -> None:
    """The marked copy, filled in and sent again in the place of the form; `more`: cells changed with it."""
    marked = next(Path(done.folder).glob(f"units/*/{place.stem.removesuffix('_校验结果')}_校验结果.xlsx"))
    book = openpyxl.load_workbook(marked)
    listed = book["问题清单"]
    heads = [c.value for c in listed[5]]
    row = next(r for r in range(6, listed.max_row + 1) if listed.cell(r, heads.index("编号") + 1).value == finding)
    listed.cell(row, heads.index("学校说明") + 1).value = text
    listed.cell(row, heads.index("学校说明") + 1).data_type = "s"
    for change in more.values():
        change(book)
    out = io.BytesIO()
    book.save(out)
    send(home, place.relative_to(home / "inbox").as_posix(), out.getvalue(), day)


def doubtful(book: Any) -> None:
    """A phone number with too few digits is a warning the school is asked about."""
    cell(book, "申报表", "手机号码").value = "1380013"


def warning(done: Night) -> dict[str, Any]:
    (one,) = [f for f in found(done) if f["severity"] == "warning" and f["cure"] == "R" and f["status"] != "fixed"]
    return one


def test_an_explained_warning_is_told_and_asked_no_more(clean_night: Ran, tmp_path: Path) -> None:
    home = copy_of(clean_night[0], tmp_path / "home")
    place = edit(home, "F1", doubtful)
    first = run(home)
    asked = warning(first)
    answered(first, home, place, asked["id"], SAID, "2020-01-17")
    second = run(home, date(2020, 1, 17))
    assert warning(second)["status"] == "explained"
    assert second.record["findings"]["by_status"]["explained"] == 1
    assert second.exit_code == 0
    for path in (f"units/{asked['unit']}_*/回执.html", "district/总览.html", "audit/审核报告.html"):
        assert SHOWN in page(second, path), path
    assert "学校已说明 1 条" in page(second, "district/总览.html")
    (line,) = [r for r in sheet_rows(second, "district/汇总表.xlsx", "问题清单") if r["编号"] == asked["id"]]
    assert (line["状态"], line["决定或说明"]) == ("已受理说明", f"学校说明：{SHOWN}；")
    assert all("情况属实" not in text for _, text, _ in read_lines(home / "outbox/ledger.sqlite"))
    assert "情况属实" not in json.dumps(found(second), ensure_ascii=False)


def test_it_holds_without_the_list_and_ends_with_the_evidence(clean_night: Ran, tmp_path: Path) -> None:
    """A later file without our list takes nothing back; another value asks again, says why, and may be explained anew."""
    home = copy_of(clean_night[0], tmp_path / "home")
    place = edit(home, "F1", doubtful)
    plain = place.read_bytes()
    first = run(home)
    asked = warning(first)
    answered(first, home, place, asked["id"], "确为短号", "2020-01-17")
    run(home, date(2020, 1, 17))
    book = openpyxl.load_workbook(io.BytesIO(plain))
    cell(book, "申报表", "困难情况说明", 2).value = "爱人待业，子女上学，家庭支出较大。"
    out = io.BytesIO()
    book.save(out)
    send(home, place.relative_to(home / "inbox").as_posix(), out.getvalue(), "2020-01-18")
    third = run(home, date(2020, 1, 18))
    assert (warning(third)["status"], warning(third)["id"]) == ("explained", asked["id"])

    edit(home, "F1", lambda b: setattr(cell(b, "申报表", "手机号码"), "value", "1380014"), "2020-01-19")
    fourth = run(home, date(2020, 1, 19))
    assert warning(fourth)["status"] == "reopened"
    assert "填写内容已变更，原学校说明失效；确属实情的，请重新说明" in page(
        fourth, f"units/{asked['unit']}_*/回执.html"
    )
    assert "因资料变更失效" in page(fourth, "district/总览.html")
    answered(fourth, home, place, asked["id"], "确为短号", "2020-01-20")  # the same words, of the new value
    fifth = run(home, date(2020, 1, 20))
    assert warning(fifth)["status"] == "explained"


def test_our_own_list_sent_back_says_nothing_new(clean_night: Ran, tmp_path: Path) -> None:
    """The next return repeats the words; with another value in the same copy they explain nothing."""
    home = copy_of(clean_night[0], tmp_path / "home")
    place = edit(home, "F1", lambda b: (doubtful(b), setattr(cell(b, "申报表", "手机号码", 2), "value", "139")))
    first = run(home)
    asked = min((f for f in found(first) if f["severity"] == "warning" and f["cure"] == "R"), key=lambda f: f["row"])
    answered(first, home, place, asked["id"], SAID, "2020-01-17")
    second = run(home, date(2020, 1, 17))
    copy = openpyxl.load_workbook(next(Path(second.folder).glob(f"units/*/{place.stem}_校验结果.xlsx")))
    (line,) = [r for r in copy["问题清单"].iter_rows(min_row=6, values_only=True) if r[8] == asked["id"]]
    assert (line[1], line[7]) == ("● 已受理说明", SAID)
    cell(copy, "申报表", "手机号码").value = "1380014"
    out = io.BytesIO()
    copy.save(out)
    send(home, place.relative_to(home / "inbox").as_posix(), out.getvalue(), "2020-01-18")
    third = run(home, date(2020, 1, 18))
    assert [f["status"] for f in found(third) if f["id"] == asked["id"]] == ["reopened"]


def test_an_error_is_never_explained_away(clean_night: Ran, tmp_path: Path) -> None:
    home = copy_of(clean_night[0], tmp_path / "home")
    place = edit(home, "F1", lambda b: setattr(cell(b, "申报表", "证件号码"), "value", None))
    first = run(home)
    (wrong,) = [f for f in found(first) if f["severity"] == "error"]
    answered(first, home, place, wrong["id"], "本人没有证件", "2020-01-17")
    second = run(home, date(2020, 1, 17))
    assert [f["status"] for f in found(second) if f["id"] == wrong["id"]] == ["persisting"]
    assert "学校说明：本人没有证件；必改的问题不因说明而免改" in page(second, "district/总览.html")
    assert second.exit_code == 1


def test_another_unit_s_words_answer_nothing(clean_night: Ran, tmp_path: Path) -> None:
    home = copy_of(clean_night[0], tmp_path / "home")
    edit(home, "F1", doubtful)
    first = run(home)
    asked = warning(first)
    others = max((home / "inbox").glob("F1*.xlsx"))
    book = openpyxl.load_workbook(others)
    listed = book.create_sheet("问题清单", 0)
    listed.append(["序号", "学校说明", "编号"])
    listed.append([1, "不是我们的", asked["id"]])
    book.save(others)
    assert warning(run(home))["status"] == "persisting"
