"""Findings in, settled findings out: a stable id, a life across nights, a number for the unit, and their wording.

Definitions: contract.md 3 "Finding id" and "Life"; season.md 4 (flood brake), 5 (numbers that never change).
"""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from pipeline.book.spec import Book, Rule
from pipeline.cells.ids import id_key
from pipeline.cells.text import name_key
from pipeline.masking import mask_text
from pipeline.model import EMPTY, Finding, Life, Past, Row, Table, fill

OPEN = {"new", "persisting", "reopened"}
CLOSED = frozenset({"waived", "explained", "fixed"})


@dataclass(frozen=True, slots=True)
class Tonight:
    """What settling needs of the night: its number and date, the home's secret, and what the past showed."""

    night: int
    as_of: date
    secret: bytes
    past: Past
    shown: Mapping[str, Mapping[str, object]] = EMPTY  # id -> last night's findings.json entry, for what is now fixed
    ruled: Callable[[Sequence[Finding]], list[Finding]] = list  # what the office and the schools say of the findings


def settle(
    findings: Sequence[Finding], tables: Iterable[tuple[str, Table]], book: Book, tonight: Tonight
) -> tuple[Finding, ...]:
    """`tables`: (file, table) of every document read. Open findings, then those fixed this night (once), in order.

    Sorted by (unit, file, sheet, row, rule, field, id), absent first.
    """
    return living(identified(findings, tables, book, tonight.secret), book, tonight)


def identified(
    findings: Sequence[Finding], tables: Iterable[tuple[str, Table]], book: Book, secret: bytes
) -> tuple[Finding, ...]:
    """The findings, each once, with their ids: what they are about and the secret decide them, the past does not."""
    listed = list(tables)
    spots = {(f.file or "", f.sheet or "") for f in findings}
    rows = {
        (file, t.sheet, r.number): (t, r)
        for file, t in listed if (file, t.sheet) in spots
        for r in (*t.rows, *t.totals)
    }  # fmt: skip
    suffix = str(book.words.get("returns", {}).get("suffix", ""))
    return tuple(_keyed(_distinct(findings), _keys(rows, _numbers(listed), book), secret, suffix))


def living(findings: Sequence[Finding], book: Book, tonight: Tonight) -> tuple[Finding, ...]:
    """Findings with ids -> as `settle` gives them."""
    settled = [_alive(f, book.rules[f.rule], tonight) for f in findings]
    settled = tonight.ruled(_numbered(sorted(settled, key=sort_key), tonight.past))
    return (*settled, *_fixed(settled, tonight))


def sort_key(f: Finding) -> tuple[tuple[bool, object], ...]:
    parts = (f.unit, f.file, f.sheet, f.row, f.rule, f.field, f.id)
    return tuple((p is not None, p if p is not None else "") for p in parts)


def _distinct(findings: Sequence[Finding]) -> list[Finding]:
    """The same rule on the same cell with the same value is one finding, whoever noticed it first."""
    seen: set[tuple[object, ...]] = set()
    out = []
    for f in findings:
        mark = (
            f.rule,
            f.unit,
            f.form,
            f.file,
            f.sheet,
            f.row,
            f.col,
            f.field,
            f.value,
            f.new_value,
            f.key,
            tuple(f.facts.items()),
        )
        if mark not in seen:
            seen.add(mark)
            out.append(f)
    return out


Spot = tuple[str, str, int]  # file, sheet, row
Numbers = Mapping[tuple[str, str, str], str]  # file, form, name key -> normalised id number


def _keyed(
    findings: Sequence[Finding], keys: Callable[[Spot], str | None], secret: bytes, suffix: str
) -> list[Finding]:
    ordinal: Counter[str] = Counter()
    out = []
    for f in findings:
        text = "|".join([f.rule, f.unit or "", f.form or "", f.sheet or "", key_of(f, keys, suffix), f.field or ""])
        ordinal[text] += 1
        digest = hmac.new(secret, f"{text}|{ordinal[text]}".encode(), hashlib.sha256).hexdigest()
        out.append(replace(f, id=digest[:12]))
    return out


def key_of(f: Finding, keys: Callable[[Spot], str | None], suffix: str = "") -> str:
    """What the finding is about, independent of the row it stands in (contract.md 3). `suffix`: what we add to the name of
    a marked copy, which is the same file when it comes back, in whatever folder."""
    if f.key is not None:
        return f.key
    key = keys((f.file or "", f.sheet or "", f.row or 0))
    return key if key is not None else f.field or _own_name(f.file or "", suffix)


def _own_name(path: str, suffix: str) -> str:
    """A file's name as its school gave it: without folders, ending, long numbers and our suffix."""
    name = path.replace("!", "/").rpartition("/")[2]
    stem = mask_text(name.rpartition(".")[0] or name)
    while suffix and stem.endswith(suffix):
        stem = stem.removesuffix(suffix)
    return stem


def _keys(rows: Mapping[Spot, tuple[Table, Row]], numbers: Numbers, book: Book) -> Callable[[Spot], str | None]:
    def key(spot: Spot) -> str | None:
        return _row_key(*rows[spot], spot[0], numbers, book) if spot in rows else None

    return key


def _numbers(tables: Iterable[tuple[str, Table]]) -> Numbers:
    """Whose row it is on a sheet that repeats only the names of its form's main sheet; a name borne by two is nobody's."""
    found: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for file, t in tables:
        for r in t.rows if "id_number" in t.columns else ():
            found[file, t.form, name_key(str(r.get("name") or ""))].add(id_key(str(r.get("id_number") or "")))
    return {spot: next(iter(ids)) for spot, ids in found.items() if len(ids) == 1 and ids != {""}}


def _row_key(table: Table, row: Row, file: str, numbers: Numbers, book: Book) -> str:
    number = row.get("id_number") or ""
    if number:
        return id_key(str(number))
    name = name_key(str(row.get("name") or row.get("staff_name") or ""))
    if not {"id_number", "id_tail"} & table.columns.keys() and (file, table.form, name) in numbers:
        return f"{numbers[file, table.form, name]}+{row.get('member_name') or ''}".rstrip("+")
    extra = str(row.get("birth_month") or row.get("mobile") or "")
    if name and extra:
        return f"{name}+{extra}"
    resource = book.resource(table.form, table.resource)
    own = "+".join(
        str(row.get(field) or row.raw.get(field, "")) for field in (resource.primary_key if resource else ())
    )
    other = "+".join(str(row.get(field) or row.raw.get(field, "")) for field in (resource.key_else if resource else ()))
    return own.strip("+") or other.strip("+") or name or f"row{row.number}"


def _alive(f: Finding, rule: Rule, tonight: Tonight) -> Finding:
    life = tonight.past.lives.get(f.id)
    now = (tonight.night, tonight.as_of.isoformat())
    status = "new" if life is None else "persisting" if life.open else "reopened"
    facts = f.said
    return replace(
        f,
        status=status,
        number=life.number if life else None,
        first_seen=life.first if life else now,
        last_seen=now,
        severity=f.severity or rule.severity,
        cure=f.cure or rule.cure,
        holds=f.holds or rule.holds,
        message=fill(rule.message, facts),
        remedy=fill(rule.remedy, facts),
    )


def _numbered(findings: Sequence[Finding], past: Past) -> list[Finding]:
    """第n条: numbers once given stay; new findings continue the unit's count."""
    top: dict[str, int] = defaultdict(int)
    for life in past.lives.values():
        top[life.unit] = max(top[life.unit], life.number)
    out = []
    for f in findings:
        top[f.unit or ""] += f.number is None
        out.append(f if f.number is not None else replace(f, number=top[f.unit or ""]))
    return out


def _fixed(settled: Sequence[Finding], tonight: Tonight) -> list[Finding]:
    """Findings open last night and gone now, told once, from what last night showed of them."""
    here = {f.id for f in settled}
    gone = [(i, life) for i, life in tonight.past.lives.items() if life.open and i not in here]
    return sorted((_as_fixed(i, life, tonight) for i, life in gone), key=sort_key)


def _as_fixed(id_: str, life: Life, tonight: Tonight) -> Finding:
    shown = tonight.shown.get(id_, {})
    text = {k: str(v) if v is not None else "" for k, v in shown.items()}
    return Finding(
        rule=text.get("rule", ""), unit=text.get("unit") or life.unit or None, form=text.get("form") or None,
        file=text.get("file") or None, sha256=text.get("sha256") or None, sheet=text.get("sheet") or None,
        field=text.get("field") or None, title=text.get("title") or None, value=text.get("value", ""),
        new_value=text.get("new_value", ""), severity=text.get("severity") or None, cure=text.get("cure") or None,
        holds="none", id=id_, status="fixed", number=life.number, first_seen=life.first, last_seen=life.last,
        message=text.get("message", ""), remedy=text.get("remedy", ""),
    )  # fmt: skip


def active(f: Finding) -> bool:
    """Open, and neither waived nor explained."""
    return f.status not in CLOSED


def floods(findings: Iterable[Finding], book: Book, due_units: int, released: frozenset[str]) -> dict[str, int]:
    """Rules the flood brake keeps out of school papers -> how many units they hit (season.md 4).

    From 10 due units on, a register, calendar or money rule hitting more than 30 % of them is likelier a fault of the
    registers or of the calendar than of the schools.
    """
    hit: dict[str, set[str]] = defaultdict(set)
    for f in findings:
        if active(f) and f.unit and book.rules[f.rule].scope in {"register", "calendar", "money"}:
            hit[f.rule].add(f.unit)
    if due_units < 10:
        return {}
    return {
        rule: len(units) for rule, units in sorted(hit.items()) if len(units) > 0.3 * due_units and rule not in released
    }
