"""What `make run` does once the pins are in: a sample district when the inbox is empty, one night, and where to look."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
INBOX = ROOT / "inbox"


def wennuan(*args: str) -> int:
    return subprocess.call([sys.executable, "-m", "pipeline", "--home", str(ROOT), *args], cwd=ROOT)


def main() -> int:
    if not any(p.is_file() and p.name != ".gitkeep" for p in INBOX.rglob("*")):
        print("收件夹是空的：放入一个虚构的样例区（单位代码以 YL 开头，不会混入真实数据）。", flush=True)
        code = wennuan("demo", str(ROOT), "--quiet")
        if code:
            return code
    as_of = ["--as-of", "2020-01-16"] if _sample() else []
    return wennuan("run", "--exit-zero", *as_of)


def _sample() -> bool:
    """Is what lies in the inbox the sample district? Its plan, written beside it by `demo`, says so."""
    plan = INBOX / "_district" / ".样例.json"
    return plan.is_file() and bool(json.loads(plan.read_text(encoding="utf-8")).get("sample"))


if __name__ == "__main__":
    sys.exit(main())
