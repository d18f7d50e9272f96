"""click speaks English; here its headings and complaints become Chinese."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

import click

CONTEXT: dict[str, Any] = {"help_option_names": ["-h", "--help"], "max_content_width": 100, "terminal_width": 96}


LAST_NARROW = 0x2E7F
RANGE = re.compile(r"\s*\[([0-9]+)<=x<=([0-9]+)\]")
USAGE = (("[COMMAND] [ARGS]...", "命令 …"), ("COMMAND [ARGS]...", "命令 …"), ("[OPTIONS]", "[选项]"), ("]...", "] …"))


class ChineseFormatter(click.HelpFormatter):
    HEADS: ClassVar[Mapping[str, str]] = {
        "Options": "选项",
        "Commands": "命令",
        "Positional arguments": "参数",
        "Arguments": "参数",
    }

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        for english, chinese in USAGE:
            prog, args = prog.replace(english, chinese), args.replace(english, chinese)
        super().write_usage(prog, args, "用法：")

    def write_heading(self, heading: str) -> None:
        self.write(f"{'':>{self.current_indent}}{self.HEADS.get(heading, heading)}：\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Two columns that stand straight: a Chinese sign is as wide as two letters."""
        rows = list(rows)
        wide = min(max((shown_width(first) for first, _ in rows), default=0), col_max) + col_spacing
        for first, second in rows:
            said = RANGE.sub(r"（\1 到 \2）", second)
            self.write(f"{'':>{self.current_indent}}{first}{' ' * max(col_spacing, wide - shown_width(first))}{said}\n")


def shown_width(text: str) -> int:
    """Columns on a console."""
    return sum(2 if ord(sign) > LAST_NARROW else 1 for sign in text)


class ChineseContext(click.Context):
    formatter_class = ChineseFormatter


class ChineseCommand(click.Command):
    context_class = ChineseContext

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "显示本说明。"
        return option

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        if self.epilog:
            formatter.write_paragraph()
            for line in self.epilog.splitlines():
                formatter.write(f"{line}\n")


class ChineseGroup(ChineseCommand, click.Group):
    command_class = ChineseCommand

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and self.get_command(ctx, args[0]) is None:
            raise NoSuchCommand(args[0], self.list_commands(ctx))
        return super().resolve_command(ctx, args)


class NoSuchCommand(click.UsageError):
    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__(name)
        self.near = difflib.get_close_matches(name, known, 1)


def first_line(command: click.Command | None) -> str:
    return (command.help or "").strip().splitlines()[0] if command and command.help else ""


def explain_click(wrong: click.ClickException) -> tuple[str, str]:
    """(what is wrong, what to do) for any of click's own complaints."""
    help_hint = "用 wennuan --help 查看全部用法。"
    if isinstance(wrong, NoSuchCommand):
        return f"没有“{wrong.message}”这个命令。", f"是否要用 {wrong.near[0]}？" if wrong.near else help_hint
    if isinstance(wrong, click.NoSuchOption):
        near = f"是否要用 {wrong.possibilities[0]}？" if wrong.possibilities else help_hint
        return f"没有“{wrong.option_name}”这个选项。", near
    if isinstance(wrong, click.MissingParameter):
        name = wrong.param.human_readable_name if wrong.param else ""
        return f"缺少{name}。", _help_of(wrong)
    if isinstance(wrong, click.BadParameter):
        return f"{_name(wrong)} 的值不正确：{_reason(wrong)}。", _wanted(wrong)
    if isinstance(wrong, click.FileError):
        return f"打不开文件 {wrong.ui_filename}。", "请检查路径和权限。"
    if isinstance(wrong, click.BadOptionUsage):
        return f"选项 {wrong.option_name} 后面需要一个值。", _help_of(wrong)
    return f"参数不对：{_plain(wrong)}。", _help_of(wrong)


def _help_of(wrong: click.ClickException) -> str:
    context = getattr(wrong, "ctx", None)
    path = context.command_path if context else "wennuan"
    return f"用 {path} --help 查看用法。"


def _name(wrong: click.BadParameter) -> str:
    """`--at`, or what the help calls an argument."""
    if wrong.param is None:
        return str(wrong.param_hint or "")
    return (
        wrong.param.opts[-1]
        if isinstance(wrong.param, click.Option)
        else wrong.param.make_metavar(wrong.ctx)
        if wrong.ctx
        else ""
    )


def _wanted(wrong: click.BadParameter) -> str:
    """What would have been right, by the kind of value asked for."""
    kind = wrong.param.type if wrong.param else None
    if said := getattr(kind, "wanted", ""):
        return str(said)
    for of, say in WANTED:
        if isinstance(kind, of):
            return say(kind)
    return _help_of(wrong)


def _between(kind: Any) -> str:
    return f"请填 {kind.min} 到 {kind.max} 之间的整数。"


WANTED: tuple[tuple[type[click.ParamType[Any]], Callable[[Any], str]], ...] = (
    (click.Choice, lambda kind: f"可选：{'、'.join(kind.choices)}。"),
    (click.IntRange, _between),
    (click.Path, lambda kind: "请核对路径；要求是目录的不能是文件，要求是文件的不能是目录。"),
)


OUTSIDE = "is not in the range"


def _reason(wrong: click.BadParameter) -> str:
    quoted = wrong.message.split("'")[1:2] if wrong.message.count("'") > 1 else []
    value = quoted[0] if quoted else wrong.message.partition(" ")[0] if OUTSIDE in wrong.message else ""
    return f"“{value}”" if value else "无法识别"


def _plain(wrong: click.ClickException) -> str:
    if "unexpected extra argument" in wrong.message.lower():
        return "多了 " + wrong.message[wrong.message.find("(") + 1 : wrong.message.rfind(")")]
    return wrong.message if any("\u4e00" <= c <= "\u9fff" for c in wrong.message) else "请核对命令与选项"
