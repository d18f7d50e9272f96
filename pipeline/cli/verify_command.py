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
    "核验：逐一核对存档、各次汇总和台账的完整性校验码，不改动任何文件。\n\n默认核对最新一次，也可写汇总编号（或其前 8 位以上）、第几次；--deep 核对全部存档和历次汇总；--anchor 用打印在报告上的校验码核对。",
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
    seen = told["checked"]
    kept = f"存档 {seen['objects']} 个" if deep else "存档未逐个核对（加 --deep 核对）"
    good = f"√ 一致：台账 {seen['lines']} 行、汇总 {seen['nights']} 次、结果文件 {seen['outputs']} 个、{kept}。\n完整性校验码 {told['head']}"
    talk.result(told, "\n".join(lines) or good)
    return 0 if told["ok"] else 1
