"""Identity documents, credit codes and cards: a number in; its check, birth date, sex, matching key or findings out.

Sources: GB 11643-1999 (check digit, fifteen to eighteen), GB 32100-2015 (credit code), domain.md C1.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from operator import mul

from pipeline.cells.lexicon import Lexicon
from pipeline.cells.text import compact
from pipeline.cells.typed import NOTHING, Kind, Note, Typed, tidied, unknown, value

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ZEROS = 48 * sum(WEIGHTS)  # the code point of "0" under each weight
CHECKS = "10X98765432"
USCC_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
LONGEST = 100

EIGHTEEN = re.compile(r"[0-9]{17}[0-9X]")
FIFTEEN = re.compile(r"[0-9]{15}")
HK_MACAU = re.compile(r"[HM][0-9]{8}(?:[0-9]{2})?")
TAIWAN = re.compile(r"[0-9]{8}|[0-9]{10}(?:\([A-Z0-9]{1,2}\)|[A-Z]{1,2})?|T[0-9]{8}")
FOREIGNER = re.compile(r"9[0-9]{16}[0-9X]|[A-Z]{3}[0-9]{12}")
PASSPORT = re.compile(r"(?=[A-Z]*[0-9])[A-Z0-9]{5,12}")
SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]{1,20})?[Ee]\+?[0-9]{1,3}")
MASKED = re.compile(r"[*\u25cf\u2022\u25a0\u2588\u00d7\u2217#]{2,}|[0-9][*\u25cf\u2022\u25a0\u2588\u2217#]+[0-9X]")
LAST_X = re.compile(r"([0-9]{17})[x*\u00d7\u0425\u0445\u2715\u2716\u2717\u2573\u03a7\u03c7]")
MISTYPED = str.maketrans("OIL", "011")
PERMIT_AREAS = ("810000", "820000", "830000")
TAIL = re.compile(r"[0-9A-Z]{3}[0-9A-Z]")


# -- arithmetic -------------------------------------------------------------------------------------


def check_digit(first: str) -> str:
    """The eighteenth sign for seventeen digits."""
    return CHECKS[(sum(map(mul, WEIGHTS, first.encode("ascii"))) - ZEROS) % 11]


def valid_resident(number: str) -> bool:
    """Eighteen signs, right check digit and a birth date that exists."""
    return bool(EIGHTEEN.fullmatch(number)) and check_digit(number[:17]) == number[17] and birth(number) is not None


def to18(number: str) -> str:
    """A fifteen-digit number as its holder's eighteen-sign one: 19 before the year, the check digit after."""
    if not FIFTEEN.fullmatch(number):
        return number
    longer = number[:6] + "19" + number[6:]
    return longer + check_digit(longer)


def _digits(number: str) -> str:
    """Eighteen signs of a number born of GB 11643, letters mistyped for digits put right; '' for other documents."""
    if EIGHTEEN.fullmatch(number):
        return number
    text = to18(number)
    if len(text) == 18 and not EIGHTEEN.fullmatch(text):
        text = text[:17].translate(MISTYPED) + text[17].translate(MISTYPED)
    return text if EIGHTEEN.fullmatch(text) else ""


def birth(number: str) -> date | None:
    """The birth date inside a resident number (15 or 18 signs), permit or new foreigner's card; else None."""
    text = _digits(number)
    if not text:
        return None
    try:
        return date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return None


def sex(number: str) -> str | None:
    """'male' or 'female' by the seventeenth digit; None where the number does not say."""
    text = _digits(number)
    return None if not text else "male" if int(text[16]) % 2 else "female"


def area(number: str) -> str:
    """The six digits of the area code, '' where the number has none."""
    return _digits(number)[:6]


def id_key(number: str | None) -> str:
    """What two numbers of one person share: 18 signs for 15, nine signs for a renewed Hong Kong or Macau permit."""
    return _id_key(number) if number else ""


@lru_cache(maxsize=32_768)
def _id_key(number: str) -> str:
    text = compact(number).upper()
    if HK_MACAU.fullmatch(text):
        return text[:9]
    return _digits(text) or text


def uscc_check(first: str) -> str:
    """The eighteenth sign of a unified social credit code for its first seventeen."""
    total = sum(w * USCC_SIGNS.index(sign) for w, sign in zip(USCC_WEIGHTS, first, strict=True))
    return USCC_SIGNS[-total % 31]


def valid_uscc(code: str) -> bool:
    return len(code) == 18 and all(sign in USCC_SIGNS for sign in code) and uscc_check(code[:17]) == code[17]


def luhn(number: str) -> bool:
    """The last digit of a card number."""
    total = 0
    for place, sign in enumerate(reversed(number)):
        digit = (ord(sign) - 48) * (1 + place % 2)
        total += digit - 9 if digit > 9 else digit
    return total % 10 == 0


# -- cells ------------------------------------------------------------------------------------------


def id_text(raw: str, kind: Kind) -> Typed:
    """A text cell in an identity column: form put right, nothing judged that needs the document's type."""
    if len(raw) > LONGEST:
        return unknown(raw, "CEL-015", id_type=kind.lexicon.id_words.get("resident", ""))
    if raw.isascii() and EIGHTEEN.fullmatch(raw):
        return value(raw, raw)
    text = compact(raw).strip("'\u2018\u2019\u0060\"\u201c\u201d")
    ending = LAST_X.fullmatch(text)
    if ending:
        number = ending[1] + "X"
        if text[17] != "*" or check_digit(ending[1]) == "X":
            return value(number, raw, Note("CEL-017", number))
    if SCIENTIFIC.fullmatch(text):
        return unknown(raw, "CEL-014")
    if MASKED.search(text) or "*" in text:
        return unknown(raw, "CEL-021")
    text = text.upper()
    if re.fullmatch(r"[0-9 -]+X?", text) and "-" in text:
        text = text.replace("-", "")
    return value(text, raw, *tidied(raw, text))


def id_number(number: float, raw: str, kind: Kind) -> Typed:
    """A number cell in an identity column: from 1e15 on its last digits are lost (CEL-013), whatever they look like."""
    if not abs(number) < 1e15:
        return unknown(raw, "CEL-013")
    if number < 0 or number != int(number):
        return unknown(raw, "CEL-015", id_type=kind.lexicon.id_words.get("resident", ""))
    return value(str(int(number)), raw)


def tail_text(raw: str, kind: Kind) -> Typed:
    """The last four signs of an identity number."""
    text = compact(raw).lstrip("'\u2018\u2019") if len(raw) <= LONGEST else ""
    if TAIL.fullmatch(text.upper()):
        upper = text.upper()
        return value(upper, raw, *((Note("CEL-017", upper),) if upper != text else tidied(raw, upper)))
    if re.fullmatch(r"[0-9]{3}[*\u00d7\u0425\u0445]", text):
        return value(text[:3] + "X", raw, Note("CEL-017", text[:3] + "X"))
    return unknown(raw, "CEL-015", id_type=kind.lexicon.id_words.get("tail", ""))


def tail_number(number: float, raw: str, kind: Kind) -> Typed:
    """Four digits survive in a number cell; with fewer a leading zero was lost, and nobody knows how many."""
    if 1000 <= number <= 9999 and number == int(number):
        return value(str(int(number)), raw)
    return unknown(raw, "CEL-015", id_type=kind.lexicon.id_words.get("tail", ""))


def check_id(
    text: str, id_type: str | None, areas: Mapping[str, object], lexicon: Lexicon, latest: date | None = None
) -> Typed:
    """Judge a number `read_cell` gave against its document type (the form's word; None = by its shape).

    Yields CEL-015, 016, 018 (unknown), or 019, 020, 022 (value with a doubt). `areas`: known area codes (empty =
    not judged). `latest`: no birth after this day.
    """
    if not text:
        return NOTHING
    key = lexicon.id_types.get(id_type or "", "") or _by_shape(text)
    word = id_type or lexicon.id_words.get(key, "")
    wrong = unknown(text, "CEL-015", id_type=word)
    shape = {"hk_macau": HK_MACAU, "taiwan": TAIWAN, "foreigner": FOREIGNER, "passport": PASSPORT}.get(key)
    if shape:
        if not shape.fullmatch(text):
            return wrong
        if key == "foreigner" and len(text) == 18 and not _born(text, latest):
            return unknown(text, "CEL-018")
        return value(text, text)
    return _resident(text, key == "permit", areas, wrong, latest)


def _by_shape(text: str) -> str:
    for key, shape in (
        ("hk_macau", HK_MACAU),
        ("foreigner", re.compile("[A-Z]{3}[0-9]{12}")),
        ("passport", re.compile("[A-Z]{1,2}[0-9]{7,8}")),
    ):
        if shape.fullmatch(text):
            return key
    return "resident"


def _resident(text: str, permit: bool, areas: Mapping[str, object], wrong: Typed, latest: date | None) -> Typed:
    number = text
    notes: tuple[Note, ...] = ()
    if FIFTEEN.fullmatch(text) and not permit:
        number = to18(text)
        notes = (Note("CEL-020", "", {"tail": number[-4:]}),)
    elif not EIGHTEEN.fullmatch(text):
        number = _digits(text)
        if not number or not valid_resident(number):
            return wrong
        notes = (Note("CEL-022", number),)
    if permit and number[:6] not in PERMIT_AREAS:
        return wrong
    if not _born(number, latest):
        return unknown(text, "CEL-018")
    if check_digit(number[:17]) != number[17]:
        return unknown(text, "CEL-016")
    if areas and number[:6] not in areas and number[:6] not in PERMIT_AREAS:
        notes += (Note("CEL-019", "", {"area": number[:6]}),)
    return value(text, text, *notes)


def _born(number: str, latest: date | None) -> bool:
    born = birth(number)
    return born is not None and born.year >= 1880 and (latest is None or born <= latest)
