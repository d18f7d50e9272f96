"""Rule kinds over what the office noted in its decision sheets about a school's rows."""

from __future__ import annotations

from pipeline.checking.env import Env
from pipeline.checking.registry import Hit, NotApplicable, kind
from pipeline.checking.subjects import Subject

PHASE = "slips"  # season.toml [phases]: when the paper slips are to be handed in


@kind("slip_delivered_late", facts="day deadline", judges="remit_date")
def slip_delivered_late(s: Subject, env: Env) -> Hit | None:
    """CAL-006: the paper slip of this transfer came after the days for it, by 收单登记. Not noted yet = nothing to judge."""
    sheet, phases = s.sheet, env.world.season.phases
    day = env.world.office.acts.delivered.get((sheet.file, sheet.sha256, sheet.table.sheet, s.row.number))
    if day is None or PHASE not in phases:
        raise NotApplicable("not_noted")
    last = phases[PHASE][1]
    return Hit("remit_date", {"day": day.isoformat(), "deadline": last.isoformat()}) if day > last else None
