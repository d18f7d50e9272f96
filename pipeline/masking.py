"""What an audience may read: a value, what it is and who reads in, the text that may stand in their paper out.

The one table is domain.md E2. L0: the desk and a school's own file. OWN: a return inside its own unit (names full,
all else as L1). L1: audit and papers that travel. L2: notice board and web.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date

from pipeline.cells.lexicon import PLAIN, Lexicon

L0, OWN, L1, L2 = "L0", "OWN", "L1", "L2"
AUDIENCES = (L0, OWN, L1, L2)
STAR = "*"
DIGIT = "0-9\uff10-\uff19"
MOBILE = re.compile(f"(?<![{DIGIT}])(1[3-9][0-9])([0-9]{{4}})([0-9]{{4}})(?![{DIGIT}])")
# 15 digits and more are a number somebody lives by; cards are also written in groups of four; a sheet shows 4.4E+17
LONG = re.compile(f"[{DIGIT}]{{14,}}[{DIGIT}Xx\uff38\uff58]")
GROUPS = re.compile(r"(?<![0-9])(?:[0-9]{4}[ -]){3,4}[0-9]{1,4}(?![0-9])")
SPLIT_ID = re.compile(r"(?<![0-9])[0-9]{6}[ -][0-9]{8}[ -][0-9]{3}[0-9Xx](?![0-9])")
SCIENTIFIC = re.compile(r"[0-9]\.[0-9]{5,20}[Ee]\+?[0-9]{2}")
ERROR = re.compile(
    r"#(?:[A-Z]{2,20}[?!]?|N/A|DIV/0!|GETTING_DATA)|Err:[0-9]{3}"
)  # what a spreadsheet shows where a formula failed
PERMIT = re.compile(r"(?<![0-9A-Za-z])[HMhm][0-9]{8}(?:[0-9]{2})?(?![0-9A-Za-z])")


def mask(value: object, what: str, audience: str, lexicon: Lexicon = PLAIN) -> str:
    """`what`: name id tail account mobile address birth health free (unknown or '' = free text). L0 reads all.

    Raises KeyError for an audience that does not exist: nobody reads by accident.
    """
    hide = _TABLE[audience]
    text = value.isoformat() if isinstance(value, date) else "" if value is None else str(value)
    if hide is None or not text or ERROR.fullmatch(text):
        return text
    return hide.get(what, _free)(text, lexicon)


def mask_text(text: str) -> str:
    """Free text without any number that names a person or an account: 15 digits and more, permits, mobiles."""
    if text.isascii() and len(text) < 9:
        return text
    text = SCIENTIFIC.sub(lambda m: STAR * len(m[0]), text)
    text = SPLIT_ID.sub(lambda m: _last_four(m[0]), text)
    text = GROUPS.sub(lambda m: _last_four(m[0]), text)
    text = LONG.sub(lambda m: _last_four(m[0]), text)
    text = PERMIT.sub(lambda m: _last_four(m[0]), text)
    return MOBILE.sub(lambda m: m[1] + STAR * 4 + m[3], text)


def mask_name(name: str) -> str:
    """张三 -> 张*, 张三丰 -> 张*丰, 阿卜杜拉·买买提 -> 阿*: the middle goes, a minority name keeps its first sign."""
    name = name.strip()
    first = name.partition("\u00b7")[0]
    if first != name or len(name) <= 2:
        return first[:1] + STAR
    return name[0] + STAR * (len(name) - 2) + name[-1] if len(name) <= 8 else name[0] + STAR


def _last_four(text: str) -> str:
    return STAR * (len(text) - 4) + text[-4:] if len(text) > 7 else STAR * len(text)


def _number(text: str, _lexicon: Lexicon) -> str:
    """Scientific notation tells the first digits: nothing of it stays."""
    return STAR * len(text) if SCIENTIFIC.search(text) else _last_four(text)


def _mobile(text: str, _lexicon: Lexicon) -> str:
    return MOBILE.sub(lambda m: m[1] + STAR * 4 + m[3], text) if MOBILE.fullmatch(text) else _last_four(text)


def _street(text: str, lexicon: Lexicon) -> str:
    """Up to the street office or town; an address that names neither is hidden."""
    ends = [place + len(word) for word in lexicon.streets if (place := text.find(word)) > 0]
    return text[: min(ends)] + STAR * 3 if ends else STAR * 3


def _year(text: str, _lexicon: Lexicon) -> str:
    match = re.match(r"(?:19|20)[0-9]{2}", text)
    return match[0] if match else STAR * 4


def _health(text: str, lexicon: Lexicon) -> str:
    """The class of a cause or illness alone."""
    found = next((name for name, words in lexicon.health if any(word in text for word in words)), lexicon.other)
    return found or STAR * 3


def _name(text: str, _lexicon: Lexicon) -> str:
    return mask_name(text)


def _surname(text: str, _lexicon: Lexicon) -> str:
    return text.strip()[:1] + STAR


def _nothing(_text: str, _lexicon: Lexicon) -> str:
    return ""


def _whole(text: str, _lexicon: Lexicon) -> str:
    return text


def _free(text: str, _lexicon: Lexicon) -> str:
    return mask_text(text)


Hide = Callable[[str, Lexicon], str]
_L1: Mapping[str, Hide] = {
    "name": _name, "id": _number, "tail": _whole, "account": _number, "mobile": _mobile,
    "address": _street, "birth": _year, "health": _health, "free": _free,
}  # fmt: skip
_L2: Mapping[str, Hide] = {
    **dict.fromkeys(("id", "tail", "account", "mobile", "address", "birth", "health"), _nothing),
    "name": _surname,
    "free": _free,
}
_TABLE: Mapping[str, Mapping[str, Hide] | None] = {L0: None, OWN: {**_L1, "name": _whole}, L1: _L1, L2: _L2}
