"""A form's state, its deadline and the day in; the message that asks a school for it, ready to send, out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

SAME = {"overdue": "missing"}  # one silence, before its deadline and after


def reminder(words: Mapping[str, Any], state: str, unit: str, forms: str, due: date | None, as_of: date) -> str:
    """`words`: schemas/words/papers.yaml; `state`: our key of the state (missing overdue unreadable wrong_form returned
    partly); '' for a state nobody is reminded of. Says whether the deadline is ahead, today or behind."""
    told = words["reminders"].get(SAME.get(state, state))
    if told is None:
        return ""
    phase = "ahead" if due is None or as_of < due else "today" if as_of == due else "behind"
    day = str(words["dates"]["day"]).format(y=due.year, m=due.month, d=due.day) if due else ""
    return str(told[phase]).format(unit=unit, forms=forms, deadline=day)
