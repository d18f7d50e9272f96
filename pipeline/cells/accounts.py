"""Telephone numbers, bank accounts and other numbers that are texts: what was typed in, the text to keep out."""

from __future__ import annotations

import re

from pipeline.cells.ids import SCIENTIFIC, luhn
from pipeline.cells.names import text_cell
from pipeline.cells.text import clean, compact, narrow
from pipeline.cells.typed import Kind, Note, Typed, tidied, unknown, value

MOBILE = re.compile(r"1[3-9][0-9]{9}")
PREFIX = re.compile(r"(?:\(?\+?(?:00)?86\)?-?)?(1[3-9][0-9]{9})(\.0+)?")
DASHES = re.compile(r"[-\u2010-\u2015\u2212_.\u00b7/]")
ACCOUNT = re.compile(r"[0-9]{10,22}")
CARD = re.compile(r"(?:6[02]|9)[0-9]{14,17}|[345][0-9]{15}")
QUOTES = "'\u2018\u2019\u0060\"\u201c\u201d"
LONGEST = 100


def mobile_text(raw: str, _kind: Kind) -> Typed:
    """Eleven digits; country prefix, blanks and dashes are taken off, anything else stays with a doubt (CEL-023)."""
    if MOBILE.fullmatch(raw):
        return Typed("value", raw, raw)
    if len(raw) > LONGEST:
        return value(raw, raw, Note("CEL-023"))
    short = compact(raw).strip(QUOTES)
    match = PREFIX.fullmatch(DASHES.sub("", short.removesuffix(".0")) + (".0" if short.endswith(".0") else ""))
    if not match:
        return value(clean(raw), raw, Note("CEL-023"))
    if match[2]:
        return value(match[1], raw, _restored(match[1], ""))
    return value(match[1], raw, Note((tidied(raw, match[1]) or (Note("CEL-005"),))[0].rule, match[1]))


def _restored(text: str, lost: str) -> Note:
    """A number-like text that was kept as a number (CEL-024). `lost`: what to say where zeros in front may be gone; a
    mobile number has none to lose."""
    return Note("CEL-024", text, {"lost": lost})


def mobile_number(number: float, raw: str, _kind: Kind) -> Typed:
    text = _whole(number)
    return value(text or raw, raw, _restored(text, "") if MOBILE.fullmatch(text) else Note("CEL-023"))


def phone_text(raw: str, kind: Kind) -> Typed:
    """One or several numbers, mobile or landline with area code and extension; else kept with CEL-023."""
    if MOBILE.fullmatch(raw) or kind.lexicon.phone.fullmatch(raw):
        return Typed("value", raw, raw)
    if len(raw) > LONGEST:
        return value(raw, raw, Note("CEL-023"))
    short = re.sub("[\u2010-\u2015\u2212]", "-", compact(raw).strip(QUOTES))
    parts = [part for part in kind.lexicon.split_phones.split(short) if part]
    fine = [_one_phone(part, kind) for part in parts]
    if not fine or not all(fine):
        return value(clean(raw), raw, Note("CEL-023"))
    text = kind.lexicon.separator.join(fine)
    return value(text, raw, *tidied(raw, text))


def _one_phone(part: str, kind: Kind) -> str:
    mobile = PREFIX.fullmatch(DASHES.sub("", part))
    return mobile[1] if mobile else part if kind.lexicon.phone.fullmatch(part) else ""


def phone_number(number: float, raw: str, kind: Kind) -> Typed:
    text = _whole(number)
    if MOBILE.fullmatch(text):
        return value(text, raw, _restored(text, ""))
    fine = kind.lexicon.phone.fullmatch(text)
    return value(text or raw, raw, _restored(text, kind.lexicon.zeros) if fine else Note("CEL-023"))


def account_text(raw: str, _kind: Kind) -> Typed:
    """10 to 22 digits without blanks and dashes; a card-like number that fails its last digit is a doubt (CEL-027)."""
    if len(raw) > LONGEST:
        return unknown(raw, "CEL-026")
    short = compact(raw).strip(QUOTES)
    if SCIENTIFIC.fullmatch(short):
        return unknown(raw, "CEL-025")
    return _account(DASHES.sub("", short), raw)


def _account(text: str, raw: str, *notes: Note) -> Typed:
    if not ACCOUNT.fullmatch(text):
        return unknown(raw, "CEL-026")
    notes = notes or tidied(raw, text)
    return value(text, raw, *notes, *((Note("CEL-027"),) if CARD.fullmatch(text) and not luhn(text) else ()))


def account_number(number: float, raw: str, kind: Kind) -> Typed:
    """A number cell keeps fifteen digits: from 1e15 on an account is lost (CEL-025)."""
    text = _whole(number)
    return _account(text, raw, _restored(text, kind.lexicon.zeros)) if text else unknown(raw, "CEL-025")


def code_text(raw: str, kind: Kind) -> Typed:
    """A number that is a text (unit code, slip number): only blanks at its ends and wide signs are put right."""
    if len(raw) > LONGEST:
        return text_cell(raw, kind)
    text = narrow(clean(raw)).strip(QUOTES).replace(" ", "")
    if SCIENTIFIC.fullmatch(text) and ("+" in text or "." in text):
        return unknown(raw, "CEL-025")
    if not text:
        return text_cell(raw, kind)
    return value(text, raw, *tidied(raw, text), *((Note("CEL-041", text),) if text[0] in "=+-@" else ()))


def code_number(number: float, raw: str, kind: Kind) -> Typed:
    """Zeros in front may be lost: said as a repair (CEL-024), so that nobody takes 7 for 007 unseen."""
    text = _whole(number)
    return value(text, raw, _restored(text, kind.lexicon.zeros)) if text else unknown(raw, "CEL-025")


def _whole(number: float) -> str:
    """The digits of a whole number that a double holds exactly, else ''."""
    return str(int(number)) if 0 <= number < 1e15 and number == int(number) else ""
