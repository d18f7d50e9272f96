"""All findings of the rules in; of two findings about the same two rows the stronger alone out, which says what it took in.

Which rule takes in which stands in schemas/rules (`absorbs`): one matter is one question to answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from pipeline.book.spec import Book
from pipeline.checking.tally import Tally
from pipeline.model import Finding, Place

SEVERITIES = ("error", "warning", "info")
Spot = tuple[str | None, ...]  # (file, sheet, row), or (unit,) where a place is in no sheet of a form
Matter = frozenset[Spot]


def absorbed(findings: Sequence[Finding], files: Collection[str], book: Book, tally: Tally) -> list[Finding]:
    """The findings in their order, without the weaker ones. A weaker finding goes only where everything it joins is joined
    by findings of one stronger rule that are as severe; the coverage says where it went. `files`: the schools' own, all
    others are registers."""
    takes = {r.id: r.absorbs for r in book.rules.values() if r.absorbs and r.stage != "draft"}
    weak = {rule for rules in takes.values() for rule in rules}
    if not any(f.rule in weak for f in findings):
        return list(findings)
    told: dict[tuple[str, Matter], list[int]] = defaultdict(list)
    for i, f in enumerate(findings):
        for pair in {p for place in f.related for p in _pairs(f, place)} if f.rule in takes else ():
            told[f.rule, pair].append(i)
    gone: dict[int, None] = {}
    taken: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for by, rules in takes.items():
        for i, f in enumerate(findings):
            if f.rule not in rules or i in gone:
                continue
            into = [
                [
                    j
                    for j in told.get((by, _asks(f, p, files)), ())
                    if j not in gone and _as_severe(findings[j], f, book)
                ]
                for p in f.related
            ]
            if into and all(into):
                gone[i] = None
                tally.absorbed(f.rule, f.file or f.unit or "", by)
                for j in {j for js in into for j in js}:
                    taken[j].append((f.rule, book.rules[f.rule].title))
    return [_with(f, taken[i]) if i in taken else f for i, f in enumerate(findings) if i not in gone]


def _as_severe(strong: Finding, weak: Finding, book: Book) -> bool:
    one, other = (SEVERITIES.index(f.severity or book.rules[f.rule].severity) for f in (strong, weak))
    return one <= other


def _with(f: Finding, taken: Iterable[tuple[str, str]]) -> Finding:
    return replace(f, absorbed=tuple(dict.fromkeys((*f.absorbed, *taken))))


def _pairs(f: Finding, p: Place) -> tuple[Matter, Matter]:
    """What a stronger finding joins: its own row with the row it names, and with the unit that row is of."""
    return frozenset((_own(f), (p.file, p.sheet, str(p.row)))), frozenset((_own(f), (p.unit,)))


def _asks(f: Finding, p: Place, files: Collection[str]) -> Matter:
    """What a weaker finding joins: two rows, or a row and a unit where it names the line of a register."""
    rows, unit = _pairs(f, p)
    return rows if p.file in files else unit


def _own(f: Finding) -> Spot:
    return f.file, f.sheet, str(f.row)
