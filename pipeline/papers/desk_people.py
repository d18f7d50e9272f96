"""Findings about people in; the lines of 重复 (each pair once) and 去向 (each person once) of 待核查 out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from pipeline.cells.text import name_key
from pipeline.model import Finding, Place, Row, partners
from pipeline.model.linked import Pair
from pipeline.papers.desk_lines import answered, asked, line
from pipeline.papers.grids import grade_of, source_text
from pipeline.papers.material import Material
from pipeline.papers.objects import pair_object, person_object
from pipeline.papers.wording import message, ruling
from pipeline.render.figures import Marked

REGISTERS = ("R3", "R2", "R11")  # who may be missing


def pair_rows(m: Material) -> list[dict[str, Any]]:
    """Every two rows that may be one person, once, whichever of them names the other."""
    findings = asked(m, "duplicates")
    near = partners(findings)
    rows: dict[str, dict[str, Any]] = {}
    for f in findings:
        for other in f.related or (Place(),):
            target = pair_object([f.id, near.get(f.id, {}).get(other, f.id)])
            if target not in rows:
                rows[target] = line(m, "duplicates", target, _pair(f, other, m))
    return list(rows.values())


def _pair(f: Finding, other: Place, m: Material) -> dict[str, Any]:
    """Both sides of a suspected duplicate, unit, name, number, place: the office's own desk shows them whole (L0)."""
    here, there = (f"{f.file}|{f.sheet}", f.row or 0), (f"{other.file}|{other.sheet}", other.row)
    one = _side(_found_row(m, f.file, f.sheet, f.row, f.sha256))
    there_row = _found_row(m, other.file, other.sheet, other.row) or _registered(m, other)
    two = _side(there_row)
    pair = m.paired.get(frozenset({here, there}))
    if pair:
        turned = (pair.b.sheet, pair.b.row) == here
        one, two = _marked(one, pair, turned), _marked(two, pair, not turned)
    return {
        "case_no": str(f.case) if f.case is not None else "", "grade": grade_of(f, m),
        "unit_a": m.unit_name(f.unit), "name_a": one[0], "number_a": one[1], "place_a": source_text(f.file, f.sheet, f.cell),
        "unit_b": m.unit_name(other.unit or (str(there_row.get("unit_code") or "") if there_row else "")), "name_b": two[0], "number_b": two[1], "place_b": source_text(other.file, other.sheet, other.cell) if other.file else "",
        "evidence": _by_column(f"{message(f, m, own=False, desk=True)} {ruling(f, m)}".rstrip(), m),
    }  # fmt: skip


def _by_column(text: str, m: Material) -> str:
    """Beside each other the two rows are column one and column two."""
    said, columns = m.book.words["people"]["wrong"], m.words["wrong_column"]
    return text.replace(said["b"], columns["b"]).replace(said["a"], columns["a"])


def _found_row(
    m: Material, file: str | None, sheet: str | None, number: int | None, sha256: str | None = None
) -> Row | None:
    table = m.table(file, sheet, sha256)
    return next((r for r in table.rows if r.number == number), None) if table and number else None


def _marked(side: tuple[str, str], pair: Pair, second: bool) -> tuple[str, str]:
    """Name and number of one row, with the signs in which it differs from the other (`second`: it is the pair's b)."""
    shown = list(side)
    for d in pair.differences:
        text, at = (d.b, d.at_b) if second else (d.a, d.at_a)
        place = ("name", "number").index(d.field) if d.field in {"name", "number"} else -1
        if place >= 0 and shown[place] == text:
            shown[place] = Marked.of(text, at)
    return shown[0], shown[1]


def _registered(m: Material, p: Place) -> Row | None:
    """The row of a register a finding names."""
    return next(iter(_register_rows(m).get((p.file, p.sheet, p.cell), ())), None)


def _side(row: Row | None) -> tuple[str, str]:
    """Name and number of one side; where a list has no number, what it has of it."""
    return (
        (
            str(row.raw.get("name", "")),
            str(row.get("id_number") or row.raw.get("id_number", "") or row.get("id_tail") or ""),
        )
        if row
        else ("", "")
    )


def whereabouts_rows(m: Material) -> list[dict[str, Any]]:
    """One line for each person nobody accounts for: of last year (from the school's own sheet, or from R3 where no sheet names
    them), flagged on the roster, paid by the mutual aid. Then those about whom the office has said it."""
    known = _register_rows(m)
    rows = []
    for f in asked(m, "whereabouts"):
        row = _found_row(m, f.file, f.sheet, f.row, f.sha256)
        if row is not None or not f.related:
            rows.append(line(m, "whereabouts", f.id, {**_of_sheet(f, row, m), "listed_for": _listed_for(f, m)}))
        for place in f.related if row is None else ():
            people = known.get((place.file, place.sheet, place.cell), ())
            if people:
                name, tail = _name(people[0]), _tail(people[0])
                shown = {**_of_register(f, people, m), "listed_for": _listed_for(f, m)}
                rows.append(line(m, "whereabouts", person_object(f.id, name, tail), shown))
    used = {r["number"] for r in rows}
    return [*_each_once(rows, m), *answered(m, "whereabouts", used)]


def _each_once(rows: list[dict[str, Any]], m: Material) -> list[dict[str, Any]]:
    """A person several lists name is one line that gives every reason; people without a name are told apart by nothing."""
    people: dict[tuple[str, str, str], dict[str, Any]] = {}
    for row in rows:
        who = (
            (row["unit_name"], name_key(row["name"]), row["id_tail"].upper())
            if row["name"]
            else ("", "", row["number"])
        )
        first = people.setdefault(who, row)
        if row["listed_for"] not in first["listed_for"].split(m.words["list_mark"]):
            first["listed_for"] += m.words["list_mark"] + row["listed_for"]
            first["last_amount"] = row["last_amount"] if first["last_amount"] is None else first["last_amount"]
            first["last_category"] = first["last_category"] or row["last_category"]
    return list(people.values())


def _of_sheet(f: Finding, row: Row | None, m: Material) -> dict[str, Any]:
    get = row.get if row else lambda _name: None
    return {
        "unit_name": m.unit_name(f.unit), "name": str(get("name") or f.facts.get("name", "")), "id_tail": str(get("id_tail") or ""),
        "last_category": str(get("last_category") or ""), "last_amount": get("last_amount"), "destination": "",
        "reply": ruling(f, m),
    }  # fmt: skip


def _of_register(f: Finding, rows: tuple[Row, ...], m: Material) -> dict[str, Any]:
    """Last year's sum over the funds; the category as it was first written."""
    amounts = [a for r in rows if isinstance(a := r.get("amount"), int)]
    return {
        "unit_name": m.unit_name(f.unit), "name": _name(rows[0]), "id_tail": _tail(rows[0]), "destination": "",
        "last_category": next((str(r.get("category")) for r in rows if r.get("category")), ""), "last_amount": sum(amounts) if amounts else None,
        "reply": ruling(f, m),
    }  # fmt: skip


def _listed_for(f: Finding, m: Material) -> str:
    """Why the office is asked about somebody; the sheet is the office's own, so that a register's fact may stand there."""
    rule = m.rule(f)
    return rule.title if rule else ""


def _name(row: Row) -> str:
    return str(row.get("name") or row.raw.get("name", ""))


def _tail(row: Row) -> str:
    return str(row.get("id_tail") or "") or str(row.get("id_number") or "")[-4:]


def _register_rows(m: Material) -> Mapping[tuple[str | None, str | None, str | None], tuple[Row, ...]]:
    """Place of a row of R3, R2 or R11 -> all rows of that register, season, unit and person, this one first."""
    found: dict[tuple[str | None, str | None, str | None], tuple[Row, ...]] = {}
    for register in (m.office.registers[name] for name in REGISTERS if name in m.office.registers):
        same: dict[tuple[object, ...], list[Row]] = defaultdict(list)
        for r in register.rows:
            same[_who(r)].append(r)
        pairs = zip(register.rows, register.sources, strict=True)
        found |= {(p.file, p.sheet, p.cell): (r, *(o for o in same[_who(r)] if o is not r)) for r, p in pairs}
    return found


def _who(r: Row) -> tuple[object, ...]:
    return r.get("season"), r.get("unit_code"), _name(r), _tail(r).upper()
