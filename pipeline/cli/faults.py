"""What an exception becomes on screen: the office's mistake one line, an environment fault one line, ours an id and a log."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import traceback
from datetime import UTC, datetime
from pathlib import Path

from pipeline import __version__
from pipeline.cli.talk import Talk
from pipeline.model import WennuanError

ENVIRONMENT = {errno.ENOSPC, errno.EACCES, errno.EPERM, errno.EROFS, errno.EIO, errno.EDQUOT, errno.EBUSY}


def answer(fault: Exception, args: list[str], talk: Talk) -> int:
    """Say it and give the exit code: 2/4/5 for the office's or the machine's faults, 70 for ours."""
    if isinstance(fault, WennuanError):
        from pipeline.home.schemas import error_text

        message, remedy = error_text(fault)
        talk.fail(fault.key, message, remedy)
        return fault.code
    if isinstance(fault, OSError) and fault.errno in ENVIRONMENT:
        name = Path(str(fault.filename or "")).name
        full = fault.errno in {errno.ENOSPC, errno.EDQUOT}
        what = "磁盘已满" if full else f"没有权限或文件正被占用：{name}"
        talk.fail("environment", what + "。", "请腾出空间后重新运行。" if full else "请关闭正在打开它的程序（如 Excel），检查权限后重新运行。")
        _log(fault, args)
        return 5
    number, where = _log(fault, args)
    talk.fail("fault", f"程序故障，编号 {number}，本次结果未发布，收件夹未受影响。", f"请把 {where} 交给维护人员。")
    return 70


def _log(fault: Exception, args: list[str]) -> tuple[str, Path]:
    text = _trace(fault)
    number = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:8].upper()
    stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    entry = f"{stamp} {number} wennuan {__version__} {' '.join(a for a in args if a.startswith('-') or a.isalpha())}\n{text}\n"
    for folder in (_home_of(args) / "outbox" / "logs", Path(os.environ.get("TMPDIR", "/tmp")) if os.name != "nt" else Path.home()):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / "wennuan.log"
            with path.open("a", encoding="utf-8") as out:
                out.write(entry)
            return number, path
        except OSError:
            continue
    return number, Path("wennuan.log")


def _trace(fault: BaseException) -> str:
    """Where it broke, frame by frame; of its message only what cannot be a name, a number or a value of a school's."""
    parts = []
    cause: BaseException | None = fault
    while cause is not None and len(parts) < 5:
        frames = "".join(f"  {f.filename}:{f.lineno} {f.name}\n" for f in traceback.extract_tb(cause.__traceback__))
        message = re.sub(r"[0-9]{5,}", "#", re.sub(r"[^\x20-\x7e]+", "?", str(cause)))[:6000]
        parts.append(f"{type(cause).__module__}.{type(cause).__name__}: {message}\n{frames}")
        cause = cause.__cause__ or cause.__context__
    return "caused by:\n".join(parts)


def _home_of(args: list[str]) -> Path:
    for i, arg in enumerate(args):
        if arg == "--home" and i + 1 < len(args):
            return Path(args[i + 1])
        if arg.startswith("--home="):
            return Path(arg[7:])
    return Path(os.environ.get("WENNUAN_HOME") or ".")
