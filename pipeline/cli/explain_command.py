"""`wennuan explain`: one rule, or the whole rulebook, in words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from pipeline.book.guide import explain as explain_rule
from pipeline.cli.options import command
from pipeline.cli.talk import Talk
from pipeline.cli.where import book_here
from pipeline.model import WennuanError

SEVERITY = {"error": "× 必改", "warning": "▲ 请核实", "info": "● 提示"}
CURE = {"A": "系统已自动整理", "R": "学校修改", "D": "区教育工会处理"}
STAGE = {"draft": "拟定（尚未执行）", "advisory": "试行", "enforced": "执行"}
HOLDS = {"row": "该行待核", "sheet": "整张表待核", "file": "整份文件待核", "none": "不影响汇总"}


@command(
    "解释一条规则：查什么、为什么、怎样改。", epilog="例：  wennuan explain CEL-013\n      wennuan explain --all --json"
)
@click.argument("rule", metavar="[规则编号]", required=False)
@click.option("--all", "every", is_flag=True, help="全部规则。")
def explain(home: Path, talk: Talk, rule: str | None, every: bool) -> int:
    book = book_here(home)
    if every:
        told = [explain_rule(book, r) for r in book.rules]
        talk.result(told, "\n".join(f"{t['rule']}  {SEVERITY[t['severity']]}  {t['message']}" for t in told))
        return 0
    if not rule:
        raise click.UsageError("请写规则编号，或用 --all 列出全部")
    if rule.upper() not in book.rules:
        raise WennuanError("no_such_rule", code=2, rule=rule)
    told_one = explain_rule(book, rule.upper())
    talk.result(told_one, _text(told_one))
    return 0


def _text(t: dict[str, Any]) -> str:
    lines = [
        f"{t['rule']}　{t.get('title') or ''}",
        f"  {SEVERITY[t['severity']]}　由{CURE[t['cure']]}　{HOLDS[t['holds']]}　{STAGE[t['stage']]}",
        f"  提示语：{t['message']}",
        f"  怎样改：{t['remedy']}",
        f"  为什么：{t['why']}",
    ]
    if t.get("params"):
        lines.append(f"  参数：{t['params']}")
    return "\n".join(lines)
