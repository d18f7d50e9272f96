"""What a pandera frame is asked and what it answers, as plain values: a night that has nothing to check loads no pandas for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pipeline.book.spec import Field, Resource
from pipeline.checking.subjects import Subject

ROW, KEY = "_row", "_key:"
REQUIRED = "not_nullable"  # pandera's own name for a blank in a column that must be filled


@dataclass(frozen=True, slots=True)
class Failure:
    """One failed check: `check` is the rule id (or REQUIRED), `column` the field (ROW, KEY… for row and key rules)."""

    position: int
    column: str
    check: str


Excuse = tuple[str, bool]  # a field that, filled, explains a blank one; True: only where it says 0


@dataclass(slots=True)
class FrameChecks:
    """What to check on one resource. `cells`: rule id -> fault finder per field; `rows`: rule id -> judge;
    `keys`: rule id -> key of a row, None = not judged."""

    resource: Resource
    required: bool = False
    excused: dict[str, tuple[Excuse, ...]] = field(default_factory=dict)  # required field -> what explains its blank
    cells: dict[str, Callable[[Field], Callable[[Any], bool] | None]] = field(default_factory=dict)
    rows: dict[str, Callable[[int, Subject], bool]] = field(default_factory=dict)
    keys: dict[str, Callable[[Subject], Any]] = field(default_factory=dict)


def pattern_of(text: str) -> re.Pattern[str]:
    """A Table Schema pattern constrains the whole value; [0-9] in it, never the digits of every script."""
    return re.compile(f"^(?:{text})$")


def limits(f: Field, bounds: Mapping[str, str]) -> tuple[int | None, int | None]:
    """Least and greatest value of a field: the rule's own bounds ("1-12") before the form's constraints."""
    if f.name in bounds:
        low, _, high = bounds[f.name].partition("-")
        return (int(low) if low else None), (int(high) if high else None)
    return f.minimum, f.maximum
