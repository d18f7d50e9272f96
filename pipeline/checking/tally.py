"""What became of each rule on each subject, counted while the rules run; out comes the coverage, with its reasons in words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipeline.book.spec import Book, Rule
from pipeline.model import Coverage, Filed

LISTED, APART = "\u3001", "\uff1b"
ASIDE = {"ignored", "withdrawn"}
OLDER = {"superseded", "duplicate"}
ORDER = (
    "found",
    "could_not_run",
    "passed",
    "not_applicable",
    "not_enforced",
    "waived",
)  # the first that holds is the verdict


@dataclass(slots=True)
class _Line:
    passed: int = 0
    found: int = 0
    absorbed: Counter[str] = field(default_factory=Counter)  # by which stronger rule -> findings
    blocked: Counter[tuple[str, frozenset[tuple[str, str]]]] = field(
        default_factory=Counter
    )  # (reason, its facts) -> rows
    absent: dict[str, None] = field(default_factory=dict)  # reasons why there was nothing to judge, in order


@dataclass(slots=True)
class Tally:
    """One line per (rule, subject); `words` = book.words['checking']['why']: reason key -> sentence."""

    words: Mapping[str, str]
    lines: dict[tuple[str, str], _Line] = field(default_factory=lambda: defaultdict(_Line))

    def passed(self, rule: str, subject: str, count: int = 1) -> None:
        self.lines[rule, subject].passed += count

    def found(self, rule: str, subject: str, count: int = 1) -> None:
        self.lines[rule, subject].found += count

    def absorbed(self, rule: str, subject: str, by: str) -> None:
        """One of its findings is told by a stronger rule."""
        self.lines[rule, subject].found -= 1
        self.lines[rule, subject].absorbed[by] += 1

    def blocked(self, rule: str, subject: str, why: str, count: int = 1, /, **facts: str) -> None:
        """The rule ought to have judged `count` rows but could not."""
        self.lines[rule, subject].blocked[why, frozenset(facts.items())] += count

    def absent(self, rule: str, subject: str, why: str, /, **facts: str) -> None:
        self.lines[rule, subject].absent.setdefault(self.say(why, **facts))

    def silent(self, rules: Iterable[str]) -> None:
        """Rules that met nothing they could be asked about are listed all the same."""
        heard = {rule for rule, _ in self.lines}
        for rule in rules:
            if rule not in heard:
                self.absent(rule, "", "nothing")

    def say(self, why: str, /, **facts: str) -> str:
        text = self.words[why]
        for name, value in facts.items():
            text = text.replace("{" + name + "}", value)
        return text

    def coverage(self) -> tuple[Coverage, ...]:
        """One verdict per rule and subject: found, else could not run (rows it ought to have judged), else passed; 'not
        applicable' only where no judgement was left. The rows that could not be judged beside a finding stay said as its why."""
        return tuple(self._verdict(*spot, self.lines[spot]) for spot in sorted(self.lines))

    def _verdict(self, rule: str, subject: str, line: _Line) -> Coverage:
        told = (self.say("absorbed", n=str(n), rule=by) for by, n in sorted(line.absorbed.items()))
        why = APART.join((*told, *([self._reasons(line.blocked)] if line.blocked else ())))
        if line.found:
            return Coverage(rule, subject, "found", line.found, why)
        if line.blocked:
            return Coverage(rule, subject, "could_not_run", line.blocked.total(), why)
        if line.absorbed:
            return Coverage(rule, subject, "not_applicable", 0, why)
        if line.passed:
            return Coverage(rule, subject, "passed", line.passed)
        return Coverage(rule, subject, "not_applicable", 0, next(iter(line.absent), self.words["nothing"]))

    def _reasons(self, blocked: Iterable[tuple[str, frozenset[tuple[str, str]]]]) -> str:
        """Equal reasons once, with all that they name."""
        named: dict[str, dict[str, set[str]]] = {}
        for why, facts in blocked:
            values = named.setdefault(why, {})
            for name, value in facts:
                values.setdefault(name, set()).add(value)
        said = (
            self.say(why, **{n: LISTED.join(sorted(v)) for n, v in facts.items()})
            for why, facts in sorted(named.items())
        )
        return APART.join(said)


def drafts(book: Book) -> list[Coverage]:
    """Rules nobody enforces yet: listed, never silently absent."""
    return [Coverage(r.id, "", "not_enforced") for r in book.rules.values() if r.stage == "draft"]


def of_reading(book: Book, filed: Iterable[Filed]) -> list[Coverage]:
    """The rules noticed while reading, on every path: found n, passed, or what the container hides.

    A reader's rule names in params `symptom` what a container may hide (Document.cannot_see) and in `needs` whether it
    looks at the file alone (file) or at what stands inside (sheets, the default).
    """
    rules = [r for r in book.rules.values() if r.kind == "reader" and r.stage != "draft"]
    words = book.words["checking"]["why"]
    out: list[Coverage] = []
    for group in by_path(filed):
        counts = [Counter(x.rule for x in f.document.findings) for f in group]
        out += [joined([_on_file(r, f, n[r.id], words) for f, n in zip(group, counts, strict=True)]) for r in rules]
    return out


def by_path(filed: Iterable[Filed]) -> list[list[Filed]]:
    """Deliveries that speak, path by path; where none of a path does, its latest."""
    groups: dict[str, list[Filed]] = defaultdict(list)
    for f in filed:
        groups[f.arrival.path].append(f)
    return [[f for f in group if f.state not in OLDER | ASIDE] or group[-1:] for group in groups.values()]


def joined(lines: Sequence[Coverage]) -> Coverage:
    """What several deliveries of one path say of a rule, as one verdict."""
    if len(lines) == 1:
        return lines[0]
    first = min(lines, key=lambda c: ORDER.index(c.verdict))
    return replace(first, count=sum(c.count for c in lines if c.verdict == first.verdict))


def _on_file(rule: Rule, filed: Filed, found: int, words: Mapping[str, str]) -> Coverage:
    path, document = filed.arrival.path, filed.document
    if filed.state in OLDER:  # what it said stays with the night that heard it
        return Coverage(rule.id, path, "not_applicable", 0, words["older"])
    if found and filed.state != "withdrawn":
        return Coverage(rule.id, path, "found", found)
    if filed.state in ASIDE or document.attachment:
        return Coverage(rule.id, path, "not_applicable", 0, words["no_form"])
    if rule.params.get("symptom") in document.cannot_see:
        return Coverage(rule.id, path, "could_not_run", 0, words["hidden"].replace("{kind}", document.kind))
    if rule.scope != "workbook" and document.outcome != "readable":
        return Coverage(rule.id, path, "could_not_run", 0, words["unreadable"])
    if rule.scope != "workbook" and not document.tables:
        return Coverage(rule.id, path, "not_applicable", 0, words["no_sheet"])
    return Coverage(rule.id, path, "passed", 1)
