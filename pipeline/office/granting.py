"""The decisions in force in; those about findings as grants with what they cover, and exceptions that are none, out.

Season.md 3: an exception names a finding, case or file, or a rule and a unit; it has an approver and ends. Domain.md F8: a
rule is waived only so.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from pipeline.book.spec import Book, Rule
from pipeline.model import Decision, Finding, Office, file_id

EXCEPTION, SAME, DIFFERENT, LATE, PHONED = "exception", "same", "different", "late", "phone_zero"
ABOUT_FINDINGS = (EXCEPTION, SAME, DIFFERENT, LATE, PHONED)
OF_A_FORM = {LATE: ("late", "no_submission"), PHONED: ("no_submission",)}  # the rule kinds they answer
NEVER = (
    "arrange",
    "gate",
    "loader",
)  # kinds of rules that ask for a decision of their own, or guard what leaves the house
LENGTH = 16


@dataclass(frozen=True, slots=True)
class Grant:
    """One decision about findings. `objects`: what its object names: findings of a pair, a case, a file; none = all of its
    rule and unit."""

    decision: Decision
    word: str
    key: str
    objects: frozenset[str] = frozenset()

    @property
    def rule(self) -> str:
        return self.decision.rule

    @property
    def spots(self) -> frozenset[str]:
        """Where a finding it may be about looks for it (see spots_of)."""
        agreed = {f"{LATE}|{self.decision.unit}"} if self.word in OF_A_FORM else set()
        return frozenset(self.objects | agreed or {f"|{self.rule}"})

    def names_case(self, f: Finding) -> bool:
        """Whether its object is the number of this finding's case."""
        return f.case is not None and str(f.case) in self.objects

    def ended(self, as_of: date) -> bool:
        return self.decision.until is not None and self.decision.until < as_of


@dataclass(frozen=True, slots=True)
class Refused:
    """An exception that does nothing. `why`: a key of words.exception_refused; `at`: the field whose cell shows it."""

    decision: Decision
    why: str
    at: str


def grants_of(office: Office, book: Book, secret: bytes) -> tuple[list[Grant], list[Refused]]:
    """Exceptions, pairs and agreed delays in the order they were laid down."""
    words: Mapping[str, Any] = book.words["papers"]
    ours = {kind: word for word, kind in words["decision_kinds"].items()}
    grants, refused = [], []
    for decision in office.decisions:
        word = ours.get(decision.kind, "")
        if word not in ABOUT_FINDINGS:
            continue
        d = _ruled(decision, book) if word == EXCEPTION else decision
        no = _refusal(d, office, book, words["blanket_words"]) if word == EXCEPTION else None
        if no:
            refused.append(no)
        else:
            grants.append(Grant(d, word, key_of(d, secret), _objects(d.target)))
    return grants, refused


def _objects(target: str) -> frozenset[str]:
    """A pair names two findings; one person of a finding on a whole unit (a shorter sign behind the id) is not the finding."""
    parts = [p for p in target.split("-") if p]
    return frozenset(parts) if len({len(p) for p in parts}) <= 1 else frozenset({target})


def _ruled(d: Decision, book: Book) -> Decision:
    """On a sheet without a column for it the rule stands as the object."""
    named = d.target.upper()
    return replace(d, rule=named, target="") if not d.rule and named in book.rules else d


def key_of(d: Decision, secret: bytes) -> str:
    """A line keeps its key while it says the same; with another date it is another decision, made of what is there then."""
    text = "|".join(["ruling", d.kind, d.target, d.rule, d.unit, str(d.on)])
    return hmac.new(secret, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:LENGTH]


def _refusal(d: Decision, office: Office, book: Book, blanket: Sequence[str]) -> Refused | None:
    for name, text in (("target", d.target), ("rule_id", d.rule), ("unit_code", d.unit)):
        if any(word in text for word in blanket):
            return Refused(d, "all", name)
    units = {w.lower() for u in office.units for w in (u.code, u.name, u.short)}
    target = "" if d.target in units else d.target
    if not d.rule and not target:
        return Refused(d, "unit", "target" if d.target else "unit_code")
    if not d.unit and not target:
        return Refused(d, "rule", "rule_id" if "rule_id" in d.at else "target")
    rule = book.rules.get(d.rule)
    if rule and is_fixed(rule):
        return Refused(d, "never", "rule_id")
    return None if d.approver else Refused(d, "approver", "approver")


def is_fixed(rule: Rule) -> bool:
    """A rule nobody may except from: it asks for another decision, or guards what leaves the house."""
    return rule.kind in NEVER or rule.scope == "output"


def covers(grant: Grant, f: Finding, rule: Rule, partners: Collection[str]) -> bool:
    """Whether the grant is about this finding. `partners`: ids of the findings on the rows it names beside its own."""
    d = grant.decision
    if grant.word in OF_A_FORM:
        form = d.target.upper()
        return rule.kind in OF_A_FORM[grant.word] and (f.id in grant.objects or (f.unit == d.unit and f.form == form))
    if grant.word in {SAME, DIFFERENT}:
        paired = f.id in grant.objects and bool(grant.objects & set(partners) or len(grant.objects) == 1)
        return paired or grant.names_case(f)
    if is_fixed(rule) or (d.rule and f.rule != d.rule) or (d.unit and f.unit != d.unit):
        return False
    return not grant.objects or not grant.objects.isdisjoint(_names(f))


def spots_of(f: Finding) -> Iterable[str]:
    """By what the grants about a finding are found."""
    return (*_names(f), f"{LATE}|{f.unit or ''}", f"|{f.rule}")


def _names(f: Finding) -> Iterable[str]:
    return (f.id, file_id(f.sha256 or ""), str(f.case) if f.case is not None else "-")
