"""`wennuan doctor`: is this machine and this home fit for a night? One line a check, with what to do."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pipeline.cli.options import command
from pipeline.cli.talk import Talk
from pipeline.cli.where import book_of, today_in
from pipeline.home.doctor import examine, line_of, worst
from pipeline.home.layout import Home, open_home
from pipeline.home.season_publicity import calendar_of
from pipeline.model import WennuanError
from pipeline.night.looking import office_now

MARKS = {"ok": "√", "warn": "▲", "bad": "×"}


@command("环境自检：程序、字体、权限、磁盘、日程表等逐项检查，并说明怎样处理。", epilog="例：  wennuan doctor")
def doctor(home: Path, talk: Talk) -> int:
    where = open_home(home)
    book_of(where)  # names in season.toml or schemas/ that nothing answers to: told line by line, before anything else
    checks = examine(where, today_in(where), _calendar(where))
    told = [{"check": c.name, "level": c.level, "message": line_of(c)} for c in checks]
    bad = sum(c.level == "bad" for c in checks)
    tail = f"× {bad} 项需要处理。" if bad else "√ 可以汇总。"
    talk.result(
        {"ok": not bad, "checks": told}, "\n".join([*(f"{MARKS[c.level]} {line_of(c)}" for c in checks), "", tail])
    )
    return worst(checks)


def _calendar(home: Home) -> dict[date, bool] | None:
    """The office's R8; None without one. What is wrong with the office's files, the night says."""
    try:
        _, _, office = office_now(home, today_in(home))
    except WennuanError:
        return None
    return calendar_of(office.registers.get("R8"))
