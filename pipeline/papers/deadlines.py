"""A unit's states in; the next date that matters to it, and how its 回执 says so, out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from pipeline.model import FormState
from pipeline.papers.material import CLOSED, Material
from pipeline.papers.wording import day


def _open_states(m: Material, states: Sequence[FormState]) -> list[FormState]:
    return [
        s
        for s in states
        if s.deadline
        and m.state_key(s.state) not in {"passed", "zero", "exempt", "not_due"}
        and not (m.state_key(s.state) == "partly" and at_the_office(m, s))
    ]


def at_the_office(m: Material, state: FormState) -> bool:
    """Nothing of the form is left for the school to mend: what holds its rows is the office's to decide."""
    mine = (f for f in m.by_unit.get(state.unit, ()) if f.form == state.form and f.status not in CLOSED)
    return not any(m.severity(f) == "error" and m.cure(f) == "R" for f in mine)


def next_due(m: Material, states: Sequence[FormState]) -> date | None:
    """The next date that matters to this unit: the earliest open one still ahead, else the latest one missed. Its 回执 and
    the letter that carries it name the same."""
    dates = sorted({s.deadline for s in _open_states(m, states) if s.deadline})
    return next((d for d in dates if d >= m.run.as_of), dates[-1] if dates else None)


def deadline(m: Material, states: Sequence[FormState]) -> dict[str, Any]:
    words, due = m.words["deadline"], next_due(m, states)
    if due is None:
        return {"text": words["none"], "late": False}
    key = "ahead" if due > m.run.as_of else "today" if due == m.run.as_of else "behind"
    return {"text": words[key].format(day=day(due, m)), "late": key == "behind"}
