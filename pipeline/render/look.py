"""What reading back a delivered file yields: the figures it prints, and what it hides and carries."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Seen:
    """One figure as printed: its tag (a key, a bookmark or a range name), the text, and for workbooks the unit of its row."""

    tag: str
    text: str
    place: str
    unit: str | None = None  # workbook rows: the code in the row; '' = the total row
    formula: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """What one delivered file shows: figures, (creator, modified by), parts with hidden text, hidden sheets, formulas, numbers."""

    figures: tuple[Seen, ...] = ()
    authors: tuple[str, str] = ("", "")
    hidden: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()
    formulas: tuple[tuple[str, str], ...] = ()
    numbers: frozenset[str] = frozenset()
    whole: bool = True  # a paper still bears the mark of what it said when it was made
