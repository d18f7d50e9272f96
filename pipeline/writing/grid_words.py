"""A grid template in; its parsed words, the names of the view it asks for, and what a workbook of it would say, out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from pipeline.book.problems import Spot
from pipeline.book.words_in import parse
from pipeline.model import WennuanError

WRONG = (KeyError, TypeError, ValueError, AttributeError)


def template_of(data: bytes, path: str) -> Mapping[str, Any]:
    """The parsed template, every scalar as text. A syntax error is the office's (WennuanError `grid`)."""
    spot = Spot(path)
    template = parse(data, spot)
    if spot.into or not isinstance(template, Mapping):
        raise WennuanError("grid", file=path, why="; ".join(map(str, spot.into)) or "sheets")
    return template


def asks_for(template: Mapping[str, Any]) -> set[str]:
    """The names of the view a template uses: rows of its tables, lists of its columns."""
    names: set[str] = set()
    for sheet in template["sheets"]:
        names |= {str(sheet["when"])} if "when" in sheet else set()
        for table in tables_of(sheet):
            names.add(str(table["rows"]))
            names |= {"register_columns"} if "register" in table else set()
            for column in table.get("columns", ()):
                names |= {str(column[word]) for word in ("each", "choices") if isinstance(column.get(word), str)}
    return names


def part_of(data: bytes, path: str, view: Mapping[str, Any]) -> dict[str, Any]:
    """What a workbook of this template may say of the view: the names it asks for, and the plain words its texts may hold."""
    try:
        names = asks_for(template_of(data, path))
    except WRONG as error:
        raise complaint(path, error) from error
    names |= {name for name, value in view.items() if isinstance(value, (str, int))}
    if "register_columns" in names:  # a register's columns may offer lists of the view
        columns = (c for listed in view.get("register_columns", {}).values() for c in listed)
        names |= {c["choices"] for c in columns if isinstance(c.get("choices"), str)}
    return {name: view[name] for name in sorted(names) if name in view}


def content(part: Mapping[str, Any], aside: Collection[str]) -> str:
    """All a workbook would say of its part of the view but for the plain words `aside` (number and hour of the night): equal
    texts, equal workbooks."""
    return repr([(name, value) for name, value in part.items() if name not in aside])


def complaint(path: str, error: Exception) -> WennuanError:
    if isinstance(error, KeyError):
        return WennuanError("template_asks", file=path, name=error.args[0])
    return WennuanError("grid", file=path, why=f"{type(error).__name__}: {error}")


def tables_of(sheet: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    return list(sheet.get("tables", [sheet]))
