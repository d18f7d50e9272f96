"""Two known persons in; what agrees and differs between them and the sum of the weights out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log2

from pipeline.people.forms import Known
from pipeline.people.names import compare_names, one_digit
from pipeline.people.numbers import NumberMatch, compare_numbers
from pipeline.people.tables import Tables

SHARED_COST = 2.0  # bits a telephone or account loses with every doubling of those who share it
LEAST = 0.5


@dataclass(frozen=True, slots=True)
class Evidence:
    """Levels per field ('' = cannot be compared), and the score in bits."""

    number: NumberMatch
    name: str
    born: str
    phone: str
    account: str
    unit: str
    weights: tuple[float, ...]  # number name born phone account unit

    @property
    def score(self) -> float:
        return round(sum(self.weights), 1)

    @property
    def levels(self) -> tuple[str, ...]:
        return self.number.level, self.name, self.born, self.phone, self.account, self.unit


FIELDS = ("number", "name", "born", "phone", "account", "unit")


@dataclass(frozen=True, slots=True)
class Scales:
    """The tables, and how many different people hold each shared telephone and account."""

    tables: Tables
    holders: Mapping[str, int]


def scales(people: Sequence[Known], tables: Tables) -> Scales:
    """Holders are counted as different names, so that one person's many rows count once."""
    seen: dict[str, str] = {}
    several: dict[str, set[str]] = {}
    for k in people:
        for clue in (*k.phones, k.account):
            if clue:
                first = seen.setdefault(clue, k.name.sound)
                if first != k.name.sound:
                    several.setdefault(clue, {first}).add(k.name.sound)
    return Scales(tables, Counter({clue: len(names) for clue, names in several.items()}))


def weigh(a: Known, b: Known, by: Scales) -> Evidence:
    """Symmetric but for who is wrong in `number`."""
    number = compare_numbers(a.number, b.number, a.tail, b.tail)
    name = compare_names(a.name, b.name, by.tables.hanzi)
    born = _born(a.born, b.born)
    phone, shared_phone = _phone(a.phones, b.phones)
    account = _clue(a.account, b.account)
    unit = "same" if a.unit and a.unit == b.unit else ""
    return Evidence(
        number,
        name,
        born,
        phone,
        account,
        unit,
        (
            weight(by.tables, "number", number.level),
            weight(by.tables, "name", name, min(a.name.bits, b.name.bits)),
            weight(by.tables, "born", born),
            _shared(weight(by.tables, "phone", phone), shared_phone, phone, by),
            _shared(weight(by.tables, "account", account), a.account, account, by),
            weight(by.tables, "unit", unit),
        ),
    )


def weight(tables: Tables, field: str, level: str, bits: float = 0.0) -> float:
    """log2(m/u) of one level; a name's rarity is added where the level speaks of the whole name."""
    if not level:
        return 0.0
    entry = tables.weights[field][level]
    return entry.bits + bits if entry.by_name else entry.bits


def _shared(bits: float, clue: str, level: str, by: Scales) -> float:
    """What many share says little about two of them."""
    many = by.holders.get(clue, 1) if level == "same" else 1
    limit = by.tables.limits["shared"]
    return bits if many <= limit else max(LEAST, bits - SHARED_COST * log2(many / limit))


def _born(a: tuple[str, ...], b: tuple[str, ...]) -> str:
    if not a or not b:
        return ""
    if a[0] == b[0] or not set(a).isdisjoint(b):
        return "same"
    both = [(x, y) for x in a for y in b]
    if any(x[:4] == y[:4] and x[4:6] == y[6:] and x[6:] == y[4:6] for x, y in both):
        return "turned"
    return "digit" if any(one_digit(x, y) for x, y in both) else "other"


def _phone(a: tuple[str, ...], b: tuple[str, ...]) -> tuple[str, str]:
    """(level, the shared number)."""
    if not a or not b:
        return "", ""
    common = next((x for x in sorted(a) if x in b), "")
    if common:
        return "same", common
    return ("digit", "") if len(a) == len(b) == 1 and one_digit(a[0], b[0]) else ("other", "")


def _clue(a: str, b: str) -> str:
    if not a or not b:
        return ""
    return "same" if a == b else "digit" if one_digit(a, b) else "other"
