"""Money: what a clerk wrote in, integer fen out, and fen in, digits or words of amount out. No float survives here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from pipeline.cells.lexicon import Lexicon
from pipeline.cells.text import compact
from pipeline.cells.typed import Kind, Note, Typed, tidied, unknown, value

LIMIT = 10**15  # fen: ten trillion yuan; beyond it a double no longer holds the cents
LONGEST = 200  # no amount, number or date is longer; whatever is goes back unread
DUST = Decimal("0.000001")  # yuan, domain.md C3 19
CENT = Decimal("0.01")
BARE = re.compile(r"-?[0-9]{1,18}(?:\.[0-9]{1,20})?")
QUOTES = "'\u2018\u2019\u0060"
SIMPLE = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,2})?")


# -- fen to text ------------------------------------------------------------------------------------


def plain(fen: int) -> str:
    """123450 -> '1234.50'."""
    sign, fen = ("-", -fen) if fen < 0 else ("", fen)
    return f"{sign}{fen // 100}.{fen % 100:02d}"


def fen_text(fen: int) -> str:
    """123450 -> '1,234.50'."""
    sign, fen = ("-", -fen) if fen < 0 else ("", fen)
    return f"{sign}{fen // 100:,}.{fen % 100:02d}"


def words(fen: int, lexicon: Lexicon) -> str:
    """The amount in capital words as the payment rules ask (domain.md C1, C5): yuan end with 'whole', fen never do."""
    sign, fen = (lexicon.minus, -fen) if fen < 0 else ("", fen)
    yuan, jiao, cent = fen // 100, fen // 10 % 10, fen % 10
    text = sign + (_number_words(yuan, lexicon) + lexicon.yuan if yuan or not fen else "")
    if not jiao and not cent:
        return text + lexicon.whole
    if jiao:
        text += lexicon.digits[jiao] + lexicon.jiao
    elif yuan:
        text += lexicon.digits[0]
    return text + (lexicon.digits[cent] + lexicon.fen if cent else "")


def _number_words(number: int, lexicon: Lexicon) -> str:
    if number < 10_000:
        return _section_words(number, lexicon)
    power, group = (10**8, lexicon.groups[1]) if number >= 10**8 else (10**4, lexicon.groups[0])
    high, low = divmod(number, power)
    text = _number_words(high, lexicon) + group
    if not low:
        return text
    return text + (lexicon.digits[0] if low < power // 10 else "") + _number_words(low, lexicon)


def _section_words(number: int, lexicon: Lexicon) -> str:
    if not number:
        return lexicon.digits[0]
    text, gap = "", False
    for power, unit in ((1000, 2), (100, 1), (10, 0), (1, None)):
        digit = number // power % 10
        if not digit:
            gap = bool(text)
            continue
        text += (
            (lexicon.digits[0] if gap else "") + lexicon.digits[digit] + ("" if unit is None else lexicon.units[unit])
        )
        gap = False
    return text


# -- text to fen ------------------------------------------------------------------------------------


def parse_words(text: str, lexicon: Lexicon) -> tuple[int, bool] | None:
    """An amount in words -> (fen, written as the payment rules ask?); None when it is not one."""
    text = compact(text)[:LONGEST]
    for prefix in lexicon.word_prefixes:
        text = text.removeprefix(prefix)
    formal = text.translate(lexicon.accepted)
    common = formal.translate(lexicon.informal)
    fen = _words_to_fen(common, lexicon)
    return (
        None
        if fen is None
        else (fen, common == formal and lexicon.yuan + lexicon.jiao + lexicon.fen != "" and _named(common, lexicon))
    )


def _named(text: str, lexicon: Lexicon) -> bool:
    return any(name in text for name in (lexicon.yuan, lexicon.jiao, lexicon.fen))


def _words_to_fen(text: str, lexicon: Lexicon) -> int | None:
    sign = -1 if text.startswith(lexicon.minus) else 1
    text = text.removeprefix(lexicon.minus)
    text = text.removesuffix(lexicon.whole) if lexicon.whole else text
    head, yuan, tail = text.partition(lexicon.yuan) if lexicon.yuan else (text, "", "")
    if not yuan and _named(text, lexicon):
        head, tail = "", text
    amount = 0
    if head or yuan:
        number = parse_number(head, lexicon)
        if number is None:
            return None
        amount = number * 100
    cents = _cents(tail, lexicon)
    return None if cents is None or not text else sign * (amount + cents)


def _cents(tail: str, lexicon: Lexicon) -> int | None:
    total, rest = 0, tail
    for name, worth in ((lexicon.jiao, 10), (lexicon.fen, 1)):
        zero = lexicon.digits[0]
        body = rest.removeprefix(zero) if len(rest) > 2 else rest
        if len(body) >= 2 and body[1] == name and body[0] in lexicon.digits:
            total += lexicon.digits.index(body[0]) * worth
            rest = body[2:]
    return total if not rest or rest == lexicon.digits[0] else None


def parse_number(text: str, lexicon: Lexicon) -> int | None:
    """A whole number in Chinese words (any accepted or informal spelling) -> int; None when it is not one."""
    text = text.translate(lexicon.accepted).translate(lexicon.informal)
    return _parse_groups(text, lexicon) if 0 < len(text) <= 60 else None


def _parse_groups(text: str, lexicon: Lexicon) -> int | None:
    for name, power in ((lexicon.groups[1], 10**8), (lexicon.groups[0], 10**4)):
        if name and name in text:
            left, _, right = text.rpartition(name)
            if name in left:
                return None
            high = _parse_groups(left, lexicon)
            low = _parse_groups(right, lexicon) if right else 0
            return None if not high or low is None or low >= power else high * power + low
    return _parse_section(text, lexicon)


def _parse_section(text: str, lexicon: Lexicon) -> int | None:
    total, digit, last = 0, None, 4
    for place, sign in enumerate(text):
        if sign in lexicon.digits and sign:
            if digit:
                return None
            digit = lexicon.digits.index(sign)
        elif sign in lexicon.units and sign:
            power = lexicon.units.index(sign) + 1
            if power >= last or (not digit and not (power == 1 and _may_omit_one(text, place, lexicon))):
                return None
            total, digit, last = total + (digit or 1) * 10**power, None, power
        else:
            return None
    if digit and total and last > 1 and text[-2:-1] != lexicon.digits[0]:
        return None  # three thousand five: five or five hundred? nobody can tell
    return total + (digit or 0) if text else None


def _may_omit_one(text: str, place: int, lexicon: Lexicon) -> bool:
    return place == 0 or text[place - 1] == lexicon.digits[0]


# -- cells ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Amount:
    """A number as read: the decimal, whether marks were taken off, whether a scale word multiplied it."""

    number: Decimal
    marks: bool = False
    scaled: bool = False


def read_amount(text: str, lexicon: Lexicon) -> Amount | None:
    """Digits with currency marks, thousands separators or a scale, words, or both in brackets when they agree."""
    if len(text) > LONGEST:
        return None
    short = compact(text).lstrip(QUOTES)
    if lexicon.yuan and short.endswith(f"({lexicon.yuan})"):
        short = short[: -len(lexicon.yuan) - 2] + lexicon.yuan
    if not short or len(short) > 80:
        return None
    if SIMPLE.fullmatch(short):
        return Amount(Decimal(short), short != text)
    if short[-1] == ")" and "(" in short[1:]:
        left, _, right = short[:-1].partition("(")
        both = _one_amount(left, lexicon), _one_amount(right, lexicon)
        agree = both[0] and both[1] and both[0].number == both[1].number
        return Amount(both[0].number, True, both[0].scaled) if agree and both[0] else None
    return _one_amount(short, lexicon)


def _one_amount(short: str, lexicon: Lexicon) -> Amount | None:
    match = lexicon.money.fullmatch(short)
    if not match:
        spoken = parse_words(short, lexicon)
        return Amount(Decimal(spoken[0]) / 100, True) if spoken else None
    number = Decimal(match["number"].replace(",", ""))
    power = lexicon.scales.get(match["scale"] or "", 0)
    number = number.scaleb(power) if power else number
    return Amount(-number if match["minus"] else number, not BARE.fullmatch(short), bool(power))


def to_fen(number: Decimal) -> tuple[int, str] | None:
    """Yuan -> (fen, '' exact | 'dust' | 'cut' more than two decimals); None when not finite or beyond LIMIT."""
    if not number.is_finite() or abs(number) > LIMIT // 100:
        return None
    rounded = number.quantize(CENT, ROUND_HALF_UP)
    fen = int(rounded.scaleb(2))
    if rounded == number:
        return fen, ""
    return fen, "dust" if abs(number - rounded) < DUST else "cut"


def money_text(raw: str, kind: Kind) -> Typed:
    """A text cell in a money column -> fen (CEL-028, 029, 030, 032; form repairs CEL-005, 006)."""
    amount = read_amount(raw, kind.lexicon)
    return unknown(raw, "CEL-028") if amount is None else _money(raw, amount, kind)


def money_number(number: float, raw: str, kind: Kind) -> Typed:
    """A number cell in a money column -> fen; the decimal is that of the double's shortest text."""
    return _money(raw, Amount(Decimal(repr(number))), kind)


def _money(raw: str, amount: Amount, kind: Kind) -> Typed:
    found = to_fen(amount.number)
    if found is None:
        return unknown(raw, "CEL-028")
    fen, how = found
    if not amount.marks and not how and not 0 < fen < kind.small:
        return Typed("value", fen, raw)
    notes: list[Note] = []
    if how == "cut":
        notes.append(Note("CEL-032", plain(fen)))
    if amount.scaled or 0 < fen < kind.small:
        notes.append(Note("CEL-030", plain(fen)))
    elif how == "dust":
        notes.append(Note("CEL-029", plain(fen)))
    if amount.marks and not amount.scaled:
        short = compact(raw).lstrip(QUOTES)
        notes.extend(
            (Note(tidied(raw, short)[0].rule, plain(fen)),)
            if SIMPLE.fullmatch(short)
            else (Note("CEL-029", plain(fen)),)
        )
    return value(fen, raw, *notes)


def words_cell(raw: str, kind: Kind) -> Typed:
    """An amount in words stays text, spelt as the rules ask; what cannot be read is CEL-028."""
    parsed = parse_words(raw, kind.lexicon) if len(raw) <= LONGEST else None
    if parsed is None:
        amount = read_amount(raw, kind.lexicon)
        found = to_fen(amount.number) if amount else None
        if found is None:
            return unknown(raw, "CEL-028")
        parsed = (found[0], False)
    short = compact(raw)
    if parsed[1]:
        return value(short, raw, *tidied(raw, short))
    text = words(parsed[0], kind.lexicon)
    return value(text, raw, Note("CEL-029", text))
