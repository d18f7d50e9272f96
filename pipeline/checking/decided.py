"""The 综合平衡表 (or, where a season keeps it there, the applications) in; what was decided for whom, unit by unit, out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from pipeline.checking.known import PEOPLE, Who, who
from pipeline.checking.subjects import World
from pipeline.model import Place, Row


@dataclass(frozen=True, slots=True)
class Decided:
    """One decided grant; `fen` more than nothing. `fund` '' where the sheet leaves it open."""

    who: Who
    aid: str
    fund: str
    fen: int
    place: Place


def decided(world: World) -> Mapping[str, Sequence[Decided]]:
    """Unit -> its decided grants, equal ones (person, project, fund) added up."""
    return world.once("decided", lambda: _decided(world))


def _decided(world: World) -> Mapping[str, Sequence[Decided]]:
    found: dict[str, list[Decided]] = defaultdict(list)
    for row, place in zip_longest(world.office.approvals, world.office.approval_sources, fillvalue=Place()):
        if not isinstance(row, Row) or not isinstance(place, Place):
            continue
        if row.get("amount_approved") and row.get("unit_code"):
            fund, aid = str(row.get("fund") or ""), str(row.get("aid_type") or "")
            found[str(row.get("unit_code"))].append(Decided(who(row), aid, fund, row.get("amount_approved"), place))
    by_sheet = frozenset(found)
    for s in world.subjects(*PEOPLE):
        if s.get("amount_approved") and s.sheet.unit not in by_sheet:
            fund, aid = str(s.get("fund") or ""), str(s.get("aid_type") or "")
            found[s.sheet.unit].append(Decided(who(s), aid, fund, s.get("amount_approved"), s.place("amount_approved")))
    return {unit: _summed(grants) for unit, grants in found.items()}


def _summed(grants: Sequence[Decided]) -> Sequence[Decided]:
    sums: dict[tuple[str, str, str, str], Decided] = {}
    for g in grants:
        key = (g.who.name, g.who.tail, g.aid, g.fund)
        before = sums.get(key)
        sums[key] = Decided(g.who, g.aid, g.fund, g.fen + (before.fen if before else 0), before.place if before else g.place)  # fmt: skip
    return list(sums.values())
