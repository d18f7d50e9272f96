"""Chance and the demo's words in; invented people out: names, numbers that pass every check and belong to nobody."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from pipeline.cells.ids import check_digit, luhn

AREA = "009901"  # no place on any map; only schemas/words/areas.yaml knows it
CARD = "6200990000"
MOBILE = "1990000"
MOBILES = 10_000
STRIDE = 7919  # prime to MOBILES, so that neighbours do not count up
TRIES = 10_000
TWO_SIGNS = 0.2  # share of two-character names


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who does not exist."""

    name: str
    id_number: str
    mobile: str
    card: str
    born: date

    @property
    def tail(self) -> str:
        return self.id_number[-4:]


@dataclass(slots=True)
class Inventor:
    """Invents without repeating itself: no two people share a name, a number, a telephone or a card."""

    chance: Random
    words: Mapping[str, Any]
    taken: set[str] = field(default_factory=set)
    count: int = 0

    def name(self) -> str:
        words = self.words
        for _ in range(TRIES):
            middle = "" if self.chance.random() < TWO_SIGNS else self.chance.choice(words["given"])
            name: str = self.chance.choice(words["surnames"]) + middle + self.chance.choice(words["given_last"])
            if name not in self.taken:
                break
        self.taken.add(name)
        return name

    def person(self, ages: tuple[int, int], on: date) -> Person:
        """Somebody between so many years old on that day."""
        self.count += 1
        days = self.chance.randint(ages[0] * 365 + ages[0] // 4 + 1, ages[1] * 365)
        born = on - timedelta(days=days)
        number = self.fresh(lambda: with_check(f"{AREA}{born:%Y%m%d}{self.chance.randint(1, 998):03d}"))
        mobile = f"{MOBILE}{self.count * STRIDE % MOBILES:04d}"
        card = self.fresh(lambda: with_luhn(f"{CARD}{self.chance.randint(0, 10**8 - 1):08d}"))
        return Person(self.name(), number, mobile, card, born)

    def fresh(self, make: Callable[[], str]) -> str:
        """Something of that make nobody has yet."""
        text = next(t for t in (make() for _ in range(TRIES)) if t not in self.taken)
        self.taken.add(text)
        return text


def with_check(first: str) -> str:
    """Seventeen digits with the eighteenth sign they ask for."""
    return first + check_digit(first)


def with_luhn(first: str) -> str:
    """A card number with its last digit."""
    return next(first + sign for sign in "0123456789" if luhn(first + sign))
