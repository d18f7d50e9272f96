"""All units' rows in; shared accounts and slips, grants on two levels, amounts and shares far from the others', equal gifts out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean, median, pstdev
from typing import Any

from pipeline.cells.text import name_key
from pipeline.checking.decided import decided
from pipeline.checking.env import Env, yuan
from pipeline.checking.kinds_paid import paid
from pipeline.checking.kinds_totals import amount_of, parts_of_total
from pipeline.checking.known import PAYMENTS, PEOPLE, one_family, person, who
from pipeline.checking.linked import key_of_row, one_person
from pipeline.checking.registry import Blocked, CannotRun, Hit, NotApplicable, kind
from pipeline.checking.subjects import Subject, World
from pipeline.model import Place, Sheet

DONATIONS, SLIPS = ("F2", "donations"), ("F2", "slips")
Rows = Sequence[Subject]


def _grouped(world: World, name: str, sheets: Iterable[tuple[str, str]], key: Any) -> Mapping[Any, Rows]:
    """The district's rows by a key; rows without one are left out."""

    def make() -> Mapping[Any, Rows]:
        found: dict[Any, list[Subject]] = defaultdict(list)
        for sheet in sheets:
            for s in world.subjects(*sheet):
                k = key(s)
                if k:
                    found[k].append(s)
        return found

    return world.once(name, make)


# -- XSC-004: one account, two people of two units ------------------------------------------------------------


@kind("account_of_two", facts="n", needs="account_no", reads="name id_tail id_number account_name")
def account_of_two(s: Subject, env: Env) -> Hit | None:
    """XSC-004: another person in another unit is paid into the same account. One person paid by two units is none; where
    one of them is known to be the other's husband or wife, or the holder named on both rows, or matching takes the two for
    one person, it is a question."""
    world = env.world
    rows = _grouped(world, "accounts", (PAYMENTS, PEOPLE), lambda o: o.get("account_no"))[s.get("account_no")]
    if s.sheet.form == PEOPLE[0] and any(o.sheet.form == PAYMENTS[0] and o.sheet.unit == s.sheet.unit for o in rows):
        raise NotApplicable("nothing")  # told where it was paid
    others = [o for o in rows if o.sheet.unit != s.sheet.unit and _another(world, s, o)]
    if not others:
        return None
    facts = {"n": str(len({person(world, o) or str(id(o)) for o in (s, *others)}))}
    weak = all(_explained(world, s, o) for o in others)
    related = tuple(o.place("account_no") for o in others)
    return Hit(
        "account_no", facts, related=related, severity="warning" if weak else None, holds="none" if weak else None
    )


def _another(world: World, a: Subject, b: Subject) -> bool:
    """Two people: other names, or the same name with numbers that differ. A name alone does not make two."""
    one, two = who(a), who(b)
    if not one.name or not two.name:
        return False
    if one.name != two.name:
        return not one.number or one.number != two.number
    return bool(one.tail and two.tail and one.tail != two.tail)


def _explained(world: World, a: Subject, b: Subject) -> bool:
    holders = {name_key(str(o.get("account_name") or "")) for o in (a, b)}
    if len(holders) == 1 and holders <= {who(a).name, who(b).name}:
        return True
    one, two = (a.sheet.unit, who(a).name), (b.sheet.unit, who(b).name)
    if frozenset((key_of_row(a), key_of_row(b))) in one_person(world):
        return True
    return one_family(world, one, two[1]) or one_family(world, two, one[1])


# -- XSC-005: one fund, two levels or two units ---------------------------------------------------------------


@kind("paid_on_two_levels", facts="fund n", needs="name fund amount_paid", reads="level id_tail id_number")
def paid_on_two_levels(s: Subject, env: Env) -> Hit | None:
    """XSC-005: one person paid from one fund on two levels, or by two units. A school's own fund is another one in every
    school; what the working group decided in each of the units is no mistake of theirs."""
    world, own = env.world, person(env.world, s)
    if not paid(s):
        raise NotApplicable("nothing")
    if not own:
        raise CannotRun("unidentified")
    rows = _grouped(world, "paid by fund", (PAYMENTS,), lambda o: (person(world, o), o.get("fund")) if paid(o) and person(world, o) else None)  # fmt: skip
    others = [o for o in rows[own, s.get("fund")] if o is not s and _twice(s, o, env)]
    if not others:
        return None
    return Hit(
        "fund", {"fund": str(s.get("fund")), "n": str(len(others) + 1)}, related=tuple(o.place("fund") for o in others)
    )


def _twice(a: Subject, b: Subject, env: Env) -> bool:
    levels = {a.get("level"), b.get("level")} - {None}
    if a.sheet.unit == b.sheet.unit:
        return len(levels) == 2
    words = env.book.words["writing"]["computed"]
    if a.get("fund") not in words["levels"] and len(levels) < 2:
        return False
    return not all(_granted(o, env.world) for o in (a, b))


def _granted(s: Subject, world: World) -> bool:
    index = world.once("granted", lambda: {(u, g.who.name, g.who.tail, g.fund or None) for u, some in decided(world).items() for g in some})  # fmt: skip
    w = who(s)
    return bool({(s.sheet.unit, w.name, w.tail, f) for f in (s.get("fund"), None)} & index)


# -- XSC-006: one slip, two units --------------------------------------------------------------------------------


@kind("slip_of_two", facts="n", optional="least", needs="slip_no", reads="remit_date amount")
def slip_of_two(s: Subject, env: Env) -> Hit | None:
    """XSC-006: another unit states the same slip number. Numbers of less than `least` signs run from one again at every
    bank and day; a long one with another day and another sum may still be two slips: a question."""
    number = _slip(s)
    if len(number) < env.whole("least", "6"):
        raise NotApplicable("nothing")
    rows = _grouped(env.world, "slips", (SLIPS,), _slip)[number]
    others = [o for o in rows if o.sheet.unit != s.sheet.unit]
    if not others:
        return None
    same = any(o.get("remit_date") == s.get("remit_date") or o.get("amount") == s.get("amount") for o in others)
    related = tuple(o.place("slip_no") for o in others)
    facts = {"n": str(len({o.sheet.unit for o in (s, *others)}))}
    return Hit("slip_no", facts, related=related, severity=None if same else "warning", holds=None if same else "none")


def _slip(s: Subject) -> str:
    return "".join(c for c in str(s.get("slip_no") or "").upper() if c.isalnum())


# -- XSC-007, XSC-008: far from the others --------------------------------------------------------------------------


@kind("far_from_median", facts="amount median aid", required="share least", needs="aid_type category amount_requested")
def far_from_median(s: Subject, env: Env) -> Hit | None:
    """XSC-007: the amount asked for against the district's median of the same project and category."""
    key = (s.get("aid_type"), s.get("category"))
    world = env.world
    if s.get("amount_requested") <= 0:
        raise NotApplicable("nothing")
    rows = _grouped(world, "alike", (PEOPLE,), lambda o: (o.get("aid_type"), o.get("category")) if (o.get("amount_requested") or 0) > 0 else None)[key]  # fmt: skip
    least = env.whole("least")
    if len(rows) < least:
        raise NotApplicable("few", n=str(least))
    middle = world.once(f"median {key}", lambda: median(int(o.get("amount_requested")) for o in rows))
    amount = int(s.get("amount_requested"))
    if abs(amount - middle) * 100 <= env.number("share") * int(middle):
        return None
    return Hit(
        "amount_requested",
        {"amount": yuan(amount), "median": yuan(int(middle)), "aid": f"{key[0]}\u00b7{key[1]}"},
        holds="none",
    )


@kind("share_of_people", "district", facts="n staff share mean", required="sigma least people", registers="R1")
def share_of_people(world: World, env: Env) -> Iterable[Hit]:
    """XSC-008: recipients per head of staff, beyond `sigma` standard deviations from the mean of the units that reported
    (none is 0). A difference of less than `people` persons is chance."""
    shares: dict[str, tuple[int, int]] = {}
    for u in world.office.units:
        if u.headcount and any(PEOPLE[0] in f.current for f in world.files(u.code)):
            rows = world.subjects(*PEOPLE, u.code)
            shares[u.code] = len({person(world, s) or s.row.number for s in rows}), u.headcount
    if len(shares) < env.whole("least"):
        raise NotApplicable("few", n=str(env.whole("least")))
    each = [n / staff for n, staff in shares.values()]
    mean, spread = fmean(each), pstdev(each)
    for code, (n, staff) in shares.items():
        if abs(n / staff - mean) > float(env.number("sigma")) * spread and abs(n - mean * staff) >= env.whole("people"):
            facts = {"n": str(n), "staff": str(staff), "share": f"{100 * n / staff:.1f}", "mean": f"{100 * mean:.1f}"}
            yield Hit(facts=facts, unit=code, form=PEOPLE[0], key="")


# -- XSC-009: equal gifts ------------------------------------------------------------------------------------------


@kind("equal_gifts", "sheet", facts="each n", required="least donors")
def equal_gifts(sheet: Sheet, env: Env) -> Hit | Iterable[Blocked] | None:
    """XSC-009: every department gave the same a head; or the one line of a school divides evenly by its donors in every
    channel. For the office alone: nobody is asked to give, or to give otherwise."""
    env.in_yuan(sheet)
    world = env.world
    rows = [s for s in world.subjects(*DONATIONS, sheet.unit) if s.sheet is sheet]
    adds = [n for n in parts_of_total(*DONATIONS, "total", env) if n in sheet.table.columns]
    bad = next(((s, n) for s in rows for n in ("donors", *adds, "total") if s.unknown(n)), None)
    if bad is not None:
        raise CannotRun("unknown", rule=world.culprit(*bad))
    gave = [(s, int(s.get("donors") or 0), amount_of(s.row, "total", adds)) for s in rows]
    gave = [g for g in gave if g[1] > 1 and g[2] > 0]
    heads = sum(n for _, n, _ in gave)
    if not gave or heads < env.whole("donors") or 1 < len(gave) < env.whole("least"):
        raise NotApplicable("nothing")
    each = {total / n for _, n, total in gave}
    if len(each) > 1 or next(iter(each)) % 100:
        return None
    first = gave[0][0]
    parts = [v for n in adds if (v := first.get(n))]
    if len(gave) == 1 and (len(parts) < 2 or any(v % gave[0][1] for v in parts)):
        return None
    others: tuple[Place, ...] = tuple(s.place("donors") for s, _, _ in gave[1:])
    return Hit("donors", {"each": yuan(int(next(iter(each)))), "n": str(len(gave))}, row=first.row, related=others)
