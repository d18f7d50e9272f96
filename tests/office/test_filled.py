"""Blank forms filled and saved by LibreOffice in three formats: filled right nothing is said, filled wrong exactly what was planted."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from pipeline.home.layout import Home
from pipeline.model import column_letters
from pipeline.night.inspecting import Inspected, inspect
from pipeline.reading.container import open_book
from pipeline.reading.limits import Limits
from tests.office.cases import CASES, FORMATS, QUIET, RIGHT, WRONG
from tests.office.clerk import COVER

Saved = Mapping[tuple[str, str], Path]
ROOT = Path(__file__).resolve().parents[2]


def looked(case: str, target: str, saved: Saved, home: Home) -> Inspected:
    return inspect([saved[case, target]], home, CASES[case].day)[0]


def said(seen: Inspected, *levels: str) -> set[tuple[str, str, str]]:
    return {(f.rule, f.sheet or "", f.cell or "") for f in seen.findings if seen.material.severity(f) in levels}


def shown(place: Path) -> dict[tuple[str, str], Any]:
    """(sheet, cell) -> the value LibreOffice stored, formulas' own results included."""
    book = open_book(place.name, place.read_bytes(), Limits())[0]
    return {
        (s.name, f"{column_letters(s.origin[1] + j)}{s.origin[0] + i}"): value
        for s in book.sheets for i, row in enumerate(s.rows) for j, value in enumerate(row) if value not in ("", None)
    }  # fmt: skip


@pytest.mark.parametrize(("case", "target"), RIGHT)
def test_filled_right_nothing_is_said(case: str, target: str, saved: Saved, home: Home) -> None:
    seen = looked(case, target, saved, home)
    assert [d.outcome for d in seen.documents] == ["readable"]
    assert said(seen, "error", "warning") == set()
    assert {f.rule for f in seen.findings} <= QUIET
    assert seen.documents[0].marks.agree >= 2 and list(seen.units.values()) == ["YL001"]


@pytest.mark.parametrize(("case", "target"), WRONG)
def test_filled_wrong_exactly_what_was_planted(case: str, target: str, saved: Saved, home: Home) -> None:
    assert said(looked(case, target, saved, home), "error", "warning") == CASES[case].planted


@pytest.mark.parametrize("case", ["F2 zero", "F2 nothing"])
def test_an_answer_that_does_not_fit_leads_to_the_cover(case: str, saved: Saved, home: Home) -> None:
    """SHT-018 stands on the sheet and names the cell of the cover's answer; silence asks, a contradiction is an error."""
    seen = looked(case, "xlsx", saved, home)
    (found,) = [f for f in seen.findings if f.rule == "SHT-018"]
    assert seen.material.severity(found) == ("error" if case == "F2 zero" else "warning")
    assert [(p.sheet, p.cell) for p in found.related] == [(COVER, "C19")]


@pytest.mark.parametrize("target", FORMATS)
def test_what_a_container_hides_is_not_called_passed(target: str, saved: Saved, home: Home) -> None:
    """xls hides notes and formulas without a result from us: those rules could not run there, all others did."""
    seen = looked("F1 wrong", target, saved, home)
    blind = {
        c.rule
        for c in seen.material.coverage
        if saved["F1 wrong", target].as_posix() in c.subjects and c.verdict == "could_not_run" and "hidden" not in c.why
    }
    symptoms = {
        r.id for r in seen.material.book.rules.values() if r.params.get("symptom") in seen.documents[0].cannot_see
    }
    assert symptoms <= blind
    assert symptoms == {"xlsx": set(), "xls": {"WBK-016"}, "ods": set()}[target]


@pytest.mark.parametrize("target", FORMATS)
def test_all_forms_of_a_school_together(target: str, saved: Saved, home: Home, tmp_path: Path) -> None:
    """`wennuan check` of everything the school sends: nothing to mend, exit 0, so the forms agree with one another too."""
    files = [tmp_path / f"{case.split()[0]}.{target}" for case in CASES if case.endswith("right")]
    for case, place in zip([c for c in CASES if c.endswith("right")], files, strict=True):
        shutil.copy(saved[case, target], place)
    command = [
        sys.executable,
        "-m",
        "pipeline",
        "--home",
        str(home.root),
        "check",
        *map(str, files),
        "--json",
        "--as-of",
        "2020-02-25",
    ]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    told = json.loads(done.stdout)["files"]
    assert [(f["outcome"], f["unit"], {x["rule"] for x in f["findings"]} - QUIET) for f in told] == [
        ("readable", "YL001", set())
    ] * len(files)
    assert done.returncode == 0


# -- what LibreOffice computed -------------------------------------------------------------------------------


@pytest.mark.parametrize("target", FORMATS)
def test_formulas_of_forms_filled_right(target: str, saved: Saved) -> None:
    f1, f2, f3 = (shown(saved[f"{form} right", target]) for form in ("F1", "F2", "F3"))
    assert [f1["申报表", f"T{row}"] for row in (6, 7, 8)] == ["√"] * 3 and ("申报表", "T9") not in f1
    assert [f1["申报表", f"A{row}"] for row in (6, 7, 8)] == [1, 2, 3]
    assert f1["申报表", "P26"] == 5500.5
    assert [f1["家庭经济", f"B{row}"] for row in (6, 7, 8)] == ["王建国", "陈桂芳", "赵文斌"]
    assert [round(f1["家庭经济", f"G{row}"], 2) for row in (6, 7, 8)] == [1833.32, 1666.67, 833.33]
    assert f1[COVER, "D19"].startswith("√")
    assert f2["汇总表", "K6"] == 5600.75 and f2["汇总表", "P6"] == "√" and f2["汇款单据", "I6"] == "√"
    assert [v for (sheet, cell), v in f2.items() if sheet == "汇总表" and cell == "K18"] == [5600.75]
    assert [f3["发放登记", f"J{row}"] for row in range(6, 11)] == [
        "叁仟元整",
        "捌佰元整",
        "伍佰元整",
        "壹仟元整",
        "贰仟元整",
    ]
    assert [f3["发放登记", f"U{row}"] for row in range(6, 11)] == ["√"] * 5
    assert {f3["发放登记", f"G{row}"] for row in range(6, 11)} == {"区级"} and f3["发放登记", "I11"] == 7300


@pytest.mark.parametrize("target", FORMATS)
def test_the_form_itself_says_what_is_wrong(target: str, saved: Saved) -> None:
    """The sentences of experience 3.5, before anything is sent."""
    seen = shown(saved["F1 wrong", target])
    tips = {row: seen["申报表", f"T{row}"] for row in range(6, 20)}
    assert tips == {
        6: "× 与本表第12行重复",
        7: "× 证件号码校验码或出生日期不符，请核对证件",
        8: "× 证件号码须为文本，请先设为文本格式再重新录入",
        9: "× 未填：人员身份",
        10: "× 困难类别请从下拉列表选",
        11: "× 申请金额须为大于0的数字",
        12: "× 与本表第6行重复",
        13: "√",
        14: "× 告知承诺须选☑",
        15: "× 手机号码应为11位手机号",
        16: "× 有出错的单元格（如#DIV/0!），请改为数值",
        17: "× 申请金额须为大于0的数字",
        18: "× 困难情况说明至少写10个字",
        19: "× 证件号码应为18位半角字符，现15位",
    }
    (top,) = (v for (sheet, cell), v in seen.items() if sheet == "申报表" and cell[1:] == "3" and "待改" in v)
    assert not [
        v for v in (top, seen[COVER, "D19"]) if "#" in v or "14" not in v
    ]  # one error cell spoils no line on top
    f3 = shown(saved["F3 wrong", target])
    assert f3["发放登记", "U7"] == "× 发放方式请从下拉列表选" and f3["发放登记", "U9"] == "× 未填：实发金额"
