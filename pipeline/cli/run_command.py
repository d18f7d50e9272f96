"""`wennuan run`: one night over everything that lies in the inbox."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from pipeline.cli.options import Day, command
from pipeline.cli.report import STEPS, told
from pipeline.cli.talk import Talk
from pipeline.cli.where import today_in
from pipeline.home.layout import open_home
from pipeline.night import WORKERS_LOAD, night
from pipeline.pool import collect_rarely, make_pool


@command(
    "汇总：读取收件夹内的全部报表，审核、合并，生成各校反馈、区级汇总和审核记录。\n\n--as-of 默认为当天（按本季时区），不得早于上一次汇总的日期。",
    epilog="例：  wennuan run\n      wennuan run --as-of 2020-01-16 --exit-zero",
)
@click.option("--as-of", "as_of", type=Day(), metavar="日期", help="按哪一天处理，如 2020-01-16；默认为今天。")
@click.option(
    "--workers", type=click.IntRange(0, 256), default=0, metavar="个数", help="并行进程数；0 为按处理器核数。"
)
@click.option("--cluster", default="", metavar="地址", help="交给 Dask 集群执行，如 tcp://主机:8786。")
@click.option("--exit-zero", is_flag=True, help="有必改问题或打不开的文件时也以 0 退出（供计划任务使用）。")
def run(home: Path, talk: Talk, as_of: date | None, workers: int, cluster: str, exit_zero: bool) -> int:
    where = open_home(home)
    progress = talk.progress()
    collect_rarely()
    with make_pool(workers, cluster, WORKERS_LOAD) as pool:
        done = night(where, as_of or today_in(where), pool, lambda step, n, of: progress(STEPS[step], n, of))
    talk.result(dict(done.record), "" if talk.quiet else told(done, where))
    return 0 if exit_zero and done.exit_code in (1, 3) else done.exit_code
