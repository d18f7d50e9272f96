"""A line of 待核查 in the making: what it shows, and what the office wrote on it before."""

from __future__ import annotations

from typing import Any

from pipeline.model import Decision, Finding
from pipeline.papers.material import Material
from pipeline.papers.objects import short

EXCEPTION = "exception"
LONGEST = 18  # signs of an object that its line's number may repeat


def asked(m: Material, sheet: str) -> list[Finding]:
    """The findings a sheet asks the office about: open ones, and those closed by an answer given on it or by a school."""
    rules = m.words["desk_sheets"][sheet]
    answered_ = [f for f in m.ruled if f.rule in rules and (not f.ruling or f.ruling.kind != EXCEPTION)]
    return [*(f for rule in rules for f in m.by_rule.get(rule, ())), *answered_]


def laid_down(m: Material) -> tuple[Decision, ...]:
    """Decisions in force and revoked ones: the office sees again what it wrote."""
    return (*m.office.decisions, *m.office.revoked)


def line(m: Material, sheet: str, target: str, shown: dict[str, Any], also: str = "") -> dict[str, Any]:
    """One line. `also`: another object (the whole file) a decision on which counts here, too."""
    number = f"{m.words['desk_numbers'][sheet]}-{target if len(target) <= LONGEST else short(target)}"
    done = _decided(m, target, number) or (_decided(m, also, "") if also else None)
    own = done is not None and done.target.strip().lower() == target.lower()
    kept = {k: v for k, v in done.extra.items() if v and _written_by_hand(m, done, k)} if done else {}
    return {
        **shown,
        **kept,
        "number": done.number if done and own and done.number else number,
        "target": target,
        "kind": done.kind if done else m.words["default_kind"].get(sheet, ""),
        **written(done, m),
    }


def _written_by_hand(m: Material, d: Decision, name: str) -> bool:
    """What the night itself shows on a line is tonight's, not what stood there when the line was saved."""
    register = m.book.registers.get(d.register)
    asked_for = register.resource.field(name) if register else None
    return asked_for is None or not asked_for.locked


def answered(m: Material, sheet: str, used: set[str]) -> list[dict[str, Any]]:
    """Lines whose question the office has answered, so that nothing asks it any more: their answer stands in columns of this
    sheet alone and would be lost elsewhere."""
    start, kind = f"{m.words['desk_numbers'][sheet]}-", m.words["default_kind"][sheet]
    settled = [d for d in laid_down(m) if d.kind == kind and d.number.startswith(start) and d.number not in used]
    return [
        {
            **{k: v for k, v in d.extra.items() if v},
            "number": d.number,
            "target": d.target,
            "kind": d.kind,
            **written(d, m),
        }
        for d in settled
    ]


def _decided(m: Material, target: str, number: str) -> Decision | None:
    """The newest decision on this line, revoked ones too: the office sees again what it wrote."""
    found = [
        d
        for d in laid_down(m)
        if (number and d.number == number) or (target and d.target.strip().lower() == target.lower())
    ]
    return max(found, key=lambda d: d.on.toordinal() if d.on else 0, default=None)


def written(done: Decision | None, m: Material) -> dict[str, Any]:
    """The columns every decision sheet has."""
    d = done or Decision("", "", "")
    tick = str(m.words["tick"]) if d.revoked else ""
    return {
        "opinion": d.opinion,
        "reason": d.reason,
        "officer": d.officer,
        "on": d.on,
        "until": d.until,
        "revoked": tick,
        "unit": m.unit_name(d.unit) if d.unit else "",
        "rule_id": d.rule,
        "approver": d.approver,
    }
