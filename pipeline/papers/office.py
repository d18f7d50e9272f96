"""The whole night in; the view of 总览 out: run line, to-do with phones, three equations, headlines, units, problems."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.model import FormState, Unit
from pipeline.papers.counting import Numbers, both, pick
from pipeline.papers.grouping import blocks
from pipeline.papers.material import Material
from pipeline.papers.school import LEVEL_OF
from pipeline.papers.sums import bars, equations, funds, totals_cards
from pipeline.papers.wording import day, figure, head, joined
from pipeline.render.figures import Fig


def office_view(m: Material, numbers: Numbers, absent: Sequence[str]) -> dict[str, Any]:
    """`absent`: names of papers not made because their subject has no data yet."""
    return {
        **head(m),
        "todo": _todo(m, numbers),
        "equations": equations(m, numbers),
        "headline": _headline(m, numbers),
        "last_year": _last_year(m),
        "flood": [m.words["flood_line"].format(id=rule, n=n) for rule, n in m.flood.items()],
        "not_applicable": _not_applicable(m),
        "absent": [m.words["absent_line"].format(name=name) for name in absent],
        "forms": [{"form": f.name, "title": f.title} for f in m.book.forms.values()],
        "units": [unit_line(m, numbers, code) for code in m.units],
        "bars": bars(m, numbers),
        "funds": funds(m, numbers),
        "counts": {level: pick(numbers, f"findings.{level}") for level in ("error", "warning", "info")},
        "held_rows": pick(numbers, "held_rows"),
        "blocks": blocks([f for f in m.open if m.cure(f) != "A"], m, own=False),
        "repaired": pick(numbers, "findings.info"),
        "totals": totals_cards(m, numbers),
    }


def unit_line(m: Material, numbers: Numbers, code: str) -> dict[str, Any]:
    """One row of R1: its states per form, its counts, its phone, a link to its return."""
    unit = m.office.unit(code)
    states = {form: m.district.states.get((code, form)) for form in m.book.forms}
    return {
        "code": code,
        "name": m.unit_name(code),
        "short": m.short_name(code),
        "phone": phone_of(unit),
        "link": f"../units/{m.folder(code)}/",
        "states": [
            {"word": s.state, "level": LEVEL_OF.get(m.state_key(s.state), "info"), "late": s.days_late}
            if s
            else {"word": "", "level": "quiet", "late": 0}
            for s in states.values()
        ],
        "errors": pick(numbers, f"findings.error@{code}"),
        "warnings": pick(numbers, f"findings.warning@{code}"),
        "people": both(numbers, "people.F1", code),
    }


def phone_of(unit: Unit | None) -> str:
    return unit.phone if unit else ""


def _todo(m: Material, numbers: Numbers) -> list[dict[str, Any]]:
    """Five lines; each with a link, 催报 with names and phones. `n` None = could not be judged."""
    words, links = m.words["todo"], m.words["todo_links"]
    chased = chase(m)
    counts: dict[str, Fig | None] = {
        "unassigned": pick(numbers, "todo.unassigned"),
        "desk": pick(numbers, "todo.desk"),
        "send": pick(numbers, "todo.send"),
        "chase": pick(numbers, "todo.chase"),
        "money": pick(numbers, "todo.money") if "R4" in m.office.registers else None,
    }
    return [
        {"label": words[k], "n": n, "link": links[k], "people": chased if k == "chase" else []}
        for k, n in counts.items()
    ]


def chase(m: Material) -> list[dict[str, Any]]:
    """Units with a missing form, overdue first, R1 order: name, phone, what is missing, the text to send."""
    found = []
    for code in m.units:
        missing = [
            s for (u, _), s in m.district.states.items() if u == code and m.state_key(s.state) in {"missing", "overdue"}
        ]
        if missing:
            found.append(_chased(m, code, missing))
    return sorted(found, key=lambda c: not c["overdue"])


def _chased(m: Material, code: str, missing: Sequence[FormState]) -> dict[str, Any]:
    forms = joined([m.book.forms[s.form].title for s in missing], m)
    due = min(s.deadline for s in missing if s.deadline) if any(s.deadline for s in missing) else m.run.as_of
    text = m.words["chase_text"].format(
        unit=m.unit_name(code), season=m.season.title, forms=forms, deadline=day(due, m)
    )
    overdue = any(m.state_key(s.state) == "overdue" for s in missing)
    return {
        "code": code,
        "unit": m.short_name(code),
        "phone": phone_of(m.office.unit(code)),
        "forms": forms,
        "overdue": overdue,
        "text": text,
        "deadline": day(due, m),
    }


def _headline(m: Material, numbers: Numbers) -> list[dict[str, Any]]:
    """困难教工 people and money, duplicates, omissions; each with the change since the last night."""
    words, before = m.words["headline"], m.past.totals
    people, money = both(numbers, "people.F1"), both(numbers, "aid_fen")
    return [
        {
            "label": words["people"],
            "unit_of": m.words["units_of"]["persons"],
            **people,
            "change": _change(people["accepted"], before, "people", "F1"),
        },
        {
            "label": words["money"],
            "unit_of": m.words["units_of"]["fen"],
            **money,
            "change": _money_change(m, money["accepted"]),
        },
        {
            "label": words["duplicates"],
            "unit_of": "",
            "accepted": pick(numbers, "duplicates"),
            "pending": None,
            "change": "",
        },
        {
            "label": words["omissions"],
            "unit_of": "",
            "accepted": pick(numbers, "omissions"),
            "pending": None,
            "change": "",
        },
    ]


def _change(now: Fig, before: Mapping[str, Any], *path: str) -> str:
    found: Any = before.get("accepted", before)
    for part in path:
        found = found.get(part) if isinstance(found, Mapping) else None
    return _signed(now.value - found, now.measure) if isinstance(found, int) else ""


def _money_change(m: Material, now: Fig) -> str:
    accepted = m.past.totals.get("accepted", {})
    before = accepted.get("approved_fen") or accepted.get("requested_fen") if isinstance(accepted, Mapping) else None
    return _signed(now.value - before, "fen") if isinstance(before, int) else ""


def _signed(difference: int, measure: str) -> str:
    return "±0" if difference == 0 else ("+" if difference > 0 else "−") + figure("", abs(difference), measure).text


def _last_year(m: Material) -> str:
    """Last year's figures of the units that have not sent F1, from R3; never a forecast."""
    register = m.office.registers.get("R3")
    if register is None:
        return str(m.words["last_year_none"])
    silent = {
        u
        for (u, form), s in m.district.states.items()
        if form == "F1" and m.state_key(s.state) in {"missing", "overdue"}
    }
    rows = [
        r
        for r in register.rows
        if r.get("unit_code") in silent
        and str(r.get("season") or r.raw.get("season", "")).find(str(m.season.year - 1)) >= 0
    ]
    amount = sum(a for a in (r.get("amount") for r in rows) if isinstance(a, int))
    people = len({r.get("id_number") or r.get("name") for r in rows})
    return str(m.words["last_year"]).format(people=people, amount=figure("", amount, "fen").text)


def _not_applicable(m: Material) -> list[str]:
    """Said once per reason, not once per rule and file."""
    whys: dict[str, set[str]] = {}
    for c in m.coverage:
        if c.verdict == "not_applicable" and c.why and c.subject == "":
            whys.setdefault(c.why, set()).add(c.rule)
    return [m.words["not_applicable_line"].format(why=why, n=len(rules)) for why, rules in sorted(whys.items())]
