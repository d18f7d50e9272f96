"""The whole night in; the view of 总览 out: run line, to-do with phones, three equations, headlines, units, problems."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.book.reminders import reminder
from pipeline.home.schemas import home_words
from pipeline.home.season_publicity import calendar_of, publicity_facts, publicity_of
from pipeline.model import FormState, Unit
from pipeline.papers.counting import LISTED, Numbers, both, listed_open, pick
from pipeline.papers.grouping import PAGE_LIMIT, blocks, entry
from pipeline.papers.material import Material
from pipeline.papers.school import LEVEL_OF
from pipeline.papers.sums import bars, equations, funds, totals_cards
from pipeline.papers.wording import figure, head, joined, ran_note
from pipeline.render.figures import Fig


def office_view(m: Material, numbers: Numbers, absent: Sequence[str]) -> dict[str, Any]:
    """`absent`: names of papers not made because their subject has no data yet."""
    return {
        **head(m),
        "todo": _todo(m, numbers),
        "equations": equations(m, numbers),
        "headline": _headline(m, numbers),
        "last_year": _last_year(m, numbers),
        "flood": [m.words["flood_line"].format(id=rule, n=n) for rule, n in m.flood.items()],
        "calendar": _calendar(m),
        "decisions": _decision_lines(m, numbers),
        "ruled": {name: pick(numbers, f"findings.{name}") for name in ("waived", "explained")},
        "ruled_lines": [entry(f, m, own=False) for f in m.ruled[:PAGE_LIMIT]],
        "not_applicable": _not_applicable(m),
        "absent": [*(m.words["absent_line"].format(name=name) for name in absent), *_not_yet(m)],
        "left_out": left_out_lines(m),
        "forms": [{"form": f.name, "title": f.title} for f in m.book.forms.values()],
        "units": [unit_line(m, numbers, code) for code in m.units],
        "bars": bars(m, numbers),
        "funds": funds(m, numbers),
        "counts": {level: pick(numbers, f"findings.{level}") for level in ("error", "warning", "info")},
        "held_rows": pick(numbers, "held_rows"),
        "waiting_rows": pick(numbers, "waiting_rows"),
        "blocks": blocks(listed_open(m), m, own=False, scope=LISTED),
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
            {"word": m.state_word(s), "level": LEVEL_OF.get(m.state_key(s.state), "info"), "late": s.days_late}
            if s
            else {"word": "", "level": "quiet", "late": 0}
            for s in states.values()
        ],
        "errors": pick(numbers, f"findings.error@{code}"),
        "warnings": pick(numbers, f"findings.warning@{code}"),
        "people": both(numbers, "people.F1", code),
        "quiet": not any(s and s.file for s in states.values()),  # nothing came: a blank, not a nought
        "listed": bool((f1 := states.get("F1")) and m.state_key(f1.state) not in UNHEARD),
    }


UNHEARD = frozenset({"missing", "overdue", "unreadable", "wrong_form", "not_due", "exempt"})


def phone_of(unit: Unit | None) -> str:
    return unit.phone if unit else ""


def _todo(m: Material, numbers: Numbers) -> list[dict[str, Any]]:
    """Five lines; each with a link, 催报 with names and phones. `n` None = could not be judged."""
    words, links, whys = m.words["todo"], dict(m.words["todo_links"]), m.words["todo_unknown"]
    if m.filed_of.get(""):  # their return, their marked copies and how to claim them
        links["unassigned"] = f"../units/{m.folder('')}/"
    chased = chase(m)
    counts: dict[str, Fig | None] = {
        "unassigned": pick(numbers, "todo.unassigned"),
        "desk": pick(numbers, "todo.desk"),
        "send": pick(numbers, "todo.send"),
        "chase": pick(numbers, "todo.chase") if m.register_present else None,
        "money": pick(numbers, "todo.money") if "R4" in m.office.registers else None,
    }
    return [
        {"label": words[k], "n": n, "link": links[k], "people": chased if k == "chase" else [], "why": whys.get(k, "")}
        for k, n in counts.items()
    ]


def chase(m: Material) -> list[dict[str, Any]]:
    """Units with a missing form, overdue first, R1 order: name, phone, what is missing, the text to send. Without R1 nobody
    can say who is missing, and nobody is chased."""
    if not m.register_present:
        return []
    found = []
    for code in m.units:
        missing = [s for s in m.states_of.get(code, ()) if m.state_key(s.state) in {"missing", "overdue"}]
        if missing:
            found.append(_chased(m, code, missing))
    return sorted(found, key=lambda c: not c["overdue"])


def _chased(m: Material, code: str, missing: Sequence[FormState]) -> dict[str, Any]:
    forms = joined([m.book.forms[s.form].title for s in missing], m)
    due = min(s.deadline for s in missing if s.deadline) if any(s.deadline for s in missing) else m.run.as_of
    text = reminder(m.words, "missing", m.unit_name(code), forms, due, m.run.as_of)
    overdue = any(m.state_key(s.state) == "overdue" for s in missing)
    return {
        "code": code,
        "unit": m.short_name(code),
        "phone": phone_of(m.office.unit(code)),
        "forms": forms,
        "overdue": overdue,
        "text": text,
        "due": due,
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
            "note": "",
            "change": _change(people["accepted"], before, "people", "F1"),
        },
        {
            "label": words["money"],
            "unit_of": m.words["units_of"]["fen"],
            **money,
            "note": words["money_note"],
            "change": _change(money["accepted"], before, "aid_fen"),
        },
        *(_suspected(m, numbers, kind) for kind in ("duplicates", "omissions")),
    ]


def _suspected(m: Material, numbers: Numbers, kind: str) -> dict[str, Any]:
    """How many; None where none of the class's rules could be run: a nought would be a guess."""
    rules, n = m.words[f"{kind[:-1]}_rules"], pick(numbers, kind)
    ran = n.value or any(r in m.ran for r in rules)
    words = m.words["headline"]
    note = "；".join(filter(None, (words[f"{kind}_note"], ran_note(m, rules))))
    return {
        "label": words[kind],
        "unit_of": words["places"],
        "accepted": n if ran else None,
        "missing": {} if ran else {"ran": m.words["unknown"]},
        "pending": None,
        "note": note,
        "change": "",
    }


def _change(now: Fig, before: Mapping[str, Any], *path: str) -> str:
    found: Any = before.get("accepted", before)
    for part in path:
        found = found.get(part) if isinstance(found, Mapping) else None
    return _signed(now.value - found, now.measure) if isinstance(found, int) else ""


def _signed(difference: int, measure: str) -> str:
    return "±0" if difference == 0 else ("+" if difference > 0 else "−") + figure("", abs(difference), measure).text


def _last_year(m: Material, numbers: Numbers) -> dict[str, Any]:
    """Last year's figures of the units that have not sent F1, from R3; never a forecast. `why`: why there is none."""
    words = m.words["last_year"]
    if not m.register_present:
        return {"why": words["no_roster"]}
    if "last_year.people" not in numbers:
        return {"why": words["no_register"]}
    return {"why": "", "people": numbers["last_year.people"], "amount": numbers["last_year.amount_fen"]}


def _not_yet(m: Material) -> list[str]:
    """Papers of the contract that no template makes tonight, each with its reason."""
    waits = m.words["waiting_papers"]
    have = {
        "R13": "R13" in m.office.registers,
        "F5": any(f == "F5" and s.file for (_, f), s in m.district.states.items()),
    }
    have["approvals"] = bool(m.office.approvals)
    return [text["ready" if have[need] else "waiting"] for need, text in waits.items()]


def left_out_lines(m: Material) -> list[str]:
    """Marked copies too large for the platform: the office sends them another way."""
    line, limit = m.words["left_out_line"], m.season.oa_max_mb
    return [
        line.format(unit=m.short_name(u), files=joined(list(names), m), limit=limit, folder=m.folder(u))
        for u, names in sorted(m.left_out.items())
        if names
    ]


def _calendar(m: Material) -> list[str]:
    """What the season's dates make impossible; the office mends it in season.toml."""
    found = publicity_of(m.season, calendar_of(m.office.registers.get("R8")))
    return (
        [home_words()["calendar"]["publicity"].format(**publicity_facts(found))] if found and found.impossible else []
    )


def _decision_lines(m: Material, numbers: Numbers) -> list[dict[str, Any]]:
    """What the office must hear about its own decisions: a number between two pieces of a sentence."""
    wanted = [(pick(numbers, f"findings.rule.{rule}"), text) for rule, text in m.words["decision_lines"].items()]
    wanted.append((pick(numbers, "findings.lapsed"), m.words["lapsed_line"]))
    made = []
    for n, text in wanted:
        if n.value:
            before, after = text.split("{n}")
            made.append({"before": before, "n": n, "after": after})
    return made


def _not_applicable(m: Material) -> list[str]:
    """Said once per reason, not once per rule and file; that there was nothing to judge is no news."""
    whys: dict[str, set[str]] = {}
    nothing = m.book.words["checking"]["why"]["nothing"]
    for c in m.coverage:
        if c.verdict == "not_applicable" and c.why not in {"", nothing} and "" in c.subjects:
            whys.setdefault(c.why, set()).add(c.rule)
    return [m.words["not_applicable_line"].format(why=why, n=len(rules)) for why, rules in sorted(whys.items())]
