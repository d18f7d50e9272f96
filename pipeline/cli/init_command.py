"""`wennuan init DIR`: a new home, ready for a season, with what to do first."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.faults import working_on
from pipeline.cli.options import command
from pipeline.cli.talk import Talk
from pipeline.home.founding import found_home

NEXT = """\
已建立工作目录：{home}
下一步：
  1. 打开 season.toml，核对本季名称、各批次日期、收款账户和联系人。
  2. wennuan --home "{home}" register R1 --from 通讯录.xlsx   由通讯录生成单位名录，存入 inbox/_district/
  3. wennuan --home "{home}" forms                            生成发给各校的空白表
  4. 各校交来的表放进 inbox/，然后 wennuan --home "{home}" run
先试一试：wennuan demo 样例目录
"""


@command(
    "建立一个新的工作目录（season.toml、收件夹、发件夹、表格与规则、模板）。", epilog="例：  wennuan init D:\\帮困2020"
)
@click.argument("folder", metavar="目录", type=click.Path(path_type=Path))
def init(home: Path, talk: Talk, folder: Path) -> int:
    working_on(folder)
    made = found_home(folder)
    talk.result({"home": str(made.root)}, NEXT.format(home=made.root))
    return 0
