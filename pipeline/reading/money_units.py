"""A text in; the unit of money it states out: beside a label, alone in a cell, or at the end of a title."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

_WIDTH = str.maketrans({"\uff1a": ":", "\uff08": "(", "\uff09": ")", "\u3001": ",", "\uff0c": ",", "\uff0f": "/"})
_END = r"(?=$|[\s(),;:./\uff1b\u3002])"
_BRACKET = re.compile(r"\([^()]*\)")
MOST_KNOWN = 4096
REACH = 3  # signs between a denial and the unit it denies
LEAST = 2  # signs of a unit that may stand in a cell by itself: a lone sign may be anything
LONGEST = 60  # no title is longer


@dataclass(frozen=True, slots=True)
class MoneyWords:
    """The words of `units_of_money` in schemas/words/reading.yaml, as patterns over text with narrow punctuation."""

    labelled: re.Pattern[str]  # label and unit, with the brackets around them: 'unit: ten thousand yuan'
    alone: re.Pattern[str]  # nothing but a unit: what stands beside a label
    counts: re.Pattern[str]  # nothing but what is counted: a unit, but none of money
    sentence: re.Pattern[str]  # the unit in words, without a label, unless a word just before says what it is not
    closing: re.Pattern[str]  # a unit in brackets at the end of a title
    tail: re.Pattern[str]  # a unit, of money or not, behind a column's title
    ends: tuple[str, ...]  # how texts end that `tail` can find something in
    other: frozenset[str]
    columns: dict[str, str] = field(default_factory=dict, compare=False)  # titles of amounts repeat file after file

    def said(self, text: str) -> str:
        """The unit a text outside the table states, '' where none; of several one that is not yuan, for it may not merge."""
        text = text.translate(_WIDTH)
        whole = self.alone.fullmatch(text)
        if whole and len(_unit(whole)) < LEAST and not text.lstrip().startswith("("):
            whole = None
        found = [whole] if whole else [*self.labelled.finditer(text), *self.sentence.finditer(text)]
        units = [_unit(m) for m in found]
        return next((u for u in units if u in self.other), units[0] if units else "")

    def without(self, text: str) -> str:
        """The text without what it says of money, so that the rest can be read for its own labels."""
        for found in reversed(list(self.labelled.finditer(text.translate(_WIDTH)))):
            text = f"{text[: found.start()]}  {text[found.end() :]}"
        return text

    def value(self, text: str) -> str:
        """The unit of money a cell beside a label holds, '' where it holds anything else."""
        found = self.alone.fullmatch(text.translate(_WIDTH))
        return _unit(found) if found else ""

    def is_measure(self, text: str) -> bool:
        """Does a text name what is counted, money or not? Then it is no school's name."""
        text = text.translate(_WIDTH)
        return bool(self.alone.fullmatch(text) or self.counts.fullmatch(text))

    def at_end(self, title: str) -> str:
        """The unit in the brackets that close a title, '' where there is none."""
        found = self.closing.search(title.translate(_WIDTH)) if len(title) <= LONGEST else None
        return _unit(found) if found else ""

    def of_column(self, title: str) -> str:
        """The unit an amount's title states in its brackets or at its end."""
        unit = self.columns.get(title)
        if unit is None:
            text = title.translate(_WIDTH)
            found = self.tail.search(text)
            brackets = [self.said(bracket) for bracket in _BRACKET.findall(text)]
            unit = next((u for u in (*brackets, _unit(found) if found else "") if u), "")
            if len(self.columns) < MOST_KNOWN:
                self.columns[title] = unit
        return unit


def money_words(words: Mapping[str, Any]) -> MoneyWords:
    """Compile `units_of_money`; spellings whose words are not there are not known."""
    unit = _any([*words["other"], *words["yuan"]])
    counts = _any(words.get("counts", ()))
    known = rf"(?:{counts}\s*[,/]\s*)*(?:{_any(words.get('currency', ()))}\s*)?"
    figure = rf"\(?\s*{known}\(?\s*"
    rest = rf"(?:\s*[,/]\s*{counts})*[\s)]*"
    labels = _any(words["labels"])
    long = _any(w for w in words["other"] if len(w) > 1)
    glued = _any([*words["yuan"], *(w for w in words["other"] if len(w) > 1)])
    spoken = rf"(?:{labels}\s*(?::|(?=\())\s*|{_any(words.get('amounts', ()))}\s*:\s*){figure}({unit}){_END}"
    bare = rf"{labels}\s*{figure}({long}){_END}"  # the colon forgotten
    said = "".join(f"(?<!{word}{'.' * n})" for word in words.get("denied", ()) for n in range(REACH))
    sentences = [f"{re.escape(a)}({unit}){re.escape(b)}" for a, b in words.get("sentences", ())]
    return MoneyWords(
        re.compile(rf"\(?\s*(?:{spoken}|{bare}){rest}", re.IGNORECASE),
        re.compile(rf"\s*{figure}({unit}){rest}", re.IGNORECASE),
        re.compile(rf"\s*\(?{counts}(?:\s*[,/]\s*{counts})*\s*\)?\s*"),
        re.compile(f"{said}(?:{'|'.join(sentences) or '(?!)'})"),
        re.compile(rf"\(\s*{known}({unit})\s*\)\s*$"),
        re.compile(
            rf"(?<=[^\s/:,;])(?:[\s/:,;\uff0f\uff1a]+{known}({unit})|{known}({glued})|\s*[\n/\uff0f]\s*({counts}))\s*$"
        ),
        tuple({w[-1] for key in ("other", "yuan", "counts") for w in words.get(key, ())}),
        frozenset(words["other"]),
    )


def _unit(found: re.Match[str]) -> str:
    return re.sub(r"\s", "", next(g for g in found.groups() if g))


def _any(words: Iterable[str]) -> str:
    """A pattern that matches one of the words, blanks inside allowed, longest first; of no words: nothing."""
    spelled = (r"\s*".join(map(re.escape, w)) for w in sorted(words, key=len, reverse=True) if w)
    return f"(?:{'|'.join(spelled) or '(?!)'})"
