"""Options every command shares, and the hand-over of the home and the talk to its function."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import click

from pipeline.cli.faults import working_on
from pipeline.cli.talk import Talk
from pipeline.cli.zh import CONTEXT, ChineseCommand

HOURS, MINUTES = 24, 60


class Day(click.ParamType[date]):
    """A date as YYYY-MM-DD."""

    name = "日期"
    wanted = "日期写作 年-月-日，例如 2020-01-16。"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"'{value}'", param, ctx)


class Time(click.ParamType[tuple[int, int]]):
    """A time of day as HH:MM."""

    name = "时:分"
    wanted = "时间写作 时:分，从 00:00 到 23:59，例如 22:00。"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:
        if isinstance(value, tuple):
            return value
        hour, _, minute = str(value).replace("：", ":").partition(":")
        if not (hour.isdecimal() and minute.isdecimal() and int(hour) < HOURS and int(minute) < MINUTES):
            self.fail(f"'{value}'", param, ctx)
        return int(hour), int(minute)


as_of_option = click.option(
    "--as-of",
    "as_of",
    type=Day(),
    metavar="日期",
    help="按哪一天看，如 2020-01-16；默认为最近一次汇总的那天，还没有汇总过则为今天。",
)


def command(help_text: str, epilog: str = "") -> Callable[[Callable[..., int | None]], click.Command]:
    """Make a command of a function (home: Path, talk: Talk, **options) -> exit code."""

    def decorate(function: Callable[..., int | None]) -> click.Command:
        @functools.wraps(function)
        @click.pass_context
        def call(
            ctx: click.Context,
            /,
            *,
            as_json: bool,
            quiet: bool,
            verbose: int,
            home_dir: str | None,
            no_color: bool,
            **options: Any,
        ) -> int:
            ctx.color = False if no_color else None
            home = Path(home_dir) if home_dir else ctx.obj if isinstance(ctx.obj, Path) else Path()
            working_on(home)
            return function(home, Talk(as_json, quiet, verbose), **options) or 0

        made = click.command(cls=ChineseCommand, help=help_text, epilog=epilog, context_settings=CONTEXT)(call)
        made.params += [
            click.Option(["--json", "as_json"], is_flag=True, help="结果以 JSON 输出。"),
            click.Option(["--quiet", "quiet"], is_flag=True, help="只在出错时说话。"),
            click.Option(["-v", "verbose"], count=True, help="说得更细。"),
            click.Option(["--no-color", "no_color"], is_flag=True, help="不用颜色。"),
            click.Option(["--home", "home_dir"], hidden=True),
        ]
        return made

    return decorate
