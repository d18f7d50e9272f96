"""What the office decides, end to end: a path names a file, a slip of the pen is told at its cell, an addition counts nobody twice."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from pipeline.home.schemas import error_text
from pipeline.model import Night, WennuanError
from tests.night.conftest import copy_of, found, run, wennuan

Ran = tuple[Path, Night]
HEAD = ("决定编号", "种类", "对象", "归属单位", "日期")
DAY = date(2020, 1, 16)


def sent_again(home: Path) -> list[str]:
    """The first unit's forms once more, saved by another program: the same rows in other bytes."""
    paths = []
    for place in sorted((home / "inbox").glob("F[123]_*.xlsx"))[::4]:
        book = openpyxl.load_workbook(place)
        book.properties.title = "2"
        (home / "inbox" / "补报").mkdir(exist_ok=True)
        book.save(home / "inbox" / "补报" / place.name)
        paths.append(f"补报/{place.name}")
    return paths


def decide(home: Path, *rows: tuple[object, ...]) -> None:
    book = openpyxl.Workbook()
    book.active.title = "其他决定"
    for row in (("其他决定",), HEAD, *rows):
        book.active.append(row)
    book.save(home / "inbox" / "_decisions" / "决定.xlsx")


def test_decisions_by_path_and_by_mistake(clean_night: Ran, tmp_path: Path) -> None:
    home = copy_of(clean_night[0], tmp_path / "home")
    paths = sent_again(home)
    added = [(f"甲-{i}", "追加（补报）", path, None, DAY) for i, path in enumerate(paths)]
    decide(home, *added, ("甲-8", "撤回", "a1b2c3d4e5f6", None, DAY), ("甲-9", "认领", paths[0], "没有这个小学", DAY))
    again = run(home)

    entries = found(again)
    lost = [(f["file"], f["sheet"], f["cell"], f["severity"], f["cure"]) for f in entries if f["rule"] == "WBK-028"]
    assert lost == [("_decisions/决定.xlsx", "其他决定", cell, "warning", "D") for cell in ("C6", "D7")]
    assert len(paths) == 3
    assert {f["file"] for f in entries if f["rule"] == "SHT-007"} == set(paths)
    assert again.record["files"]["held"] == 0
    before, now = (n.record["totals"]["accepted"] for n in (clean_night[1], again))
    assert {k: now[k] for k in before} == before


@pytest.mark.parametrize("command", [("run",), ("doctor",), ("check", "season.toml")])
def test_a_misspelt_name_in_the_season_stops_every_command(
    clean_home: Path, tmp_path: Path, command: tuple[str, ...]
) -> None:
    home = copy_of(clean_home, tmp_path / "home")
    text = (home / "season.toml").read_text(encoding="utf-8")
    (home / "season.toml").write_text(text.replace("publicity_days", "publicity_dys"), encoding="utf-8")
    line = next(n for n, said in enumerate(text.split("\n"), 1) if said.startswith("publicity_days"))
    given = [str(home / part) if part.endswith(".toml") else part for part in command]
    with pytest.raises(WennuanError) as refused:
        wennuan("--home", str(home), *given)
    message, _ = error_text(refused.value)
    assert refused.value.code == 2
    assert f"第{line}行" in message and "“publicity_days”" in message


LINE = ("决定编号", "种类", "对象", "日期", "撤销")


def write(home: Path, name: str, sheet: str, *rows: tuple[object, ...]) -> None:
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in ((sheet,), LINE, *rows):
        book.active.append(row)
    book.save(home / "inbox" / "_decisions" / name)


def test_a_line_counts_as_it_arrived_last_whatever_sheet_it_stands_on(clean_night: Ran, tmp_path: Path) -> None:
    home = copy_of(clean_night[0], tmp_path / "home")
    path = next((home / "inbox").glob("F2_*.xlsx")).name

    def withdrawn(day: int) -> int:
        return int(run(home, date(2020, 1, day)).record["files"]["withdrawn"])

    write(home, "待核查.xlsx", "文件认领", ("RL-1", "撤回", path, DAY, None))
    assert withdrawn(16) == 1
    write(home, "待核查.xlsx", "其他决定", ("RL-1", "撤回", path, DAY, "☑"))
    assert withdrawn(17) == 0
    write(home, "待核查.xlsx", "文件认领", ("RL-1", "撤回", path, date(2020, 1, 18), None))
    assert withdrawn(18) == 1
    write(home, "新.xlsx", "其他决定", ("RL-1", "撤回", path, date(2020, 1, 18), None))  # as the night renewed it
    write(home, "待核查.xlsx", "文件认领", ("RL-1", "撤回", path, date(2020, 1, 18), "☑"))
    assert withdrawn(19) == 0
    write(
        home, "新.xlsx", "其他决定", ("RL-1", "撤回", path, date(2020, 1, 18), None), ("RL-2", None, None, None, None)
    )
    assert withdrawn(20) == 0  # saved again, nothing new about the line
    write(home, "新.xlsx", "其他决定", ("RL-1", "撤回", path, date(2020, 1, 21), None))
    assert withdrawn(21) == 1
