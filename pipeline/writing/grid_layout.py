"""Tables of a grid template and a view in; their columns spelt out and their place on the sheet, out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

COLUMN_WORDS = {
    "id",
    "title",
    "group",
    "value",
    "kind",
    "width",
    "link",
    "figure",
    "silent",
    "total",
    "formula",
    "cached",
    "choices",
    "input",
    "wrap",
    "center",
    "each",
    "sparse",
    "screen",
    "turn",
}

PAGE = 240  # characters across A4 landscape at 60 % of their size: smaller nobody reads
EDGE = 0.72  # of a character: what a column's edges take
WIDE = {"A4": 170.0, "A3": 240.0}  # characters across a page of a sheet that may take several
LEAST = 11.0  # characters a text keeps


@dataclass(frozen=True, slots=True)
class Placed:
    """A table with its place: `first` is the 0-based row of its first data row, `count` its rows."""

    table: Mapping[str, Any]
    columns: Sequence[Mapping[str, Any]]
    rows: Sequence[Mapping[str, Any]]
    head: int
    first: int
    grouped: bool

    @property
    def count(self) -> int:
        return len(self.rows)

    @property
    def last(self) -> int:
        """0-based last data row; a table without rows keeps one empty line."""
        return self.first + max(self.count, 1) - 1

    def index(self, name: str) -> int:
        return next(i for i, c in enumerate(self.columns) if c.get("id", c.get("value")) == name)


def expand(table: Mapping[str, Any], view: Mapping[str, Any]) -> Mapping[str, Any]:
    """`each: funds` repeats a column per entry of that list; `register: NAME` takes the columns of a decision register."""
    if "register" in table:
        return {**table, "columns": narrowed(view["register_columns"][table["register"]])}
    columns: list[Mapping[str, Any]] = []
    for column in table["columns"]:
        unknown = set(column) - COLUMN_WORDS
        if unknown:
            raise KeyError(", ".join(sorted(unknown)))
        if "each" not in column:
            columns.append(column)
            continue
        columns += [
            {k: v.format_map(item) if isinstance(v, str) and k != "each" else v for k, v in column.items()}
            for item in view[column["each"]]
        ]
    return {**table, "columns": columns}


def across(sheet: Mapping[str, Any], placed: Sequence[Placed]) -> int:
    """Pages side by side: as the sheet says; `auto` = as many as its columns need, the frozen ones repeated on each."""
    asked = sheet.get("across", 1)
    if asked != "auto":
        return int(asked)
    wide = [float(c.get("width", 12)) + EDGE for c in placed[0].columns]
    kept = sum(wide[: int(sheet.get("freeze", 0))])
    return max(1, math.ceil((sum(wide) - kept) / (WIDE[str(sheet.get("paper", "A4"))] - kept)))


def narrowed(columns: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Columns of a sheet as they are where the page holds them; on a wider sheet texts give way and wrap, numbers and dates never."""
    spare = [max(float(c.get("width", 12)) - LEAST, 0) if c.get("kind", "text") == "text" else 0.0 for c in columns]
    over = sum(float(c.get("width", 12)) + EDGE for c in columns) - PAGE
    if over <= 0 or not sum(spare):
        return list(columns)
    share = min(over / sum(spare), 1)
    return [
        {**c, "width": round(float(c.get("width", 12)) - s * share, 1), "wrap": "yes"} if s else c
        for c, s in zip(columns, spare, strict=True)
    ]


def layout(tables: Sequence[Mapping[str, Any]], view: Mapping[str, Any], top: int, single: bool) -> list[Placed]:
    """Tables one below the other; a single one always has its head in rows 3 and 4."""
    placed, row = [], top
    for table in tables:
        rows = list(view[table["rows"]])
        grouped = any(c.get("group") for c in table["columns"])
        row += 1 if table.get("caption") else 0
        bare = table.get("bare") == "yes"  # labelled lines: no head
        deep = 0 if bare else 2 if grouped or (single and "register" not in table) else 1
        placed.append(Placed(table, table["columns"], rows, row, row + deep, deep == 2))
        row = placed[-1].last + (1 if table.get("total") else 0) + 3
    return placed
