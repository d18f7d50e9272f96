"""准予例外, through a home on disk: what it closes, what it prints where, what ends it, and which are refused."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline.ledger import read_lines
from pipeline.model import Night
from tests.night.conftest import copy_of, found, run
from tests.night.deciding import cell, edit, exceptions, page, sheet_rows

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
    (line,) = [r for r in sheet_rows(second, "district/汇总表.xlsx", "问题清单") if r["编号"] == wrong["id"]]
    assert (line["状态"], line["决定或说明"]) == ("准予例外", told)
    assert BY not in json.dumps(found(second), ensure_ascii=False)  # no name in findings.json
    assert all(BY not in text and WHY not in text for _, text, _ in read_lines(home / "outbox/ledger.sqlite"))

    exceptions(home, ("例外-1", "例外", None, None, wrong["id"], WHY, BY, DAY, TILL, "☑"))
    third = run(home)
    assert errors(third) == [(wrong["rule"], "persisting")]
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
