"""What every part of the mess has at hand: the invented world, the book, and what has been made so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.book.spec import Book
from pipeline.demo.district import School, World
from pipeline.demo.filling import Filing
from pipeline.demo.plan import Files, Planted
from pipeline.model import Season

# parts in the mess, by the unit's place in R1; units beyond the last part are ordinary ones with faults in their forms
PLAIN, ZIPPED, RESENT, ZERO, SILENT, BROKEN, SHORTER, LATE, UNDECIDED = range(9)


@dataclass(slots=True)
class Made:
    """What the mess has come to."""

    files: Files = field(default_factory=dict)
    planted: list[Planted] = field(default_factory=list)


@dataclass(slots=True)
class Bench:
    """World, schools, book and season of a mess in the making."""

    world: World
    schools: Sequence[School]
    book: Book
    season: Season
    made: Made = field(default_factory=Made)

    @property
    def words(self) -> Mapping[str, Any]:
        return self.world.words

    def named(self, pattern: str, f: Filing, **more: str) -> str:
        """A file name as schools give them; patterns are in schemas/words/demo.yaml."""
        form = self.book.forms[f.forms[0]]
        unit = f.school.unit
        return pattern.format(
            title=form.title, name=unit.name, short=unit.short, pinyin=f.school.pinyin, form=form.name, **more
        )

    def file_name(self, key: str, f: Filing, **more: str) -> str:
        return self.named(self.words["file_names"][key], f, **more)

    def put(self, path: str, data: bytes, f: Filing) -> str:
        self.made.files[path] = (data, f.received)
        return path

    def plant(
        self, rule: str, f: Filing, file: str | None, sheet: str | None = None, cell: str | None = None, *also: str
    ) -> None:
        self.made.planted.append(Planted(rule, f.school.code, file, sheet, cell, also))


def part_of(school: School) -> int:
    return school.unit.order - 1
