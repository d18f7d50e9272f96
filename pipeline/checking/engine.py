"""Current sheets and the world around them in; every rule's findings and its coverage out.

Cells, rows and keys go through pandera, one frame per form.resource; sheet, unit and district kinds are called one by
one. A rule runs when its stage is not draft and its kind stands in the registry.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pipeline.book.spec import Book, Resource, Rule
from pipeline.checking.absorbing import absorbed
from pipeline.checking.columns import (
    cell_faults,
    column_hit,
    excuses,
    key_hit,
    key_makers,
    missing_answers,
    missing_companions,
)
from pipeline.checking.env import Env
from pipeline.checking.frame_checks import KEY, REQUIRED, ROW, Failure, FrameChecks
from pipeline.checking.kinds_sheet import is_empty
from pipeline.checking.places import finding_of
from pipeline.checking.plans import Plan
from pipeline.checking.registry import KINDS, CannotRun, NotApplicable, RuleKind, sorted_out
from pipeline.checking.subjects import Subject, World
from pipeline.checking.tally import Tally
from pipeline.model import Finding, Sheet


@dataclass(slots=True)
class Engine:
    """One night's checking. `findings` in the order the rules stand in the book."""

    world: World
    tally: Tally
    findings: list[Finding]

    def run(self) -> None:
        named = [(r, KINDS[r.kind]) for r in self.world.book.rules.values() if r.stage != "draft" and r.kind in KINDS]
        rules = [(r, k) for r, k in named if not self._lacks_register(r, k)]
        for form, resource, subjects in self._frames():
            self._frame(
                resource, subjects, [(r, k) for r, k in rules if applies(r, form, resource.name, self.world.book)]
            )
        self.world.once("faulty", self._faulty)
        for rule, kind in rules:
            if kind.per == "sheet":
                self._sheets(rule, kind)
            elif kind.per == "unit":
                for unit in self.world.units:
                    self._call(rule, kind, unit, unit)
            elif kind.per == "district":
                self._call(rule, kind, "")
        self.tally.silent(rule.id for rule, _ in rules)
        files = frozenset(s.file for s in self.world.sheets)
        self.findings = absorbed(self.findings, files, self.world.book, self.tally)

    def _lacks_register(self, rule: Rule, kind: RuleKind) -> bool:
        """Said once for the whole district, not once for every file."""
        missing = next((r for r in kind.registers if r not in self.world.office.registers), "")
        if missing:
            self.tally.absent(rule.id, "", "no_register", register=missing)
        return bool(missing)

    def _faulty(self) -> frozenset[tuple[str | None, str | None, int | None]]:
        """(file, sheet, row) of what the office decided with an error in it."""
        rules, own = self.world.book.rules, self.world.office.approval_sheets
        noticed = [f for f in self.findings if f.form in self.world.book.registers]
        noticed += [replace(f, file=s.file) for s in own for f in s.document.findings]
        return frozenset(
            (f.file, f.sheet, f.row)
            for f in noticed
            if (f.severity or rules[f.rule].severity) == "error" and (f.holds or rules[f.rule].holds) == "row"
        )

    def _frames(self) -> Iterable[tuple[str, Resource, Sequence[Subject]]]:
        for form, name in self.world.by_resource:
            resource = self.world.book.resource(form, name)
            if resource is not None:
                yield form, resource, [s for s in self.world.subjects(form, name) if not self._said_empty(s.sheet)]

    def _said_empty(self, sheet: Sheet) -> bool:
        """An empty form is one finding (SHT-019), not one per blank cell."""
        form = self.world.book.forms.get(sheet.form)
        return form is not None and not form.zero and is_empty(sheet, self.world.book)

    def _frame(self, resource: Resource, subjects: Sequence[Subject], rules: Sequence[tuple[Rule, RuleKind]]) -> None:
        plans = {r.id: Plan(r, k, self.world, resource, self.tally) for r, k in rules if k.per == "row"}
        columns = [(r, k) for r, k in rules if k.per == "column"]
        required = next((r for r, k in columns if k.name == "required"), None)
        checks = FrameChecks(resource, required is not None, excuses(required, resource) if required else {})
        idle = {rule for rule, plan in plans.items() if plan.idle}
        checks.rows = {rule: plan.judge for rule, plan in plans.items() if rule not in idle}
        checks.cells = cell_faults(columns, self.world, subjects, self.tally)
        checks.keys = key_makers(columns, self.world, resource, subjects, self.tally)
        from pipeline.checking.frames import validate  # noqa: PLC0415 - pandas and pandera: not before there is something to check

        for failure in validate(subjects, checks):
            self._failed(failure, subjects, plans, columns, resource)
        for plan in plans.values():
            plan.close()
        for file in dict.fromkeys(s.sheet.file for s in subjects):
            for off in idle:
                self.tally.absent(off, file, "off")
        if required is not None:
            self.findings += missing_answers(required, self.world, resource, subjects, self.tally)
            self.findings += missing_companions(required, self.world, resource, self.tally)

    def _failed(
        self,
        failure: Failure,
        subjects: Sequence[Subject],
        plans: dict[str, Plan],
        columns: Sequence[tuple[Rule, RuleKind]],
        resource: Resource,
    ) -> None:
        subject = subjects[failure.position]
        if failure.column == ROW:
            plan = plans[failure.check]
            self.findings += [finding_of(plan.rule, h, self.world, subject) for h in plan.hits[failure.position]]
            return
        by_id = {r.id: r for r, _ in columns}
        required = next((r for r, k in columns if k.name == "required"), None)
        rule = required if failure.check == REQUIRED and required else by_id[failure.check.partition(" ")[0]]
        if failure.column.startswith(KEY):
            hit = key_hit(rule, self.world, resource, subjects, failure.position, failure.check)
        else:
            hit = column_hit(rule, self.world, resource, subject, failure.column)
        self.tally.found(rule.id, subject.sheet.file)
        self.findings.append(finding_of(rule, hit, self.world, subject))

    def _sheets(self, rule: Rule, kind: RuleKind) -> None:
        for sheet in self.world.judged:
            if applies(rule, sheet.form, sheet.table.resource, self.world.book):
                self._call(rule, kind, sheet.file, sheet)

    def _call(self, rule: Rule, kind: RuleKind, subject: str, thing: Sheet | str | None = None) -> None:
        """One call of a sheet, unit or district kind. Its findings, or the reason there is none."""
        env = Env(rule, self.world)
        arguments = (
            (self.world, env)
            if kind.per == "district"
            else (thing, env)
            if kind.per == "sheet"
            else (self.world, thing, env)
        )
        try:
            hits, blocked = sorted_out(kind.judge(*arguments) if kind.judge else None)
        except CannotRun as no:
            self.tally.blocked(rule.id, subject, no.why, **no.facts)
            return
        except NotApplicable as no:
            self.tally.absent(rule.id, subject, no.why, **no.facts)
            return
        for b in blocked:
            self.tally.blocked(rule.id, subject, b.why, b.count, **b.facts)
        if hits:
            self.tally.found(rule.id, subject, len(hits))
        elif not blocked:
            self.tally.passed(rule.id, subject)
        place = thing if isinstance(thing, Sheet) else None
        unit = thing if isinstance(thing, str) else None
        self.findings += [finding_of(rule, h, self.world, sheet=place, unit=unit) for h in hits]


def applies(rule: Rule, form: str, resource: str, book: Book) -> bool:
    """Whether the rule's `where` names this sheet: the form, form.resource, all forms, or a topic (amounts, ids …).

    Registers and decision sheets are judged only by rules that name them.
    """
    if any(w in (form, f"{form}.{resource}") for w in rule.where):
        return True
    return form in book.forms and any(
        w.partition(".")[0] not in book.forms and w not in book.registers for w in rule.where
    )
