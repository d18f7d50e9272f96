"""Files as schools really send them, through `wennuan check` beside a home: whose they are and what is read from them."""

from __future__ import annotations

import csv
import shutil
import subprocess
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.night.conftest import wennuan

F2 = [
    "部门",
    "教职工数",
    "捐款人数",
    "一日捐",
    "千万人帮万家",
    "蓝天下的至爱",
    "老年基金会",
    "拥军优属",
    "教育系统帮困",
    "合计",
]
ROWS = [["语文组", 30, 29, 1000, 200, 400, 100, 100, 200, 2000], ["数学组", 20, 20, 500, 100, 200, 50, 50, 100, 1000]]


def looked_at(home: Path, *files: Path) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = wennuan("--home", str(home), "check", *map(str, files))[1]["files"]
    return entries


def table(path: Path, title: str, *top: list[Any]) -> Path:
    book = openpyxl.Workbook()
    page = book.active
    for line in ([title], *top, F2, *ROWS):
        page.append(line)
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


CODE, NAME = "YL001", "样例青溪小学"


@pytest.mark.parametrize("spelling", ["{}附属幼儿园募捐表.xlsx", "新{}.xlsx", "{}附小/募捐表.xlsx"])
def test_a_file_named_after_a_longer_name_is_nobodys(clean_home: Path, tmp_path: Path, spelling: str) -> None:
    longer, own = spelling.format(NAME), f"2020{NAME}捐款.xlsx"
    files = [table(tmp_path / path, "联合募捐汇总表") for path in (longer, own)]
    assert [f["unit"] for f in looked_at(clean_home, *files)] == [None, CODE]


def test_a_title_with_a_longer_name_is_nobodys(clean_home: Path, tmp_path: Path) -> None:
    files = [table(tmp_path / f"a{len(n)}.xlsx", f"{NAME}{n}2020年联合募捐汇总表") for n in ("分校", "")]
    told = looked_at(clean_home, *files)
    assert [f["unit"] for f in told] == [None, CODE]
    assert "WBK-008" in {f["rule"] for f in told[0]["findings"]}


def with_sums(folder: Path, label: str | None) -> Path:
    """A table whose last row holds nothing but sums."""
    path = table(folder / f"{NAME}.xlsx", "联合募捐汇总表")
    book = openpyxl.load_workbook(path)
    book.active.append([label, *map(sum, zip(*(row[1:] for row in ROWS), strict=True))])
    book.save(path)
    return path


def told(home: Path, file: Path) -> list[tuple[str, str | None]]:
    """What is found, the kind of container and its blind spots aside."""
    found = looked_at(home, file)[0]["findings"]
    return sorted((f["rule"], f["cell"]) for f in found if not f["rule"].startswith("WBK-"))


@pytest.mark.parametrize("label", [None, "全校"])
def test_a_row_of_sums_is_one_in_every_kind_of_file(clean_home: Path, tmp_path: Path, label: str | None) -> None:
    """.xls keeps whole numbers apart from others, a csv holds texts only."""
    made = with_sums(tmp_path, label)
    expected = told(clean_home, made)
    assert ("SHT-011", None) in expected and not [f for f in expected if f[0] in {"CEL-001", "SHT-024"}]
    plain = made.with_suffix(".csv")
    with plain.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(openpyxl.load_workbook(made).active.iter_rows(values_only=True))
    assert told(clean_home, plain) == expected
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("LibreOffice (soffice) is not installed: .xls and .ods were NOT compared")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    for kind in ("xls", "ods"):
        command = [soffice, profile, "--headless", "--convert-to", kind, "--outdir", str(tmp_path / "out"), str(made)]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
        assert told(clean_home, tmp_path / "out" / f"{NAME}.{kind}") == expected
