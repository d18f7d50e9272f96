"""What reading a file yields: entries, rows, tables, identity marks, one Document per file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipeline.model.ground import EMPTY, Finding


@dataclass(frozen=True, slots=True)
class Entry:
    """One typed cell outside a table (head block, 封面): state blank | value | unknown."""

    value: Any
    raw: str
    sheet: str
    row: int
    col: int
    state: str = "value"


@dataclass(frozen=True, slots=True)
class Row:
    """One data row. `values`: typed, blank fields absent. `raw`: the clerk's text of every non-blank cell.

    `unknown`: fields whose typing failed (neither blank nor value). `moved`: field -> (row, col) of the physical
    cell where it differs from (number, table column), e.g. filled down from a merged cell.
    """

    number: int
    values: Mapping[str, Any]
    raw: Mapping[str, str]
    unknown: frozenset[str] = frozenset()
    moved: Mapping[str, tuple[int, int]] = EMPTY

    def get(self, name: str) -> Any:
        return self.values.get(name)


@dataclass(frozen=True, slots=True)
class Table:
    """One recognised sheet: columns maps field name -> Excel column; rows are data rows in reading order."""

    form: str  # F1 … F5, or a register/decision name (R1 …, 综合平衡表 …)
    resource: str  # resource name inside the form
    sheet: str
    header: tuple[int, int]  # first and last header row
    columns: Mapping[str, int]
    titles: Mapping[str, str]  # field -> header text as it stands in the file
    rows: tuple[Row, ...] = ()
    totals: tuple[Row, ...] = ()  # 合计 / 小计 rows, typed like data rows
    head: Mapping[str, Entry] = EMPTY  # head-block fields found on this very sheet
    zero: bool | None = None  # 零报告 tick / 无 (True), 有 (False), not stated (None)
    last_row: int = 0  # last used row and column of the sheet (for marking)
    last_col: int = 0
    plain: bool = False  # last year's plain table: not a sheet we generated
    blocked: tuple[str, ...] = ()  # required columns that are missing (SHT-003): rules reading them cannot run

    def at(self, row: Row, name: str) -> tuple[int, int] | None:
        """(Excel row, Excel column) of the physical cell of a field, None when the column is absent."""
        if name in row.moved:
            return row.moved[name]
        col = self.columns.get(name)
        return (row.number, col) if col else None


@dataclass(frozen=True, slots=True)
class Marks:
    """Identity marks a workbook of ours carries: at least two of three carriers must agree to count."""

    role: str = ""  # form | register | decision | return
    forms: tuple[str, ...] = ()
    unit: str = ""
    season: str = ""
    stage: str = ""
    version: str = ""
    agree: int = 0


@dataclass(frozen=True, slots=True)
class Reply:
    """What a school wrote into 学校说明 beside one finding of its return: the finding's id, and the words as they stand."""

    finding: str
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """One file, read: exactly one outcome, its recognised tables, its findings (unit still open).

    outcome: readable | rejected | encrypted | not-a-workbook | ignored. `kind`: xlsx xlsm xlsb xls ods et csv html
    xml2003 zip pdf docx … unknown. `members`: paths of the documents inside a zip.
    """

    path: str
    sha256: str
    size: int
    kind: str
    outcome: str
    attachment: bool = False
    tables: tuple[Table, ...] = ()
    head: Mapping[str, Entry] = EMPTY  # the head block (封面 first, else the first sheet that has one)
    declared: Mapping[str, Entry] = EMPTY  # 封面: form -> Entry(value '有' | '无' | None)
    marks: Marks = Marks()
    findings: tuple[Finding, ...] = ()
    modified: datetime | None = None  # the document's own modified property
    sheets: tuple[str, ...] = ()  # every sheet name in order
    preview: tuple[str, ...] = ()  # first three non-empty rows as text (文件认领)
    members: tuple[str, ...] = ()
    cannot_see: frozenset[str] = frozenset()  # symptoms this container hides: hidden formulas errors merged …
    replies: tuple[Reply, ...] = ()  # of the return of ours that came back in it
    named: tuple[Entry, ...] = ()  # places that may name a unit: head blocks, unit columns, then titles (state 'title')
