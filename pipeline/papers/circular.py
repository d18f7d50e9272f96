"""The night in; the view of 情况通报 out: units are named for 报送 and 缴款 only (season.md 4)."""

from __future__ import annotations

from typing import Any

from pipeline.papers.counting import DUE, SCHOOLS, Numbers, pick, told_to_schools
from pipeline.papers.grouping import blocks
from pipeline.papers.material import Material
from pipeline.papers.wording import full, head, joined
from pipeline.render.figures import Fig

MAIN = 10  # problems the circular names, those of the most units first


def circular_view(m: Material, numbers: Numbers) -> dict[str, Any]:
    """情况通报: units are named for 报送 and 缴款 only; never persons, ratios or 疑点 (season.md 4)."""
    forms: list[dict[str, Any]] = []
    for form in m.book.forms.values():
        due = pick(numbers, f"due.{form.name}")
        if due.value:
            forms.append(
                {"numeral": m.words["numerals"][len(forms)], **_reported(m, numbers, form.name, form.title, due)}
            )
    problems = sorted(
        blocks(told_to_schools(m), m, own=False, scope=SCHOOLS),
        key=lambda b: (-b["unit_count"].value, -b["count"].value, b["order"]),
    )
    return {
        **head(m),
        "today": full(m.run.as_of, m),
        "unit_count": pick(numbers, "units"),
        "reported": forms,
        "main_problems": problems[:MAIN],
        "work": str(m.words["work"]) if not m.season.title.endswith(str(m.words["work"])) else "",
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
        "any_missing": m.register_present and bool(counts["missing"].value + counts["overdue"].value),
        "any_late": bool(late),
    }


def _next_deadline(m: Material) -> str:
    dates = sorted({s.due for s in m.season.stages if s.due >= m.run.as_of})
    return full(dates[0], m) if dates else ""
