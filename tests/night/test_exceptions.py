"""准予例外, through a home on disk: what it closes, what it prints where, what ends it, and which are refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

from pipeline.ledger import read_lines
from pipeline.model import Night
from tests.night.conftest import copy_of, found, run, wennuan
from tests.night.deciding import cell, edit, exceptions, page, save, sheet_rows

Ran = tuple[Path, Night]
DAY = date(2020, 1, 16)
BY, WHY, TILL = "周某某", "新入职尚未办证", date(2020, 2, 28)


def blank_number(book: Any) -> None:
    cell(book, "申报表", "证件号码").value = None


def errors(done: Night) -> list[tuple[str, str]]:
    return [(f["rule"], f["status"]) for f in found(done) if f["severity"] == "error" and f["status"] != "fixed"]


def test_a_finding_waived_by_its_id_holds_nothing_and_is_told_everywhere(clean_night: Ran, tmp_path: Path) -> None:
    home = copy_of(clean_night[0], tmp_path / "home")
    edit(home, "F1", blank_number)
    first = run(home)
    (wrong,) = [f for f in found(first) if f["severity"] == "error"]
    assert first.exit_code == 1
    people = clean_night[1].record["totals"]["accepted"]["people"]["F1"]
    assert first.record["totals"]["accepted"]["people"]["F1"] == people - 1

    exceptions(home, ("例外-1", "例外", None, None, wrong["id"], WHY, BY, DAY, TILL))
    second = run(home)
    (waived,) = [f for f in found(second) if f["id"] == wrong["id"]]
    assert (waived["status"], waived["severity"]) == ("waived", "info")
    assert second.exit_code == 0
    assert second.record["findings"]["by_status"]["waived"] == 1
    assert second.record["totals"]["accepted"]["people"]["F1"] == people
    told = f"准予例外：审批人{BY}；{WHY}；有效期至2020年2月28日"
    unit = waived["unit"]
    for path in (f"units/{unit}_*/回执.html", "district/总览.html"):
        assert told in page(second, path)
    assert BY in page(second, "audit/审核报告.html") and WHY in page(second, "audit/审核报告.html")
    assert "准予例外 1 处" in page(second, "district/总览.html")
    letter = docx.Document(str(Path(second.folder) / "audit/审核报告.docx"))
    cells = {c.text for t in letter.tables for row in t.rows for c in row.cells}
    assert BY in cells and any(c.startswith(f"准予例外：{WHY}（有效期至2020-02-28）（") for c in cells)
    (line,) = [r for r in sheet_rows(second, "district/汇总表.xlsx", "问题清单") if r["编号"] == wrong["id"]]
    assert (line["状态"], line["决定或说明"]) == ("准予例外", told)
    assert BY not in json.dumps(found(second), ensure_ascii=False)  # no name in findings.json
    assert all(BY not in text and WHY not in text for _, text, _ in read_lines(home / "outbox/ledger.sqlite"))

    exceptions(home, ("例外-1", "例外", None, None, wrong["id"], WHY, BY, DAY, TILL, "☑"))
    third = run(home)
    assert errors(third) == [(wrong["rule"], "reopened")]
    assert third.exit_code == 1


@pytest.mark.parametrize("named", ["rule and unit", "file", "path"])
def test_what_an_exception_may_name(clean_night: Ran, tmp_path: Path, named: str) -> None:
    home = copy_of(clean_night[0], tmp_path / "home")
    place = edit(home, "F1", blank_number)
    (wrong,) = [f for f in found(run(home)) if f["severity"] == "error"]
    line = {
        "rule and unit": (wrong["rule"], wrong["unit"], None),
        "file": (wrong["rule"], None, wrong["sha256"][:12]),
        "path": (None, None, place.relative_to(home / "inbox").as_posix()),
    }[named]
    exceptions(home, ("例外-1", "例外", *line, WHY, BY, DAY, None))
    second = run(home)
    assert [f["status"] for f in found(second) if f["id"] == wrong["id"]] == ["waived"]
    assert not [f for f in found(second) if f["rule"] in {"WBK-025", "WBK-028", "WBK-029", "WBK-030", "WBK-031"}]


def shared_number(book: Any) -> None:
    """Row 2 bears a phone number that is none: an error of the row, with a value of its own."""
    cell(book, "申报表", "申请金额").value = "约500"


def waived_amount(clean_night: Ran, tmp_path: Path) -> tuple[Path, dict[str, Any]]:
    """A home in which an amount nobody can read was let through by the office, two nights old."""
    home = copy_of(clean_night[0], tmp_path / "home")
    edit(home, "F1", shared_number)
    (wrong,) = [f for f in found(run(home)) if f["severity"] == "error"]
    exceptions(home, ("例外-1", "例外", wrong["rule"], wrong["unit"], wrong["id"], WHY, BY, DAY, TILL))
    assert errors(run(home)) == []
    return home, wrong


@pytest.mark.parametrize(
    ("head", "value", "what"),
    [
        ("申请金额", "约5000", "填写内容"),
        ("家庭人口", 9, "家庭情况"),
    ],
)
def test_an_exception_ends_with_its_evidence(
    clean_night: Ran, tmp_path: Path, head: str, value: object, what: str
) -> None:
    home, wrong = waived_amount(clean_night, tmp_path)
    edit(home, "F1", lambda b: setattr(cell(b, "申报表", head), "value", value))
    third = run(home)
    assert errors(third) == [(wrong["rule"], "reopened")]
    said = f"{what}已变更，原准予例外失效，请重新核实"
    assert said in page(third, "district/总览.html")
    assert said in page(third, f"units/{wrong['unit']}_*/回执.html")
    assert said in page(third, "audit/审核报告.html")
    assert "1处的决定或说明因资料变更失效" in page(third, "district/总览.html").replace(" ", "")
    assert errors(run(home)) == [(wrong["rule"], "persisting")]

    exceptions(home, ("例外-1", "例外", wrong["rule"], wrong["unit"], wrong["id"], WHY, BY, date(2020, 1, 17), TILL))
    assert errors(run(home)) == []  # approved again, of what is there now


def test_a_mended_identity_number_ends_it_and_says_so(clean_night: Ran, tmp_path: Path) -> None:
    """The finding stands under another id then: by rule, place and name it is still the one that was decided."""
    home, wrong = waived_amount(clean_night, tmp_path)

    def renumber(book: Any) -> None:
        cell(book, "申报表", "证件号码").value = "009901197001010015"

    edit(home, "F1", renumber)
    third = run(home)
    (again,) = [f for f in found(third) if f["rule"] == wrong["rule"] and f["status"] != "fixed"]
    assert again["id"] != wrong["id"] and again["severity"] == "error"
    assert "证件号码已变更，原准予例外失效" in page(third, "district/总览.html")


def test_what_moves_a_row_changes_nothing(clean_night: Ran, tmp_path: Path) -> None:
    home, _ = waived_amount(clean_night, tmp_path)

    def swap(book: Any) -> None:
        page_ = book["申报表"]
        one, two = cell(book, "申报表", "姓名").row, cell(book, "申报表", "姓名", 2).row
        for column in range(1, page_.max_column + 1):
            a, b = page_.cell(one, column), page_.cell(two, column)
            if not str(a.value).startswith("=") and not str(b.value).startswith("="):
                a.value, b.value = b.value, a.value

    edit(home, "F1", swap)
    assert errors(run(home)) == []


def decided(done: Night) -> list[tuple[str, str, str]]:
    return [(f["rule"], f["cell"], f["severity"]) for f in found(done) if f["file"] and "_decisions" in f["file"]]


def test_which_exceptions_are_refused(clean_night: Ran, tmp_path: Path) -> None:
    home = copy_of(clean_night[0], tmp_path / "home")
    edit(home, "F1", blank_number)
    (wrong,) = [f for f in found(run(home)) if f["severity"] == "error"]
    rule, unit = wrong["rule"], wrong["unit"]
    exceptions(
        home,
        (1, "例外", None, unit, None, WHY, BY, DAY, TILL),  # the whole unit
        (2, "例外", rule, None, None, WHY, BY, DAY, TILL),  # the whole rule
        (3, "例外", rule, "全部", None, WHY, BY, DAY, TILL),
        (4, "例外", "OUT-005", unit, None, WHY, BY, DAY, TILL),
        (5, "例外", "ABC-999", unit, None, WHY, BY, DAY, TILL),
        (6, "例外", None, None, "0123456789ab", WHY, BY, DAY, TILL),
        (7, "例外", "CEL-014", unit, None, WHY, BY, DAY, date(2020, 1, 15)),  # over, and nothing left of it
        (8, "例外", rule, unit, None, WHY, BY, DAY, date(2020, 1, 15)),  # over, and the finding still there
        (9, "例外", "CEL-013", unit, None, WHY, BY, DAY, date(2020, 1, 18)),  # soon over, and never used
    )
    second = run(home)
    assert errors(second) == [(rule, "persisting")]
    assert sorted(decided(second)) == [
        ("WBK-028", "C7", "warning"),
        ("WBK-028", "E8", "warning"),
        ("WBK-029", "C4", "warning"),
        ("WBK-029", "C6", "warning"),
        ("WBK-029", "D3", "warning"),
        ("WBK-029", "D5", "warning"),
        ("WBK-030", "I10", "warning"),
        ("WBK-030", "I11", "info"),
        ("WBK-030", "I9", "info"),
        ("WBK-031", "C11", "info"),
    ]
    told = page(second, "district/总览.html").replace(" ", "")
    assert "4项例外没有执行" in told and "3项例外即将到期或已到期" in told and "1项例外至今没有用到" in told


def test_an_exception_without_its_approver_does_nothing(clean_night: Ran, tmp_path: Path) -> None:
    home = copy_of(clean_night[0], tmp_path / "home")
    edit(home, "F1", blank_number)
    (wrong,) = [f for f in found(run(home)) if f["severity"] == "error"]
    exceptions(home, (1, "例外", None, None, wrong["id"], WHY, None, DAY, TILL))
    second = run(home)
    assert errors(second) == [(wrong["rule"], "persisting")]
    assert decided(second) == [("WBK-029", "G3", "warning")]


def renewed(done: Night, home: Path, change: Callable[[Any], None] = lambda book: None) -> None:
    """待核查 as the night made it, saved by the office under the name of the day."""
    book = openpyxl.load_workbook(next(Path(done.folder).glob("district/待核查.xlsx")))
    change(book)
    book.save(home / f"inbox/_decisions/待核查{done.night}.xlsx")


def test_what_was_filled_in_survives_every_renewal(clean_night: Ran, tmp_path: Path) -> None:
    """An exception written without a number or a day on 其他决定: kept, bound once, and ended by its copy."""
    home = copy_of(clean_night[0], tmp_path / "home")
    edit(home, "F1", blank_number)
    (wrong,) = [f for f in found(run(home)) if f["severity"] == "error"]
    save(
        home,
        "其他决定",
        ("种类", "规则编号", "归属单位", "理由", "审批人"),
        ("例外", wrong["rule"], wrong["unit"], WHY, BY),
    )
    second = run(home)
    assert errors(second) == []
    for _ in range(2):
        renewed(second, home)
        second = run(home, date(2020, 1, 17))
        assert errors(second) == []
        kept = [r for r in sheet_rows(second, "district/待核查.xlsx", "其他决定") if r["种类"]]
        assert {(r["规则编号"], r["理由"], r["审批人"], str(r["日期"])[:10]) for r in kept} == {
            (wrong["rule"], WHY, BY, "2020-01-16")
        }
    lines = [json.loads(text)["bound"] for _, text, _ in read_lines(home / "outbox/ledger.sqlite")]
    assert [len(bound) for bound in lines].count(1) == 1  # nothing was bound anew

    def revoke(book: Any) -> None:
        sheet = book["其他决定"]
        heads = [c.value for c in sheet[3]]
        for row in range(4, sheet.max_row + 1):
            if sheet.cell(row, heads.index("种类") + 1).value:
                sheet.cell(row, heads.index("撤销") + 1).value = "☑"

    renewed(second, home, revoke)
    assert errors(run(home, date(2020, 1, 18))) == [(wrong["rule"], "reopened")]


def test_an_exception_ends_on_its_day(clean_night: Ran, tmp_path: Path) -> None:
    home, wrong = waived_amount(clean_night, tmp_path)
    assert errors(run(home, TILL)) == []
    over = run(home, TILL + timedelta(days=1))
    assert (wrong["rule"], "reopened") in errors(over)
    assert ("WBK-030", "I3", "warning") in decided(over)


def test_a_new_workbook_of_exceptions_carries_the_standing_ones(clean_night: Ran, tmp_path: Path) -> None:
    home = copy_of(clean_night[0], tmp_path / "home")
    exceptions(home, ("例外-1", "例外", "CEL-013", "YL001", None, WHY, BY, DAY, TILL))
    wennuan("--home", str(home), "register", "R9", "--out", str(tmp_path / "new"))
    (made,) = (tmp_path / "new").glob("*.xlsx")
    texts = [str(c.value) for row in openpyxl.load_workbook(made).worksheets[0].iter_rows() for c in row if c.value]
    assert {"例外-1", "CEL-013", "YL001", WHY, BY} <= set(texts)
