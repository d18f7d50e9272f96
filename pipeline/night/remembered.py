"""Deliveries and rules in; `check` out, or what it said when it last judged the very same things on the same day."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date

from pipeline.book.spec import Book
from pipeline.checking import check
from pipeline.home.cache import recall_values, remember
from pipeline.home.layout import Home
from pipeline.home.program import program
from pipeline.home.receive import Inputs
from pipeline.ledger import digest
from pipeline.model import Checked, Filed, Office, Past, Season, Sheet
from pipeline.night.judging import Checker, Documents


def checker(home: Home, inputs: Inputs, documents: Documents, schemas: str, secret: bytes) -> Checker:
    """A night with nothing new need not judge again. Documents, registers and decisions follow from the deliveries, and the
    rules are shown no past, so that nothing but what the key names can change what they say."""
    if any(f.facts.get("fault") for found in documents.values() for d in found for f in d.findings):
        return check  # a fault of ours may be gone next time
    key = _key(inputs, schemas)

    def checked(sheets: Sequence[Sheet], filed: Sequence[Filed], office: Office, book: Book, season: Season, as_of: date, _: Past) -> Checked:
        known = recall_values(home, key, secret, Checked)
        if known is None:
            known = (check(sheets, filed, office, book, season, as_of, Past()),)
            remember(home, key, known, secret)
        return known[0]

    return checked


def _key(inputs: Inputs, schemas: str) -> str:
    """Everything judging depends on: every delivery and how it stands, the day, the season, the schemas, the program."""
    stand = [[a.path, a.sha256, a.received.isoformat(), a.size, a.area, a.present, a.night, a.order] for a in inputs.arrivals]
    return digest(["checked", stand, inputs.as_of.isoformat(), hashlib.sha256(inputs.season).hexdigest(), schemas, program()])
