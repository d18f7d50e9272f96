"""Deliveries and rules in; `check` out, or what it said when it last judged the very same things on the same day."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.book.spec import Book
from pipeline.checking import check
from pipeline.home.cache import recall_values, remember
from pipeline.home.layout import Home
from pipeline.home.program import program
from pipeline.home.receive import Inputs
from pipeline.ledger import digest
from pipeline.model import Checked, Coverage, Filed, Finding, Office, Past, Season, Sheet
from pipeline.model.linked import Links
from pipeline.night.judging import Checker, Documents

APART = "\x00"  # stands in no path and in no word of ours


@dataclass(frozen=True, slots=True)
class Kept:
    """What was found, and a line for each coverage: there are as many as rules times files."""

    findings: tuple[Finding, ...]
    coverage: tuple[str, ...]


def _line(c: Coverage) -> str:
    return APART.join((c.rule, c.subject, c.verdict, str(c.count), c.why))


def _coverage(line: str) -> Coverage:
    rule, subject, verdict, count, why = line.split(APART, 4)
    return Coverage(rule, subject, verdict, int(count), why)


def checker(home: Home, inputs: Inputs, documents: Documents, schemas: str, secret: bytes) -> Checker:
    """A night with nothing new need not judge again. Documents, registers and decisions follow from the deliveries, and the
    rules are shown no past, so that nothing but what the key names can change what they say."""
    if any(f.facts.get("fault") for found in documents.values() for d in found for f in d.findings):
        return check  # a fault of ours may be gone next time
    key = _key(inputs, schemas)

    def checked(
        sheets: Sequence[Sheet],
        filed: Sequence[Filed],
        office: Office,
        book: Book,
        season: Season,
        as_of: date,
        _: Past,
        links: Links,
    ) -> Checked:
        known = recall_values(home, key, secret, Kept)
        if known is not None:
            return Checked(known[0].findings, tuple(map(_coverage, known[0].coverage)))
        found = check(sheets, filed, office, book, season, as_of, Past(), links)
        remember(home, key, [Kept(found.findings, tuple(map(_line, found.coverage)))], secret)
        return found

    return checked


def _key(inputs: Inputs, schemas: str) -> str:
    """Everything judging depends on: every delivery and how it stands, the day, the season, the schemas, the program."""
    stand = [
        [a.path, a.sha256, a.received.isoformat(), a.size, a.area, a.present, a.night, a.order] for a in inputs.arrivals
    ]
    return digest(
        ["checked", stand, inputs.as_of.isoformat(), hashlib.sha256(inputs.season).hexdigest(), schemas, program()]
    )
