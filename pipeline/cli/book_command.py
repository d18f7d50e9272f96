"""`wennuan book`: the rulebook and the guide to the forms, from the same data the program runs on."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.book.guide import form_guide, rulebook
from pipeline.cli.options import command
from pipeline.cli.talk import Talk
from pipeline.cli.where import book_here
from pipeline.home.disk import environment, make_folder

FILES = {"审核规则.md": rulebook, "填表指南.md": form_guide}


@command("打印审核规则和填表指南（Markdown）；--out 存成文件。", epilog="例：  wennuan book --out 手册")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), metavar="目录", help="存入该目录；不写则打印。"
)
def book(home: Path, talk: Talk, out: Path | None) -> int:
    content = book_here(home)
    pages = {name: make(content) for name, make in FILES.items()}
    if out is None:
        talk.result(pages, "\n\n".join(pages.values()))
        return 0
    with environment(out):
        make_folder(out)
        for name, text in pages.items():
            (out / name).write_text(text, encoding="utf-8")
    talk.result([str(out / name) for name in pages], "\n".join(f"已写入 {out / name}" for name in pages))
    return 0
