"""Decisions and what the season knows in; decisions that name a file by its path bound to that file, and those that name nothing known, out.

Definitions: contract.md 3 "Registers and decisions": the object of a decision is a finding, a case or a file.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.cells.text import fold
from pipeline.masking import mask_text
from pipeline.model import Arrival, Decision, Finding, Office, file_id

RULE = "WBK-028"
INBOX = "inbox/"
ABOUT_FILES = ("claim", "withdraw", "choose", "replace", "add", "slip")
EXCEPTION = "exception"
ABOUT_PAIRS = ("same", "different")
ABOUT_FORMS = ("late", "phone_zero")
NEEDS_UNIT = ("claim", *ABOUT_FORMS, "arrival")
PREPARED = ("sent",)  # 发送清单: its object is the return's own fingerprint, which nobody types

Objects = Mapping[str, Collection[str]]


@dataclass(frozen=True, slots=True)
class Known:
    """What a decision may name, all in lower case: `findings` are ids of any night, `files` the short ids of all files."""

    findings: Collection[str] = ()
    files: Collection[str] = ()
    slips: Collection[str] = ()
    payments: Collection[str] = ()  # lines of the bank statement, as 待核查 names them
    forms: Collection[str] = ()
    rules: Collection[str] = ()
    units: Collection[str] = ()
    cases: Collection[str] = ()


def resolve_files(office: Office, deliveries: Sequence[Arrival], kinds: Mapping[str, str]) -> Office:
    """A file may be named by its path in the inbox: the delivery lying there when the office wrote it down is meant.

    `kinds`: our word for a decision -> the office's. What names no delivery stays as it was written.
    """
    about = {kinds[word] for word in (*ABOUT_FILES, EXCEPTION) if word in kinds}
    paths, masked = _by_path(deliveries)
    decided = [
        replace(d, target=_meant(d, paths, masked) or d.target) if d.kind in about else d for d in office.decisions
    ]
    return replace(office, decisions=tuple(decided))


def _by_path(deliveries: Sequence[Arrival]) -> tuple[dict[str, list[Arrival]], dict[str, list[Arrival]]]:
    """Deliveries by path, and by the path as papers show it (long numbers masked) where only one path looks like that."""
    paths: dict[str, list[Arrival]] = {}
    looks: dict[str, set[str]] = {}
    for a in deliveries:
        paths.setdefault(fold(a.path), []).append(a)
        looks.setdefault(fold(mask_text(a.path)), set()).add(fold(a.path))
    return paths, {shown: paths[next(iter(real))] for shown, real in looks.items() if len(real) == 1}


def _meant(d: Decision, paths: Mapping[str, list[Arrival]], masked: Mapping[str, list[Arrival]]) -> str:
    text = fold(d.written.replace("\\", "/")).removeprefix(INBOX)
    found = paths.get(text) or masked.get(text) or []
    for seen in ([a for a in found if a.night < d.since], [a for a in found if a.night <= d.since], found):
        if seen:
            return file_id(max(seen, key=lambda a: a.order).sha256)
    return ""


def unknown_objects(
    decisions: Iterable[Decision], known: Known, kinds: Mapping[str, str], words: Mapping[str, str]
) -> list[Finding]:
    """WBK-028 for every decision in force whose object or unit nobody knows. `words`: why -> how that is said."""
    ours = {kind: word for word, kind in kinds.items()}
    found = []
    for d in decisions:
        word = ours.get(d.kind, "")
        if word in PREPARED:
            continue
        if not _is_known(d.target.strip().lower(), word, known):
            found.append(_finding(d, "target", d.written or d.target, words["object"]))
        if d.rule and d.rule.lower() not in known.rules:
            found.append(_finding(d, "rule_id", d.rule, words["rule"]))
        if d.unit and d.unit not in known.units:
            found.append(_finding(d, "unit" if "unit" in d.at else "unit_code", d.unit, words["unit"]))
        elif not d.unit and word in NEEDS_UNIT:
            found.append(_finding(d, "unit", "", words["no_unit"]))
    return found


def _is_known(target: str, word: str, known: Known) -> bool:
    if word == "release":
        return target in known.rules
    if word in ABOUT_FORMS:
        return target in known.forms or target in known.findings
    if word in ABOUT_FILES:
        return target in known.files or (word == "slip" and target in known.slips)
    if word == "arrival" and target in known.payments:
        return True
    if word in ABOUT_PAIRS and target in known.cases:
        return True
    if word == EXCEPTION and (not target or target in {*known.files, *known.cases, *known.rules} or "*" in target):
        return True  # what is too wide is refused in words of its own (WBK-029)
    first, *others = target.split("-")
    return first in known.findings and all(o in known.findings for o in others if len(o) == len(first))


def _finding(d: Decision, name: str, value: str, why: str) -> Finding:
    row, col = d.at.get(name, (None, None))
    facts = {"why": why.replace("{val}", value).replace("{kind}", d.kind)}
    return Finding(
        RULE,
        file=d.place.file,
        sheet=d.place.sheet,
        row=row,
        col=col,
        field=name,
        value=value,
        facts=facts,
        key=f"{d.number}|{d.kind}|{d.written or d.target}|{name}",
    )
