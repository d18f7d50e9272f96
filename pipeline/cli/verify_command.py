"""`wennuan verify`: do archive, nights and ledger still say what they said? Changes nothing."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.auditing.verify import parse_anchor, worded
from pipeline.auditing.verify import verify as verify_evidence
from pipeline.cli.options import command
from pipeline.cli.talk import Talk
from pipeline.home.evidence import gather
from pipeline.home.layout import open_home
from pipeline.home.schemas import home_words


@command(
    "核验：逐一核对存档、各次汇总和台账的完整性校验码，不改动任何文件。\n\n默认核对整本台账、历次汇总的清单和文件名，最新一次（或指定的一次：汇总编号或其前 8 位以上、第几次）逐个文件核对；--deep 历次汇总和全部存档都逐个核对；--anchor 用打印在报告上的校验码核对。",
    epilog="例：  wennuan verify\n      wennuan verify 3\n      wennuan verify --deep --anchor 3:ab12…",
)
@click.argument("run", metavar="[汇总编号]", required=False, default="")
@click.option("--deep", is_flag=True, help="读取全部存档和历次汇总。")
@click.option(
    "--anchor", "anchors", multiple=True, metavar="次数:校验码", help="打印在报告上的完整性校验码，可多次给出。"
)
def verify(home: Path, talk: Talk, run: str, deep: bool, anchors: tuple[str, ...]) -> int:
    told = verify_evidence(gather(open_home(home), run, deep), [parse_anchor(a) for a in anchors])
    words = home_words()["verify"]
    lines = [f"× {worded(p, words)}" if not isinstance(p, str) else f"× {p}" for p in told["problems"]]
    verdict = "\n".join(lines) or f"√ 一致\n完整性校验码 {told['head']}"
    talk.result(told, f"{verdict}\n{_gone_through(told['checked'], run, deep)}")
    return 0 if told["ok"] else 1


def _gone_through(seen: dict[str, int], run: str, deep: bool) -> str:
    """What was looked at and what was not, whatever came of it."""
    which = "历次" if deep else run or "最新一次"
    full = f"{which}汇总逐个文件（{seen['nights']} 次、{seen['outputs']} 个文件）"
    rest = f"其余 {seen['sealed']} 次汇总的清单和文件名" if seen["sealed"] else ""
    kept = f"存档 {seen['objects']} 个" if deep else ""
    done = "、".join(filter(None, (f"整本台账 {seen['lines']} 行", full, rest, kept)))
    left = "" if deep else "；未逐个核对：存档" + ("、其余各次汇总的文件内容" if rest else "") + "（加 --deep 核对）"
    return f"已核对：{done}{left}。"
