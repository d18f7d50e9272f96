"""`forms` and `register` through the door: workbooks per unit and stage, registers blank or made from other people's tables."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

from pipeline.cli.main import group
from pipeline.home.layout import open_home
from pipeline.model import WennuanError
from pipeline.writing.plain import PlainBook, PlainSheet, plain_workbook


def wennuan(home: Path, *args: object) -> Result:
    return CliRunner().invoke(
        group, ["--home", str(home), *map(str, args)], standalone_mode=False, catch_exceptions=False
    )


def told(home: Path, *args: object) -> Any:
    return json.loads(wennuan(home, *args, "--json").stdout)


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("clean") / "home"
    wennuan(home, "demo", home, "--units", 2, "--clean")
    return home


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    wennuan(tmp_path, "init", tmp_path / "home")
    return tmp_path / "home"


def rows(path: Path, sheet: int | str = 0, first: int = 6) -> list[list[Any]]:
    book = openpyxl.load_workbook(path)
    page = book.worksheets[sheet] if isinstance(sheet, int) else book[sheet]
    return [list(r) for r in page.iter_rows(min_row=first, values_only=True)]


def test_one_workbook_per_unit_and_stage(clean: Path, tmp_path: Path) -> None:
    made = told(clean, "forms", "--out", tmp_path)
    assert sorted((m["unit"], m["form"]) for m in made) == sorted(
        (u, f) for u in ("YL001", "YL002") for f in ("F1", "F2", "F3", "F4", "F5")
    )
    assert {m["path"] for m in made} == {str(p) for p in tmp_path.iterdir()}


def test_what_the_office_knows_is_filled_in(clean: Path, tmp_path: Path) -> None:
    told(clean, "forms", "--stage", "摸底申报", "--stage", "发放登记", "--unit", "yl001", "--out", tmp_path)
    first, third = sorted(tmp_path.iterdir())
    last_year = [r for r in rows(first, "上年对象去向") if r[0] and r[1]]
    assert last_year
    assert all(len(r[1]) == 4 and r[2] and r[3] for r in last_year), "tail, category, amount from R3"
    paid = [r for r in rows(third, "发放登记") if r[1] and r[2]]
    assert paid
    assert all(r[7] for r in paid), "the decided amount from the balance sheet"


def test_without_units_one_blank_set_and_one_word_about_it(bare: Path) -> None:
    result = wennuan(bare, "forms")
    assert sorted(p.name.split("_")[0] for p in (bare / "forms").iterdir()) == ["F1", "F2", "F3", "F4F5"]
    assert result.stderr.count("R1") == 2  # what is absent, and the command that makes it
    assert result.stderr.count("▲") == 1


@pytest.mark.parametrize(
    ("args", "key"),
    [
        (("forms", "--stage", "没有这一批"), "no_such_stage"),
        (("forms", "--form", "F9"), "no_such_form"),
        (("forms", "--unit", "YL999"), "no_such_unit"),
        (("register", "R99"), "no_such_register"),
        (("register", "R5", "--from", "x.xlsx"), "not_foreign"),
        (("register", "R1", "--from", "没有.xlsx"), "cannot_open"),
    ],
)
def test_what_nobody_knows_is_refused(clean: Path, args: tuple[str, ...], key: str) -> None:
    with pytest.raises(WennuanError) as refused:
        wennuan(clean, *args)
    assert refused.value.key == key


def test_all_registers_come_in_three_workbooks_and_never_over_filled_ones(bare: Path) -> None:
    made = told(bare, "register", "--all")
    assert [Path(p).name for p in made] == ["单位与别名.xlsx", "人员.xlsx", "资金与走访.xlsx"]
    with pytest.raises(WennuanError) as refused:
        wennuan(bare, "register", "--all")
    assert refused.value.key == "file_exists"


def test_an_address_list_becomes_the_register_of_units_and_last_year_follows(bare: Path, tmp_path: Path) -> None:
    """A title, a blank line, headers of their own, a total line; then last year's summary by unit name."""
    book = {
        (1, 1): "学校通讯录", (3, 1): "序号", (3, 2): "学校名称", (3, 3): "联系电话", (4, 1): 1, (4, 2): "样例甲小学", (4, 3): "13800138000",
        (5, 1): 2, (5, 2): "样例乙小学", (5, 3): "021-99000001", (6, 1): "合计", (6, 2): "2所",
    }  # fmt: skip
    (tmp_path / "通讯录.xlsx").write_bytes(plain_workbook(PlainBook({"表": PlainSheet(book)})))
    (tmp_path / "去年.csv").write_bytes(
        "学校,姓名,身份证号,补助金额\r\n样例乙小学,张三,11010519491231002X,1000\r\n".encode("gbk")
    )
    (made,) = told(bare, "register", "R1", "--from", tmp_path / "通讯录.xlsx")
    assert [r[:3] for r in rows(Path(made)) if r[1]][:2] == [
        ["001", "样例甲小学", "13800138000"],
        ["002", "样例乙小学", "021-99000001"],
    ]
    told(bare, "register", "R3", "--from", tmp_path / "去年.csv")
    home = open_home(bare)
    assert sorted(p.name for p in (home.inbox / "_district").iterdir()) == ["R1_单位名录.xlsx", "R3_困难教工底册.xlsx"]
    told(bare, "forms", "--stage", "摸底申报", "--unit", "002", "--out", tmp_path / "out")
    (form,) = (tmp_path / "out").iterdir()
    assert rows(form, "上年对象去向")[0][:2] == ["张三", "002X"]
