"""A rule of kind `row` in; a plan out that judges one row at a time, minding off, absent, unknown and blank fields."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from pipeline.book.spec import Field, Resource, Rule
from pipeline.checking.env import Env
from pipeline.checking.registry import CannotRun, Hit, NotApplicable, RuleKind, sorted_out
from pipeline.checking.subjects import Subject, World, companion
from pipeline.checking.tally import Tally
from pipeline.model import Sheet


def fields_of(kind: RuleKind, rule: Rule) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """needs, judges, reads with each @parameter replaced by the field names the rule gives."""
    return tuple(tuple(_expanded(names, rule)) for names in (kind.needs, kind.judges, kind.reads))  # type: ignore[return-value]


def _expanded(names: Iterable[str], rule: Rule) -> Iterable[str]:
    for name in names:
        if not name.startswith("@"):
            yield name
            continue
        value = rule.params.get(name[1:], ())
        yield from (value,) if isinstance(value, str) else value


@dataclass(slots=True)
class _Site:
    """What a rule can do on one sheet: the fields it may judge there, or the reason it cannot."""

    env: Env
    looked: tuple[str, ...] = ()
    asked: tuple[
        str, ...
    ] = ()  # fields without which the row is not judged; a blank required one is CEL-001's business
    beside: bool = False  # some of them stand on the companion sheet
    why: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    cannot: bool = False
    file: str = ""
    passed: int = 0


@dataclass(slots=True)
class Plan:
    """One rule on one resource of one form."""

    rule: Rule
    kind: RuleKind
    world: World
    resource: Resource
    tally: Tally
    active: dict[str, Field] = field(default_factory=dict)
    sites: dict[int, _Site] = field(default_factory=dict)
    hits: dict[int, tuple[Hit, ...]] = field(default_factory=dict)  # frame position -> what was noticed

    fields: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]] = ((), (), ())  # needs, judges, reads
    idle: bool = False  # no sheet at all can be judged: the fields are not switched on this season

    def __post_init__(self) -> None:
        other = companion(self.world.book.forms.get(self.resource.form)) if self.is_main else None
        for resource in (self.resource, other):
            if resource is not None:
                for f in resource.active:
                    self.active.setdefault(f.name, f)
        self.fields = needs, judges, _ = fields_of(self.kind, self.rule)
        self.idle = any(n not in self.active for n in needs) or bool(
            judges and not any(n in self.active for n in judges)
        )

    @property
    def is_main(self) -> bool:
        form = self.world.book.forms.get(self.resource.form)
        return form is not None and form.main.name == self.resource.name

    def judge(self, position: int, subject: Subject) -> bool:
        """True = nothing found. Counts what became of the row."""
        site = self.sites.get(id(subject.sheet)) or self._site(subject.sheet)
        if site.why:
            if site.cannot:
                self.tally.blocked(self.rule.id, subject.sheet.file, site.why, **site.facts)
            return True
        if subject.row.unknown or (subject.partner is not None and subject.partner.row.unknown):
            for name in site.looked:
                if subject.unknown(name):
                    self.tally.blocked(
                        self.rule.id, subject.sheet.file, "unknown", rule=self.world.culprit(subject, name)
                    )
                    return True
        if site.beside and subject.partner is None:
            return True  # the person's line on the companion sheet is missing: that is reported (CEL-001)
        for name in site.asked:
            if subject.get(name) is None:
                return True
        return self._call(position, subject, site)

    def _call(self, position: int, subject: Subject, site: _Site) -> bool:
        rule, file = self.rule.id, subject.sheet.file
        try:
            hits, blocked = sorted_out(self.kind.judge(subject, site.env) if self.kind.judge else None)
        except CannotRun as no:
            self.tally.blocked(rule, file, no.why, **no.facts)
            return True
        except NotApplicable as no:
            self.tally.absent(rule, file, no.why, **no.facts)
            return True
        for b in blocked:
            self.tally.blocked(rule, file, b.why, **b.facts)
        if not hits:
            site.passed += not blocked
            return True
        self.tally.found(rule, file, len(hits))
        self.hits[position] = tuple(hits)
        return False

    def close(self) -> None:
        """Rows that passed, counted per sheet, go to the coverage."""
        for site in self.sites.values():
            if site.passed:
                self.tally.passed(self.rule.id, site.file, site.passed)

    def _site(self, sheet: Sheet) -> _Site:
        self.sites[id(sheet)] = site = self._settle(sheet)
        site.file = sheet.file
        if not site.cannot:
            self.tally.absent(self.rule.id, sheet.file, site.why or "nothing")  # counts only where no row is judged
        return site

    def _settle(self, sheet: Sheet) -> _Site:
        env = Env(self.rule, self.world)
        needs, judges, reads = self.fields
        if self.idle:
            return _Site(env, why="off")
        gone = [n for n in needs if not self._here(sheet, n)]
        if gone:
            if not any(self.active[n].required for n in gone):
                return _Site(env, why="off")
            culprit = "SHT-003" if self.resource.field(gone[0]) else "SHT-001"
            return _Site(env, why="no_column", facts={"rule": culprit}, cannot=True)
        here = tuple(n for n in (*needs, *judges, *reads) if n in self.active and self._here(sheet, n))
        left = tuple(n for n in judges if n in here)
        if judges and not left:
            return _Site(env, why="off")
        asked = (*needs, *(n for n in left if self.active[n].required))
        beside = any(n not in sheet.table.columns for n in here)
        return _Site(replace(env, on=frozenset(here)), here, asked, beside)

    def _here(self, sheet: Sheet, name: str) -> bool:
        if name in sheet.table.columns:
            return True
        return name not in sheet.table.blocked and self.resource.field(name) is None and self._beside(sheet, name)

    def _beside(self, sheet: Sheet, name: str) -> bool:
        """Whether the companion sheet of the same file carries the column."""
        other = companion(self.world.book.forms.get(self.resource.form))
        if other is None or not self.is_main:
            return False
        found = self.world.beside.get((sheet.file, self.resource.form, other.name))
        return found is not None and name in found.table.columns
