"""In: a Book and the season; out: every name in season.toml that nothing of the book answers to, with its line and the nearest name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from pipeline.book.spec import Book, Form, Register, Resource
from pipeline.model import Season, WennuanError

SHOWN = 12  # names listed where none is near


def strangers(book: Book, season: Season) -> list[WennuanError]:
    """One WennuanError per unknown form, sheet, field, threshold or line: such a word would silently change nothing."""
    return [*_forms(book, season), *_fields(book, season), *_numbers(book, season)]


def refuse_strangers(book: Book, season: Season) -> None:
    """Raises WennuanError (2) naming the first; the others are its `more`."""
    wrong = strangers(book, season)
    if wrong:
        raise WennuanError(wrong[0].key, 2, tuple(wrong[1:]), **wrong[0].facts)


def _forms(book: Book, season: Season) -> Iterator[WennuanError]:
    for i, stage in enumerate(season.stages):
        for form in stage.forms:
            if form not in book.forms:
                yield _unknown("form", form, book.forms, season, f"stage.{i}.forms")


def _fields(book: Book, season: Season) -> Iterator[WennuanError]:
    """`F1 = […]` may name fields and sheets of the form, `"F1.members" = […]` and `R1 = […]` fields."""
    for key, words in season.fields_on.items():
        owner, _, sheet = key.partition(".")
        place = f"fields.{key}"
        found: Form | Register | None = book.forms.get(owner) or book.registers.get(owner)
        if found is None:
            yield _unknown("form", owner, [*book.forms, *book.registers], season, place)
            continue
        sheets = [r for r in _sheets(found) if not sheet or r.name == sheet]
        if not sheets:
            yield _unknown("sheet", sheet, [r.name for r in _sheets(found)], season, place)
            continue
        known = _titled(sheets, isinstance(found, Form) and not sheet)
        for word in sorted(words - known.keys()):
            yield _unknown("field", word, known, season, place)


def _sheets(owner: Form | Register) -> tuple[Resource, ...]:
    return owner.resources if isinstance(owner, Form) else (owner.resource,)


def _titled(sheets: Iterable[Resource], whole: bool) -> dict[str, str]:
    """Names and titles of fields, names first; of a whole form its sheets, too."""
    parts: list[tuple[str, str]] = []
    for r in sheets:
        parts += [(r.name, r.title)] if whole else []
        parts += [(f.name, f.title) for f in r.fields]
    return {**dict(parts), **{title: name for name, title in parts}}


def _numbers(book: Book, season: Season) -> Iterator[WennuanError]:
    told = book.words.get("book", {}).get("season_names", {})
    thresholds = [*told.get("thresholds", ()), *_asked_for(rule.params for rule in book.rules.values())]
    lines = [
        *told.get("lines", ()),
        *(str(rule.params["line"]) for rule in book.rules.values() if "line" in rule.params),
    ]
    for what, words, known in (("threshold", season.thresholds, thresholds), ("line", season.lines, lines)):
        for word in words:
            if word not in known:
                yield _unknown(what, word, known, season, f"{what}s.{word}")


def _asked_for(params: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """What `{season: name, default: …}` names in the rules' parameters."""
    for values in params:
        yield from (str(v["season"]) for v in values.values() if isinstance(v, Mapping) and "season" in v)


def _unknown(what: str, word: str, known: Iterable[str], season: Season, place: str) -> WennuanError:
    choices = list(dict.fromkeys(known))
    near = (get_close_matches(word, choices, 1, 0.5) or get_close_matches(word.upper(), choices, 1, 0.5) or [""])[0]
    key, line, shown = (
        "season_name_near" if near else "season_name",
        season.lines_at.get(place, 1),
        " ".join(choices[:SHOWN]),
    )
    return WennuanError(key, 2, what=what, item=word, near=near, line=line, known=shown)
