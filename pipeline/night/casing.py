"""Pairs of applications and the numbers earlier nights gave in; cases with their numbers, and findings that name theirs, out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.cells.ids import id_key
from pipeline.cells.text import name_key
from pipeline.ledger import keyed
from pipeline.model import EMPTY, Finding, Past
from pipeline.model.linked import Case as Suspicion
from pipeline.model.linked import Pair, Person
from pipeline.people import cases
from pipeline.people.numbering import Numbered, numbered


@dataclass(frozen=True, slots=True)
class Cases:
    """Tonight's cases by number, in order, and what the ledger shall know of all there ever were."""

    open: Mapping[int, tuple[Suspicion, ...]] = EMPTY
    told: Numbered = Numbered()  # noqa: RUF009 - frozen, one for all


def cases_of(pairs: Sequence[Pair], past: Past, secret: bytes) -> Cases:
    """Cases that share a person are one, whatever rows they stand in."""
    groups: list[tuple[set[str], list[Suspicion]]] = []
    for case in cases(pairs):
        names = {_lasting(person, secret) for pair in case.pairs for person in (pair.a, pair.b)}
        together = [g for g in groups if g[0] & names]
        groups = [g for g in groups if not g[0] & names]
        joined = [c for _, listed in together for c in listed]
        groups.append((names.union(*(found for found, _ in together)), [*joined, case]))
    told = numbered([names for names, _ in groups], past.cases, past.merged)
    return Cases(dict(sorted(zip(told.numbers, (tuple(c) for _, c in groups), strict=True))), told)


def _lasting(p: Person, secret: bytes) -> str:
    """Who a row names, so that the next night knows him again: nothing of it can be read back."""
    number = id_key(p.number) if p.number else ""
    return keyed(secret, "person", number or f"{p.unit}|{name_key(p.name)}|{p.phone or p.tail}")


def with_cases(findings: Sequence[Finding], found: Cases, rules: Collection[str]) -> tuple[Finding, ...]:
    """Findings of `rules` (those that say one person stands twice) with the number of their case."""
    at = {
        (person.sheet, person.row): number
        for number, listed in found.open.items() for case in listed for pair in case.pairs for person in (pair.a, pair.b)
    }  # fmt: skip
    return tuple(
        replace(f, case=at[spot]) if f.rule in rules and (spot := (f"{f.file}|{f.sheet}", f.row or 0)) in at else f
        for f in findings
    )
