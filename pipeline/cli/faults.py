"""What an exception becomes on screen: the office's mistake one line, an environment fault one line, ours an id and a log."""

from __future__ import annotations

import errno
import os
import tempfile
from contextvars import ContextVar
from pathlib import Path

from pipeline.cli.talk import Talk
from pipeline.home.faultlog import note_fault
from pipeline.home.schemas import error_text
from pipeline.model import WennuanError

AT_WORK: ContextVar[Path | None] = ContextVar("at_work", default=None)
ENVIRONMENT = {errno.ENOSPC, errno.EACCES, errno.EPERM, errno.EROFS, errno.EIO, errno.EDQUOT, errno.EBUSY}


def answer(fault: Exception, args: list[str], talk: Talk) -> int:
    """Say it and give the exit code: 2/4/5 for the office's or the machine's faults, 70 for ours."""
    if isinstance(fault, WennuanError):
        message, remedy = error_text(fault)
        talk.fail(fault.key, message, remedy)
        return fault.code
    if isinstance(fault, OSError) and fault.errno in ENVIRONMENT:
        name = Path(str(fault.filename or "")).name
        full = fault.errno in {errno.ENOSPC, errno.EDQUOT}
        what = "磁盘已满" if full else f"没有权限或文件正被占用：{name}"
        talk.fail(
            "environment",
            what + "。",
            "请腾出空间后重新运行。" if full else "请关闭正在打开它的程序（如 Excel），检查权限后重新运行。",
        )
        _log(fault, args)
        return 5
    number, where = _log(fault, args)
    talk.fail("fault", f"程序故障，编号 {number}，本次结果未发布，收件夹未受影响。", f"请把 {where} 交给维护人员。")
    return 70


def working_on(home: Path | None) -> None:
    """Faults from here on are logged in this home; None: in the one the arguments name."""
    AT_WORK.set(home)


def _log(fault: Exception, args: list[str]) -> tuple[str, Path]:
    return note_fault(
        _log_folder(AT_WORK.get() or _home_of(args)), fault, [a for a in args if a.startswith("-") or a.isalpha()]
    )


def _log_folder(home: Path) -> Path:
    """A home's outbox; where there is no home (yet), nothing is left in whatever folder that is."""
    return home / "outbox" if (home / "season.toml").is_file() else Path(tempfile.gettempdir()) / "wennuan"


def _home_of(args: list[str]) -> Path:
    for i, arg in enumerate(args):
        if arg == "--home" and i + 1 < len(args):
            return Path(args[i + 1])
        if arg.startswith("--home="):
            return Path(arg[7:])
    return Path(os.environ.get("WENNUAN_HOME") or ".")
