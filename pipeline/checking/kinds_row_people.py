"""Row kinds about the person of a row: number against sex, birth, age and document; who is paid and who signs."""

from __future__ import annotations

from datetime import date

from pipeline.cells import ids
from pipeline.cells.text import name_key
from pipeline.checking.env import Env, contains
from pipeline.checking.known import form_here, unit_of
from pipeline.checking.registry import Hit, NotApplicable, kind
from pipeline.checking.subjects import Subject, World
from pipeline.model import Row

RESIDENT = 18


def _resident(s: Subject, field: str = "id_number") -> str:
    """The 18 signs of a number that carries birth and sex; other documents say nothing about them."""
    number = str(s.get(field))
    if ids.birth(number) is None:
        raise NotApplicable("nothing")
    return number


@kind("sex_of_id", facts="calc", required="male female", needs="sex id_number")
def sex_of_id(s: Subject, env: Env) -> Hit | None:
    """The 17th digit: odd male, even female (GB 11643)."""
    calc = env.text("male") if int(_resident(s)[16]) % 2 else env.text("female")
    return None if s.get("sex") == calc else Hit("sex", {"calc": calc}, new_value=calc)


@kind("birth_of_id", facts="calc", needs="birth_month id_number")
def birth_of_id(s: Subject, env: Env) -> Hit | None:
    """Signs 7 to 12 of the number are year and month of birth."""
    born = ids.birth(_resident(s))
    stated = s.get("birth_month")
    if born is None or (stated.year, stated.month) == (born.year, born.month):
        return None
    return Hit("birth_month", {"calc": f"{born.year}.{born.month:02d}"}, new_value=f"{born.year}.{born.month:02d}")


@kind("age_fits", facts="age status", required="ages", needs="staff_status id_number")
def age_fits(s: Subject, env: Env) -> Hit | None:
    """`ages`: status -> "least-greatest" age in full years on the night's date; a status it does not name is not judged."""
    bounds = env.mapping("ages").get(s.get("staff_status"))
    if bounds is None:
        raise NotApplicable("nothing")
    born = ids.birth(_resident(s))
    if born is None:
        return None
    age = years_old(born, env.world.as_of)
    low, _, high = str(bounds).partition("-")
    if (not low or age >= int(low)) and (not high or age <= int(high)):
        return None
    return Hit("staff_status", {"age": str(age), "status": s.get("staff_status")})


def years_old(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


@kind("id_type_fits", facts="id_type", required="resident permit", needs="id_type id_number")
def id_type_fits(s: Subject, env: Env) -> Hit | None:
    """The two 18-digit documents look alike: the area codes 810000, 820000 and 830000 belong to residence permits only."""
    number = str(s.get("id_number"))
    stated = s.get("id_type")
    if stated not in (env.text("resident"), env.text("permit")):
        raise NotApplicable("nothing")
    is_permit = number[:2] in ("81", "82", "83")
    return Hit("id_number", {"id_type": stated}) if is_permit != (stated == env.text("permit")) else None


def _same(a: object, b: object) -> bool:
    return bool(a) and bool(b) and name_key(str(a)) == name_key(str(b))


@kind("same_name", needs="account_name name")
def same_name(s: Subject, env: Env) -> Hit | None:
    """The holder of the account is the recipient."""
    return None if _same(s.get("account_name"), s.get("name")) else Hit("account_name")


@kind(
    "agent_complete",
    facts="missing",
    required="details",
    optional="picture",
    needs="name",
    judges="agent_name @details",
    reads="signed_by signed_self",
)
def agent_complete(s: Subject, env: Env) -> Hit | None:
    """Somebody else signed (another name, 本人签收 answered with no, or an agent is named): then who, and how related."""
    signed, agent = s.get("signed_by"), s.get("agent_name")
    written = isinstance(signed, str) and signed != env.text("picture")
    other = s.get("signed_self") is False or agent is not None or (written and not _same(signed, s.get("name")))
    if not other:
        return None
    missing = [n for n in ("agent_name", *env.many("details")) if n in env.on and s.get(n) is None]
    return Hit(missing[0], {"missing": env.titles(s, missing)}, value="") if missing else None


@kind("agent_is_officer", needs="agent_name", judges="officer1 officer2")
def agent_is_officer(s: Subject, env: Env) -> Hit | None:
    """Who pays may not sign for the one who is paid."""
    return Hit("agent_name") if any(_same(s.get("agent_name"), s.get(n)) for n in ("officer1", "officer2")) else None


@kind("two_officers", required="methods", needs="pay_method", judges="officer1 officer2")
def two_officers(s: Subject, env: Env) -> Hit | None:
    """Cash and goods are handed over by two different people; two names that are one person are wrong everywhere."""
    first, second = s.get("officer1"), s.get("officer2")
    if _same(first, second):
        return Hit("officer2")
    if not contains(s.get("pay_method"), env.many("methods")) or (first and second):
        return None
    return Hit("officer1" if not first else "officer2", value="")


@kind("applied", facts="what", required="form sheet", needs="amount_approved", reads="unit_code name id_tail")
def applied(s: Subject, env: Env) -> Hit | None:
    """ROW-036: a decided row is about a person of the unit's own application, accepted, held back or waiting. Where nothing
    of the unit's application can be read, that is told once, at the first of its rows."""
    world, place = env.world, (env.text("form"), env.text("sheet"))
    known = world.once(f"applicants {place}", lambda: _applicants(world, *place))
    if not known or not s.get("amount_approved"):
        raise NotApplicable("nothing")
    unit, name = str(s.get("unit_code") or ""), name_key(str(s.get("name") or ""))
    tail = str(s.get("id_tail") or "").upper()
    if known & {(unit, name, tail), (unit, name, None)}:
        return None
    if unit_of(world, unit) is None or any(code == unit for code, _, _ in known) or _came(world, unit, place[0]):
        return Hit("name", {"what": env.words("stranger")})
    mine = (r for r in s.sheet.table.rows if r.get("amount_approved") and str(r.get("unit_code") or "") == unit)
    rows = [r for r in mine if not r.unknown & {"name", "id_tail"}]
    if s.row.number != rows[0].number:
        form_here(world, unit, place[0])
    return Hit("name", {"what": env.words("nobody_applied")}, rows=tuple(r.number for r in rows))


def _came(world: World, unit: str, form: str) -> bool:
    return any(form in f.current for f in world.files(unit))


def _applicants(world: World, form: str, resource: str) -> frozenset[tuple[str, str, str | None]]:
    """(unit, name, last four signs of the number; None where nobody could read it) of everybody somebody applied for."""
    found = {_who(s.sheet.unit, s.row) for s in world.subjects(form, resource)}
    for filed in world.filed:
        if filed.unit and filed.state == "held":
            tables = (t for t in filed.document.tables if (t.form, t.resource) == (form, resource))
            found |= {_who(filed.unit, row) for t in tables for row in t.rows}
    return frozenset(found)


def _who(unit: str, row: Row) -> tuple[str, str, str | None]:
    number = row.get("id_number")
    name = name_key(str(row.get("name") or row.raw.get("name", "")))
    return unit, name, str(number)[-4:].upper() if number else None
