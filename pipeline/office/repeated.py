"""Rows of one register in; the row that counts of each key, and what is wrong with the list itself, out: two rows of one key
(WBK-032), people who move in a circle on one day (WBK-033)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from pipeline.book.spec import Register
from pipeline.cells.ids import id_key
from pipeline.cells.text import fold, name_key
from pipeline.model import Finding
from pipeline.office.decided import Laid

REPEATED, CIRCULAR = "WBK-032", "WBK-033"
MOVES, FROM, TO = "R6", "unit_code", "to_unit"
LISTED = "\u3001"
Key = Callable[[Laid], object]


def of_each_key(
    register: Register, laid: Sequence[Laid], key: Key, words: Mapping[str, str]
) -> tuple[list[Laid], list[Finding]]:
    """The later row of a key counts, in the place of the first; said where both stand on one sheet of one file. A list that
    came again is no repetition."""
    kept: dict[object, Laid] = {}
    found = []
    for one in laid:
        name = key(one)
        before = kept.get(name)
        if before is not None and _sheet(before) == _sheet(one):
            found.append(_repeated(register, before, one, words))
        kept[name] = one
    return list(kept.values()), found


def _sheet(one: Laid) -> tuple[int, str | None, str | None]:
    """A file saved again is another sheet: it repeats itself, not its earlier self."""
    return one.order, one.place.file, one.place.sheet


def _repeated(register: Register, one: Laid, two: Laid, words: Mapping[str, str]) -> Finding:
    """Of two decisions under one number each is followed for itself (see decided.py)."""
    fields = [f for f in register.resource.primary_key if two.row.get(f) is not None]
    fields = fields or [f for f in register.key_else if two.row.get(f) is not None]
    titles = [f.title for name in fields if (f := register.resource.field(name))]
    rows = {"r1": str(one.row.number), "r2": str(two.row.number)}
    which = "each" if register.area == "decision" and register.resource.field("kind") else "later"
    facts = {**rows, "col": LISTED.join(titles), "which": words[which].format(**rows)}
    return _at(two, REPEATED, fields, facts, (one,), None if one.row.values != two.row.values else "info")


def circular_moves(laid: Sequence[Laid]) -> tuple[list[Laid], list[Finding]]:
    """R6 without the rows by which somebody comes back on the same day to where they left: which is true nobody can tell."""
    groups: dict[tuple[str, date], list[Laid]] = defaultdict(list)
    for one in laid:
        day, person = one.row.get("date"), _person(one)
        if isinstance(day, date) and person and _unit(one, FROM) and _unit(one, TO):
            groups[person, day].append(one)
    circles = [circle for moves in groups.values() if len(moves) > 1 and (circle := _circle(moves))]
    out = {id(one) for circle in circles for one in circle}
    return [one for one in laid if id(one) not in out], [_circling(circle) for circle in circles]


def _circle(moves: Iterable[Laid]) -> list[Laid]:
    """The moves that lead from a unit back to it; [] where none do."""
    ways: Mapping[str, Laid] = {_unit(one, FROM): one for one in moves}
    for start in ways:
        walked: list[Laid] = []
        at = start
        while at in ways and len(walked) <= len(ways):
            walked.append(ways[at])
            at = _unit(ways[at], TO)
            if at == start:
                return walked if len(walked) > 1 else []
    return []


def _circling(circle: Sequence[Laid]) -> Finding:
    *others, last = sorted(circle, key=lambda one: one.row.number)
    rows = LISTED.join(str(one.row.number) for one in (*others, last))
    return _at(last, CIRCULAR, (TO,), {"rows": rows}, others)


def _at(
    one: Laid,
    rule: str,
    fields: Sequence[str],
    facts: Mapping[str, str],
    others: Iterable[Laid],
    severity: str | None = None,
) -> Finding:
    """At the row's own cell; the other rows beside it. No key in words: it may be a person."""
    name = next((n for n in fields if n in one.table.columns), None)
    row, col = (one.table.at(one.row, name) if name else None) or (one.row.number, None)
    related = tuple(replace(other.place, unit=None) for other in others)
    key = f"{one.table.form}|{facts.get('r1', '')}|{facts.get('r2', '')}{facts.get('rows', '')}"
    return Finding(
        rule, file=one.place.file, sheet=one.place.sheet, row=row, col=col, field=name, facts=facts, related=related,
        severity=severity, key=key,
    )  # fmt: skip


def _person(one: Laid) -> str:
    number = one.row.get("id_number")
    return (
        id_key(str(number))
        if number
        else name_key(str(one.row.get("name") or "")) + str(one.row.get("id_tail") or "").upper()
    )


def _unit(one: Laid, name: str) -> str:
    return fold(str(one.row.get(name) or ""))
