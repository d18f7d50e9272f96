"""SpreadsheetML 2003 wearing .xls: in go its bytes, out come raw sheets with types, errors, formulas and merged ranges."""

from __future__ import annotations

from datetime import datetime
from math import isfinite
from typing import Any

from lxml import etree

from pipeline.reading.container_values import clean_text
from pipeline.reading.limits import Limits, damaged, too_big
from pipeline.reading.prescan_areas import MAX_COL, MAX_ROW
from pipeline.reading.prescan_plain import safe_parser, utf8
from pipeline.reading.raw import Address, RawSheet

SS = "{urn:schemas-microsoft-com:office:spreadsheet}"
EXCEL = "{urn:schemas-microsoft-com:office:excel}"
VISIBLE = {"SheetHidden": "hidden", "SheetVeryHidden": "veryHidden"}
BLIND = frozenset(("pictures", "properties"))


def open_xml2003(data: bytes, limits: Limits) -> list[RawSheet]:
    """Every worksheet; Refused over a limit or with a DOCTYPE, lxml errors when broken."""
    root = etree.fromstring(utf8(data), safe_parser())
    if root.tag != SS + "Workbook":
        raise damaged("workbook")
    sheets = [_sheet(sheet, limits) for sheet in root.iterchildren(SS + "Worksheet")]
    if not sheets:
        raise damaged("workbook")
    return sheets


def _number(element: Any, name: str, most: int) -> int:
    text = element.get(SS + name) or ""
    if text and not text.isdigit():
        raise damaged("far")
    if len(text) > 8 or int(text or 0) > most:
        raise damaged("far")
    return int(text or 0)


def _sheet(element: Any, limits: Limits) -> RawSheet:
    shown = element.find(f".//{EXCEL}Visible")
    sheet = RawSheet(element.get(SS + "Name", ""), VISIBLE.get(shown.text if shown is not None else "", "visible"))
    table = element.find(SS + "Table")
    if table is None:
        return sheet
    hidden: set[int] = set()
    col = 0
    for column in table.iterchildren(SS + "Column"):
        col = _number(column, "Index", MAX_COL) or col + 1
        last = col + _number(column, "Span", MAX_COL)
        if column.get(SS + "Hidden") == "1":
            hidden.update(range(col, min(last, MAX_COL) + 1))
        col = last
    sheet.hidden_cols = frozenset(hidden)
    _rows(table, sheet, limits)
    sheet.filtered = element.find(f".//{EXCEL}AutoFilterColumn") is not None
    return sheet


def _rows(table: Any, sheet: RawSheet, limits: Limits) -> None:
    row = 0
    hidden: set[int] = set()
    merged: list[tuple[int, int, int, int]] = []
    notes: dict[Address, str] = {}
    blank: list[Any] = []
    used = 0
    for line in table.iterchildren(SS + "Row"):
        row = _number(line, "Index", MAX_ROW) or row + 1
        values = _cells(line, row, sheet, merged=merged, notes=notes, limits=limits)
        if values:
            used += 1
            sheet.rows.extend([blank] * (row - 1 - len(sheet.rows)))
            sheet.rows.append(values)
        sheet.filled += len(values) - values.count("")
        if sheet.filled > limits.cells:
            raise too_big("cells", limits.cells)
        if used > limits.rows:
            raise too_big("rows", limits.rows)
        last = row + _number(line, "Span", MAX_ROW)
        if line.get(SS + "Hidden") == "1":
            hidden.update(range(row, min(last, MAX_ROW) + 1))
        row = last
    sheet.hidden_rows, sheet.merged = frozenset(hidden), tuple(merged)
    sheet.comments = notes


def _cells(
    line: Any,
    row: int,
    sheet: RawSheet,
    *,
    merged: list[tuple[int, int, int, int]],
    notes: dict[Address, str],
    limits: Limits,
) -> list[Any]:
    values: list[Any] = []
    col = 0
    for cell in line.iterchildren(SS + "Cell"):
        col = _number(cell, "Index", MAX_COL) or col + 1
        across, down = _number(cell, "MergeAcross", MAX_COL), _number(cell, "MergeDown", MAX_ROW)
        if across or down:
            if down and (across + 1) * (down + 1) > limits.span:
                raise too_big("span", limits.span)
            merged.append((row, col, row + down, col + across))
        data = cell.find(SS + "Data")
        formula = cell.get(SS + "Formula")
        if formula:
            sheet.formulas[row, col] = formula.removeprefix("=")
        value = _value(data, sheet, row, col, limits) if data is not None else ""
        if value != "":
            values += [""] * (col - 1 - len(values)) + [value]
        note = cell.find(SS + "Comment")
        if note is not None:
            notes[row, col] = "".join(note.itertext()).strip()
        col += across
    return values


def _value(data: Any, sheet: RawSheet, row: int, col: int, limits: Limits) -> Any:
    text = "".join(data.itertext())
    kind = data.get(SS + "Type")
    if kind == "Error":
        sheet.errors[row, col] = text.strip()
        return ""
    if kind == "Number":
        number = float(text)
        if isfinite(number):
            return number
        sheet.errors[row, col] = "#NUM!"
        return ""
    if kind == "Boolean":
        return text.strip() == "1"
    if kind == "DateTime":
        return datetime.fromisoformat(text.strip())
    return clean_text(text, limits)
