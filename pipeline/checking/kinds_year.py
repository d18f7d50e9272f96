"""An application, or a unit, beside R3 in; what does not fit what earlier seasons say out."""

from __future__ import annotations

from pipeline.cells.text import name_key
from pipeline.checking.decided import decided
from pipeline.checking.env import Env, contains, yuan
from pipeline.checking.kinds_cross import PHONED, SENT, answer, unaccounted
from pipeline.checking.kinds_totals import amount_of, parts_of_total
from pipeline.checking.known import PEOPLE, applicants, full, who
from pipeline.checking.past import PAST, gone, history, last_people, last_season, year
from pipeline.checking.registry import CannotRun, Hit, NotApplicable, kind
from pipeline.checking.subjects import Subject, World, title_of
from pipeline.model import Place, Row, address

DONATIONS = ("F2", "donations")


def _history(s: Subject, world: World) -> list[Row]:
    if not who(s).sure:
        raise CannotRun("unidentified")
    return history(world, who(s))


def _first(s: Subject, world: World) -> bool:
    """A person with several projects is asked about on his first row."""
    mine = _mine(s, world)
    return not mine or mine[0].row is s.row


def _mine(s: Subject, world: World) -> list[Subject]:
    """All his rows in this unit."""
    return [o for o in applicants(world)(who(s)) if o.sheet.unit == s.sheet.unit]


# -- XYR-002, XYR-003: 新增 and 延续 --------------------------------------------------------------------------------


@kind(
    "new_but_known", facts="year", required="word", needs="carry_status name", reads="id_number mobile", registers=PAST
)
def new_but_known(s: Subject, env: Env) -> Hit | None:
    """XYR-002: said to be new, and R3 has aided him in an earlier season, in whatever unit."""
    if s.get("carry_status") != env.text("word"):
        raise NotApplicable("nothing")
    before = _history(s, env.world)
    return Hit("carry_status", {"year": str(year(before[-1]))}) if before else None


@kind(
    "carried_but_unknown",
    facts="year",
    required="word",
    needs="carry_status name",
    reads="id_number mobile",
    registers=PAST,
)
def carried_but_unknown(s: Subject, env: Env) -> Hit | None:
    """XYR-003: said to be continued, and last season's list does not have him, in any unit. Where it has somebody of that
    name in his unit, a number may be mistyped: XYR-004 asks, not this rule. No list of last season says nothing."""
    if s.get("carry_status") != env.text("word"):
        raise NotApplicable("nothing")
    world, last = env.world, last_season(env.world)
    mine = last_people(world).get(s.sheet.unit, ())
    if last != world.season.year - 1 or not mine:
        raise NotApplicable("nothing")
    names = world.once(f"names of {s.sheet.unit}", lambda: {name_key(str(r.get("name") or "")) for r, _ in mine})
    if any(year(r) == last for r in _history(s, world)) or who(s).name in names:
        return None
    return Hit("carry_status", {"year": str(last)})


# -- XYR-005 to 009: a person's seasons -----------------------------------------------------------------------------


@kind("one_off_again", facts="years year aid", required="years aid selves", needs="name aid_type disease", reads="id_number mobile patient", registers=PAST)  # fmt: skip
def one_off_again(s: Subject, env: Env) -> Hit | None:
    """XYR-005: the one-off grant for the same illness within `years` seasons. Only where the applicant is the patient: R3
    does not say who in a family was ill."""
    if s.get("aid_type") not in env.many("aid") or (s.get("patient") and s.get("patient") not in env.many("selves")):
        raise NotApplicable("nothing")
    since = env.world.season.year - env.whole("years")
    for r in reversed(_history(s, env.world)):
        if year(r) >= since and r.get("aid_type") in env.many("aid") and r.get("disease") == s.get("disease"):
            return Hit(
                "aid_type", {"years": str(env.whole("years")), "year": str(year(r)), "aid": str(s.get("aid_type"))}
            )
    return None


@kind(
    "exited_again",
    facts="year reason",
    optional="elsewhere",
    needs="name",
    reads="id_number mobile remark",
    registers=PAST,
)
def exited_again(s: Subject, env: Env) -> Hit | None:
    """XYR-006: the newest line about him says that he has left, and nothing in 备注 says why he is here again. Who left for
    another unit (`elsewhere`) and applies there has only moved."""
    if not _first(s, env.world):
        raise NotApplicable("nothing")
    before = _history(s, env.world)
    newest = [r for r in before if year(r) == year(before[-1])]
    if not newest or not all(map(gone, newest)) or s.raw("remark").strip():
        return None
    last = newest[-1]
    if contains(last.get("exit_reason"), env.many("elsewhere")) and last.get("unit_code") != s.sheet.unit:
        return None
    return Hit("name", {"year": str(year(last)), "reason": str(last.get("exit_reason") or "")})


@kind(
    "amount_changed",
    facts="now before share",
    required="share",
    needs="name amount_requested",
    reads="id_number mobile",
    registers=PAST,
)
def amount_changed(s: Subject, env: Env) -> Hit | None:
    """XYR-007: what a person gets this season (decided, else asked for; all projects and funds together) against what he got
    last season. Nothing is said where R3 leaves an amount blank."""
    world = env.world
    if not _first(s, world):
        raise NotApplicable("nothing")
    lines = [r for r in _history(s, world) if year(r) == world.season.year - 1]
    if not lines or any(not r.get("amount") for r in lines):
        raise NotApplicable("nothing")
    mine = _mine(s, world) or [s]
    unread = next((o for o in mine if o.unknown("amount_requested")), None)
    if unread is not None:
        raise CannotRun("unknown", rule=world.culprit(unread, "amount_requested"))
    now = _decided(s, world) or sum(int(o.get("amount_requested") or 0) for o in mine)
    before = sum(int(r.get("amount")) for r in lines)
    if abs(now - before) * 100 <= env.number("share") * before:
        return None
    share = abs(now - before) * 100 // before
    return Hit("amount_requested", {"now": yuan(now), "before": yuan(before), "share": str(share)})


def _decided(s: Subject, world: World) -> int:
    def make() -> dict[tuple[str, str, str], int]:
        sums: dict[tuple[str, str, str], int] = {}
        for unit, listed in decided(world).items():
            for g in listed:
                sums[unit, g.who.name, g.who.tail] = sums.get((unit, g.who.name, g.who.tail), 0) + g.fen
        return sums

    w = full(world, s)
    return world.once("decided sums", make).get((s.sheet.unit, w.name, w.tail), 0)


@kind("aided_for_years", facts="years first", required="years", needs="name", reads="id_number mobile", registers=PAST)
def aided_for_years(s: Subject, env: Env) -> Hit | None:
    """XYR-009: aided in each of the `years` seasons before this one."""
    if not _first(s, env.world):
        raise NotApplicable("nothing")
    seasons = {year(r) for r in _history(s, env.world)}
    this = env.world.season.year
    run = 0
    while this - 1 - run in seasons:
        run += 1
    return Hit("name", {"years": str(run), "first": str(this - run)}) if run >= env.whole("years") else None


# -- XYR-008, XYR-011: a unit's seasons --------------------------------------------------------------------------------


@kind("donations_changed", "unit", facts="what now before share", required="share lines columns")
def donations_changed(world: World, code: str, env: Env) -> list[Hit]:
    """XYR-008: collection and donors against last year's: in R1 (`columns`), else in the 上年 column of F4 (`lines`). Fewer
    gifts are nobody's fault (they are voluntary): the office alone reads this."""
    rows = world.subjects(*DONATIONS, code)
    if not rows:
        raise NotApplicable("nothing")
    before = {what: _last_time(world, code, what, env) for what in ("total", "donors")}
    if not any(before.values()):
        raise NotApplicable("not_filled", register="R1", what=_column(env.mapping("columns")["total"], env))
    for s in rows:
        env.in_yuan(s.sheet)
    adds = parts_of_total(*DONATIONS, "total", env)
    bad = next(((s, n) for s in rows for n in ("total", "donors", *adds) if s.unknown(n)), None)
    if bad is not None:
        raise CannotRun("unknown", rule=world.culprit(*bad))
    now = {
        "total": sum(amount_of(s.row, "total", adds) for s in rows),
        "donors": sum(int(s.get("donors") or 0) for s in rows),
    }
    hits = []
    for what, old in before.items():
        if old and abs(now[what] - old) * 100 > env.number("share") * old:
            shown = [yuan(v) if what == "total" else str(v) for v in (now[what], old)]
            facts = {
                "what": _title(rows[0], what, env),
                "now": shown[0],
                "before": shown[1],
                "share": str(abs(now[what] - old) * 100 // old),
            }
            hits.append(Hit(facts=facts, unit=code, form=DONATIONS[0], key=what))
    return hits


def _last_time(world: World, code: str, what: str, env: Env) -> int | None:
    """Fen, or donors, of last year; None where nobody says."""
    register = world.office.registers.get("R1")
    lines = world.once("unit lines", lambda: {str(r.get("unit_code")): r for r in (register.rows if register else ())})
    stated = lines[code].get(env.mapping("columns")[what]) if code in lines else None
    if stated is not None:
        return int(stated)
    for s in world.subjects("F4", "figures", code):
        if str(s.get("code") or "").strip() == env.mapping("lines")[what] and s.get("last_year") is not None:
            return int(s.get("last_year") * (100 if what == "total" else 1))
    return None


def _column(name: str, env: Env) -> str:
    found = env.book.registers["R1"].resource.field(name)
    return found.title if found else name


def _title(s: Subject, what: str, env: Env) -> str:
    return title_of(s.sheet, what, env.book)


@kind("zero_after_people", "unit", facts="n lost", registers=PAST)
def zero_after_people(world: World, code: str, env: Env) -> Hit | None:
    """XYR-011: 无 this season where last season had people, and not for all of them is it told where they are."""
    if answer(world, code) not in {SENT, PHONED} or world.subjects(*PEOPLE, code):
        raise NotApplicable("nothing")
    before = [(r, p) for r, p in last_people(world).get(code, ()) if not gone(r)]
    if not before or last_season(world) != world.season.year - 1:
        raise NotApplicable("nothing")
    lost = unaccounted(world, code)
    if not lost:
        return None
    people = {_known_by(r) for r, _ in before}
    said = [(f, f.document.declared.get(PEOPLE[0])) for f in world.files(code) if PEOPLE[0] in f.current]
    places = tuple(Place(code, f.arrival.path, e.sheet, address(e.row, e.col)) for f, e in said if e is not None)
    return Hit(facts={"n": str(len(people)), "lost": str(len(lost))}, unit=code, form=PEOPLE[0], key="", related=places)


@kind("people_dropped", "unit", facts="before now lost", required="share least", registers=PAST)
def people_dropped(world: World, code: str, env: Env) -> Hit | None:
    """XYR-013: at least `least` people and more than `share` per cent fewer than last season, and not of all is it told where
    they are. None at all is XYR-011's."""
    here = world.subjects(*PEOPLE, code)
    if not here:
        raise NotApplicable("nothing")
    before = {_known_by(r) for r, _ in last_people(world).get(code, ()) if not gone(r)}
    if not before or last_season(world) != world.season.year - 1:
        raise NotApplicable("nothing")
    now, lost = {_known_by(s.row) for s in here}, unaccounted(world, code)
    fewer = len(before) - len(now)
    if not lost or fewer < env.whole("least") or fewer * 100 <= env.number("share") * len(before):
        return None
    facts = {"before": str(len(before)), "now": str(len(now)), "lost": str(len(lost))}
    return Hit(facts=facts, unit=code, form=PEOPLE[0], key="", related=lost)


def _known_by(row: Row) -> tuple[str, str]:
    return name_key(str(row.get("name") or "")), str(row.get("id_number") or row.get("id_tail") or "")[-4:]
