"""Set up what was pinned (a .venv, or a private .deps folder where venv is missing), then run Python with it.

Usage: python3 tools/with_deps.py [--dev] ARG …   (ARG as for python itself, e.g. -m pipeline --help)
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    args = sys.argv[1:]
    dev = bool(args) and args[0] == "--dev"
    python, env = _ready("requirements-dev.txt" if dev else "requirements.txt")
    rest = args[1:] if dev else args
    return subprocess.call([python, *rest], env=env)


def _ready(requirements: str) -> tuple[str, dict[str, str]]:
    """The interpreter and environment to use; installs only when the pins or the Python changed."""
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    stamp_text = _stamp(requirements)
    home = ROOT / ".venv"
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not (ROOT / ".deps").exists() and (python.exists() or _make_venv(home)):
        _install([str(python), "-m", "pip", "install"], requirements, home / "wennuan-pins", stamp_text)
        return str(python), env
    target = ROOT / ".deps"
    target.mkdir(exist_ok=True)
    _install(
        [sys.executable, "-m", "pip", "install", "--upgrade", "--target", str(target)],
        requirements,
        target / "wennuan-pins",
        stamp_text,
    )
    env["PYTHONPATH"] = os.pathsep.join([str(ROOT), str(target)])
    return sys.executable, env


def _stamp(requirements: str) -> str:
    text = (ROOT / "requirements.txt").read_bytes() + (ROOT / requirements).read_bytes() + sys.version.encode()
    return requirements + " " + hashlib.sha256(text).hexdigest()


def _make_venv(home: Path) -> bool:
    made = subprocess.call(
        [sys.executable, "-m", "venv", str(home)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    if made != 0 and home.exists():
        shutil.rmtree(home)
    return made == 0


def _install(command: list[str], requirements: str, stamp: Path, text: str) -> None:
    known = stamp.read_text().splitlines() if stamp.exists() else []
    if text in known:
        return
    print("首次运行：正在安装依赖（只需一次）… / installing pinned dependencies (once)", file=sys.stderr, flush=True)
    quiet = ["-q", "--disable-pip-version-check", "--no-warn-script-location"]
    done = subprocess.call([*command, *quiet, "-r", str(ROOT / requirements)])
    if done != 0:
        sys.exit("安装依赖失败：请检查网络或软件源后重试。 / pip could not install the pinned dependencies")
    stamp.write_text("\n".join([*known, text]) + "\n")


if __name__ == "__main__":
    sys.exit(main())
