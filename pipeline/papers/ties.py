"""The night in; the auditor's own numbers out: tie-outs, money behind 疑点 and spot-check lists, key by key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.model import Finding, Person
from pipeline.papers.material import Material

FEN = "fen"


def audit_numbers(m: Material) -> Iterator[tuple[str, int, str]]:
    """(key, value, measure). What has no paper to compare with yields nothing: 未能判断, not 0."""
    figures = m.district.figures
    approved = figures["approved_fen"].accepted if "approved_fen" in figures else 0
    paid = figures["amount_fen.F3.total"].accepted if "amount_fen.F3.total" in figures else 0
    yield "audit.unpaid_fen", approved - paid, FEN
    yield "audit.transfers_fen", sum(p.row.get("amount_paid") or 0 for p in transfers(m)), FEN
    yield from _bank(m)
    for name, rules in m.words["suspicion_classes"].items():
        yield f"audit.class_fen.{name}", money_of(suspicions(m, rules), m), FEN
        found = suspicions(m, rules)
        checked = sum(f.status in {"waived", "explained"} for f in found)
        yield f"audit.class.{name}", len(found), "rows"
        yield f"audit.class_checked.{name}", checked, "rows"
        yield f"audit.class_open.{name}", len(found) - checked, "rows"
    for name, people in spot_checks(m).items():
        yield f"audit.list_fen.{name}", sum(p.row.get("amount_paid") or 0 for p in people), FEN
        yield f"audit.list.{name}", len(people), "rows"
    for name, rule in LISTED_RULES.items():
        yield f"audit.list_fen.{name}", money_of(suspicions(m, (rule,)), m), FEN
        yield f"audit.list.{name}", len(suspicions(m, (rule,))), "rows"


LISTED_RULES = {"above": "MNY-003", "notice": "CAL-007"}


def _bank(m: Material) -> Iterator[tuple[str, int, str]]:
    statement, handed = m.office.registers.get("R4"), m.office.registers.get("R12")
    debit = m.words["debit_words"]
    if statement is not None:
        rows = [
            (r.get("amount"), str(r.get("direction") or "") in debit)
            for r in statement.rows
            if isinstance(r.get("amount"), int)
        ]
        yield "audit.debit_fen", sum(abs(amount) for amount, out in rows if out), FEN
        yield "audit.credit_fen", sum(amount for amount, out in rows if not out), FEN
    if handed is not None:
        yield "audit.handed_fen", sum(a for a in (r.get("amount") for r in handed.rows) if isinstance(a, int)), FEN


def transfers(m: Material) -> list[Person]:
    """Accepted payments the district's own account made: district level, not in cash."""
    levels = set(m.words["bank_levels"])
    return [
        p
        for p in m.district.people
        if p.form == "F3"
        and p.accepted
        and p.row.get("level") in levels
        and p.row.get("pay_method") != m.words["cash_method"]
    ]


def suspicions(m: Material, rules: Sequence[str]) -> list[Finding]:
    """A namesake matching only hints at is nobody's suspicion and no money of anybody's."""
    return [f for f in m.findings if f.rule in set(rules) and f.status != "fixed" and not m.is_hint(f)]


def spot_checks(m: Material) -> dict[str, list[Person]]:
    """Cash, and money somebody else took."""
    people = [p for p in m.district.people if p.form == "F3"]
    cash = m.words["cash_method"]
    return {
        "cash": [p for p in people if p.row.get("pay_method") == cash],
        "agent": [p for p in people if p.row.get("agent_name")],
    }


def money_of(findings: Sequence[Finding], m: Material) -> int:
    """Fen on the named rows, each row once: what was paid, else approved, else asked for."""
    rows = {(f.file, f.sheet, n) for f in findings for n in (f.rows or (f.row,)) if n}
    named = [p.row for p in m.district.people if (p.place.file, p.place.sheet, p.row.number) in rows]
    return sum(r.get("amount_paid") or r.get("amount_approved") or r.get("amount_requested") or 0 for r in named)
