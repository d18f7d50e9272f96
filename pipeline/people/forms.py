"""Persons as written in; what is compared of them out: one `Known` each, in the order of their keys."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.cells.accounts import ACCOUNT, DASHES, MOBILE, PREFIX
from pipeline.cells.ids import SCIENTIFIC
from pipeline.cells.text import compact, fold
from pipeline.model.linked import Person
from pipeline.people.names import NAMELESS, NameForm, name_form
from pipeline.people.numbers import GONE, NUMBERLESS, RESIDENT, NumberForm, number_form
from pipeline.people.tables import Tables

QUOTES = "'\u2018\u2019`\"\u201c\u201d"
FEWEST = 7  # digits of a telephone
DUMMY = re.compile(r"(.)\1+|0?1234567890?1?2?3?4?5?6?7?8?[0-9X]?")


@dataclass(slots=True)
class Known:
    """`born`: every birth date known (YYYYMMDD), apart from the number first; `apart`: the one not from the number."""

    at: int
    person: Person
    name: NameForm
    number: NumberForm
    tail: str
    phones: tuple[str, ...]
    account: str
    born: tuple[str, ...]
    apart: str
    unit: str


def known_people(people: Iterable[Person], tables: Tables) -> list[Known]:
    """Sorted by key, so that nothing after depends on the order of coming. Two equal keys are our mistake: ValueError."""
    rows = sorted(people, key=lambda p: p.key)
    names: dict[str, NameForm] = {"": NAMELESS}
    limits = (tables.limits["name_bits"], tables.limits["rarest_bits"])
    found, before = [], None
    for at, person in enumerate(rows):
        if person.key == before:
            raise ValueError(f"two persons with the key {person.key!r}")
        before = person.key
        name = names.get(person.name)
        if name is None:
            name = names[person.name] = name_form(person.name, tables.hanzi, tables.lexicon, limits)
        number = number_form(person.number)
        if number.state and not number.sure and is_dummy(number):
            number = NUMBERLESS
        apart = person.born.strftime("%Y%m%d") if person.born else ""
        born = (apart, number.born) if number.born and number.born != apart else (apart,)
        found.append(
            Known(
                at,
                person,
                name,
                number,
                _tail(person, number),
                phones(person.phone) if person.phone else (),
                account(person.account) if person.account else "",
                tuple(b for b in born if b),
                apart,
                person.unit,
            )
        )
    return found


def _tail(person: Person, number: NumberForm) -> str:
    if number.kind == RESIDENT and (number.digits or number.key):
        tail = (number.digits or number.key)[-4:]
        return "" if GONE in tail else tail
    return compact(person.tail).upper()[-4:] if person.tail else ""


def phones(raw: str) -> tuple[str, ...]:
    """The telephone numbers of a cell, digits only, country prefix off; what is none is left out."""
    if MOBILE.fullmatch(raw):
        return (raw,)
    found = []
    for part in re.split("[,;/\u3001\uff0c\uff1b]", compact(raw[:100]).strip(QUOTES)):
        digits = DASHES.sub("", part.removesuffix(".0"))
        mobile = PREFIX.fullmatch(digits)
        number = mobile[1] if mobile else re.sub("[^0-9]", "", digits)
        if len(number) >= FEWEST and not DUMMY.fullmatch(number) and number not in found:
            found.append(number)
    return tuple(found)


def account(raw: str) -> str:
    """A bank account's digits, '' for what is none or was cut by a spreadsheet."""
    text = compact(raw[:100]).strip(QUOTES)
    if SCIENTIFIC.fullmatch(text):
        return ""
    digits = DASHES.sub("", text.removesuffix(".0"))
    return digits if ACCOUNT.fullmatch(digits) and not DUMMY.fullmatch(digits) else ""


def same_name(a: str, b: str) -> bool:
    """Two names of holders or units as a clerk writes them."""
    return bool(a) and fold(a) == fold(b)


def is_dummy(number: NumberForm) -> bool:
    """One sign repeated or counted up: filled in to please the form, it says nothing about anybody."""
    return bool(DUMMY.fullmatch(number.key or number.digits))
