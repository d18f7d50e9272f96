"""A school's row beside the office's registers in; what the roster, the changes, the officers and the claims say otherwise out.

A register of last year, a person listed twice, a blank optional column: nobody is accused by what a register does not say.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from pipeline.cells.text import compact, fold, name_key
from pipeline.checking.env import Env, contains
from pipeline.checking.known import (
    Who,
    current,
    full,
    in_register,
    of_this_season,
    questioned,
    unit_of,
    who,
)
from pipeline.checking.linked import key_of_row, likely_in
from pipeline.checking.linked import says as pair_says
from pipeline.checking.registry import CannotRun, Hit, NotApplicable, kind
from pipeline.checking.subjects import Subject, World
from pipeline.model import Place, Row, Sheet

ROSTER, CHANGES, OFFICERS, CLAIMS = "R2", "R6", "R10", "R11"
DONATIONS = ("F2", "donations")


# -- XRG-005, XRG-006: the roster --------------------------------------------------------------------------------


@kind("name_on_roster", needs="name id_number", registers=ROSTER)
def name_on_roster(s: Subject, env: Env) -> Hit | None:
    """XRG-005: the roster has this very number under other names only."""
    w = who(s)
    names = {o.name for r in in_register(env.world, ROSTER)(w) if (o := who(r)).number == w.number and o.name}
    if not names:
        raise NotApplicable("nothing")
    return None if w.name in names or questioned(env.world, s, "name") else Hit("name")


@kind(
    "roster_elsewhere",
    facts="unit",
    optional="joined left settled",
    needs="name",
    reads="id_number mobile staff_status",
    registers=ROSTER,
)
def roster_elsewhere(s: Subject, env: Env) -> Hit | None:
    """XRG-006: everything the office knows puts him in another unit now: the roster's current lines, and the newest move of
    R6 where there is one. Who works in two units, a unit that is no longer in R1, and a roster line older than his move
    here are no reason; the retired (`settled`) may be kept by another unit than the one that looks after them."""
    world, unit = env.world, s.sheet.unit
    w = who(s)
    if not w.sure:
        raise CannotRun("unidentified")
    if contains(s.get("staff_status"), env.many("settled")):
        raise NotApplicable("nothing")
    lines = [r for r in in_register(world, ROSTER)(w) if current(r, world.as_of)]
    moved = _moved(world, w, env)
    if not lines and moved is None:
        raise NotApplicable("nothing")
    codes = {str(r.get("unit_code") or "") for r in lines}
    now = moved if moved is not None else ("" if unit in codes or len(codes) != 1 else next(iter(codes)))
    there = unit_of(world, now)
    if not now or now == unit or there is None or (unit in codes and moved is None):
        return None
    return Hit("name", {"unit": there.short}, related=(_line_of(world, lines, there.code),))


def _line_of(world: World, lines: Sequence[Row], unit: str) -> Place:
    """Where the roster has him in that unit; the unit alone where only a move says so."""
    register = world.office.registers[ROSTER]
    places = world.once(
        "roster places", lambda: {id(r): p for r, p in zip(register.rows, register.sources, strict=True)}
    )
    found = next((places[id(r)] for r in lines if r.get("unit_code") == unit), None)
    return replace(found, unit=unit) if found else Place(unit)


def _moved(world: World, w: Who, env: Env) -> str | None:
    """Where his newest move of R6 took him; None where R6 knows of none or does not say where to."""
    moves = [r for r in _events(world, w) if r.get("event") in (*env.many("joined"), *env.many("left"))]
    if not moves:
        return None
    last = moves[-1]
    to = last.get("to_unit") or (last.get("unit_code") if last.get("event") in env.many("joined") else None)
    return str(to) if to else None


def _events(world: World, w: Who) -> list[Row]:
    """What R6 says of a person up to tonight, the oldest first."""
    return _up_to(world, in_register(world, CHANGES)(w))


def _up_to(world: World, rows: Iterable[Row]) -> list[Row]:
    found = (r for r in rows if isinstance(r.get("date"), date) and r.get("date") <= world.as_of)
    return sorted(found, key=lambda r: r.get("date"))


# -- XRG-007: who has left or died ---------------------------------------------------------------------------------


@kind("has_left", facts="event date likely", required="final ends", optional="survivors", needs="name", reads="id_number mobile staff_status", registers=CHANGES)  # fmt: skip
def has_left(s: Subject, env: Env) -> Hit | None:
    """XRG-007: R6 says he died (`final`), or left the service (`ends`) and has not come back since. Applications of
    survivors are their own. A line from before this season holds nobody's row back (season.md 4); nor does one of somebody
    who is likely he, by matching, and not proven to be: that is asked."""
    if contains(s.get("staff_status"), env.many("survivors")):
        raise NotApplicable("nothing")
    w, likely = who(s), likely_in(env.world, CHANGES).get(key_of_row(s), ())
    if not w.sure and not likely:
        raise CannotRun("unidentified")
    events = _events(env.world, w)
    says = (
        ""
        if events or not likely
        else env.words("likely").replace("{says}", pair_says(likely[0][1], key_of_row(s), env.book))
    )
    events = events or _up_to(env.world, (r for r, _ in likely if who(r) == who(likely[0][0])))
    ended = [r for r in events if r.get("event") in env.many("final")] or events[-1:]
    if not ended or ended[-1].get("event") not in (*env.many("final"), *env.many("ends")):
        return None
    register = env.world.office.registers[CHANGES]
    holds = None if of_this_season(env.world, register, ended[-1]) and not says else "none"
    facts = {"event": str(ended[-1].get("event")), "date": str(ended[-1].get("date")), "likely": says}
    return Hit("name", facts, holds=holds, severity="warning" if says else None)


# -- XRG-008: the size of a unit --------------------------------------------------------------------------------------


@kind("headcount_of_register", "sheet", facts="said calc diff", required="share least again", registers="R1")
def headcount_of_register(sheet: Sheet, env: Env) -> Hit | None:
    """XRG-008: 教职工总数 of a unit against R1, by more than `share` per cent and at least `least` persons. The row of the
    whole beside its parts counts as it likes (SHT-024 asks)."""
    world, unit = env.world, unit_of(env.world, sheet.unit)
    if unit is None:
        raise NotApplicable("not_listed")
    whole = unit.headcount
    if not whole:
        found = env.book.registers["R1"].resource.field("headcount")
        raise NotApplicable("not_filled", register="R1", what=found.title if found else "")
    if sheet is not world.tables(*DONATIONS, sheet.unit)[-1] or "headcount" not in sheet.table.columns:
        raise NotApplicable("nothing")
    rows = world.subjects(*DONATIONS, sheet.unit)
    unread = next((s for s in rows if s.unknown("headcount")), None)
    if unread is not None:
        raise CannotRun("unknown", rule=world.culprit(unread, "headcount"))
    near = min(_counts(rows, env), key=lambda n: abs(n - whole))
    if not near:
        raise NotApplicable("nothing")
    diff = abs(near - whole)
    if diff < env.whole("least") or diff * 100 <= env.number("share") * whole:
        return None
    facts = {"said": str(near), "calc": str(whole), "diff": str(diff)}
    mine = [s for s in rows if s.sheet is sheet]
    return Hit("headcount", facts, row=mine[-1].row if mine else None, rows=tuple(s.row.number for s in mine))


def _counts(rows: Sequence[Subject], env: Env) -> list[int]:
    """The sum of all rows, and what it may be where the whole stands beside its parts. A line written twice is asked about
    first (`again`)."""
    field = env.book.resource(*DONATIONS)
    dept = field.field("dept") if field else None
    named = [(name_key(str(s.get("dept") or "")), int(s.get("headcount") or 0)) for s in rows]
    whole = name_key(dept.preset) if dept else ""
    if len({name for name, _ in named}) < len(named):
        raise CannotRun("unknown", rule=env.text("again"))
    return [sum(n for _, n in named)] + [
        n for n in (sum(n for d, n in named if d == whole), sum(n for d, n in named if d != whole)) if n
    ]


# -- XRG-010, XRG-014: accounts -----------------------------------------------------------------------------------------


@kind(
    "card_of_member",
    required="methods",
    needs="name account_no pay_method",
    reads="id_tail id_number",
    registers=ROSTER,
)
def card_of_member(s: Subject, env: Env) -> Hit | None:
    """XRG-010: paid to a member's card, but none of the cards the roster has for him. Another way of paying may go to any
    account of his."""
    if s.get("pay_method") not in env.many("methods"):
        raise NotApplicable("nothing")
    w = full(env.world, s)
    if not w.sure:
        raise CannotRun("unidentified")
    cards = {r.get("member_card_no") for r in in_register(env.world, ROSTER)(w)} - {None}
    if not cards:
        raise NotApplicable("nothing")
    return None if s.get("account_no") in cards or questioned(env.world, s, "account_no") else Hit("account_no")


@kind("payee_is_ours", facts="payee", reads="payee_name payee_account")
def payee_is_ours(s: Subject, env: Env) -> Hit | None:
    """XRG-014: another account, or where none is stated another name than the season's payee. The account decides: a name
    may be written shorter. Other names of the payee stand in R7."""
    payee = env.world.season.payee
    account, name = _digits(str(s.get("payee_account") or "")), str(s.get("payee_name") or "")
    if not (payee.get("account") and account) and not (payee.get("name") and name):
        raise NotApplicable("nothing")
    facts = {"payee": str(payee.get("name") or "")}
    if payee.get("account") and account:
        return None if account == _digits(str(payee["account"])) else Hit("payee_account", facts)
    ours = fold(str(payee["name"]))
    said = fold(name)
    if said in {ours, *_aliases(env.world, ours)}:
        return None
    part = len(said) >= 4 and not Counter(said) - Counter(ours)  # the same words, some left out: probably the same body
    return Hit("payee_name", facts, severity="warning" if part else None, holds="none" if part else None)


def _digits(text: str) -> str:
    return "".join(c for c in compact(text) if c.isdigit())


def _aliases(world: World, name: str) -> set[str]:
    register = world.office.registers.get("R7")
    rows = register.rows if register else ()
    return {fold(str(r.get("alias") or "")) for r in rows if fold(str(r.get("canonical") or "")) == name}


# -- XRG-017: officers and their families ----------------------------------------------------------------------------------


@kind(
    "kin_of_officer", facts="role how", required="himself family", needs="name", reads="id_number", registers=OFFICERS
)
def kin_of_officer(s: Subject, env: Env) -> Hit | None:
    """XRG-017: the recipient is an officer of his own unit, or of the family one of them declared; or an officer stands in
    the recipient's household. Equal names count inside one unit only, and not against two numbers that differ (C4, M4)."""
    world, w = env.world, who(s)
    unit = s.sheet.unit
    officers = world.once("officers", lambda: _officers(world)).get(unit, ())
    family = {name_key(str(m.get("member_name") or "")) for m in _household(world, s)} - {""}
    for r in officers:
        o = who(r)
        if (w.number and w.number == o.number) or (w.name == o.name and not (w.number and o.number)):
            return Hit("name", {"role": str(r.get("role") or ""), "how": env.text("himself")})
        if w.name in _relatives(r) or o.name in family:
            return Hit("name", {"role": str(r.get("role") or ""), "how": env.text("family")})
    return None


def _officers(world: World) -> Mapping[str, Sequence[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for r in world.office.registers[OFFICERS].rows:
        found[str(r.get("unit_code") or "")].append(r)
    return found


def _relatives(row: Row) -> set[str]:
    """The names in a list such as 王五（配偶）、王六: what stands in brackets is how they are related."""
    text = compact(str(row.get("relatives") or ""))
    for opening, closing in ("()", "\uff08\uff09", "[]"):
        while opening in text and closing in text.partition(opening)[2]:
            head, _, rest = text.partition(opening)
            text = f"{head},{rest.partition(closing)[2]}"
    for sign in "\u3001\uff0c;\uff1b/":
        text = text.replace(sign, ",")
    return {name_key(part) for part in text.split(",") if part}


def _household(world: World, s: Subject) -> Sequence[Subject]:
    def make() -> Mapping[tuple[str, str], Sequence[Subject]]:
        found: dict[tuple[str, str], list[Subject]] = defaultdict(list)
        for m in world.subjects("F1", "members"):
            found[m.sheet.unit, name_key(str(m.get("staff_name") or ""))].append(m)
        return found

    rows = world.once("household of", make).get((s.sheet.unit, who(s).name), ())
    return [m for m in rows if not who(s).tail or str(m.get("staff_id_tail") or "").upper() in ("", who(s).tail)]


# -- XRG-019: cover for a great illness -----------------------------------------------------------------------------------


@kind("illness_without_cover", required="aid statuses", optional="selves", needs="name aid_type staff_status", reads="id_number mobile patient", registers=ROSTER)  # fmt: skip
def illness_without_cover(s: Subject, env: Env) -> Hit | None:
    """XRG-019: a grant for great illness to somebody in service whom the roster has without mutual aid (said so, or blank
    where his unit ticks others) and R11 without a claim. Whose family member is ill, and the retired, are not asked."""
    world = env.world
    if s.get("aid_type") not in env.many("aid") or s.get("staff_status") not in env.many("statuses"):
        raise NotApplicable("nothing")
    if s.get("patient") and s.get("patient") not in env.many("selves"):
        raise NotApplicable("nothing")
    w = who(s)
    if not w.sure:
        raise CannotRun("unidentified")
    lines = in_register(world, ROSTER)(w)
    ticking = world.once("units that tick", lambda: {str(r.get("unit_code")) for r in world.office.registers[ROSTER].rows if r.get("joined_mutual_aid")})  # fmt: skip
    told = [r for r in lines if r.get("joined_mutual_aid") is not None or str(r.get("unit_code")) in ticking]
    if not told:
        raise NotApplicable("nothing")
    if any(r.get("joined_mutual_aid") for r in told) or in_register(world, CLAIMS)(w):
        return None
    return Hit("aid_type")
