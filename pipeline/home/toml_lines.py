"""The text of a TOML file in; mistakes out, each with the line where its key stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pipeline.model import WennuanError

HEADER = re.compile(r"^\s*\[(\[)?\s*([^\[\]]+?)\s*\]")
KEY = re.compile(r"^\s*(\"[^\"]*\"|'[^']*'|[A-Za-z0-9_.-]+)\s*=")


class Told:
    """Collects mistakes. `line(table, key, index)`: the line of a key (of the index-th [[table]]), else its table's, else 1."""

    def __init__(self, text: str) -> None:
        self.wrong: list[WennuanError] = []
        self._at: dict[tuple[str, int, str], int] = {}
        table, index, seen = "", 0, {"": 0}
        for number, line in enumerate(text.split("\n"), 1):
            if header := HEADER.match(line):
                table = header.group(2).strip("\"' ")
                index = seen[table] = seen.get(table, -1) + 1
                self._at[table, index, ""] = number
            elif key := KEY.match(line):
                self._at.setdefault((table, index, key.group(1).strip("\"'")), number)

    def line(self, table: str, key: str, index: int = 0) -> int:
        """1-based; a sub-table (`fields.F1`) counts as its table's key."""
        tries = ((table, index, key), (key, 0, "") if not table else (f"{table}.{key}", 0, ""), (table, index, ""))
        return next((self._at[t] for t in tries if t in self._at), 1)

    def say(self, said: str, table: str, key: str, index: int = 0, **facts: object) -> None:
        self.wrong.append(WennuanError(said, 2, (), item=key, line=self.line(table, key, index), **facts))


@dataclass(frozen=True, slots=True)
class Spot:
    """One table of the file: reads its values, tells what does not fit."""

    told: Told
    table: str = ""
    index: int = 0

    def say(self, said: str, key: str, **facts: object) -> None:
        self.told.say(said, self.table, key, self.index, **facts)

    def typed(self, value: Any, kind: type, key: str) -> Any:
        """The value if it is of that kind (dates also as ISO text), else None and a mistake; None stays None."""
        if value is None:
            return None
        found = self.day(value) if kind is date else value
        if found is not None and isinstance(found, kind) and not (kind is int and isinstance(found, bool)):
            return found
        self.say("season_type", key, want=kind.__name__)
        return None

    def each(self, table: Mapping[str, Any], fits: Callable[[Any], bool], want: str) -> dict[str, Any]:
        """The entries that fit; the others become mistakes."""
        for key, value in table.items():
            if not fits(value):
                self.say("season_type", key, want=want)
        return {key: value for key, value in table.items() if fits(value)}

    @staticmethod
    def day(value: Any) -> date | None:
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        try:
            return date.fromisoformat(value) if isinstance(value, str) else None
        except ValueError:
            return None
