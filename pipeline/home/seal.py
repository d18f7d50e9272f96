"""What a night is in, its seals and its name out (contract.md 1): pure, nothing is read from disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pipeline.home.receive import Inputs
from pipeline.ledger import digest
from pipeline.model import Arrival, Past


@dataclass(frozen=True, slots=True)
class Plan:
    """A night about to happen: known before anything is rendered. `previous` is `N-1:HASH`, or "" on a first night."""

    run: str
    night: int
    as_of: date
    started: datetime
    input_seal: str
    previous_seal: str
    previous_head: str
    listing: str
    program: str
    received: tuple[Arrival, ...] = ()  # what arrived this night

    @property
    def previous(self) -> str:
        return f"{self.night - 1}:{self.previous_head}" if self.previous_head else ""


def plan_night(inputs: Inputs, past: Past, started: datetime, program: str) -> Plan:
    """`started` is aware, in the season's timezone; `program` the version that is running."""
    seal = input_seal(inputs, past.seal, program)
    run = f"{started:%Y%m%dT%H%M%S}-{seal[:8]}"
    new = tuple(a for a in inputs.arrivals if a.new)
    return Plan(run, past.night + 1, inputs.as_of, started, seal, past.seal, past.head, inputs.listing, program, new)


def input_seal(inputs: Inputs, previous_seal: str, program: str) -> str:
    def rows(*areas: str) -> list[list[str]]:
        return sorted([a.path, a.sha256, a.received.isoformat()] for a in inputs.arrivals if a.area in areas)

    return digest({
        "previous": previous_seal,
        "as_of": inputs.as_of.isoformat(),
        "inputs": rows("form", "register"),
        "decisions": rows("decision"),
        "program": program,
        **inputs.digests,
    })  # fmt: skip


def manifest_of(plan: Plan, outputs: Mapping[str, str]) -> dict[str, Any]:
    """manifest.json: every file of the night but itself, and the seal over all of it."""
    manifest = {
        "run": plan.run,
        "night": plan.night,
        "as_of": plan.as_of.isoformat(),
        "input_seal": plan.input_seal,
        "previous": plan.previous,
        "files": dict(sorted(outputs.items())),
    }
    return {**manifest, "seal": manifest_seal(manifest)}


def manifest_seal(manifest: Mapping[str, Any]) -> str:
    return digest({key: value for key, value in manifest.items() if key != "seal"})
