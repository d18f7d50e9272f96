"""Accepted applicants and what was decided so far in; the rows of 综合平衡表 out: one per applicant and fund."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipeline.model import Person, Row
from pipeline.papers.material import Material
from pipeline.papers.wording import head


def balance_view(m: Material) -> dict[str, Any]:
    """综合平衡表: one row per accepted applicant and fund; what was decided before stands in it again."""
    decided, before, standards = decided_rows(m), _last_amounts(m), _standards(m)
    rows: list[dict[str, Any]] = []
    for person in m.district.people:
        if person.form == "F1" and person.accepted:
            for old in decided.pop(
                key_of(person.unit, person.row.get("name"), person.row.get("id_number"), person.row.get("aid_type")),
                [{}],
            ):
                line = _balance_row(len(rows) + 1, person, old, standards.get(_needs(person.row)), m)
                rows.append({**line, "last_amount": before.get(person.row.get("id_number"))})
    return {**head(m), "applicants": rows, "budgets": _budgets(m, rows), "meeting": _meeting(m)}


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
        "net_per_head": get("net_per_head"), "amount_requested": asked, "standard": standard,
        "special": str(m.words["tick"]) if old.get("special") else "",
        **{n: old.get(n) for n in DECIDED}, "amount_proposed": old.get("amount_proposed") or proposed,
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
    funds = m.book.codes["K10"].values if "K10" in m.book.codes else tuple(known)
    spent = {fund: sum(r["amount_approved"] or 0 for r in rows if r["fund"] == fund) for fund in funds}
    return [
        {"fund": fund, "budget": known.get(fund), "approved": spent[fund], "left": (known.get(fund) or 0) - spent[fund]}
        for fund in funds
    ]
