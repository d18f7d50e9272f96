"""One file's document, its folder and its name in; whose it is, by what evidence, and where its evidence differs, out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from pipeline.cells.text import fold
from pipeline.model import Document, Entry, Finding, Place
from pipeline.reading.units import UnitIndex

LISTED = "\u3001"
HELD_BY = frozenset(
    {"name", "folder"}
)  # evidence that does not count where a stronger one names a longer name around it


@dataclass(frozen=True, slots=True)
class _Clue:
    """One piece of evidence: the unit it names (None = none or several), the text it stands in and (`at`) where that was
    read, a key of `names.places` in schemas/words/reading.yaml."""

    by: str
    at: str
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
    heads = _from_head(document, index)
    clues = [*heads, _from_marks(document, index), _from_name(index, name), _from_folder(index, folder)]
    said = _witnesses(index, clues)
    chosen = said[0] if said else None
    findings = [*_noise(index, name)]
    if document.outcome != "readable" or document.attachment:
        return (chosen.code if chosen else None), (chosen.by if chosen else ""), tuple(findings)
    others = _several(document, index)
    if len(others) > 1:
        stranger = next(e for code, e in others.items() if chosen is None or code != chosen.code)
        findings.append(_said("WBK-021", stranger, units=", ".join(map(index.short, others))))
    findings += _about_head(heads[0], chosen)
    if chosen is None and heads[0].entry is None and len(others) < 2:
        findings.append(_nobodys(document, index))
    conflict, outvoted = _conflict(index, said)
    findings += conflict
    if chosen is None or outvoted:
        return None, "", tuple(findings)
    return chosen.code, chosen.by, tuple(findings)


def _witnesses(index: UnitIndex, clues: Iterable[_Clue]) -> list[_Clue]:
    """The clues that name a unit, strongest first; name and folder are none where a stronger one names a longer name."""
    longer: set[str] = set()
    found = []
    for clue in clues:
        if clue.code and not (clue.by in HELD_BY and clue.code in longer):
            found.append(clue)
        elif not clue.code:
            longer |= index.within(clue.text)
    return found


def _conflict(index: UnitIndex, said: Sequence[_Clue]) -> tuple[tuple[Finding, ...], bool]:
    """(WBK-009 where the evidence differs, is the strongest outvoted?).

    One against two is nobody's, and so is a name against its own code with nothing else to decide: nobody's people go to
    somebody else. Head and marks that agree, or more evidence for than against, make it a warning (season.md 4).
    """
    against = [clue for clue in said if clue.code != said[0].code]
    if not against:
        return (), False
    ours = [clue for clue in said if clue.code == said[0].code and (clue is said[0] or clue.at != "code")]
    rival = Counter(clue.code for clue in against).most_common(1)[0][0]
    theirs = [clue for clue in against if clue.code == rival]
    outvoted = len(ours) == 1 and (len(theirs) > 1 or theirs[0].at == "code")
    agreed = [clue.by for clue in ours][:2] == ["head", "marks"] or len(ours) > len(against)
    return (_differs(index, theirs, ours, "warning" if agreed else None),), outvoted


def _nobodys(document: Document, index: UnitIndex) -> Finding:
    """WBK-008, in the place of what the reader said of the blank name: one mistake, one finding."""
    blank = next((f for f in document.findings if is_blank_name(f)), None)
    above = index.words.get("places", {}).get("above", "")
    return replace(blank, rule="WBK-008", form=None) if blank else Finding("WBK-008", facts={"place": above})


def is_blank_name(finding: Finding) -> bool:
    return (finding.rule, finding.field) == ("SHT-017", "unit_name")


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


def _differs(index: UnitIndex, theirs: Sequence[_Clue], ours: Sequence[_Clue], severity: str | None) -> Finding:
    """Names every place where each of the two units was read; it stands where the stronger one does."""
    entry, a, b = ours[0].entry, theirs[0], ours[0]
    facts = {
        "a": index.short(a.code),
        "b": index.short(b.code),
        "at": _places(index, theirs),
        "by": _places(index, ours),
    }
    return Finding(
        "WBK-009",
        sheet=entry.sheet if entry else None,
        row=entry.row if entry else None,
        col=entry.col if entry else None,
        field="unit_name",
        value=entry.raw if entry else "",
        facts=facts | {"val": b.text},
        related=(Place(unit=a.code),),
        severity=severity,
    )


def _places(index: UnitIndex, clues: Iterable[_Clue]) -> str:
    words = index.words.get("places", {})
    return LISTED.join(words.get(clue.at, clue.at) for clue in clues)


def _from_head(document: Document, index: UnitIndex) -> list[_Clue]:
    """The head's unit name and beside it its code; else the code, else the one unit a column names; a title speaks only
    where none of them does."""
    name, code = document.head.get("unit_name"), document.head.get("unit_code")
    coded = index.find(code.raw) if code and code.raw else (None, "")
    by_code = [_Clue("head", "code", *coded, name.raw if name else code.raw, name or code)] if code and coded[0] else []
    if name and name.raw:
        found, how = index.find(name.raw)  # never a part of it: another district's 第二小学 is not ours
        if found:
            return [_Clue("head", "head", found, how, name.raw, name), *by_code]
    if by_code:
        return by_code
    if name and name.raw:
        return [_Clue("head", "head", None, "", name.raw, name)]
    return [_from_table(document, index)]


def _from_table(document: Document, index: UnitIndex) -> _Clue:
    columns = {index.find(e.raw): e for e in document.named if e.state != "title" and e.raw}
    if len({code for code, _ in columns}) == 1:  # one unit, however the rows of a column spell it
        (found, how), entry = next(iter(columns.items()))
        if found:
            return _Clue("head", "column", found, how, entry.raw, entry)
    longer = ""
    for entry in document.named:
        if entry.state == "title":
            found, how = index.search(entry.raw)
            if found:
                return _Clue("head", "title", found, "exact", entry.raw, entry)
            longer = longer or (entry.raw if how == "longer" else "")
    return _Clue("head", "title", None, how="longer" if longer else "", text=longer)


def _from_marks(document: Document, index: UnitIndex) -> _Clue:
    code = document.marks.unit if document.marks.agree >= 2 else ""
    found, how = index.find(code) if code else (None, "")
    return _Clue("marks", "marks", found, how, code)


def _from_name(index: UnitIndex, name: str) -> _Clue:
    stem = PurePosixPath(name).stem
    found, how = index.search(stem)
    return _Clue("name", "name", found, how, stem)


def _from_folder(index: UnitIndex, folder: str) -> _Clue:
    """The nearest folder that names exactly one unit."""
    for part in reversed([p for p in re.split(r"[/!\\]", folder) if p]):
        stem = re.sub(r"\.(zip|rar|7z)$", "", part, flags=re.IGNORECASE)
        found, how = index.search(stem)
        if found:
            return _Clue("folder", "folder", found, how, stem)
    return _Clue("folder", "folder", None, "", folder)


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
