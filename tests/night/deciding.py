"""Helpers of the nights about decisions: what an officer or a school types, and what stands in the papers afterwards."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl

from pipeline.model import Night
from tests.night.test_nights import forms

R9 = ("决定编号", "种类", "规则编号", "单位代码", "对象", "理由", "审批人", "日期", "有效期", "撤销")
OTHER = ("决定编号", "种类", "对象", "归属单位", "理由", "经办人", "日期", "有效期", "撤销")


def save(home: Path, sheet: str, heads: Sequence[str], *rows: Sequence[object], name: str = "") -> None:
    """One sheet of decisions, as the office saves it."""
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in ((sheet,), heads, *rows):
        book.active.append(row)
    (home / "inbox/_decisions").mkdir(exist_ok=True)
    book.save(home / f"inbox/_decisions/{name or sheet}.xlsx")


def exceptions(home: Path, *rows: Sequence[object]) -> None:
    save(home, "例外情况备案表", R9, *rows)


def others(home: Path, *rows: Sequence[object]) -> None:
    save(home, "其他决定", OTHER, *rows)


def edit(home: Path, stem: str, change: Callable[[Any], None], day: str = "") -> Path:
    """Open the first form whose name begins so, change it, save it in its place; `day`: when it came."""
    place = next(p for p in forms(home) if p.name.startswith(stem))
    before = place.stat()
    book = openpyxl.load_workbook(place)
    change(book)
    book.save(place)
    when = (date.fromisoformat(day) - date(1970, 1, 1)).days * 86400 + 3600 if day else before.st_mtime
    os.utime(place, (when, when))
    return place


def cell(book: Any, sheet: str, head: str, ordinal: int = 1) -> Any:
    """The cell of the n-th data row (rows with something under 姓名) under a header."""
    page = book[sheet]
    top = next(c for row in page.iter_rows(max_row=14) for c in row if str(c.value).replace("\n", "") == head)
    name = next(c for c in page[top.row] if c.value == "姓名")
    filled = [r for r in range(top.row + 1, page.max_row + 1) if page.cell(r, name.column).value]
    return page.cell(filled[ordinal - 1], top.column)


def page(done: Night, path: str) -> str:
    """A page's text without its tags, blanks folded."""
    text = next(Path(done.folder).glob(path)).read_text(encoding="utf-8")
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def sheet_rows(done: Night, path: str, sheet: str) -> list[dict[str, Any]]:
    """A grid of ours as rows by header (the last header row is the one that names 序号 or 决定编号)."""
    book = openpyxl.load_workbook(next(Path(done.folder).glob(path)), read_only=True)
    lines = list(book[sheet].iter_rows(values_only=True))
    top = next(i for i, line in enumerate(lines) if line[0] in {"序号", "决定编号"})
    heads = [str(h or "") for h in lines[top]]
    return [dict(zip(heads, line, strict=False)) for line in lines[top + 1 :] if any(line)]
