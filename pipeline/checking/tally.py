"""What became of each rule on each subject, counted while the rules run; out comes the coverage, with its reasons in words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pipeline.book.spec import Book, Rule
from pipeline.model import Coverage, Filed

ORDER = ("found", "passed", "could_not_run", "not_applicable", "not_enforced", "waived")


@dataclass(slots=True)
class _Line:
    passed: int = 0
    found: int = 0
    blocked: Counter[str] = field(default_factory=Counter)  # reason -> rows
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

    def blocked(self, rule: str, subject: str, why: str, count: int = 1, /, **facts: str) -> None:
        """The rule ought to have judged `count` rows but could not."""
        self.lines[rule, subject].blocked[self.say(why, **facts)] += count

    def absent(self, rule: str, subject: str, why: str, /, **facts: str) -> None:
        self.lines[rule, subject].absent.setdefault(self.say(why, **facts))

    def say(self, why: str, /, **facts: str) -> str:
        text = self.words[why]
        for name, value in facts.items():
            text = text.replace("{" + name + "}", value)
        return text

    def coverage(self) -> tuple[Coverage, ...]:
        """Found or passed first, then what could not run; 'not applicable' only where no judgement was left."""
        out: list[Coverage] = []
        for (rule, subject), line in sorted(self.lines.items()):
            if line.found:
                out.append(Coverage(rule, subject, "found", line.found))
            elif line.passed:
                out.append(Coverage(rule, subject, "passed", line.passed))
            out += [Coverage(rule, subject, "could_not_run", n, why) for why, n in sorted(line.blocked.items())]
            if not (line.found or line.passed or line.blocked):
                why = next(iter(line.absent), self.words["nothing"])
                out.append(Coverage(rule, subject, "not_applicable", 0, why))
        return tuple(out)


def drafts(book: Book) -> list[Coverage]:
    """Rules nobody enforces yet: listed, never silently absent."""
    return [Coverage(r.id, "", "not_enforced") for r in book.rules.values() if r.stage == "draft"]


def of_reading(book: Book, filed: Iterable[Filed]) -> list[Coverage]:
    """The rules noticed while reading, on every file: found n, passed, or what the container hides.

    A reader's rule names in params `symptom` what a container may hide (Document.cannot_see) and in `needs` whether it
    looks at the file alone (file) or at what stands inside (sheets, the default).
    """
    rules = [r for r in book.rules.values() if r.kind == "reader" and r.stage != "draft"]
    words = book.words["checking"]["why"]
    out = []
    for f in filed:
        counts = Counter(x.rule for x in f.document.findings)
        inside = bool(f.document.tables)
        out += [_on_file(r, f, counts[r.id], inside, words) for r in rules]
    return out


def _on_file(rule: Rule, filed: Filed, found: int, inside: bool, words: Mapping[str, str]) -> Coverage:
    path, document = filed.arrival.path, filed.document
    if found:
        return Coverage(rule.id, path, "found", found)
    if document.outcome == "ignored" or document.attachment:
        return Coverage(rule.id, path, "not_applicable", 0, words["no_form"])
    if rule.params.get("symptom") in document.cannot_see:
        return Coverage(rule.id, path, "could_not_run", 0, words["hidden"].replace("{kind}", document.kind))
    if rule.scope != "workbook" and document.outcome != "readable":
        return Coverage(rule.id, path, "could_not_run", 0, words["unreadable"])
    if rule.scope != "workbook" and not inside:
        return Coverage(rule.id, path, "not_applicable", 0, words["no_sheet"])
    return Coverage(rule.id, path, "passed", 1)
