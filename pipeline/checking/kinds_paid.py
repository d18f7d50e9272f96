"""Payment rows beside applications and decisions in: paid without an application, not paid, paid otherwise or twice, out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from pipeline.checking.decided import Decided, decided
from pipeline.checking.env import Env, contains, yuan
from pipeline.checking.known import PAYMENTS, PEOPLE, applicants, form_here, full, named, one, person, questioned, who
from pipeline.checking.pairing import NAME, TAIL, pairs
from pipeline.checking.registry import Blocked, CannotRun, Hit, NotApplicable, kind
from pipeline.checking.subjects import Subject, World

Key = tuple[str, ...]


def paid(s: Subject) -> int:
    """Fen really paid on the row, 0 where nothing is."""
    return int(s.get("amount_paid") or 0)


def groups(world: World) -> Mapping[Key, Sequence[Subject]]:
    """(unit, person, project, fund) -> its payment rows. Several rows may be one grant paid in parts."""

    def make() -> Mapping[Key, Sequence[Subject]]:
        made: dict[Key, list[Subject]] = defaultdict(list)
        for s in world.subjects(*PAYMENTS):
            made[key_of(world, s)].append(s)
        return made

    return world.once("payment groups", make)


def key_of(world: World, s: Subject) -> Key:
    return s.sheet.unit, person(world, s), str(s.get("aid_type") or ""), str(s.get("fund") or "")


def grants(world: World) -> Mapping[Key, Decided]:
    """(unit, person, project, fund) -> what was decided; the fund '' where the sheet left it open."""

    def make() -> Mapping[Key, Decided]:
        made: dict[Key, Decided] = {}
        for unit, listed in decided(world).items():
            for g in listed:
                made[unit, one(named(world, g.who, unit)), g.aid, g.fund] = g
        return made

    return world.once("grants", make)


def grant(world: World, key: Key) -> Decided | None:
    return grants(world).get(key) or grants(world).get((*key[:3], ""))


# -- XFM-001, XFM-005: is he in the applications, and the same there? ------------------------------------------


@kind("paid_without_application", optional="milder", needs="name", reads="id_tail id_number aid_type amount_paid")
def paid_without_application(s: Subject, env: Env) -> Hit | None:
    """XFM-001: somebody was paid whom neither the unit's applications nor the working group knows. A name that is there
    with another number is XFM-005's. Who applied in another unit (moved, works in two), and projects that need no
    application (`milder`: gifts to people on duty, model workers), are asked about, not refused."""
    world, unit = env.world, s.sheet.unit
    if not paid(s):
        raise NotApplicable("nothing")
    form_here(world, unit, PEOPLE[0])
    key = key_of(world, s)
    if id(s.row) in pairs(world, unit) or any(
        k[0] == unit for k in _by(world, "person", lambda k: k[1]).get(key[1], ())
    ):
        return None
    unread = next((o for o in world.subjects(*PEOPLE, unit) if o.unknown("name") and _may_be(s, o)), None)
    if unread is not None:
        raise CannotRun("unknown", rule=world.culprit(unread, "name"))
    elsewhere = bool(applicants(world)(who(s))) if who(s).sure else False
    asks = elsewhere or contains(s.get("aid_type"), env.many("milder"))
    return Hit("name", severity="warning", holds="none") if asks else Hit("name")


def _may_be(s: Subject, other: Subject) -> bool:
    """Whether an application whose name nobody could read may be this person's: nothing else tells them apart."""
    return other.unknown("id_number") or not who(s).tail or who(other).tail in ("", who(s).tail)


def _by(world: World, name: str, part: Callable[[Key], str]) -> Mapping[str, Sequence[Key]]:
    """The decided grants of each unit or person."""

    def make() -> Mapping[str, Sequence[Key]]:
        made: dict[str, list[Key]] = defaultdict(list)
        for key in grants(world):
            made[part(key)].append(key)
        return made

    return world.once(f"grants by {name}", make)


@kind("identity_differs", facts="what r", needs="name", reads="id_tail id_number account_no")
def identity_differs(s: Subject, env: Env) -> list[Hit]:
    """XFM-005: the same person's name, number or (where both forms ask for it) account differ between F1 and F3. The other
    way of writing a name (dots, blanks) is none."""
    world = env.world
    form_here(world, s.sheet.unit, PEOPLE[0])
    pair = pairs(world, s.sheet.unit).get(id(s.row))
    if pair is None:
        raise NotApplicable("nothing")
    wrong = []
    if pair.how == NAME:
        wrong.append("name")
    elif pair.how == TAIL:
        wrong.append("id_number" if s.get("id_number") else "id_tail")
    stated = pair.other.get("account_no")
    if pair.how not in (NAME, TAIL) and stated and s.get("account_no") and stated != s.get("account_no"):
        wrong.append("account_no")
    where = pair.other.place("account_no" if wrong == ["account_no"] else "id_number")
    wrong = [n for n in wrong if not questioned(world, s, n)]
    return [Hit(n, {"what": s.title(n, env.book), "r": str(pair.other.row.number)}, related=(where,)) for n in wrong]


# -- XFM-002: decided and not paid ---------------------------------------------------------------------------------


@kind("approved_unpaid", "unit", facts="amount aid fund deadline", required="stranger other")
def approved_unpaid(world: World, code: str, env: Env) -> Iterable[Hit | Blocked]:
    """XFM-002: a decided grant without any payment row, once the payment form has come. Before its deadline a hint, on the
    day a warning, after it an error (domain.md F9). Paid by another unit he moved to, it is paid."""
    mine = _by(world, "unit", lambda k: k[0]).get(code)
    if not mine:
        raise NotApplicable("no_approval")
    form_here(world, code, PAYMENTS[0])
    rows = world.subjects(*PAYMENTS, code)
    anywhere = world.once("paid anywhere", lambda: {part for k in groups(world) for part in (k[1:], k[1:3])})
    out: list[Hit | Blocked] = []
    for key in mine:
        g = grants(world)[key]
        if (key[1:] if g.fund else key[1:3]) in anywhere:
            continue
        doubtful = next((s for s in rows if who(s).name == g.who.name and not _certain(s, world)), None)
        if doubtful is not None:
            out.append(_doubt(doubtful, world, env))
        elif any(s.unknown("name") or s.unknown("aid_type") or s.unknown("fund") for s in rows):
            out.append(Blocked("unknown", {"rule": next(world.culprit(s, n) for s in rows for n in ("name", "aid_type", "fund") if s.unknown(n))}))  # fmt: skip
        else:
            out.append(_unpaid(world, code, g, env))
    return out


def _certain(s: Subject, world: World) -> bool:
    """Whether nothing else is asked about who the row is."""
    pair = pairs(world, s.sheet.unit).get(id(s.row))
    return (
        who(s).sure
        and pair is not None
        and pair.how != TAIL
        and not s.unknown("id_tail")
        and not s.unknown("id_number")
    )


def _doubt(s: Subject, world: World, env: Env) -> Blocked:
    name = next((n for n in ("id_tail", "id_number") if s.unknown(n)), "")
    if name:
        return Blocked("unknown", {"rule": world.culprit(s, name)})
    asked = env.text("stranger" if id(s.row) not in pairs(world, s.sheet.unit) else "other")
    return Blocked("unknown", {"rule": asked}) if who(s).sure else Blocked("unidentified")


def _unpaid(world: World, code: str, g: Decided, env: Env) -> Hit:
    stage = world.season.stage_of(PAYMENTS[0])
    late = (world.as_of - stage.due).days if stage else 1
    severity = None if late > 0 else "warning" if late == 0 else "info"
    facts = {"amount": yuan(g.fen), "aid": g.aid, "fund": g.fund, "deadline": stage.due.isoformat() if stage else ""}
    sheet = next(iter(world.tables(*PAYMENTS, code)), None)
    key = "+".join((g.who.name, g.who.tail, g.aid, g.fund))
    return Hit("name", facts, value=g.who.name, sheet=sheet, unit=code, form=PAYMENTS[0], key=key, severity=severity, related=(g.place,))  # fmt: skip


# -- XFM-003, XFM-004: other sums, and twice ------------------------------------------------------------------------


@kind("paid_differs", facts="paid approved diff aid fund", needs="name aid_type fund amount_paid", reads="id_tail id_number amount_due unpaid_reason remark")  # fmt: skip
def paid_differs(s: Subject, env: Env) -> Hit | None:
    """XFM-003: what was paid of one grant (person, project, fund; all its parts together) against what was decided. Less
    with a 未发原因 is explained, less than 应发 without one is ROW-035's, a first part announced in 备注 may wait for the
    deadline. What the school pays from a fund nobody decided about is not compared."""
    world, key = env.world, key_of(env.world, s)
    if not decided(world).get(s.sheet.unit):
        raise NotApplicable("no_approval")
    if not key[1]:
        raise CannotRun("unidentified")
    g, rows = grant(world, key), groups(world)[key]
    if g is None:
        raise NotApplicable("nothing")
    if s is not [o for o in rows if o.get("amount_paid") is not None][-1]:
        return None  # the last row speaks for all of them
    unread = next((o for o in rows if o.unknown("amount_paid")), None)
    if unread is not None:
        raise CannotRun("unknown", rule=world.culprit(unread, "amount_paid"))
    total = sum(map(paid, rows))
    if total == g.fen or twice(world, key) is not None or (total < g.fen and _told(rows, g, env)):
        return None
    facts = {
        "paid": yuan(total),
        "approved": yuan(g.fen),
        "diff": yuan(abs(total - g.fen)),
        "aid": g.aid,
        "fund": key[3],
    }
    numbers = tuple(o.row.number for o in rows if o.sheet is s.sheet)
    return Hit("amount_paid", facts, rows=numbers, related=(g.place, *(o.place("amount_paid") for o in rows[:-1])))


def _told(rows: Sequence[Subject], g: Decided, env: Env) -> bool:
    """Why less was paid than decided: said by the school, asked by ROW-035, or a first part before the deadline."""
    if any(s.get("unpaid_reason") or s.unknown("unpaid_reason") for s in rows):
        return True
    if sum(int(s.get("amount_due") or 0) for s in rows) == g.fen and any(paid(s) < (s.get("amount_due") or 0) for s in rows):  # fmt: skip
        return True
    stage = env.world.season.stage_of(PAYMENTS[0])
    return bool(stage and env.world.as_of <= stage.due and any(s.raw("remark").strip() for s in rows))


def twice(world: World, key: Key) -> str | None:
    """error | warning where one grant stands in several rows that are not its parts; None = nothing to ask.

    Parts are: together no more than was decided; or, where nothing was decided, told in 备注 as parts. Rows that differ
    in day or amount may be parts nobody explained: a question. Equal rows are one payment written twice."""
    rows = [s for s in groups(world)[key] if paid(s)]
    files = {id(s.sheet) for s in rows}
    levels = {s.get("level") for s in rows} - {None}
    if len(rows) < 2 or len(files) == len(rows) > 1 or len(levels) > 1:
        return None  # a row repeated in an added file is SHT-007's, two levels are XSC-005's
    g = grant(world, key)
    if g is not None:
        return None if sum(map(paid, rows)) <= g.fen else "error"
    if any(s.raw("remark").strip() for s in rows):
        return None
    return "warning" if len({(s.get("pay_date"), paid(s)) for s in rows}) == len(rows) else "error"


@kind("paid_twice", facts="n fund amount", optional="apart", needs="name fund amount_paid", reads="id_tail id_number aid_type pay_date remark level")  # fmt: skip
def paid_twice(s: Subject, env: Env) -> Hit | None:
    """XFM-004: one person twice in one project from one fund, or in two projects of which he applied for one only."""
    world, key = env.world, key_of(env.world, s)
    if not key[1]:
        raise CannotRun("unidentified")
    rows = [o for o in groups(world)[key] if paid(o)]
    if s is (rows[-1] if rows else None) and (found := twice(world, key)):
        return _again(s, rows, found)
    others = [k for k in _of_fund(world)[key[0], key[1], key[3]] if k != key]
    first = others and key == _of_fund(world)[key[0], key[1], key[3]][0]
    if not paid(s) or not others or first or _due_both(s, key, env):
        return None
    return _again(s, [o for k in (*others, key) for o in groups(world)[k] if paid(o)], "warning")


def _again(s: Subject, rows: Sequence[Subject], severity: str) -> Hit:
    facts = {"n": str(len(rows)), "fund": str(s.get("fund")), "amount": yuan(sum(map(paid, rows)))}
    numbers = tuple(o.row.number for o in rows if o.sheet is s.sheet)
    related = tuple(o.place("amount_paid") for o in rows if o is not s)
    weak = severity == "warning"
    return Hit("amount_paid", facts, rows=numbers, related=related, severity=severity if weak else None, holds="none" if weak else None)  # fmt: skip


def _of_fund(world: World) -> Mapping[Key, Sequence[Key]]:
    """(unit, person, fund) -> its groups, in order."""

    def make() -> Mapping[Key, Sequence[Key]]:
        made: dict[Key, list[Key]] = defaultdict(list)
        for key in groups(world):
            made[key[0], key[1], key[3]].append(key)
        return made

    return world.once("groups of a fund", make)


def _due_both(s: Subject, key: Key, env: Env) -> bool:
    """Whether the project of this row is his own by right: decided, applied for, or one that needs no application."""
    world = env.world
    if grant(world, key) or contains(s.get("aid_type"), env.many("apart")) or s.raw("remark").strip():
        return True
    if not any(PEOPLE[0] in f.current for f in world.files(s.sheet.unit)):
        return True  # nobody can say yet what he applied for
    applied = {o.get("aid_type") for o in applicants(world)(full(world, s))}
    return not applied or s.get("aid_type") in applied
