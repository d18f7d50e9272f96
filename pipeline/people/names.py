"""A person's name as written in; its forms for comparing out, and how two such names agree.

The stored name is never changed: simplified forms, readings and shapes live in comparison keys only (domain.md C1).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log2

from pipeline.cells.lexicon import Lexicon
from pipeline.cells.names import NOTE
from pipeline.cells.text import name_key
from pipeline.people.tables import (
    DOUBLE_GIVEN,
    SINGLE_GIVEN,
    UNLISTED_GIVEN,
    UNLISTED_SURNAME,
    Hanzi,
)

# sounds people confuse: n and ng, flat and curled tongue, l and n, f and h
LOOSE = (
    ("huang", "wang"),
    ("zh", "z"),
    ("ch", "c"),
    ("sh", "s"),
    ("ing", "in"),
    ("eng", "en"),
    ("ang", "an"),
    ("iong", "ong"),
)


@dataclass(frozen=True, slots=True)
class NameForm:
    """`key`: bare name, NFKC, one dot. `fold`: simplified, variants unified, no dot. `sound`: toneless syllables.

    `surname`: its length in `fold`. `bits`: log2 of how many people share one such name with nobody else. `aside`:
    title or note split off.
    """

    key: str = ""
    fold: str = ""
    sound: str = ""
    surname: int = 1
    bits: float = 0.0
    aside: str = ""


NAMELESS = NameForm()


def name_form(raw: str, hanzi: Hanzi, lexicon: Lexicon, limits: tuple[float, float]) -> NameForm:
    """`limits`: the fewest and the most bits a name may be worth."""
    whole = name_key(raw)
    if not whole or whole in lexicon.no_names:
        return NAMELESS
    key = _bare(whole, lexicon)
    fold = key.translate(hanzi.fold)
    if not fold:
        return NAMELESS
    surname = 2 if len(fold) > 2 and fold[:2] in hanzi.compound else 1
    bits = min(max(_bits(fold, surname, hanzi), limits[0]), limits[1])
    return NameForm(key, fold, _sound(fold, surname, hanzi), surname, bits, whole[len(key) :] if key != whole else "")


def _bare(whole: str, lexicon: Lexicon) -> str:
    """Without brackets, numbers and titles, as long as a name is left."""
    bare = NOTE.sub("", whole).strip("\u00b7") or whole
    title = lexicon.titles.search(bare)
    while title and title.start() > 1:
        bare = bare[: title.start()]
        title = lexicon.titles.search(bare)
    return bare


def _sound(fold: str, surname: int, hanzi: Hanzi) -> str:
    reading = hanzi.reading
    first = fold[:surname]
    head = hanzi.surname.get(first) or " ".join(reading.get(c, c) for c in first)
    return " ".join((head, *(reading.get(c, c) for c in fold[surname:])))


def _bits(fold: str, surname: int, hanzi: Hanzi) -> float:
    share = hanzi.surname_share.get(fold[:surname], UNLISTED_SURNAME)
    given = fold[surname:]
    share *= SINGLE_GIVEN if len(given) == 1 else DOUBLE_GIVEN
    for char in given:
        share *= hanzi.given_share.get(char, UNLISTED_GIVEN)
    return -log2(share)


# -- comparing --------------------------------------------------------------------------------------


def compare_names(a: NameForm, b: NameForm, hanzi: Hanzi) -> str:
    """The level of agreement (words parts.name), '' where a name is missing. Symmetric."""
    if a.key == b.key:
        return "same" if a.key else ""
    if not a.key or not b.key:
        return ""
    if a.fold == b.fold:
        return "variant"
    if len(a.fold) == len(b.fold):
        return _equal_length(a, b, hanzi)
    long, short = (a, b) if len(a.fold) > len(b.fold) else (b, a)
    if a.fold[0] == b.fold[0] and len(short.fold) > 1 and _within(short.fold, long.fold):
        return "short"
    return _family(a, b)


def _equal_length(a: NameForm, b: NameForm, hanzi: Hanzi) -> str:
    if a.sound == b.sound:
        return "sound"
    how = {_likeness(x, y, hanzi) for x, y in zip(a.fold, b.fold, strict=True) if x != y}
    if "" not in how:
        return "sound" if how == {"sound"} else "shape" if how == {"shape"} else "near" if "near" in how else "mixed"
    if sorted(a.fold) == sorted(b.fold):
        return "turned"
    wrong = sum(x != y for x, y in zip(a.fold, b.fold, strict=True))
    return "one" if wrong == 1 and len(a.fold) > 2 and a.fold[0] == b.fold[0] else _family(a, b)


def _likeness(x: str, y: str, hanzi: Hanzi) -> str:
    one, other = _readings(x, hanzi), _readings(y, hanzi)
    if one & other:
        return "sound"
    if y in hanzi.alike.get(x, ""):
        return "shape"
    return "near" if {_loose(s) for s in one} & {_loose(s) for s in other} else ""


def _readings(char: str, hanzi: Hanzi) -> frozenset[str]:
    return hanzi.others.get(char) or frozenset((hanzi.reading.get(char, char),))


def _loose(sound: str) -> str:
    for old, new in LOOSE:
        if sound.startswith(old) or sound.endswith(old):
            sound = sound.replace(old, new)
    return {"l": "n", "f": "h"}.get(sound[0], sound[0]) + sound[1:]


def _within(short: str, long: str) -> bool:
    signs = iter(long)
    return all(char in signs for char in short)


def _family(a: NameForm, b: NameForm) -> str:
    return "surname" if a.fold[: a.surname] == b.fold[: b.surname] else "other"


def differing(a: str, b: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Which signs of two texts to mark: position by position at equal length, else what the common ends leave."""
    if len(a) == len(b):
        at = tuple(i for i, (x, y) in enumerate(zip(a, b, strict=True)) if x != y)
        return at, at
    head = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    tail = 0
    while tail < min(len(a), len(b)) - head and a[-1 - tail] == b[-1 - tail]:
        tail += 1
    return tuple(range(head, len(a) - tail)), tuple(range(head, len(b) - tail))


def swapped(a: str, b: str) -> int | None:
    """Where two texts of one length differ only by an exchange of neighbours: the first place, else None."""
    at = [i for i, (x, y) in enumerate(zip(a, b, strict=True)) if x != y]
    fits = len(at) == 2 and at[1] == at[0] + 1 and a[at[0]] == b[at[1]] and a[at[1]] == b[at[0]]
    return at[0] if fits else None


def one_digit(a: str, b: str) -> bool:
    """Texts of one length that differ in one sign or in the order of two neighbours."""
    if len(a) != len(b):
        return False
    return sum(x != y for x, y in zip(a, b, strict=True)) == 1 or swapped(a, b) is not None


__all__ = ["NAMELESS", "NameForm", "compare_names", "differing", "name_form", "one_digit", "swapped"]
