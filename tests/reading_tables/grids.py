"""A Markdown table in, a RawSheet out: what the container would have given, without a container."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from pipeline.book.load import load_book
from pipeline.book.spec import Book
from pipeline.model import Document, Finding, Season, Stage
from pipeline.reading.interpret import interpret
from pipeline.reading.raw import RawBook, RawSheet

SCHEMAS = Path(__file__).resolve().parents[2] / "schemas"
NUMBER = re.compile(r"^-?[0-9]+(\.[0-9]+)?$")


def season(fields_on: Mapping[str, Any] | None = None) -> Season:
    stages = (
        Stage("one", ("F1",), date(2019, 11, 11), date(2019, 12, 20)),
        Stage("two", ("F2",), date(2019, 12, 24), date(2020, 1, 15)),
        Stage("three", ("F3",), None, date(2020, 1, 23), True),
        Stage("four", ("F4", "F5"), date(2020, 2, 3), date(2020, 2, 28)),
    )
    on = {k: frozenset(v) for k, v in (fields_on or {}).items()}
    return Season("2020", 2020, "Asia/Shanghai", "issuer", stages, {}, {}, {}, on, {}, {}, issued=date(2019, 11, 8))


SEASON = season()


@cache
def files() -> dict[str, bytes]:
    """The schemas as a home holds them."""
    found = {p.relative_to(SCHEMAS).as_posix(): p for p in sorted(SCHEMAS.rglob("*.yaml"))}
    return {n: p.read_bytes() for n, p in found.items()}


@cache
def book() -> Book:
    return load_book(files(), SEASON)


def cell(text: str) -> Any:
    """'12' -> 12.0 (a number cell), '`12' -> the text 12, '' -> blank, \\n -> a line break."""
    text = text.strip()
    if text.startswith("`"):
        return text[1:]
    if NUMBER.match(text):
        return float(text)
    return text.replace("\\n", "\n").replace("\\u3000", "\u3000")


def grid(markdown: str) -> list[list[Any]]:
    """Lines of a Markdown table; a line of dashes is skipped, a line without a bar is a row with one cell."""
    rows: list[list[Any]] = []
    for line in map(str.strip, markdown.strip("\n").splitlines()):
        if re.fullmatch(r"[|\s:-]+", line) and "-" in line:
            continue
        if line.startswith("|"):
            rows.append([cell(c) for c in line.strip("|").split("|")])
        else:
            rows.append([cell(line)] if line else [])
    return rows


def sheet(name: str, markdown: str, **more: Any) -> RawSheet:
    return RawSheet(name, rows=grid(markdown), **more)


def workbook(*sheets: RawSheet, **more: Any) -> RawBook:
    return RawBook(more.pop("path", "a/form.xlsx"), "0" * 64, 1, "xlsx", "readable", sheets=sheets, **more)


def read(*sheets: RawSheet, **more: Any) -> Document:
    return interpret(workbook(*sheets, **more), book(), SEASON)


def rules(document: Document) -> list[str]:
    return sorted(f.rule for f in document.findings)


def found(document: Document, rule: str) -> list[Finding]:
    return [f for f in document.findings if f.rule == rule]


def one(document: Document, rule: str) -> Finding:
    hits = found(document, rule)
    assert len(hits) == 1, (rule, rules(document))
    return hits[0]


MARKED = {
    "wn_role": "form", "wn_forms": "F1,F2", "wn_unit": "YL001", "wn_season": "2020", "wn_version": "2020.1",
}  # fmt: skip


def marked(forms: str = "F1", **changes: str) -> dict[str, Any]:
    """properties= and names= of a workbook of ours."""
    values = {**MARKED, "wn_forms": forms} | {f"wn_{k}": v for k, v in changes.items()}
    return {"properties": values, "names": {f"_{k}": f'="{v}"' for k, v in values.items()}}
