"""The whole night in; the views of 总览 and 情况通报 out: run line, to-do with phones, three equations, headlines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.model import FormState, Unit
from pipeline.papers.counting import DUE, Numbers, both, pick
from pipeline.papers.grouping import blocks
from pipeline.papers.material import Material
from pipeline.papers.school import LEVEL_OF
from pipeline.papers.wording import day, figure, full, head, joined
from pipeline.render.figures import Fig

FILE_STATES = ("adopted", "superseded", "duplicate", "attachment", "ignored", "held", "unreadable")


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
        "states": [{"word": s.state, "level": LEVEL_OF.get(m.state_key(s.state), "info"), "late": s.days_late} if s else {"word": "", "level": "quiet", "late": 0} for s in states.values()],
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
    return [{"label": words[k], "n": n, "link": links[k], "people": chased if k == "chase" else []} for k, n in counts.items()]


def chase(m: Material) -> list[dict[str, Any]]:
    """Units with a missing form, overdue first, R1 order: name, phone, what is missing, the text to send."""
    found = []
    for code in m.units:
        missing = [s for (u, _), s in m.district.states.items() if u == code and m.state_key(s.state) in {"missing", "overdue"}]
        if missing:
            found.append(_chased(m, code, missing))
    return sorted(found, key=lambda c: not c["overdue"])


def _chased(m: Material, code: str, missing: Sequence[FormState]) -> dict[str, Any]:
    forms = joined([m.book.forms[s.form].title for s in missing], m)
    due = min(s.deadline for s in missing if s.deadline) if any(s.deadline for s in missing) else m.run.as_of
    text = m.words["chase_text"].format(unit=m.unit_name(code), season=m.season.title, forms=forms, deadline=day(due, m))
    overdue = any(m.state_key(s.state) == "overdue" for s in missing)
    return {"code": code, "unit": m.short_name(code), "phone": phone_of(m.office.unit(code)), "forms": forms, "overdue": overdue, "text": text, "deadline": day(due, m)}


def equations(m: Material, numbers: Numbers) -> list[dict[str, Any]]:
    """Each: a total, its terms, and whether it closes; `note` instead of terms when it could not be judged."""
    words = m.words
    made = [_equation(words["received"], pick(numbers, "files.received"), [(words["file_states"][s], pick(numbers, f"files.{s}")) for s in FILE_STATES])]
    for form in m.book.forms.values():
        terms = [(words["states"][s], pick(numbers, f"states.{form.name}.{s}")) for s in DUE]
        apart = [(words["states"][s], pick(numbers, f"states.{form.name}.{s}")) for s in ("exempt", "not_due")]
        title = words["equations"]["form"].format(form=form.name, title=words["equations"]["due"])
        equation = _equation(title, pick(numbers, f"due.{form.name}"), terms, [a for a in apart if a[1].value])
        units = pick(numbers, "units").value
        equation["closes"] = equation["closes"] and equation["total"].value + sum(n.value for _, n in apart) == units
        made.append(equation)
    return [*made, _money_equation(m, numbers)]


def _equation(title: str, total: Fig, terms: Sequence[tuple[str, Fig]], apart: Sequence[tuple[str, Fig]] = ()) -> dict[str, Any]:
    shown = [{"label": label, "n": n} for label, n in terms]
    return {
        "title": title,
        "total": total,
        "terms": shown,
        "apart": [{"label": label, "n": n} for label, n in apart],
        "closes": total.value == sum(n.value for _, n in terms),
        "note": "",
    }


def _money_equation(m: Material, numbers: Numbers) -> dict[str, Any]:
    words = m.words["equations"]
    sides = both(numbers, "donations_fen.total")
    if "money.donations" not in numbers:
        terms = [{"label": m.words["states"][k], "n": sides[s]} for s, k in (("accepted", "passed"), ("pending", "pending"))]
        return {"title": words["money"], "total": "", "terms": terms, "apart": [], "closes": True, "note": words["no_register"]}
    total = numbers["money.donations"]
    terms_of = [(words["arrived"], numbers["money.arrived"]), (words["not_arrived"], numbers["money.not_arrived"]), (words["difference"], numbers["money.difference"])]
    return _equation(words["money"], total, terms_of)


def _headline(m: Material, numbers: Numbers) -> list[dict[str, Any]]:
    """困难教工 people and money, duplicates, omissions; each with the change since the last night."""
    words, before = m.words["headline"], m.past.totals
    people, money = both(numbers, "people.F1"), both(numbers, "aid_fen")
    return [
        {"label": words["people"], "unit_of": m.words["units_of"]["persons"], **people, "change": _change(people["accepted"], before, "people", "F1")},
        {"label": words["money"], "unit_of": m.words["units_of"]["fen"], **money, "change": _money_change(m, money["accepted"])},
        {"label": words["duplicates"], "unit_of": "", "accepted": pick(numbers, "duplicates"), "pending": None, "change": ""},
        {"label": words["omissions"], "unit_of": "", "accepted": pick(numbers, "omissions"), "pending": None, "change": ""},
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
    silent = {u for (u, form), s in m.district.states.items() if form == "F1" and m.state_key(s.state) in {"missing", "overdue"}}
    rows = [r for r in register.rows if r.get("unit_code") in silent and str(r.get("season") or r.raw.get("season", "")).find(str(m.season.year - 1)) >= 0]
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


def bars(m: Material, numbers: Numbers) -> list[dict[str, Any]]:
    """States per form as shares of a bar, for the inline chart and the table beside it."""
    made = []
    for form in m.book.forms.values():
        parts = [(s, pick(numbers, f"states.{form.name}.{s}")) for s in (*DUE, "not_due", "exempt")]
        whole = sum(n.value for _, n in parts) or 1
        x, shares = 0.0, []
        for state, n in parts:
            if n.value:
                width = round(100 * n.value / whole, 2)
                shares.append({"state": state, "word": m.words["states"][state], "n": n, "x": round(x, 2), "width": width, "level": LEVEL_OF[state]})
                x += width
        made.append({"form": form.name, "title": form.title, "parts": shares})
    return made


def funds(m: Material, numbers: Numbers) -> list[dict[str, Any]]:
    """Paid amounts by fund, in the order of the code list."""
    prefix = "amount_fen.F3."
    keys = [k for k in m.district.figures if k.startswith(prefix) and k != f"{prefix}total"]
    listed = m.book.codes["K10"].values if "K10" in m.book.codes else ()
    keys.sort(key=lambda k: (listed.index(k[len(prefix) :]) if k[len(prefix) :] in listed else len(listed), k))
    rows = [{"key": k, "name": m.words["fund_missing"] if k[len(prefix) :] == "-" else k[len(prefix) :], **both(numbers, k)} for k in keys]
    top = max((r["accepted"].value + r["pending"].value for r in rows), default=0) or 1
    for r in rows:
        r["width"] = round(100 * r["accepted"].value / top, 2)
        r["width_pending"] = round(100 * r["pending"].value / top, 2)
    return rows


def totals_cards(m: Material, numbers: Numbers) -> dict[str, dict[str, Fig]]:
    """The district's figures by name, for templates that print them in running text."""
    names = {"people": "people.F1", "requested": "requested_fen", "approved": "approved_fen", "aid": "aid_fen", "donations": "donations_fen.total",
             "slips": "slips_fen", "paid_people": "people.F3", "paid": "amount_fen.F3.total", "headcount": "headcount", "donors": "donors"}  # fmt: skip
    return {name: both(numbers, key) for name, key in names.items()}


def circular_view(m: Material, numbers: Numbers) -> dict[str, Any]:
    """情况通报: units are named for 报送 and 缴款 only; never persons, ratios or 疑点 (season.md 4)."""
    forms = []
    for form in m.book.forms.values():
        due = pick(numbers, f"due.{form.name}")
        if due.value:
            forms.append({"numeral": m.words["numerals"][len(forms)], **_reported(m, numbers, form.name, form.title, due)})
    schoolish = [f for f in m.open if m.cure(f) == "R" and (not m.rule(f) or m.rule(f).to_school) and f.rule not in m.flood and m.severity(f) != "info"]  # type: ignore[union-attr]
    return {
        **head(m),
        "today": full(m.run.as_of, m),
        "unit_count": pick(numbers, "units"),
        "reported": forms,
        "main_problems": blocks(schoolish, m, own=False)[:15],
        "deadline": _next_deadline(m),
        "registered": "R4" in m.office.registers,
        "bank": {k: pick(numbers, f"money.{k}", "fen") for k in ("arrived", "not_arrived", "difference")},
    }


def _reported(m: Material, numbers: Numbers, form: str, title: str, due: Fig) -> dict[str, Any]:
    def names(*keys: str) -> str:
        codes = [u for (u, f), s in m.district.states.items() if f == form and m.state_key(s.state) in keys]
        return joined([m.short_name(c) for c in codes], m) or m.words["none"]

    late = [u for (u, f), s in m.district.states.items() if f == form and s.late]
    counts = {s: pick(numbers, f"states.{form}.{s}") for s in DUE}
    return {
        "form": form,
        "title": title,
        "due": due,
        "counts": [{"word": m.words["states"][s], "n": n} for s, n in counts.items() if n],
        "missing_names": names("missing", "overdue"),
        "zero_names": names("zero"),
        "late_names": joined([m.short_name(c) for c in late], m) or m.words["none"],
        "any_missing": bool(counts["missing"].value + counts["overdue"].value),
        "any_late": bool(late),
    }


def _next_deadline(m: Material) -> str:
    dates = sorted({s.due for s in m.season.stages if s.due >= m.run.as_of})
    return full(dates[0], m) if dates else ""
