"""The offline folder for Windows: built from an embeddable Python and wheels, and the icons an officer double-clicks."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from pipeline import __version__

ROOT = Path(__file__).resolve().parents[2]
TOOL = ROOT / "tools" / "make_offline.py"
ICONS = sorted((ROOT / "windows").glob("*.cmd"))


def pinned() -> list[tuple[str, str]]:
    lines = [x for n in ("requirements.txt", "requirements-windows.txt") for x in (ROOT / n).read_text().splitlines()]
    return [tuple(x.split("==")) for x in lines if "==" in x]  # type: ignore[misc]


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("embed") / "python-3.11.9-embed-amd64.zip"
    with zipfile.ZipFile(place, "w") as package:
        for name in ("python.exe", "python3.dll", "python311.dll", "python311.zip"):
            package.writestr(name, b"MZ")
        package.writestr("python311._pth", "python311.zip\r\n.\r\n")
    return place


@pytest.fixture
def wheels(tmp_path: Path) -> Path:
    folder = tmp_path / "wheels"
    folder.mkdir()
    for name, version in pinned():
        stem = f"{name.replace('-', '_')}-{version}"
        with zipfile.ZipFile(folder / f"{stem}-py3-none-any.whl", "w") as wheel:
            wheel.writestr(f"{name}/__init__.py", b"")
            wheel.writestr(f"{stem}.data/purelib/{name}_more.py", b"1")
            wheel.writestr(f"{stem}.data/scripts/{name}.exe", b"2")
            wheel.writestr(f"{stem}.dist-info/METADATA", b"")
    return folder


def make(*args: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(TOOL), *map(str, args)], capture_output=True, text=True, check=False, cwd=ROOT
    )


def test_the_zip_is_a_home_with_the_program_in_it(embedded: Path, wheels: Path, tmp_path: Path) -> None:
    out = tmp_path / "out" / f"wennuan-{__version__}-windows.zip"
    done = make("--python", embedded, "--wheels", wheels, "--out", out)
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(out) as package:
        names = set(package.namelist())
        paths = package.read("温暖/程序/python/python311._pth").decode().split("\r\n")
        assert package.read("温暖/程序/pipeline/__main__.py") == (ROOT / "pipeline/__main__.py").read_bytes()
        assert package.read(f"温暖/{ICONS[0].name}") == ICONS[0].read_bytes()
    assert {"python311.zip", "..", "..\\lib"} <= set(paths), "the embedded Python looks nowhere else"
    wanted = {
        "season.toml",
        "schemas/forms/F1.yaml",
        "templates/unit/回执.html",
        "inbox/_district/",
        "inbox/_decisions/",
        "使用说明.txt",
    }
    inside = {
        "python/python.exe",
        "lib/click/__init__.py",
        "lib/pandas_more.py",
        "pipeline/data/schemas/forms/F1.yaml",
        "pipeline/data/season.toml",
    }
    assert {f"温暖/{n}" for n in wanted} | {f"温暖/程序/{n}" for n in inside} <= names
    assert not [n for n in names if ".secret" in n or "__pycache__" in n or (n.endswith(".exe") and "/lib/" in n)]


def test_what_is_missing_or_made_for_another_system_is_refused(embedded: Path, wheels: Path, tmp_path: Path) -> None:
    no = make("--python", ROOT / "season.toml", "--wheels", wheels)
    assert no.returncode == 2 and "python.org" in no.stderr
    next(wheels.glob("click-*")).unlink()
    lacking = make("--python", embedded, "--wheels", wheels, "--out", tmp_path / "x.zip")
    assert lacking.returncode == 2 and "click==" in lacking.stderr
    (wheels / "click-1-cp311-cp311-manylinux_2_17_x86_64.whl").write_bytes(b"")
    other = make("--python", embedded, "--wheels", wheels, "--out", tmp_path / "x.zip")
    assert other.returncode == 2 and "manylinux" in other.stderr
    assert not (tmp_path / "x.zip").exists()


@pytest.mark.parametrize("icon", ICONS, ids=lambda p: p.name[:1])
def test_an_icon_says_in_chinese_what_to_do_where_there_is_no_program(icon: Path) -> None:
    data = icon.read_bytes()
    text = data.decode("gbk")
    assert data.count(b"\n") == data.count(b"\r\n"), "cmd.exe reads CRLF"
    assert {f":{word}" for word in ("start", "nopython", "noprogram", "help")} <= set(text.split("\r\n"))
    assert {text.split(f"goto {w}")[0] != text for w in ("start", "nopython", "noprogram")} == {True}
    assert "程序\\python\\python.exe" in text and "离线包" in text
    ends = [line for line in text.split("\r\n") if line.startswith("exit /b")]
    assert text.count("pause >nul") >= len(ends) >= 2, "the window stays open, however it ends"
