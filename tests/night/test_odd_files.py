"""Files as schools really send them, through `wennuan check` beside a home: whose they are and what is read from them."""

from __future__ import annotations

import csv
import shutil
import subprocess
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.night.conftest import copy_of, found, run, wennuan

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


@pytest.mark.parametrize(("unit", "spot"), [("元", []), ("万元", ["A1"])])
def test_a_unit_of_money_in_the_title_is_no_school(
    clean_home: Path, tmp_path: Path, unit: str, spot: list[str]
) -> None:
    file = table(tmp_path / "募捐.xlsx", f"2020年联合募捐汇总表（单位：{unit}）", [f"填报单位：{NAME}"])
    (seen,) = looked_at(clean_home, file)
    assert (seen["unit"], [f["cell"] for f in seen["findings"] if f["rule"] == "SHT-016"]) == (CODE, spot)


def test_a_unit_of_money_on_the_cover_holds_the_file(clean_home: Path, tmp_path: Path) -> None:
    own = next((clean_home / "inbox").rglob("F1*.xlsx"))
    book = openpyxl.load_workbook(own)
    spot = next(c for row in book["封面"].iter_rows() for c in row if c.value == "金额单位")
    book["封面"].cell(spot.row, spot.column + 1).value = "万元"
    book.save(tmp_path / "f1.xlsx")
    (seen,) = looked_at(clean_home, tmp_path / "f1.xlsx")
    errors = [(f["rule"], f["sheet"], f["cell"]) for f in seen["findings"] if f["severity"] == "error"]
    assert errors == [("SHT-016", "封面", book["封面"].cell(spot.row, spot.column + 1).coordinate)]


def test_a_file_of_nobody_is_told_once(clean_home: Path, tmp_path: Path) -> None:
    """Blank label, no label, two units in a column: one finding each, in the cell where there is one."""
    blank = table(tmp_path / "a.xlsx", "联合募捐汇总表", ["填报单位：________"])
    bare = table(tmp_path / "b.xlsx", "联合募捐汇总表")
    told = [[(f["rule"], f["cell"]) for f in seen["findings"] if f["severity"] == "error" and f["rule"] != "SHT-001"]
            for seen in looked_at(clean_home, blank, bare)]  # fmt: skip
    assert told == [[("WBK-008", "B2")], [("WBK-008", None)]]


def test_one_school_name_over_the_code_and_marks_of_another(clean_home: Path, tmp_path: Path) -> None:
    """Only the name on the cover was changed: the file is nobody's, and the finding says where each unit was read."""
    book = openpyxl.load_workbook(next((clean_home / "inbox").rglob("F1*青溪小学*.xlsx")))
    spot = next(c for row in book["封面"].iter_rows() for c in row if c.value == NAME)
    spot.value = "样例云帆幼儿园"
    book.save(tmp_path / "f1.xlsx")
    (seen,) = looked_at(clean_home, tmp_path / "f1.xlsx")
    found = next(f for f in seen["findings"] if f["rule"] == "WBK-009")
    assert (seen["unit"], found["severity"], found["cell"]) == (None, "error", spot.coordinate)
    assert found["message"] == "表内代码、识别标记为“青溪小学”，表内名称为“云帆幼儿园”，不一致"


def test_a_school_name_in_traditional_characters(clean_home: Path, tmp_path: Path) -> None:
    (seen,) = looked_at(clean_home, table(tmp_path / "a.xlsx", "联合募捐汇总表", [f"填报单位：{CODE}样例青溪小學"]))
    assert seen["unit"] == CODE


def with_sums(folder: Path, label: str | None) -> Path:
    """A table whose last row holds nothing but sums."""
    path = table(folder / f"{NAME}.xlsx", "联合募捐汇总表")
    book = openpyxl.load_workbook(path)
    book.active.append([label, *map(sum, zip(*(row[1:] for row in ROWS), strict=True))])
    book.save(path)
    return path


def told(home: Path, file: Path) -> list[tuple[str, str | None]]:
    """What is found, the kind of container and its blind spots aside."""
    seen = looked_at(home, file)[0]["findings"]
    return sorted((f["rule"], f["cell"]) for f in seen if not f["rule"].startswith("WBK-"))


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


WIDE = ["部门", "教职工总数", "捐款人数", "募捐金额（元）", None, None, None, "专人负责人", "登记造册"]
BELOW = [None, None, None, "工会一日捐", "千万人帮万家", "蓝天下的至爱", "合计", None, None]


@pytest.fixture(scope="module")
def lump_home(clean_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A district that asks for one sum instead of six channels."""
    home = copy_of(clean_home, tmp_path_factory.mktemp("lump") / "home")
    season = home / "season.toml"
    text = season.read_text(encoding="utf-8")
    assert 'channels = "by_unit"' in text
    season.write_text(text.replace('channels = "by_unit"', 'channels = "lump"'), encoding="utf-8")
    return home


def by_channels(path: Path, total: bool, merged: bool) -> Path:
    """The table of another season: the group's title over its channels, with or without their total."""
    book = openpyxl.Workbook()
    page = book.active
    for line in ([f"{NAME}联合募捐汇总表"], WIDE, BELOW, ["全校", 50, 49, 1500, 300, 600, 2400, "王某某", "☑"]):
        page.append(line)
    if not total:
        page.delete_cols(7)
    if merged:
        for col in (1, 2, 3, *((8, 9) if total else (7, 8))):
            page.merge_cells(start_row=2, end_row=3, start_column=col, end_column=col)
        page.merge_cells(start_row=2, end_row=2, start_column=4, end_column=7 if total else 6)
    book.save(path)
    return path


@pytest.mark.parametrize("merged", [True, False])
def test_the_first_channel_is_never_the_whole_sum(lump_home: Path, tmp_path: Path, merged: bool) -> None:
    seen = looked_at(lump_home, by_channels(tmp_path / "a.xlsx", total=False, merged=merged))[0]["findings"]
    rules = {(f["rule"], f["title"]) for f in seen if f["severity"] == "error"}
    assert ("SHT-003", "捐款总额") in rules
    assert not {r for r, _ in rules} & {"CEL-001", "CEL-028"}, "the titles of the channels are no row of data"


def test_the_total_of_the_channels_is_the_sum_asked_for(lump_home: Path, tmp_path: Path) -> None:
    home = copy_of(lump_home, tmp_path / "home")
    for sent in (home / "inbox").glob("F2*"):
        sent.unlink()
    by_channels(home / "inbox" / f"F2_{NAME}.xlsx", total=True, merged=True)
    totals = run(home).record["totals"]
    assert sum(totals[k]["donations_fen"].get("total", 0) for k in ("accepted", "pending")) == 240000


@pytest.mark.parametrize(
    ("name", "form"), [("R3_困难教工底册.xlsx", "R3"), ("困难教工底册.xlsx", "R3"), ("去年.xlsx", None)]
)
def test_an_unknown_table_of_the_office_is_called_what_its_file_is_called(
    clean_home: Path, tmp_path: Path, name: str, form: str | None
) -> None:
    """Registers have columns in common; a few of them do not make last year's roster a 综合平衡表."""
    home = copy_of(clean_home, tmp_path / "home")
    book = openpyxl.Workbook()
    book.active.title = "汇总"
    book.active.append(["序号", "单位", "姓名", "身份证号", "困难类别", "致困原因", "帮困项目", "金额", "资金来源"])
    book.active.append([1, NAME, "林某", None, "相对困难", "子女上学", "助学帮困", 2000, "区教育工会"])
    (home / "inbox/_district/困难教工底册.xlsx").unlink()
    book.save(home / "inbox/_district" / name)

    told = [f for f in found(run(home)) if f["rule"] == "SHT-002"]
    assert [(f["form"], f["file"], f["sheet"]) for f in told] == [(form, f"_district/{name}", "汇总")]
