"""What a sample is: its files and its plan of faults, as values; and the plan as it is written beside the sample."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

DISTRICT, DECISIONS = "_district", "_decisions"
Files = dict[str, tuple[bytes, datetime]]


@dataclass(frozen=True, slots=True)
class Planted:
    """One fault and where it must be found. `also`: hints that may stand on the same row beside it."""

    rule: str
    unit: str | None
    file: str | None
    sheet: str | None = None
    cell: str | None = None
    also: tuple[str, ...] = ()

    def told(self) -> dict[str, object]:
        return {
            "rule": self.rule,
            "unit": self.unit,
            "file": self.file,
            "sheet": self.sheet,
            "cell": self.cell,
            "also": list(self.also),
        }


@dataclass(frozen=True, slots=True)
class Sample:
    """`files`: path under inbox/ -> (bytes, when it came). `planted`: every error and warning of its first night."""

    files: Mapping[str, tuple[bytes, datetime]]
    planted: tuple[Planted, ...]
    units: int
    unit_register: str  # the path of R1: while it stands unchanged, the inbox is a sample


def plan_json(sample: Sample, sums: Mapping[str, str]) -> bytes:
    """What lies beside the sample: that it is one, its register of units, its files' sums, and where the faults are."""
    plan = {
        "sample": True,
        "units": sample.units,
        "unit_register": sample.unit_register,
        "planted": [p.told() for p in sample.planted],
        "files": dict(sorted(sums.items())),
    }
    return json.dumps(plan, ensure_ascii=False, indent=1).encode() + b"\n"
