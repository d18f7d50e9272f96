"""The night in; the view of 规则执行 out: the scopes on one page, every rule, what was noticed where, and why a rule gave no verdict."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.book.spec import Rule
from pipeline.papers.material import Material
from pipeline.papers.wording import head

VERDICTS = ("passed", "found", "not_applicable", "could_not_run", "not_enforced", "waived")
NOTED = ("found", "could_not_run")
MOST = 15  # rules on the first page
FEW, MANY = 3, 20  # subjects named where a rule did not apply, and where something was noticed


def coverage_view(m: Material) -> dict[str, Any]:
    """One line per scope; one line per rule with its tallies; one line per subject with a mark per rule; the reasons apart.

    `noted`: the rules that found something or could not run, each with the subjects it did so on: what an auditor prints.
    """
    cells: dict[str, dict[str, str]] = defaultdict(dict)
    noted: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    tally: dict[str, Counter[str]] = defaultdict(Counter)
    whys: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for c in m.coverage:
        mark = m.words["coverage_marks"][c.verdict].format(n=c.count)
        for subject in c.subjects:
            cells[subject][c.rule] = mark
        if c.verdict in NOTED:
            noted[c.rule, c.verdict] += ((subject, mark if c.verdict == NOTED[0] else "") for subject in c.subjects)
        tally[c.rule][c.verdict] += len(c.subjects) * (c.count if c.verdict == "found" else 1)
        if c.why:
            whys[c.rule, c.verdict, c.why] += c.subjects
    active = [r for r in m.book.rules.values() if r.stage != "draft"]
    rules = [_rule_line(i, r, tally[r.id], m) for i, r in enumerate(m.book.rules.values(), 1)]
    return {
        **head(m),
        "scopes": _scopes(m, tally),
        "most": [{**r, "seq": i} for i, r in enumerate(_most(rules), 1)],
        "rules": rules,
        "noted": [_noted(r, noted, m) for r in rules if any(noted.get((r["id"], v)) for v in NOTED)],
        "active": [{"id": r.id} for r in active],
        "subjects": [_subject(i, name, marks, m) for i, (name, marks) in enumerate(sorted(cells.items()), 1)],
        "whys": [_why(key, sorted(subjects), m) for key, subjects in sorted(whys.items())],
    }


def _most(rules: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The rules that found most, a few."""
    return sorted((r for r in rules if r["found"]), key=lambda r: (-r["found"], r["id"]))[:MOST]


def _noted(
    rule: Mapping[str, Any], noted: Mapping[tuple[str, str], Sequence[tuple[str, str]]], m: Material
) -> dict[str, Any]:
    """A rule's line with the subjects it noticed something on (and how often), and those it could not look at."""
    found, blocked = (sorted(noted.get((rule["id"], v), ())) for v in NOTED)
    return {
        **rule,
        "found_on": _listed([f"{_shown(s, m)} {mark}" for s, mark in found], MANY, m),
        "blocked_on": _listed([_shown(s, m) for s, _ in blocked], MANY, m),
    }


def _listed(names: Sequence[str], most: int, m: Material) -> str:
    told = str(m.words["list_mark"]).join(names[:most])
    return told + (str(m.words["and_more"]).format(n=len(names)) if len(names) > most else "")


def _shown(subject: str, m: Material) -> str:
    """A subject on paper: the unit and the file's own name; a unit; the whole district."""
    unit = m.unit_of_file.get(subject)
    if subject in m.units or not subject:
        return m.short_name(subject) if subject else str(m.words["district"])
    name = subject.replace("!", "/").rpartition("/")[2]
    return f"{m.short_name(unit)} {name}" if unit else name


def _scopes(m: Material, tally: Mapping[str, Counter[str]]) -> list[dict[str, Any]]:
    """One line per scope of the rulebook: its rules by stage, its verdicts, and how many of its rules noticed something."""
    groups: dict[str, list[Rule]] = defaultdict(list)
    for rule in m.book.rules.values():
        groups[rule.scope].append(rule)
    made = []
    for i, (scope, rules) in enumerate(groups.items(), 1):
        whole: Counter[str] = sum((tally[r.id] for r in rules), Counter())
        made.append({
            "seq": i, "code": rules[0].id.partition("-")[0], "name": m.book.words["book"]["guide"]["scopes"][scope], "rules": len(rules),
            **{stage: sum(r.stage == stage for r in rules) for stage in ("enforced", "advisory", "draft")},
            **{v: whole[v] for v in VERDICTS},
            **{f"by_{v}": sum(bool(tally[r.id][v]) for r in rules) for v in NOTED},
        })  # fmt: skip
    return made


def _rule_line(i: int, rule: Rule, tally: Mapping[str, int], m: Material) -> dict[str, Any]:
    words = m.words
    return {
        "seq": i, "id": rule.id, "title": rule.title or rule.message, "level": f"{words['severity'][rule.severity]['mark']} {words['severity'][rule.severity]['word']}",
        "cure": words["cures"][rule.cure], "stage": words["stages"][rule.stage], "why": rule.why, **{v: tally.get(v) for v in VERDICTS}, **({"found": 0} if tally.get("passed") and not tally.get("found") else {}),
    }  # fmt: skip


def _subject(i: int, name: str, marks: Mapping[str, str], m: Material) -> dict[str, Any]:
    unit = m.unit_of_file.get(name) or (name if name in m.units else None)
    return {
        "seq": i,
        "subject": name or m.words["district"],
        "unit": m.short_name(unit) if unit else "",
        "code": unit or "",
        "marks": dict(marks),
    }


def _why(key: tuple[str, str, str], subjects: Sequence[str], m: Material) -> dict[str, Any]:
    rule, verdict, why = key
    named = [_shown(s, m) for s in subjects]
    return {
        "rule": rule,
        "verdict": m.words["coverage"][verdict],
        "why": why,
        "count": len(subjects),
        "subjects": _listed(named, FEW if verdict == "not_applicable" else MANY, m),
    }
