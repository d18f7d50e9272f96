"""A unit in; what the office noted about its forms (by telephone, agreed late, paper slips that came), as one text, out."""

from __future__ import annotations

from pipeline.model import Arrival
from pipeline.papers.material import Material
from pipeline.papers.objects import slips_of
from pipeline.papers.wording import day, joined


def noted(m: Material, code: str) -> str:
    """The notes that still mean something: a telephone call ends with the form, a later day with its coming."""
    words, acts = m.words["noted"], m.office.acts
    said = []
    for state in m.states_of.get(code, ()):
        phoned, late = acts.phoned.get((code, state.form)), acts.late.get((code, state.form))
        if state.phoned and phoned:
            by = f"{phoned.officer}{m.words['list_mark']}" if phoned.officer else ""
            said.append(words["phoned"].format(form=state.form, by=by, on=day(phoned.on, m) if phoned.on else ""))
        elif late:
            until = words["until"].format(day=day(late.until, m)) if late.until else ""
            said.append(words["late"].format(form=state.form, until=until))
    return joined([*said, *_slips(m, code)], m)


def _slips(m: Material, code: str) -> list[str]:
    """How many of the declared transfers have their paper, and when the last one came."""
    files = [f for f in m.filed_of.get(code, ()) if "F2" in f.current]
    days = [when for spot, when in m.office.acts.delivered.items() if any(_is_of(f.arrival, spot) for f in files)]
    if not days:
        return []
    declared = sum(len(slips_of(f)) for f in files)
    return [m.words["noted"]["slips"].format(n=len(days), all=declared, day=day(max(days), m))]


def _is_of(arrival: Arrival, spot: tuple[str, str, str, int]) -> bool:
    return (arrival.path, arrival.sha256) == spot[:2]
