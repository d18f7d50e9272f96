"""The night and the office's own decisions in; the rows of 待核查 out, what was already filled in kept."""

from __future__ import annotations

from typing import Any

from pipeline.book.spec import Field
from pipeline.model import Document, Filed, Row, Table, file_id
from pipeline.papers.counting import credit_lines, decided_payer, payer_of
from pipeline.papers.desk_lines import answered, asked, laid_down, line, written
from pipeline.papers.desk_people import pair_rows, whereabouts_rows
from pipeline.papers.material import Material
from pipeline.papers.objects import Slip, line_object
from pipeline.papers.wording import head, message, scrubbed

BLANK_ROWS = 20
EXCEPTIONS = "R9"
FIXED = frozenset({"number", "target"})
SHOWN, LONGEST = 3, 200  # lines of an unclaimed file, and signs of each


def desk_view(m: Material) -> dict[str, Any]:
    """One list per sheet of 待核查; rows are keyed by the fields of the sheet's register."""
    sheets = {
        "desk_duplicates": pair_rows(m),
        "desk_whereabouts": whereabouts_rows(m),
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
    return {name: [_column(f, m) for f in r.resource.active] for name, r in m.book.registers.items()}


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


def _arrivals(m: Material) -> list[dict[str, Any]]:
    """Lines of the bank statement no unit is known for, and those the office has matched: its word stays to be seen."""
    rows = []
    for r in credit_lines(m):
        if decided_payer(m, r) or not payer_of(m, r):
            get, texts = r.get, [str(r.get(name) or "") for name in ("payer_name", "memo", "bank_ref")]
            shown = {
                "txn_date": get("txn_date"),
                "amount": get("amount"),
                "payer_name": texts[0],
                "memo": texts[1],
                "bank_ref": texts[2],
                "guess": _guess(m, *texts),
            }
            rows.append(line(m, "money", line_object(r), shown, also=f"r4-{r.number}"))
    return rows


def _claim_rows(m: Material) -> list[dict[str, Any]]:
    """Files of no unit: name, what is filled in, a guess, and an empty 归属单位. Attachments in a zip go with the zip."""
    unknown = [
        f
        for f in m.filed
        if f.unit is None
        and f.state in {"held", "unreadable", "attachment"}
        and not (f.state == "attachment" and "!" in f.arrival.path)
    ]
    return [line(m, "claims", file_id(f.arrival.sha256), _claim(m, f)) for f in unknown]


def _claim(m: Material, f: Filed) -> dict[str, Any]:
    """The path, the head and first rows as somebody filled them, and the unit they point to."""
    filled = _first_filled(f.document, m)
    guessed = m.unit_name(f.guess) if f.guess else _guess(m, f.arrival.path, *f.document.preview)
    return {"file": f.arrival.path, "preview": scrubbed("\n".join(filled)), "guess": guessed}


def _first_filled(document: Document, m: Material) -> list[str]:
    """The head block as one line, then data rows, three lines in all. Of a form of ours nobody filled in, its sheets."""
    titles = {h.name: h.title for h in m.book.head}
    head = [
        f"{titles.get(name, name)}\uff1a{e.raw}"
        for name, e in document.head.items()
        if e.raw.strip() and e.state != "blank"
    ]
    rows = [_told(r, t, m) for t in document.tables for r in t.rows]
    lines = [text[:LONGEST] for text in (" ".join(head), *rows) if text.strip()][:SHOWN]
    if lines:
        return lines
    return [" ".join(document.sheets)] if document.tables or document.declared else list(document.preview[:SHOWN])


def _told(row: Row, table: Table, m: Material) -> str:
    """Enough of a row to know whose it is: no number, no illness and no story."""
    resource = m.book.resource(table.form, table.resource)
    fields = [f for name in row.raw if resource and (f := resource.field(name))]
    return " ".join(row.raw[f.name] for f in fields if f.mask in {"", "name"} and f.kind != "text")


def _version_rows(m: Material) -> list[dict[str, Any]]:
    """Readable files of a known unit that wait for a decision."""
    rows = []
    for f in m.filed:
        if f.unit is None or f.state != "held":
            continue
        why = next((x for x in asked(m, "versions") if x.file == f.arrival.path), None)
        what = message(why, m, own=False, desk=True) if why else ""
        forms = list(dict.fromkeys(t.form for t in f.document.tables))
        first = m.book.forms.get(forms[0]) if forms else None
        count = sum(
            len(t.rows) for t in f.document.tables if first and (t.form, t.resource) == (first.name, first.main.name)
        )
        shown = {
            "unit_name": m.unit_name(f.unit),
            "form": " ".join(forms),
            "file": f.arrival.path,
            "received": f.arrival.received,
            "rows": count,
            "difference": what,
        }
        rows.append(line(m, "versions", file_id(f.arrival.sha256), shown))
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
    """One line per declared transfer whose paper slip is awaited; then slips that came and are declared no more."""
    rank = {code: i for i, code in enumerate(m.units)}
    slips = sorted((s for s in m.declared if s.current), key=lambda s: rank.get(s.unit, len(rank)))
    rows = [_slip_row(m, s) for s in slips]
    return [*rows, *answered(m, "slips", {r["number"] for r in rows})]


def _slip_row(m: Material, slip: Slip) -> dict[str, Any]:
    get = slip.row.get
    shown = {
        "unit_code": slip.unit,
        "unit_name": m.unit_name(slip.unit),
        "remit_date": get("remit_date"),
        "amount": get("amount"),
        "slip_no": str(get("slip_no") or ""),
        "delivered": None,
    }
    return line(m, "slips", slip.target, shown, also=slip.file)


def _other_rows(m: Material, used: set[str]) -> list[dict[str, Any]]:
    """Decisions whose line is on no other sheet any more, then blank lines to write on. What stands in the workbook of
    exceptions stays there."""
    sent = m.words["decision_kinds"]["sent"]
    kept = [d for d in laid_down(m) if d.number not in used and d.kind != sent and d.register != EXCEPTIONS]
    rows = [{"number": d.number, "kind": d.kind, "target": d.written or d.target, **written(d, m)} for d in kept]
    blanks = range(len(rows) + 1, len(rows) + 1 + BLANK_ROWS)
    return [
        *rows,
        *(
            {
                "number": f"{m.words['desk_numbers']['other']}{m.run.night}-{n:02}",
                "kind": "",
                "target": "",
                **written(None, m),
            }
            for n in blanks
        ),
    ]
