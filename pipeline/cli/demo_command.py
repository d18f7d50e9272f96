"""`wennuan demo DIR`: an invented district with all the mess of a real one, to try everything on."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from pipeline.cli.faults import working_on
from pipeline.cli.options import command
from pipeline.cli.talk import Talk
from pipeline.cli.where import book_of
from pipeline.demo import sample_district
from pipeline.demo.plan import plan_json
from pipeline.demo.sample import LEAST
from pipeline.home.founding import found_home
from pipeline.home.layout import Home, open_home
from pipeline.home.planting import plant, set_time
from pipeline.model import WennuanError

NEXT = """\
已放入样例区：{units} 个虚构单位，{files} 份文件{faults}
  目录：{home}
  人名、单位、证件号码都是虚构的；单位代码以 YL 开头，不会混入真实数据。
下一步：  wennuan --home "{home}" run --as-of {as_of}"""


@command(
    "放入一个虚构的样例区，用来试用：名册、各校报表，以及各种常见差错（--clean 为全部填对）。\n\n目录可以是新目录，也可以是收件夹还空着的工作目录。",
    epilog="例：  wennuan demo 样例\n      wennuan demo 样例 --units 30 --seed 7\n      wennuan demo 样例 --clean",
)
@click.argument("folder", metavar="目录", type=click.Path(path_type=Path))
@click.option("--units", type=click.IntRange(1, 300), default=12, metavar="个数", help="单位个数，默认 12。")
@click.option("--seed", default="1", metavar="种子", help="同一种子生成同样的样例。")
@click.option("--clean", is_flag=True, help="各校全部填对、按时、文件名规范。")
def demo(home: Path, talk: Talk, *, folder: Path, units: int, seed: str, clean: bool) -> int:
    working_on(folder)
    if units < LEAST and not clean:
        raise WennuanError("demo_too_few", code=2, least=LEAST)
    where = open_home(folder) if (folder / "season.toml").is_file() else found_home(folder)
    book, season = book_of(where)
    sample = sample_district(book, season, units, seed, clean)
    sums = plant(where, sample.files, season.timezone)
    _leave_plan(
        where,
        plan_json(sample, sums),
        str(book.words["demo"]["plan_file"]),
        season.timezone,
        min(t for _, t in sample.files.values()),
    )
    planted = [p.told() for p in sample.planted]
    faults = f"，其中埋有 {len(planted)} 处差错" if planted else "，全部填对"
    sampled = season.raw.get("sample") or {}
    told = NEXT.format(
        units=units, files=len(sample.files), faults=faults, home=where.root, as_of=sampled.get("as_of", "2020-01-16")
    )
    talk.result({"home": str(where.root), "planted": planted}, "" if talk.quiet else told)
    return 0


def _leave_plan(home: Home, plan: bytes, name: str, zone: str, came: datetime) -> None:
    """The plan lies hidden beside the registers; no reader takes it for one of the office's files."""
    place = home.inbox / "_district" / name
    place.write_bytes(plan)
    set_time(place, came, zone)
