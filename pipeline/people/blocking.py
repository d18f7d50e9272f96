"""People in; the pairs worth comparing out, found by what two rows share, so that a common name alone brings none.

Every clue is a key and every key a small group: the cost grows with the number of people, not with its square. Most
clues matter only where at least one of two numbers is missing, lost or wrong, for two proven numbers that differ are
two people; those clues are laid out for the few doubtful rows and every row looks itself up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise

from pipeline.people.forms import Known
from pipeline.people.numbers import GONE, LOST, PROVEN, WRONG, NumberForm

STEM = 17
CUT = 14  # leading digits a spreadsheet surely keeps
Keys = Callable[[Known], Iterable[str]]


@dataclass(slots=True)
class Found:
    """Pairs as i * n + j with i < j; clues too common to compare all who share them."""

    people: Sequence[Known]
    block: int
    subjects: frozenset[str] | None
    pairs: set[int] = field(default_factory=set)
    crowded: dict[str, int] = field(default_factory=dict)

    def add(self, i: int, j: int) -> None:
        if i == j:
            return
        if self.subjects is not None and not (self._subject(i) or self._subject(j)):
            return
        n = len(self.people)
        self.pairs.add(i * n + j if i < j else j * n + i)

    def _subject(self, at: int) -> bool:
        return self.subjects is not None and self.people[at].person.kind in self.subjects

    def each(self) -> Iterator[tuple[Known, Known]]:
        """The pairs in order, so that nothing depends on how they were found."""
        n = len(self.people)
        for code in sorted(self.pairs):
            i, j = divmod(code, n)
            yield self.people[i], self.people[j]


def candidates(people: Sequence[Known], block: int, rare: int, subjects: frozenset[str] | None = None) -> Found:
    """`block`: how many rows may share a clue before it must be joined with a second one. `rare`: how many may bear a
    name for it to say something alone. `subjects`: kinds of which every pair must have at least one side."""
    found = Found(people, block, subjects)
    for rows in groups((k.number.key, k.at) for k in people if k.number.key).values():
        _all_or_chain(rows, found)
    for rows in groups((key, k.at) for k in people for key in _sound_born(k)).values():
        _all_or_chain(rows, found)
    for clue, keys in (("phone", _phones), ("account", _accounts)):
        for key, rows in groups((key, k.at) for k in people for key in keys(k)).items():
            _limited(clue, key, rows, found)
    _probe([k for k in people if not k.number.sure], _lost_head, found)
    doubtful = [k for k in people if k.number.state not in PROVEN]
    if doubtful:
        for key_of in (_sound_tail, _sound_area_year, _surname_born, _born_tail, _unit_name):
            _probe(doubtful, key_of, found)
        _near_numbers(doubtful, found)
        _bare_names([k for k in doubtful if not k.number.state and not k.born], rare, found)
    return found


def groups(keyed: Iterable[tuple[str, int]]) -> Mapping[str, list[int]]:
    """Key -> the rows that share it, only where two do."""
    first: dict[str, int] = {}
    many: dict[str, list[int]] = {}
    for key, at in keyed:
        before = first.setdefault(key, at)
        if before != at:
            rows = many.get(key)
            if rows is None:
                many[key] = [before, at]
            elif rows[-1] != at:
                rows.append(at)
    return many


def _all_or_chain(rows: list[int], found: Found) -> None:
    """All pairs; of a very large group each with its next, which is enough to hold a case together."""
    for i, j in combinations(rows, 2) if len(rows) <= found.block else pairwise(rows):
        found.add(i, j)


def _limited(clue: str, key: str, rows: list[int], found: Found) -> None:
    if len(rows) <= found.block:
        _all_or_chain(rows, found)
        return
    found.crowded[f"{clue} {key}"] = len(rows)
    for second in (_sounds, _borns):
        narrower = groups((word, at) for at in rows for word in second(found.people[at]))
        for few in narrower.values():
            _all_or_chain(few, found)


# -- clues ------------------------------------------------------------------------------------------


def _sound_born(k: Known) -> Iterable[str]:
    """Day and month in either order."""
    return [f"{k.name.sound}{b[:4]}{min(b[4:6], b[6:])}{max(b[4:6], b[6:])}" for b in k.born] if k.name.sound else ()


def _phones(k: Known) -> Iterable[str]:
    return k.phones


def _accounts(k: Known) -> Iterable[str]:
    return (k.account,) if k.account else ()


def _sounds(k: Known) -> Iterable[str]:
    return (k.name.sound,) if k.name.sound else ()


def _borns(k: Known) -> Iterable[str]:
    return k.born


def _sound_tail(k: Known) -> Iterable[str]:
    return (k.name.sound + k.tail,) if k.tail and k.name.sound else ()


def _sound_area_year(k: Known) -> Iterable[str]:
    head = k.number.digits[:10]
    return (k.name.sound + head,) if head and GONE not in head and k.name.sound else ()


def _surname_born(k: Known) -> Iterable[str]:
    return [k.name.fold[: k.name.surname] + b for b in k.born] if k.name.fold else ()


def _born_tail(k: Known) -> Iterable[str]:
    return [b + k.tail for b in k.born] if k.tail else ()


def _lost_head(k: Known) -> Iterable[str]:
    head = (k.number.digits or k.number.key)[:CUT]
    return (head,) if head and GONE not in head else ()


def _unit_name(k: Known) -> Iterable[str]:
    return (f"{k.unit} {k.name.sound}",) if k.unit and k.name.sound else ()


def _probe(doubtful: Sequence[Known], key_of: Keys, found: Found) -> None:
    index: dict[str, list[int]] = defaultdict(list)
    for k in doubtful:
        if key_of is not _lost_head or k.number.state != WRONG or not k.number.digits:
            for key in key_of(k):
                index[key].append(k.at)
    for key, rows in list(index.items()):
        if len(rows) > found.block:
            found.crowded[f"{key_of.__name__.strip('_')} {key}"] = len(rows)
            del index[key]
    if not index:
        return
    for k in found.people:
        for key in key_of(k):
            for at in index.get(key, ()):
                found.add(k.at, at)


# -- numbers one slip apart -------------------------------------------------------------------------


def _near_numbers(doubtful: Sequence[Known], found: Found) -> None:
    """One digit, one swap of neighbours, the check digit, or day and month: looked up by the first seventeen digits."""
    wanted: dict[str, list[int]] = defaultdict(list)
    for k in doubtful:
        if k.number.digits and k.number.state != LOST:
            for stem in slips(k.number):
                wanted[stem].append(k.at)
    if not wanted:
        return
    for k in found.people:
        digits = k.number.digits
        if digits and k.number.state != LOST:
            rows = wanted.get(digits[:STEM], ())
            for at in rows if len(rows) <= found.block else ():
                found.add(k.at, at)


def slips(number: NumberForm) -> set[str]:
    """The seventeen digits, and all one slip away."""
    stem = number.digits[:STEM]
    near = {stem, stem[:10] + stem[12:14] + stem[10:12] + stem[14:]}
    for i, sign in enumerate(stem):
        before, after = stem[:i], stem[i + 1 :]
        near.update(before + digit + after for digit in "0123456789" if digit != sign)
        if i + 1 < STEM and sign != stem[i + 1]:
            near.add(before + stem[i + 1] + sign + stem[i + 2 :])
    return near


def _bare_names(bare: Sequence[Known], rare: int, found: Found) -> None:
    """A name alone, where nothing else is known of one side and few bear it (never more than a hint)."""
    holders: dict[str, list[int]] = {k.name.fold: [] for k in bare if k.name.fold}
    if not holders:
        return
    for k in found.people:
        rows = holders.get(k.name.fold)
        if rows is not None and len(rows) <= rare:
            rows.append(k.at)
    nameless = {k.at for k in bare}
    for rows in holders.values():
        for i, j in combinations(rows, 2) if len(rows) <= rare else ():
            if i in nameless or j in nameless:
                found.add(i, j)
