"""In: the `fields:` of a sheet in Table Schema words; out: Field values, and a problem for every slip."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from pipeline.book import words_in as read
from pipeline.book.problems import Spot
from pipeline.book.spec import BOUNDED, COMPUTED, KINDS, MASKS, WRITTEN, CodeList, Field

KEYS = (
    "name", "title", "type", "description", "example", "constraints", "x-kind", "x-codes", "x-default", "x-synonyms", "x-preset", "x-computed",
    "x-prefill", "x-when", "x-unless", "x-group", "x-width", "x-mask", "x-locked", "x-total", "x-hint", "x-optional-column", "x-accepts",
    "x-measure", "x-spill", "x-blank-asks",
)  # fmt: skip
CONSTRAINTS = ("required", "unique", "minimum", "maximum", "minLength", "maxLength", "pattern")
NAME = re.compile(r"[a-z][a-z0-9_]*")
WIDEST, LONGEST_HINT = 80, 255  # Excel shows no longer input message


def fields(found: Any, spot: Spot, codes: Mapping[str, CodeList]) -> tuple[Field, ...]:
    """The fields of one sheet in order; names, titles and synonyms must lead to one field each."""
    if not isinstance(found, list) or not found:
        spot.say("missing_key", word="fields")
        return ()
    made = tuple(f for i, item in enumerate(found) if (f := field(item, spot, i, codes)))
    _once((f.name for f in made), "doubled_field", spot)
    seen: dict[str, str] = {}
    for f in made:
        for word in dict.fromkeys(fold(w) for w in (f.title, *f.synonyms)):
            if seen.setdefault(word, f.name) != f.name:
                spot.at(f.name).say("doubled_synonym", word=word, other=seen[word])
    for f in made:
        for other in (*COMPUTED.get(f.computed, ()), *filter(None, (f.unless, f.spill))):
            if all(g.name != other for g in made):
                spot.at(f.name).unknown("unknown_field", other, (g.name for g in made))
    return made


def field(found: Any, parent: Spot, index: int, codes: Mapping[str, CodeList]) -> Field | None:
    """One field, None when it is not even named."""
    if not isinstance(found, Mapping) or not isinstance(found.get("name"), str):
        parent.at(f"#{index + 1}").say("missing_key", word="name")
        return None
    name = found["name"]
    spot = parent.at(name)
    read.keys(found, KEYS, spot, required=("title", "type", "x-kind"))
    if not NAME.fullmatch(name):
        spot.say("bad_name", word=name)
    kind = read.text(found, "x-kind", spot)
    limits = read.mapping(found.get("constraints", {}), spot.at("constraints"))
    read.keys(limits, CONSTRAINTS, spot.at("constraints"))
    number = read.fen if kind == "money" else read.whole
    made = Field(
        name=name,
        title=read.text(found, "title", spot),
        type=read.text(found, "type", spot),
        kind=kind,
        description=read.text(found, "description", spot),
        example=read.text(found, "example", spot),
        required=read.flag(limits, "required", spot, False),
        unique=read.flag(limits, "unique", spot, False),
        minimum=number(limits, "minimum", spot),
        maximum=number(limits, "maximum", spot),
        min_length=read.whole(limits, "minLength", spot),
        max_length=read.whole(limits, "maxLength", spot),
        pattern=read.text(limits, "pattern", spot),
        codes=read.text(found, "x-codes", spot),
        on=read.flag(found, "x-default", spot, True),
        synonyms=read.texts(found, "x-synonyms", spot),
        preset=read.text(found, "x-preset", spot),
        computed=read.text(found, "x-computed", spot),
        prefill=read.text(found, "x-prefill", spot),
        when=read.text(found, "x-when", spot),
        group=read.text(found, "x-group", spot),
        width=read.whole(found, "x-width", spot, 10) or 10,
        mask=read.text(found, "x-mask", spot),
        locked=read.flag(found, "x-locked", spot, False),
        total=read.flag(found, "x-total", spot, False),
        hint=read.text(found, "x-hint", spot),
        optional_column=read.flag(found, "x-optional-column", spot, False),
        accepts=read.texts(found, "x-accepts", spot),
        measure=read.text(found, "x-measure", spot),
        spill=read.text(found, "x-spill", spot),
        unless=read.text(found, "x-unless", spot),
        asks=read.flag(found, "x-blank-asks", spot, False),
    )
    _sound(made, spot, codes)
    return made


def _sound(made: Field, spot: Spot, codes: Mapping[str, CodeList]) -> None:
    """The words agree with one another and with the code lists."""
    if made.kind not in KINDS:
        spot.unknown("unknown_kind", made.kind, KINDS)
    elif made.type != KINDS[made.kind]:
        spot.say("wrong_type", word=made.type, kind=made.kind, expected=KINDS[made.kind])
    if made.computed and made.computed not in COMPUTED:
        spot.unknown("unknown_computed", made.computed, COMPUTED)
    if made.mask and made.mask not in MASKS:
        spot.unknown("unknown_mask", made.mask, MASKS)
    if not 3 <= made.width <= WIDEST:
        spot.say("bad_number", word=f"x-width: {made.width}")
    if len(made.hint) > LONGEST_HINT:
        spot.say("hint_too_long", word=str(len(made.hint)))
    if made.pattern:
        _pattern(made.pattern, spot)
    _judged(made, spot)
    _listed(made, spot, codes)


def _judged(made: Field, spot: Spot) -> None:
    """A constraint nothing judges for this kind of field would be a promise nobody keeps."""
    numbers = {"minimum": made.minimum, "maximum": made.maximum}
    texts = {"minLength": made.min_length, "maxLength": made.max_length, "pattern": made.pattern or None}
    for words, kinds in ((numbers, BOUNDED), (texts, WRITTEN)):
        for word, value in words.items():
            if value is not None and made.kind in KINDS and made.kind not in kinds:
                spot.at("constraints").say("constraint_not_judged", word=word, kind=made.kind)


def _listed(made: Field, spot: Spot, codes: Mapping[str, CodeList]) -> None:
    """Code fields name an existing list, and what they show as preset or example is in it."""
    if made.kind not in ("code", "codes"):
        if made.codes:
            spot.say("codes_not_wanted", word=made.codes, kind=made.kind)
        return
    if made.codes not in codes:
        spot.unknown("unknown_codes", made.codes, codes)
        return
    for shown in (made.preset, made.example):
        for one in re.split("[\u3001,]", shown) if made.kind == "codes" else [shown]:
            if one and one not in codes[made.codes].values:
                spot.unknown("not_in_codes", one, codes[made.codes].values)


def _pattern(pattern: str, spot: Spot) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        spot.say("bad_pattern", word=pattern, detail=str(error))


def _once(names: Iterable[str], key: str, spot: Spot) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            spot.say(key, word=name)
        seen.add(name)


def fold(word: str) -> str:
    """A header as compared: NFKC, no blanks, lower case."""
    return "".join(unicodedata.normalize("NFKC", word).split()).lower()
