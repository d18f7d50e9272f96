"""`wennuan status`: unit by form, what has come, what is due, which silence, and the text of a reminder."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.cli.options import as_of_option, command
from pipeline.cli.talk import Talk
from pipeline.cli.where import book_of, day_of
from pipeline.home.layout import Home, open_home
from pipeline.ledger import past_of
from pipeline.model import WennuanError

SILENT = ("未报", "逾期未报")
REMIND = "{unit}：贵单位的《{form}》截止{deadline}尚未收到，请尽快报送；没有的，请在封面选“无（零报告）”后报送。"


@command("各单位、各表的报送状态，截止日期，谁还没有报，以及催报短信。", epilog="例：  wennuan status\n      wennuan status --json")
@as_of_option
def status(home: Path, talk: Talk, as_of: date | None) -> int:
    where = open_home(home)
    book, season = book_of(where)
    day = day_of(where, as_of)
    rows = _states(where, day)
    names: dict[str, str] = {r["unit"]: r["name"] for r in rows}
    told = []
    for r in rows:
        silent = r["state"] in SILENT
        form = book.forms[r["form"]].title
        told.append({
            "unit": r["unit"], "form": r["form"], "state": r["state"], "file": r["file"] or None, "received": r["received"], "deadline": r["deadline"],
            "reminder": REMIND.format(unit=names[r["unit"]], form=form, deadline=r["deadline"]) if silent else None,
        })  # fmt: skip
    talk.result(told, _text(rows, list(book.forms), names))
    return 0


def _states(home: Home, day: date) -> list[dict[str, Any]]:
    """The states of the newest night, as its run.json keeps them; later dates move silence along."""
    past, _ = past_of(home.ledger)
    record = home.nights / past.run / "run.json"
    if not past.run or not record.is_file():
        raise WennuanError("no_night", code=2)
    rows: list[dict[str, Any]] = json.loads(record.read_bytes())["states"]
    for r in rows:
        if r["state"] in ("未报", "逾期未报") and r["deadline"]:
            r["state"] = "逾期未报" if day > date.fromisoformat(r["deadline"]) else "未报"
    return rows


def _text(rows: list[dict[str, Any]], forms: list[str], names: dict[str, str]) -> str:
    by: dict[str, dict[str, str]] = {}
    for r in rows:
        by.setdefault(r["unit"], {})[r["form"]] = r["state"]
    wide = max((_width(n) for n in names.values()), default=8) + 2
    lines = ["单位".ljust(wide - 2) + "".join(f.ljust(10) for f in forms)]
    for unit, states in by.items():
        name = names[unit] + " " * (wide - _width(names[unit]))
        lines.append(name + "".join(states.get(f, "") + " " * (10 - _width(states.get(f, ""))) for f in forms))
    silent = [r for r in rows if r["state"] in SILENT]
    lines += ["", f"未报 {len(silent)} 份：" + "、".join(f"{names[r['unit']]}（{r['form']}）" for r in silent[:30])] if silent else ["", "√ 没有未报的表。"]
    return "\n".join(lines)


def _width(text: str) -> int:
    return sum(2 if ord(c) > 0x2E7F else 1 for c in text)
