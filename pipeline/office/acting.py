"""The decisions in force in; those that change neither file nor finding (late, by phone, slips, payers) looked up by what they
are about, out. Season.md 3, the closed list of kinds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from pipeline.model import Acts, Decision, Finding, Office

LATE, PHONED, SLIP, ARRIVAL = "late", "phone_zero", "slip", "arrival"


def acting(office: Office, kinds: Mapping[str, str], as_of: date) -> Office:
    """`kinds`: our word for a decision -> the office's. One whose 有效期 is over acts no more; a 同意迟报 keeps its day, which
    is what was agreed."""
    of_kind = {word: [d for d in office.decisions if d.kind == kind] for word, kind in kinds.items()}
    acts = Acts(
        late=_by_form(of_kind.get(LATE, ())),
        phoned=_by_form(d for d in of_kind.get(PHONED, ()) if _stands(d, as_of)),
        payers={d.target: d.unit for d in of_kind.get(ARRIVAL, ()) if d.unit and _stands(d, as_of)},
        slips={d.target: d for d in of_kind.get(SLIP, ()) if _stands(d, as_of)},
    )
    return replace(office, acts=acts)


def acting_on(office: Office, findings: Iterable[Finding], kinds: Mapping[str, str]) -> Office:
    """The same where the office named the form by the finding that asks for it; `findings` with their ids."""
    wanted = {d.target: d for d in office.decisions if d.kind in {kinds[LATE], kinds[PHONED]}}
    named = [(wanted[f.id], (f.unit, f.form)) for f in findings if f.id in wanted and f.unit and f.form]
    if not named:
        return office
    late = {spot: d for d, spot in named if d.kind == kinds[LATE]}
    phoned = {spot: d for d, spot in named if d.kind == kinds[PHONED]}
    acts = office.acts
    return replace(office, acts=replace(acts, late={**late, **acts.late}, phoned={**phoned, **acts.phoned}))


def _by_form(decisions: Iterable[Decision]) -> Mapping[tuple[str, str], Decision]:
    return {(d.unit, d.target.upper()): d for d in decisions if d.unit}


def _stands(d: Decision, as_of: date) -> bool:
    return d.until is None or d.until >= as_of
