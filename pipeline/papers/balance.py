"""Accepted applicants and what was decided so far in; the rows of 综合平衡表 out: one per applicant and fund."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipeline.model import Person, Row
from pipeline.papers.material import Material
from pipeline.papers.wording import head


def balance_view(m: Material) -> dict[str, Any]:
    """综合平衡表: one row per accepted applicant and fund, then decided rows of nobody accepted. What was filled in before
    stands in it again, and beside what is not counted as approved why."""
    written, before, standards, means = _written(m), _last_amounts(m), _standards(m), m.household_means
    rows: list[dict[str, Any]] = []
    for person in m.district.people:
        if person.form == "F1" and person.accepted:
            for old in written.pop(_key(person), [{}]):
                line = _balance_row(len(rows) + 1, person, old, standards.get(_needs(person.row)), m)
                line["net_per_head"] = means.get((person.place.file or "", person.place.sheet or "", person.row.number))
                rows.append({**line, "last_amount": before.get(person.row.get("id_number"))})
    applied = {_key(p) for p in m.district.people if p.form == "F1"}
    for key, left in written.items():
        rows += [
            {**old, "seq": n, "special": str(m.words["tick"]) if old.get("special") else "",
             "standing": m.words["balance_standing"]["held" if key in applied else "stranger"]}
            for n, old in enumerate(left, len(rows) + 1)
        ]  # fmt: skip
    return {**head(m), "applicants": rows, "budgets": _budgets(m, rows), "meeting": _meeting(m)}


def _key(person: Person) -> tuple[str, str, str]:
    get = person.row.get
    return key_of(person.unit, get("name"), get("id_number"), get("aid_type"))


def _written(m: Material) -> dict[tuple[str, str, str], list[dict[str, Any]]]:
    """Rows of the balance sheet on which anything was filled in, by whom they are about; what could not be read as it stands."""
    register = next((r for r in m.book.registers.values() if r.area == "decision" and r.head), None)
    laid = m.office.registers.get(register.name) if register else None
    kept = (laid.rows, laid.sources) if laid else (m.office.approvals, m.office.approval_sources)
    own = [f.name for f in register.resource.active if not f.locked] if register else []
    pending = {(p.file or "", p.sheet or "", p.cell or "") for p in m.office.held_sources}
    found: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for row, place in zip(*kept, strict=True):
        if any(row.raw.get(n) or row.get(n) is not None for n in own):
            key = key_of(str(row.get("unit_code") or ""), row.get("name"), row.get("id_tail"), row.get("aid_type"))
            unread = {n: row.raw.get(n) for n in row.unknown}
            faulty = BALANCE in row.unknown or (place.file or "", place.sheet or "", place.cell or "") in pending
            why = m.words["balance_standing"]["faulty"] if faulty else ""
            found.setdefault(key, []).append({**row.values, **unread, "standing": why})
    return found


def _meeting(m: Material) -> list[dict[str, Any]]:
    """The labelled lines above the table (date, number, who was there), for the office to fill."""
    register = next((r for r in m.book.registers.values() if r.area == "decision" and r.head), None)
    first = m.office.approvals[0] if m.office.approvals else None
    return (
        [{"label": f.title, "value": first.get(f.name) if first else None} for f in register.head] if register else []
    )


def key_of(unit: str, name: Any, number: Any, aid: Any) -> tuple[str, str, str]:
    return (unit, f"{name}{str(number or '')[-4:]}", str(aid or ""))


def decided_rows(m: Material) -> dict[tuple[str, str, str], list[dict[str, Any]]]:
    found: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for row in m.office.approvals:
        key = key_of(str(row.get("unit_code") or ""), row.get("name"), row.get("id_tail"), row.get("aid_type"))
        found.setdefault(key, []).append(dict(row.values))
    return found


BALANCE = "amount_approved"
DECIDED = (
    "amount_proposed",
    "amount_approved",
    "fund",
    "opinion",
    "special_basis",
    "notice_from",
    "notice_to",
    "notice_result",
)


def _balance_row(seq: int, person: Person, old: dict[str, Any], standard: int | None, m: Material) -> dict[str, Any]:
    get = person.row.get
    asked = get("amount_requested")
    proposed = min(asked, standard) if isinstance(asked, int) and standard is not None else None
    return {
        "seq": seq, "unit_code": person.unit, "unit_name": m.unit_name(person.unit), "name": get("name") or person.row.raw.get("name", ""),
        "id_tail": str(get("id_number") or "")[-4:], "staff_status": get("staff_status"), "category": get("category"), "aid_type": get("aid_type"),
        "amount_requested": asked, "standard": standard,
        "special": str(m.words["tick"]) if old.get("special") else "",
        **{n: old.get(n) for n in DECIDED}, "standing": old.get("standing", ""), "amount_proposed": old.get("amount_proposed") or proposed,
    }  # fmt: skip


def _last_amounts(m: Material) -> dict[Any, int]:
    """Id number -> what R3 says was paid last year."""
    register = m.office.registers.get("R3")
    amounts: dict[Any, int] = {}
    for r in register.rows if register else ():
        number, amount = r.get("id_number"), r.get("amount")
        if number and isinstance(amount, int) and r.get("season") == m.season.year - 1:
            amounts[number] = amounts.get(number, 0) + amount
    return amounts


def _needs(row: Row) -> tuple[Any, Any]:
    return row.get("aid_type"), row.get("category")


def _standards(m: Material) -> dict[tuple[Any, Any], int]:
    """(aid, category) of every applicant -> the first standard of R5 that fits: of the category, or of any."""
    register = m.office.registers.get("R5")
    lines = [
        (_needs(r), r.get("standard"))
        for r in (register.rows if register else ())
        if isinstance(r.get("standard"), int)
    ]
    asked = {_needs(p.row) for p in m.district.people}
    fits = {(aid, group): [s for (a, g), s in lines if a == aid and g in {None, "", group}] for aid, group in asked}
    return {needs: found[0] for needs, found in fits.items() if found}


def _budgets(m: Material, rows: Sequence[dict[str, Any]]) -> Sequence[dict[str, Any]]:
    """Each fund with the budget R5 gives it (blank where R5 says nothing), what is decided and what is left."""
    register = m.office.registers.get("R5")
    known: dict[str, int] = {}
    for r in register.rows if register else ():
        if isinstance(r.get("budget"), int) and not r.get("unit_code"):
            known[str(r.get("fund"))] = known.get(str(r.get("fund")), 0) + r.get("budget")
    funds = [*(m.book.codes["K10"].values if "K10" in m.book.codes else known)]
    funds += sorted({str(r["fund"]) for r in rows if r.get("fund")} - set(funds))
    spent = {fund: _spent(rows, fund) for fund in funds}
    return [
        {"fund": fund, "budget": known.get(fund), "approved": yes, "pending": no, "left": (known.get(fund) or 0) - yes}
        for fund, (yes, no) in spent.items()
    ]


def _spent(rows: Sequence[dict[str, Any]], fund: str) -> tuple[int, int]:
    """Fen of a fund that count as approved, and that do not yet."""
    amounts = [
        (r[BALANCE], bool(r["standing"])) for r in rows if r.get("fund") == fund and isinstance(r.get(BALANCE), int)
    ]
    return sum(a for a, held in amounts if not held), sum(a for a, held in amounts if held)
