"""In: a Book and the season; out: the Book with the season's optional fields and sheets switched on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pipeline.book.problems import Spot
from pipeline.book.spec import Book, Field, Form, Register, Resource
from pipeline.model import Season

LUMP = "lump"


def for_season(book: Book, season: Season, spot: Spot) -> Book:
    """`[fields]` of season.toml: form or form.sheet -> names (or titles) of fields or sheets to switch on.

    `channels = "lump"` replaces the collection channels by one sum. A name nothing answers to is a problem of season.toml.
    """
    forms = {name: _form(form, season, spot) for name, form in book.forms.items()}
    registers = {name: _register(register, season, spot) for name, register in book.registers.items()}
    for key in season.fields_on:
        owner, _, sheet = key.partition(".")
        known: Mapping[str, Form | Register] = {**book.forms, **book.registers}
        if owner not in known:
            spot.at("fields", key).unknown("unknown_form", owner, known)
        elif sheet and (owner not in book.forms or book.forms[owner].resource(sheet) is None):
            names = [r.name for r in book.forms[owner].resources] if owner in book.forms else []
            spot.at("fields", key).unknown("unknown_sheet", sheet, names)
    if season.channels not in ("by_unit", LUMP):
        spot.at("channels").unknown("unknown_choice", season.channels, ("by_unit", LUMP))
    if season.channels == LUMP:
        forms = {name: replace(form, resources=tuple(_lump(r) for r in form.resources)) for name, form in forms.items()}
    return replace(book, forms=forms, registers=registers)


def _form(form: Form, season: Season, spot: Spot) -> Form:
    """Fields named under the form or under one of its sheets go on; naming a sheet, or a field of it, brings the sheet."""
    wide = season.fields_on.get(form.name, frozenset())
    made, used = [], set()
    for sheet in form.resources:
        narrow = season.fields_on.get(f"{form.name}.{sheet.name}")
        place = spot.at("fields", f"{form.name}.{sheet.name}")
        _known(narrow or frozenset(), sheet.fields, place)
        new, found = _switched(sheet, wide | (narrow or frozenset()))
        asked = narrow is not None or bool({sheet.name, sheet.title} & wide)
        used |= found | ({sheet.name, sheet.title} & wide)
        made.append(replace(new, on=sheet.on or asked))
    known = [w for r in form.resources for w in (r.name, *(f.name for f in r.fields))]
    for word in sorted(wide - used):
        spot.at("fields", form.name).unknown("unknown_field", word, known)
    return replace(form, resources=tuple(made))


def _register(register: Register, season: Season, spot: Spot) -> Register:
    wanted = season.fields_on.get(register.name, frozenset())
    _known(wanted, register.resource.fields, spot.at("fields", register.name))
    return replace(register, resource=_switched(register.resource, wanted)[0])


def _known(wanted: frozenset[str], fields: tuple[Field, ...], spot: Spot) -> None:
    for word in sorted(wanted):
        if all(word not in (f.name, f.title) for f in fields):
            spot.unknown("unknown_field", word, (f.name for f in fields))


def _switched(sheet: Resource, wanted: frozenset[str]) -> tuple[Resource, set[str]]:
    """The sheet with the wanted fields on, and the words that were answered."""
    found = {w for f in sheet.fields for w in (f.name, f.title)} & wanted
    fields = tuple(replace(f, on=f.on or f.name in wanted or f.title in wanted) for f in sheet.fields)
    return replace(sheet, fields=fields), found


def _lump(sheet: Resource) -> Resource:
    """A sheet that has a `lump` field shows it instead of its grouped sums (the channels and their total)."""
    if sheet.field(LUMP) is None:
        return sheet
    fields = tuple(replace(f, on=f.name == LUMP if (f.name == LUMP or f.group) else f.on) for f in sheet.fields)
    return replace(sheet, fields=fields)
