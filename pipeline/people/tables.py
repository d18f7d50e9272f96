"""In: the words of schemas/words/people.yaml and hanzi.yaml; out: one frozen table of weights, wording and characters.

Strict: a missing, unknown or unreadable item is a WennuanError `people_words` naming file and item.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log2
from typing import Any

from pipeline.cells.lexicon import Lexicon, build_lexicon
from pipeline.model import WennuanError

LEVELS = {
    "number": (
        [
            "same",
            "digit",
            "serial",
            "swap",
            "check",
            "turned",
            "lost",
            "lost_few",
            "cut",
            "lost_near",
            "tail",
            "exchanged",
            "two",
            "three",
            "far",
            "clash",
            "other_kind",
        ]
    ),
    "name": [
        "same",
        "variant",
        "sound",
        "shape",
        "mixed",
        "near",
        "turned",
        "short",
        "exchanged",
        "one",
        "surname",
        "other",
    ],
    "born": ["same", "turned", "digit", "other"],
    "phone": ["same", "digit", "other"],
    "account": ["same", "digit", "other"],
    "unit": ["same"],
}
SECTIONS = [
    "grades",
    "joiner",
    "wrong",
    "same_but",
    "thresholds",
    "limits",
    "parts",
    "notes",
    "relations",
    "unnamed",
    "ties",
    "why",
    "errors",
]
THRESHOLDS = ["sure", "likely", "hint", "margin"]
LIMITS = ["block", "shared", "public", "rare", "rarest_bits", "name_bits"]
TIES = ["spouse", "child", "parent", "member", "child_twice", "account", "public_account", "phone"]
SINGLE_GIVEN, DOUBLE_GIVEN = 0.15, 0.85  # given names of one and of two characters
UNLISTED_SURNAME, UNLISTED_GIVEN = 3e-4, 8e-4
HUNDRED_THOUSAND = 100_000


@dataclass(frozen=True, slots=True)
class Weight:
    """`bits` = log2(m/u); `by_name` adds the rarity of the name at hand."""

    bits: float
    says: str
    by_name: bool = False


@dataclass(frozen=True, eq=False)
class Hanzi:
    """Characters: folding to simplified, readings, look-alikes, how common."""

    fold: Mapping[int, str]
    reading: Mapping[str, str]
    surname: Mapping[str, str]
    others: Mapping[str, frozenset[str]]
    alike: Mapping[str, str]
    surname_share: Mapping[str, float]
    given_share: Mapping[str, float]
    compound: frozenset[str]


@dataclass(frozen=True, eq=False)
class Tables:
    """All that matching needs to know; made once per book by `build_tables`."""

    weights: Mapping[str, Mapping[str, Weight]]
    thresholds: Mapping[str, float]
    limits: Mapping[str, float]
    words: Mapping[str, Any]
    hanzi: Hanzi
    lexicon: Lexicon
    relation: Mapping[str, str]  # the form's word -> spouse | child | parent


def build_tables(words: Mapping[str, Any]) -> Tables:
    """`words`: book.words (uses people, hanzi, lexicon). Raises WennuanError `people_words`."""
    people = _mapping(words, "people", SECTIONS, "people.yaml")
    parts = _mapping(people, "parts", LEVELS, "people.yaml")
    _mapping(people, "ties", TIES, "people.yaml")
    relations = people["relations"]
    return Tables(
        weights={field: _weights(parts, field) for field in LEVELS},
        thresholds=_numbers(people, "thresholds", THRESHOLDS),
        limits=_numbers(people, "limits", LIMITS),
        words=people,
        hanzi=build_hanzi(words["hanzi"]),
        lexicon=build_lexicon(words["lexicon"]),
        relation={word: kind for kind, spellings in relations.items() for word in spellings},
    )


def _mapping(found: Mapping[str, Any], key: str, known: Iterable[str], file: str) -> Mapping[str, Any]:
    value = found.get(key)
    if not isinstance(value, Mapping):
        raise WennuanError("people_words", file=file, item=key)
    for name in set(value) ^ set(known):
        raise WennuanError("people_words", file=file, item=f"{key}.{name}")
    return value


def _numbers(found: Mapping[str, Any], key: str, known: Iterable[str]) -> dict[str, float]:
    return {name: _number(value, f"{key}.{name}") for name, value in _mapping(found, key, known, "people.yaml").items()}


def _number(value: object, item: str) -> float:
    try:
        number = float(str(value))
    except ValueError:
        number = -1.0
    if not 0 < number < float("inf"):
        raise WennuanError("people_words", file="people.yaml", item=item)
    return number


def _weights(parts: Mapping[str, Any], field: str) -> dict[str, Weight]:
    found = _mapping(parts, field, ["title", *LEVELS[field]], "people.yaml")
    made = {}
    for level in LEVELS[field]:
        item, entry = f"parts.{field}.{level}", found[level]
        if not isinstance(entry, Mapping) or set(entry) not in ({"m", "u", "says"}, {"m", "times", "says"}):
            raise WennuanError("people_words", file="people.yaml", item=item)
        chance = _number(entry.get("u", entry.get("times")), item)
        made[level] = Weight(log2(_number(entry["m"], item) / chance), entry["says"], "times" in entry)
    return made


# -- characters -------------------------------------------------------------------------------------


def build_hanzi(words: Mapping[str, Any]) -> Hanzi:
    """The tables of schemas/words/hanzi.yaml."""
    try:
        simple = words["simplified"]
        fold = {ord(a): b for a, b in zip(simple["from"], simple["to"], strict=True)}
        for pair in words["variants"].split():
            fold[ord(pair[0])] = fold.get(ord(pair[1]), pair[1])
        fold = {code: _last(char, fold) for code, char in fold.items()} | {ord("\u00b7"): ""}
        reading = {char: sound for sound, chars in words["readings"].items() for char in chars}
        others: dict[str, set[str]] = defaultdict(set)
        for char, sound in _pairs(words["other_readings"]) + _pairs(words["surname_readings"]):
            others[char] |= {sound, reading.get(char, sound)}
        return Hanzi(
            fold,
            reading,
            dict(_pairs(words["surname_readings"])),
            {char: frozenset(sounds) for char, sounds in others.items()},
            _alike(words["looks"].split(), fold),
            {name: int(n) / HUNDRED_THOUSAND for name, n in _pairs(words["surname_shares"])},
            {char: int(n) / HUNDRED_THOUSAND for char, n in _pairs(words["given_shares"])},
            frozenset(words["compound_surnames"].split()),
        )
    except (KeyError, ValueError, AttributeError, TypeError, IndexError) as error:
        raise WennuanError("people_words", file="hanzi.yaml", item=str(error)) from error


def _pairs(text: str) -> list[tuple[str, str]]:
    return [(left, right) for left, _, right in (item.partition(":") for item in text.split())]


def _last(char: str, fold: Mapping[int, str]) -> str:
    """Where folding ends: a variant of a traditional form leads to the simplified one."""
    seen = {char}
    while ord(char) in fold and fold[ord(char)] not in seen:
        char = fold[ord(char)]
        seen.add(char)
    return char


def _alike(groups: Iterable[str], fold: Mapping[int, str]) -> dict[str, str]:
    """Character -> those taken for it; a group never chains into the next."""
    found: dict[str, set[str]] = defaultdict(set)
    for group in groups:
        for char in group:
            found[fold.get(ord(char), char)] |= {fold.get(ord(c), c) for c in group if c != char}
    return {char: "".join(sorted(set(them) - {char})) for char, them in found.items()}
