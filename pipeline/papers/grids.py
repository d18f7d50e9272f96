"""The night in; the views of the workbooks out: rows with their figures for the .xlsx.yaml templates (office, L0)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.model import Finding, Person
from pipeline.papers.balance import decided_rows, key_of
from pipeline.papers.columns import form_head, other_columns, other_state, return_columns
from pipeline.papers.counting import Numbers, both, pick
from pipeline.papers.grouping import entry
from pipeline.papers.material import Material
from pipeline.papers.noting import noted
from pipeline.papers.sums import equations, funds
from pipeline.papers.wording import head, place

SILENT = {"missing", "overdue", "unreadable", "wrong_form", "not_due", "exempt"}
UNIT_KEYS = (
    "people.F1",
    "requested_fen",
    "approved_fen",
    "aid_fen",
    "people.F3",
    "amount_fen.F3.total",
    "donations_fen.total",
    "slips_fen",
    "headcount",
    "donors",
)


def summary_view(m: Material, numbers: Numbers) -> dict[str, Any]:
    """汇总表: one view for all its sheets; `units` has a row for every unit of R1."""
    categories = sorted(k for k in m.district.figures if k.startswith("people.F1."))
    others = other_columns(m)
    keys = [*(f["key"] for f in funds(m, numbers)), *categories, *dict.fromkeys(c["key"] for c in others)]
    rows = _unit_rows(m, numbers, keys)
    return {
        **head(m),
        "form_columns": [{"form": form, "title": form_head(m, form)} for form in m.book.forms],
        "return_columns": return_columns(m),
        "other_columns": others,
        "unit_rows": rows,
        "returns": [row for row in rows if row["code"]],
        "categories": [{"key": k, "name": k.split(".", 2)[2]} for k in categories],
        "channels": _channels(m),
        "fund_list": [{"key": f["key"], "name": f["name"]} for f in funds(m, numbers)],
        "equation_rows": _equation_rows(m, numbers),
        "state_rows": _state_rows(m, numbers),
        "visits": _visits(m),
        "pairs": [_pair_row(i, f, m) for i, f in enumerate(_of(m, "duplicate_rules") + _of(m, "omission_rules"), 1)],
        "problems": [_problem(i, f, m) for i, f in enumerate((*_listed(m), *_closed(m)), 1)],
        "people": _people(m),
    }


def _unit_rows(m: Material, numbers: Numbers, extra: Sequence[str]) -> list[dict[str, Any]]:
    rows = []
    for i, code in enumerate(m.units, 1):
        states = {f: m.district.states.get((code, f)) for f in m.book.forms}
        row: dict[str, Any] = {
            "seq": i, "code": code, "name": m.unit_name(code), "link": f"../units/{m.folder(code)}/", "phone": getattr(m.office.unit(code), "phone", ""),
            "state": {f: s.state if s else "" for f, s in states.items()},
            "received": {f: s.received if s else None for f, s in states.items()},
            "late": {f: s.days_late or None if s else None for f, s in states.items()},
            "errors": pick(numbers, f"findings.error@{code}"), "warnings": pick(numbers, f"findings.warning@{code}"),
            "note": noted(m, code),
        }  # fmt: skip
        row["other_state"] = other_state(m, row["state"])
        row["missing"] = {f: s.state for f, s in states.items() if s and m.state_key(s.state) in SILENT}
        row["figures"] = {
            key: both(numbers, key, code) for key in (*UNIT_KEYS, *extra, *(c["key"] for c in _channels(m)))
        }
        rows.append(row)
    return [*rows, *_shared(m, numbers, rows, extra, len(rows) + 1)]


def _shared(
    m: Material, numbers: Numbers, rows: Sequence[dict[str, Any]], extra: Sequence[str], seq: int
) -> list[dict[str, Any]]:
    """A person two units report counts once in the district: one row takes the surplus off, so that the sums close."""
    off: dict[str, dict[str, int]] = {}
    for key in ("people.F1", "people.F3", *(k for k in extra if k.startswith("people."))):
        whole = both(numbers, key)
        difference = {
            side: whole[side].value - sum(r["figures"][key][side].value for r in rows)
            for side in ("accepted", "pending")
        }
        if any(difference.values()):
            off[key] = difference
    if not off:
        return []
    blank = dict.fromkeys(m.book.forms, "")
    return [{"seq": seq, "code": "", "name": m.words["cross_unit_row"], "link": "", "phone": "", "state": blank, "received": dict.fromkeys(blank),
             "late": dict.fromkeys(blank), "errors": None, "warnings": None, "note": "", "missing": {}, "figures": off}]  # fmt: skip


def _channels(m: Material) -> list[dict[str, str]]:
    resource = m.book.resource("F2", "donations")
    fields = [f for f in resource.fields if f.name.startswith("ch_")] if resource else []
    return [{"key": f"donations_fen.{f.name}", "name": f.title} for f in fields]


def _equation_rows(m: Material, numbers: Numbers) -> list[dict[str, Any]]:
    """A line per equation with √ or ×, then its terms that are not nought."""
    rows = []
    for e in equations(m, numbers):
        closes = m.words["closes" if e["closes"] else "open"]
        rows.append(
            {
                "title": e["title"],
                "label": "",
                "n": e["total"] if e["total"] != "" else None,
                "note": e["note"] or closes,
            }
        )
        rows += [
            {"title": "", "label": t["label"], "n": t["n"], "note": ""} for t in (*e["terms"], *e["apart"]) if t["n"]
        ]
    return rows


def _state_rows(m: Material, numbers: Numbers) -> list[dict[str, Any]]:
    words = m.words["states"]
    return [{"word": words[s], **{f: pick(numbers, f"states.{f}.{s}") for f in m.book.forms}} for s in words]


def _visits(m: Material) -> list[dict[str, Any]]:
    register = m.office.registers.get("R13")
    if register is None:
        return []
    rows = []
    for i, (row, source) in enumerate(zip(register.rows, register.sources, strict=False), 1):
        get = row.get
        code = str(get("unit_code") or "")
        rows.append({
            "seq": i, "code": code, "name": str(get("unit_name") or m.unit_name(code)), "state": str(get("done") or m.words["visited"]), "link": "",
            "route": str(get("route_no") or ""), "date": get("visit_date"), "slot": str(get("slot") or ""), "leader": str(get("leader") or ""),
            "person": str(get("name") or ""), "class": str(get("target_class") or ""), "place": str(get("place") or ""), "amount": get("amount"),
            "fund": str(get("fund") or ""), "source": source_text(source.file, source.sheet, source.cell),
        })  # fmt: skip
    return rows


def _of(m: Material, words_key: str) -> list[Finding]:
    closed = [f for f in m.ruled if f.rule in m.words[words_key]]
    return [*(f for rule in m.words[words_key] for f in m.by_rule.get(rule, ())), *closed]


def _listed(m: Material) -> list[Finding]:
    """Open findings somebody has to look at: × and ▲, in unit order; repairs are not listed."""
    rank = {code: i for i, code in enumerate(m.units)}
    found = [f for f in m.open if m.severity(f) != "info"]
    return sorted(found, key=lambda f: (rank.get(f.unit or "", len(rank)), f.number or 0, f.id))


def _closed(m: Material) -> list[Finding]:
    """After them, where they would have stood: what was waived or explained."""
    rank = {code: i for i, code in enumerate(m.units)}
    return sorted(m.ruled, key=lambda f: (rank.get(f.unit or "", len(rank)), f.number or 0, f.id))


def source_text(file: str | None, sheet: str | None, cell: str | None) -> str:
    at = "!".join(p for p in (sheet, cell) if p)
    return f"{file}!{at}" if file and at else file or at


def _problem(i: int, finding: Finding, m: Material) -> dict[str, Any]:
    """The office reads the value as it stands (L0)."""
    line = entry(finding, m, own=False)
    rule = m.rule(finding)
    return {
        "seq": i, "code": finding.unit or "", "name": m.unit_name(finding.unit), "state": line["status"], "link": f"../units/{m.folder(finding.unit)}/" if finding.unit else "",
        "level": f"{line['mark']} {line['word']}", "number": finding.number, "form": finding.form or "", "rule": finding.rule, "title": rule.title if rule else "",
        "place": place(finding, m), "column": finding.title or "", "value": finding.value, "message": line["message"], "remedy": line["remedy"],
        "cure": m.words["cures"][m.cure(finding)], "file": finding.file or "", "first": finding.first_seen[1] if finding.first_seen else "", "id": finding.id, "ruling": line["ruling"],
    }  # fmt: skip


def _pair_row(i: int, finding: Finding, m: Material) -> dict[str, Any]:
    others = [source_text(p.file, p.sheet, p.cell) for p in finding.related]
    units = list(dict.fromkeys(m.short_name(p.unit) for p in finding.related if p.unit and p.unit != finding.unit))
    row = _problem(i, finding, m)
    kind = "duplicates" if finding.rule in m.words["duplicate_rules"] else "omissions"
    return {
        **row,
        "kind": m.words["headline"][kind],
        "person": name_of(finding, m),
        "others": "\n".join(others),
        "case": finding.case,
        "grade": grade_of(finding, m),
        "score": _score(finding, m),
        "other_units": m.words["list_mark"].join(units),
        "source": source_text(finding.file, finding.sheet, finding.cell),
    }


def grade_of(f: Finding, m: Material) -> str:
    """How sure the pair behind a finding is: what matching says, else what the rule itself proves."""
    known = m.words["grade_of"]
    return f.facts.get("grade") or known.get(f"{f.rule}.{f.field}") or known.get(f.rule, "")


def _score(finding: Finding, m: Material) -> str:
    """What matching adds up to for the two rows of a finding; '' where it compares no two applications."""
    here = (f"{finding.file}|{finding.sheet}", finding.row or 0)
    there = [(f"{p.file}|{p.sheet}", p.row) for p in finding.related]
    pairs = [m.paired[both] for other in there if (both := frozenset((here, other))) in m.paired]
    return f"{max(p.score for p in pairs):.1f}" if pairs else ""


def name_of(finding: Finding, m: Material) -> str:
    table = m.table(finding.file, finding.sheet, finding.sha256)
    row = next((r for r in table.rows if r.number == finding.row), None) if table and finding.row else None
    if row is None and not finding.file:
        found = (m.registered_people.get((p.file, p.sheet, p.cell)) for p in finding.related)
        return str(m.words["list_mark"]).join(name for name, _ in filter(None, found))
    return str(row.raw.get("name", "")) if row else str(finding.facts.get("name", ""))


def _people(m: Material) -> list[dict[str, Any]]:
    decided = decided_rows(m)
    return [
        _person(i, p, m, _approved(p, decided))
        for i, p in enumerate((p for p in m.district.people if p.form == "F1"), 1)
    ]


def _approved(person: Person, decided: Mapping[Any, Sequence[Mapping[str, Any]]]) -> int | None:
    """What the working group decided for this application, over all funds; None while nothing is decided."""
    get = person.row.get
    rows = decided.get(key_of(person.unit, get("name"), get("id_number"), get("aid_type")), ())
    amounts = [a for r in rows if isinstance(a := r.get("amount_approved"), int)]
    return sum(amounts) if amounts else get("amount_approved")


def _person(i: int, person: Person, m: Material, approved: int | None) -> dict[str, Any]:
    row = person.row
    fields = ("name", "id_number", "staff_status", "category", "cause_main", "aid_type", "remark")
    held = {f.id: f for f in m.by_unit.get(person.unit, ()) if f.id in person.held_by}
    return {
        "seq": i, "code": person.unit, "name": m.unit_name(person.unit), "link": f"../units/{m.folder(person.unit)}/",
        "state": m.words["states"]["passed" if person.accepted else "pending"],
        **{f"p_{name}": _text(row.raw.get(name), row.get(name)) for name in fields},
        "requested": row.get("amount_requested"), "approved": approved,
        "held_by": m.words["list_mark"].join(m.words["item"].format(n=f.number or "") for f in held.values()),
        "source": source_text(person.place.file, person.place.sheet, person.place.cell),
    }  # fmt: skip


def _text(raw: str | None, value: Any) -> str:
    """The typed value where there is one (a repaired id, a mapped code), else the text as it stands."""
    if isinstance(value, tuple):
        return " ".join(map(str, value))
    return str(value) if value is not None else raw or ""
