"""The door: arguments in, a command chosen, one exit code out (contract.md 2)."""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from pipeline import __version__
from pipeline.cli import faults, zh
from pipeline.cli.talk import Talk, prepare_streams

DAILY = ("run", "forms", "check", "status", "doctor")
TECHNICAL = ("init", "demo", "register", "explain", "prove", "verify", "book", "schedule")
FLAGS = {"--json", "--quiet", "-v", "-vv", "--no-color"}
EPILOG = """\
例：  wennuan run            汇总今晚收到的全部报表
      wennuan check 某校.xlsx  只检查一个文件，不留记录

退出码：0 完成，无须修改 · 1 完成，有必改问题 · 2 用法或配置有误 · 3 完成，但有文件打不开 · 4 另一次汇总正在进行 · 5 磁盘、权限等环境问题 · 70 程序故障
"""


class Lazy(zh.ChineseGroup):
    """Loads a command's file only when it is called: `explain` need not wait for pandas."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*DAILY, *TECHNICAL]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in self.list_commands(ctx):
            return None
        command = getattr(import_module(f"pipeline.cli.{name}_command"), name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for title, names in (("日常", DAILY), ("技术与审计", TECHNICAL)):
            with formatter.section(title):
                formatter.write_dl([(name, zh.first_line(self.get_command(ctx, name))) for name in names])


@click.group(cls=Lazy, invoke_without_command=True, epilog=EPILOG, context_settings=zh.CONTEXT)
@click.option("--home", "home_dir", metavar="目录", help="工作目录（内有 season.toml）；默认为当前目录。")
@click.version_option(__version__, "--version", message="温暖 %(version)s", help="显示版本。")
@click.pass_context
def group(ctx: click.Context, home_dir: str | None) -> None:
    """温暖：把各校交来的表审核、汇总、退回，一晚办完。"""
    ctx.obj = Path(home_dir or os.environ.get("WENNUAN_HOME") or ".")
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())
        ctx.exit(2)


def main(argv: list[str] | None = None) -> None:
    """Run one command and leave with its exit code; never a traceback on screen."""
    if argv is None:
        _speak_utf8()
    prepare_streams()
    os.umask(0o077)  # what a night writes is for its own user
    args = _flags_last(sys.argv[1:] if argv is None else argv)
    talk = Talk(as_json="--json" in args, quiet="--quiet" in args)
    sys.exit(_guarded(args, talk))


def _speak_utf8() -> None:
    """Names of files are UTF-8, ours are Chinese: under another locale (LC_ALL=C with PYTHONUTF8=0, a GBK console) the
    program begins again in Python's UTF-8 mode, the console keeping its own encoding where it has Chinese signs."""
    if sys.getfilesystemencoding() == "utf-8" or os.environ.get("PYTHONUTF8") == "1":
        return
    environment = {**os.environ, "PYTHONUTF8": "1"}
    spoken = sys.stdout.encoding if sys.stdout else "ascii"
    if spoken not in ("ascii", "ANSI_X3.4-1968"):
        environment.setdefault("PYTHONIOENCODING", spoken)
    os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], environment)


def _flags_last(args: list[str]) -> list[str]:
    """`wennuan --json status` is `wennuan status --json`: every command takes these, wherever they stand."""
    flags = []
    rest = list(args)
    at = 0
    while at < len(rest) and rest[at].startswith("-"):
        if rest[at] in FLAGS:
            flags.append(rest.pop(at))
        else:
            at += 2 if rest[at] == "--home" else 1
    return [*rest, *flags] if at < len(rest) else list(args)


def _guarded(args: list[str], talk: Talk) -> int:
    faults.working_on(None)
    try:
        code: Any = group.main(args, prog_name="wennuan", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except (click.Abort, KeyboardInterrupt):
        talk.fail("aborted", "已中止，未生成新的结果。", "可随时重新运行；收件夹内的文件未改动。")
        return 130
    except click.ClickException as wrong:
        talk.fail("usage", *zh.explain_click(wrong))
        return 2
    except BrokenPipeError:
        return 0
    except Exception as fault:
        return faults.answer(fault, args, talk)


def show(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)
