"""In: the files of schemas/ (name -> bytes) and the season; out: a Book, or one WennuanError that names every mistake."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from pipeline.book import words_in as read
from pipeline.book.problems import Problem, Spot, refuse
from pipeline.book.rulebook import Known, places, rules
from pipeline.book.season_names import refuse_strangers
from pipeline.book.seasonal import for_season
from pipeline.book.sheets import Codes, cover, form, register, shared_fields
from pipeline.book.spec import Book, CodeList, Form, KindSpec, Register
from pipeline.model import Season

FOLDERS = ("forms", "registers", "rules", "words")
LATEST = 2100


def load_book(
    files: Mapping[str, bytes], season: Season | None = None, rule_kinds: Mapping[str, KindSpec] | None = None
) -> Book:
    """Read everything schemas/ says. `files`: 'forms/F1.yaml' -> bytes, names relative to schemas/.

    `season` switches optional fields and the collection layout; `rule_kinds` (the checking room's registry) lets the loader
    check that rules name known kinds, parameters and facts; without it those three are left unchecked.
    Raises WennuanError `schemas` (exit code 2) listing every mistake with file, place, nearest name and remedy; or
    `season_name` for names in season.toml that nothing here answers to.
    """
    problems: list[Problem] = []
    tree = _parsed(files, problems)
    words = _words(tree["words"], problems)
    codes = _codes(tree["words"].get("codes", {}), Spot("words/codes.yaml", problems))
    head, front = cover(
        read.mapping(tree["forms"].get("_cover", {}), Spot("forms/_cover.yaml", problems)),
        Spot("forms/_cover.yaml", problems),
        codes,
    )
    forms = _forms(tree["forms"], problems, codes)
    registers = _registers(tree["registers"], problems, codes)
    _references(forms, registers, problems)
    _prefills(forms, head, registers, problems)
    examples = {PurePosixPath(n).stem: data for n, data in files.items() if _folder(n) == "rules/examples"}
    topics = read.mapping(words.get("book", {}).get("topics", {}), Spot("words/book.yaml", problems))
    made = rules(tree["rules"], Spot("rules", problems), Known(rule_kinds, places(forms, registers, topics), examples))
    areas = _areas(tree["words"].get("areas", {}), Spot("words/areas.yaml", problems))
    book = Book(forms, registers, made, codes, words, head, front, areas, _digest(files), dict(files))
    if season is not None:
        book = for_season(book, season, Spot("season.toml", problems))
    refuse(problems, words.get("book", {}))
    if season is not None:
        refuse_strangers(book, season)
    return book


def _folder(name: str) -> str:
    return str(PurePosixPath(name).parent)


def _parsed(files: Mapping[str, bytes], problems: list[Problem]) -> dict[str, dict[str, Any]]:
    """folder -> stem -> content. Other folders (json/, rules/examples/) are not the loader's to read."""
    tree: dict[str, dict[str, Any]] = {folder: {} for folder in FOLDERS}
    for name in sorted(files):
        path, folder = PurePosixPath(name), _folder(name)
        spot = Spot(name, problems)
        if path.name.startswith((".", "~")):
            continue
        if folder in FOLDERS and path.suffix != ".yaml":
            spot.say("wrong_suffix", word=path.name)
        elif folder in FOLDERS:
            tree[folder][path.stem] = read.parse(files[name], spot)
        elif folder not in ("json", "rules/examples"):
            spot.unknown("unknown_folder", folder, (*FOLDERS, "json", "rules/examples"))
    for folder in FOLDERS:
        if not tree[folder]:
            Spot(folder, problems).say("empty_folder", word=folder)
    return tree


def _words(found: Mapping[str, Any], problems: list[Problem]) -> dict[str, Any]:
    """stem -> content of every wording file, plus `errors`: the error wordings of all files under one roof."""
    words = {stem: content for stem, content in found.items() if stem not in ("codes", "areas")}
    errors: dict[str, Any] = {}
    for stem, content in words.items():
        spot = Spot(f"words/{stem}.yaml", problems)
        mine = read.mapping(content, spot).get("errors", {}) if isinstance(content, Mapping) else {}
        for key, entry in read.mapping(mine, spot.at("errors")).items():
            place = spot.at("errors", key)
            read.keys(read.mapping(entry, place), ("message", "remedy"), place, required=("message", "remedy"))
            if key in errors:
                place.say("doubled_error", word=key)
            errors[key] = entry
    return {**words, "errors": errors}


def _codes(found: Any, spot: Spot) -> dict[str, CodeList]:
    """Code lists; every synonym leads to a value of its own list and to one only."""
    made: dict[str, CodeList] = {}
    for name, content in read.mapping(found, spot).items():
        place = spot.at(name)
        entry = read.mapping(content, place)
        read.keys(entry, ("title", "values", "synonyms", "confirm"), place, required=("title", "values"))
        values = read.texts(entry, "values", place)
        synonyms: dict[str, tuple[str, bool]] = {}
        for key in ("synonyms", "confirm"):
            for word, value in read.mapping(entry.get(key, {}), place.at(key)).items():
                if value not in values:
                    place.at(key, word).unknown("not_in_codes", str(value), values)
                if word in synonyms or word in values:
                    place.at(key).say("doubled_key", word=word, line="?")
                synonyms[word] = (str(value), key == "confirm")
        if len(set(values)) != len(values):
            place.say("doubled_field", word=" ".join(sorted({v for v in values if values.count(v) > 1})))
        made[name] = CodeList(name, read.text(entry, "title", place), values, synonyms)
    return made


def _areas(found: Any, spot: Spot) -> dict[str, tuple[int, int]]:
    """'first-last: codes' lines -> code -> (first year, last year); a code with two lives gets the span of both."""
    made: dict[str, tuple[int, int]] = {}
    for span, codes in read.mapping(found, spot).items():
        first, _, last = span.partition("-")
        if not (first.isdigit() and last.isdigit() and 1900 <= int(first) <= int(last) <= LATEST):
            spot.say("bad_number", word=span)
            continue
        for code in str(codes).split():
            if len(code) != 6 or not code.isdigit():
                spot.at(span).say("bad_number", word=code)
            old = made.get(code, (int(first), int(last)))
            made[code] = (min(old[0], int(first)), max(old[1], int(last)))
    return made


def _forms(found: Mapping[str, Any], problems: list[Problem], codes: Codes) -> dict[str, Form]:
    made: dict[str, Form] = {}
    for stem, content in found.items():
        if not stem.startswith("_"):
            spot = Spot(f"forms/{stem}.yaml", problems)
            made[stem] = form(read.mapping(content, spot), spot, codes)
            if made[stem].name != stem:
                spot.at("name").say("name_is_not_file", word=made[stem].name, expected=stem)
    return made


def _registers(found: Mapping[str, Any], problems: list[Problem], codes: Codes) -> dict[str, Register]:
    shared_spot = Spot("registers/_decision.yaml", problems)
    shared = (
        shared_fields(read.mapping(found.get("_decision", {}), shared_spot), shared_spot)
        if "_decision" in found
        else {}
    )
    made: dict[str, Register] = {}
    for stem, content in sorted(found.items(), key=lambda item: _natural(item[0])):
        if not stem.startswith("_"):
            spot = Spot(f"registers/{stem}.yaml", problems)
            made[stem] = register(read.mapping(content, spot), spot, codes, shared)
            if made[stem].name != stem:
                spot.at("name").say("name_is_not_file", word=made[stem].name, expected=stem)
    return made


def _natural(stem: str) -> tuple[int, int, str]:
    """R1 R2 … R13, then the rest by name."""
    number = stem[1:]
    return (0, int(number), "") if stem[:1] == "R" and number.isdigit() else (1, 0, stem)


def _references(forms: Mapping[str, Form], registers: Mapping[str, Register], problems: list[Problem]) -> None:
    """Foreign keys point at an existing register and fields of it."""
    sheets = [(f"forms/{f.name}.yaml", r) for f in forms.values() for r in f.resources] + [
        (f"registers/{r.name}.yaml", r.resource) for r in registers.values()
    ]
    for file, sheet in sheets:
        spot = Spot(file, problems, (sheet.name, "foreignKeys"))
        for key in sheet.foreign_keys:
            target = registers.get(key["resource"])
            if target is None:
                spot.unknown("unknown_register", key["resource"], registers)
                continue
            for name in key["to"]:
                if target.resource.field(name) is None:
                    spot.unknown("unknown_field", name, (f.name for f in target.resource.fields))


def _prefills(forms: Mapping[str, Form], head: Any, registers: Mapping[str, Register], problems: list[Problem]) -> None:
    """x-prefill is REGISTER.field, approval.field (综合平衡表), season.… or codes.…"""
    fields = [("forms/_cover.yaml", f) for f in head] + [
        (f"forms/{o.name}.yaml", f) for o in forms.values() for r in o.resources for f in r.fields
    ]
    approvals = next((r for r in registers.values() if r.head), None)
    for file, one in fields:
        source, _, name = one.prefill.partition(".")
        if not source or source in ("season", "codes"):
            continue
        target = approvals if source == "approval" else registers.get(source)
        spot = Spot(file, problems, (one.name, "x-prefill"))
        if target is None:
            spot.unknown("unknown_register", source, (*registers, "approval", "season", "codes"))
        elif target.resource.field(name) is None:
            spot.unknown("unknown_field", name, (f.name for f in target.resource.fields))


def _digest(files: Mapping[str, bytes]) -> str:
    """sha256 over names and contents of all files."""
    total = hashlib.sha256()
    for name in sorted(files):
        total.update(name.encode() + b"\0" + hashlib.sha256(files[name]).digest())
    return total.hexdigest()
