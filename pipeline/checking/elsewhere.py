"""What is noticed outside this room (whose file, which version, the office's decisions, the calendar, the output gate) in;
the coverage of those rules out, so that the auditor finds every rule in force with what became of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from pipeline.book.spec import Book, Rule
from pipeline.checking.tally import ASIDE, OLDER, by_path, joined
from pipeline.model import Coverage, Filed, Finding, Office


def of_arranging(book: Book, filed: Sequence[Filed], found: Iterable[Finding], office: Office) -> list[Coverage]:
    """Rules of kind arrange on every delivery, or where params `looks` says so on every unit or on the office's decisions.

    `looks: inside` asks for a readable form; `register`: what it needs to judge at all.
    """
    counts = Counter((f.rule, f.file or "") for f in found)
    by_unit = Counter((f.rule, f.unit or "") for f in found)
    words: Mapping[str, str] = book.words["checking"]["why"]
    lines: list[Coverage] = []
    for rule in _in_force(book, "arrange"):
        missing = rule.params.get("register", "")
        looks = rule.params.get("looks", "file")
        if missing and missing not in office.registers:
            lines.append(
                Coverage(rule.id, "", "not_applicable", 0, words["no_register"].replace("{register}", missing))
            )
        elif looks == "decisions":
            n = sum(v for (r, _), v in counts.items() if r == rule.id)
            none = not office.decisions and not n
            lines.append(_line(rule, "", n, len(office.decisions), words["nothing"] if none else ""))
        elif looks == "registers":
            n = sum(v for (r, _), v in counts.items() if r == rule.id)
            judged = sum(len(r.rows) for name, r in office.registers.items() if not missing or name == missing)
            lines.append(_line(rule, "", n, judged, "" if office.registers else words["nothing"]))
        elif looks == "unit":
            attached = Counter(f.unit or "" for f in filed if f.state == "attachment")
            for unit in dict.fromkeys(f.unit or "" for f in filed):
                lines.append(
                    _line(
                        rule, unit, by_unit[rule.id, unit], attached[unit], "" if attached[unit] else words["nothing"]
                    )
                )
        else:
            lines += [
                _on_path(rule, group, counts[rule.id, group[0].arrival.path], looks == "inside", words)
                for group in by_path(filed)
            ]
    return lines


def _on_path(rule: Rule, group: Sequence[Filed], found: int, inside: bool, words: Mapping[str, str]) -> Coverage:
    if found:
        return _line(rule, group[0].arrival.path, found, 1)
    return joined([_on_file(rule, f, inside, words) for f in group])


def _on_file(rule: Rule, f: Filed, inside: bool, words: Mapping[str, str]) -> Coverage:
    if f.state in ASIDE or (inside and f.document.attachment):
        return _line(rule, f.arrival.path, 0, 0, words["no_form"])
    if f.state in OLDER:
        return _line(rule, f.arrival.path, 0, 0, words["older"])
    if inside and f.document.outcome != "readable":
        return Coverage(rule.id, f.arrival.path, "could_not_run", 1, words["unreadable"])
    if inside and not f.document.tables and not f.document.declared:
        return _line(rule, f.arrival.path, 0, 0, words["no_sheet"])
    return _line(rule, f.arrival.path, 0, 1)


def _line(rule: Rule, subject: str, found: int, judged: int, absent: str = "") -> Coverage:
    if found:
        return Coverage(rule.id, subject, "found", found)
    return (
        Coverage(rule.id, subject, "not_applicable", 0, absent)
        if absent
        else Coverage(rule.id, subject, "passed", judged)
    )


def of_running(book: Book, kinds: Iterable[str], found: Iterable[Finding] = ()) -> list[Coverage]:
    """Rules that look at the whole night: its calendar (loader: a season that contradicts itself does not start) and what
    it is about to hand out (gate)."""
    counts = Counter(f.rule for f in found)
    return [_line(rule, "", counts[rule.id], 1) for kind in kinds for rule in _in_force(book, kind)]


def _in_force(book: Book, kind: str) -> list[Rule]:
    return [r for r in book.rules.values() if r.kind == kind and r.stage != "draft"]
