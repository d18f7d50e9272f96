"""The unit register and its aliases in; the unit a text names out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.cells.text import fold
from pipeline.model import EMPTY, Unit
from pipeline.reading.unit_names import Around

_CODED = re.compile(r"([a-z0-9_-]*)([^a-z0-9_-].*?)([a-z0-9_-]*)")
NOBODY: tuple[None, str] = (None, "")
_BRACKETED = re.compile(r"\(([^()]*)\)")
_JOINTS = ":;,.-_ "
SHORTEST = 2  # signs a name must have to be looked for inside a longer text


@dataclass(frozen=True)
class UnitIndex:
    """Names of all units, folded. `aliases`: (alias, canonical name, short name or code) pairs of R7.

    `words`: section `names` of schemas/words/reading.yaml (prefixes, suffixes, campuses, noise); `simplified`: code point
    of a traditional character -> the simplified one.
    """

    units: Sequence[Unit]
    aliases: Iterable[tuple[str, str]] = ()
    words: Mapping[str, Any] = EMPTY
    simplified: Mapping[int, str] = EMPTY
    _names: dict[str, dict[str, str]] = field(init=False, repr=False)
    _inside: re.Pattern[str] = field(init=False, repr=False)
    _around: Around = field(init=False, repr=False)

    def __post_init__(self) -> None:
        names: dict[str, dict[str, str]] = {}

        def add(text: str, code: str, how: str) -> None:
            key = _key(text)
            if key:
                names.setdefault(key, {}).setdefault(code, how)

        for unit in self.units:
            add(unit.code, unit.code, "code")
            add(unit.name, unit.code, "exact")
            add(unit.short, unit.code, "short")
            for alias in unit.aliases:
                add(alias, unit.code, "alias")
        for alias, canonical in self.aliases:
            for code in names.get(_key(canonical), {}):
                add(alias, code, "alias")
        object.__setattr__(self, "_names", names)
        long_enough = sorted((n for n in names if len(n) >= SHORTEST), key=len, reverse=True)
        inner = "|".join(
            rf"(?<![a-z0-9]){re.escape(n)}(?![a-z0-9])" if n.isascii() else re.escape(n) for n in long_enough
        )
        object.__setattr__(self, "_inside", re.compile(f"(?=({inner}))" if inner else r"(?!)"))
        object.__setattr__(self, "_around", Around.of(self.words))

    def find(self, text: str) -> tuple[str | None, str]:
        """(code, how) of the one unit a text is the name of; how: code exact short alias prefix campus.

        (None, 'ambiguous') where two units answer to it, (None, '') where none does.
        """
        key = _key(text)
        found = self._find(key)
        if found == NOBODY and (plain := key.translate(self.simplified)) != key:
            found = self._find(plain)
        return found if found != NOBODY else self._beside_its_code(key)

    def _find(self, key: str) -> tuple[str | None, str]:
        for candidate, how in self._spellings(key) if key else ():
            known = self._names.get(candidate)
            if known:
                if len(known) > 1:
                    return None, "ambiguous"
                (code, own), *_ = known.items()
                return code, how or own
        return NOBODY

    def _beside_its_code(self, key: str) -> tuple[str | None, str]:
        """A name with the code of the same unit right before or behind it."""
        parts = _CODED.fullmatch(key)
        if parts is None or not (parts[1] or parts[3]):
            return NOBODY
        name = self._find(parts[2].strip(_JOINTS).translate(self.simplified))
        codes = {self._find(part)[0] for part in (parts[1].strip(_JOINTS), parts[3].strip(_JOINTS)) if part}
        return (name[0], "prefix") if name[0] and codes == {name[0]} else NOBODY

    def short(self, code: str | None) -> str:
        """The short name of a unit, for people to read."""
        unit = next((u for u in self.units if u.code == code), None)
        return (unit.short or unit.name) if unit else (code or "")

    def search(self, text: str) -> tuple[str | None, str]:
        """(code, how) of the one unit named somewhere inside a text (file name, folder, title).

        (None, 'longer') where a known name is plainly a part of another school's: nothing weaker may then speak for it.
        """
        whole = self.find(text)
        if whole[0] or whole[1]:
            return whole
        clear, doubtful, longer = self._named_in(text.translate(self.simplified))
        if longer or doubtful.keys() - clear.keys():
            return None, "longer" if longer else ""
        if len(clear) == 1:
            return next(iter(clear.items()))
        return None, "ambiguous" if clear else ""

    def within(self, text: str) -> frozenset[str]:
        """Codes of the units whose names are plainly only a part of the name this text holds."""
        return frozenset() if self.find(text)[0] else frozenset(self._named_in(text)[2])

    def _named_in(self, text: str) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
        """Units (code -> how) named inside a text: clearly, perhaps, and as a part of a longer name; longest name wins."""
        spread = self._around.spread(text)
        met = [(m.start(), m.start() + len(m[1]), m[1]) for m in self._inside.finditer(spread.text)]
        met = [m for m in met if not any(o != m and o[0] <= m[0] and m[1] <= o[1] for o in met)]
        clear: dict[str, str] = {}
        doubtful: dict[str, str] = {}
        longer: dict[str, str] = {}
        for start, end, name in met:
            verdict = self._around.judge(spread, start, end)
            {"clear": clear, "doubtful": doubtful, "longer": longer}[verdict].update(self._names[name])
        return clear, doubtful, longer

    def _spellings(self, key: str) -> Iterable[tuple[str, str]]:
        """A name, then the name without district prefix, union suffix, campus; each with how it was reached."""
        yield key, ""
        bare = _BRACKETED.sub(lambda m: m[0] if self._around.lengthens(m[1]) else "", key)
        inner = () if self._around.is_school(bare) else (m[1] for m in _BRACKETED.finditer(key))
        stems = [bare, *inner] if bare != key else [key]
        for stem in stems:
            for cut in _without(stem, self.words.get("prefixes", ()), str.removeprefix):
                yield cut, "prefix"
                for shorter in _without(cut, self.words.get("suffixes", ()), str.removesuffix):
                    yield shorter, "prefix" if shorter != cut else "campus"
                for campus in _without(cut, self.words.get("campuses", ()), str.removesuffix):
                    yield campus, "campus"
        if not self._around.is_kind(bare):  # a folder of all 'middle schools' is not the one named after the district
            for prefix in self.words.get("prefixes", ()):
                yield fold(prefix) + bare, "prefix"


def _without(key: str, parts: Iterable[str], cut: Any) -> Iterable[str]:
    """The key as it is, then each way of cutting one part off (longest part first); never down to nothing."""
    yield key
    for part in sorted(map(fold, parts), key=len, reverse=True):
        short = cut(key, part)
        if short != key and len(short) >= SHORTEST:
            yield short


def _key(text: str) -> str:
    return fold(text).strip(_JOINTS)
