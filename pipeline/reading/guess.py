"""A file nobody can assign in; the unit the office would probably think of out: a suggestion beside an empty cell, never an assignment."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from pathlib import PurePosixPath

from pipeline.cells.text import fold, name_key
from pipeline.model import Document, Unit
from pipeline.reading.units import UnitIndex

LIKE_ENOUGH, AHEAD = 0.6, 0.1  # of a name's signs found in a text; and how far the runner-up must lie behind
LEAST = 2  # signs in a row that count
LONGEST = 80  # signs of a text that is looked through
NUMBER = re.compile(r"[0-9]{7,}")
PEOPLE = ("filler", "reviewer", "head")  # head cells that name people of the unit


def guess(document: Document, index: UnitIndex, path: str) -> str:
    """Code of the one unit the evidence leans to, best evidence first; '' where it leans to none, or to several."""
    parts = [PurePosixPath(part).stem for part in reversed(path.replace("!", "/").split("/")) if part]
    cells = [e.raw for n in ("unit_name", "unit_code") if (e := document.head.get(n)) and e.raw]
    texts = list(dict.fromkeys([*cells, *(e.raw for e in document.named if e.raw), *parts, *document.preview]))
    named = (index.search(text)[0] for text in (document.marks.unit, *texts) if text)
    found = next((code for code in named if code), "")
    return found or _by_people(document, index.units) or _alike(texts, index)


def _by_people(document: Document, units: Sequence[Unit]) -> str:
    """The unit whose phone or whose people of R1 stand in the head; each only where one unit alone has it."""
    digits = {n for e in document.head.values() for n in NUMBER.findall(re.sub(r"[\s-]", "", e.raw))}
    names = {name_key(e.raw) for n in PEOPLE if (e := document.head.get(n)) and e.raw}
    phones = [u.code for u in units if digits & set(NUMBER.findall(re.sub(r"[\s-]", "", u.phone)))]
    people = [u.code for u in units if names & {name_key(v) for v in u.contacts.values() if v}]
    return next((codes[0] for codes in (phones, people) if len(codes) == 1), "")


def _alike(texts: Iterable[str], index: UnitIndex) -> str:
    digits = str.maketrans({sign: str(n) for n, sign in enumerate(index.words.get("numerals", ()))})
    best: dict[str, float] = {}
    names = {
        u.code: [fold(n).translate(digits) for n in (u.name, u.short, *u.aliases) if len(n) > LEAST]
        for u in index.units
    }
    for text in texts:
        plain = fold(text).translate(digits)[:LONGEST]
        for code, own in names.items():
            best[code] = max([best.get(code, 0.0), *(_share(n, plain) for n in own)])
    return _clear_winner(best)


def _clear_winner(scores: Mapping[str, float]) -> str:
    ranked = sorted(scores.items(), key=lambda s: -s[1])[:2]
    if not ranked or ranked[0][1] < LIKE_ENOUGH:
        return ""
    return ranked[0][0] if len(ranked) == 1 or ranked[0][1] - ranked[1][1] >= AHEAD else ""


def _share(name: str, text: str) -> float:
    """How much of a name stands in a text, in order, in runs of two signs and more."""
    if not any(name[i : i + LEAST] in text for i in range(len(name) - 1)):
        return 0.0
    blocks = SequenceMatcher(None, name, text, autojunk=False).get_matching_blocks()
    return sum(b.size for b in blocks if b.size >= LEAST) / len(name)
