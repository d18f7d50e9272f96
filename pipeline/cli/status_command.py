"""`wennuan status`: unit by form, what has come, what is due, which silence, and the text of a reminder."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.book.reminders import reminder
from pipeline.cli.options import as_of_option, command
from pipeline.cli.talk import Talk
from pipeline.cli.where import book_of, day_of
from pipeline.cli.zh import shown_width
from pipeline.home.layout import Home, open_home
from pipeline.ledger import past_of
from pipeline.model import Season, WennuanError

NOT_DUE = "未到期"
SILENT = ("未报", "逾期未报")
SHOWN = 30
NO_ROSTER = "没有单位名录（R1），谁未报未能判断；下面只列出已来文的单位。先运行 wennuan register R1 --from 通讯录.xlsx，再汇总一次。"


@command(
    "各单位、各表的报送状态，截止日期，谁还没有报，以及催报短信。",
    epilog="例：  wennuan status\n      wennuan status --json",
)
@as_of_option
def status(home: Path, talk: Talk, as_of: date | None) -> int:
    where = open_home(home)
    book, season = book_of(where)
    day = day_of(where, as_of)
    rows, register_present = _states(where, day, season)
    names: dict[str, str] = {r["unit"]: r["name"] for r in rows}
    words = book.words["papers"]
    keys = {word: key for key, word in words["states"].items()}
    told = []
    for r in rows:
        due = date.fromisoformat(r["deadline"]) if r["deadline"] else None
        asks = reminder(words, keys.get(r["state"], ""), names[r["unit"]], book.forms[r["form"]].title, due, day)
        told.append({
            "unit": r["unit"], "form": r["form"], "state": r["state"], "file": r["file"] or None, "received": r["received"], "deadline": r["deadline"],
            "reminder": asks or None,
        })  # fmt: skip
    if not register_present:
        talk.say(f"▲ {NO_ROSTER}")
    talk.result(told, _text(rows, list(book.forms), names, register_present))
    return 0


def _states(home: Home, day: date, season: Season) -> tuple[list[dict[str, Any]], bool]:
    """The states of the newest night, as its run.json keeps them; later dates move silence along. And: was there an R1?"""
    past, _ = past_of(home.ledger)
    record = home.nights / past.run / "run.json"
    if not past.run or not record.is_file():
        raise WennuanError("no_night", code=2)
    told = json.loads(record.read_bytes())
    rows: list[dict[str, Any]] = told["states"]
    register_present = told["units"]["expected"] is not None
    for r in rows:
        stage = season.stage_of(r["form"])
        if register_present and r["state"] == NOT_DUE and stage and stage.opens and day >= stage.opens:
            r["state"], r["deadline"] = SILENT[0], r["deadline"] or stage.due.isoformat()
        if r["state"] in SILENT and r["deadline"]:
            r["state"] = SILENT[day > date.fromisoformat(r["deadline"])]
    return rows, register_present


def _text(rows: list[dict[str, Any]], forms: list[str], names: dict[str, str], register_present: bool) -> str:
    by: dict[str, dict[str, str]] = {}
    for r in rows:
        by.setdefault(r["unit"], {})[r["form"]] = r["state"]
    wide = max((shown_width(n) for n in names.values()), default=8) + 2
    lines = ["单位".ljust(wide - 2) + "".join(f.ljust(10) for f in forms)]
    for unit, states in by.items():
        name = names[unit] + " " * (wide - shown_width(names[unit]))
        lines.append(name + "".join(states.get(f, "") + " " * (10 - shown_width(states.get(f, ""))) for f in forms))
    return "\n".join([*lines, "", _silence([r for r in rows if r["state"] in SILENT], names, register_present)])


def _silence(silent: list[dict[str, Any]], names: dict[str, str], register_present: bool) -> str:
    if not register_present:
        return "未报：未能判断（没有单位名录）。"
    if not silent:
        return "√ 没有未报的表。"
    more = f" 等，共 {len(silent)} 份" if len(silent) > SHOWN else ""
    return f"未报 {len(silent)} 份：" + "、".join(f"{names[r['unit']]}（{r['form']}）" for r in silent[:SHOWN]) + more
