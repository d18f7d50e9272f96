"""The one door from a raw cell to a typed one: what the container gave and the column's kind in, a Typed value out."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Container, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from pipeline.cells import accounts, codes, dates, ids, money, names, numbers
from pipeline.cells.text import BLANKS, INVISIBLE, legal
from pipeline.cells.typed import NOTHING, UNKNOWN, Kind, Note, Typed, unknown, value

TextReader = Callable[[str, Kind], Typed]
NumberReader = Callable[[float, str, Kind], Typed]

_TEXT: Mapping[str, TextReader] = {
    "text": names.text_cell,
    "unit": names.text_cell,
    "name": names.name_cell,
    "signature": names.signature_cell,
    "id_number": ids.id_text,
    "tail": ids.tail_text,
    "mobile": accounts.mobile_text,
    "phone": accounts.phone_text,
    "account": accounts.account_text,
    "code_text": accounts.code_text,
    "words": money.words_cell,
    "money": money.money_text,
    "number": numbers.number_text,
    "percent": numbers.percent_text,
    "integer": numbers.integer_text,
    "seq": lambda raw, kind: numbers.seq(numbers.integer_text(raw, kind)),
    "date": dates.date_text,
    "month": dates.month_text,
    "tick": codes.tick_cell,
    "code": codes.code_cell,
    "codes": codes.codes_cell,
}
_NUMBER: Mapping[str, NumberReader] = {
    "text": names.text_number,
    "unit": names.text_number,
    "id_number": ids.id_number,
    "tail": ids.tail_number,
    "mobile": accounts.mobile_number,
    "phone": accounts.phone_number,
    "account": accounts.account_number,
    "code_text": accounts.code_number,
    "money": money.money_number,
    "number": numbers.number_number,
    "percent": numbers.percent_number,
    "integer": numbers.integer_number,
    "seq": lambda number, raw, kind: numbers.seq(numbers.integer_number(number, raw, kind)),
    "date": dates.date_number,
    "month": dates.month_number,
    "tick": codes.tick_number,
}
# what an unreadable cell of a kind is called; every other kind says CEL-002 (something stands there, but no content)
_FAILURE = {
    **dict.fromkeys(("money", "number", "percent", "integer", "seq", "words"), "CEL-028"),
    **dict.fromkeys(("date", "month"), "CEL-033"),
    **dict.fromkeys(("code", "codes", "tick"), "CEL-003"),
    "id_number": "CEL-015",
    "tail": "CEL-015",
    "account": "CEL-026",
    "name": "CEL-010",
}
_OWN_PLACEHOLDERS = frozenset(("code", "codes", "tick"))  # 'none' may be a value of the list itself
_QUOTED = re.compile(r'\s*="([^"=]{0,200})"\s*')
_LITERAL = re.compile(r"#{2,255}|[#E][A-Z0-9/_:?!r]{2,15}")


def read_cell(raw: object, kind: Kind) -> Typed:
    """Type one cell. `raw`: what calamine gives (str, float, int, bool, datetime, date, time, timedelta, '') or None.

    Never raises for any content. Blank, blanks only and invisible signs only are blank. An error value or a formula
    without result is told by `error_cell` / `uncached_cell`, from what the pre-scan found.
    """
    if isinstance(raw, str):
        return _read_text(raw, kind) if raw else NOTHING
    if raw is None:
        return NOTHING
    if isinstance(raw, bool):
        return _read_bool(raw, kind)
    if isinstance(raw, (float, int)):
        return _read_number(raw, kind)
    return _read_moment(raw, kind)


def _read_text(raw: str, kind: Kind) -> Typed:
    quoted = _QUOTED.fullmatch(raw)
    if quoted:  # how a csv keeps digits as text
        typed = read_cell(quoted[1], kind)
        if typed.state == "blank":
            return typed
        notes = tuple(n for n in typed.notes if n.rule != "CEL-005")
        return Typed(typed.state, typed.value, legal(raw), (Note("CEL-005", legal(quoted[1])), *notes))
    lexicon, shown = kind.lexicon, legal(raw)
    if raw.isspace() or (not raw.isprintable() and not BLANKS.sub("", INVISIBLE.sub("", shown))):
        return Typed("blank", None, shown)
    text = shown.strip() if len(shown) <= 24 else ""
    if text:
        if _is_error(text, lexicon.error_values):
            return error_cell(shown)
        if text in lexicon.ditto:
            return _failed(shown, kind, ditto="yes")
        if text in lexicon.placeholders and kind.name not in _OWN_PLACEHOLDERS:
            return codes.placeholder(shown, kind)
    typed = _TEXT[kind.name](shown, kind)
    if typed.state == "value" and isinstance(typed.value, str) and _is_error(typed.value, lexicon.error_values):
        return error_cell(shown)  # an error value written in full-width signs
    if shown == raw or typed.state == UNKNOWN or any(note.rule == "CEL-005" for note in typed.notes):
        return typed
    return Typed(typed.state, typed.value, typed.raw, (Note("CEL-005", shown), *typed.notes))


def _is_error(text: str, known: Container[str]) -> bool:
    return text in known or (text[:1] == "#" and _LITERAL.fullmatch(text) is not None)


def _read_number(raw: float, kind: Kind) -> Typed:
    shown = number_text(raw)
    number = float(raw) if isinstance(raw, int) and abs(raw) < 2**1000 else raw
    if isinstance(number, int):
        return _failed(shown, kind)
    reader = _NUMBER.get(kind.name)
    if reader is not None:
        return reader(number, shown, kind)
    if kind.name == "words" and math.isfinite(number):
        return money.words_cell(format(number, "f"), kind) if abs(number) < 1e13 else _failed(shown, kind)
    return _TEXT[kind.name](shown, kind)


def _read_bool(raw: bool, kind: Kind) -> Typed:
    shown = "TRUE" if raw else "FALSE"
    if kind.name == "tick":
        return value(raw, shown)
    return _TEXT[kind.name](shown, kind)


def _read_moment(raw: object, kind: Kind) -> Typed:
    shown = moment_text(raw)
    if kind.name == "date":
        return dates.date_moment(raw, shown, kind)
    if kind.name == "month":
        return dates.month_moment(raw, shown, kind)
    if kind.name in ("text", "unit", "code_text", "signature"):
        return value(shown, shown)
    return _failed(shown, kind)


def _failed(shown: str, kind: Kind, **facts: str) -> Typed:
    rule = _FAILURE.get(kind.name, "CEL-002")
    if rule == "CEL-003":
        facts["near"] = ""
    elif rule == "CEL-015":
        facts["id_type"] = kind.lexicon.id_words.get("tail" if kind.name == "tail" else "resident", "")
    return unknown(shown, "CEL-002" if rule == "CEL-010" and facts.get("ditto") else rule, **facts)


def error_cell(text: str) -> Typed:
    """A cell whose value is an error such as #REF! (CEL-037)."""
    return unknown(text, "CEL-037", val=text)


def uncached_cell(formula: str = "") -> Typed:
    """A formula nobody ever computed, or one that looks into another file (CEL-038)."""
    return unknown(formula, "CEL-038")


def picture_cell(kind: Kind) -> Typed:
    """A picture inside the cell (WPS =DISPIMG): in a signature column it counts as signed."""
    return value(kind.lexicon.picture, kind.lexicon.picture)


def number_text(number: float) -> str:
    """A number as its reader sees it: whole numbers whole, at most the fifteen digits a spreadsheet keeps."""
    if isinstance(number, int):
        return str(number) if abs(number) < 10**15 else f"{number:.15G}" if abs(number) < 10**300 else "#"
    if not math.isfinite(number):
        return str(number)
    if number == int(number) and abs(number) < 1e15:
        return str(int(number))
    return f"{number:.15G}"


def moment_text(moment: Any) -> str:
    """A date or time cell as text: 2020-01-15, with the time only where there is one."""
    if isinstance(moment, datetime):
        day, clock = moment.date().isoformat(), moment.time().replace(microsecond=0)
        return day if clock == time() else f"{day} {clock.isoformat()}"
    if isinstance(moment, (date, time)):
        return moment.isoformat()
    return str(moment) if isinstance(moment, timedelta) else legal(str(moment))
