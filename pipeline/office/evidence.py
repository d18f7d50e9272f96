"""A finding and the rows it is about in; what its evidence is, as keyed hashes by part, out.

Contract.md 3: decisions bind to their evidence. A part is what a reader would call it, so that a paper can say which changed:
id birth account household and (of the other rows it names) other_id …, then value: what the finding itself states.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.cells.ids import id_key
from pipeline.cells.text import fold, name_key
from pipeline.model import EMPTY, Finding, Row, Table

PARTS: Mapping[str, tuple[str, ...]] = {
    "id": ("id_number", "id_tail"),
    "birth": ("birth_month", "birth_date", "birth_year"),
    "account": ("account_no", "account_name", "bank"),
    "household": ("household_size", "marital", "children_in_study"),
}
HOUSEHOLD, ACCOUNT = "household", "account"
LATER = (ACCOUNT, "other_account")  # known only once somebody is paid
ASIDE = (*LATER, "value")  # no change where one side has none: not known yet, or not asked any more
MEMBERS, OWNER, MEMBER = "members", "staff_name", ("member_name", "relation", "member_id")
# what a message says of rows, days and sheets moves without anything having changed
MOVING = frozenset(
    {
        "r1",
        "r2",
        "row",
        "line",
        "file",
        "same",
        "sheet",
        "cell",
        "since",
        "until",
        "deadline",
        "unit",
        "form",
        "says",
        "grade",
        "likely",
    }
)
SLOT, WHO = "slot", "who"  # what is asked, and of whom: a person whose number was mended stands under another finding
OTHER = "other_"
ORDER = (*PARTS, *(OTHER + part for part in PARTS), "value")
APART, LENGTH = "\x1f", 16

Line = tuple[str, Table, Row]
Rows = Mapping[tuple[str, str, int], Line]
Person = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class _Index:
    """`people`: (file, form, name key) -> rows that bear a number; `households`: likewise -> their members as text."""

    rows: Rows
    people: Mapping[Person, list[Line]]
    households: Mapping[Person, list[str]]
    accounts: Mapping[tuple[str, str], list[str]]  # (name key, last four signs) -> accounts somebody is paid into


class Evidence:
    """Rows are looked up when they are first asked for: a night without decisions asks for none."""

    def __init__(
        self, tables: Callable[[], Iterable[tuple[str, Table]]], secret: bytes, alike: Mapping[str, str] = EMPTY
    ) -> None:
        """`alike`: rule -> the rule that asks the same question (two rows, one person?) in its stead."""
        self._tables, self._secret, self.alike = tables, secret, alike
        self._known: _Index | None = None

    def of(self, f: Finding) -> dict[str, str]:
        """part -> keyed hash, and `slot` and `who`; a part nothing is stated for is left out."""
        index = self._index()
        own = [o for n in f.rows or (f.row or 0,) for o in _lines(index, f.file, f.sheet, n)]
        others = [o for p in f.related for o in _lines(index, p.file, p.sheet, p.row)]
        said = {part: _said(own, names, part, index) for part, names in PARTS.items()}
        said |= {OTHER + part: _said(others, names, part, index) for part, names in PARTS.items()}
        facts = (f"{k}={v}" for k, v in sorted(f.facts.items()) if k not in MOVING)
        if f.rule not in self.alike:  # whether two rows are one person rests on the rows, not on how a rule puts it
            said["value"] = APART.join([_value(f, index), *facts])
        slot = self._slot(f)
        names = sorted({name_key(_name(row)) for _, _, row in own} - {""})
        said |= {SLOT: slot, WHO: APART.join((slot, *names)) if names else ""}
        return {part: self._hash(part, text) for part, text in said.items() if text.strip(APART)}

    def projects(self, f: Finding) -> int:
        """How many different projects the rows it names ask for."""
        index = self._index()
        places = [(f.file, f.sheet, f.row or 0), *((p.file, p.sheet, p.row) for p in f.related)]
        rows = [row for file, sheet, n in places for _, _, row in _lines(index, file, sheet, n)]
        return len({str(r.get("aid_type") or "") for r in rows})

    def slot(self, f: Finding) -> str:
        """What is asked, whoever it is asked of; cheap."""
        return self._hash(SLOT, self._slot(f))

    def _slot(self, f: Finding) -> str:
        rule = self.alike.get(f.rule, "")
        return APART.join((rule or f.rule, f.unit or "", f.form or "", f.sheet or "", "" if rule else f.field or ""))

    def _index(self) -> _Index:
        if self._known is None:
            self._known = _indexed(self._tables())
        return self._known

    def _hash(self, part: str, text: str) -> str:
        data = f"evidence|{part}|{text}".encode("utf-8", "surrogatepass")
        return hmac.new(self._secret, data, hashlib.sha256).hexdigest()[:LENGTH]


def _indexed(tables: Iterable[tuple[str, Table]]) -> _Index:
    rows = {(file, t.sheet, r.number): (file, t, r) for file, t in tables for r in t.rows}
    people: dict[Person, list[Line]] = defaultdict(list)
    households: dict[Person, list[str]] = defaultdict(list)
    for file, t, r in rows.values():
        person = (file, t.form, name_key(_name(r)))
        if t.resource == MEMBERS:
            households[person].append(APART.join(_normal(n, r) for n in MEMBER))
        elif r.get("id_number"):
            people[person].append((file, t, r))
    accounts: dict[tuple[str, str], set[str]] = defaultdict(set)
    for _, t, r in rows.values():
        if PARTS[ACCOUNT][0] in t.columns and (number := _normal(PARTS[ACCOUNT][0], r)):
            accounts[_name_tail(r)].add(number)
    return _Index(
        rows,
        people,
        {person: sorted(found) for person, found in households.items()},
        {person: sorted(found) for person, found in accounts.items()},
    )


def _name_tail(row: Row) -> tuple[str, str]:
    return name_key(_name(row)), (str(row.get("id_tail") or "") or str(row.get("id_number") or "")[-4:]).upper()


def _lines(index: _Index, file: str | None, sheet: str | None, number: int) -> list[Line]:
    """The row; on a sheet that repeats only names also the one row of that person which bears the number."""
    line = index.rows.get((file or "", sheet or "", number))
    if line is None:
        return []
    _, table, row = line
    if {"id_number", "id_tail"} & table.columns.keys():
        return [line]
    whole = index.people.get((file or "", table.form, name_key(_name(row))), [])
    return [line, *whole] if len(whole) == 1 else [line]


def _said(lines: Iterable[Line], names: tuple[str, ...], part: str, index: _Index) -> str:
    """What these rows state for one part, in an order that does not depend on where they stand."""
    told = set()
    for file, table, row in lines:
        words = [_normal(name, row) for name in names]
        if part == HOUSEHOLD:
            words += index.households.get((file, table.form, name_key(_name(row))), [])
        if part == ACCOUNT and not any(words):
            words = index.accounts.get(_name_tail(row), [])
        told.add(APART.join(words))
    return APART.join(sorted(told))


def changed(was: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[str, ...]:
    """The parts that are not what they were, the weightiest first."""
    return tuple(
        p for p in ORDER if was.get(p, "") != now.get(p, "") and (p not in ASIDE or (was.get(p) and now.get(p)))
    )


def completed(was: Mapping[str, Any], now: Mapping[str, Any]) -> Mapping[str, Any]:
    """The evidence a decision is bound to, with what has become known of it since."""
    return {**{p: now[p] for p in LATER if p in now}, **was}


def _value(f: Finding, index: _Index) -> str:
    """The cell as typed where it could be, so that a blank more or another way to write a date is no change."""
    line = index.rows.get((f.file or "", f.sheet or "", f.row or 0))
    if f.field and line and (line[2].get(f.field) is not None or f.field in line[2].raw):
        return _normal(f.field, line[2])
    return APART.join((fold(f.value), fold(f.new_value)))


def _normal(name: str, row: Row) -> str:
    value: Any = row.get(name)
    if name in {"id_number", "member_id"} and value:
        return id_key(str(value))
    return fold(str(value)) if value is not None else fold(row.raw.get(name, ""))


def _name(row: Row) -> str:
    return next((str(v) for n in ("name", OWNER) if (v := row.get(n) or row.raw.get(n))), "")
