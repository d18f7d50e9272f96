"""One unit's part of the night in; a hash of what its papers say out: equal hash, equal papers but for night and run."""

from __future__ import annotations

import hashlib
import json
from datetime import date

from pipeline.papers.counting import for_school
from pipeline.papers.material import Material
from pipeline.papers.wording import ruling, signed_off


def fingerprint(m: Material, unit: str) -> str:
    """Inputs, findings (new -> persisting aside), states and deadline phase (contract.md 1, delivery order)."""
    states = [
        (s.form, s.state, s.file, str(s.received), _phase(m, s.deadline), s.rows, s.held_rows)
        for s in sorted(m.states_of.get(unit, ()), key=lambda s: s.form)
    ]
    sections = for_school(m, unit)
    life = {"new": "open", "persisting": "open", "reopened": "open"}
    found = sorted(
        (f.id, life.get(f.status, f.status), f.number or 0, f.case or 0, f.message, ruling(f, m, own=True))
        for f in (
            *sections.listed,
            *sections.repaired,
            *sections.desk,
            *sections.explained,
            *sections.waived,
            *sections.fixed,
        )
    )
    files = sorted((f.arrival.path, f.arrival.sha256, f.state) for f in m.filed_of.get(unit, ()))
    figures = sorted((key, f.accepted, f.pending) for key, f in m.district.by_unit.get(unit, {}).items())
    said = json.dumps(
        [states, found, files, figures, m.season.title, signed_off(m)],
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _phase(m: Material, deadline: date | None) -> str:
    """Before, on or after the deadline: a return does not change because a day went by."""
    if deadline is None:
        return ""
    return "ahead" if m.run.as_of < deadline else "today" if m.run.as_of == deadline else "behind"
