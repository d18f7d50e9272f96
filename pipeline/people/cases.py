"""Pairs in; cases out: rows that hang together, each one thing to decide."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from pipeline.model.linked import GRADES, HINT, Case, Pair


def rank(pair: Pair) -> tuple[int, float, tuple[str, str]]:
    """The surest first, then the highest score, then by key."""
    return GRADES.index(pair.grade), -pair.score, pair.keys


def cases(pairs: Sequence[Pair]) -> tuple[Case, ...]:
    """Rows that hang together. A hint joins no two cases: it is shown in the one that has both its rows, else apart."""
    firm = [p for p in pairs if p.grade != HINT]
    root = components(firm)
    inside: list[Pair] = []
    loose: list[Pair] = []
    for pair in (p for p in pairs if p.grade == HINT):
        a, b = (root.get(key) for key in pair.keys)
        (inside if a is not None and a == b else loose).append(pair)
    return tuple(
        sorted((*_collect([*firm, *inside], root), *_collect(loose, components(loose))), key=lambda c: c.people)
    )


def components(pairs: Iterable[Pair]) -> dict[str, str]:
    """Key -> the key its case goes by (union-find with path halving; the smaller key leads)."""
    root: dict[str, str] = {}

    def top(key: str) -> str:
        root.setdefault(key, key)
        while root[key] != key:
            root[key] = root[root[key]]
            key = root[key]
        return key

    for pair in pairs:
        a, b = map(top, pair.keys)
        if a != b:
            root[max(a, b)] = min(a, b)
    return {key: top(key) for key in list(root)}


def _collect(pairs: Iterable[Pair], root: dict[str, str]) -> list[Case]:
    mine: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        mine[root[pair.a.key]].append(pair)
    made = []
    for group in mine.values():
        people = tuple(sorted({key for pair in group for key in pair.keys}))
        grade = min((pair.grade for pair in group), key=GRADES.index)
        made.append(Case(people, tuple(sorted(group, key=rank)), grade))
    return made
