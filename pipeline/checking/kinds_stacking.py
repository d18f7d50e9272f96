"""The office's stacking policy (R14) and every person's grants in; grants that may not stand together, exceed a common cap or
come too soon, out: each with the clause it rests on.

A grant is a decided row of the balance sheet, else an application nobody has decided yet. What the policy does not name is
not judged.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from pipeline.cells.ids import id_key
from pipeline.cells.text import name_key
from pipeline.checking.env import Env, yuan
from pipeline.checking.known import named, who
from pipeline.checking.past import PAST, history, year
from pipeline.checking.registry import Hit, NotApplicable, kind
from pipeline.checking.subjects import Subject, World
from pipeline.model import Row

POLICY = "R14"
MONTHS = 12
Side = tuple[str, str]  # aid type, fund; "" = any


@dataclass(frozen=True, slots=True)
class Grant:
    """One sum one person gets or asks for, in fen. `fund` is "" where nobody has said it yet."""

    subject: Subject
    aid: str
    fund: str
    fen: int
    special: bool = False

    @property
    def label(self) -> str:
        return f"{self.aid}\uff08{self.fund}\uff09" if self.fund else self.aid


@dataclass(frozen=True, slots=True)
class Policy:
    """One line of R14. `two`: it speaks of two grants together; else of the first side alone. `cap` in fen."""

    one: Side
    other: Side
    two: bool
    stacking: str
    cap: int | None
    wait: int | None
    clause: str

    @property
    def weight(self) -> int:
        """How closely it describes what it is about: the closest line decides."""
        return sum(map(bool, (*self.one, *self.other)))


def _policies(world: World) -> list[Policy]:
    rows = world.office.registers[POLICY].rows
    return [_policy(r) for r in rows]


def _policy(r: Row) -> Policy:
    one, other = ((str(r.get(f"aid_{s}") or ""), str(r.get(f"fund_{s}") or "")) for s in "ab")
    cap, wait = r.get("cap"), r.get("wait_months")
    return Policy(
        one, other, any(other), str(r.get("stacking") or ""), cap if isinstance(cap, int) else None,
        wait if isinstance(wait, int) else None, str(r.get("clause") or ""),
    )  # fmt: skip


def _fits(side: Side, aid: str, fund: str) -> bool:
    return (not side[0] or side[0] == aid) and (not side[1] or side[1] == fund)


def _grants(world: World) -> Mapping[str, tuple[Grant, ...]]:
    """Person -> grants of this season, decided ones first."""

    def look() -> dict[str, tuple[Grant, ...]]:
        applied = [s for s in world.subjects("F1", "applications") if s.get("aid_type")]
        known = {_spot(s, s.sheet.unit): id_key(str(s.get("id_number"))) for s in applied if s.get("id_number")}
        balance = world.judged[len(world.sheets) :]
        rows = [Subject(sheet, r) for sheet in balance for r in sheet.table.rows]
        decided = [s for s in rows if isinstance(s.get("amount_approved"), int)]
        spoken = {(*_spot(s, str(s.get("unit_code") or "")), s.get("aid_type")) for s in decided}
        found: dict[str, list[Grant]] = defaultdict(list)
        for s in decided:
            spot = _spot(s, str(s.get("unit_code") or ""))
            if s.get("amount_approved") > 0:
                found[known.get(spot, "|".join(spot))].append(_grant(s, "amount_approved"))
        for s in applied:
            spot = _spot(s, s.sheet.unit)
            if (*spot, s.get("aid_type")) not in spoken:
                found[known.get(spot, "|".join(spot))].append(_grant(s, "amount_requested"))
        return {who: tuple(grants) for who, grants in found.items()}

    return world.once("grants of everyone", look)


def _spot(s: Subject, unit: str) -> tuple[str, str, str]:
    tail = str(s.get("id_tail") or s.get("id_number") or "")[-4:]
    return unit, name_key(str(s.get("name") or "")), tail.upper()


def _grant(s: Subject, amount: str) -> Grant:
    fen = s.get(amount)
    special = bool(s.get("special")) and bool(s.get("special_basis"))
    return Grant(s, str(s.get("aid_type")), str(s.get("fund") or ""), fen if isinstance(fen, int) else 0, special)


def _ready(world: World) -> tuple[list[Policy], Mapping[str, tuple[Grant, ...]]]:
    policies, grants = _policies(world), _grants(world)
    if not policies or not grants:
        raise NotApplicable("nothing")
    return policies, grants


@kind("stacked", "district", facts="a b verdict clause", required="forbidden approval", registers=POLICY)
def stacked(world: World, env: Env) -> Iterator[Hit]:
    """XFM-019: two grants of one person, by the policy's closest line: forbidden is an error; what needs approval a warning,
    an info once it was decided one by one (一事一议, with its basis); allowed is noted."""
    policies, people = _ready(world)
    for grants in people.values():
        for one, two in combinations(grants, 2):
            found = _closest(policies, one, two)
            if found:
                yield _together(one, two, found, env)


def _closest(policies: Sequence[Policy], one: Grant, two: Grant) -> Policy | None:
    """The line that names most of the two; among equals the one the office wrote last."""
    fitting = [p for p in policies if p.two and p.stacking and _both(p, one, two)]
    return max(reversed(fitting), key=lambda p: p.weight, default=None)


def _both(p: Policy, one: Grant, two: Grant) -> bool:
    ways = ((one, two), (two, one))
    return any(_fits(p.one, a.aid, a.fund) and _fits(p.other, b.aid, b.fund) for a, b in ways)


def _together(one: Grant, two: Grant, policy: Policy, env: Env) -> Hit:
    approval, forbidden = policy.stacking == env.text("approval"), policy.stacking == env.text("forbidden")
    settled = approval and (one.special or two.special)
    severity = None if forbidden else "warning" if approval and not settled else "info"
    facts = {"a": one.label, "b": two.label, "verdict": policy.stacking, "clause": policy.clause}
    return _hit(two, facts, severity, (one,), f"{one.label}|{two.label}")


def _hit(grant: Grant, facts: Mapping[str, str], severity: str | None, others: Sequence[Grant], key: str) -> Hit:
    s = grant.subject
    number = s.get("id_number")
    key_of = id_key(str(number)) if number else "|".join(_spot(s, str(s.get("unit_code") or s.sheet.unit)))
    return Hit(
        "aid_type", facts=facts, sheet=s.sheet, row=s.row, severity=severity, key=f"{key_of}|{key}",
        unit=s.sheet.unit or str(s.get("unit_code") or ""), related=tuple(o.subject.place("aid_type") for o in others),
    )  # fmt: skip


@kind("stack_capped", "district", facts="what sum cap clause", registers=POLICY)
def stack_capped(world: World, env: Env) -> Iterator[Hit]:
    """XFM-020: what a line of the policy names together sums up to more than its cap. A line on two sides asks for both."""
    policies, people = _ready(world)
    for policy in (p for p in policies if p.cap is not None):
        for grants in people.values():
            sides = [
                [g for g in grants if _fits(side, g.aid, g.fund)]
                for side in (policy.one, policy.other)[: 1 + policy.two]
            ]
            meant = list(dict.fromkeys(g for side in sides for g in side))
            total = sum(g.fen for g in meant)
            if all(sides) and len(meant) > policy.two and policy.cap is not None and total > policy.cap:
                what = env.words("and").join(dict.fromkeys(g.label for g in meant))
                facts = {"what": what, "sum": yuan(total), "cap": yuan(policy.cap), "clause": policy.clause}
                yield _hit(meant[-1], facts, None, meant[:-1], f"cap|{policy.one}|{policy.other}")


@kind("stack_waiting", "district", facts="season a b months clause", registers=f"{POLICY} {PAST}")
def stack_waiting(world: World, env: Env) -> Iterator[Hit]:
    """XYR-012: an earlier season's grant within the policy's months. R3 knows the season alone: a season is twelve months."""
    policies, people = _ready(world)
    waiting = [p for p in policies if p.wait]
    for grants in people.values():
        for grant in grants:
            for policy in waiting:
                aims = policy.other if policy.two else policy.one
                last = next((r for r in reversed(_past(grant, world)) if _fits(policy.one, *_of(r))), None)
                months = MONTHS * (world.season.year - year(last)) if last is not None else 0
                if last is not None and _fits(aims, grant.aid, grant.fund) and 0 < months < (policy.wait or 0):
                    facts = {
                        "season": str(year(last)), "a": _of(last)[0] or grant.aid, "b": grant.label,
                        "months": str(policy.wait), "clause": policy.clause,
                    }  # fmt: skip
                    yield _hit(grant, facts, None, (), f"wait|{policy.one}|{policy.other}")


def _past(grant: Grant, world: World) -> list[Row]:
    s = grant.subject
    return history(world, named(world, who(s), s.sheet.unit or str(s.get("unit_code") or "")))


def _of(row: Row) -> Side:
    return str(row.get("aid_type") or ""), str(row.get("fund") or "")
