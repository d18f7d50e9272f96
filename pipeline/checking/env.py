"""A rule and its season in; the helper its function is handed out: parameters, thresholds, lines, titles, facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from pipeline.book.spec import Book, Rule
from pipeline.cells.money import fen_text
from pipeline.checking.registry import CannotRun, NotApplicable
from pipeline.checking.subjects import Subject, World
from pipeline.model import Sheet

LISTED = "\u3001"
OTHER_UNIT = "SHT-016"  # the head says 万元: the sheet is returned for that, and what follows is not said as well


@dataclass(frozen=True, slots=True)
class Env:
    """`on`: the fields this rule may judge on the sheet at hand (switched on and present)."""

    rule: Rule
    world: World
    on: frozenset[str] = frozenset()
    memo: dict[str, Any] = field(default_factory=dict, repr=False)  # parameters, worked out once

    @property
    def book(self) -> Book:
        return self.world.book

    def param(self, name: str, default: Any = None) -> Any:
        """A parameter. ``{season: key, default: v}`` takes season.toml's threshold `key` where the season sets it."""
        value = self.rule.params.get(name, default)
        if isinstance(value, Mapping) and "season" in value:
            return self.world.season.thresholds.get(str(value["season"]), value.get("default"))
        return value

    def text(self, name: str, default: str = "") -> str:
        value = self.rule.params.get(name, default)
        return value if isinstance(value, str) else str(self.param(name, default))

    def number(self, name: str, default: str = "0") -> Decimal:
        found = self.memo.get(name + "#")
        if found is None:
            self.memo[name + "#"] = found = Decimal(str(self.param(name, default)))
        return found

    def whole(self, name: str, default: str = "0") -> int:
        return int(self.number(name, default))

    def many(self, name: str) -> tuple[str, ...]:
        """A parameter that is one word or a list of words."""
        found: tuple[str, ...] | None = self.memo.get(name)
        if found is None:
            value = self.param(name)
            found = () if value is None else (value,) if isinstance(value, str) else tuple(str(v) for v in value)
            self.memo[name] = found
        return found

    def mapping(self, name: str) -> Mapping[str, Any]:
        value = self.param(name)
        return value if isinstance(value, Mapping) else {}

    def line(self, name: str = "line") -> int:
        """The income line (fen a month) that parameter `name` names in season.toml [lines]."""
        wanted = self.text(name)
        if wanted not in self.world.season.lines:
            raise NotApplicable("no_line", line=wanted)
        return self.world.season.lines[wanted]

    def in_yuan(self, sheet: Sheet) -> None:
        """Sums are judged in 元 alone: four decimals of 万元 were rounded to fen one by one."""
        if not self.world.noticed(OTHER_UNIT).isdisjoint({(sheet.file, sheet.table.sheet), (sheet.file, "")}):
            raise CannotRun("unknown", rule=OTHER_UNIT)

    def words(self, key: str) -> str:
        """A phrase of schemas/words/checking.yaml `phrases:` that a fact needs."""
        return str(self.book.words["checking"]["phrases"][key])

    def titles(self, subject: Subject, names: Iterable[str]) -> str:
        """The headers of several fields, as a list in a sentence."""
        return LISTED.join(subject.title(n, self.book) for n in names)


def yuan(fen: int) -> str:
    """Fen as a school writes it: 1,234.50."""
    return str(fen_text(fen))


def contains(value: Any, wanted: Iterable[str]) -> bool:
    """Whether a code (str) or a list of codes (tuple) holds one of the wanted words."""
    words = set(wanted)
    return bool(words & set(value)) if isinstance(value, tuple) else value in words
