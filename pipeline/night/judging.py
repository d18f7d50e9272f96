"""Documents in, judged and settled results out: whose file it is, which version counts, what every rule says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, partial

from pipeline.arranging import arrange
from pipeline.book.hints import forms_named
from pipeline.book.households import Means, means_of
from pipeline.book.spec import Book
from pipeline.checking import check, of_arranging
from pipeline.home.layout import Home
from pipeline.home.remembering import shown_last
from pipeline.home.seal import Plan
from pipeline.merging import crosscheck, form_lines, merge, standing, without_sources
from pipeline.model import (
    Arrival,
    Covered,
    District,
    Document,
    Filed,
    Finding,
    Office,
    Past,
    Season,
    Sheet,
    Table,
    Unit,
    gathered,
)
from pipeline.model.linked import Pair
from pipeline.night.casing import Cases, cases_of, with_cases
from pipeline.night.deciding import Desk, desk_of, of_decisions
from pipeline.night.gathering import applied_twice, links_of, mistyped_since
from pipeline.night.naming import drafted, index_of, opened, whose
from pipeline.office import lay_office, resolve_files, resolve_units
from pipeline.office.acting import acting, acting_on
from pipeline.office.ruling import waived_coverage
from pipeline.papers.objects import Slip, declared, delivered
from pipeline.reading.guess import guess
from pipeline.settling import Tonight, floods, identified, living, settle

Documents = Mapping[tuple[str, str], tuple[Document, ...]]


@dataclass(frozen=True)
class Judged:
    """What a night found, before the lives of findings. `register_present`: R1 was there (else units are drafted from heads);
    `named`: findings have their ids; `pairs`: applications that may be one person's;
    `since`: applications and people of the past under another number; `standing`: units that files still in the inbox come from or name."""

    office: Office
    filed: tuple[Filed, ...]
    findings: tuple[Finding, ...]
    coverage: tuple[Covered, ...]
    register_present: bool
    documents: Documents
    arrivals: tuple[Arrival, ...]
    slips: tuple[Slip, ...] = ()
    standing: frozenset[str] = frozenset()
    named: bool = False
    pairs: tuple[Pair, ...] = ()
    since: tuple[Pair, ...] = ()
    means: Means = field(default_factory=dict)

    @cached_property
    def sheets(self) -> tuple[Sheet, ...]:
        """The tables of every form's current version."""
        return current_sheets(self.filed)


@dataclass(frozen=True, slots=True)
class Merged:
    """What follows from the judged sheets and from which findings are open: the district, the lines of the closing form by
    unit and code, and the sums that do not add up."""

    district: District
    lines: Mapping[str, Mapping[str, str]]
    wrong: tuple[Finding, ...] = ()


Merger = Callable[[Judged, Sequence[Finding], Book, Season, date], Merged]


@dataclass(frozen=True)
class Case:
    """A judged night with everything settled: what papers are made from."""

    judged: Judged
    book: Book
    season: Season
    findings: tuple[Finding, ...]
    district: District
    lines: Mapping[str, Mapping[str, str]]
    flood: Mapping[str, int]
    tonight: Tonight
    desk: Desk
    cases: Cases = field(default_factory=Cases)


def judge(
    arrivals: Sequence[Arrival],
    documents: Documents,
    book: Book,
    season: Season,
    as_of: date,
    *,
    extra: Sequence[Finding] = (),
) -> Judged:
    """The same steps for a night, for `check` and for `prove`; touches no disk. `extra`: what was noticed about the inbox
    itself."""
    ours = [(a, d) for a in arrivals if a.area != "form" for d in documents[a.path, a.sha256]]
    office, noticed = lay_office(ours, book, season)
    register_present = bool(office.units)
    forms = [pair for a in arrivals if a.area == "form" for pair in opened(a, documents[a.path, a.sha256])]
    if not register_present:
        office = replace(office, units=drafted(d for _, d in forms))
    index = index_of(office, book)
    office = resolve_units(office, index.find)
    named = whose(forms, index)
    kinds = book.words["papers"]["decision_kinds"]
    office = acting(resolve_files(office, [n.arrival for n in named], kinds), kinds, as_of)
    filed, arranged = arrange(named, office, kinds, partial(forms_named, book=book))
    filed = tuple(replace(f, guess=guess(f.document, index, f.arrival.path)) if f.unit is None else f for f in filed)
    sheets = current_sheets(filed)
    office = delivered(office, filed)
    links = links_of(sheets, office, book)
    checked = check(sheets, filed, office, book, season, as_of, Past(), links)
    findings = _unique((*extra, *noticed, *arranged, *checked.findings))
    coverage = gathered((*checked.coverage, *of_arranging(book, filed, (*noticed, *arranged), office)))
    slips, standing = declared(filed), frozenset(code for f in filed if f.arrival.present for code in _codes(f))
    return Judged(
        office, filed, tuple(findings), coverage, register_present, documents, tuple(arrivals), slips, standing,
        pairs=applied_twice(links), since=mistyped_since(links), means=means_of(filed, book),
    )  # fmt: skip


def _codes(f: Filed) -> set[str]:
    """The unit of a file, and the sample code it states itself, whatever unit it was assigned to."""
    entry = f.document.head.get("unit_code")
    stated = (f.document.marks.unit, str(entry.value or "") if entry else "")
    return {f.unit or "", *(code for code in stated if Unit(code, "", "").sample)} - {""}


def with_ids(judged: Judged, book: Book, secret: bytes) -> Judged:
    """What was judged, with an id for every finding."""
    return replace(judged, findings=identified(judged.findings, _tables(judged), book, secret), named=True)


def merged(judged: Judged, findings: Sequence[Finding], book: Book, season: Season, as_of: date) -> Merged:
    """`findings`: settled ones. The sources of the figures are gone through here and go no further."""
    district = merge(judged.sheets, judged.filed, findings, judged.office, book, season, as_of)
    wrong = tuple(crosscheck(district))
    lines = form_lines(judged.sheets, district, judged.office, book, season)
    return Merged(without_sources(district), lines, wrong)


def current_sheets(filed: Iterable[Filed]) -> tuple[Sheet, ...]:
    """The tables of every form's current version, in order of arrival."""
    return tuple(
        Sheet(t, f.unit or "", f.arrival.path, f.arrival.sha256, f.arrival.received, f.document)
        for f in filed if f.state == "adopted"
        for t in f.document.tables if t.form in f.current
    )  # fmt: skip


def _unique(findings: Iterable[Finding]) -> list[Finding]:
    """Rules may notice what a reader already said of the same cell: said once."""
    seen: set[tuple[object, ...]] = set()
    out = []
    for f in findings:
        mark = (
            f.rule,
            f.file,
            f.sheet,
            f.row,
            f.col,
            f.field,
            f.unit,
            f.form,
            f.key,
            f.value,
            f.new_value,
            tuple(f.facts.values()),
        )
        if mark not in seen:
            seen.add(mark)
            out.append(f)
    return out


def settled(
    judged: Judged,
    book: Book,
    season: Season,
    plan: Plan,
    past: Past,
    secret: bytes,
    home: Home | None,
    merger: Merger = merged,
) -> Case:
    """Ids, lives and numbers of all findings, then the merge; a sum that does not add up is a finding too (MNY-014).
    `merger`: merged, or what remembers it."""
    judged = judged if judged.named else with_ids(judged, book, secret)
    gone = {i for i, life in past.lives.items() if life.open} - {f.id for f in judged.findings}
    shown = shown_last(home, past) if home and (gone or past.bound) else {}
    found = cases_of(judged.pairs, past, secret)
    judged, findings, tonight, desk = decided(
        judged, book, season, Tonight(plan.night, plan.as_of, secret, past, shown), found
    )
    judged = replace(judged, office=standing(judged.office, findings, book))
    whole = merger(judged, findings, book, season, plan.as_of)
    district = whole.district
    judged, findings = _with(judged, whole.wrong, findings, book, tonight)
    judged = replace(judged, coverage=waived_coverage(judged.coverage, findings))
    due = {unit for (unit, _), s in district.states.items() if s.deadline}
    word = book.words["papers"]["decision_kinds"]["release"]
    released = season.released | {d.target.upper() for d in judged.office.decisions if d.kind == word}
    flood = floods(findings, book, len(due), released)
    return Case(judged, book, season, findings, district, whole.lines, flood, tonight, desk, found)


def decided(
    judged: Judged, book: Book, season: Season, tonight: Tonight, found: Cases
) -> tuple[Judged, tuple[Finding, ...], Tonight, Desk]:
    """The findings settled, with their cases and what the office and the schools said of them; what is wrong with the
    decisions joins them."""
    desk = desk_of(judged.office, judged.filed, partial(_tables, judged), book, tonight)
    doubles = book.words["papers"]["duplicate_rules"]
    tonight = replace(tonight, ruled=lambda findings: desk.rulings.apply(with_cases(findings, found, doubles)))
    findings = living(judged.findings, book, tonight)
    more = of_decisions(desk, judged.office, judged.filed, judged.slips, findings, book, season, tonight.past)
    judged, findings = _with(judged, more, findings, book, tonight)
    office = acting_on(judged.office, findings, book.words["papers"]["decision_kinds"])
    return replace(judged, office=office), findings, tonight, desk


def _with(
    judged: Judged, more: Sequence[Finding], findings: tuple[Finding, ...], book: Book, tonight: Tonight
) -> tuple[Judged, tuple[Finding, ...]]:
    """What was noticed once the findings had their ids joins them."""
    if not more:
        return judged, findings
    noticed = Counter(f.rule for f in more if book.rules[f.rule].kind == "arrange")
    coverage = [
        Covered(c.rule, "found", noticed[c.rule], "", c.subjects) if c.rule in noticed else c for c in judged.coverage
    ]
    judged = replace(judged, findings=(*judged.findings, *more), coverage=tuple(coverage))
    return judged, settle(judged.findings, _tables(judged), book, tonight)


def resettled(case: Case, more: Sequence[Finding]) -> Case:
    """The case with what the output gate noticed."""
    if not more:
        return case
    findings = settle((*case.judged.findings, *more), _tables(case.judged), case.book, case.tonight)
    return replace(case, findings=findings)


def _tables(judged: Judged) -> list[tuple[str, Table]]:
    """(file, table) for the keys of findings: the office's files, then every delivery, the version that counts last."""
    office = [
        (a.path, t)
        for a in judged.arrivals
        if a.area != "form"
        for d in judged.documents[a.path, a.sha256]
        for t in d.tables
    ]
    others = [(f.arrival.path, t) for f in judged.filed for t in f.document.tables]
    return [*office, *others, *((s.file, s.table) for s in judged.sheets)]
