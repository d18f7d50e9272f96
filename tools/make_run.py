"""What `make run` does once the pins are in: a sample district when the inbox is empty, one night, and where to look."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
INBOX = ROOT / "inbox"


def wennuan(*args: str) -> int:
    return subprocess.call([sys.executable, "-m", "pipeline", "--home", str(ROOT), *args], cwd=ROOT)


def main() -> int:
    if not any(p.is_file() and not p.name.startswith(".") for p in INBOX.rglob("*")):
        print("收件夹是空的：放入一个虚构的样例区（单位代码以 YL 开头，不会混入真实数据）。", flush=True)
        code = wennuan("demo", str(ROOT), "--quiet")
        if code:
            return code
    as_of = ["--as-of", "2020-01-16"] if _sample() else []
    return wennuan("run", "--exit-zero", *as_of)


def _sample() -> bool:
    """Is what lies in the inbox the sample district? A real season has put its own register of units in the place of ours."""
    plan = INBOX / "_district" / ".样例.json"
    if not plan.is_file():
        return False
    said = json.loads(plan.read_text(encoding="utf-8"))
    units = INBOX / said["unit_register"]
    unchanged = (
        units.is_file() and hashlib.sha256(units.read_bytes()).hexdigest() == said["files"][said["unit_register"]]
    )
    return bool(said.get("sample")) and unchanged


if __name__ == "__main__":
    sys.exit(main())
