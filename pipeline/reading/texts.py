"""Text wearing a workbook's name: in go bytes known to be text, out come raw sheets of strings (CSV, TSV, semicolons)."""

from __future__ import annotations

import csv
from io import StringIO

from pipeline.reading.container_values import clean_text
from pipeline.reading.limits import Limits, damaged, too_big
from pipeline.reading.raw import RawSheet
from pipeline.reading.sniff import decode

BLIND = frozenset(
    ("hidden", "filtered", "formulas", "uncached", "errors", "merged", "comments", "names", "properties", "pictures")
)


def delimiter(text: str) -> str:
    """The sign that parts the first lines most evenly: tab, comma or semicolon; '' when none does in two lines."""
    lines = [line for line in text[:20_000].splitlines() if line.strip()][:50]
    best, most = "", 0
    for sign in ("\t", ",", ";"):
        hits = sum(line.count(sign) > 0 for line in lines)
        if hits > max(1, most) and hits * 2 >= len(lines):
            best, most = sign, hits
    return best


def open_csv(data: bytes, name: str, named_csv: bool, limits: Limits) -> list[RawSheet] | None:
    """One sheet of strings; None when the text is no table (under another name than .csv two columns are asked for)."""
    text = decode(data)
    if text is None:
        raise damaged("encoding")
    text = text.lstrip("\ufeff")
    sign = delimiter(text)
    if not sign and not named_csv:
        return None
    rows: list[list[str]] = []
    filled = 0
    try:
        for line in csv.reader(StringIO(text, newline=""), delimiter=sign or ",", strict=True):
            rows.append([clean_text(value, limits) for value in line])
            filled += len(line) - line.count("")
            if filled > limits.cells:
                raise too_big("cells", limits.cells)
            if len(rows) > limits.rows:
                raise too_big("rows", limits.rows)
    except csv.Error:
        raise damaged("quotes") from None
    return [RawSheet(name, rows=list(rows), filled=filled)]
