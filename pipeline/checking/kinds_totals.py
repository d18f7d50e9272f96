"""Rule kinds over sums: total rows, a whole listed beside its parts, and the lines of F4 beside the unit's own rows.

How a line is made up stands in the form (x-items: from, parts, measure). Control totals compare with all data rows as
declared, not with accepted rows (contract.md 3). A sheet in another unit than 元 is told so first: its sums are not judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from pipeline.cells.ids import id_key
from pipeline.cells.money import fen_text
from pipeline.cells.text import name_key
from pipeline.checking.env import Env, yuan
from pipeline.checking.kinds_sheet import blocked_by
from pipeline.checking.registry import CannotRun, Hit, NotApplicable, kind
from pipeline.checking.subjects import UNREAD, Subject
from pipeline.model import Row, Sheet

CODE, NAME, VALUE, CORRECTION, NOTE = "code", "indicator", "value", "correction", "note"
PEOPLE, SUM = "distinct", "sum"
LUMP = "lump"


# -- total rows ---------------------------------------------------------------------------------------


@kind("control_total", "sheet", facts="calc")
def control_total(sheet: Sheet, env: Env) -> Iterable[Hit]:
    """Every total row against all data rows as declared, or those above it (somebody was added below); a subtotal may
    also stand for the rows since the last one.

    Of our own form's total line the reader hands on only what was typed over its formula.
    """
    resource = env.book.resource(sheet.form, sheet.table.resource)
    summed = [f for f in resource.active if f.total and f.name in sheet.table.columns] if resource else []
    if not sheet.table.totals or not summed:
        raise NotApplicable("no_total")
    env.in_yuan(sheet)
    hits: list[Hit] = []
    judged, unknown = False, ""
    for f in summed:
        adds = parts_of_total(sheet.form, sheet.table.resource, f.name, env)
        previous = 0
        for total in sheet.table.totals:
            stated = total.get(f.name)
            try:
                calc = _control(sheet, total, f.name, adds, previous, env)
            except CannotRun as no:
                unknown = no.facts["rule"]
            else:
                judged = judged or stated is not None
                if stated is not None and stated not in calc:
                    hits.append(Hit(f.name, {"calc": yuan(calc[0]) if f.kind == "money" else str(calc[0])}, row=total))
            previous = total.number
    if not hits and not judged and unknown:
        raise CannotRun("unknown", rule=unknown)
    if not judged:
        raise NotApplicable("no_total")
    return hits


def _control(sheet: Sheet, total: Row, name: str, adds: Sequence[str], previous: int, env: Env) -> tuple[int, ...]:
    """What a total row may say: the sum it should be first, then the others nobody would object to. An unknown cell
    among the rows leaves only what is known to be right."""
    rows = sheet.table.rows
    above = [r for r in rows if r.number < total.number]
    last = total is sheet.table.totals[-1]
    sums: list[int] = []
    culprit = ""
    for group in (rows if last or not above else above, above or rows, [r for r in above if r.number > previous]):
        bad = next(((r, n) for r in group for n in _read(r, name, adds) if n in r.unknown), None)
        if bad is None:
            sums.append(sum(amount_of(r, name, adds) for r in group))
        else:
            culprit = culprit or blocked_by(sheet, *bad, env)
    if culprit and total.get(name) not in sums:
        raise CannotRun("unknown", rule=culprit)
    return tuple(sums)


def _read(row: Row, name: str, adds: Sequence[str]) -> tuple[str, ...]:
    return (name,) if row.get(name) is not None else (name, *adds)


def amount_of(row: Row, name: str, adds: Iterable[str]) -> int:
    """The amount of a row; where a computed total was left blank, the columns it is made of."""
    said = row.get(name)
    return int(said) if said is not None else sum(int(row.get(n) or 0) for n in adds)


# -- a whole beside its parts --------------------------------------------------------------------------


@kind("whole_beside_parts", "sheet", facts="a b what", required="field amount same apart near")
def whole_beside_parts(sheet: Sheet, env: Env) -> Hit | None:
    """The row our blank form prefills for everybody (全校) and rows for its parts: one of the two is counted twice.
    Where the sums are nearly the same the row of the whole is held, where they differ the school is asked."""
    name, amount = env.text("field"), env.text("amount")
    resource = env.book.resource(sheet.form, sheet.table.resource)
    field = resource.field(name) if resource else None
    if field is None or name not in sheet.table.columns:
        raise NotApplicable("off")
    rows = sheet.table.rows
    wholes = [r for r in rows if name_key(str(r.get(name) or "")) == name_key(field.preset)]
    parts = [r for r in rows if not any(r is w for w in wholes)]
    if len(wholes) != 1 or not parts:  # two rows for the whole are told as a row written twice
        raise NotApplicable("nothing")
    whole = wholes[0]
    env.in_yuan(sheet)
    adds = parts_of_total(sheet.form, sheet.table.resource, amount, env)
    bad = next(((r, n) for r in rows for n in _read(r, amount, adds) if n in r.unknown), None)
    if bad is not None:
        raise CannotRun("unknown", rule=blocked_by(sheet, *bad, env))
    a, b = amount_of(whole, amount, adds), sum(amount_of(r, amount, adds) for r in parts)
    if not a or not b:
        return None
    same = abs(a - b) * 100 <= env.number("near") * a
    facts = {"a": yuan(a), "b": yuan(b), "what": env.text("same" if same else "apart")}
    return Hit(name, facts, row=whole, rows=(whole.number,), severity=None if same else "warning")


# -- the lines of F4 -----------------------------------------------------------------------------------


@kind("own_total", "sheet", facts="ind val calc", required="code", optional="without")
def own_total(sheet: Sheet, env: Env) -> Hit | None:
    """XFM-008 to 010, XFM-013: line `code` against what the form it is made from holds. A 更正数 with 说明 is for the office to
    weigh; a prefilled figure that has grown old is the office's to renew; any other difference is the school's."""
    row, item = _lines(sheet).get(env.text("code")), _items(sheet, env).get(env.text("code"))
    if row is None or item is None:
        raise NotApplicable("nothing")
    said = _declared(sheet, row, env)
    if said is None:
        raise NotApplicable("nothing")
    calc = _derived(sheet.unit, item["from"], env)
    if said == calc or _beside(sheet, said, env) == calc:
        return None
    corrected = row.get(CORRECTION) is not None
    facts = {"ind": _name(row), "val": _shown(said, item, env), "calc": _shown(calc, item, env)}
    if not corrected:
        return Hit(VALUE, facts, row=row, severity=None if sheet.table.plain else "info")
    explained = bool(row.raw.get(NOTE, "").strip())
    return Hit(CORRECTION, facts, row=row, severity="warning" if explained else None, cure="D" if explained else None)


@kind("parts_of_whole", "sheet", facts="ind val calc")
def parts_of_whole(sheet: Sheet, env: Env) -> list[Hit]:
    """XFM-011: the parts of every line that has some add up to it; a line that could not be read blocks its own sum."""
    found, hits, judged, blocked = _lines(sheet), [], False, ""
    for code, item in _items(sheet, env).items():
        whole, parts = found.get(code), [found[p] for p in item.get("parts", "").split() if p in found]
        if whole is None or not parts:
            continue
        try:
            said, values = _declared(sheet, whole, env), [_declared(sheet, p, env) for p in parts]
        except CannotRun as no:
            blocked = no.facts["rule"]
            continue
        if said is None or all(v is None for v in values):
            continue
        judged = True
        calc = sum((v for v in values if v is not None), Decimal(0))
        if calc != said:
            field = CORRECTION if whole.get(CORRECTION) is not None else VALUE
            facts = {"ind": _name(whole), "val": _shown(said, item, env), "calc": _shown(calc, item, env)}
            hits.append(Hit(field, facts, row=whole, rows=(whole.number, *(p.number for p in parts))))
    if not judged and blocked:
        raise CannotRun("unknown", rule=blocked)
    if not judged:
        raise NotApplicable("nothing")
    return hits


def _lines(sheet: Sheet) -> Mapping[str, Row]:
    return {str(r.get(CODE) or r.raw.get(CODE, "")).strip(): r for r in sheet.table.rows}


def _items(sheet: Sheet, env: Env) -> Mapping[str, Mapping[str, str]]:
    resource = env.book.resource(sheet.form, sheet.table.resource)
    return {item[CODE]: item for item in resource.items} if resource else {}


def _name(row: Row) -> str:
    return str(row.get(NAME) or row.raw.get(NAME, ""))


def _declared(sheet: Sheet, row: Row, env: Env) -> Decimal | None:
    """What the school says of a line: its 更正数, else the 本年 figure. Amounts in 元, as typed."""
    for name in (CORRECTION, VALUE):
        if name in row.unknown:
            rule = env.world.culprits.get((sheet.file, sheet.table.sheet, row.number, name), UNREAD)
            raise CannotRun("unknown", rule=rule)
        if row.get(name) is not None:
            return Decimal(row.get(name))
    return None


def _beside(sheet: Sheet, stated: Decimal, env: Env) -> Decimal:
    """The line without another one it may hold as well (教职工总数 that counts the retired, too)."""
    row = _lines(sheet).get(env.text("without")) if env.text("without") else None
    less = _declared(sheet, row, env) if row is not None else None
    return stated - (less or 0)


def _in_money(source: str, env: Env) -> bool:
    """Whether a line is summed in 元: head counts and donors are summed, too."""
    how, _, path = source.partition(" ")
    form, name, *field = [*path.split("."), ""][:3]
    resource = env.book.resource(form, name)
    summed = resource.field(field[0]) if resource and field else None
    return how == SUM and (summed is None or summed.kind == "money")


def _shown(value: Decimal, item: Mapping[str, str], env: Env) -> str:
    if _in_money(item["from"], env) and value * 100 == int(value * 100):
        return fen_text(int(value * 100))
    return f"{value.normalize():f}"


def _derived(unit: str, source: str, env: Env) -> Decimal:
    """`distinct FORM.SHEET` (people) or `sum FORM.SHEET.FIELD` (元, or heads) over the unit's own rows, all of them as declared."""
    how, _, path = source.partition(" ")
    form, resource_name, *field = path.split(".")
    subjects = env.world.subjects(form, resource_name, unit)
    if not subjects and not any(form in f.current for f in env.world.files(unit)):
        raise NotApplicable("nothing")
    if how == PEOPLE:
        return Decimal(len({_person(s) for s in subjects}))
    adds = parts_of_total(form, resource_name, field[0], env)
    for s in subjects:
        env.in_yuan(s.sheet)
        bad = next((n for n in (field[0], *adds) if s.unknown(n)), None)
        if bad:
            raise CannotRun("unknown", rule=env.world.culprit(s, bad))
    total = Decimal(sum(amount_of(s.row, field[0], adds) for s in subjects))
    return total / 100 if _in_money(source, env) else total


def parts_of_total(form: str, resource: str, name: str, env: Env) -> Sequence[str]:
    """The columns that stand in for a computed total left blank (a clerk keeps no formulas) or not asked for (lump)."""
    found = env.book.resource(form, resource)
    total = found.field(name) if found else None
    if found is None or total is None or total.computed != "total":
        return ()
    grouped = [f.name for f in found.active if f.kind == "money" and f.group == total.group and f.name != name]
    return grouped if total.on else [LUMP]


def _person(subject: Subject) -> str:
    """One application row may be one of several of a person: people are counted once."""
    number, name = subject.get("id_number"), name_key(subject.raw("name"))
    return id_key(str(number)) if number else f"{name}#{subject.row.number if subject.unknown('id_number') else ''}"
