"""Dates and months: every way people write them in, a `date` out (a month is its first day)."""

from __future__ import annotations

import math
import re
from datetime import date, datetime, time, timedelta

from pipeline.cells.lexicon import Lexicon
from pipeline.cells.money import LONGEST
from pipeline.cells.text import clean, compact
from pipeline.cells.typed import UNKNOWN, Kind, Note, Typed, tidied, unknown, value

FIRST_YEAR, LAST_YEAR = 1900, 2100
FIRST_SERIAL_YEAR = 1920  # a smaller serial is far likelier a run of digits such as 1115
FIRST_CELL_YEAR = 1905  # before it a date cell holds a zero or negative day number, or a month and day
BASE, BASE_1904 = date(1899, 12, 30), date(1904, 1, 1)
LEAP_DAY = date(1900, 3, 1)  # a day number before it is one smaller: spreadsheets count a 29 February 1900
ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
CLOCK = re.compile(r"[T ]?[0-9]{1,2}:[0-9]{1,2}(?::[0-9]{1,2}(?:\.[0-9]{1,9})?)?Z?$")
SEPARATOR = re.compile(r"[-./\\,\u3001\u3002\u00b7\u2010-\u2015\u2212~|_]")
RUN = re.compile(r"[ -]{1,60}")
MONTH_ONLY = re.compile(r"[0-9]{4}[-.][0-9]{2}")
DAY, MONTH = "date", "month"


def parse(text: str, kind: Kind) -> tuple[date, bool] | None:
    """A written date -> (date, was the year inferred?); None when it is none or does not exist."""
    return _build(split(text, kind.lexicon), kind)


def split(text: str, lexicon: Lexicon) -> tuple[str, ...]:
    """The number groups of a written date, '2020年1月15日' -> ('2020', '1', '15'); () when anything else is in it."""
    if len(text) > LONGEST:
        return ()
    text = CLOCK.sub("", lexicon.date_tail.sub("", clean(" ".join(map(compact, clean(text).split(" "))))).strip())
    for word in lexicon.first_month:
        text = text.replace(word, "1" + lexicon.month_words[-1])
    text = _digits(text, lexicon)
    day_named = text.endswith(lexicon.day_words) if lexicon.day_words else False
    for word in (*lexicon.year_words, *lexicon.month_words):
        text = text.replace(word, "-")
    for word in lexicon.day_words:
        text = text.removesuffix(word)
    month_end = text.endswith("-")
    parts = tuple(RUN.sub("-", SEPARATOR.sub("-", text.lstrip("'\u2018\u2019"))).strip("-").split("-"))
    if not all(part.isascii() and part.isdigit() for part in parts) or (day_named and month_end):
        return ()
    return parts if len(parts) > 1 or not day_named else ()


def _digits(text: str, lexicon: Lexicon) -> str:
    """Chinese numerals of a date as digits: signs one by one, tens as tens."""
    if text.isascii() or not any(sign in lexicon.tens or ord(sign) in lexicon.date_digits for sign in text):
        return text
    text = text.translate(lexicon.date_digits)
    for sign, worth in lexicon.tens.items():
        head, *rest = text.split(sign)
        for tail in rest:
            before, after = head[-1:].isdigit(), tail[:1].isdigit()
            tens = int(head[-1]) if before else worth // 10
            head = (head[:-1] if before else head) + (str(tens) if after else str(tens * 10)) + tail
        text = head
    return text


def _build(parts: tuple[str, ...], kind: Kind) -> tuple[date, bool] | None:
    sizes = tuple(map(len, parts))
    if max(sizes, default=9) > 8:
        return None
    numbers = tuple(map(int, parts))
    if sizes == (8,):
        return _exists(numbers[0] // 10000, numbers[0] // 100 % 100, numbers[0] % 100)
    if len(parts) == 3 and max(sizes) <= 4:
        return _three(numbers, sizes, kind.years)
    if len(parts) == 2 and max(sizes) <= 2:
        found = _exists(season_year(numbers[0], kind.years), *numbers)
        return (found[0], True) if found else None
    return None


def _three(numbers: tuple[int, ...], sizes: tuple[int, ...], years: tuple[int, int]) -> tuple[date, bool] | None:
    if sizes[0] == 4:
        return _exists(*numbers) if max(sizes[1:]) <= 2 else None
    if sizes[2] == 4 and max(sizes[:2]) <= 2:
        first, second, year = numbers
        if (first > 12) == (second > 12) and first != second:
            return None  # 1/5/2020: January or May
        return _exists(year, second, first) if first > 12 else _exists(year, first, second)
    if max(sizes) == 2 == sizes[0]:
        season = next((y for y in years if y % 100 == numbers[0]), None)
        found = _exists(season, *numbers[1:]) if season else None
        return (found[0], True) if found else None
    return None


def _exists(year: int, month: int, day: int) -> tuple[date, bool] | None:
    try:
        found = date(year, month, day)
    except (ValueError, OverflowError):
        return None
    return (found, False) if FIRST_YEAR <= year <= LAST_YEAR else None


def season_year(month: int, years: tuple[int, int]) -> int:
    """The year of a month in a season that begins in autumn: July to December belong to its first year."""
    return years[0] if month >= 7 else years[1]


def from_serial(number: float, kind: Kind) -> date | None:
    """An Excel day number -> date; None for what is no day of ours (before 1920 or the column's first year, after 2100)."""
    if not math.isfinite(number) or not 1 <= number < 80_000:
        return None
    found = (BASE_1904 if kind.date1904 else BASE) + timedelta(days=int(number))
    return found if max(FIRST_SERIAL_YEAR, kind.since) <= found.year <= LAST_YEAR else None


# -- cells ------------------------------------------------------------------------------------------


def date_text(raw: str, kind: Kind) -> Typed:
    """A text cell in a date column (CEL-033, 034, 035)."""
    if ISO.fullmatch(raw):
        found = _exists(int(raw[:4]), int(raw[5:7]), int(raw[8:]))
        return value(found[0], raw) if found else unknown(raw, "CEL-033")
    if len(raw) == 5 and raw.isascii() and raw.isdigit():
        serial = from_serial(float(raw), kind)
        return _normal(serial, raw) if serial else unknown(raw, "CEL-033")
    parsed = parse(raw, kind)
    if parsed is None:
        return unknown(raw, "CEL-033")
    found_date, inferred = parsed
    if inferred:
        return value(found_date, raw, Note("CEL-035", found_date.isoformat()))
    return _normal(found_date, raw)


def _normal(found: date, raw: str) -> Typed:
    text = found.isoformat()
    return value(found, raw) if text == raw else value(found, raw, Note("CEL-034", text))


def date_number(number: float, raw: str, kind: Kind) -> Typed:
    """A number cell in a date column: a day number, eight digits, or a decimal nobody can be sure of (CEL-036)."""
    if not math.isfinite(number):
        return unknown(raw, "CEL-033")
    if number == int(number):
        eight = _build((str(int(number)),), kind) if 10_000_000 <= number < 100_000_000 else None
        found = eight[0] if eight else from_serial(number, kind)
        return _normal(found, raw) if found else unknown(raw, "CEL-033")
    if 1 <= number < 13:
        return _month_and_day(number, raw, kind)
    if FIRST_YEAR <= number < LAST_YEAR:
        return _doubtful(raw)
    found = from_serial(number, kind)
    return _normal(found, raw) if found else unknown(raw, "CEL-033")


def _doubtful(raw: str) -> Typed:
    return Typed(UNKNOWN, None, raw, (Note("CEL-036", "", {"val": raw}),))


def _month_and_day(number: float, raw: str, kind: Kind) -> Typed:
    month, _, digits = repr(number).partition(".")
    if len(digits) > 2:
        return unknown(raw, "CEL-033")
    year = season_year(int(month), kind.years)
    short, long = _exists(year, int(month), int(digits)), _exists(year, int(month), int(digits) * 10)
    if len(digits) == 1 and long:
        return _doubtful(raw)
    if not short:
        return unknown(raw, "CEL-033")
    return value(short[0], raw, Note("CEL-036", short[0].isoformat(), {"val": raw}))


def date_moment(moment: object, raw: str, kind: Kind) -> Typed:
    """A date cell. One that shows an implausible day is judged by the number in it: 2020.1 typed into a cell of dates
    shows a day of 1905. Only a time is no date of ours."""
    if not isinstance(moment, date):
        return unknown(raw, "CEL-033")
    number = _odd_number(moment, kind)
    if number is not None:
        typed = date_number(number, _shown(number), kind)
        return unknown(raw, "CEL-033") if typed.state == UNKNOWN and _is_day_number(number) else typed
    if not isinstance(moment, datetime):
        return value(moment, raw)
    found = moment.date()
    timed = moment.time().replace(microsecond=0) != time()
    return value(found, raw, Note("CEL-034", found.isoformat())) if timed else value(found, raw)


def _odd_number(moment: date, kind: Kind) -> float | None:
    """The number a date cell holds where its day is none the column can mean or the number reads as a year; else None."""
    since = max(FIRST_CELL_YEAR, kind.since)
    if moment.year > max(FIRST_SERIAL_YEAR, since) and moment.year <= LAST_YEAR:
        return None
    clock = moment if isinstance(moment, datetime) else datetime.combine(moment, time())
    days = (clock - datetime.combine(BASE_1904 if kind.date1904 else BASE, time())) / timedelta(days=1)
    number = round(days - (not kind.date1904 and clock.date() < LEAP_DAY), 6)
    return None if since <= moment.year <= LAST_YEAR and not FIRST_YEAR <= number <= LAST_YEAR else number


def _is_day_number(number: float) -> bool:
    """A whole number nobody types for a year or for digits of a date: the cell is quoted as the day it shows."""
    return number == int(number) and (number < 1 or LAST_YEAR < number < 190_000)


def _shown(number: float) -> str:
    return str(int(number)) if number == int(number) else repr(number)


# -- months -----------------------------------------------------------------------------------------


def month_text(raw: str, kind: Kind) -> Typed:
    """A text cell in a month column; a full date gives its month."""
    parts = split(raw, kind.lexicon)
    sizes = tuple(map(len, parts))
    found = None
    if sizes == (6,):
        found = _exists(int(parts[0][:4]), int(parts[0][4:]), 1)
    elif len(sizes) == 2 and sizes[0] == 4 and sizes[1] <= 2:
        found = _exists(int(parts[0]), int(parts[1]), 1)
    elif len(sizes) == 3 or sizes == (8,):
        found = _build(parts, kind)
        if found and found[1]:
            first = found[0].replace(day=1)
            return value(first, raw, Note("CEL-035", month_of(first)))
    if found is None:
        return unknown(raw, "CEL-033")
    first = found[0].replace(day=1)
    if MONTH_ONLY.fullmatch(raw):
        return value(first, raw)
    return value(
        first,
        raw,
        *(tidied(raw, compact(raw)) if MONTH_ONLY.fullmatch(compact(raw)) else (Note("CEL-034", month_of(first)),)),
    )


def month_number(number: float, raw: str, kind: Kind) -> Typed:
    """196805, 1968.05, 1968.5 or a day number; 1968.1 may be January or October (CEL-036)."""
    if not math.isfinite(number):
        return unknown(raw, "CEL-033")
    if number == int(number):
        six = _exists(int(number) // 100, int(number) % 100, 1) if 190_000 <= number < 210_100 else None
        found = six[0] if six else None
        if found is None:
            typed = date_number(number, raw, kind)
            found = typed.value.replace(day=1) if typed.value else None
        return value(found, raw, Note("CEL-034", month_of(found))) if found else unknown(raw, "CEL-033")
    year, _, digits = repr(number).partition(".")
    if not FIRST_YEAR <= number < LAST_YEAR + 1 or len(digits) > 2:
        serial = from_serial(number, kind)
        return (
            value(serial.replace(day=1), raw, Note("CEL-034", month_of(serial))) if serial else unknown(raw, "CEL-033")
        )
    if digits == "1":
        return _doubtful(raw)
    exact = _exists(int(year), int(digits), 1)
    if not exact:
        return unknown(raw, "CEL-033")
    return value(exact[0], raw) if len(digits) == 2 else value(exact[0], raw, Note("CEL-034", month_of(exact[0])))


def month_moment(moment: object, raw: str, kind: Kind) -> Typed:
    """A date cell in a month column; 1968.05 or 196805 typed into it is judged as the number it is."""
    number = _odd_number(moment, kind) if isinstance(moment, date) else None
    if number is not None and not _is_day_number(number):
        return month_number(number, _shown(number), kind)
    typed = date_moment(moment, raw, kind)
    return value(typed.value.replace(day=1), raw) if typed.value else typed


def month_of(day: date) -> str:
    """The written form of a month: 1968-05."""
    return f"{day.year:04d}-{day.month:02d}"
