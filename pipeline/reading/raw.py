"""What opening a container yields before any form is known: sheets of raw values plus the exceptional cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pipeline.model import EMPTY, Finding

Address = tuple[int, int]  # Excel (row, column), 1-based


@dataclass(slots=True)
class RawSheet:
    """`rows[i][j]` stands at Excel (origin row + i, origin column + j): str, float, bool, datetime, date, time, '' …

    Exceptional cells come from the pre-scan and are keyed by Excel address. For kinds whose container hides a
    symptom, its name is in RawBook.cannot_see and the set is empty.
    """

    name: str
    visible: str = "visible"  # visible | hidden | veryHidden
    origin: Address = (1, 1)
    rows: list[list[Any]] = field(default_factory=list)
    errors: dict[Address, str] = field(default_factory=dict)  # '#REF!' …
    formulas: dict[Address, str] = field(default_factory=dict)
    uncached: frozenset[Address] = frozenset()  # formulas without a cached value
    merged: tuple[tuple[int, int, int, int], ...] = ()  # (first row, first col, last row, last col)
    hidden_rows: frozenset[int] = frozenset()
    hidden_cols: frozenset[int] = frozenset()
    filtered: bool = False  # an autofilter with criteria, hiding rows
    pictures: frozenset[Address] = frozenset()  # =DISPIMG(…): a WPS cell picture
    comments: Mapping[Address, str] = EMPTY
    oversized: bool = False  # dimension or far empty cells well beyond the data
    filled: int = 0
    part: str = ""  # the package part of the sheet (xl/worksheets/sheet1.xml), '' where there is none

    def get(self, row: int, col: int) -> Any:
        i, j = row - self.origin[0], col - self.origin[1]
        if 0 <= i < len(self.rows) and 0 <= j < len(self.rows[i]):
            return self.rows[i][j]
        return ""


@dataclass(slots=True)
class RawBook:
    """One opened container. `outcome` as Document.outcome; `sheets` empty unless readable."""

    path: str
    sha256: str
    size: int
    kind: str
    outcome: str
    attachment: bool = False
    sheets: tuple[RawSheet, ...] = ()
    names: Mapping[str, str] = EMPTY  # defined names -> reference text
    properties: Mapping[str, str] = EMPTY  # custom document properties
    date1904: bool = False
    modified: datetime | None = None
    findings: tuple[Finding, ...] = ()
    cannot_see: frozenset[str] = frozenset()
    members: tuple[tuple[str, bytes], ...] = ()  # of a zip: (name, bytes), already checked
    active: tuple[str, ...] = ()  # vba xlm activex ole: what could run or is embedded (never opened)
    outside: tuple[str, ...] = ()  # links connections: what reaches outside the workbook
