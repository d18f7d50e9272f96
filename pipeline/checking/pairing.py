"""A unit's payment rows beside its applications in; which row is whose, and what keeps the others from being found, out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.checking.known import PAYMENTS, PEOPLE, Who, applicants, who
from pipeline.checking.subjects import Subject, World

SAME, TAIL, NAME, UNSURE = "same", "tail", "name", "unsure"


@dataclass(frozen=True, slots=True)
class Pair:
    """`how`: same = proven; tail = the name is right and the number is not; name = the number is right and the name is not;
    unsure = the payment row names nobody but by his name."""

    how: str
    other: Subject


def pairs(world: World, unit: str) -> Mapping[int, Pair]:
    """id(row of F3) -> its application; absent where the unit's applications know nobody like that."""
    return world.once(f"pairs {unit}", lambda: _pairs(world, unit))


def _pairs(world: World, unit: str) -> Mapping[int, Pair]:
    payments, people = world.subjects(*PAYMENTS, unit), world.subjects(*PEOPLE, unit)
    find = applicants(world)
    found: dict[int, Pair] = {}
    for s in payments:
        w = who(s)
        mine = [o for o in find(w) if o.sheet.unit == unit] if w.sure else []
        if mine:
            alike = next((o for o in mine if w.name and who(o).name == w.name), None)
            found[id(s.row)] = Pair(SAME if alike or not w.name else NAME, alike or mine[0])
    claimed = {_one(who(p.other)) for p in found.values()}
    left = [o for o in people if _one(who(o)) not in claimed]
    _rest(payments, people, left, found)
    return found


def _rest(
    payments: Iterable[Subject], people: Iterable[Subject], left: Sequence[Subject], found: dict[int, Pair]
) -> None:
    """Rows nobody was proven for: somebody of that name, or with those last four signs and that project, whom no row claims."""
    names, tails, anybody = _by(left, "name"), _by(left, "tail"), _by(people, "name")
    for s in payments:
        if id(s.row) in found:
            continue
        w = who(s)
        if not w.sure and w.name in anybody:
            found[id(s.row)] = Pair(UNSURE, anybody[w.name][0])
        elif w.name and names.get(w.name):
            found[id(s.row)] = Pair(TAIL, names[w.name][0])
        elif w.tail:
            alike = [o for o in tails.get(w.tail, ()) if o.get("aid_type") == s.get("aid_type")]
            if len({_one(who(o)) for o in alike}) == 1:
                found[id(s.row)] = Pair(NAME, alike[0])


def _by(people: Iterable[Subject], part: str) -> Mapping[str, Sequence[Subject]]:
    groups: dict[str, list[Subject]] = defaultdict(list)
    for o in people:
        w = who(o)
        key = w.name if part == "name" else w.tail
        if key:
            groups[key].append(o)
    return groups


def _one(w: Who) -> str:
    """A person of one unit: his number, else his name with what stands beside it."""
    return w.number or f"{w.name}+{w.tail}"
