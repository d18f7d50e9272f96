"""Sheets as bags of row marks in; pairs of sheets that say nearly the same out, in time near-linear in the rows.

A mark is what a clerk wrote himself on one row. A sheet with fewer than `least` different marks says too little to be a
copy. A mark on many sheets compares each with the next only, so that what everybody writes costs nothing and a whole
chain of copies is still found link by link.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping
from itertools import combinations, pairwise
from typing import TypeVar

K = TypeVar("K", bound=Hashable)
COMMON = 6


def alike(bags: Mapping[K, Counter[Hashable]], least: int, share: int) -> list[tuple[K, K, int]]:
    """(a, b, per cent of the longer sheet found on the other) of each pair at or above `share` per cent."""
    long = {k: bag for k, bag in bags.items() if len(bag) >= least}
    holders: dict[Hashable, list[K]] = defaultdict(list)
    for k, bag in long.items():
        for mark in bag:
            holders[mark].append(k)
    together: Counter[tuple[K, K]] = Counter()
    for some in holders.values():
        together.update(combinations(some, 2) if len(some) <= COMMON else pairwise(some))
    found = []
    for (a, b), shared in together.items():
        whole = max(long[a].total(), long[b].total())
        same = (long[a] & long[b]).total() if shared >= least else 0
        if same * 100 >= share * whole:
            found.append((a, b, same * 100 // whole))
    return found
