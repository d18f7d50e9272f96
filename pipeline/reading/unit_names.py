"""A text and where a known name stands in it in; out: may it count there, or is it a part of another school's name?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.cells.text import BLANKS, HAN, fold

_PUNCTUATION = "()[]:;,._-+&、。·~"


@dataclass(frozen=True, slots=True)
class Spread:
    """A text folded for comparing (without blanks), and the places where a blank stood in it."""

    text: str
    breaks: frozenset[int]


@dataclass(frozen=True, slots=True, eq=False)
class Around:
    """The words of `names.around` in schemas/words/reading.yaml, as patterns over folded text."""

    kinds: re.Pattern[str]
    only_kinds: re.Pattern[str]
    longer: re.Pattern[str]
    numbered: re.Pattern[str]
    own: re.Pattern[str]
    endings: tuple[str, ...]
    before: tuple[str, ...]
    beside: tuple[str, ...]
    prefixes: tuple[str, ...]
    campuses: re.Pattern[str]

    @staticmethod
    def of(names: Mapping[str, Any]) -> Around:
        """`names`: the section `names` of schemas/words/reading.yaml; without `around` every place is clear."""
        words: Mapping[str, Any] = names.get("around", {})
        numerals = _any([*names.get("numerals", ()), *words.get("more_numerals", ())])
        counted = _any(words.get("counted", ()))
        own = sorted(map(fold, words.get("beside", ())), key=len, reverse=True)
        longer = _any([*words.get("kinds", ()), *words.get("longer", ())])
        return Around(
            re.compile(_any(words.get("kinds", ()))),
            re.compile(f"{longer}+"),
            re.compile(longer),
            re.compile(f"(?:{_any([words['ordinal']]) if 'ordinal' in words else '(?!)'})?{numerals}(?!{counted})"),
            re.compile(_any(own)),
            tuple(map(fold, words.get("endings", ()))),
            tuple(map(fold, words.get("before", ()))),
            tuple(own),
            tuple(sorted(map(fold, names.get("prefixes", ())), key=len, reverse=True)),
            re.compile(_any(names.get("campuses", ()))),
        )

    def spread(self, text: str) -> Spread:
        """The folded text; blanks are gone from it but remembered, for a blank parts words."""
        whole, parts = fold(text), [fold(p) for p in BLANKS.split(text)]
        if "".join(parts) != whole:
            return Spread(whole, frozenset())
        return Spread(whole, frozenset(sum(map(len, parts[:n])) for n in range(1, len(parts))))

    def judge(self, spread: Spread, start: int, end: int) -> str:
        """clear | doubtful | longer: may the name at text[start:end] be taken for the whole of a school's name?"""
        if not self.beside:
            return "clear"
        name, ahead, rest = spread.text[start:end], spread.text[:start], spread.text[end:]
        if name.isascii():  # a code stands beside anything but the kind of a school: 101 is not 101中学
            return "longer" if self.longer.match(rest) and not self.own.match(rest) else "clear"
        if self.lengthens(rest) or self._numbered(rest) or self._new(ahead):
            return "longer"
        parted = start in spread.breaks or not ahead or not HAN.match(ahead[-1])
        if not (parted or self._introduces(ahead)) or (ahead.endswith("(") and self.is_school(_last_run(ahead[:-1]))):
            return "doubtful"
        open_ended = not name.endswith(self.endings) and end not in spread.breaks and HAN.match(rest)
        return "doubtful" if open_ended and not self.own.match(rest) else "clear"

    def lengthens(self, rest: str) -> bool:
        """Does what follows a name (also in brackets or behind a dash) make another school's name of it?"""
        rest = rest.lstrip(_PUNCTUATION)
        campus = self.campuses.match(rest)
        if campus:
            rest = rest[campus.end() :]
        if self.longer.match(rest) and not self.own.match(rest):
            return True
        return bool(self.kinds.search(_run(rest)))

    def is_school(self, text: str) -> bool:
        """Does a text end like the name of a school, known or not?"""
        return text.endswith(self.endings)

    def is_kind(self, text: str) -> bool:
        """Is a text nothing but words for kinds of schools?"""
        return bool(self.only_kinds.fullmatch(text))

    def _numbered(self, rest: str) -> bool:
        return bool(self.numbered.match(rest)) and not self.own.match(rest)

    def _new(self, ahead: str) -> bool:
        return ahead.endswith(self.before) and not ahead.endswith(self.beside)

    def _introduces(self, ahead: str) -> bool:
        """Does a run of Chinese signs before a name end in words that belong to no school's name?"""
        while cut := next((p for p in self.prefixes if ahead.endswith(p)), ""):
            ahead = ahead[: -len(cut)]
        return not ahead or not HAN.match(ahead[-1]) or ahead.endswith(self.beside)


def _any(words: Iterable[str]) -> str:
    """A pattern that matches one of the words, longest first; of no words: nothing."""
    listed = sorted({fold(w) for w in words if w}, key=len, reverse=True)
    return f"(?:{'|'.join(map(re.escape, listed))})" if listed else "(?!)"


def _run(text: str) -> str:
    """The Chinese signs a text begins with."""
    end = next((n for n, sign in enumerate(text) if not HAN.match(sign)), len(text))
    return text[:end]


def _last_run(text: str) -> str:
    """The Chinese signs a text ends with."""
    return _run(text[::-1])[::-1]
