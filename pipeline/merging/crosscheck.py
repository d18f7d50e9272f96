"""A merged district in; MNY-014 findings out when its totals do not equal what the units and the rows add up to.

The second way of counting shares nothing with the first: money from the units' figures and from the sources' own
values, persons from the rows of the person list.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from pipeline.merging.figures import person_key
from pipeline.model import District, Figure, Finding

RULE = "MNY-014"


def crosscheck(district: District) -> list[Finding]:
    """One finding per figure and side that does not close; empty = everything closes to the fen."""
    found = []
    for key, figure in district.figures.items():
        for side in ("accepted", "pending"):
            total = getattr(figure, side)
            should = (
                _people(district, key, side)
                if figure.measure == "persons" and key.startswith("people.")
                else _units(district, key, side)
            )
            if should is not None and total != should:
                found.append(_differs(key, side, total, should))
            for unit, value, parts in _sources(district, key, side):
                if value != parts:
                    found.append(_differs(key, side, value, parts, unit))
    missing = {k for figures in district.by_unit.values() for k in figures} - set(district.figures)
    found += [_differs(key, "accepted", 0, _units(district, key, "accepted")) for key in sorted(missing)]
    return found


def without_sources(district: District) -> District:
    """The figures alone: no paper prints their sources, and they weigh more than everything else of a district."""

    def bare(figures: Mapping[str, Figure]) -> dict[str, Figure]:
        return {key: Figure(f.accepted, f.pending, f.measure) for key, f in figures.items()}

    by_unit = {unit: bare(figures) for unit, figures in district.by_unit.items()}
    return replace(district, figures=bare(district.figures), by_unit=by_unit)


def _units(district: District, key: str, side: str) -> int:
    return sum(getattr(figures[key], side) for figures in district.by_unit.values() if key in figures)


def _people(district: District, key: str, side: str) -> int | None:
    """Distinct persons over the person list; None for sub-counts, which the list does not single out."""
    parts = key.split(".")
    if len(parts) != 2:
        return None
    standing: dict[str, bool] = defaultdict(bool)
    for person in district.people:
        if person.form == parts[1] and (person.form != "F3" or person.row.get("amount_paid")):
            standing[person_key(person.row, person.unit)] |= person.accepted
    return sum(ok == (side == "accepted") for ok in standing.values())


def _sources(district: District, key: str, side: str) -> list[tuple[str, int, int]]:
    """(unit or '' for the district, the figure, the sum of its sources)."""
    everyone: dict[str, Figure] = {"": district.figures[key]}
    everyone |= {unit: figures[key] for unit, figures in district.by_unit.items() if key in figures}
    return [(unit, getattr(f, side), sum(s.value for s in getattr(f, f"{side}_from"))) for unit, f in everyone.items()]


def _differs(key: str, side: str, total: int, should: int, unit: str = "") -> Finding:
    facts = {"key": key, "side": side, "total": str(total), "sum": str(should)}
    return Finding(RULE, unit=unit or None, facts=facts, key=f"{key}|{side}", value=str(total), new_value=str(should))
