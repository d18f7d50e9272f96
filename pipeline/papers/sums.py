"""The counted numbers in; equations, bars, funds and district totals as templates print them, out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipeline.papers.counting import DUE, Numbers, both, pick
from pipeline.papers.material import Material
from pipeline.papers.school import LEVEL_OF
from pipeline.render.figures import Fig

FILE_STATES = ("adopted", "superseded", "duplicate", "attachment", "ignored", "held", "unreadable")


def equations(m: Material, numbers: Numbers) -> list[dict[str, Any]]:
    """Each: a total, its terms, and whether it closes; `note` instead of terms when it could not be judged."""
    words = m.words
    made = [
        _equation(
            words["received"],
            pick(numbers, "files.received"),
            [(words["file_states"][s], pick(numbers, f"files.{s}")) for s in FILE_STATES],
        )
    ]
    for form in m.book.forms.values():
        if not m.register_present:
            made.append(_unlisted(m, numbers, form.name))
            continue
        terms = [(words["states"][s], pick(numbers, f"states.{form.name}.{s}")) for s in DUE]
        apart = [(words["states"][s], pick(numbers, f"states.{form.name}.{s}")) for s in ("exempt", "not_due")]
        title = words["equations"]["form"].format(form=form.name, title=words["equations"]["due"])
        equation = _equation(title, pick(numbers, f"due.{form.name}"), terms, [a for a in apart if a[1].value])
        units = pick(numbers, "units").value
        equation["closes"] = equation["closes"] and equation["total"].value + sum(n.value for _, n in apart) == units
        made.append(equation)
    return [*made, _money_equation(m, numbers)]


def _unlisted(m: Material, numbers: Numbers, form: str) -> dict[str, Any]:
    """Without R1 nobody knows who owes a form: what came is counted, who is missing is not."""
    words = m.words["equations"]
    terms = [(s, pick(numbers, f"states.{form}.{s}")) for s in DUE if s not in {"missing", "overdue"}]
    return {
        "title": words["form"].format(form=form, title=words["due"]),
        "total": "",
        "terms": [{"label": m.words["states"][s], "n": n} for s, n in terms],
        "apart": [],
        "closes": True,
        "note": words["no_roster"],
    }


def _equation(
    title: str, total: Fig, terms: Sequence[tuple[str, Fig]], apart: Sequence[tuple[str, Fig]] = ()
) -> dict[str, Any]:
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
        terms = [
            {"label": m.words["states"][k], "n": sides[s]} for s, k in (("accepted", "passed"), ("pending", "pending"))
        ]
        return {
            "title": words["money"],
            "total": "",
            "terms": terms,
            "apart": [],
            "closes": True,
            "note": words["no_register"],
        }
    total = numbers["money.donations"]
    terms_of = [
        (words["arrived"], numbers["money.arrived"]),
        (words["not_arrived"], numbers["money.not_arrived"]),
        (words["difference"], numbers["money.difference"]),
    ]
    return _equation(words["money"], total, terms_of)


def bars(m: Material, numbers: Numbers) -> list[dict[str, Any]]:
    """States per form as shares of a bar, for the inline chart and the table beside it."""
    made = []
    for form in m.book.forms.values():
        known = [s for s in (*DUE, "not_due", "exempt") if m.register_present or s not in {"missing", "overdue"}]
        parts = [(s, pick(numbers, f"states.{form.name}.{s}")) for s in known]
        whole = sum(n.value for _, n in parts) or 1
        x, shares = 0.0, []
        for state, n in parts:
            if n.value:
                width = round(100 * n.value / whole, 2)
                shares.append(
                    {
                        "state": state,
                        "word": m.words["states"][state],
                        "n": n,
                        "x": round(x, 2),
                        "width": width,
                        "level": LEVEL_OF[state],
                    }
                )
                x += width
        made.append({"form": form.name, "title": form.title, "parts": shares})
    return made


def funds(m: Material, numbers: Numbers) -> list[dict[str, Any]]:
    """Paid amounts by fund, in the order of the code list."""
    prefix = "amount_fen.F3."
    keys = [k for k in m.district.figures if k.startswith(prefix) and k != f"{prefix}total"]
    listed = m.book.codes["K10"].values if "K10" in m.book.codes else ()
    keys.sort(key=lambda k: (listed.index(k[len(prefix) :]) if k[len(prefix) :] in listed else len(listed), k))
    rows: list[dict[str, Any]] = []
    for k in keys:
        name = k[len(prefix) :]
        rows.append({"key": k, "name": m.words["fund_missing"] if name == "-" else name, **both(numbers, k)})
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
