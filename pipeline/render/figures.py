"""A number with its name: what lets the gate find every printed figure again in the delivered bytes."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import NamedTuple

OPEN, MIDDLE, CLOSE = "\ue000", "\ue001", "\ue002"  # private-use marks around a figure while a letter is rendered
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff\ue000-\ue002]")
_NO_NAME = re.compile(r"[^\w.]")


class Fig(NamedTuple):
    """`key` such as people.F1.accepted or requested_fen.pending@YL001; `value` in fen, persons or rows; `text` printed. A tuple,
    because a district has tens of thousands of them and workers get them by post."""

    key: str
    value: int
    text: str
    measure: str = "rows"

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        """Plain and quick: a district's workbooks are compared by what their figures say, tens of thousands of them."""
        return f"Fig({self.key!r}, {self.value}, {self.text!r}, {self.measure!r})"

    def __bool__(self) -> bool:
        return self.value != 0


class Marked(str):
    """A text some of whose signs a workbook shows in another colour; `at`: which, counted from 0."""

    at: tuple[int, ...] = ()

    @classmethod
    def of(cls, text: str, at: tuple[int, ...]) -> Marked:
        made = cls(text)
        made.at = at
        return made

    def __repr__(self) -> str:
        """Workbooks are compared by what they say, and how."""
        return f"Marked({str(self)!r}, {self.at!r})"


def clean(text: str) -> str:
    """Characters no XML may carry (and our private marks) become U+FFFD."""
    return _CONTROL.sub("\ufffd", text)


def bookmark(key: str, number: int) -> str:
    """A Word bookmark name for a figure: letters, digits and _ only, at most 40 signs, unique by number."""
    return f"fig_{sha256(key.encode()).hexdigest()[:16]}_{number}"


def range_name(key: str) -> str:
    """A workbook-defined name for a column or cell of figures."""
    return "fig_" + _NO_NAME.sub("_", key)
