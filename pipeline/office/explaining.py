"""Filed deliveries in; what each school wrote last beside each finding of its return (学校说明), out.

The words come from the archived file every night anew; the ledger keeps a keyed hash of them and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from pipeline.model import Filed

UNHEARD = frozenset({"withdrawn", "ignored", "duplicate"})


@dataclass(frozen=True, slots=True)
class Explained:
    """`on`: the day the words first came; `last`: the newest night a file came that says them."""

    text: str
    on: date
    last: int


def explanations(filed: Iterable[Filed]) -> Mapping[tuple[str, str], Explained]:
    """(unit, finding id) -> Explained. A later file without the sheet, or with the place left blank, takes nothing back."""
    found: dict[tuple[str, str], Explained] = {}
    for f in sorted(
        (f for f in filed if f.unit and f.document.replies), key=lambda f: (f.arrival.night, f.arrival.order)
    ):
        for reply in f.document.replies if f.state not in UNHEARD else ():
            spot = (f.unit or "", reply.finding)
            before = found.get(spot)
            if before is not None and before.text == reply.text:
                found[spot] = replace(before, last=f.arrival.night)
            else:
                found[spot] = Explained(reply.text, f.arrival.received, f.arrival.night)
    return found
