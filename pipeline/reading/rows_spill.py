"""A typed row in; the same row out with the two names of one cell in the two fields they belong to, where that is certain."""

from __future__ import annotations

from dataclasses import replace

from pipeline.cells.names import SHORT, several
from pipeline.model import Row
from pipeline.reading.rows_typed import SEVERAL, Typing, finding

SHARED = "CEL-045"  # two names of one cell, read into two fields


def spilled(t: Typing, row: Row) -> Row:
    """Two people under one heading (two officers) go into the field and the one that follows it: when that one is blank,
    or repeats one of the two. Three names, a note beside a name or a third person next door stay a doubt."""
    for name in row.unknown:
        column = t.plan.columns[name]
        names = several(row.raw[name], t.reader.lexicon) if column.spill else ()
        beside = row.raw.get(column.spill)
        rest = tuple(n for n in names if n != beside)
        if len(names) == 2 and all(SHORT.fullmatch(n) for n in names) and len(rest) == (1 if beside else 2):
            row = _shared(t, row, name, rest)
    return row


def _shared(t: Typing, row: Row, name: str, names: tuple[str, ...]) -> Row:
    column = t.plan.columns[name]
    spot = row.moved.get(name, (row.number, t.header.columns[name]))
    fields = (name, column.spill)[: len(names)]
    new = t.reader.lexicon.separator.join(names)
    both = t.plan.columns[column.spill].title
    t.findings = [f for f in t.findings if (f.rule, f.row, f.field) != (SEVERAL, row.number, name)]
    facts = {"other": both}
    t.findings.append(finding(SHARED, t.plan, t.sheet, *spot, column, row.raw[name], new, facts))
    return replace(
        row, values={**row.values, **dict(zip(fields, names, strict=True))},
        raw={**dict.fromkeys(fields, row.raw[name]), **row.raw}, unknown=row.unknown - {name},
        moved={**row.moved, **({column.spill: spot} if len(names) > 1 else {})},
    )  # fmt: skip
