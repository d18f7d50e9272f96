"""Accepted rows and the office's registers in; per unit the lines of the closing form (x-items: from, where, of) out.

What the office prefills as 本年 is what the newest night accepted; a line whose form was not accepted stays unsaid.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipeline.book.spec import Book, Resource
from pipeline.cells.ids import id_key
from pipeline.cells.text import name_key
from pipeline.merging.figures import person_key
from pipeline.model import District, Office, Row, Season, Sheet, Unit

SETTLED = ("passed", "partly", "zero")  # states in which a form says something of its unit
APPROVAL, TOTAL = "approval", "total"
TWO = ("ratio", "difference")
CENT = Decimal("0.01")
Line = Mapping[str, str]
Rows = Sequence[Row]


@dataclass(frozen=True, slots=True)
class Ground:
    """What is known of one unit: `rows` accepted and `declared` at all, by FORM.SHEET; `forms`: those that say something;
    `office`: its rows in what the office keeps; `registers`: those that are there."""

    unit: Unit
    forms: frozenset[str]
    rows: Mapping[str, Rows]
    declared: Mapping[str, Rows]
    office: Mapping[str, Rows]  # register, or APPROVAL for the decided grants -> the unit's rows
    registers: Collection[str]
    season: Season
    donations: int | None
    money: frozenset[str]  # FORM.SHEET.FIELD and REGISTER.FIELD kept in fen
    carry: tuple[str, ...]  # how new, continued and returned people are called


def form_lines(
    sheets: Sequence[Sheet], district: District, office: Office, book: Book, season: Season
) -> dict[str, dict[str, str]]:
    """unit -> code -> the figure as plain text (amounts in yuan); codes nobody can tell yet are absent."""
    items = [i for f in book.forms.values() for r in f.resources for i in r.items]
    settled = {book.words["papers"]["states"][key] for key in SETTLED}
    accepted, declared = _by_sheet(sheets, district.held_rows), _by_sheet(sheets, frozenset())
    owned, money = _owned(office), _money(book)
    found = {}
    for unit in office.units:
        forms = frozenset(f for f in book.forms if (s := district.states.get((unit.code, f))) and s.state in settled)
        total = district.by_unit.get(unit.code, {}).get("donations_fen.total")
        donations = (total.accepted if total else 0) if "F2" in forms else None
        ground = Ground(
            unit,
            forms,
            accepted.get(unit.code, {}),
            declared.get(unit.code, {}),
            {place: _of_unit(rows, unit) for place, rows in owned.items()},
            office.registers.keys(),
            season,
            donations,
            money,
            tuple(book.codes["K21"].values),
        )
        found[unit.code] = {code: f"{value:f}" for code, value in _lines(items, ground).items()}
    return {unit: lines for unit, lines in found.items() if lines}


def _by_sheet(sheets: Sequence[Sheet], left_out: Collection[tuple[str, str, int]]) -> dict[str, dict[str, list[Row]]]:
    found: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for s in sheets:
        rows = [r for r in s.table.rows if (s.file, s.table.sheet, r.number) not in left_out]
        found[s.unit][f"{s.form}.{s.table.resource}"] += rows
    return found


def _money(book: Book) -> frozenset[str]:
    places: list[tuple[str, Resource]] = [(f"{f.name}.{r.name}", r) for f in book.forms.values() for r in f.resources]
    places += [(r.name, r.resource) for r in book.registers.values()]
    return frozenset(f"{place}.{f.name}" for place, r in places for f in r.fields if f.kind == "money") | {
        f"{APPROVAL}.amount_approved"
    }


def _lines(items: Iterable[Line], g: Ground) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for item in items:
        how, _, path = item.get("from", "").partition(" ")
        value = _of_two(how, item, found) if how in TWO else HOWS[how](g, path, item) if how in HOWS else None
        if value is not None:
            found[item["code"]] = value if value == value.to_integral_value() else value.quantize(CENT)
    return found


# -- which rows ----------------------------------------------------------------------------------------------


def _rows(g: Ground, place: str, where: str = "") -> Rows | None:
    """Rows of FORM.SHEET, of a register or of the decided grants that are the unit's; None: nobody can tell."""
    form = place.partition(".")[0]
    if place == APPROVAL:
        rows: Rows | None = g.office[APPROVAL] or None
    elif "." in place:
        rows = g.rows.get(place, ()) if form in g.forms else None
        if not rows and g.declared.get(place):
            rows = None  # all of it is held back: that is not nothing
    else:
        rows = g.office[form] if form in g.registers else None
    return None if rows is None else [r for r in rows if _fits(r, where)]


def _owned(office: Office) -> dict[str, dict[str, list[tuple[int, Row]]]]:
    """Register, or APPROVAL -> what a row calls its unit -> (place in the list, row): gone through once for all units."""
    found: dict[str, dict[str, list[tuple[int, Row]]]] = {}
    for place, rows in (*((name, r.rows) for name, r in office.registers.items()), (APPROVAL, office.approvals)):
        named: dict[str, list[tuple[int, Row]]] = defaultdict(list)
        for at, row in enumerate(rows):
            for name in {row.get("unit_code"), row.get("unit_name"), row.get("matched_unit")} - {None, ""}:
                named[str(name)].append((at, row))
        found[place] = named
    return found


def _of_unit(named: Mapping[str, Sequence[tuple[int, Row]]], unit: Unit) -> Rows:
    """The unit's rows as they stand in the list, whichever of its names they use."""
    rows = {at: row for name in {unit.code, unit.name, unit.short} for at, row in named.get(name, ())}
    return [rows[at] for at in sorted(rows)]


def _fits(row: Row, where: str) -> bool:
    if not where:
        return True
    if ">" in where:
        name, _, least = where.partition(">")
        return (row.get(name) or 0) > int(least)
    name, _, wanted = where.partition("=")
    value = row.get(name)
    if isinstance(value, bool):
        return value
    return bool(set(value if isinstance(value, (tuple, list)) else [value]) & set(wanted.split("|")))


# -- how a line is made up -------------------------------------------------------------------------------------


def _distinct(g: Ground, place: str, item: Line) -> Decimal | None:
    rows = _rows(g, place, item.get("where", ""))
    return None if rows is None else Decimal(len({person_key(r, g.unit.code) for r in rows}))


def _count(g: Ground, place: str, item: Line) -> Decimal | None:
    rows = _rows(g, place, item.get("where", ""))
    return None if rows is None else Decimal(len(rows))


def _sum(g: Ground, path: str, item: Line) -> Decimal | None:
    place, _, name = path.rpartition(".")
    if name == TOTAL:
        return None if g.donations is None or _rows(g, place) is None else Decimal(g.donations) / 100
    rows = _rows(g, place)
    if place in g.registers and not rows:
        return None  # a bank line that names no unit belongs to somebody
    if rows is None:
        return None
    found = sum(int(r.get(name) or 0) for r in rows if _fits(r, item.get("where", "")) or _unsaid(r, place, item))
    return Decimal(found) / 100 if path in g.money else Decimal(found)


def _unsaid(row: Row, place: str, item: Line) -> bool:
    """A register's blank direction means the first of its list (R4)."""
    name = item.get("where", "").partition("=")[0]
    return "." not in place and place != APPROVAL and bool(name) and row.get(name) is None


def _register(g: Ground, _path: str, _item: Line) -> Decimal | None:
    return None if g.unit.members is None else Decimal(g.unit.members)


def _known_as(row: Row) -> set[str]:
    """The number, and the name with its last four: a register may hold either."""
    number, name = str(row.get("id_number") or ""), name_key(str(row.get("name") or ""))
    tail = str(row.get("id_tail") or number)[-4:]
    return ({id_key(number)} if number else set()) | ({f"{name}|{tail}"} if name and tail else set())


def _earlier(g: Ground) -> tuple[list[set[str]], set[str]] | None:
    """(people of last season, one set of names each; everybody of any season before this one)."""
    rows = [r for r in _rows(g, "R3") or () if isinstance(r.get("season"), int) and r.get("season") < g.season.year]
    if not rows:
        return None
    newest = max(int(r.get("season")) for r in rows)
    last = [_known_as(r) for r in rows if r.get("season") == newest]
    return last, set().union(*(_known_as(r) for r in rows))


def _carry(g: Ground, place: str, item: Line) -> Decimal | None:
    rows, earlier = _rows(g, place), _earlier(g)
    if rows is None or earlier is None:
        return None
    last, ever = set().union(*earlier[0]), earlier[1]
    kinds = {person_key(r, g.unit.code): 1 if _known_as(r) & last else 2 if _known_as(r) & ever else 0 for r in rows}
    wanted = item.get("where", "").partition("=")[2]
    return Decimal(sum(g.carry[kind] == wanted for kind in kinds.values()))


def _exits(g: Ground, _path: str, _item: Line) -> Decimal | None:
    rows, earlier = g.declared.get("F1.applications", ()), _earlier(g)
    if "F1" not in g.forms or earlier is None:
        return None
    here = set().union(*(_known_as(r) for r in rows)) if rows else set()
    gone: list[set[str]] = []
    for person in earlier[0]:
        if not person & here and not any(person & other for other in gone):
            gone.append(person)
    return Decimal(len(gone))


def _left(g: Ground) -> list[int] | None:
    """Fen decided and not paid out, one entry per person who is still owed something."""
    decided, paid = _rows(g, APPROVAL), _rows(g, "F3.payments")
    if decided is None or paid is None:
        return None
    due: dict[str, int] = defaultdict(int)
    for rows, name, sign in ((decided, "amount_approved", 1), (paid, "amount_paid", -1)):
        for r in rows:
            who = f"{name_key(str(r.get('name') or ''))}|{str(r.get('id_tail') or '')[-4:]}"
            due[who] += sign * int(r.get(name) or 0)
    return [fen for fen in due.values() if fen > 0]


def _unpaid_people(g: Ground, _path: str, _item: Line) -> Decimal | None:
    left = _left(g)
    return None if left is None else Decimal(len(left))


def _unpaid_fen(g: Ground, _path: str, _item: Line) -> Decimal | None:
    left = _left(g)
    return None if left is None else Decimal(sum(left)) / 100


def _different(name: str) -> Callable[[Ground, str, Line], Decimal | None]:
    def count(g: Ground, place: str, _item: Line) -> Decimal | None:
        rows = _rows(g, place)
        return None if rows is None else Decimal(len({r.get(name) for r in rows} - {None}))

    return count


def _leaders(g: Ground, place: str, _item: Line) -> Decimal | None:
    rows = _rows(g, place)
    return (
        None
        if rows is None
        else Decimal(len({(r.get("route_no"), r.get("visit_date"), r.get("slot"), r.get("leader")) for r in rows}))
    )


HOWS: Mapping[str, Callable[[Ground, str, Line], Decimal | None]] = {
    "distinct": _distinct,
    "count": _count,
    "sum": _sum,
    "register": _register,
    "carry": _carry,
    "exits": _exits,
    "unpaid.people": _unpaid_people,
    "unpaid.fen": _unpaid_fen,
    "routes": _different("route_no"),
    "leaders": _leaders,
}


def _of_two(how: str, item: Line, found: Mapping[str, Decimal]) -> Decimal | None:
    first, second = (found.get(code) for code in item["of"].split())
    if first is None or second is None:
        return None
    if how == "difference":
        return first - second
    return (first * 100 / second).quantize(CENT) if second else None
