"""Two sheets of one unit in; household sizes, remitted sums and heads that do not agree out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from pipeline.cells.text import fold, name_key
from pipeline.checking.env import Env, yuan
from pipeline.checking.kinds_totals import amount_of, parts_of_total
from pipeline.checking.known import person, unit_of
from pipeline.checking.registry import CannotRun, Hit, NotApplicable, kind
from pipeline.checking.subjects import Subject, World
from pipeline.model import Filed, Sheet

MEMBERS, DONATIONS, SLIPS = ("F1", "members"), ("F2", "donations"), ("F2", "slips")


# -- XFM-006: the household ---------------------------------------------------------------------------------------


@kind(
    "household_counted",
    facts="size n",
    optional="above",
    needs="name household_size",
    reads="id_number amount_requested",
)
def household_counted(s: Subject, env: Env) -> Hit | None:
    """XFM-006: the member rows and the applicant himself against 家庭人口, for applicants who list members or ask for at
    least `above` yuan. Members who do not live with him may be listed or not. A person's other projects are not asked
    again."""
    world = env.world
    if not world.tables(*MEMBERS, s.sheet.unit):
        raise NotApplicable("off" if not env.book.forms["F1"].resource("members").on else "nothing")  # type: ignore[union-attr]
    first = world.once("first rows", lambda: _first_rows(world)).get((s.sheet.unit, person(world, s)), s)
    key = (s.sheet.unit, name_key(str(s.get("name"))), str(s.get("id_number") or "")[-4:].upper())
    rows = world.once("members", lambda: _members(world)).get(key, ())
    above = env.number("above") * 100
    if first is not s or (not rows and (not above or (s.get("amount_requested") or 0) < above)):
        raise NotApplicable("nothing")
    if s.unknown("id_number"):
        raise CannotRun("unknown", rule=world.culprit(s, "id_number"))
    together = sum(m.get("lives_together") is True for m in rows)
    most = sum(m.get("lives_together") is not False or m.unknown("lives_together") for m in rows)
    size = int(s.get("household_size")) - 1
    if together <= size <= most or size == len(rows):
        return None
    return Hit(
        "household_size", {"size": str(size + 1), "n": str(most)}, related=tuple(m.place("member_name") for m in rows)
    )


def _first_rows(world: World) -> Mapping[tuple[str, str], Subject]:
    found: dict[tuple[str, str], Subject] = {}
    for s in world.subjects("F1", "applications"):
        if person(world, s):
            found.setdefault((s.sheet.unit, person(world, s)), s)
    return found


def _members(world: World) -> Mapping[tuple[str, str, str], Sequence[Subject]]:
    """(unit, applicant's name, last four signs) -> the rows of his household."""
    found: dict[tuple[str, str, str], list[Subject]] = defaultdict(list)
    for m in world.subjects(*MEMBERS):
        key = (m.sheet.unit, name_key(str(m.get("staff_name") or "")), str(m.get("staff_id_tail") or "").upper())
        found[key].append(m)
    return found


# -- XFM-012: all of the collection remitted ---------------------------------------------------------------------------


@kind("slips_of_collection", "sheet", facts="a b diff", required="amount back blank again", optional="phase odd")
def slips_of_collection(sheet: Sheet, env: Env) -> Hit | None:
    """XFM-012: the slips of a unit together against its collection. Until the phase of remitting is over, less is a
    question: the rest may be under way. Money that came back (汇款性质) counts against."""
    world, unit, amount = env.world, sheet.unit, env.text("amount")
    sheets = world.tables(*SLIPS, unit)
    if sheet is not sheets[-1]:
        raise NotApplicable("nothing")  # a unit's slips are judged once, together
    collected = _collected(world, unit, env)
    for s in (*world.subjects(*SLIPS, unit), *world.subjects(*DONATIONS, unit)):
        env.in_yuan(s.sheet)
    rows = world.subjects(*SLIPS, unit)
    unread = next((s for s in rows if s.unknown(amount)), None)
    if unread is not None:
        raise CannotRun("unknown", rule=world.culprit(unread, amount))
    total = sum((-1 if s.get("kind") == env.text("back") else 1) * abs(int(s.get(amount) or 0)) for s in rows)
    if not collected or total in collected:
        return None
    if doubt := _doubt(world, unit, env):
        raise CannotRun("unknown", rule=doubt)
    b = collected[0]
    facts = {"a": yuan(total), "b": yuan(b), "diff": yuan(abs(total - b))}
    phase = world.season.phases.get(env.text("phase"))
    early = total < b and phase is not None and world.as_of <= phase[1]
    severity = "warning" if early else None
    if rows:
        return Hit(amount, facts, sheet=rows[-1].sheet, row=rows[-1].row, severity=severity)
    return Hit(amount, facts, cell=(sheet.table.header[1] + 1, sheet.table.columns.get(amount, 1)), severity=severity)


def _collected(world: World, unit: str, env: Env) -> tuple[int, ...]:
    """What the unit collected: the sum of its rows first, then what it may be where the whole stands beside its parts, or
    a total was typed beside its channels (both are told by other rules). Empty where no row says an amount."""
    rows = world.subjects(*DONATIONS, unit)
    if not rows:
        if not any(DONATIONS[0] in f.current for f in world.files(unit)):
            raise NotApplicable("nothing")
        return (0,)
    field = env.book.resource(*DONATIONS)
    whole = field.field("dept") if field else None
    adds = parts_of_total(*DONATIONS, "total", env)
    wholes = [s for s in rows if whole and name_key(str(s.get("dept") or "")) == name_key(whole.preset)]
    parts = [s for s in rows if not any(s is w for w in wholes)]
    sums = []
    for some in (rows, wholes, parts):
        if some:
            sums.append(sum(amount_of(s.row, "total", adds) for s in some))
            sums.append(sum(sum(int(s.get(n) or 0) for n in adds) for s in some))
    return tuple(sums) if any(s.get(n) is not None for s in rows for n in ("total", *adds)) else ()


def _doubt(world: World, unit: str, env: Env) -> str:
    """The rule that already asks about the collection: an amount unread, below what its column allows, or blank where one
    must stand; a line twice."""
    adds = parts_of_total(*DONATIONS, "total", env)
    resource = env.book.resource(*DONATIONS)
    odd, fields = env.text("odd"), resource.fields if resource else ()
    least = {f.name: f.minimum for f in fields if odd and f.minimum is not None}
    for s in world.subjects(*DONATIONS, unit):
        for name in ("total", *adds):
            if s.unknown(name):
                return world.culprit(s, name)
            if s.get(name) is not None and name in least and int(s.get(name)) < least[name]:
                return odd
        if any(s.get(n) is None and n in s.sheet.table.columns for n in adds):
            return env.text("blank")
    names = [name_key(str(s.get("dept") or "")) for s in world.subjects(*DONATIONS, unit)]
    return env.text("again") if len(set(names)) < len(names) else ""


# -- XFM-017: the heads ----------------------------------------------------------------------------------------------


@kind("heads_differ", "unit", facts="what form other", required="fields")
def heads_differ(world: World, code: str, env: Env) -> list[Hit]:
    """XFM-017: the forms of a unit name different fillers, or the unit by names its register entry does not know."""
    files = [f for f in world.files(code) if f.current and f.document.head]
    if len({form for f in files for form in f.current}) < 2:
        raise NotApplicable("nothing")
    unit = unit_of(world, code)
    names = {fold(n) for n in (unit.name, unit.short, unit.code, *unit.aliases)} if unit else set()
    hits = []
    for name in env.many("fields"):
        said = [(f, e) for f in files if (e := f.document.head.get(name)) and e.state == "value" and e.value]
        keys = [fold(str(e.value)) for _, e in said]
        for i, (f, e) in enumerate(said):
            if keys[i] == keys[0] or {keys[i], keys[0]} <= names:
                continue
            facts = {"what": _title(name, world), "form": _forms(f, world), "other": _forms(said[0][0], world)}
            sheet = next((s for s in world.sheets if s.file == f.arrival.path), None)
            hits.append(Hit(name, facts, sheet=sheet, entry=e, key=f"{name}+{'+'.join(sorted(f.current))}"))
    return hits


def _title(name: str, world: World) -> str:
    return next((f.title for f in world.book.head if f.name == name), name)


def _forms(filed: Filed, world: World) -> str:
    forms: Iterable[str] = sorted(filed.current)
    return "\u3001".join(world.book.forms[f].title for f in forms)
