"""The words the cell readers know: the mapping of schemas/words/lexicon.yaml in, one frozen picklable table of words out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pipeline.cells.text import compact

NEVER = re.compile(r"(?!)")


def either(words: Iterable[str]) -> str:
    """An alternation of literal words, the longest first."""
    found = sorted((w for w in words if w), key=len, reverse=True)
    return "|".join(map(re.escape, found)) if found else "(?!)"


@dataclass(frozen=True, eq=False)
class Lexicon:
    """Word tables and the patterns made of them. Equality is identity: it is a heavy value, made once per book."""

    placeholders: frozenset[str] = frozenset()
    ditto: frozenset[str] = frozenset()
    error_values: frozenset[str] = frozenset()
    picture: str = "*"
    signed: frozenset[str] = frozenset()  # say in a signature column that it was signed, and name nobody
    # money and amounts in words
    money: re.Pattern[str] = NEVER  # groups: minus, number, scale, after
    scales: Mapping[str, int] = field(default_factory=dict)
    digits: tuple[str, ...] = tuple("0123456789")
    units: tuple[str, ...] = ("",) * 3
    groups: tuple[str, ...] = ("",) * 2
    yuan: str = ""
    jiao: str = ""
    fen: str = ""
    whole: str = ""
    minus: str = "-"
    word_prefixes: tuple[str, ...] = ()
    accepted: Mapping[int, str] = field(default_factory=dict)  # str.translate tables
    informal: Mapping[int, str] = field(default_factory=dict)
    counts: re.Pattern[str] = NEVER
    measures: Mapping[str, str] = field(default_factory=dict)  # counting word -> what it counts
    # dates
    year_words: tuple[str, ...] = ()
    month_words: tuple[str, ...] = ()
    day_words: tuple[str, ...] = ()
    first_month: tuple[str, ...] = ()
    date_digits: Mapping[int, str] = field(default_factory=dict)
    tens: Mapping[str, int] = field(default_factory=dict)  # sign for ten, twenty, thirty -> number
    date_tail: re.Pattern[str] = NEVER
    # ticks, codes, names
    ticks: Mapping[str, bool] = field(default_factory=dict)
    plain_ticks: frozenset[str] = frozenset()
    boxes: re.Pattern[str] = NEVER
    tick_words: tuple[str, str] = ("0", "1")  # how False and True are written
    separator: str = ","
    split_codes: re.Pattern[str] = re.compile(r"[,;/|\n]")
    dot: str = "\u00b7"
    dots: re.Pattern[str] = NEVER
    ring: str = "\u3007"
    titles: re.Pattern[str] = NEVER
    no_names: frozenset[str] = frozenset()
    between_names: re.Pattern[str] = NEVER  # signs that part several names in one cell
    joiners: re.Pattern[str] = NEVER  # words that do, where a surname stands on either side
    surnames: frozenset[str] = frozenset()
    double_surnames: frozenset[str] = frozenset()
    # identity documents, phones, masks
    id_types: Mapping[str, str] = field(default_factory=dict)  # the form's word -> our key (resident, permit …)
    id_words: Mapping[str, str] = field(default_factory=dict)  # our key -> the form's word
    phone: re.Pattern[str] = re.compile(r"(?:0[0-9]{2,3}-?)?[2-9][0-9]{6,7}(?:-[0-9]{1,6})?")
    split_phones: re.Pattern[str] = re.compile(r"[,;/]")
    zeros: str = ""  # said of a number-like text kept as a number, where zeros in front may be lost
    streets: tuple[str, ...] = ()
    health: tuple[tuple[str, tuple[str, ...]], ...] = ()
    other: str = ""


PLAIN = Lexicon()


def build_lexicon(words: Mapping[str, Any]) -> Lexicon:
    """`words`: book.words["lexicon"] (all scalars text). Raises KeyError where a section is missing."""
    return Lexicon(
        placeholders=frozenset(words["placeholders"]),
        ditto=frozenset(words["ditto"]),
        error_values=frozenset(words["error_values"]),
        picture=words["picture"],
        signed=frozenset(words["signed"]),
        **_counts(words["counts"], words["measures"]),
        **_money(words["money"], words["words"]),
        **_dates(words["dates"]),
        **_ticks(words["ticks"]),
        **_names(words["names"], words["codes"]),
        **_numbers(words["ids"], words["phones"]),
        **_masks(words["masks"]),
    )


def _counts(counts: Iterable[str], named: Mapping[str, Any]) -> dict[str, Any]:
    measures = {compact(word): measure for measure, spelled in named.items() for word in spelled}
    word = either({*map(compact, counts), *measures})
    return {"measures": measures, "counts": re.compile(rf"(.+?)(?:({word})|\(({word})\))", re.DOTALL)}


def _money(money: Mapping[str, Any], words: Mapping[str, Any]) -> dict[str, Any]:
    before = f"(?:{either([*money['before'], ':'])}){{0,3}}"
    number = r"[0-9]{1,3}(?:,[0-9]{3}){1,6}(?:\.[0-9]{0,20})?|[0-9]{1,4}(?:,[0-9]{4}){1,4}(?:\.[0-9]{0,20})?|[0-9]{1,18}(?:\.[0-9]{0,20})?|\.[0-9]{1,20}|[0-9](?:\.[0-9]{1,20})?[Ee]\+?[0-9]{1,2}"
    scales = {word: int(power) for word, power in money["scales"].items()}
    pattern = (
        f"{before}(?P<minus>-|{either(money['minus'])})?{before}(?P<number>{number})(?P<scale>{either(scales)})?"
        rf"(?P<after>{either(money['after'])})?[.\u3002;]?"
    )
    return {
        "money": re.compile(pattern),
        "scales": scales,
        "digits": tuple(words["digits"]),
        "units": tuple(words["units"]),
        "groups": tuple(words["groups"]),
        **{name: words[name] for name in ("yuan", "jiao", "fen", "whole", "minus")},
        "word_prefixes": tuple(sorted(words["prefixes"], key=len, reverse=True)),
        "accepted": str.maketrans(dict(words["accepted"])),
        "informal": str.maketrans(dict(words["informal"])),
    }


def _dates(dates: Mapping[str, Any]) -> dict[str, Any]:
    longest = {name: tuple(sorted(dates[name], key=len, reverse=True)) for name in ("year", "month", "day")}
    return {
        "year_words": longest["year"],
        "month_words": longest["month"],
        "day_words": longest["day"],
        "first_month": tuple(dates["first_month"]),
        "date_digits": str.maketrans(dict(dates["digits"])),
        "tens": {dates["ten"]: 10, **dict.fromkeys(dates["twenty"], 20), **dict.fromkeys(dates["thirty"], 30)},
        "date_tail": re.compile(rf"\(?(?:{either(dates['tails'])})\)?$"),
    }


def _ticks(ticks: Mapping[str, Any]) -> dict[str, Any]:
    table = {compact(word).upper(): False for word in ticks["no"]} | {
        compact(word).upper(): True for word in ticks["yes"]
    }
    ticked, empty = either(ticks["boxes"]), either(ticks["empty"])
    words = "|".join(
        re.escape(word) for word in sorted(table, key=len, reverse=True) if len(word) > 1 or word.isalpha()
    )
    return {
        "ticks": table,
        "plain_ticks": frozenset(ticks["plain"]),
        "boxes": re.compile(f"(?:(?P<on>{ticked})|(?P<off>{empty}))(?P<word>{words})"),
        "tick_words": (ticks["false"], ticks["true"]),
    }


def _names(names: Mapping[str, Any], codes: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "separator": codes["separator"],
        "split_codes": re.compile(f"[{re.escape(codes['split'])}\n]"),
        "dot": names["dot"],
        "dots": re.compile(f"[{re.escape(names['dots'])}]"),
        "ring": names["ring"],
        "titles": re.compile(f"(?:{either(names['titles'])})$"),
        "no_names": frozenset(names["placeholders"]),
        "between_names": re.compile(f"[{re.escape(names['several'])}]"),
        "joiners": re.compile(either(names["joiners"])),
        "surnames": frozenset(names["surnames"]),
        "double_surnames": frozenset(names["double_surnames"]),
    }


def _numbers(ids: Mapping[str, Any], phones: Mapping[str, Any]) -> dict[str, Any]:
    extension = either([*phones["extension"], "-"])
    return {
        "id_types": {word: key for key, word in ids.items()},
        "id_words": dict(ids),
        "phone": re.compile(
            rf"(?:\(?0[0-9]{{2,3}}\)?-?)?[2-9][0-9]{{6,7}}(?:(?:{extension})[0-9]{{1,6}})?|[48]00-?[0-9]{{3}}-?[0-9]{{4}}"
        ),
        "split_phones": re.compile(f"[{re.escape(phones['split'])}]"),
        "zeros": phones["zeros"],
    }


def _masks(masks: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "streets": tuple(masks["streets"]),
        "health": tuple((name, tuple(words)) for name, words in masks["health"].items()),
        "other": masks["other"],
    }
