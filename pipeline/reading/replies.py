"""A return of ours that came back in; what the school wrote into its 学校说明 column, by the ids of the findings, out.

The sheet is ours by its defined name or title, its columns by their heads; the ids are keyed and fit nothing but our own
findings. Text is data: nothing of it is ever calculated, and only so much of it is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from pipeline.cells.text import clean, fold
from pipeline.model import Reply
from pipeline.reading.marks import Ours
from pipeline.reading.raw import RawBook, RawSheet

ID = re.compile("[0-9a-f]{12}")
LONGEST = 300  # signs of one explanation
TOP = 20  # rows in which the head stands


def replies(raw: RawBook, mine: Ours, words: Mapping[str, Any]) -> tuple[Reply, ...]:
    """`words`: schemas/words/returns.yaml. The first filled line of a finding counts."""
    found: dict[str, Reply] = {}
    for sheet in raw.sheets:
        if sheet.name in mine.sheets:
            for reply in _of_sheet(sheet, str(words["reply_head"]), str(words["id_head"])):
                found.setdefault(reply.finding, reply)
    return tuple(found.values())


def _of_sheet(sheet: RawSheet, reply_head: str, id_head: str) -> Iterable[Reply]:
    columns: dict[str, int] = {}
    for i, row in enumerate(sheet.rows):
        if columns:
            number, text = (row[columns[h]] if columns[h] < len(row) else None for h in (id_head, reply_head))
            key, said = fold(str(number or "")), clean(text) if isinstance(text, str) else ""
            if said and ID.fullmatch(key):
                yield Reply(key, said[:LONGEST])
        elif i < TOP:
            heads = {fold(v): j for j, v in enumerate(row) if isinstance(v, str)}
            if fold(reply_head) in heads and fold(id_head) in heads:
                columns = {h: heads[fold(h)] for h in (id_head, reply_head)}
