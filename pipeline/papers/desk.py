"""The night and the office's own decisions in; the rows of 待核查 out, what was already filled in kept."""

from __future__ import annotations

from typing import Any

from pipeline.book.spec import Field
from pipeline.model import Decision, Finding, Row
from pipeline.papers.counting import credit_lines, payer_of
from pipeline.papers.grids import source_text
from pipeline.papers.material import Material
from pipeline.papers.wording import head, message

BLANK_ROWS = 20
FIXED = frozenset({"number", "target"})
FILE_ID = 12  # signs of a sha256 that name a file to the office


def desk_view(m: Material) -> dict[str, Any]:
    """One list per sheet of 待核查; rows are keyed by the fields of the sheet's register."""
    sheets = {
        "desk_duplicates": [_row(m, "duplicates", f.id, _pair(f, m)) for f in _asked(m, "duplicates")],
        "desk_whereabouts": [_row(m, "whereabouts", f.id, _gone(f, m)) for f in _asked(m, "whereabouts")],
        "desk_claims": _claim_rows(m),
        "desk_versions": _version_rows(m),
        "desk_money": _arrivals(m),
        "desk_slips": _slip_rows(m),
    }
    used = {row["number"] for rows in sheets.values() for row in rows}
    return {
        **head(m),
        **sheets,
        "desk_other": _other_rows(m, used),
        "register_columns": register_columns(m),
        "unit_list": [u.name for u in m.office.units],
    }


def register_columns(m: Material) -> dict[str, list[dict[str, Any]]]:
    """Columns of every register as a grid wants them: the sheet's layout is written once, in schemas/registers."""
    return {
        name: [_column(f, m) for f in r.resource.active] for name, r in m.book.registers.items()
    }


def _column(f: Field, m: Material) -> dict[str, Any]:
    kinds = {"money": "money", "integer": "integer", "seq": "integer", "date": "date"}
    column: dict[str, Any] = {"title": f.title, "value": f.name, "kind": kinds.get(f.kind, "text"), "width": f.width}
    if f.codes and f.codes in m.book.codes:
        column["choices"] = list(m.book.codes[f.codes].values)
    if f.kind == "tick":
        column["choices"], column["center"] = [str(m.words["tick"])], "yes"
    if f.kind == "unit" and not f.locked:
        column["choices"] = "unit_list"
    if not f.locked and f.name not in FIXED:
        column["input"] = "yes"
    if f.kind == "text":
        column["wrap"] = "yes"
    return column


def _asked(m: Material, sheet: str) -> list[Finding]:
    return [f for rule in m.words["desk_sheets"][sheet] for f in m.by_rule.get(rule, ())]


def _decided(m: Material, target: str, number: str) -> Decision | None:
    """The newest decision on this line, revoked ones too: the office sees again what it wrote."""
    found = [
        d for d in m.office.decisions if d.number == number or (target and d.target.strip().lower() == target.lower())
    ]
    return max(found, key=lambda d: d.on.toordinal() if d.on else 0, default=None)


def _row(m: Material, sheet: str, target: str, shown: dict[str, Any]) -> dict[str, Any]:
    number = f"{m.words['desk_numbers'][sheet]}-{target}"
    done = _decided(m, target, number)
    kind = m.words["default_kind"].get(sheet, "")
    kept = {k: v for k, v in done.extra.items() if v} if done else {}
    return {
        **shown,
        **kept,
        "number": done.number if done and done.number else number,
        "target": target,
        "kind": done.kind if done else kind,
        **_written(done, m),
    }


def _written(done: Decision | None, m: Material) -> dict[str, Any]:
    d = done or Decision("", "", "")
    tick = str(m.words["tick"]) if d.revoked else ""
    return {
        "opinion": d.opinion,
        "reason": d.reason,
        "officer": d.officer,
        "on": d.on,
        "until": d.until,
        "revoked": tick,
        "unit": m.unit_name(d.unit) if d.unit else "",
    }


def _pair(f: Finding, m: Material) -> dict[str, Any]:
    """Both sides of a suspected duplicate: unit, name, last four, place."""
    other = next((p for p in f.related if p.unit != f.unit), f.related[0] if f.related else None)
    one, two = (
        _side(m, f.file, f.sheet, f.row),
        _side(m, other.file, other.sheet, _row_of(other.cell)) if other else ("", ""),
    )
    return {
        "case_no": str(f.case) if f.case is not None else "", "grade": f.facts.get("grade", ""),
        "unit_a": m.unit_name(f.unit), "name_a": one[0], "tail_a": one[1], "place_a": source_text(f.file, f.sheet, f.cell),
        "unit_b": m.unit_name(other.unit) if other else "", "name_b": two[0], "tail_b": two[1], "place_b": source_text(other.file, other.sheet, other.cell) if other else "",
        "evidence": message(f, m, own=False, desk=True),
    }  # fmt: skip


def _row_of(cell: str | None) -> int | None:
    digits = "".join(c for c in cell or "" if c.isdigit())
    return int(digits) if digits else None


def _found_row(m: Material, file: str | None, sheet: str | None, number: int | None) -> Row | None:
    table = m.tables.get((file or "", sheet or ""))
    return next((r for r in table.rows if r.number == number), None) if table and number else None


def _side(m: Material, file: str | None, sheet: str | None, number: int | None) -> tuple[str, str]:
    row = _found_row(m, file, sheet, number)
    return (
        (str(row.raw.get("name", "")), str(row.get("id_number") or row.raw.get("id_number", ""))[-4:])
        if row
        else ("", "")
    )


def _gone(f: Finding, m: Material) -> dict[str, Any]:
    """Somebody of last year's list whose 去向 nobody stated."""
    row = _found_row(m, f.file, f.sheet, f.row)
    get = row.get if row else lambda _name: None
    return {
        "unit_name": m.unit_name(f.unit), "name": str(get("name") or f.facts.get("name", "")), "id_tail": str(get("id_tail") or ""),
        "last_category": str(get("last_category") or ""), "last_amount": get("last_amount"), "destination": "",
    }  # fmt: skip


def _arrivals(m: Material) -> list[dict[str, Any]]:
    """Lines of the bank statement no unit is known for; the object is the finding that asks, else the bank's own number."""
    asked = {f.row: f.id for f in _asked(m, "money")}
    rows = []
    for r in credit_lines(m):
        if not payer_of(m, r):
            get, texts = r.get, [str(r.get(name) or "") for name in ("payer_name", "memo", "bank_ref")]
            shown = {
                "txn_date": get("txn_date"),
                "amount": get("amount"),
                "payer_name": texts[0],
                "memo": texts[1],
                "bank_ref": texts[2],
                "guess": _guess(m, *texts),
            }
            rows.append(_row(m, "money", asked.get(r.number) or texts[2] or f"R4-{r.number}", shown))
    return rows


def _claim_rows(m: Material) -> list[dict[str, Any]]:
    """Files of no unit: name, the first three rows, a guess, and an empty 归属单位."""
    unknown = [f for f in m.filed if f.unit is None and f.state in {"held", "unreadable", "attachment"}]
    return [
        _row(
            m,
            "claims",
            f.arrival.sha256[:FILE_ID],
            {
                "file": f.arrival.path,
                "preview": "\n".join(f.document.preview[:3]),
                "guess": _guess(m, f.arrival.path, *f.document.preview),
            },
        )
        for f in unknown
    ]


def _version_rows(m: Material) -> list[dict[str, Any]]:
    """Readable files of a known unit that wait for a decision."""
    rows = []
    for f in m.filed:
        if f.unit is None or f.state != "held":
            continue
        asked = [x for x in _asked(m, "versions") if x.file == f.arrival.path]
        what = message(asked[0], m, own=False, desk=True) if asked else ""
        forms = list(dict.fromkeys(t.form for t in f.document.tables))
        count = sum(len(t.rows) for t in f.document.tables if t.form in forms[:1])
        shown = {
            "unit_name": m.unit_name(f.unit),
            "form": " ".join(forms),
            "file": f.arrival.path,
            "received": f.arrival.received,
            "rows": count,
            "difference": what,
        }
        rows.append(_row(m, "versions", f.arrival.sha256[:FILE_ID], shown))
    return rows


def _guess(m: Material, *texts: str) -> str:
    """A unit whose name stands in the texts; blank rather than a wild guess."""
    text = "\n".join(texts)
    hits = {
        u.name
        for u in m.office.units
        if (u.short and u.short in text) or u.name in text or any(a in text for a in u.aliases)
    }
    return hits.pop() if len(hits) == 1 else ""


def _slip_rows(m: Material) -> list[dict[str, Any]]:
    """One line per declared transfer whose paper slip is awaited."""
    rows = []
    for f in m.filed:
        if f.unit is None or "F2" not in f.current:
            continue
        slips = [r for t in f.document.tables if (t.form, t.resource) == ("F2", "slips") for r in t.rows]
        for n, r in enumerate(slips, 1):
            target = f.arrival.sha256[:FILE_ID]
            shown = {
                "unit_code": f.unit,
                "unit_name": m.unit_name(f.unit),
                "remit_date": r.get("remit_date"),
                "amount": r.get("amount"),
                "slip_no": str(r.get("slip_no") or ""),
                "delivered": None,
            }
            row = _row(m, "slips", target, shown)
            rows.append({**row, "number": row["number"] if n == 1 else f"{row['number']}-{n}"})
    rank = {code: i for i, code in enumerate(m.units)}
    return sorted(rows, key=lambda r: rank.get(r["unit_code"], len(rank)))


def _other_rows(m: Material, used: set[str]) -> list[dict[str, Any]]:
    """Decisions whose line is on no other sheet any more, then blank lines to write on."""
    kept = [d for d in m.office.decisions if d.number not in used and d.kind != m.words["decision_kinds"]["sent"]]
    rows = [{"number": d.number, "kind": d.kind, "target": d.target, **_written(d, m)} for d in kept]
    blanks = range(len(rows) + 1, len(rows) + 1 + BLANK_ROWS)
    return [
        *rows,
        *(
            {
                "number": f"{m.words['desk_numbers']['other']}{m.run.night}-{n:02}",
                "kind": "",
                "target": "",
                **_written(None, m),
            }
            for n in blanks
        ),
    ]
