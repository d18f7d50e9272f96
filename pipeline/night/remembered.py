"""Deliveries, rules and the day in; what an earlier night judged and merged of the very same out, so that a night with
nothing new need neither read nor judge again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from pipeline.book.spec import Book
from pipeline.home.cache import recall_values, remember
from pipeline.home.layout import Home
from pipeline.home.program import program
from pipeline.home.receive import Inputs
from pipeline.ledger import digest
from pipeline.model import Arrival, Document, Finding, Season
from pipeline.night.judging import Judged, Merged, merged
from pipeline.night.packed import (
    JudgedPack,
    MergedPack,
    pack_judged,
    pack_merged,
    unpack_judged,
    unpack_merged,
)
from pipeline.settling import CLOSED


@dataclass(frozen=True, slots=True)
class Memory:
    """What a home remembers of one night's judging. Documents, registers and decisions follow from the deliveries, and
    judging is shown no past, so that nothing but what `key` names can change what it says."""

    home: Home
    secret: bytes
    key: str
    read: Callable[[Arrival], tuple[Document, ...]] = field(repr=False)

    def judged(self, arrivals: Sequence[Arrival]) -> Judged | None:
        """None: not judged before, or forgotten."""
        known = recall_values(self.home, self.key, self.secret, JudgedPack)
        return unpack_judged(known[0], arrivals, self.read) if known else None

    def keep(self, judged: Judged) -> Judged:
        """Remember what was judged, unless a fault of ours has a part in it: that may be gone next time."""
        documents = (d for found in judged.documents.values() for d in found)
        if not any(f.facts.get("fault") for d in documents for f in d.findings):
            remember(self.home, self.key, [pack_judged(judged)], self.secret)
        return judged

    def merged(self, judged: Judged, findings: Sequence[Finding], book: Book, season: Season, as_of: date) -> Merged:
        """`merged`, or what it said when the same findings were open. Sums that do not add up are not remembered."""
        stands = [[f.id, f.rule, f.file, f.row, f.severity, f.holds] for f in findings if f.status not in CLOSED]
        key = digest(["merged", self.key, stands])
        known = recall_values(self.home, key, self.secret, MergedPack)
        if known:
            return unpack_merged(known[0])
        found = merged(judged, findings, book, season, as_of)
        if not found.wrong:
            remember(self.home, key, [pack_merged(found)], self.secret)
        return found


def memory(
    home: Home,
    inputs: Inputs,
    noticed: Sequence[Finding],
    schemas: str,
    secret: bytes,
    read: Callable[[Arrival], tuple[Document, ...]],
) -> Memory:
    """`noticed`: what was seen of the inbox itself; `read`: how to read one delivery again."""
    return Memory(home, secret, _key(inputs, noticed, schemas), read)


def _key(inputs: Inputs, noticed: Sequence[Finding], schemas: str) -> str:
    """Everything judging depends on: every delivery and how it stands, the day, the season, the schemas, the program."""
    stand = [
        [a.path, a.sha256, a.received.isoformat(), a.size, a.area, a.present, a.night, a.order] for a in inputs.arrivals
    ]
    seen = [[f.rule, f.file, dict(f.facts)] for f in noticed]
    season = hashlib.sha256(inputs.season).hexdigest()
    return digest(["judged", stand, seen, inputs.as_of.isoformat(), season, schemas, program()])
