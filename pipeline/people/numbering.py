"""Tonight's cases and the numbers earlier nights gave in; a number for each case that stays with it out (contract.md 3, Cases).

A number is given at first sight. Where cases merge the oldest number lives and the others point to it; where one splits,
the part with its oldest member keeps it. A case nobody sees tonight sleeps: it has its number when it comes back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from pipeline.model import EMPTY

Members = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Numbered:
    """`numbers`: one for each group, in order. `cases`: every number ever given and not merged -> its members, the oldest
    first. `merged`: a number -> the number it became part of."""

    numbers: tuple[int, ...] = ()
    cases: Mapping[int, Members] = EMPTY
    merged: Mapping[int, int] = EMPTY


def numbered(groups: Sequence[Set[str]], cases: Mapping[int, Members], merged: Mapping[int, int]) -> Numbered:
    """`groups`: the members of each case of tonight (no member in two), by names that last over nights."""
    home = {member: i for i, group in enumerate(groups) for member in group}
    heirs: dict[int, list[int]] = {}
    for number, members in sorted(cases.items()):
        heir = next((home[m] for m in members if m in home), None)
        if heir is not None:
            heirs.setdefault(heir, []).append(number)
    gone, now = dict(merged), dict(cases)
    top = max([0, *cases, *merged])
    numbers = []
    for i, group in enumerate(groups):
        own = heirs.get(i)
        if own is None:
            top += 1
            own = [top]
        first, *others = own
        before = [m for n in own for m in now.pop(n, ()) if m in group or m not in home]
        now[first] = (*dict.fromkeys(before), *sorted(group - set(before)))
        gone |= dict.fromkeys(others, first)
        numbers.append(first)
    for number, members in list(now.items()):
        if number not in numbers:
            left = tuple(m for m in members if m not in home)
            now[number] = left or members
    return Numbered(tuple(numbers), now, {old: _end(new, gone) for old, new in gone.items()})


def _end(number: int, gone: Mapping[int, int]) -> int:
    while number in gone:
        number = gone[number]
    return number
