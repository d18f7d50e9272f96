"""Findings with their ids in; the same findings with what the office decided and what schools explained about them, out.

A decision holds while the evidence of its finding is what it was on the night that first applied it (contract.md 3); with
other evidence the finding is open again and says what changed. Settling calls `Rulings.apply`; the ledger keeps the keyed
hashes that `Rulings.bound` gives.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from pipeline.book.spec import Rule
from pipeline.model import EMPTY, Covered, Finding, Past, Place, Ruling, partners
from pipeline.office.evidence import SLOT, WHO, Evidence, changed, completed
from pipeline.office.explaining import Explained
from pipeline.office.granting import DIFFERENT, EXCEPTION, LATE, OF_A_FORM, PHONED, SAME, Grant, covers, spots_of

WAIVED, EXPLAINED, REOPENED, FIXED, FOUND = "waived", "explained", "reopened", "fixed", "found"
CLOSING = frozenset({WAIVED, EXPLAINED})
EXPLANATION, REMARK = "explained", "remark"
LAPSED = "lapsed"  # the night that found other evidence than an explanation was given for
UNTOLD = "other"  # the evidence is another and no named part of it says which
LENGTH = 16

Bound = Mapping[tuple[str, str], Mapping[str, Any]]


@dataclass(frozen=True)
class Rulings:
    """`explained`: (unit, finding id) -> what the school wrote last. `closed`: findings that were closed last night."""

    grants: Sequence[Grant]
    explained: Mapping[tuple[str, str], Explained]
    evidence: Evidence
    rules: Mapping[str, Rule]
    past: Past
    night: int
    as_of: date
    secret: bytes
    closed: frozenset[str] = frozenset()
    words: Mapping[str, Mapping[str, str]] = EMPTY  # what a school reads of a pair the office calls one person

    def apply(self, findings: Sequence[Finding]) -> list[Finding]:
        """Waived and explained findings hold nothing; a waived one is an info (domain.md F8). One that was closed last night
        and is so no more (revoked, ended, other evidence) is reopened."""
        if not self.grants and not self.explained and not self.closed:
            return list(findings)
        near = partners(findings)
        here = {f.id for f in findings}
        ruled = (self._ruled(f, near.get(f.id, {}), here) for f in findings)
        return [replace(f, status=REOPENED) if f.id in self.closed and f.status not in CLOSING else f for f in ruled]

    def covering(self, f: Finding, near: Mapping[Place, str]) -> list[Grant]:
        """In the order in which they were laid down."""
        wanted = {n for spot in spots_of(f) for n in self._at.get(spot, ())}
        found = [self.grants[n] for n in sorted(wanted)]
        return [g for g in found if covers(g, f, self.rules[f.rule], near.values())]

    @cached_property
    def _at(self) -> Mapping[str, Sequence[int]]:
        """What a grant can be found by -> its places in `grants`."""
        found: dict[str, list[int]] = defaultdict(list)
        for n, grant in enumerate(self.grants):
            for spot in grant.spots:
                found[spot].append(n)
        return found

    def astray(self, findings: Sequence[Finding]) -> list[Grant]:
        """The 同一人 that name a unit none of their pairs is of."""
        near, units = partners(findings), dict[int, set[str | None]]()
        for f in findings:
            for g in self.covering(f, near.get(f.id, {})):
                if g.word == SAME and g.decision.unit and f.rule in self.evidence.alike:
                    units.setdefault(id(g), set()).update({f.unit, *(p.unit for p in f.related)})
        return [g for g in self.grants if id(g) in units and g.decision.unit not in units[id(g)]]

    def used(self, findings: Sequence[Finding]) -> set[str]:
        """Keys of the grants that are about one of these findings, or were about one of an earlier night."""
        near = partners(findings)
        now = {g.key for f in findings for g in self.covering(f, near.get(f.id, {}))}
        return now | {key for _, key in self.past.bound}

    def bound(self, findings: Iterable[Finding]) -> Bound:
        """What the ledger keeps: of every decision and explanation in force the evidence it was first applied to."""
        keys = {g.key for g in self.grants} | {self._key(f, e) for (_, f), e in self.explained.items()}
        kept = {spot: parts for spot, parts in self.past.bound.items() if spot[1] in keys}
        for f in findings:
            r = f.ruling
            if r and r.evidence:
                told = {LAPSED: self.night} if r.changed and r.kind == EXPLANATION else {}
                kept[f.id, r.key] = {**told, **r.evidence}
        return kept

    # -- one finding ----------------------------------------------------------------------------------

    def _ruled(self, f: Finding, near: Mapping[Place, str], here: set[str]) -> Finding:
        ruling = self._granted(f, near, here) or self._said(f)
        if ruling is None:
            return f
        if ruling.changed:
            return replace(f, ruling=ruling)
        came = _came(f) if ruling.kind == LATE else None
        in_time = ruling.until is None or (came or self.as_of) <= ruling.until
        if ruling.kind == SAME:
            return self._kept(f, ruling, near) or replace(f, ruling=replace(ruling, unit=""))
        if ruling.kind in {EXCEPTION, DIFFERENT, PHONED} or (came and in_time):
            return replace(f, ruling=ruling, status=WAIVED, severity="info", holds="none")
        if ruling.kind == EXPLANATION:
            return replace(f, ruling=ruling, status=EXPLAINED, holds="none")
        if ruling.kind == LATE and in_time:  # a form still missing: no more than a hint until the agreed day
            return replace(f, ruling=ruling, severity="info")
        return replace(f, ruling=ruling)

    def _kept(self, f: Finding, ruling: Ruling, near: Mapping[Place, str]) -> Finding | None:
        """One person, and the office has said which row stays: that of its unit counts, the other is the school's to take
        out. A row that stands in several pairs stays only where each of them says so. In one unit one of two rows for one
        project is too many, whichever it is. None where nobody has said enough."""
        if f.rule not in self.evidence.alike:
            return None
        if {p.unit for p in f.related} <= {f.unit}:
            return self._told(f, ruling, "twice" if self.evidence.projects(f) > 1 else "once")
        kept = [self._keeper(f, place, partner) for place, partner in near.items()]
        if any(k and k != f.unit for k in kept):
            return self._told(f, replace(ruling, unit=next(k for k in kept if k and k != f.unit)), "elsewhere")
        if kept and all(kept):
            return replace(f, ruling=replace(ruling, unit=f.unit or ""), status=WAIVED, severity="info", holds="none")
        return None

    def _keeper(self, f: Finding, place: Place, partner: str) -> str:
        """The unit the office named for this pair, '' where it named none of the two."""
        for g in self.grants:
            of_pair = {f.id, partner} <= g.objects or g.names_case(f)
            if g.word == SAME and of_pair and not g.ended(self.as_of) and g.decision.unit in {f.unit, place.unit}:
                return g.decision.unit
        return ""

    def _told(self, f: Finding, ruling: Ruling, how: str) -> Finding:
        """What is the school's to mend now. `how`: a key of words.same_person."""
        said = self.words[how]
        grave, holds = ("warning", "none") if how == "twice" else ("error", "row")
        return replace(
            f, ruling=ruling, severity=grave, cure="R", holds=holds, message=said["message"], remedy=said["remedy"]
        )

    def _granted(self, f: Finding, near: Mapping[Place, str], here: set[str]) -> Ruling | None:
        """The grant that holds; else the one that held and holds no more, with what changed."""
        lapsed: Ruling | None = None
        for grant in self.covering(f, near):
            if grant.ended(self.as_of) and grant.word != LATE:
                continue
            if grant.word in OF_A_FORM:
                return _ruling(grant, EMPTY)
            now = self.evidence.of(f)
            was = self.past.bound.get((f.id, grant.key))
            if was is None and grant.names_case(f) and grant.key in self._bound_of:
                continue  # joined the case after it was decided: a number is no evidence (contract.md 3)
            moved = changed(was, now) if was is not None else self._moved(grant, now, here)
            if grant.word == DIFFERENT and not moved and not self._all_different(f, near):
                continue
            if not moved:
                return _ruling(grant, now if was is None else completed(was, now))
            lapsed = lapsed or replace(_ruling(grant, was or EMPTY), changed=moved)
        return lapsed or self._left(f, here)

    def _all_different(self, f: Finding, near: Mapping[Place, str]) -> bool:
        """A row that resembles several is only cleared when each of them was decided."""
        if any(g.word == DIFFERENT and g.names_case(f) and not g.ended(self.as_of) for g in self.grants):
            return True
        said = [g.objects for g in self.grants if g.word == DIFFERENT and f.id in g.objects and not g.ended(self.as_of)]
        return all(any(other in objects for objects in said) for other in near.values())

    def _moved(self, grant: Grant, now: Mapping[str, str], here: set[str]) -> tuple[str, ...]:
        """A finding nobody decided about yet, but of whom the same was asked under another id: what changed since."""
        for finding, was in self._bound_of.get(grant.key, ()):
            if finding not in here and was.get(WHO) and was.get(WHO) == now.get(WHO):
                return changed(was, now) or (UNTOLD,)
        return ()

    def _left(self, f: Finding, here: set[str]) -> Ruling | None:
        """No grant covers it, but one did cover this row, or this pair, before a number in it was changed."""
        for grant, finding, was in self._asked.get(self.evidence.slot(f), ()) if self._asked else ():
            if finding != f.id and finding in here:
                continue
            now = self.evidence.of(f)
            if finding == f.id or (was.get(WHO) and was.get(WHO) == now.get(WHO)):
                return replace(_ruling(grant, EMPTY), changed=changed(was, now) or (UNTOLD,))
        return None

    @cached_property
    def _asked(self) -> Mapping[str, Sequence[tuple[Grant, str, Mapping[str, Any]]]]:
        """What was asked (its slot) -> each grant on an object that answered it, the finding then, and its evidence."""
        found: dict[str, list[tuple[Grant, str, Mapping[str, Any]]]] = defaultdict(list)
        for grant in self.grants:
            if grant.objects and not grant.ended(self.as_of):
                for finding, was in self._bound_of.get(grant.key, ()):
                    found[str(was.get(SLOT))].append((grant, finding, was))
        return found

    @cached_property
    def _bound_of(self) -> Mapping[str, Sequence[tuple[str, Mapping[str, Any]]]]:
        found: dict[str, list[tuple[str, Mapping[str, Any]]]] = defaultdict(list)
        for (finding, key), parts in self.past.bound.items():
            found[key].append((finding, parts))
        return found

    # -- the school's own words -----------------------------------------------------------------------

    def _said(self, f: Finding) -> Ruling | None:
        """An explanation answers a warning the school was asked about; beside an error it is told, and answers nothing."""
        said = self.explained.get((f.unit or "", f.id))
        rule = self.rules[f.rule]
        severity = f.severity or rule.severity
        if said is None or severity not in {"error", "warning"} or (f.cure or rule.cure) != "R":
            return None
        if severity == "error":
            return Ruling(REMARK, text=said.text, on=said.on)
        key, now = self._key(f.id, said), self.evidence.of(f)
        was = self.past.bound.get((f.id, key))
        if was and said.last > was.get(LAPSED, said.last):  # said again after the school heard that it holds no more
            was = None
        moved = changed(was, now) if was else ()
        return Ruling(EXPLANATION, text=said.text, on=said.on, key=key, evidence=was or now, changed=moved)

    def _key(self, finding: str, said: Explained) -> str:
        text = "|".join(["reply", finding, said.text])
        return hmac.new(self.secret, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:LENGTH]


def _came(f: Finding) -> date | None:
    """The day a late form was received; None where it has not come."""
    if "deadline" not in f.facts or "n" not in f.facts:
        return None
    return date.fromisoformat(f.facts["deadline"]) + timedelta(days=int(f.facts["n"]))


def _ruling(grant: Grant, evidence: Mapping[str, str]) -> Ruling:
    d = grant.decision
    unit = d.unit if grant.word == SAME else ""
    return Ruling(
        grant.word, d.approver or d.officer, d.reason, d.on, d.until, d.number, grant.key, evidence, unit=unit
    )


def waived_coverage(coverage: Sequence[Covered], findings: Iterable[Finding]) -> tuple[Covered, ...]:
    """A rule whose every finding on a subject was waived is told so: `waived` instead of `found`."""
    listed = list(findings)
    if not any(f.status == WAIVED for f in listed):
        return tuple(coverage)
    tally: dict[str, Counter[tuple[str, bool]]] = defaultdict(Counter)
    for f in listed:
        if f.status != FIXED:
            for subject in {f.file or "", f.unit or "", ""}:
                tally[f.rule][subject, f.status == WAIVED] += 1

    def told(c: Covered) -> Iterable[Covered]:
        seen = tally[c.rule] if c.verdict == FOUND and c.rule in tally else Counter[tuple[str, bool]]()
        waived = tuple(s for s in c.subjects if seen[s, True] and not seen[s, False])
        left = tuple(s for s in c.subjects if s not in set(waived)) if waived else c.subjects
        yield from (replace(c, subjects=left),) if left else ()
        yield from (replace(c, verdict=WAIVED, subjects=waived),) if waived else ()

    return tuple(part for c in coverage for part in told(c))
