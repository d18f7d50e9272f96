"""A night without R1 in; the rows of a drafted R1 out: one per unit the forms themselves name, for the office to complete."""

from __future__ import annotations

from typing import Any

from pipeline.model import Filed
from pipeline.papers.material import Material

HEADS = {
    "phones": "filler_phone",
    "filler": "filler",
    "union_chair": "reviewer",
    "head": "head",
}  # R1's field <- a form's head


def roster_view(m: Material) -> dict[str, Any]:
    """`roster`: rows by R1's fields; what no form says is left for the office to fill. Empty where R1 is there."""
    return {"roster": [] if m.register_present else [_row(m, code) for code in m.units]}


def _row(m: Material, code: str) -> dict[str, Any]:
    filed = m.filed_of.get(code, ())
    row: dict[str, Any] = {"unit_code": code, "full_name": m.unit_name(code)}
    row |= {name: value for name, field in HEADS.items() if (value := _said(filed, field))}
    counts = [
        c
        for f in filed
        for t in f.document.tables
        if t.form == "F2"
        for r in t.rows
        if isinstance(c := r.get("headcount"), int)
    ]
    return {**row, "headcount": sum(counts)} if len(filed) and counts else row


def _said(filed: tuple[Filed, ...], field: str) -> str:
    """The newest form's word for this line of the head."""
    newest = sorted(filed, key=lambda f: (f.arrival.received, f.arrival.path), reverse=True)
    return next((str(v) for f in newest if field in f.document.head and (v := f.document.head[field].value)), "")
