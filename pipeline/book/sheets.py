"""In: forms/*.yaml and registers/*.yaml as plain mappings; out: Form, Register and the cover with its head block."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.book import words_in as read
from pipeline.book.fields import fields
from pipeline.book.problems import Spot
from pipeline.book.spec import CodeList, Field, Form, Register, Resource

FORM_KEYS = ("name", "title", "x-version", "x-zero", "x-synonyms", "x-guide", "resources")
SHEET_KEYS = (
    "primaryKey", "schema", "x-synonyms", "x-rows", "x-prefilled", "x-default", "x-required", "x-layout", "x-items", "x-note", "x-key-else",
)  # fmt: skip
RESOURCE_KEYS = ("name", "title", *SHEET_KEYS)
REGISTER_KEYS = (
    "name", "title", "x-version", "x-merge", "x-area", "x-workbook", "x-need", "x-head", "x-foreign", *SHEET_KEYS,
)  # fmt: skip
SCHEMA_KEYS = ("fields", "missingValues", "foreignKeys")
COVER_KEYS = ("title", "x-synonyms", "x-yes", "x-no", "x-note", "fields")
ITEM_KEYS = ("code", "label", "measure", "from", "where", "by", "parts", "of")
PREFILLED = ("R3", "approval", "codes")

Codes = Mapping[str, CodeList]
Shared = Mapping[str, Mapping[str, Any]]


def form(found: Mapping[str, Any], spot: Spot, codes: Codes) -> Form:
    """One form file."""
    read.keys(found, FORM_KEYS, spot, required=("name", "title", "x-version", "resources"))
    name = read.text(found, "name", spot)
    sheets = found.get("resources")
    items = sheets if isinstance(sheets, list) else []
    made = tuple(resource(read.mapping(item, spot), name, spot, codes, {}) for item in items)
    for key, words in (
        ("doubled_resource", [r.name for r in made]),
        ("doubled_sheet", [w for r in made for w in {r.title, *r.synonyms}]),
    ):
        for word in {w for w in words if words.count(w) > 1}:
            spot.say(key, word=word)
    return Form(
        name=name,
        title=read.text(found, "title", spot),
        version=read.text(found, "x-version", spot),
        resources=made,
        zero=read.flag(found, "x-zero", spot, False),
        guide=read.texts(found, "x-guide", spot),
        synonyms=read.texts(found, "x-synonyms", spot),
    )


def resource(found: Mapping[str, Any], form_name: str, parent: Spot, codes: Codes, shared: Shared) -> Resource:
    """One sheet; its spot is `<resource name>`, its fields' `<resource>.<field>`."""
    name = read.text(found, "name", parent)
    spot = parent.at(name)
    read.keys(found, RESOURCE_KEYS, spot, required=("name", "title", "schema"))
    schema = read.mapping(found.get("schema", {}), spot)
    read.keys(schema, SCHEMA_KEYS, spot.at("schema"))
    made = fields(_with_shared(schema.get("fields"), shared, spot), spot, codes)
    key, key_else = read.texts(found, "primaryKey", spot), read.texts(found, "x-key-else", spot)
    for word in (*key, *key_else):
        if all(f.name != word for f in made):
            spot.at("primaryKey").unknown("unknown_field", word, (f.name for f in made))
    prefilled = _one_of(read.text(found, "x-prefilled", spot), ("", *PREFILLED), "unknown_prefilled", spot)
    return Resource(
        name=name,
        title=read.text(found, "title", spot),
        form=form_name,
        fields=made,
        primary_key=key,
        foreign_keys=_foreign_keys(schema, made, spot),
        missing_values=read.texts(schema, "missingValues", spot),
        synonyms=read.texts(found, "x-synonyms", spot),
        blank_rows=read.whole(found, "x-rows", spot, 20) or 0,
        prefilled=prefilled,
        on=read.flag(found, "x-default", spot, True),
        required=read.flag(found, "x-required", spot, True),
        layout=_one_of(read.text(found, "x-layout", spot, "rows"), ("rows", "items"), "unknown_layout", spot),
        items=_items(found.get("x-items", []), spot),
        note=read.text(found, "x-note", spot),
        key_else=key_else,
    )


def register(found: Mapping[str, Any], spot: Spot, codes: Codes, shared: Shared) -> Register:
    """One register or decision sheet: a resource of its own plus how the office keeps it."""
    read.keys(found, REGISTER_KEYS, spot, required=("name", "title", "x-version", "schema"))
    name = read.text(found, "name", spot)
    sheet = {k: v for k, v in found.items() if k in SHEET_KEYS or k == "title"}
    return Register(
        name=name,
        title=read.text(found, "title", spot),
        version=read.text(found, "x-version", spot),
        resource=resource({"name": name.lower(), **sheet}, name, Spot(spot.file, spot.into), codes, shared),
        merge=_one_of(read.text(found, "x-merge", spot, "replace"), ("replace", "union"), "unknown_merge", spot),
        area=_one_of(read.text(found, "x-area", spot, "register"), ("register", "decision"), "unknown_area", spot),
        workbook=read.text(found, "x-workbook", spot),
        need=read.text(found, "x-need", spot),
        head=fields(found["x-head"], spot.at("x-head"), codes) if "x-head" in found else (),
        foreign=read.flag(found, "x-foreign", spot, False),
    )


def cover(found: Mapping[str, Any], spot: Spot, codes: Codes) -> tuple[tuple[Field, ...], Mapping[str, Any]]:
    """The head block's fields, and the 封面 itself: title, synonyms, yes and no words (the first of each is ours), note."""
    read.keys(found, COVER_KEYS, spot, required=COVER_KEYS)
    lines = {key: read.texts(found, f"x-{key}", spot) for key in ("synonyms", "yes", "no")}
    front = {"title": read.text(found, "title", spot), "note": read.text(found, "x-note", spot), **lines}
    return fields(found.get("fields"), spot, codes), front


def shared_fields(found: Mapping[str, Any], spot: Spot) -> Shared:
    """Columns several decision sheets have in common, by name."""
    read.keys(found, ("fields",), spot, required=("fields",))
    items = found.get("fields", [])
    return {str(i["name"]): i for i in items if isinstance(i, Mapping) and "name" in i}


def _with_shared(found: Any, shared: Shared, spot: Spot) -> Any:
    """A bare name in `fields:` stands for the shared column of that name."""
    if not isinstance(found, list):
        return found
    full = []
    for item in found:
        if isinstance(item, str) and item not in shared:
            spot.unknown("unknown_shared", item, shared)
        else:
            full.append(shared[item] if isinstance(item, str) else item)
    return full


def _foreign_keys(schema: Mapping[str, Any], made: tuple[Field, ...], spot: Spot) -> tuple[Mapping[str, Any], ...]:
    """{fields, resource, to}: both sides' field names; the target is checked once every register is known."""
    found = []
    for item in schema.get("foreignKeys", []):
        entry = read.mapping(item, spot.at("foreignKeys"))
        read.keys(entry, ("fields", "reference"), spot.at("foreignKeys"), required=("fields", "reference"))
        target = read.mapping(entry.get("reference", {}), spot.at("foreignKeys"))
        read.keys(target, ("resource", "fields"), spot.at("foreignKeys"), required=("resource", "fields"))
        names = read.texts(entry, "fields", spot)
        for name in names:
            if all(f.name != name for f in made):
                spot.at("foreignKeys").unknown("unknown_field", name, (f.name for f in made))
        found.append(
            {"fields": names, "resource": read.text(target, "resource", spot), "to": read.texts(target, "fields", spot)}
        )
    return tuple(found)


def _items(found: Any, spot: Spot) -> tuple[Mapping[str, str], ...]:
    """Fixed lines of a sheet (F4): code, label, measure, from (what it is derived from), by, parts."""
    made: list[Mapping[str, str]] = []
    for item in found if isinstance(found, list) else []:
        entry = read.mapping(item, spot.at("x-items"))
        place = spot.at("x-items", str(entry.get("code", "")))
        read.keys(entry, ITEM_KEYS, place, required=("code", "label", "measure"))
        made.append({key: read.text(entry, key, place) for key in ITEM_KEYS})
    codes = [i["code"] for i in made]
    for item in made:
        if codes.count(item["code"]) > 1:
            spot.at("x-items").say("doubled_field", word=item["code"])
        for part in (*item["parts"].split(), *item["of"].split()):
            if part not in codes:
                spot.at("x-items", item["code"]).unknown("unknown_field", part, codes)
    return tuple(made)


def _one_of(word: str, known: tuple[str, ...], key: str, spot: Spot) -> str:
    if word not in known:
        spot.unknown(key, word, known)
    return word
