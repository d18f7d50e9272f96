"""`status` says what the night's papers say."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipeline.cli.main import group
from pipeline.model import Night
from tests.night.conftest import run, wennuan

Ran = tuple[Path, Night]
SILENT = {"未报", "逾期未报"}


def status(home: Path, *args: str) -> Result:
    return CliRunner().invoke(
        group, ["--home", str(home), "status", *args], standalone_mode=False, catch_exceptions=False
    )


@pytest.fixture(scope="module")
def stray(clean_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One school's form and no register of units."""
    home = tmp_path_factory.mktemp("stray") / "home"
    wennuan("init", str(home))
    shutil.copy2(min((clean_home / "inbox").rglob("*.xlsx"), key=lambda p: ("_d" in str(p), p)), home / "inbox")
    run(home)
    return home


def test_without_a_register_of_units_nobody_is_missing(stray: Path) -> None:
    told = status(stray, "--json", "--as-of", "2020-03-01")
    rows = json.loads(told.stdout)
    assert [r["unit"] for r in rows if r["state"] == "已通过"] and not [r for r in rows if r["state"] in SILENT]
    assert "谁未报未能判断" in told.stderr
    assert "未报：未能判断" in status(stray).stdout
    record = json.loads(next((stray / "outbox/nights").glob("*/run.json")).read_bytes())
    assert not SILENT & set(record["units"]["by_state"])


def test_with_one_they_are(clean_night: Ran) -> None:
    told = status(clean_night[0], "--json", "--as-of", "2020-03-01")
    missing = [r for r in json.loads(told.stdout) if r["state"] == "逾期未报"]
    assert missing and all("已过截止日期" in r["reminder"] and r["unit"] != r["reminder"] for r in missing)
    assert "未能判断" not in told.stderr
