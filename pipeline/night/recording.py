"""A settled case in; run.json's content, findings.json and findings.csv, and the exit code out (contract.md 2, 4)."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.home.plain import lines
from pipeline.home.program import program
from pipeline.masking import L1, mask, mask_text
from pipeline.model import Finding, FormState, Place
from pipeline.model.linked import GRADES
from pipeline.model.linked import Case as Suspicion
from pipeline.night.judging import Case
from pipeline.papers import Material
from pipeline.papers.wording import mask_of, message, remedy

KEYS = (
    "id", "rule", "severity", "cure", "status", "unit", "form", "file", "sha256", "sheet", "cell", "row", "field", "title", "value", "new_value",
    "message", "remedy", "related", "case", "number", "first_seen", "last_seen",
)  # fmt: skip
ORDER = ("unit", "file", "sheet", "row", "rule", "field", "id")
RISKY = ("=", "+", "-", "@", "\t", "\r")


def finding_json(f: Finding, m: Material) -> dict[str, Any]:
    """One entry of findings.json: values masked by their field, free text by its numbers."""
    what = mask_of(f.form, f.resource, f.field, m)
    return {
        "id": f.id, "rule": f.rule, "severity": m.severity(f), "cure": m.cure(f), "status": f.status, "unit": f.unit, "form": f.form,
        "file": mask_text(f.file) if f.file else f.file, "sha256": f.sha256, "sheet": f.sheet, "cell": f.cell, "row": f.row, "field": f.field, "title": f.title,
        "value": _masked(f.value, what, f), "new_value": _masked(f.new_value, what, f), "message": message(f, m, own=False), "remedy": remedy(f, m),
        "related": [_place(p) for p in f.related], "case": f.case, "number": f.number,
        "first_seen": _seen(f.first_seen), "last_seen": _seen(f.last_seen),
    }  # fmt: skip


def _masked(value: str, what: str, f: Finding) -> str:
    if f.status == "fixed":
        return value  # already masked when it was last shown
    return mask(value, what, L1) if value else ""


def _place(p: Place) -> dict[str, str | None]:
    return {"unit": p.unit, "file": mask_text(p.file) if p.file else p.file, "sheet": p.sheet, "cell": p.cell}


def _seen(seen: tuple[int, str] | None) -> dict[str, Any] | None:
    return {"night": seen[0], "as_of": seen[1]} if seen else None


def findings_files(case: Case, m: Material) -> dict[str, bytes]:
    entries = sorted((finding_json(f, m) for f in case.findings), key=_place_in_list)
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(KEYS)
    for entry in entries:
        table.writerow([_csv(entry[k]) for k in KEYS])
    return {
        "findings.json": lines(entries).encode() + b"\n",
        "findings.csv": out.getvalue().encode("utf-8-sig"),
    }


def _place_in_list(entry: Mapping[str, Any]) -> list[tuple[bool, Any]]:
    """One order over open and fixed ones, null first."""
    return [(entry[k] is not None, entry[k]) for k in ORDER]


def _csv(value: Any) -> str:
    text = (
        "" if value is None else json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
    )
    return "'" + text if text.startswith(RISKY) else text


def record_of(
    case: Case,
    m: Material,
    sums: Mapping[str, Any],
    sample: bool,
    kept: Mapping[str, str],
    timings: Mapping[str, float],
) -> dict[str, Any]:
    """run.json without what the delivery adds (run, night, as_of, times, seals, outputs). `kept`: unit -> run of its papers."""
    filed = case.judged.filed
    states = Counter(f.state for f in filed)
    open_ones = [f for f in case.findings if f.status != "fixed"]
    files = {
        "received": len(filed),
        "new": sum(f.arrival.new for f in filed),
        "gone": sum(not f.arrival.present for f in filed),
    }
    known = _known_states(case, m)
    by_state: Counter[str] = Counter(s.state for s in known)
    return {
        "season": {"title": case.season.title, "year": case.season.year, "sample": sample},
        "versions": {
            "program": program(),
            "schemas": case.book.digest,
            "forms": {n: f.version for n, f in case.book.forms.items()},
        },
        "files": {
            **files,
            **{
                k: states.get(k, 0)
                for k in (
                    "adopted",
                    "superseded",
                    "duplicate",
                    "attachment",
                    "ignored",
                    "held",
                    "unreadable",
                    "withdrawn",
                )
            },
        },
        "units": {
            "expected": len(case.judged.office.units) if case.judged.register_present else None,
            "by_state": dict(sorted(by_state.items())),
        },
        "findings": {
            "by_severity": _counts(m.severity(f) for f in open_ones),
            "by_rule": _counts(f.rule for f in open_ones),
            "by_status": _counts(f.status for f in case.findings),
        },
        "totals": sums,
        "lines": case.lines,
        "states": [_state(m, s) for s in known],
        "flood": dict(case.flood),
        "kept_papers": dict(kept),
        "cases": _counts(_grade(case, listed) for listed in case.cases.open.values()),
        "timings": dict(timings),
    }


def _known_states(case: Case, m: Material) -> list[FormState]:
    """Without R1 the units are those that wrote: which of their forms are missing, nobody can say."""
    words = m.book.words["papers"]["states"]
    silent = () if case.judged.register_present else (words["missing"], words["overdue"])
    return [s for s in case.district.states.values() if s.state not in silent]


def _grade(case: Case, listed: Sequence[Suspicion]) -> str:
    """The word for how sure the surest of a case's pairs is."""
    grade = min((c.grade for c in listed), key=GRADES.index)
    return str(case.book.words["people"]["grades"][grade])


def _state(m: Material, s: FormState) -> dict[str, Any]:
    """One unit and form, for `status`."""
    return {
        "unit": s.unit, "name": m.short_name(s.unit), "form": s.form, "state": s.state, "file": mask_text(s.file),
        "received": s.received.isoformat() if s.received else None, "deadline": s.deadline.isoformat() if s.deadline else None,
    }  # fmt: skip


def _counts(words: Any) -> dict[str, int]:
    return dict(sorted(Counter(words).items()))


def exit_code(case: Case) -> int:
    """1: an open error; 3: a file nobody could open; the higher wins (contract.md 2)."""
    errors = any(
        f.status not in {"waived", "explained", "fixed"} and (f.severity or case.book.rules[f.rule].severity) == "error"
        for f in case.findings
    )
    unread = any(f.state == "unreadable" for f in case.judged.filed)
    return 3 if unread else 1 if errors else 0
