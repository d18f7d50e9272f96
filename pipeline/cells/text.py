"""Text as people type it in, text as it may be kept and compared out: cleaning, folding and the key of a name."""

from __future__ import annotations

import re
from functools import lru_cache
from unicodedata import normalize

# never legal in XML, or nothing a person can see: shown as U+FFFD wherever we write (reliability.md X15)
ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
INVISIBLE = re.compile(r"[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
SELECTORS = re.compile(r"[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
BLANK = r" \t\n\r\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
BLANKS = re.compile(f"[{BLANK}]+")
ESCAPED_RETURN = re.compile(r"(?:_x000[9ADad]_)+")
WIDE = re.compile(r"[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")
_NARROW = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_HAN = r"\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
HAN = re.compile(f"[{_HAN}]")
_BRACKETS = str.maketrans(
    "\u3010\u3016\u3014[{\u300a\u3008\u3011\u3017\u3015]}\u300b\u3009\u2014\u2013\u2212", "(" * 7 + ")" * 7 + "---"
)
_DOTS = re.compile(r"[\u2022\u2027\u2219\u22c5\u30fb\uff65\u0387.]")


def legal(text: str) -> str:
    """The text with every sign no file may carry replaced by U+FFFD."""
    return text if text.isprintable() else ILLEGAL.sub("\ufffd", text)


def clean(text: str) -> str:
    """Blanks folded to one space and trimmed, invisible signs removed, illegal ones replaced. Idempotent.

    >>> clean("  a\\u3000\\u200b b\\n")
    'a b'
    """
    if text.isprintable() and "  " not in text and "_x000" not in text and text[:1] != " " and text[-1:] != " ":
        return text
    text = ESCAPED_RETURN.sub(" ", INVISIBLE.sub("", legal(text)))
    return BLANKS.sub(" ", text).strip(" ")


def narrow(text: str) -> str:
    """Full-width letters and digits folded; punctuation stays as Chinese prose has it."""
    return text.translate(_NARROW) if WIDE.search(text) else text


def compact(text: str) -> str:
    """NFKC without any blank or invisible sign, for everything that is a number or a token. Idempotent."""
    if text.isascii() and text.isprintable() and " " not in text and "_x000" not in text:
        return text
    text = legal(text)
    while True:
        folded = normalize("NFKC", BLANKS.sub("", SELECTORS.sub("", INVISIBLE.sub("", ESCAPED_RETURN.sub("", text)))))
        if folded == text:
            return text
        text = folded


@lru_cache(maxsize=8192)
def _fold(text: str) -> str:
    return compact(text).translate(_BRACKETS).lower()


def fold(text: str) -> str:
    """For comparing headers, sheet names, units and codes: NFKC, no blanks, one kind of bracket and dash, lower case."""
    return _fold(text) if len(text) <= 128 else compact(text).translate(_BRACKETS).lower()


def name_key(name: str) -> str:
    """A name as it is compared (domain.md C1): NFKC, no blanks, one dot, lower case; variant characters are kept."""
    return _name_key(name) if len(name) <= 64 else _DOTS.sub("\u00b7", compact(name)).lower()


@lru_cache(maxsize=32_768)  # a night asks for the same few thousand names from dozens of rules
def _name_key(name: str) -> str:
    return _DOTS.sub("\u00b7", compact(name)).lower()
