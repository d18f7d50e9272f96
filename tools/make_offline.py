"""The offline zip for a Windows office: a home with the program, its pinned wheels and an embeddable Python in 程序/.

Usage: make offline EMBED=python-3.11.x-embed-amd64.zip
       python3 tools/make_offline.py --python ZIP [--wheels DIR] [--out FILE]

ZIP is the "Windows embeddable package (64-bit)" from python.org. --wheels: wheels downloaded earlier; without it pip
downloads the pins of requirements.txt and requirements-windows.txt for win_amd64 from the configured index.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from pipeline import __version__  # noqa: E402
from pipeline.home.founding import found_home  # noqa: E402

PINS = ("requirements.txt", "requirements-windows.txt")
TOP, PROGRAM = "温暖", "程序"
DATA = ("schemas", "templates", "windows")
SKIPPED = {"__pycache__", ".secret", ".gitkeep"}
SEARCH = ("..\\lib", "..")  # where the embedded Python finds the wheels and the program, seen from 程序/python
EMBEDDED = re.compile(r"python3([0-9]+)\.dll")
FETCH = "请从 python.org 下载 “Windows embeddable package (64-bit)”（3.11 或更高），再用 --python 指明。"

Files = dict[str, bytes]


class UnfitError(Exception):
    """What was given cannot become an offline folder; the text says what to do."""


def main() -> int:
    args = _arguments()
    try:
        minor, python = embedded(args.python)
        with tempfile.TemporaryDirectory() as place:
            wheels = args.wheels or download(minor, Path(place) / "wheels")
            files = assemble(python, wheels, minor, Path(place) / "home")
    except UnfitError as no:
        print(f"× {no}", file=sys.stderr)
        return 2
    args.out.parent.mkdir(parents=True, exist_ok=True)
    write(files, args.out)
    print(
        f"已生成 {args.out}（{args.out.stat().st_size >> 20} MB，{len(files)} 个文件）。解压到任意非桌面目录即可使用。"
    )
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", type=Path, required=True, metavar="ZIP")
    parser.add_argument("--wheels", type=Path, metavar="DIR")
    parser.add_argument(
        "--out", type=Path, default=ROOT / "dist" / f"wennuan-{__version__}-windows.zip", metavar="FILE"
    )
    return parser.parse_args()


def embedded(place: Path) -> tuple[int, Files]:
    """The embeddable package in; its minor version and its files, ready to find the program, out."""
    if not zipfile.is_zipfile(place):
        raise UnfitError(f"{place} 不是 zip 文件。{FETCH}")
    with zipfile.ZipFile(place) as package:
        files = {name: package.read(name) for name in package.namelist() if not name.endswith("/")}
    minor = next((int(m[1]) for name in files if (m := EMBEDDED.fullmatch(name))), 0)
    if not {"python.exe", f"python3{minor}._pth"} <= files.keys():
        raise UnfitError(f"{place} 不是可嵌入的 Python（缺少 python.exe 或 ._pth）。{FETCH}")
    files[f"python3{minor}._pth"] = "\r\n".join([f"python3{minor}.zip", ".", *SEARCH, ""]).encode()
    return minor, files


def download(minor: int, to: Path) -> Path:
    """Every pin as a wheel for 64-bit Windows; nothing is built here."""
    command = [sys.executable, "-m", "pip", "download", "-q", "--disable-pip-version-check", "--no-deps", "-d", str(to)]
    command += [
        "--only-binary=:all:",
        "--platform",
        "win_amd64",
        "--implementation",
        "cp",
        "--python-version",
        f"3.{minor}",
    ]
    command += [word for pins in PINS for word in ("-r", str(ROOT / pins))]
    if subprocess.call(command) != 0:
        raise UnfitError("下载依赖包失败：请检查网络，或用 --wheels 指明已下载好的文件夹。")
    return to


def assemble(python: Mapping[str, bytes], wheels: Path, minor: int, scratch: Path) -> Files:
    """path in the zip -> bytes: a new home, and in 程序/ the interpreter, the libraries and the program with its data."""
    found = {f"{PROGRAM}/python/{name}": data for name, data in python.items()}
    for wheel in sorted(wheels.glob("*.whl")):
        found |= {f"{PROGRAM}/lib/{name}": data for name, data in unpacked(wheel, minor)}
    missing = [pin for pin in pins() if not _there(pin, found)]
    if missing:
        raise UnfitError(f"{wheels} 里缺少：{'、'.join(missing)}。")
    found |= {f"{PROGRAM}/{name}": data for name, data in program()}
    found_home(scratch)
    found |= dict(_tree(scratch, ""))
    return {f"{TOP}/{name}": data for name, data in found.items()}


def pins() -> list[str]:
    lines = [line.strip() for name in PINS for line in (ROOT / name).read_text(encoding="utf-8").splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


def _there(pin: str, files: Mapping[str, bytes]) -> bool:
    name, _, version = pin.partition("==")
    stem = f"{PROGRAM}/lib/{re.sub(r'[-_.]+', '_', name)}-{version}.dist-info/".casefold()
    return any(path.casefold().startswith(stem) for path in files)


def unpacked(wheel: Path, minor: int) -> Iterator[tuple[str, bytes]]:
    """A wheel's files as an installer would lay them; raises UnfitError for another system's wheel."""
    tags = wheel.stem.split("-")[-3:]
    if tags[2] not in {"any", "win_amd64"} or tags[1] not in {"none", "abi3", f"cp3{minor}"}:
        raise UnfitError(f"{wheel.name} 不适用于 64 位 Windows 上的 Python 3.{minor}。")
    with zipfile.ZipFile(wheel) as package:
        for name in package.namelist():
            first, *rest = PurePosixPath(name).parts
            data = first.endswith(".data")
            if not name.endswith("/") and (not data or rest[0] in {"purelib", "platlib"}):
                yield "/".join(rest[1:]) if data else name, package.read(name)


def program() -> Iterator[tuple[str, bytes]]:
    """The package with its data, as the wheel carries them."""
    yield from _tree(ROOT / "pipeline", "pipeline/")
    for part in DATA:
        yield from _tree(ROOT / part, f"pipeline/data/{part}/")
    yield "pipeline/data/season.toml", (ROOT / "season.toml").read_bytes()


def _tree(root: Path, under: str) -> Iterator[tuple[str, bytes]]:
    for place in sorted(root.rglob("*")):
        if SKIPPED.isdisjoint(place.relative_to(root).parts):
            name = under + place.relative_to(root).as_posix()
            if place.is_file():
                yield name, place.read_bytes()
            elif not any(place.iterdir()):
                yield name + "/", b""


def write(files: Mapping[str, bytes], out: Path) -> None:
    """Names in UTF-8, a fixed time: the same inputs give the same zip."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(entry, files[name])


if __name__ == "__main__":
    sys.exit(main())
