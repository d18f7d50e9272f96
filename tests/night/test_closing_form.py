"""F4 confirms, it does not retype: what the newest night accepted and what last year's register says stand in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipeline.home.layout import open_home
from pipeline.model import Night
from pipeline.night.looking import office_now
from tests.night.conftest import wennuan

Ran = tuple[Path, Night]


def closing(home: Path, out: Path) -> dict[str, Mapping[str, tuple[Any, Any]]]:
    """unit -> code -> (本年, 上年)"""
    _, made = wennuan("--home", str(home), "forms", "--stage", "汇总总结", "--out", str(out))
    assert [m["form"] for m in made] == ["F4", "F5"] * (len(made) // 2), "one entry per form, not per file"
    found = {}
    for entry in made[::2]:
        rows = openpyxl.load_workbook(entry["path"])["数据汇总"].iter_rows(min_row=6, values_only=True)
        found[entry["unit"]] = {r[0]: (r[3], r[4]) for r in rows if r[0]}
    return found


@pytest.fixture(scope="module")
def told(clean_night: Ran, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Mapping[str, tuple[Any, Any]]]:
    return closing(clean_night[0], tmp_path_factory.mktemp("closing"))


def test_this_year_is_what_the_newest_night_accepted(clean_night: Ran, told: Mapping[str, Any]) -> None:
    totals = clean_night[1].record["totals"]["accepted"]
    wanted = {
        "B01": totals["people"]["F1"],
        "C01": totals["people"]["F3"],
        "C03": totals["amount_fen"]["F3"]["total"] / 100,
        "E03": totals["donations_fen"]["total"] / 100,
        "E04": totals["slips_fen"] / 100,
        "E01": totals["donors"],
    }
    assert {code: sum(lines[code][0] for lines in told.values()) for code in wanted} == wanted
    for lines in told.values():
        assert lines["B01"][0] == sum(lines[code][0] for code in ("B02", "B03", "B04", "B05"))
        assert lines["B01"][0] == sum(lines[code][0] for code in ("B06", "B07", "B08"))
        assert lines["C31"][0] == lines["C32"][0] == 0, "all that was decided was paid out"
        assert lines["E02"][0] == pytest.approx(100 * lines["E01"][0] / lines["A01"][0], abs=0.005)
        assert {lines[f"G0{n}"][0] for n in range(1, 6)} == {None}, "the school's own figures"


def test_last_year_is_what_its_register_says(clean_night: Ran, told: Mapping[str, Any]) -> None:
    rows = office_now(open_home(clean_night[0]), date(2020, 1, 16))[2].registers["R3"].rows
    for unit, lines in told.items():
        mine = [r for r in rows if r.get("unit_code") == unit and r.get("season") == 2019]
        assert lines["B01"][1] == len(mine) > 0
        assert lines["C03"][1] == sum(r.get("amount") for r in mine) / 100
        assert lines["E03"][1] is None, "nobody kept it: not a nought"


def test_a_form_that_was_not_accepted_leaves_its_lines_blank(messy_night: Ran) -> None:
    record = json.loads((Path(messy_night[1].folder) / "run.json").read_bytes())
    states = {(s["unit"], s["form"]): s["state"] for s in record["states"]}
    silent = [unit for unit, form in states if form == "F1" and states[unit, form] in {"逾期未报", "退回", "打不开"}]
    zero = [unit for unit, form in states if form == "F1" and states[unit, form] == "零报告"]
    assert silent and zero
    assert not any("B01" in record["lines"].get(unit, {}) for unit in silent)
    assert all(record["lines"][unit]["B01"] == "0" for unit in zero)
