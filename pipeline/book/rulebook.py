"""In: rules/*.yaml as plain mappings, and the rule kinds the caller knows; out: Rule values, with every slip said."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Any

from pipeline.book import words_in as read
from pipeline.book.problems import Spot
from pipeline.book.spec import OUTSIDE_KINDS, SCOPES, STANDING, Form, KindSpec, Register, Rule

KEYS = (
    "stage", "severity", "cure", "holds", "kind", "where", "title", "message", "remedy", "why", "english", "params", "desk", "to_school", "facts", "also", "absorbs",
)  # fmt: skip
CHOICES = {
    "stage": ("draft", "advisory", "enforced"),
    "severity": ("error", "warning", "info"),
    "cure": ("A", "R", "D"),
    "holds": ("row", "sheet", "file", "none"),
}
RULE_ID = re.compile(r"[A-Z]{3}-[0-9]{3}")
CASES = (re.compile(rb"^fail:", re.M), re.compile(rb"^pass:", re.M))


@dataclass(frozen=True, slots=True)
class Known:
    """What a rule may refer to: kinds (None = not known here, so unchecked), places of `where`, its example file."""

    kinds: Mapping[str, KindSpec] | None
    places: frozenset[str]
    examples: Mapping[str, bytes]  # rule id -> content


def rules(files: Mapping[str, Any], into: Spot, known: Known) -> dict[str, Rule]:
    """All rules in the order of their scopes. `files`: scope -> content."""
    made: dict[str, Rule] = {}
    for scope in sorted(files, key=lambda s: SCOPES.index(s) if s in SCOPES else len(SCOPES)):
        spot = Spot(f"rules/{scope}.yaml", into.into)
        if scope not in SCOPES:
            spot.unknown("unknown_scope", scope, SCOPES)
        for name, entry in read.mapping(files[scope], spot).items():
            place = spot.at(name)
            if not RULE_ID.fullmatch(name):
                place.say("bad_rule_id", word=name)
            if name in made:
                place.say("doubled_rule", word=name)
            made[name] = rule((scope, name), read.mapping(entry, place), place, known)
            if made[name].stage == "enforced" and not all(case.search(known.examples.get(name, b"")) for case in CASES):
                place.say("no_example", word=f"rules/examples/{name}.yaml")
    for name in known.examples:
        if name not in made and not name.startswith("_"):
            Spot(f"rules/examples/{name}.yaml", into.into).unknown("unknown_rule", name, made)
    for made_rule in made.values():
        for other in (*made_rule.also, *made_rule.absorbs):
            if other not in made:
                Spot(f"rules/{made_rule.scope}.yaml", into.into, (made_rule.id,)).unknown("unknown_rule", other, made)
    return made


def rule(ident: tuple[str, str], found: Mapping[str, Any], spot: Spot, known: Known) -> Rule:
    """One entry; `ident` is (scope, id). A draft may still lack title, remedy, why and kind."""
    kinds = known.kinds
    read.keys(found, KEYS, spot, required=("stage", "severity", "cure", "holds", "kind", "where", "message"))
    chosen = {key: read.text(found, key, spot) for key in CHOICES}
    for key, choices in CHOICES.items():
        if chosen[key] not in choices:
            spot.at(key).unknown("unknown_choice", chosen[key], choices)
    where = tuple(word for item in read.texts(found, "where", spot) for word in re.split(r"[\s\u2192]+", item) if word)
    for word in where:
        if word not in known.places:
            spot.at("where").unknown("unknown_place", word, sorted(known.places))
    kind = read.text(found, "kind", spot)
    made = Rule(
        id=ident[1],
        scope=ident[0],
        stage=chosen["stage"],
        severity=chosen["severity"],
        cure=chosen["cure"],
        holds=chosen["holds"],
        kind=kind,
        where=where,
        title=read.text(found, "title", spot),
        message=read.text(found, "message", spot),
        remedy=read.text(found, "remedy", spot),
        why=read.text(found, "why", spot),
        english=read.text(found, "english", spot),
        params=read.mapping(found.get("params", {}), spot.at("params")),
        desk=read.text(found, "desk", spot),
        to_school=read.flag(found, "to_school", spot, True),
        facts=frozenset(read.texts(found, "facts", spot))
        | (kinds[kind].facts if kinds and kind in kinds else frozenset()),
        also=read.texts(found, "also", spot),
        absorbs=read.texts(found, "absorbs", spot),
    )
    if made.stage != "draft":
        _complete(made, spot)
    if made.stage != "draft" and made.kind != "unset":
        _fits(made, frozenset(read.texts(found, "facts", spot)), spot, kinds)
    return made


def _complete(made: Rule, spot: Spot) -> None:
    """A rule that is in force has all its wording and a kind."""
    for key in ("title", "remedy", "why"):
        if not getattr(made, key):
            spot.say("missing_wording", word=key)
    if made.kind == "unset":
        spot.say("kind_unset", word=made.stage)


def _fits(made: Rule, own: frozenset[str], spot: Spot, kinds: Mapping[str, KindSpec] | None) -> None:
    """Kind known, parameters complete, and no message asks for a fact that nobody supplies."""
    outside = made.kind in OUTSIDE_KINDS
    if kinds is None and not outside:
        return
    if not outside and made.kind not in (kinds or {}):
        spot.at("kind").unknown("unknown_rule_kind", made.kind, (*(kinds or {}), *OUTSIDE_KINDS))
        return
    spec = (kinds or {}).get(made.kind, KindSpec(made.kind, facts=own))
    if not outside:
        known = spec.required | spec.optional
        for key in made.params:
            if key not in known:
                spot.at("params").unknown("unknown_param", key, sorted(known))
        for key in sorted(spec.required - set(made.params)):
            spot.at("params").say("missing_key", word=key)
        for word in sorted(own - spec.facts - STANDING):
            spot.at("facts").unknown("unknown_fact", word, sorted(spec.facts | STANDING))
    for key in ("message", "remedy", "desk"):
        for word in placeholders(getattr(made, key), spot.at(key)):
            if word not in spec.facts | STANDING:
                spot.at(key).unknown("unknown_fact", word, sorted(spec.facts | STANDING))


def placeholders(message: str, spot: Spot) -> list[str]:
    """Names between braces; a brace left open is said."""
    try:
        return [name for _, name, _, _ in Formatter().parse(message) if name is not None]
    except ValueError as error:
        spot.say("bad_braces", detail=str(error))
        return []


def places(forms: Mapping[str, Form], registers: Mapping[str, Register], topics: Mapping[str, Any]) -> frozenset[str]:
    """What a rule's `where` may name: all, forms, sheets (F1.applications), registers, and the topics of words/book.yaml."""
    sheets = {f"{f.name}.{r.name}" for f in forms.values() for r in f.resources}
    return frozenset({"all", *forms, *sheets, *registers, *topics})
