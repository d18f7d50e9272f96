"""Rule kinds over F4: each declared total beside the unit's own rows, and parts beside their whole.

Control totals compare with all data rows as declared, not with accepted rows (contract.md 3).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from pipeline.cells.ids import id_key
from pipeline.cells.money import fen_text
from pipeline.cells.text import name_key
from pipeline.checking.env import Env
from pipeline.checking.registry import CannotRun, Hit, NotApplicable, kind
from pipeline.checking.subjects import World
from pipeline.model import Row, Sheet

CODE, VALUE, CORRECTION, NOTE = "code", "value", "correction", "note"


def declared(row: Row) -> Decimal | None:
    """What the school says of a line: its 更正数, else the 本年 figure. Money lines in 元, as typed."""
    value = row.get(CORRECTION) if row.get(CORRECTION) is not None else row.get(VALUE)
    return None if value is None else Decimal(value)


def lines(sheet: Sheet) -> Mapping[str, Row]:
    return {str(r.get(CODE) or r.raw.get(CODE, "")).strip(): r for r in sheet.table.rows}


@kind("own_total", "sheet", facts="ind val calc", required="code form resource field how")
def own_total(sheet: Sheet, env: Env) -> Hit | None:
    """XFM-008…010: the line `code` against what `field` of the unit's current `form`.`resource` gives (sum or people)."""
    row = lines(sheet).get(env.text("code"))
    if row is None:
        raise NotApplicable("nothing")
    if VALUE in row.unknown or CORRECTION in row.unknown:
        raise CannotRun("unknown", rule="CEL-028")
    said = declared(row)
    if said is None:
        raise NotApplicable("nothing")
    calc = _derived(env.world, sheet.unit, env)
    if said == calc:
        return None
    money = env.text("how") == "sum"
    facts = {"ind": str(row.get("indicator") or row.raw.get("indicator", "")), "val": _shown(said, money), "calc": _shown(calc, money)}
    corrected = row.get(CORRECTION) is not None
    severity, cure = ("warning", "D") if corrected and row.get(NOTE) else (None, None) if corrected or sheet.table.plain else ("info", None)
    return Hit(CORRECTION if corrected else VALUE, facts=facts, row=row, severity=severity, cure=cure)


def _shown(value: Decimal, money: bool) -> str:
    return fen_text(int(value * 100)) if money else str(int(value)) if value == int(value) else str(value)


def _derived(world: World, unit: str, env: Env) -> Decimal:
    """The unit's own rows, all of them as declared. Raises CannotRun when a cell it needs could not be read."""
    form, resource, field = env.text("form"), env.text("resource"), env.text("field")
    subjects = world.subjects(form, resource, unit)
    if not subjects and not any(form in f.current for f in world.files(unit)):
        raise NotApplicable("nothing")
    if any(s.unknown(field) for s in subjects):
        raise CannotRun("unknown", rule="CEL-028" if env.text("how") == "sum" else "CEL-013")
    if env.text("how") == "people":
        return Decimal(len({_person(s.get(field), s.raw("name"), s.row.number) for s in subjects}))
    return Decimal(sum(int(s.get(field) or 0) for s in subjects)) / 100


def _person(number: object, name: str, row: int) -> str:
    return id_key(str(number)) if number else f"{name_key(name)}#{row}"


@kind("parts_of_whole", "sheet", facts="ind val calc", required="sums")
def parts_of_whole(sheet: Sheet, env: Env) -> Iterator[Hit]:
    """XFM-011: for each whole in `sums`, its parts' declared values add up to it; unread parts block that sum."""
    found = lines(sheet)
    judged = False
    for whole, parts in env.mapping("sums").items():
        rows = [found.get(p) for p in parts]
        total = found.get(whole)
        if total is None or not any(rows) or any(r is not None and (VALUE in r.unknown or CORRECTION in r.unknown) for r in (*rows, total)):
            continue
        said, values = declared(total), [declared(r) for r in rows if r is not None]
        if said is None or all(v is None for v in values):
            continue
        judged = True
        calc = sum((v for v in values if v is not None), Decimal(0))
        if calc != said:
            name = str(total.get("indicator") or total.raw.get("indicator", ""))
            field = CORRECTION if total.get(CORRECTION) is not None else VALUE
            yield Hit(field, facts={"ind": name, "val": f"{said:f}", "calc": f"{calc:f}"}, row=total)
    if not judged:
        raise NotApplicable("nothing")
