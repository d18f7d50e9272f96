"""click speaks English; here its headings and complaints become Chinese."""

from __future__ import annotations

import difflib
from typing import Any

import click

CONTEXT: dict[str, Any] = {"help_option_names": ["-h", "--help"], "max_content_width": 100, "terminal_width": 96}


class ChineseFormatter(click.HelpFormatter):
    HEADS = {"Options": "选项", "Commands": "命令", "Positional arguments": "参数", "Arguments": "参数"}

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args.replace("[OPTIONS]", "[选项]").replace("COMMAND [ARGS]...", "命令 …"), "用法：")

    def write_heading(self, heading: str) -> None:
        super().write_heading(self.HEADS.get(heading, heading))


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

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
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
        return f"缺少参数 {name}。", help_hint
    if isinstance(wrong, click.BadParameter):
        name = wrong.param.opts[-1] if wrong.param and wrong.param.opts else ""
        return f"{name} 的值不正确：{_reason(wrong)}。", "请按说明填写，例如日期写作 2020-01-16。"
    if isinstance(wrong, click.FileError):
        return f"打不开文件 {wrong.ui_filename}。", "请检查路径和权限。"
    if isinstance(wrong, click.BadOptionUsage):
        return f"选项 {wrong.option_name} 后面需要一个值。", help_hint
    return f"参数不对：{_plain(wrong)}。", help_hint


def _reason(wrong: click.BadParameter) -> str:
    value = wrong.message.split("'")[1] if wrong.message.count("'") >= 2 else ""
    return f"“{value}”" if value else "无法识别"


def _plain(wrong: click.ClickException) -> str:
    if "unexpected extra argument" in wrong.message.lower():
        return "多了 " + wrong.message[wrong.message.find("(") + 1 : wrong.message.rfind(")")]
    return wrong.message if any("\u4e00" <= c <= "\u9fff" for c in wrong.message) else "请核对命令与选项"
