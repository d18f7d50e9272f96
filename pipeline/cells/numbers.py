"""Counts, plain numbers and percentages: what a clerk wrote in, int or Decimal out."""

from __future__ import annotations

import math
import re
from decimal import ROUND_HALF_UP, Decimal

from pipeline.cells.money import LIMIT, LONGEST, parse_number, read_amount
from pipeline.cells.text import compact
from pipeline.cells.typed import BLANK, Kind, Note, Typed, tidied, unknown, value

WHOLE = re.compile(r"-?[0-9]{1,15}(?:\.0{1,20})?")
DECIMAL = re.compile(r"-?(?:[0-9]{1,15}(?:\.[0-9]{0,20})?|\.[0-9]{1,20})")
GROUPED = re.compile(r"-?[0-9]{1,3}(?:,[0-9]{3}){1,5}(?:\.[0-9]{1,20})?")
NOISE = Decimal("1e-9")


def integer_text(raw: str, kind: Kind) -> Typed:
    """A whole number; a counting word after it is taken off (CEL-029, or CEL-043 where it counts something else than the
    column does), anything else is CEL-028."""
    if len(raw) > LONGEST:
        return unknown(raw, "CEL-028")
    short = compact(raw).lstrip("'\u2018\u2019")
    if WHOLE.fullmatch(short):
        return value(int(short.partition(".")[0]), raw, *tidied(raw, short))
    body, word = _uncounted(short, kind)
    if GROUPED.fullmatch(body):
        body = body.replace(",", "")
    number = int(body.partition(".")[0]) if WHOLE.fullmatch(body) else parse_number(body, kind.lexicon)
    return unknown(raw, "CEL-028") if number is None else value(number, raw, _counted(str(number), word, kind))


def _uncounted(short: str, kind: Kind) -> tuple[str, str]:
    """(the number, the counting word after it, or '')."""
    found = kind.lexicon.counts.fullmatch(short)
    return (found[1], found[2] or found[3]) if found else (short, "")


def _counted(number: str, word: str, kind: Kind) -> Note:
    """A counting word of the column's own measure is mere form; people and times of help are not the same thing."""
    if not word or kind.measure in ("", kind.lexicon.measures.get(word)):
        return Note("CEL-029", number)
    return Note("CEL-043", number, {"unit": kind.measure, "said": word})


def integer_number(number: float, raw: str, _kind: Kind) -> Typed:
    if not math.isfinite(number) or abs(number) >= LIMIT or abs(number - round(number)) > 1e-9:
        return unknown(raw, "CEL-028")
    return value(round(number), raw)


def seq(typed: Typed) -> Typed:
    """A running number only numbers: what cannot be read is blank, it holds nobody back."""
    return typed if typed.state != "unknown" else Typed(BLANK, None, typed.raw)


def number_text(raw: str, kind: Kind) -> Typed:
    """A decimal; separators, marks and counting words taken off are CEL-029 or CEL-043, a rest is CEL-028."""
    short = compact(raw) if len(raw) <= LONGEST else ""
    body, word = _uncounted(short, kind)
    counted = bool(word) and not {kind.measure, kind.lexicon.measures.get(word, word)} <= {"", kind.lexicon.yuan}
    amount = read_amount(body if counted else raw, kind.lexicon)
    if amount is None or abs(amount.number) > LIMIT:
        return unknown(raw, "CEL-028")
    if counted:
        return value(amount.number, raw, _counted(format(amount.number, "f"), word, kind))
    if DECIMAL.fullmatch(short):
        return value(amount.number, raw, *tidied(raw, short))
    plain = format(amount.number, "f")  # a scale word leaves an exponent
    return value(Decimal(plain), raw, Note("CEL-030" if amount.scaled else "CEL-029", plain))


def number_number(number: float, raw: str, _kind: Kind) -> Typed:
    if not math.isfinite(number) or abs(number) > LIMIT:
        return unknown(raw, "CEL-028")
    return value(_without_noise(number), raw)


def _without_noise(number: float) -> Decimal:
    exact = Decimal(repr(number))
    near = exact.quantize(Decimal("1e-9"), ROUND_HALF_UP)
    return near.normalize() + 0 if abs(exact - near) < NOISE else exact


def percent_text(raw: str, kind: Kind) -> Typed:
    """'85%' -> Decimal('0.85'); a bare number is read as a number cell would be."""
    short = compact(raw) if len(raw) <= LONGEST else ""
    body = short.removesuffix("%")
    if not DECIMAL.fullmatch(body):
        return unknown(raw, "CEL-028")
    if body == short:
        return _percent(Decimal(body), raw)
    return value(Decimal(body).scaleb(-2), raw, *tidied(raw, short))


def percent_number(number: float, raw: str, _kind: Kind) -> Typed:
    if not math.isfinite(number) or abs(number) > LIMIT:
        return unknown(raw, "CEL-028")
    return _percent(_without_noise(number), raw)


def _percent(number: Decimal, raw: str) -> Typed:
    """A share above one and up to a hundred was typed in percent points: nobody means 85 times."""
    if 1 < abs(number) <= 100:
        return value(number.scaleb(-2), raw, Note("CEL-029", f"{format(number, 'f')}%"))
    return value(number, raw)
