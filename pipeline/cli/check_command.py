"""`wennuan check FILE…`: one file at a time, nothing recorded; what one file can show of a night's findings."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from pipeline.cli.options import as_of_option, command
from pipeline.cli.talk import Talk
from pipeline.cli.where import day_of
from pipeline.home.layout import open_home
from pipeline.model import Document, Finding
from pipeline.night.inspecting import Inspected, inspect
from pipeline.night.recording import finding_json

OUTCOMES = {
    "readable": "已读取", "rejected": "打不开", "encrypted": "有打开密码", "not-a-workbook": "不是工作簿", "ignored": "已跳过",
}  # fmt: skip
MARKS = {"error": "× 必改", "warning": "▲ 请核实", "info": "● 提示"}
REFUSED = {"rejected", "encrypted", "not-a-workbook"}


@command(
    "只检查给出的文件，不留任何记录；名册取自工作目录。",
    epilog="例：  wennuan check 样例小学申报表.xlsx\n      wennuan check *.xlsx --json",
)
@click.argument("files", metavar="文件…", nargs=-1, required=True, type=click.Path(path_type=Path))
@as_of_option
def check(home: Path, talk: Talk, files: tuple[Path, ...], as_of: date | None) -> int:
    where = open_home(home)
    missing = next((f for f in files if not f.is_file()), None)
    if missing is not None:
        raise click.FileError(str(missing))
    seen = inspect(files, where, day_of(where, as_of))
    pairs = [(d, one) for one in seen for d in one.documents]
    talk.result({"files": [_entry(d, one) for d, one in pairs]}, "\n".join(_told(d, one) for d, one in pairs))
    errors = any(one.material.severity(f) == "error" for one in seen for f in one.findings)
    unread = any(d.outcome in REFUSED and not d.attachment for d, _ in pairs)
    return 3 if unread else 1 if errors else 0


def _entry(d: Document, seen: Inspected) -> dict[str, Any]:
    return {
        "file": d.path, "outcome": d.outcome, "attachment": d.attachment, "forms": sorted({t.form for t in d.tables}),
        "unit": seen.units.get(d.path), "findings": [finding_json(f, seen.material) for f in _of(d, seen)],
    }  # fmt: skip


def _of(d: Document, seen: Inspected) -> list[Finding]:
    return [f for f in seen.findings if f.file == d.path]


def _told(d: Document, seen: Inspected) -> str:
    found = _of(d, seen)
    what = "附件，不作数据审核" if d.attachment else OUTCOMES[d.outcome]
    forms = "、".join(
        sorted({seen.material.book.forms[t.form].title for t in d.tables if t.form in seen.material.book.forms})
    )
    lines = [
        f"{d.path}：{what}{'　' + forms if forms else ''}{'　' + seen.material.unit_name(seen.units[d.path]) if seen.units.get(d.path) else ''}"
    ]
    shown = sorted(found, key=lambda f: ("error", "warning", "info").index(seen.material.severity(f)))
    for f in [f for f in shown if seen.material.severity(f) != "info"]:
        entry = finding_json(f, seen.material)
        place = f"{f.sheet}!{f.cell}" if f.sheet and f.cell else f.sheet or "整个文件"
        named = f"{entry['title']}：" if entry["title"] else ""
        lines += [
            f"  {MARKS[entry['severity']]}  {place}  {named}{entry['message']}",
            f"        {entry['remedy']}",
        ]
    quiet = sum(seen.material.severity(f) == "info" for f in found)
    if quiet:
        lines.append(f"  ● 另有 {quiet} 处提示，不需处理。")
    if not found and d.outcome == "readable":
        lines.append("  √ 没有发现问题。")
    return "\n".join(lines)
