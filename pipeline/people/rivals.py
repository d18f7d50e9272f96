"""Judged pairs in; the same pairs out after looking at what stands beside them.

Two corrections no single pair can show. A number exchanged with the neighbouring row: the neighbour bears the name that
belongs to the number. A better partner: a row cannot be two people whose own valid numbers prove them different.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pipeline.model.linked import HINT, LIKELY
from pipeline.people.evidence import FIELDS, Evidence, Scales, weigh, weight
from pipeline.people.forms import Known
from pipeline.people.ladder import ONE_PERSON, ONE_SLIP, Verdict, judge
from pipeline.people.names import compare_names
from pipeline.people.numbers import FULL, NumberMatch, compare_numbers

EXCHANGED, ABSORBED = "exchanged", "absorbed"
OWN = ("same", *ONE_SLIP)
REACH = 2  # Excel rows: a blank one may stand between neighbours
BEARS = (*ONE_PERSON, "short")
Spot = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Judged:
    a: Known
    b: Known
    evidence: Evidence
    verdict: Verdict

    @property
    def at(self) -> Spot:
        return self.a.at, self.b.at


Pairs = dict[Spot, Judged]


# -- exchanged with the neighbouring row ------------------------------------------------------------


def undo_exchanges(pairs: Pairs, people: Sequence[Known], by: Scales) -> Pairs:
    """A number under a different name, where the row above or below bears the name: the neighbours were exchanged.

    Everything is proposed on the pairs as they came and settled together, so that no order of looking matters: an odd
    pair is explained as a number that moved where anything says so, else as a name that moved.
    """
    odd = [p for p in pairs.values() if p.evidence.number.level in OWN and p.evidence.name not in ONE_PERSON]
    beside = _neighbours(people, {k.person.sheet for p in odd for k in (p.a, p.b)} - {""}) if odd else {}
    numbers: dict[Spot, set[int]] = defaultdict(set)  # the true pair -> whose number was exchanged
    explained: dict[Spot, set[Spot]] = defaultdict(set)  # an odd pair -> the true pairs that explain it
    names: dict[Spot, set[Spot]] = defaultdict(set)  # an odd pair that is true -> what is said instead of it
    for pair in odd:
        for row, other in ((pair.a, pair.b), (pair.b, pair.a)):
            for at in beside.get(row.at, ()):
                neighbour = people[at]
                if at == other.at or compare_names(neighbour.name, other.name, by.tables.hanzi) not in BEARS:
                    continue
                spot = min(at, other.at), max(at, other.at)
                if _number_moved(pair, row, neighbour, other, by):
                    numbers[spot].add(at)
                    explained[pair.at].add(spot)
                else:
                    names[pair.at].add(spot)
    found = dict(pairs)
    for spot, movers in sorted(numbers.items()):
        _put(_number_exchanged(people[spot[0]], people[spot[1]], movers, by), found)
    for spot in sorted(names.keys() - explained.keys()):
        _put(_name_exchanged(pairs[spot], by), found)
    gone = {*explained, *(other for spot in names.keys() - explained.keys() for other in names[spot])}
    for spot in gone - numbers.keys() - (names.keys() - explained.keys()):
        found.pop(spot, None)
    return found


def _put(pair: Judged | None, found: Pairs) -> None:
    if pair:
        found[pair.at] = pair


def _neighbours(people: Sequence[Known], sheets: set[str]) -> Mapping[int, tuple[int, ...]]:
    """Row -> the rows just above and below it in its sheet. Several on one Excel row have no neighbours."""
    rows: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for k in people:
        if k.person.sheet in sheets:
            rows[k.person.sheet][k.person.row].append(k.at)
    found: dict[int, tuple[int, ...]] = {}
    for inside in rows.values():
        for (above, i), (below, j) in pairwise(sorted(inside.items())):
            if below - above <= REACH and len(i) == len(j) == 1:
                found[i[0]] = (*found.get(i[0], ()), j[0])
                found[j[0]] = (*found.get(j[0], ()), i[0])
    return found


def _number_moved(pair: Judged, row: Known, neighbour: Known, other: Known, by: Scales) -> bool:
    """`row` bears the number of `other`, `neighbour` the name: what else a row says tells which of the two moved."""
    moved = weigh(neighbour, other, by)
    return _rest(moved, neighbour, other, by) >= _rest(pair.evidence, row, other, by)


def _number_exchanged(a: Known, b: Known, movers: set[int], by: Scales) -> Judged | None:
    """Neighbours in both sheets: one of the two numbers is exchanged, nobody can say which."""
    wrong = "unproven" if len(movers) > 1 else "a" if a.at in movers else "b"
    row, other = (a, b) if a.at in movers else (b, a)
    born = _born(row, other) if len(movers) == 1 else ""
    evidence = _with(weigh(a, b, by), by, number=NumberMatch(EXCHANGED, (), FULL, wrong), born=born)
    verdict = judge(evidence, a, b, by.tables)
    return Judged(a, b, evidence, replace(verdict, note=EXCHANGED)) if verdict else None


def _name_exchanged(pair: Judged, by: Scales) -> Judged | None:
    evidence = _with(pair.evidence, by, name=EXCHANGED)
    verdict = judge(evidence, pair.a, pair.b, by.tables)
    return Judged(pair.a, pair.b, evidence, Verdict("M1", verdict.grade, EXCHANGED)) if verdict else None


def _born(row: Known, other: Known) -> str:
    """A birth date of the row only where it stands apart from its number, which is in question."""
    return ("same" if row.apart in other.born else "other") if row.apart and other.born else ""


def _rest(e: Evidence, row: Known, other: Known, by: Scales) -> float:
    """The weight of what is neither name nor number; a telephone that is blank or changed tells nothing here."""
    return weight(by.tables, "born", _born(row, other)) + sum(max(bits, 0.0) for bits in e.weights[3:5])


def _with(e: Evidence, by: Scales, **levels: NumberMatch | str) -> Evidence:
    """The same evidence with other levels of number, name or born, and their weights."""
    weights = list(e.weights)
    for field, level in levels.items():
        word = level.level if isinstance(level, NumberMatch) else level
        weights[FIELDS.index(field)] = weight(by.tables, field, word)
    return replace(e, weights=tuple(weights), **levels)  # type: ignore[arg-type]


# -- a better partner -------------------------------------------------------------------------------


def prefer_better(pairs: Pairs, margin: float) -> Pairs:
    """Of two partners of a row who are proven different, the one less like it becomes a hint."""
    partners: dict[int, list[tuple[float, Judged]]] = defaultdict(list)
    for pair in pairs.values():
        if pair.verdict.grade != HINT:
            for at in pair.at:
                partners[at].append((pair.evidence.score, pair))
    found = dict(pairs)
    for at, mine in partners.items():
        for score, pair in mine if len(mine) > 1 else ():
            if pair.verdict.grade == LIKELY and any(
                better >= score + margin and _different(_other(rival, at), _other(pair, at)) for better, rival in mine
            ):
                found[pair.at] = replace(pair, verdict=Verdict(pair.verdict.level, HINT, ABSORBED))
    return found


def _other(pair: Judged, at: int) -> Known:
    return pair.b if pair.a.at == at else pair.a


def _different(a: Known, b: Known) -> bool:
    return compare_numbers(a.number, b.number).level == "clash"
