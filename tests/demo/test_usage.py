"""What a clerk sees who asks for help or types something wrong: Chinese, one line, what to do instead, exit code 2."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree

import click
import pytest
from click.testing import CliRunner

from pipeline.cli import demo_command
from pipeline.cli.main import _guarded, group
from pipeline.cli.talk import Talk
from pipeline.home.founding import found_home

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = group.list_commands(click.Context(group))
NAMES = {"wennuan", "systemd", "cron", "windows", "JSON", "Excel", "Windows", "Markdown", "Dask"}


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return found_home(tmp_path_factory.mktemp("bare") / "home").root


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_speaks_chinese(command: str) -> None:
    told = CliRunner().invoke(group, [*command.split(), "--help"], prog_name="wennuan").stdout
    prose = re.sub(
        r"--?[a-z][a-z-]*|[a-z.-]+/|\S+\.(?:xlsx|toml|xml)|tcp://\S+|inbox/\S*|[A-Z]:\\\S*", " ", told.split("例：")[0]
    )
    english = set(re.findall(r"[A-Za-z]{3,}", prose)) - NAMES - set(COMMANDS)
    assert not english, f"{command}: {english}"
    assert "<=" not in told and "[OPTIONS]" not in told and told.startswith("用法：")


WRONG = [
    (("schedule", "--at", "25:00", "cron"), ("--at", "25:00", "23:59")),
    (("schedule", "foo"), ("foo", "systemd、cron、windows")),
    (("run", "--as-of", "2020-13-01"), ("--as-of", "2020-13-01", "2020-01-16")),
    (("demo", "x", "--units", "0"), ("--units", "“0”", "1 到 300")),
    (("demo",), ("缺少", "目录", "wennuan demo --help")),
    (("forms", "--unit"), ("--unit", "需要一个值")),
    (("explian", "CEL-001"), ("explian", "explain")),
    (("run", "--exitzero"), ("--exitzero", "--exit-zero")),
    (("status", "多余"), ("多余",)),
    (("prove", "NOPE"), ("没有规则 NOPE",)),
    (("prove", "MNY-003"), ("MNY-003", "拟定")),
    (("register", "R99"), ("R1 单位名录", "R13 走访安排")),
    (("register", "R5", "--from", "x.xlsx"), ("R1 单位名录", "R3 困难教工底册")),
    (("forms", "--form", "F9"), ("F9", "F1、F2、F3、F4、F5")),
    (("verify", "NOPE"), ("NOPE", "outbox/nights")),
]


@pytest.mark.parametrize(("args", "said"), WRONG, ids=lambda a: "-".join(a) if isinstance(a, tuple) else "")
def test_wrong_usage_is_one_line_with_a_remedy(
    bare: Path, capsys: pytest.CaptureFixture[str], args: tuple[str, ...], said: tuple[str, ...]
) -> None:
    assert _guarded(["--home", str(bare), *args], Talk()) == 2
    line = capsys.readouterr().err.strip()
    assert len(line.splitlines()) == 1 and line.startswith("× ")
    assert all(word in line for word in said), line
    assert _guarded(["--home", str(bare), args[0], "--json", *args[1:]], Talk(as_json=True)) == 2
    error = json.loads(capsys.readouterr().out)["error"]
    assert error["code"] and error["message"] in line and error["remedy"] in line and error["remedy"]


def test_what_is_no_folder_is_the_disk_s_fault_not_ours(bare: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert _guarded(["--home", str(bare), "book", "--out", str(tmp_path / "file" / "x")], Talk()) == 5


def test_a_fault_is_logged_in_the_home_being_made_never_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    monkeypatch.setattr(demo_command, "sample_district", broken)
    assert _guarded(["demo", "new"], Talk()) == 70
    assert (tmp_path / "new/outbox/logs/wennuan.log").is_file() and not (tmp_path / "outbox").exists()
    monkeypatch.setattr(demo_command, "found_home", broken)
    assert _guarded(["demo", "other"], Talk()) == 70
    assert (tmp_path / "tmp/wennuan/logs/wennuan.log").is_file()
    assert {p.name for p in tmp_path.iterdir()} == {"new", "tmp"}


def test_a_task_for_windows_is_a_file_its_importer_can_read(bare: Path, tmp_path: Path) -> None:
    """The importer believes the declared encoding; a console would write another one."""
    place = tmp_path / "任务.xml"
    assert _guarded(["--home", str(bare), "schedule", "windows", "--at", "21:05", "--out", str(place)], Talk()) == 0
    task = ElementTree.fromstring(place.read_bytes())
    assert [e.text for e in task.iter() if e.tag.endswith("StartBoundary")] == ["2020-01-01T21:05:00"]
    assert str(bare) in "".join(task.itertext())


def test_the_printed_cron_line_runs_from_anywhere_and_without_our_shell(
    bare: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nothing is installed, what runs us is on PYTHONPATH; a scheduler knows neither it nor our folder."""
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert _guarded(["--home", str(bare), "schedule", "cron"], Talk()) == 0
    line = capsys.readouterr().out.strip().split(" ", 5)[5]
    assert f"{ROOT}{os.pathsep}{tmp_path}" in line
    doctor = line.replace("run --quiet --exit-zero --no-color", "explain XRG-003")
    done = subprocess.run(["/bin/sh", "-c", doctor], cwd="/", env={}, capture_output=True, check=False)
    assert (done.returncode, b"XRG-003" in done.stdout) == (0, True), done.stderr.decode()


@pytest.mark.parametrize("console", ["ascii", "gbk"])
def test_a_locale_without_chinese_signs_reads_our_file_names_all_the_same(bare: Path, console: str) -> None:
    """Where Python is told not to speak UTF-8 by itself, it begins again; a console that has the signs keeps its encoding."""
    told = {"PYTHONUTF8": "0", "LC_ALL": "C", **({} if console == "ascii" else {"PYTHONIOENCODING": console})}
    command = [sys.executable, "-m", "pipeline", "--home", str(bare), "explain", "CEL-013"]
    done = subprocess.run(command, cwd=ROOT, env=told, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert "证件号码" in done.stdout.decode("utf-8" if console == "ascii" else console)


@pytest.mark.parametrize(("kind", "percent"), [("systemd", "%%"), ("cron", "\\%")])
def test_a_percent_sign_of_a_path_is_no_command(
    bare: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str, percent: str
) -> None:
    """systemd reads %h as a home folder, cron everything behind a % as input."""
    home = shutil.copytree(bare, tmp_path / "100%home")
    assert _guarded(["--home", str(home), "schedule", kind], Talk()) == 0
    printed = capsys.readouterr().out
    assert str(home).replace("%", percent) in printed
    assert "%" not in printed.replace(percent, "")


def test_before_the_first_night_the_forms_say_what_is_not_prefilled(
    bare: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (bare / "inbox/_district/名录.csv").write_text(
        "单位代码,单位名称,联系电话\n001,甲小学,021-99000001\n", encoding="utf-8-sig"
    )
    assert _guarded(["--home", str(bare), "forms", "--form", "F4", "--out", str(tmp_path)], Talk()) == 0
    assert capsys.readouterr().err.count("还没有汇总过") == 1
