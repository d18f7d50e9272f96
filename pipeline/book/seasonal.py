"""In: a Book and the season; out: the Book with the season's optional fields and sheets switched on."""

from __future__ import annotations

from dataclasses import replace

from pipeline.book.problems import Spot
from pipeline.book.spec import Book, Form, Register, Resource
from pipeline.model import Season

LUMP = "lump"


def for_season(book: Book, season: Season, spot: Spot) -> Book:
    """`[fields]` of season.toml: form or form.sheet -> names (or titles) of fields or sheets to switch on.

    `channels = "lump"` replaces the collection channels by one sum. A name nothing answers to: season_names.py.
    """
    forms = {name: _form(form, season) for name, form in book.forms.items()}
    registers = {name: _register(register, season) for name, register in book.registers.items()}
    if season.channels not in ("by_unit", LUMP):
        spot.at("channels").unknown("unknown_choice", season.channels, ("by_unit", LUMP))
    if season.channels == LUMP:
        forms = {name: replace(form, resources=tuple(_lump(r) for r in form.resources)) for name, form in forms.items()}
    return replace(book, forms=forms, registers=registers)


def _form(form: Form, season: Season) -> Form:
    """Fields named under the form or under one of its sheets go on; naming a sheet, or a field of it, brings the sheet."""
    wide = season.fields_on.get(form.name, frozenset())
    made = []
    for sheet in form.resources:
        narrow = season.fields_on.get(f"{form.name}.{sheet.name}")
        asked = narrow is not None or bool({sheet.name, sheet.title} & wide)
        made.append(replace(_switched(sheet, wide | (narrow or frozenset())), on=sheet.on or asked))
    return replace(form, resources=tuple(made))


def _register(register: Register, season: Season) -> Register:
    return replace(register, resource=_switched(register.resource, season.fields_on.get(register.name, frozenset())))


def _switched(sheet: Resource, wanted: frozenset[str]) -> Resource:
    """The sheet with the wanted fields on, by name or title."""
    fields = tuple(replace(f, on=f.on or f.name in wanted or f.title in wanted) for f in sheet.fields)
    return replace(sheet, fields=fields)


def _lump(sheet: Resource) -> Resource:
    """A sheet that has a `lump` field shows it instead of its grouped sums (the channels and their total).

    In a form with the channels, as other seasons have it, the column of their total is the sum that is asked for.
    """
    lump = sheet.field(LUMP)
    if lump is None:
        return sheet
    names = [w for f in sheet.fields if f.group and f.computed == "total" for w in (f.title, *f.synonyms)]
    lump = replace(lump, synonyms=(*lump.synonyms, *names))
    fields = (replace(lump, on=True) if f.name == LUMP else replace(f, on=f.on and not f.group) for f in sheet.fields)
    return replace(sheet, fields=tuple(fields))
