"""Current sheets and holds in; every figure of every unit and of the district, each with its sources, out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from pipeline.book.plain import plain_forms, plain_sums
from pipeline.book.spec import Book
from pipeline.cells.ids import id_key
from pipeline.cells.text import name_key
from pipeline.merging.holding import Held
from pipeline.model import Figure, Office, Row, Sheet, Source, address

CHANNELS = ("ch_union_day", "ch_red_cross", "ch_charity", "ch_elderly", "ch_army", "ch_education")
FEN, PERSONS, ROWS = "fen", "persons", "rows"


@dataclass(slots=True)
class Tally:
    """One growing figure: contributions on either side. Persons are keyed, so that each counts once."""

    measure: str = FEN
    accepted: list[Source] = field(default_factory=list)
    pending: list[Source] = field(default_factory=list)
    keys: dict[str, tuple[bool, Source]] = field(default_factory=dict)

    def add(self, source: Source, accepted: bool) -> None:
        (self.accepted if accepted else self.pending).append(source)

    def add_person(self, key: str, source: Source, accepted: bool) -> None:
        """A person with an accepted row is accepted, whatever other rows of theirs are held."""
        seen = self.keys.get(key)
        if seen is None or (accepted and not seen[0]):
            self.keys[key] = (accepted, source)

    def figure(self) -> Figure:
        accepted = [*self.accepted, *(s for ok, s in self.keys.values() if ok)]
        pending = [*self.pending, *(s for ok, s in self.keys.values() if not ok)]
        return Figure(
            accepted=sum(s.value for s in accepted),
            pending=sum(s.value for s in pending),
            measure=self.measure,
            accepted_from=tuple(accepted),
            pending_from=tuple(pending),
        )


Tallies = dict[str, Tally]


def person_key(row: Row, unit: str) -> str:
    """Who a row is about: the identity number, else within the unit the name with birth month or phone or last four."""
    number = row.get("id_number")
    if number:
        return id_key(str(number))
    name = name_key(str(row.get("name") or row.raw.get("name", "")))
    extra = row.get("birth_month") or row.get("mobile") or row.get("id_tail") or row.raw.get("id_number") or row.number
    return f"{unit}|{name}|{extra}"


def decision_key(unit: str, row: Row) -> tuple[str, str, str, str]:
    """What ties a decided grant to the application it decides: unit, name, last four, aid type."""
    tail = str(row.get("id_tail") or row.get("id_number") or "")[-4:]
    return unit, name_key(str(row.get("name") or "")), tail, str(row.get("aid_type") or "")


def tally(sheets: Sequence[Sheet], held: Held, book: Book, lump: bool) -> tuple[dict[str, Tallies], Tallies]:
    """unit -> key -> Tally, and key -> Tally of the whole district (persons distinct across units).

    The district has the rows of every form of the book, 0 where nobody sent one.
    """
    units: dict[str, Tallies] = {}
    district: Tallies = {f"rows.{form}": Tally(ROWS) for form in book.forms}
    takers = {**TAKERS, **_plain_takers(book)}
    for sheet in sheets:
        own = units.setdefault(sheet.unit, {})
        take = takers.get((sheet.form, sheet.table.resource))
        for row in sheet.table.rows:
            accepted = not held.by(sheet, row.number)
            for tallies in (own, district):
                if take:
                    take(tallies, sheet, row, accepted, lump)
    return units, district


def _tally(tallies: Tallies, key: str, measure: str) -> Tally:
    return tallies.setdefault(key, Tally(measure))


def _source(sheet: Sheet, row: Row, name: str, value: int) -> Source:
    at = sheet.table.at(row, name)
    cell = address(*at) if at else f"A{row.number}"
    return Source(sheet.unit, sheet.file, sheet.sha256, sheet.table.sheet, cell, value, row.raw.get(name, ""))


def _amount(tallies: Tallies, key: str, sheet: Sheet, row: Row, name: str, accepted: bool) -> None:
    """Add an integer field. A blank or unknown amount contributes nothing, not even a zero."""
    value = row.get(name)
    if isinstance(value, int):
        _tally(tallies, key, FEN).add(_source(sheet, row, name, value), accepted)


def _row(tallies: Tallies, sheet: Sheet, row: Row, accepted: bool) -> None:
    _tally(tallies, f"rows.{sheet.form}", ROWS).add(_source(sheet, row, "name", 1), accepted)


def _application(tallies: Tallies, sheet: Sheet, row: Row, accepted: bool, _lump: bool) -> None:
    _row(tallies, sheet, row, accepted)
    key = person_key(row, sheet.unit)
    _tally(tallies, "people.F1", PERSONS).add_person(key, _source(sheet, row, "name", 1), accepted)
    category = row.get("category")
    if category:
        _tally(tallies, f"people.F1.{category}", PERSONS).add_person(key, _source(sheet, row, "name", 1), accepted)
    _amount(tallies, "requested_fen", sheet, row, "amount_requested", accepted)
    _amount(tallies, "approved_fen", sheet, row, "amount_approved", accepted)


def _donation(tallies: Tallies, sheet: Sheet, row: Row, accepted: bool, lump: bool) -> None:
    _row(tallies, sheet, row, accepted)
    for name in ("headcount", "donors"):
        value = row.get(name)
        if isinstance(value, int):
            _tally(tallies, name, PERSONS).add(_source(sheet, row, name, value), accepted)
    given = [name for name in CHANNELS if isinstance(row.get(name), int)]
    if lump or not given:
        _amount(
            tallies, "donations_fen.total", sheet, row, "lump" if row.get("lump") is not None else "total", accepted
        )
        return
    for name in given:
        _amount(tallies, f"donations_fen.{name}", sheet, row, name, accepted)
        _amount(tallies, "donations_fen.total", sheet, row, name, accepted)


def _slip(tallies: Tallies, sheet: Sheet, row: Row, accepted: bool, _lump: bool) -> None:
    _amount(tallies, "slips_fen", sheet, row, "amount", accepted)
    _tally(tallies, "slips", ROWS).add(_source(sheet, row, "amount", 1), accepted)


def _payment(tallies: Tallies, sheet: Sheet, row: Row, accepted: bool, _lump: bool) -> None:
    _row(tallies, sheet, row, accepted)
    paid = row.get("amount_paid")
    if not isinstance(paid, int) or paid == 0:
        return
    key = person_key(row, sheet.unit)
    _tally(tallies, "people.F3", PERSONS).add_person(key, _source(sheet, row, "name", 1), accepted)
    _amount(tallies, f"amount_fen.F3.{row.get('fund') or '-'}", sheet, row, "amount_paid", accepted)
    _amount(tallies, "amount_fen.F3.total", sheet, row, "amount_paid", accepted)


def _count_only(tallies: Tallies, sheet: Sheet, row: Row, accepted: bool, _lump: bool) -> None:
    _row(tallies, sheet, row, accepted)


Taker = Callable[[Tallies, Sheet, Row, bool, bool], None]
TAKERS: Mapping[tuple[str, str], Taker] = {
    ("F1", "applications"): _application,
    ("F2", "donations"): _donation,
    ("F2", "slips"): _slip,
    ("F3", "payments"): _payment,
    ("F4", "figures"): _count_only,
    ("F5", "summary"): _count_only,
}


def _plain_takers(book: Book) -> dict[tuple[str, str], Taker]:
    return {
        (form.name, resource.name): partial(_plain, resource is form.main, plain_sums(resource))
        for form in plain_forms(book)
        for resource in form.resources
    }


def _plain(
    main: bool, sums: Mapping[str, str], tallies: Tallies, sheet: Sheet, row: Row, accepted: bool, _lump: bool
) -> None:
    if main:
        _row(tallies, sheet, row, accepted)
    for name, key in sums.items():
        value = row.get(name)
        if isinstance(value, int):
            source = _source(sheet, row, name, value)
            _tally(tallies, key, FEN if key.startswith("amount_fen.") else ROWS).add(source, accepted)


def add_approvals(
    units: dict[str, Tallies], district: Tallies, sheets: Sequence[Sheet], held: Held, office: Office
) -> None:
    """The working group's decided amounts join approved_fen, pending while they or their application are held.

    aid_fen is what run.json calls the amount of the hardship workers: approved where decided, else requested; a row held
    back has not decided its application.
    """
    applications = _applications(sheets, held)
    decided: set[tuple[str, str, str, str]] = set()
    stands = [(r, p, True) for r, p in zip(office.approvals, office.approval_sources, strict=False)]
    stands += [(r, p, False) for r, p in zip(office.held_approvals, office.held_sources, strict=False)]
    for row, place, counts in stands:
        amount, unit = row.get("amount_approved"), _unit_of(row, office)
        if not isinstance(amount, int) or not unit:
            continue
        key = decision_key(unit, row)
        sheet, applied = applications.get(key, (None, None))
        accepted = counts and not (sheet and applied and held.by(sheet, applied.number))
        source = Source(
            unit, place.file or "", "", place.sheet or "", place.cell or "", amount, row.raw.get("amount_approved", "")
        )
        for tallies in (units.setdefault(unit, {}), district):
            _tally(tallies, "approved_fen", FEN).add(source, accepted)
            if counts or key not in applications:
                _tally(tallies, "aid_fen", FEN).add(source, accepted)
        if counts:
            decided.add(key)
    for key, (sheet, row) in applications.items():
        own = "amount_approved" if isinstance(row.get("amount_approved"), int) else "amount_requested"
        if key not in decided:
            for tallies in (units.setdefault(sheet.unit, {}), district):
                _amount(tallies, "aid_fen", sheet, row, own, not held.by(sheet, row.number))


def _unit_of(row: Row, office: Office) -> str:
    """The unit a decided row names: by its code, where that is blank by its name."""
    code, name = str(row.get("unit_code") or ""), str(row.get("unit_name") or "")
    return code or next((u.code for u in office.units if name in {u.name, u.short}), name)


def _applications(sheets: Sequence[Sheet], held: Held) -> dict[tuple[str, str, str, str], tuple[Sheet, Row]]:
    """The row each decided grant answers: of several rows of one person and aid type the one that is accepted."""
    found: dict[tuple[str, str, str, str], tuple[Sheet, Row]] = {}
    for s in sheets:
        for r in s.table.rows if (s.form, s.table.resource) == ("F1", "applications") else ():
            key = decision_key(s.unit, r)
            if key not in found or (held.by(*_spot(found[key])) and not held.by(s, r.number)):
                found[key] = (s, r)
    return found


def _spot(application: tuple[Sheet, Row]) -> tuple[Sheet, int]:
    return application[0], application[1].number


def figures(tallies: Tallies) -> dict[str, Figure]:
    """Key -> Figure, in order of key."""
    return {key: tallies[key].figure() for key in sorted(tallies)}


def standing_keys(channels: Iterable[str] = CHANNELS) -> dict[str, str]:
    """Key -> measure of the figures run.json always shows, 0 when nothing contributed (contract.md 4).

    Beside them it shows the rows of every form of the book: `tally` starts them at 0.
    """
    money = {"requested_fen": FEN, "approved_fen": FEN, "aid_fen": FEN, "donations_fen.total": FEN, "slips_fen": FEN}
    money |= {f"donations_fen.{name}": FEN for name in channels}
    return {"people.F1": PERSONS, "people.F3": PERSONS, **money, "headcount": PERSONS, "donors": PERSONS}
