"""What a night judged and merged in, the same as few plain values for the cache out, and back again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cache
from typing import Any

from pipeline.model import (
    Arrival,
    Covered,
    District,
    Document,
    Figure,
    Filed,
    Finding,
    FormState,
    Office,
    Person,
    Reply,
)
from pipeline.model.linked import Pair
from pipeline.night.judging import Judged, Merged
from pipeline.papers.objects import Slip

Reader = Callable[[Arrival], tuple[Document, ...]]
Numbers = Mapping[str, tuple[int, int, str]]  # figure -> accepted, pending, measure


class Unopened(Document):
    """A document of an earlier night, opened when somebody looks inside: on most nights hardly one is."""

    __slots__ = ("_open",)
    _open: Callable[[], Document]

    def __getattr__(self, name: str) -> Any:
        """Asked only for what is not there yet: all of it is fetched at once."""
        if name not in INSIDE:
            raise AttributeError(name)
        opened = self._open()
        for inside in INSIDE:
            object.__setattr__(self, inside, getattr(opened, inside))
        return getattr(opened, name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Document) and all(getattr(self, f.name) == getattr(other, f.name) for f in ALL)

    __hash__ = None  # type: ignore[assignment] # a document holds mappings: nobody can hash one

    def __reduce__(self) -> tuple[type[Document], tuple[Any, ...]]:
        """Travels to a worker as what it is."""
        return Document, tuple(getattr(self, f.name) for f in ALL)


ALL = fields(Document)


@dataclass(frozen=True, slots=True)
class Cover:
    """What is known of a document without opening it."""

    path: str
    sha256: str
    size: int
    kind: str
    outcome: str
    attachment: bool = False
    members: tuple[str, ...] = ()
    replies: tuple[Reply, ...] = ()


OUTSIDE = tuple(f.name for f in fields(Cover))
INSIDE = tuple(f.name for f in ALL if f.name not in OUTSIDE)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A Filed: `at` is the place of its arrival, `n` that of its document in it."""

    at: int
    n: int
    unit: str | None = None
    unit_by: str = ""
    state: str = "held"
    current: frozenset[str] = frozenset()
    same_as: str | None = None
    guess: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A Covered: `subjects` is the place of its subjects among the lists of them, many of which are the same."""

    rule: str
    verdict: str
    count: int
    why: str
    subjects: int


@dataclass(frozen=True, slots=True)
class JudgedPack:
    """Judged, but for the arrivals, what stands inside the documents, and the balance sheets as read, which only rules look
    at. `office`: without its approvals; `approved`: where they stand in its registers. `lists`: places in `names`."""

    office: Office
    approved: tuple[tuple[str, int], ...]
    covers: tuple[tuple[Cover, ...], ...]  # per arrival
    filed: tuple[Delivery, ...]
    findings: tuple[Finding, ...]
    names: tuple[str, ...]
    lists: tuple[tuple[int, ...], ...]
    coverage: tuple[Verdict, ...]
    register_present: bool
    slips: tuple[Slip, ...]
    standing: frozenset[str]
    pairs: tuple[Pair, ...]
    since: tuple[Pair, ...]
    means: Mapping[tuple[str, str, int], int]


def pack_judged(judged: Judged) -> JudgedPack:
    """`judged` with ids."""
    spots = [
        (at, n)
        for at, a in enumerate(judged.arrivals) if a.area == "form"
        for n in range(len(judged.documents[a.path, a.sha256]))
    ]  # fmt: skip
    filed = tuple(
        Delivery(at, n, f.unit, f.unit_by, f.state, f.current, f.same_as, f.guess)
        for (at, n), f in zip(spots, judged.filed, strict=True)
    )
    names = {name: i for i, name in enumerate(dict.fromkeys(s for c in judged.coverage for s in c.subjects))}
    lists = {subjects: i for i, subjects in enumerate(dict.fromkeys(c.subjects for c in judged.coverage))}
    rows = {id(row): (name, i) for name, r in judged.office.registers.items() for i, row in enumerate(r.rows)}
    return JudgedPack(
        replace(judged.office, approvals=(), approval_sources=(), approval_sheets=()),
        tuple(rows[id(row)] for row in judged.office.approvals),
        tuple(tuple(map(_cover, judged.documents[a.path, a.sha256])) for a in judged.arrivals),
        filed,
        judged.findings,
        tuple(names),
        tuple(tuple(names[s] for s in subjects) for subjects in lists),
        tuple(Verdict(c.rule, c.verdict, c.count, c.why, lists[c.subjects]) for c in judged.coverage),
        judged.register_present,
        judged.slips,
        judged.standing,
        judged.pairs,
        judged.since,
        judged.means,
    )


def unpack_judged(pack: JudgedPack, arrivals: Sequence[Arrival], read: Reader) -> Judged:
    """`arrivals`: those it was judged from; `read`: the documents of one of them, should somebody look inside."""
    opened = [_unopened(covers, a, read) for covers, a in zip(pack.covers, arrivals, strict=True)]
    filed = tuple(
        Filed(_arrival(arrivals[d.at], document := opened[d.at][d.n]), document, *_filing(d)) for d in pack.filed
    )
    lists = [tuple(pack.names[i] for i in places) for places in pack.lists]
    laid = [(pack.office.registers[name], i) for name, i in pack.approved]
    approvals, sources = tuple(r.rows[i] for r, i in laid), tuple(r.sources[i] for r, i in laid)
    return Judged(
        replace(pack.office, approvals=approvals, approval_sources=sources),
        filed,
        pack.findings,
        tuple(Covered(v.rule, v.verdict, v.count, v.why, lists[v.subjects]) for v in pack.coverage),
        pack.register_present,
        {(a.path, a.sha256): documents for a, documents in zip(arrivals, opened, strict=True)},
        tuple(arrivals),
        pack.slips,
        pack.standing,
        named=True,
        pairs=pack.pairs,
        since=pack.since,
        means=pack.means,
    )


def _filing(d: Delivery) -> tuple[str | None, str, str, frozenset[str], str | None, str]:
    return d.unit, d.unit_by, d.state, d.current, d.same_as, d.guess


def _cover(document: Document) -> Cover:
    return Cover(*(getattr(document, name) for name in OUTSIDE))


def _arrival(arrival: Arrival, document: Document) -> Arrival:
    """A member of a zip is a delivery of its own received with it."""
    if (arrival.path, arrival.sha256, arrival.size) == (document.path, document.sha256, document.size):
        return arrival
    return replace(arrival, path=document.path, sha256=document.sha256, size=document.size)


def _unopened(covers: Sequence[Cover], arrival: Arrival, read: Reader) -> tuple[Document, ...]:
    opened = cache(lambda: read(arrival))  # a zip is read once for all its members
    return tuple(_closed(cover, lambda n=n: opened()[n]) for n, cover in enumerate(covers))  # type: ignore[misc]


def _closed(cover: Cover, open_it: Callable[[], Document]) -> Document:
    document = Unopened.__new__(Unopened)
    for name in OUTSIDE:
        object.__setattr__(document, name, getattr(cover, name))
    object.__setattr__(document, "_open", open_it)
    return document


@dataclass(frozen=True, slots=True)
class MergedPack:
    """Merged whose sums add up."""

    states: tuple[FormState, ...]
    figures: Numbers
    by_unit: Mapping[str, Numbers]
    people: tuple[Person, ...]
    held_rows: frozenset[tuple[str, str, int]]
    lines: Mapping[str, Mapping[str, str]]


def pack_merged(merged: Merged) -> MergedPack:
    d = merged.district
    return MergedPack(
        tuple(d.states.values()),
        _numbers(d.figures),
        {unit: _numbers(figures) for unit, figures in d.by_unit.items()},
        d.people,
        d.held_rows,
        merged.lines,
    )


def unpack_merged(pack: MergedPack) -> Merged:
    district = District(
        {(s.unit, s.form): s for s in pack.states},
        _figures(pack.figures),
        {unit: _figures(numbers) for unit, numbers in pack.by_unit.items()},
        pack.people,
        pack.held_rows,
    )
    return Merged(district, pack.lines)


def _numbers(figures: Mapping[str, Figure]) -> dict[str, tuple[int, int, str]]:
    return {key: (f.accepted, f.pending, f.measure) for key, f in figures.items()}


def _figures(numbers: Numbers) -> dict[str, Figure]:
    return {key: Figure(*said) for key, said in numbers.items()}
