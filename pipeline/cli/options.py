"""Options every command shares, and the hand-over of the home and the talk to its function."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import click

from pipeline.cli.talk import Talk
from pipeline.cli.zh import CONTEXT, ChineseCommand


class Day(click.ParamType[date]):
    """A date as YYYY-MM-DD."""

    name = "日期"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"'{value}'", param, ctx)


as_of_option = click.option("--as-of", "as_of", type=Day(), metavar="日期", help="按哪一天处理，如 2020-01-16；默认见说明。")


def command(help_text: str, epilog: str = "") -> Callable[[Callable[..., int | None]], click.Command]:
    """Make a command of a function (home: Path, talk: Talk, **options) -> exit code."""

    def decorate(function: Callable[..., int | None]) -> click.Command:
        @functools.wraps(function)
        @click.pass_context
        def call(ctx: click.Context, /, *, as_json: bool, quiet: bool, verbose: int, home_dir: str | None, no_color: bool, **options: Any) -> int:
            ctx.color = False if no_color else None
            home = Path(home_dir) if home_dir else ctx.obj if isinstance(ctx.obj, Path) else Path()
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
