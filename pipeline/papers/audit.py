"""The night in; the views of 审核报告 and 规则执行 out: totals, tie-outs, 疑点 by class, exceptions, coverage."""

from __future__ import annotations

from collections import Counter
from typing import Any

from pipeline.model import Finding, Ruling
from pipeline.papers.audit_cases import case_views, copy_of
from pipeline.papers.audit_rules import VERDICTS
from pipeline.papers.counting import LISTED, Numbers, both, listed_open, pick
from pipeline.papers.grids import source_text
from pipeline.papers.grouping import blocks, entry
from pipeline.papers.material import Material
from pipeline.papers.sums import equations, totals_cards
from pipeline.papers.ties import LISTED_RULES, spot_checks, suspicions
from pipeline.papers.wording import figure, head, ran_note, scrubbed, shortened, shown


def audit_view(m: Material, numbers: Numbers) -> dict[str, Any]:
    """Page 1 first; names and numbers as L1 may see them."""
    return {
        **head(m),
        "seal": m.run.seal,
        "program": m.run.program,
        "units": pick(numbers, "units"),
        "rows": {f: both(numbers, f"rows.{f}") for f in m.book.forms},
        "totals": totals_cards(m, numbers),
        "ties": _ties(numbers),
        "equations": equations(m, numbers),
        "classes": _classes(m, numbers),
        "same_person": case_views(m),
        "exceptions": _exceptions(m),
        "lists": _lists(m, numbers),
        "verdicts": _verdicts(m, numbers),
        "files": _files(m),
        "blocks": blocks(listed_open(m), m, own=False, scope=LISTED),
        "repairs": _repairs(m),
        "held_rows": pick(numbers, "held_rows"),
    }


def _ties(numbers: Numbers) -> list[dict[str, Any]]:
    """核定 = 实发 + 未发 · 实发（区级转账）= 银行借方 · 募捐 = 到账 = 转交 + 留存. None = the papers to compare are not there."""
    approved, paid, unpaid = (
        both(numbers, "approved_fen")["accepted"],
        both(numbers, "amount_fen.F3.total")["accepted"],
        numbers["audit.unpaid_fen"],
    )
    pairs = (
        ("bank", numbers["audit.transfers_fen"], [numbers.get("audit.debit_fen")]),
        (
            "donations",
            both(numbers, "donations_fen.total")["accepted"],
            [numbers.get("audit.credit_fen"), numbers.get("audit.handed_fen")],
        ),
    )
    first = {
        "left": approved,
        "right": [paid, unpaid],
        "kind": "paid",
        "closes": unpaid.value >= 0 if approved.value else None,
    }
    return [
        first,
        *(
            {
                "left": left,
                "right": right,
                "kind": kind,
                "closes": None if right[0] is None else left.value == right[0].value,
            }
            for kind, left, right in pairs
        ),
    ]


def _classes(m: Material, numbers: Numbers) -> list[dict[str, Any]]:
    """疑点 by class: how many, the money of the rows they name, how many are verified (waived or explained). `ran` False:
    none of the class's rules gave a verdict, so there is no number to print; `note` says how many did."""
    made = []
    for name, rules in m.words["suspicion_classes"].items():
        count = numbers[f"audit.class.{name}"]
        made.append(
            {
                "name": name,
                "count": count,
                "checked": numbers[f"audit.class_checked.{name}"],
                "open": numbers[f"audit.class_open.{name}"],
                "ran": bool(count) or any(r in m.ran for r in rules),
                "note": ran_note(m, rules),
                "amount": numbers[f"audit.class_fen.{name}"],
                "rules": [{"id": r, "found": r in m.by_rule} for r in rules],
            }
        )
    return made


def _exceptions(m: Material) -> list[dict[str, str]]:
    """Every use of a decision or an explanation, with who answers for it: what was closed first, then what was only told."""
    told = [f for f in m.open if f.ruling]
    return [_exception(f, f.ruling, m) for f in (*m.ruled, *told) if f.ruling]


def _exception(f: Finding, said: Ruling, m: Material) -> dict[str, str]:
    line, names = entry(f, m, own=False), m.words["ruling"]["names"]
    return {
        "rule": f.rule,
        "unit": line["unit_name"],
        "place": line["place"],
        "message": line["message"],
        "status": names[said.kind],
        "number": said.number,
        "on": said.on.isoformat() if said.on else "",
        "reason": line["ruling"] if said.changed else scrubbed(shortened(said.text, m)),
        "by": said.by or (line["unit_name"] if said.kind in {"explained", "remark"} else ""),
        "until": said.until.isoformat() if said.until else "",
    }


def _lists(m: Material, numbers: Numbers) -> list[dict[str, Any]]:
    """Cash, agents, above standard, notice too short: each line with its cell and its voucher number."""
    words = m.words["audit_lists"]
    lines = {name: [_paid_line(p, m) for p in people] for name, people in spot_checks(m).items()}
    lines |= {name: [_finding_line(f, m) for f in suspicions(m, (rule,))] for name, rule in LISTED_RULES.items()}
    return [
        {
            "name": words[name],
            "lines": found,
            "count": numbers[f"audit.list.{name}"],
            "amount": numbers[f"audit.list_fen.{name}"],
            "ran": bool(found) or LISTED_RULES.get(name, "") in {"", *m.ran},
        }
        for name, found in lines.items()
    ]


def _paid_line(p: Any, m: Material) -> dict[str, str]:
    get = p.row.get
    voucher = str(get("voucher_no") or get("bank_ref") or "")
    paid = get("amount_paid")
    text = figure("", paid, "fen").text if isinstance(paid, int) else ""
    return {
        "unit": m.short_name(p.unit),
        "person": shown(str(get("name") or ""), "name", own=False, m=m),
        "amount": text,
        "source": source_text(p.place.file, p.place.sheet, p.place.cell),
        "link": copy_of(p.unit, p.place.file, m),
        "voucher": voucher,
    }


def _finding_line(f: Finding, m: Material) -> dict[str, str]:
    line = entry(f, m, own=False)
    return {
        "unit": line["unit_name"],
        "person": "",
        "amount": line["value"],
        "source": source_text(f.file, f.sheet, f.cell),
        "link": copy_of(f.unit, f.file, m),
        "voucher": "",
    }


def _verdicts(m: Material, numbers: Numbers) -> list[dict[str, Any]]:
    return [{"word": m.words["coverage"][v], "n": pick(numbers, f"coverage.{v}")} for v in VERDICTS]


def _files(m: Material) -> list[dict[str, str]]:
    return [
        {
            "path": scrubbed(f.arrival.path),
            "unit": m.short_name(f.unit),
            "state": m.words["file_states"].get(f.state, f.state),
            "received": f.arrival.received.isoformat(),
            "sha256": f.arrival.sha256,
        }
        for f in m.filed
    ]


def _repairs(m: Material) -> list[dict[str, Any]]:
    tally = Counter(f.rule for f in m.open if m.cure(f) == "A")
    return [
        {
            "rule": rule,
            "title": m.book.rules[rule].title or m.book.rules[rule].message if rule in m.book.rules else rule,
            "n": n,
        }
        for rule, n in sorted(tally.items())
    ]
