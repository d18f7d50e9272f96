"""Findings in; blocks by rule out: root cause first, then severity, each with places, remedy and drawn examples."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pipeline.model import Finding, Place, Row, Table, column_letters
from pipeline.papers.material import Material
from pipeline.papers.wording import figure, mask_of, message, place, remedy, ruling, scrubbed, severity, shown

LEVELS = {"error": 0, "warning": 1, "info": 2}
ROOTS = {"file": 0, "sheet": 1}
SAMPLES, PAGE_LIMIT = 3, 3000


def blocks(findings: Iterable[Finding], m: Material, own: bool, scope: str = "") -> list[dict[str, Any]]:
    """One block per rule. `own`: the reader is the unit itself (names in full). `scope`: unit code for figure keys."""
    groups: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        groups[finding.rule].append(finding)
    made = [_block(rule, _by_place(found), m, own, scope) for rule, found in groups.items()]
    return sorted(made, key=lambda b: b["order"])


def _by_place(findings: Sequence[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda f: (f.file or "", f.sheet or "", f.row or 0, f.col or 0, f.id))


def _block(name: str, findings: Sequence[Finding], m: Material, own: bool, scope: str) -> dict[str, Any]:
    rule, first = m.book.rules.get(name), findings[0]
    level = min((m.severity(f) for f in findings), key=LEVELS.__getitem__)  # a rule may be graver in one place
    units = list(dict.fromkeys(f.unit for f in findings if f.unit))
    # the root cause first: a file or sheet that cannot be used explains everything below it
    order = (
        ROOTS.get(first.holds or (rule.holds if rule else ""), 2) if level == "error" else 2,
        LEVELS[level],
        -len(findings),
        name,
    )
    return {
        "rule": name,
        "title": (rule.title if rule else "") or message(first, m, own),
        "why": rule.why if rule else "",
        "remedy": remedy(first, m, own),
        **severity(level, m),
        "count": figure(f"findings.rule.{name}", len(findings), unit=scope),
        "unit_count": figure(f"findings.units.{name}", len(units), unit=scope),
        "entries": [entry(f, m, own) for f in findings[:PAGE_LIMIT]],
        "more": max(0, len(findings) - PAGE_LIMIT),
        "samples": samples(findings, m, own),
        "order": order,
    }


def entry(finding: Finding, m: Material, own: bool) -> dict[str, Any]:
    """One finding as a line. `search` is what the filter looks in."""
    what = mask_of(finding.form, finding.resource, finding.field, m)
    where = place(finding, m)
    words = message(finding, m, own, desk=not own)
    status = m.words["status"].get(finding.status, "")
    return {
        "anchor": f"f-{finding.id[:8]}" if finding.id else "",
        "id": finding.id,
        "label": m.words["item"].format(n=finding.number) if finding.number else "",
        "number": finding.number or 0,
        "unit": finding.unit or "",
        "unit_name": m.short_name(finding.unit),
        "place": where,
        "file": (finding.file or "").rsplit("/", 1)[-1],
        "title": finding.title or "",
        "value": shown(finding.value, what, own, m),
        "new_value": shown(finding.new_value, what, own, m),
        "message": words,
        "remedy": remedy(finding, m, own),
        "status": status,
        "status_key": finding.status or "new",
        "ruling": ruling(finding, m, own),
        "related": [_other_place(r, m, own) for r in finding.related if not own or r.unit == finding.unit],
        "case": m.words["case_no"].format(n=finding.case) if finding.case is not None and not own else "",
        **severity(m.severity(finding), m),
    }


def _other_place(p: Place, m: Material, own: bool) -> str:
    """The other cell a finding names; office and auditor read whose and in which file, too."""
    cell = (p.cell and f"{p.sheet}!{p.cell}") or p.sheet or ""
    if own or not cell:
        return cell
    return " ".join(filter(None, (m.short_name(p.unit), scrubbed((p.file or "").rpartition("/")[2]), cell)))


def samples(findings: Sequence[Finding], m: Material, own: bool) -> list[dict[str, Any]]:
    """Up to three small pieces of the sheet around the bad cell, with its row number and column letters."""
    drawn = []
    for finding in findings:
        table = m.table(finding.file, finding.sheet, finding.sha256)
        row = next((r for r in table.rows if r.number == finding.row), None) if table and finding.row else None
        if table and row:
            drawn.append(_drawn(finding, table, row, m, own))
        if len(drawn) == SAMPLES:
            break
    return drawn


def _drawn(finding: Finding, table: Table, row: Row, m: Material, own: bool) -> dict[str, Any]:
    columns = _around(finding, table.columns)
    cells = []
    for name in columns:
        what = mask_of(table.form, table.resource, name, m)
        cells.append({"text": shown(row.raw.get(name, ""), what, own, m), "bad": name == finding.field})
    return {
        "sheet": table.sheet,
        "unit_name": m.short_name(finding.unit),
        "row": row.number,
        "letters": [column_letters(table.columns[name]) for name in columns],
        "titles": [table.titles.get(name, name).replace("\n", "") for name in columns],
        "cells": cells,
    }


def _around(finding: Finding, columns: Mapping[str, int]) -> list[str]:
    """The name column, the bad one and its neighbours, in sheet order."""
    ordered = sorted(columns, key=lambda name: columns[name])
    wanted = {name for name in ("name", "dept") if name in columns}
    if finding.field and finding.field in columns:
        at = ordered.index(finding.field)
        wanted |= set(ordered[max(0, at - 1) : at + 2])
    else:
        wanted |= set(ordered[:4])
    return [name for name in ordered if name in wanted]
