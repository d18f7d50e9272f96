"""A sheet with one labelled value per line (F5) in; a Header whose columns are the value cells, and the single Row, out."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pipeline.model import Row
from pipeline.reading.headers import Header
from pipeline.reading.interpret_plan import Plan
from pipeline.reading.raw import Address, RawSheet
from pipeline.reading.rows import is_blank
from pipeline.reading.rows_typed import Typing, type_cells
from pipeline.reading.titles import HeaderWords, title_key, without_brackets

_NUMBER = re.compile(r"^\(?[0-9一二三四五六七八九十]{1,3}\)?[.、,:]?(?=\D)")
LONGEST = 80


def find_items(sheet: RawSheet, plan: Plan, words: HeaderWords) -> Header | None:
    """Labels of the form wherever they stand; `every` keeps label columns, `rows` the first and last label row."""
    labels = _labels(sheet, plan, words)
    if not labels:
        return None
    rows = [spot[0] for spot, _ in labels.values()]
    share = len(plan.want.required & labels.keys()) / len(plan.want.required) if plan.want.required else 1.0
    return Header(
        (min(rows), max(rows)),
        {name: spot[1] for name, (spot, _) in labels.items()},
        {name: text for name, (_, text) in labels.items()},
        every={i: text for i, (_, text) in enumerate(labels.values())},
        share=share,
    )


def read_items(t: Typing, words: HeaderWords, own: bool) -> tuple[Row, Mapping[str, int]]:
    """The sheet's one row, every value with its physical cell in `moved`; columns as field -> value column."""
    labels = _labels(t.sheet, t.plan, words)
    spots = {spot for spot, _ in labels.values()}
    cells = {name: _value_cell(t, spot, spots, own) for name, (spot, _) in labels.items()}
    first = min(spot[0] for spot in spots)
    row = type_cells(t, first, cells)
    return row, {name: spot[1] for name, spot in cells.items()}


def _labels(sheet: RawSheet, plan: Plan, words: HeaderWords) -> dict[str, tuple[Address, str]]:
    found: dict[str, tuple[int, Address, str]] = {}
    for i, cells in enumerate(sheet.rows[:200]):
        for j, value in enumerate(cells[:4]):
            if type(value) is not str or not value or len(value) > LONGEST:
                continue
            key = _NUMBER.sub("", title_key(value, words.decorations))
            for loose, spelled in enumerate((key, without_brackets(key, words.meaning))):
                for rank, _, name in plan.want.keys.get(spelled, ())[:1]:
                    bid = (rank + loose, (sheet.origin[0] + i, sheet.origin[1] + j), value)
                    if name not in found or bid[0] < found[name][0]:
                        found[name] = bid
    return {name: (spot, text) for name, (_, spot, text) in sorted(found.items(), key=lambda f: f[1][1])}


def _value_cell(t: Typing, label: Address, labels: set[Address], own: bool) -> Address:
    """The cell beside a label, else the one below it, else (in a table not ours) the next filled one to the right."""
    sheet, (row, col) = t.sheet, label
    beside = next((r + 1 for top, c, last, r in sheet.merged if top <= row <= last and c == col), col + 1)
    width = sheet.origin[1] + max((len(r) for r in sheet.rows), default=0)
    spots = [(row, beside), (row + 1, col), *((row, at) for at in range(beside + 1, width if not own else beside))]
    for spot in spots:
        if spot[0] == row and spot in labels:
            break
        value = sheet.get(*spot)
        if not is_blank(value) and spot not in labels and not (own and spot[0] != row):
            return spot
    return row, beside
