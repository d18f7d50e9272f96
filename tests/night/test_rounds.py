"""第n次反馈: what the office ticked in 发送清单 counts the very night it is read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from pipeline.model import Night
from tests.night.conftest import copy_of, found, run
from tests.night.test_nights import _spoilt, forms

Ran = tuple[Path, Night]
ORDER = ("unit", "file", "sheet", "row", "rule", "field", "id")


def ticked(done: Night, home: Path) -> None:
    """The newest 发送清单, every row sent, where the office puts it."""
    book = load_workbook(Path(done.folder) / "send/发送清单.xlsx")
    sheet = book["发送清单"]
    heads = [str(c.value) for c in sheet[3]]
    sent, unit = heads.index("已发送日期") + 1, heads.index("单位代码") + 1
    for row in range(4, sheet.max_row + 1):
        if sheet.cell(row, unit).value:
            sheet.cell(row, sent).value = "2020-01-16"
    (home / "inbox/_decisions").mkdir(exist_ok=True)
    book.save(home / "inbox/_decisions/发送清单.xlsx")


def place_in_list(entry: dict[str, Any]) -> list[tuple[bool, Any]]:
    return [(entry[k] is not None, entry[k]) for k in ORDER]


def test_another_return_is_the_second_and_its_findings_stand_in_one_order(clean_night: Ran, tmp_path: Path) -> None:
    home = copy_of(clean_night[0], tmp_path / "home")
    ticked(clean_night[1], home)
    before = {p: p.read_bytes() for p in forms(home)}
    place, _, _ = _spoilt(home)
    right = before[place]
    second = run(home)
    packages = [p.name for p in (Path(second.folder) / "send").glob("*.zip")]
    assert packages and all(name.endswith("_第2次反馈.zip") for name in packages)
    letters = load_workbook(Path(second.folder) / "send/发送清单.xlsx", read_only=True)["发送清单"]
    subjects = [str(v) for row in letters.iter_rows(values_only=True) for v in row if "次反馈）" in str(v)]
    assert subjects and all("第2次反馈" in s for s in subjects)
    place.write_bytes(right)
    third = found(run(home))
    assert {f["status"] for f in third} > {"fixed"}
    assert third == sorted(third, key=place_in_list)
