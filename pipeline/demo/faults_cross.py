"""Faults that show only beside another form, unit or register: filings not yet sent go in, spoilt; where they must be found comes out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from pipeline.demo.district import School
from pipeline.demo.faults import Desk, Spot, Values, in_service
from pipeline.demo.filling import DONATIONS, F1_MAIN, PAYMENTS, SLIPS, Filing


def _transfer(desk: Desk) -> Callable[[Values], bool]:
    way = desk.world.words["payments"]["transfer"]
    return lambda row: row.get("pay_method") == way


# -- applications beside registers --------------------------------------------------------------------------------


def register_faults(desk: Desk, schools: Sequence[School]) -> list[Spot]:
    """Somebody who died, somebody the roster has in another unit, somebody who left last year and is back."""
    words, office, year = desk.world.words["wrong"], desk.world.office, desk.world.season.year
    spots = []
    for rule in ("XRG-007", "XRG-006", "XYR-006"):
        place = desk.row(F1_MAIN, lambda row: in_service(desk)(row) and not _continued(desk, row, schools))
        if place is None:
            continue
        f, n = place
        who = {
            "name": f.rows[F1_MAIN][n]["name"],
            "id_number": f.rows[F1_MAIN][n]["id_number"],
            "unit_code": f.school.code,
        }
        if rule == "XRG-007":
            office.changes.append({**who, "event": words["died"], "date": date(year - 1, 12, 1)})
        elif rule == "XRG-006":
            office.moved[str(who["id_number"])] = next(s.code for s in schools if s is not f.school)
        else:
            office.exits.append(
                {**who, "season": year - 1, "exit_date": date(year - 1, 6, 30), "exit_reason": words["out"]}
            )
        spots.append(Spot(rule, f, F1_MAIN, n, "name"))
    return spots


def _continued(desk: Desk, row: Values, schools: Sequence[School]) -> bool:
    """Whether R3 has him as somebody still aided."""
    return any(former.person.id_number == row["id_number"] for s in schools for former in s.formers)


# -- collections ------------------------------------------------------------------------------------------------------


def collection_faults(desk: Desk) -> list[Spot]:
    """Less remitted than collected, to another account, more staff than R1 knows, one slip number in two units."""
    spots = []
    short = _untouched(desk)
    if short is not None:
        last = len(short.rows[SLIPS]) - 1
        short.rows[SLIPS][last]["amount"] -= 300  # type: ignore[operator]
        spots.append(Spot("XFM-012", short, SLIPS, last, "amount"))
    stray = desk.row(SLIPS)
    if stray is not None:
        f, n = stray
        f.rows[SLIPS][n]["payee_name"] = f.rows[SLIPS][n]["payer_name"]
        spots.append(Spot("XRG-014", f, SLIPS, n, "payee_name"))
    whole = desk.row(DONATIONS, lambda row: row["dept"] == desk.world.words["whole"])
    if whole is not None:
        f, n = whole
        f.rows[DONATIONS][n]["headcount"] += 30  # type: ignore[operator]
        spots.append(Spot("XRG-008", f, DONATIONS, n, "headcount"))
    return spots + _one_slip(desk)


def _untouched(desk: Desk) -> Filing | None:
    """A collection without any other fault in it, all of it now spoken for."""
    for f in desk.filings:
        rows = [(key, n) for key in (DONATIONS, SLIPS) for n in range(len(f.rows.get(key, ())))]
        if f.rows.get(SLIPS) and not any((id(f), key, n) in desk.used for key, n in rows):
            for key, n in rows:
                desk.take(f, key, n)
            return f
    return None


def _one_slip(desk: Desk) -> list[Spot]:
    one = desk.row(SLIPS)
    two = desk.row(SLIPS)
    if one is None or two is None or one[0] is two[0]:
        return []
    (f, n), (g, m) = one, two
    g.rows[SLIPS][m]["slip_no"] = f.rows[SLIPS][n]["slip_no"]
    g.rows[SLIPS][m]["remit_date"] = f.rows[SLIPS][n]["remit_date"]
    return [Spot("XSC-006", f, SLIPS, n, "slip_no"), Spot("XSC-006", g, SLIPS, m, "slip_no")]


# -- payments ------------------------------------------------------------------------------------------------------------


def payment_faults(desk: Desk) -> list[Spot]:
    """Paid otherwise than decided, twice, to a stranger, under another number, into somebody else's account."""
    spots = []
    makers: Sequence[Callable[[Desk], list[Spot]]] = (_other_sum, _twice, _stranger, _other_number, _one_account)
    for make in makers:
        spots += make(desk)
    return spots


def _other_sum(desk: Desk) -> list[Spot]:
    place = desk.row(PAYMENTS)
    if place is None:
        return []
    f, n = place
    row = f.rows[PAYMENTS][n]
    row["amount_due"] = row["amount_paid"] = row["amount_paid"] + 100  # type: ignore[operator]
    return [Spot("XFM-003", f, PAYMENTS, n, "amount_paid")]


def _appended(desk: Desk, changes: Callable[[Filing, Values], Values]) -> tuple[Filing, int] | None:
    place = desk.row(PAYMENTS, _transfer(desk))
    if place is None:
        return None
    f, n = place
    f.rows[PAYMENTS].append({**f.rows[PAYMENTS][n], **changes(f, f.rows[PAYMENTS][n])})
    desk.take(f, PAYMENTS, len(f.rows[PAYMENTS]) - 1)
    return f, len(f.rows[PAYMENTS]) - 1


def _twice(desk: Desk) -> list[Spot]:
    place = _appended(desk, lambda f, row: {})
    return [Spot("XFM-004", *_at(place), "amount_paid")] if place else []


def _stranger(desk: Desk) -> list[Spot]:
    person = desk.world.inventor.person((30, 50), desk.world.winter)
    changes: dict[str, Any] = {"name": person.name, "id_tail": person.tail, "account_no": person.card}
    place = _appended(desk, lambda f, row: {**changes, "bank_ref": f"{row['bank_ref']}9"})
    return [Spot("XFM-001", *_at(place), "name")] if place else []


def _at(place: tuple[Filing, int]) -> tuple[Filing, tuple[str, str], int]:
    return place[0], PAYMENTS, place[1]


def _other_number(desk: Desk) -> list[Spot]:
    place = desk.row(PAYMENTS, lambda row: str(row["id_tail"])[1] != str(row["id_tail"])[2])
    if place is None:
        return []
    f, n = place
    tail = str(f.rows[PAYMENTS][n]["id_tail"])
    f.rows[PAYMENTS][n]["id_tail"] = tail[0] + tail[2] + tail[1] + tail[3]
    return [Spot("XFM-005", f, PAYMENTS, n, "id_tail")]


def _one_account(desk: Desk) -> list[Spot]:
    """The second unit pays into the account of somebody of the first."""
    one, two = desk.row(PAYMENTS, _transfer(desk)), desk.row(PAYMENTS, _transfer(desk))
    if one is None or two is None or one[0] is two[0]:
        return []
    (f, n), (g, m) = one, two
    g.rows[PAYMENTS][m]["account_no"] = f.rows[PAYMENTS][n]["account_no"]
    return [Spot("XSC-004", f, PAYMENTS, n, "account_no"), Spot("XSC-004", g, PAYMENTS, m, "account_no")]


# -- the plan of visits -----------------------------------------------------------------------------------------------------


def visit_faults(desk: Desk) -> list[tuple[str, str | None]]:
    """(rule, unit) of what is wrong with the office's own plan: a leader on two routes, somebody no form knows."""
    visits = desk.world.office.visits
    routes = {str(v["route_no"]) for v in visits}
    told: list[tuple[str, str | None]] = []
    if len(routes) > 1:
        first, other = visits[0], next(v for v in visits if v["route_no"] != visits[0]["route_no"])
        for v in visits:
            if v["route_no"] == other["route_no"]:
                v |= {name: first[name] for name in ("leader", "visit_date", "slot")}
        told.append(("XSC-011", None))
    if visits:
        stranger = desk.world.inventor.person((30, 50), desk.world.winter)
        visits.append({**visits[0], "name": stranger.name})
        told.append(("XFM-014", str(visits[0]["unit_code"])))
    return told
