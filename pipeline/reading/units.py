"""The unit register and its aliases in; the unit a text names out, and for a whole file: whose it is and by what evidence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any

from pipeline.cells.text import fold
from pipeline.model import EMPTY, Document, Entry, Finding, Place, Unit
from pipeline.reading.unit_names import Around

_CODE = re.compile(r"^[a-z0-9][a-z0-9_-]{1,15}$")
_BRACKETED = re.compile(r"\(([^()]*)\)")
SHORTEST = 2  # signs a name must have to be looked for inside a longer text


@dataclass(frozen=True)
class UnitIndex:
    """Names of all units, folded. `aliases`: (alias, canonical name, short name or code) pairs of R7.

    `words`: section `names` of schemas/words/reading.yaml (prefixes, suffixes, campuses, noise).
    """

    units: Sequence[Unit]
    aliases: Iterable[tuple[str, str]] = ()
    words: Mapping[str, Any] = EMPTY
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
        if not key:
            return None, ""
        for candidate, how in self._spellings(key):
            known = self._names.get(candidate)
            if known:
                if len(known) > 1:
                    return None, "ambiguous"
                (code, own), *_ = known.items()
                return code, how or own
        return None, ""

    def search(self, text: str) -> tuple[str | None, str]:
        """(code, how) of the one unit named somewhere inside a text (file name, folder, title).

        (None, 'longer') where a known name is plainly a part of another school's: nothing weaker may then speak for it.
        """
        whole = self.find(text)
        if whole[0] or whole[1]:
            return whole
        clear, doubtful, longer = self._named_in(text)
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
    return fold(text).strip(":;,.-_ ")


@dataclass(frozen=True, slots=True)
class _Clue:
    """One piece of evidence: the unit it names (None = none or several) and the text it stands in."""

    by: str
    code: str | None
    how: str
    text: str
    entry: Entry | None = None


def identify(
    document: Document, index: UnitIndex, folder: str, name: str
) -> tuple[str | None, str, tuple[Finding, ...]]:
    """(unit code | None, by, findings). Evidence in order: sheet head, identity marks, file name, folder (issue 3).

    `folder`: path of the folder under inbox/ (a zip counts as a folder); `name`: the file's own name.
    """
    head, mark, named, placed = (
        _from_head(document, index),
        _from_marks(document, index),
        _from_name(index, name),
        _from_folder(index, folder),
    )
    findings = [*_noise(index, name)]
    chosen = _chosen(index, head, mark, named, placed)
    if document.outcome != "readable" or document.attachment:
        return (chosen.code if chosen else None), (chosen.by if chosen else ""), tuple(findings)
    others = _several(document, index)
    if len(others) > 1:
        stranger = next(e for code, e in others.items() if chosen is None or code != chosen.code)
        findings.append(_said("WBK-021", stranger, units=_names(index, others)))
    findings += _about_head(head, chosen)
    if head.code and mark.code and head.code != mark.code == named.code:
        findings.append(_differs(index, mark, head, None))  # two against one: nobody's people go to somebody else
        return None, "", tuple(findings)
    if chosen is None:
        if head.entry is None:
            findings.append(Finding("WBK-008"))
        return None, "", tuple(findings)
    if head.code and named.code and named.code != head.code:
        agreed = mark.code == head.code
        findings.append(_differs(index, named, head, "warning" if agreed else None))
    elif head.code and mark.code and head.code not in {mark.code, named.code}:
        findings.append(_differs(index, mark, head, None))
    return chosen.code, chosen.by, tuple(findings)


def _chosen(index: UnitIndex, *clues: _Clue) -> _Clue | None:
    """The first clue that names a unit; name and folder do not where a stronger one names a longer name around it."""
    longer: set[str] = set()
    for clue in clues:
        if clue.code and not (clue.by in {"name", "folder"} and clue.code in longer):
            return clue
        longer |= index.within(clue.text)
    return None


def _about_head(head: _Clue, chosen: _Clue | None) -> Iterable[Finding]:
    """XRG-001 where the head names a unit the register does not know, XRG-002 where it was known by another name."""
    if head.code and head.how in {"alias", "prefix", "campus"} and head.entry:
        yield _said("XRG-002", head.entry, new=head.code, alias=head.text)
    elif head.text and not head.code and head.entry and head.entry.state != "title":
        found = _said("XRG-001", head.entry, name=head.text)
        yield found if chosen is None else replace(found, severity="warning")


def _said(rule: str, entry: Entry, **facts: str) -> Finding:
    return Finding(
        rule,
        sheet=entry.sheet,
        row=entry.row,
        col=entry.col,
        field="unit_name",
        value=entry.raw,
        facts={"val": entry.raw, "col": "", **facts},
    )


def _differs(index: UnitIndex, a: _Clue, b: _Clue, severity: str | None) -> Finding:
    entry = b.entry
    return Finding(
        "WBK-009",
        sheet=entry.sheet if entry else None,
        row=entry.row if entry else None,
        col=entry.col if entry else None,
        field="unit_name",
        value=entry.raw if entry else "",
        facts={"a": _shown(index, a.code), "b": _shown(index, b.code), "val": b.text},
        related=(Place(unit=a.code),),
        severity=severity,
    )


def _shown(index: UnitIndex, code: str | None) -> str:
    unit = next((u for u in index.units if u.code == code), None)
    return (unit.short or unit.name) if unit else (code or "")


def _names(index: UnitIndex, codes: Iterable[str]) -> str:
    return ", ".join(_shown(index, code) for code in codes)


def _from_head(document: Document, index: UnitIndex) -> _Clue:
    """The head's unit name, else its code, else the one unit a column names; a title speaks only where none of them does."""
    name, code = document.head.get("unit_name"), document.head.get("unit_code")
    if name and name.raw:
        found, how = index.find(name.raw)  # never a part of it: another district's 第二小学 is not ours
        if found:
            return _Clue("head", found, how, name.raw, name)
    if code and code.raw:
        found, how = index.find(code.raw)
        if found:
            return _Clue("head", found, how, name.raw if name else code.raw, name or code)
    if name and name.raw:
        return _Clue("head", None, "", name.raw, name)
    columns = {index.find(e.raw): e for e in document.named if e.state != "title" and e.raw}
    if len({code for code, _ in columns}) == 1:  # one unit, however the rows of a column spell it
        (found, how), entry = next(iter(columns.items()))
        if found:
            return _Clue("head", found, how, entry.raw, entry)
    longer = ""
    for entry in document.named:
        if entry.state == "title":
            found, how = index.search(entry.raw)
            if found:
                return _Clue("head", found, "exact", entry.raw, entry)
            longer = longer or (entry.raw if how == "longer" else "")
    return _Clue("head", None, how="longer" if longer else "", text=longer)


def _from_marks(document: Document, index: UnitIndex) -> _Clue:
    code = document.marks.unit if document.marks.agree >= 2 else ""
    found, how = index.find(code) if code else (None, "")
    return _Clue("marks", found, how, code)


def _from_name(index: UnitIndex, name: str) -> _Clue:
    stem = PurePosixPath(name).stem
    found, how = index.search(stem)
    return _Clue("name", found, how, stem)


def _from_folder(index: UnitIndex, folder: str) -> _Clue:
    """The nearest folder that names exactly one unit."""
    for part in reversed([p for p in re.split(r"[/!\\]", folder) if p]):
        stem = re.sub(r"\.(zip|rar|7z)$", "", part, flags=re.IGNORECASE)
        found, how = index.search(stem)
        if found:
            return _Clue("folder", found, how, stem)
    return _Clue("folder", None, "", folder)


def _several(document: Document, index: UnitIndex) -> dict[str, Entry]:
    """Different units that head blocks and unit columns name."""
    found: dict[str, Entry] = {}
    for entry in document.named:
        if entry.state != "title" and entry.raw:
            code, _ = index.find(entry.raw)
            if code:
                found.setdefault(code, entry)
    return found


def _noise(index: UnitIndex, name: str) -> Iterable[Finding]:
    """WBK-010: copy numbers and words like 'final' in the name decide nothing."""
    stem = fold(PurePosixPath(name).stem)
    words = [fold(w) for w in index.words.get("noise", ()) if len(w) > 1]
    if re.search(r"\([0-9]{1,2}\)$", stem) or any(w in stem for w in words):
        yield Finding("WBK-010")
