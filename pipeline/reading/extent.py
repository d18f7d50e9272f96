"""A sheet and its table in; how far the sheet reaches out, strays far from the table apart."""

from __future__ import annotations

from pipeline.model import Table
from pipeline.reading.raw import RawSheet
from pipeline.reading.rows import is_blank

FAR_BELOW, FAR_BESIDE = 1000, 200  # rows, columns: as prescan judges blank cells


def used(sheet: RawSheet, table: int) -> tuple[int, int]:
    """Last Excel row and column that hold anything a person sees; `table`: the table's last column, cells far beside it
    are strays."""
    last_row = last_col = 0
    edge = table + FAR_BESIDE - sheet.origin[1] + 1
    for i, row in enumerate(sheet.rows):
        width = min(len(row), edge)
        if row.count("") == len(row):
            continue
        while width and is_blank(row[width - 1]):
            width -= 1
        if width:
            last_row, last_col = sheet.origin[0] + i, max(last_col, sheet.origin[1] + width - 1)
    return last_row, last_col


def stray(sheet: RawSheet, table: Table) -> tuple[int, int] | None:
    """A filled cell far below or far beside the table: a slip that makes the used range enormous."""
    top, left = sheet.origin
    low = max((row.number for row in (*table.rows, *table.totals)), default=table.header[1]) + FAR_BELOW - top
    wide = max(table.columns.values(), default=left) + FAR_BESIDE - left
    for i in (*range(len(sheet.rows) - 1, low, -1), *(i for i, row in enumerate(sheet.rows) if len(row) > wide)):
        for j in range(len(sheet.rows[i]) - 1, -1 if i > low else wide, -1):
            if sheet.rows[i][j] != "":
                return top + i, left + j
    return None
