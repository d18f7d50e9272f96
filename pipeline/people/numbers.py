"""An identity number as written in; its form for comparing out, and how two such numbers agree.

GB 11643 with MOD 11-2: two valid numbers never differ by one digit or by one swap of neighbours, so of two that do, at
least one is provably wrong. What a spreadsheet or a mask has taken away is carried as '?', never guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.cells.ids import (
    EIGHTEEN,
    FIFTEEN,
    FOREIGNER,
    HK_MACAU,
    PASSPORT,
    SCIENTIFIC,
    TAIWAN,
    birth,
    check_digit,
    id_key,
    valid_resident,
)
from pipeline.cells.text import compact
from pipeline.people.names import one_digit, swapped

GONE = "?"
MASKS = re.compile("[*\u25cf\u2022\u25a0\u2588\u00d7\u2217#?\uff1f]")
LAST_X = re.compile("[x\u00d7\u0425\u0445\u2715\u2716\u2717\u2573\u03a7\u03c7]")
SEVENTEEN = re.compile("[0-9]{17}")
MISCOUNTED = re.compile("[0-9]{15,16}[0-9X]|[0-9]{18}[0-9X]")
RESIDENT, OTHER = "resident", "other"
VALID, SUSPECT, UNPROVEN, WRONG, LOST = "valid", "suspect", "unproven", "wrong", "lost"
PROVEN = (VALID, SUSPECT)
SIGNIFICANT = 15  # digits a double keeps
FULL = 18


@dataclass(frozen=True, slots=True)
class NumberForm:
    """`key`: equal for one person's equal numbers; '' = none. `digits`: eighteen signs of a resident's, '?' = lost.

    `state`: valid (check digit and date hold) · suspect (they do, but it ends as numbers end that a cell cut) · unproven
    (fifteen digits, other documents) · wrong · lost. `born`: YYYYMMDD where the date exists. A number with a sign too few or too many has a key, no digits.
    """

    key: str = ""
    kind: str = ""
    digits: str = ""
    state: str = ""
    born: str = ""

    @property
    def sure(self) -> bool:
        return self.state == VALID


NUMBERLESS = NumberForm()


def number_form(raw: str) -> NumberForm:
    """Any text of an identity column. Never raises."""
    if not raw:
        return NUMBERLESS
    if EIGHTEEN.fullmatch(raw):
        return _resident(raw)
    text = compact(raw[:100]).strip("'\u2018\u2019`\"\u201c\u201d").upper()
    if SCIENTIFIC.fullmatch(text) and ("+" in text or "." in text):
        return _cut(f"{float(text):.14e}", len(text.partition("E")[0].replace(".", "")))
    if re.fullmatch(r"[0-9 -]+X?", text):
        text = text.replace("-", "")
    if len(text) == FULL and SEVENTEEN.fullmatch(text[:17]) and LAST_X.fullmatch(text[17]):
        text = text[:17] + "X"
    if FIFTEEN.fullmatch(text):
        return _fifteen(text)
    if len(text) == FULL and text[17] == "*" and SEVENTEEN.fullmatch(text[:17]) and check_digit(text[:17]) == "X":
        return _resident(text[:17] + "X")
    if MASKS.search(text):
        return _masked(MASKS.sub(GONE, text))
    key = id_key(text)
    if EIGHTEEN.fullmatch(key):
        return _resident(key)
    if MISCOUNTED.fullmatch(text):
        return NumberForm(text, RESIDENT, "", WRONG)
    if any(shape.fullmatch(text) for shape in (HK_MACAU, TAIWAN, FOREIGNER, PASSPORT)):
        return NumberForm(key, OTHER, "", UNPROVEN)
    return NUMBERLESS  # a word, a dash, a remark


def _resident(digits: str) -> NumberForm:
    fine = valid_resident(digits)
    born = digits[6:14] if fine or birth(digits) else ""
    cut = _ends_cut(digits)
    if fine:
        return NumberForm(digits, RESIDENT, digits, SUSPECT if cut else VALID, born)
    if cut:
        return _cut(f"{float(digits):.14e}", SIGNIFICANT)
    return NumberForm(digits, RESIDENT, digits, WRONG, born)


def _looks_cut(number: int) -> bool:
    """Fifteen digits and zeros, or the double next to that: what a cell stored as a number gives back."""
    rounded = (number + 500) // 1000 * 1000
    return number == rounded or int(float(rounded)) == number


def _cut(scientific: str, kept: int) -> NumberForm:
    """A number of which a cell kept so many digits: 4.40308199901101e+17 -> 440308199901101???."""
    mantissa, _, power = scientific.partition("e")
    if int(power) != FULL - 1:
        return NumberForm("", RESIDENT, "", LOST)
    known = mantissa.replace(".", "")[: min(kept, SIGNIFICANT)]
    return _masked(known + GONE * (FULL - len(known)))


def _masked(text: str) -> NumberForm:
    if len(text) != FULL or not re.fullmatch(r"[0-9?]{17}[0-9X?]", text):
        return NumberForm("", OTHER, "", LOST)
    born = text[6:14]
    return NumberForm("", RESIDENT, text, LOST, born if GONE not in born and birth(_filled(text)) else "")


def _filled(text: str) -> str:
    return text.replace(GONE, "0")


def _fifteen(text: str) -> NumberForm:
    digits = id_key(text)
    born = digits[6:14] if birth(digits) else ""
    return NumberForm(digits, RESIDENT, digits, UNPROVEN if born else WRONG, born)


# -- comparing --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NumberMatch:
    """`level`: words parts.number, '' = cannot tell. `at`: 1-based places that differ. `known`: signs compared."""

    level: str = ""
    at: tuple[int, ...] = ()
    known: int = FULL
    wrong: str = ""


NO_MATCH = NumberMatch()
SAME = NumberMatch("same")
CLASH = NumberMatch("clash")
OTHER_KIND = NumberMatch("other_kind")
SERIAL = (15, 16, 17)  # neighbours by birth date and place differ here by chance: it says less
CLOSE = {2: "two", 3: "three"}
FEW = 10  # fewer known signs than this say little


def compare_numbers(a: NumberForm, b: NumberForm, tail_a: str = "", tail_b: str = "") -> NumberMatch:
    """How two numbers agree; `tail_…`: the last four signs where no number is given. Symmetric but for `wrong`."""
    if not a.state or not b.state:
        one, other = tail_a or _tail(a), tail_b or _tail(b)
        return NumberMatch("tail" if one == other else "far", (), 4) if one and other else NO_MATCH
    if a.key and a.key == b.key:
        return SAME
    if a.kind != b.kind:
        return OTHER_KIND if LOST not in (a.state, b.state) else NO_MATCH
    if a.kind == OTHER:
        return _other_documents(a.key, b.key)
    if not a.digits or not b.digits:
        return _miscounted(a, b)
    if a.state in PROVEN and b.state in PROVEN:
        return _two_proven(a, b)
    return _lost(a, b) if LOST in (a.state, b.state) else _near(a, b)


def _other_documents(x: str, y: str) -> NumberMatch:
    """Passports and permits have no check digit that we could ask."""
    if one_digit(x, y):
        at = tuple(i for i, (p, q) in enumerate(zip(x, y, strict=True), 1) if p != q)
        return NumberMatch("digit" if len(at) == 1 else "swap", at, len(x), "unproven")
    return NumberMatch("far")


def _two_proven(a: NumberForm, b: NumberForm) -> NumberMatch:
    """Two people, unless one number is what a cell that keeps fifteen digits made of the other, or of two slips that
    happen to fit each other: day and month exchanged, or one digit of place or birth and the check digit."""
    if SUSPECT in (a.state, b.state) and _kept(a) == _kept(b):
        wrong = "unproven" if a.state == b.state else "a" if a.state == SUSPECT else "b"
        return NumberMatch("cut", (), SIGNIFICANT, wrong)
    if _turned(a.digits, b.digits):
        return NumberMatch("turned", _at(a, b), FULL, "unproven")
    at = _at(a, b)
    slip = len(at) == 2 and at[1] == FULL and at[0] not in SERIAL  # and a check digit made to fit
    return NumberMatch("two", at, FULL, "unproven") if slip else CLASH


def _kept(number: NumberForm) -> str:
    """The fifteen digits a cell keeps; 279936 at the end is the double next to 280000."""
    if number.state != SUSPECT:
        return number.digits[:SIGNIFICANT]
    return str((int(number.digits) + 500) // 1000).zfill(SIGNIFICANT)


def _tail(number: NumberForm) -> str:
    return number.digits[14:] if number.digits and GONE not in number.digits[14:] else ""


def _wrong(a: NumberForm, b: NumberForm) -> str:
    bad_a, bad_b = a.state == WRONG, b.state == WRONG
    if bad_a or bad_b:
        return "both" if bad_a and bad_b else "a" if bad_a else "b"
    return "b" if a.state in PROVEN else "a" if b.state in PROVEN else "unproven"


def _near(a: NumberForm, b: NumberForm) -> NumberMatch:
    """Both with all signs, at least one of them not proven right."""
    x, y = a.digits, b.digits
    wrong = _wrong(a, b)
    at = _at(a, b)
    stem = (
        at[:-1] if at[-1] == FULL and UNPROVEN in (a.state, b.state) else at
    )  # a made-up check digit follows its stem
    if at == (FULL,):
        return NumberMatch("check", at, FULL, wrong)
    if len(stem) == 1:
        return NumberMatch("serial" if stem[0] in SERIAL else "digit", stem, FULL, wrong)
    place = swapped(x, y) if stem == at else swapped(x[:17], y[:17])
    if place is not None:
        return NumberMatch("swap", (place + 1, place + 2), FULL, wrong)
    if _turned(x, y):
        return NumberMatch("turned", at, FULL, wrong)
    return NumberMatch(CLOSE.get(_edits(x[:17], y[:17]), "far"), at, FULL, wrong)


def _at(a: NumberForm, b: NumberForm) -> tuple[int, ...]:
    return tuple(i for i, (p, q) in enumerate(zip(a.digits, b.digits, strict=True), 1) if p != q)


def _turned(x: str, y: str) -> bool:
    """All equal but day and month, which stand the other way round; the check digit is not asked."""
    return x[10:12] == y[12:14] and x[12:14] == y[10:12] and x[:10] == y[:10] and x[14:17] == y[14:17]


def _edits(x: str, y: str) -> int:
    """Signs to put right, an exchange of neighbours counting once."""
    count, i = 0, 0
    while i < len(x):
        if x[i] != y[i]:
            count += 1
            if i + 1 < len(x) and x[i] == y[i + 1] and x[i + 1] == y[i]:
                i += 1
        i += 1
    return count


def _lost(a: NumberForm, b: NumberForm) -> NumberMatch:
    both = [(i, p, q) for i, (p, q) in enumerate(zip(a.digits, b.digits, strict=True), 1) if GONE not in (p, q)]
    at = tuple(i for i, p, q in both if p != q)
    known = len(both)
    wrong = "a" if a.state == LOST and b.state != LOST else "b" if b.state == LOST and a.state != LOST else "both"
    if known < 4:
        return NO_MATCH
    if not at:
        return NumberMatch("lost" if known >= FEW else "lost_few", (), known, wrong)
    near = len(at) == 1 or (len(at) == 2 and swapped(a.digits[: at[1]], b.digits[: at[1]]) is not None)
    return NumberMatch("lost_near" if near and known >= FEW else "far", at, known, wrong)


def _miscounted(a: NumberForm, b: NumberForm) -> NumberMatch:
    """A number with one sign dropped or doubled beside the whole one."""
    x, y = a.digits or a.key, b.digits or b.key
    if len(x) == len(y) or GONE in x + y or not x or not y:
        return NO_MATCH
    long, short = (x, y) if len(x) > len(y) else (y, x)
    if len(long) - len(short) == 1 and any(long[:i] + long[i + 1 :] == short for i in range(len(long))):
        return NumberMatch("lost", (), len(short), "b" if a.digits else "a" if b.digits else "both")
    return NumberMatch("far")


def _ends_cut(digits: str) -> bool:
    """A number cell never gives back a leading zero: such a text was typed, whatever its end looks like."""
    return digits.isdigit() and digits[0] != "0" and _looks_cut(int(digits))
