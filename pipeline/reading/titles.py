"""A title as somebody wrote it in; the key it is compared by out: without width, decorations, brackets, number and unit."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from pipeline.cells.text import fold

_QUOTES = dict.fromkeys(map(ord, "\"'\u201c\u201d\u2018\u2019\u300c\u300d"))
_BRACKET = re.compile(r"\(([^()]*)\)")
_COUNTS = frozenset("(\uff080123456789")
_NUMBERED = re.compile(r"^(?:[(\uff08][0-9一二三四五六七八九十]{1,3}[)\uff09]|[0-9]{1,2}[.、\uff0e])\s*(?=[^\s0-9])")
_NO_UNIT = re.compile(r"(?!)")
REMEMBERED = 20_000
_EDGES = ":;,.、。·-_/\\"


@lru_cache(maxsize=20_000)
def title_key(text: str, decorations: str = "") -> str:
    """A title as it is compared: width and case folded, blanks, quotes, decorations and closing marks dropped."""
    if decorations:
        text = text.translate({ord(sign): None for sign in decorations})
    return fold(text).translate(_QUOTES).strip(_EDGES)


@lru_cache(maxsize=64)
def title_keys(texts: tuple[str, ...]) -> frozenset[str]:
    """The keys of a list of titles of ours."""
    return frozenset(map(title_key, texts))


def without_brackets(key: str, meaning: frozenset[str]) -> str:
    """The key without its brackets, unless one of them changes what the column means (the words of an amount …)."""
    if "(" not in key:
        return key
    return _BRACKET.sub(lambda m: m[0] if m[1] in meaning else "", key)


@dataclass(frozen=True, slots=True)
class HeaderWords:
    decorations: str = ""
    meaning: frozenset[str] = frozenset()
    units: re.Pattern[str] = _NO_UNIT  # the unit behind a column's title …
    ends: tuple[str, ...] = ()  # … and the signs one ends with
    known: dict[str, tuple[str, str, str]] = field(default_factory=dict, compare=False)  # titles repeat file after file

    def keys(self, text: str) -> tuple[str, str, str]:
        """The key of a title, its key without brackets, and its `bare` key."""
        found = self.known.get(text)
        if found is None:
            key = title_key(text, self.decorations)
            found = key, without_brackets(key, self.meaning), self.bare(text)
            if len(self.known) >= REMEMBERED:
                self.known.clear()
            self.known[text] = found
        return found

    def bare(self, text: str) -> str:
        """A column's title without the number people put before it and the unit they put behind it; '' where it has none."""
        if not (text[:1] in _COUNTS or text.endswith(self.ends)):
            return ""
        bare = self.units.sub("", _NUMBERED.sub("", text, 1))
        return without_brackets(title_key(bare, self.decorations), self.meaning) if bare != text else ""

    def is_unit(self, text: object) -> bool:
        """Is a cell nothing but a unit, as a row of them stands under a header?"""
        return isinstance(text, str) and bool(self.units.search("|\n" + text.strip("()\uff08\uff09 ")))
