"""The office's visiting plan (R13) beside the units' forms in; visited people no form knows, other sums, double bookings out.

R13 names people by name and unit only. A name clears somebody here, it never accuses: a hit says that a unit's forms hold
nobody of that name at all.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from pipeline.cells.text import compact, fold, name_key
from pipeline.checking.decided import decided
from pipeline.checking.env import Env, yuan
from pipeline.checking.kinds_paid import paid
from pipeline.checking.known import PAYMENTS, PEOPLE, unit_of
from pipeline.checking.registry import Blocked, Hit, NotApplicable, kind
from pipeline.checking.subjects import Subject, World
from pipeline.model import Place, Row

PLAN = "R13"
DIGITS = re.compile("[0-9]+")


def plan(world: World) -> Sequence[tuple[Row, Place]]:
    register = world.office.registers[PLAN]
    return list(zip(register.rows, register.sources, strict=True))


def whose(row: Row, world: World) -> str:
    """The unit a line names, by code, name, short name or alias; '' where none or two answer to it."""

    def make() -> Mapping[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for u in world.office.units:
            for text in (u.code, u.name, u.short, *u.aliases):
                found[fold(text)].add(u.code)
        return found

    names = world.once("units by name", make)
    for field in ("unit_code", "unit_name"):
        codes = names.get(fold(str(row.get(field) or "")), set())
        if len(codes) == 1:
            return next(iter(codes))
    return ""


def _by_name(world: World, of: tuple[str, str]) -> Mapping[tuple[str, str], Sequence[Subject]]:
    def make() -> Mapping[tuple[str, str], Sequence[Subject]]:
        found: dict[tuple[str, str], list[Subject]] = defaultdict(list)
        for s in world.subjects(*of):
            found[s.sheet.unit, name_key(str(s.get("name") or s.raw("name")))].append(s)
        return found

    return world.once(f"by name {of}", make)


def _came(world: World, unit: str, *forms: str) -> bool:
    return any(form in f.current for f in world.files(unit) for form in forms)


def _hit(row: Row, place: Place, unit: str, facts: Mapping[str, str], more: Iterable[Place] = ()) -> Hit:
    key = f"{row.get('route_no') or ''}+{name_key(str(row.get('name') or ''))}"
    return Hit("name", facts, value=str(row.get("name") or ""), unit=unit, form=PLAN, key=key, related=(place, *more))


@kind("visited_unknown", "district", facts="unit route", required="classes", registers=PLAN)
def visited_unknown(world: World, env: Env) -> Iterable[Hit | Blocked]:
    """XFM-014: somebody of a class that is aided by application (`classes`) is to be visited whom neither the applications,
    the payments nor the decisions of his unit name. Model workers, people on duty, widows are visited for what they are."""
    wanted, judged = env.many("classes"), False
    out: list[Hit | Blocked] = []
    applied, paid_to = _by_name(world, PEOPLE), _by_name(world, PAYMENTS)
    granted = world.once(
        "granted names", lambda: {(u, g.who.name) for u, listed in decided(world).items() for g in listed}
    )
    for row, place in plan(world):
        if row.get("target_class") not in wanted or not row.get("name"):
            continue
        unit, name = whose(row, world), name_key(str(row.get("name")))
        if not unit or not _came(world, unit, PEOPLE[0]):
            out.append(Blocked("not_known_unit", {"register": PLAN}) if not unit else Blocked("not_come", {"form": env.book.forms[PEOPLE[0]].title}))  # fmt: skip
            continue
        judged = True
        if (unit, name) in applied or (unit, name) in paid_to or (unit, name) in granted:
            continue
        short = unit_of(world, unit)
        out.append(_hit(row, place, unit, {"unit": short.short if short else unit, "route": str(row.get("route_no") or "")}))  # fmt: skip
    if not judged and not out:
        raise NotApplicable("nothing")
    return out


@kind("visit_money", "district", facts="unit route visit paid", required="done", registers=PLAN)
def visit_money(world: World, env: Env) -> Iterable[Hit | Blocked]:
    """XFM-015: money handed over on a visit that took place, against the payment rows of that name: one of them, those of
    the same fund, or all together must be that sum. Somebody with no payment row at all counts as 0."""
    out: list[Hit | Blocked] = []
    judged = False
    rows_of = _by_name(world, PAYMENTS)
    for row, place in plan(world):
        amount = row.get("amount")
        if not amount or row.get("done") not in env.many("done"):
            continue
        unit = whose(row, world)
        if not unit or not _came(world, unit, PAYMENTS[0]):
            out.append(Blocked("not_known_unit", {"register": PLAN}) if not unit else Blocked("not_come", {"form": env.book.forms[PAYMENTS[0]].title}))  # fmt: skip
            continue
        rows = rows_of.get((unit, name_key(str(row.get("name") or ""))), ())
        unread = next((s for s in rows if s.unknown("amount_paid")), None)
        if unread is not None:
            out.append(Blocked("unknown", {"rule": world.culprit(unread, "amount_paid")}))
            continue
        judged = True
        same = [s for s in rows if s.get("fund") == row.get("fund")]
        if amount in {*map(paid, rows), sum(map(paid, rows)), sum(map(paid, same))}:
            continue
        short = unit_of(world, unit)
        facts = {"unit": short.short if short else unit, "route": str(row.get("route_no") or ""), "visit": yuan(amount), "paid": yuan(sum(map(paid, same or rows)))}  # fmt: skip
        out.append(_hit(row, place, unit, facts, (s.place("amount_paid") for s in rows)))
    if not judged and not out:
        raise NotApplicable("nothing")
    return out


@kind("leader_twice", "district", facts="date slot routes", required="off", optional="placeholder", registers=PLAN)
def leader_twice(world: World, env: Env) -> Iterable[Hit]:
    """XSC-011: one leader on two routes of the same half day. Visits that did not take place (`off`) and names that stand
    for somebody yet to be named (`placeholder`) book nobody. 3 and 第3条线路 are one route."""
    booked: dict[tuple[str, object, object], dict[str, list[tuple[Row, Place]]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for row, place in plan(world):
        leader = name_key(str(row.get("leader") or ""))
        route = _route(str(row.get("route_no") or ""))
        if (
            not leader
            or not route
            or row.get("done") in env.many("off")
            or any(w in leader for w in env.many("placeholder"))
        ):
            continue
        if row.get("visit_date") and row.get("slot"):
            booked[leader, row.get("visit_date"), row.get("slot")][route].append((row, place))
    if not booked:
        raise NotApplicable("nothing")
    for (leader, day, slot), routes in booked.items():
        if len(routes) > 1:
            firsts = [lines[0] for lines in routes.values()]
            facts = {
                "date": str(day),
                "slot": str(slot),
                "routes": "\u3001".join(str(r.get("route_no")) for r, _ in firsts),
            }
            yield Hit("leader", facts, value=str(firsts[0][0].get("leader")), form=PLAN, key=f"{leader}+{day}+{slot}", related=tuple(p for _, p in firsts))  # fmt: skip


def _route(text: str) -> str:
    found = DIGITS.findall(compact(text))
    return found[0].lstrip("0") or "0" if len(found) == 1 else fold(text)
