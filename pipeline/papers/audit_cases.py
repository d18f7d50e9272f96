"""Tonight's pairs and the findings that name their case in; for every case its people, its evidence with weights and what was
decided out: what an auditor needs to agree, names and numbers as L1 may see them."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from urllib.parse import quote

from pipeline.model import Finding
from pipeline.model.linked import GRADES, Pair, Person
from pipeline.papers.grids import source_text
from pipeline.papers.material import CLOSED, Material
from pipeline.papers.wording import mask_of, ruling, scrubbed, shown

MOST = 100  # cases on the page; 重复与遗漏 has them all

Spot = tuple[str, int]


def case_views(m: Material) -> dict[str, Any]:
    """`cases` in the order of their numbers, at most MOST; `more`: how many are left out."""
    findings: dict[int, list[Finding]] = defaultdict(list)
    for f in m.findings:
        if f.case is not None and f.status != "fixed":
            findings[f.case].append(f)
    at: dict[Spot, int] = {(f"{f.file}|{f.sheet}", f.row or 0): n for n, listed in findings.items() for f in listed}
    pairs: dict[int, list[Pair]] = defaultdict(list)
    for p in m.pairs:
        if (number := at.get((p.a.sheet, p.a.row))) is not None and at.get((p.b.sheet, p.b.row)) == number:
            pairs[number].append(p)
    shown_ = [_case(n, pairs[n], findings[n], m) for n in sorted(pairs)]
    return {"cases": shown_[:MOST], "more": len(shown_[MOST:])}


def _case(number: int, pairs: list[Pair], findings: list[Finding], m: Material) -> dict[str, Any]:
    people = {p.key: p for pair in pairs for p in (pair.a, pair.b)}
    ordered = sorted(people.values(), key=lambda p: (m.units.index(p.unit) if p.unit in m.units else -1, p.key))
    letters = {p.key: str(i) for i, p in enumerate(ordered, 1)}
    said = list(dict.fromkeys(text for f in findings if (text := ruling(f, m))))
    return {
        "number": number,
        "grade": m.book.words["people"]["grades"][min((p.grade for p in pairs), key=GRADES.index)],
        "open": sum(f.status not in CLOSED for f in findings),
        "people": [_person(p, letters[p.key], m) for p in ordered],
        "pairs": [_pair(p, letters, m) for p in pairs],
        "rules": sorted({f.rule for f in findings}),
        "rulings": said,
    }


def _person(p: Person, letter: str, m: Material) -> dict[str, str]:
    return {
        "letter": letter,
        "unit": m.short_name(p.unit),
        "name": shown(p.name, mask_of("F1", "applications", "name", m), own=False, m=m),
        "number": shown(p.number, mask_of("F1", "applications", "id_number", m), own=False, m=m),
        "source": source_text(p.place.file, p.place.sheet, p.place.cell),
        "link": copy_of(p.unit, p.place.file, m),
    }


def _pair(p: Pair, letters: dict[str, str], m: Material) -> dict[str, Any]:
    """The score and the weights it is the sum of (log2, as Fellegi and Sunter add them)."""
    wrong, word = m.book.words["people"]["wrong"], str(m.words["case_wrong"])
    says = p.says.replace(wrong["b"], word.format(n=letters[p.b.key])).replace(
        wrong["a"], word.format(n=letters[p.a.key])
    )
    titles = {field: entry["title"] for field, entry in m.book.words["people"]["parts"].items()}
    return {
        "who": "\u2013".join(sorted((letters[p.a.key], letters[p.b.key]), key=int)),
        "grade": m.book.words["people"]["grades"][p.grade],
        "level": p.level,
        "says": says,
        "score": f"{p.score:.1f}",
        "parts": [{"title": titles[x.field], "says": x.says, "weight": f"{x.weight:+.1f}"} for x in p.parts],
    }


def copy_of(unit: str | None, file: str | None, m: Material) -> str:
    """Where the auditor opens a line's cell: the marked copy of its file, else the folder of its unit ('' = of none)."""
    if not unit:
        return ""
    ending = str(m.book.words["returns"]["suffix"])
    stem = scrubbed((file or "").replace("!", "/").rpartition("/")[2].rpartition(".")[0])
    name = f"{stem.removesuffix(ending)}{ending}.xlsx"
    there = name in m.copies.get(unit, ())
    return quote(f"../units/{m.folder(unit)}/{name if there else ''}")
