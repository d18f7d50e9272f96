"""The deliveries of one unit and form in; which of them is current, which are older, which wait for the office, out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby

from pipeline.cells.ids import id_key
from pipeline.cells.text import name_key
from pipeline.model import EMPTY, Decision, Document, Entry, Filed, Finding, Row, Table, file_id

CLAIM, WITHDRAW, CHOOSE, REPLACE, ADD, DEPART = "claim", "withdraw", "choose", "replace", "add", "whereabouts"
SAME = "same"
TIED, SHORTER, SEVERAL = "WBK-022", "SHT-023", "WBK-012"
VERSION_RULES = {TIED, SHORTER}  # questions that end when the file no longer waits
DESTINATION = "destination"  # the 去向 of a person of last year's list


@dataclass(frozen=True, slots=True)
class Will:
    """The office's decisions about files, by file id. `chosen`: the day from which a version is the one that counts.

    `departed`: name key + last four signs of people whose 去向 the office wrote down. `kept`: likewise, of one person two units
    reported -> the unit that keeps the application."""

    claims: Mapping[str, str] = EMPTY
    withdrawn: frozenset[str] = frozenset()
    chosen: Mapping[str, date] = EMPTY
    replacing: frozenset[str] = frozenset()
    added: frozenset[str] = frozenset()
    departed: frozenset[str] = frozenset()
    kept: Mapping[str, str] = EMPTY


@dataclass(slots=True)
class Slot:
    """The versions of one unit and form, folded in order."""

    current: list[Filed] = field(default_factory=list)
    older: list[Filed] = field(default_factory=list)
    held: list[Filed] = field(default_factory=list)


def orders(
    decisions: Iterable[Decision], kinds: Mapping[str, str], names: Mapping[str, frozenset[str]] = EMPTY
) -> Will:
    """`kinds`: our word for a decision -> the office's; `names`: unit -> what a sheet may call it."""
    by_kind: dict[str, list[Decision]] = {word: [] for word in kinds}
    ours = {word: kind for kind, word in kinds.items()}
    for d in decisions:
        if d.kind in ours and not d.revoked:
            by_kind[ours[d.kind]].append(d)

    def files(kind: str) -> frozenset[str]:
        return frozenset(_target(d) for d in by_kind.get(kind, ()))

    gone = (d.extra for d in by_kind.get(DEPART, ()) if d.extra.get(DESTINATION))
    return Will(
        claims={_target(d): d.unit for d in by_kind.get(CLAIM, ()) if d.unit},
        withdrawn=files(WITHDRAW),
        chosen={_target(d): d.on or date.max for d in by_kind.get(CHOOSE, ())},
        replacing=files(REPLACE),
        added=files(ADD),
        departed=frozenset(_name_tail(e.get("name"), e.get("id_tail")) for e in gone),
        kept={
            _name_tail(d.extra.get(f"name_{side}"), str(d.extra.get(f"number_{side}") or "")[-4:]): d.unit
            for d in by_kind.get(SAME, ())
            if {str(d.extra.get("unit_a")), str(d.extra.get("unit_b"))} & names.get(d.unit, frozenset())
            for side in ("a", "b")
        },
    )


def _target(d: Decision) -> str:
    return d.target.strip().lower()


def forms_of(document: Document) -> frozenset[str]:
    """Forms this file reports on: recognised sheets, and those its cover declares to be empty."""
    declared = {form for form, entry in document.declared.items() if entry.value is not None}
    return frozenset({t.form for t in document.tables} | declared)


def on_file(f: Filed, rule: str, **facts: str) -> Finding:
    return Finding(rule, unit=f.unit, file=f.arrival.path, sha256=f.arrival.sha256, facts=facts)


def fold(form: str, versions: Sequence[Filed], will: Will) -> tuple[Slot, list[Finding]]:
    """Newer supersedes older, night by night. A version the office chose stands for all received up to that day."""
    slot, found = Slot(), []
    picked = [(will.chosen[i], n, v) for n, v in enumerate(versions) if (i := file_id(v.arrival.sha256)) in will.chosen]
    if picked:
        day, _, chosen = max(picked, key=lambda p: p[:2])
        others = [v for v in versions if v is not chosen]
        slot = Slot([chosen], [v for v in others if v.arrival.received <= day])
        versions = [v for v in others if v.arrival.received > day]
    seen = [*slot.older, *slot.current]
    for _, several in groupby(versions, key=lambda v: v.arrival.night):
        for group in _tied(list(several)):
            seen += group
            if len(group) > 1:
                slot.held += group
                found += [replace(on_file(g, TIED, n=str(len(group))), form=form) for g in group]
            else:
                found += _step(slot, group[0], form, will)
    kinds = len({content(v.document, form) for v in seen})
    if kinds > 1 and slot.current and not picked and len(slot.current) + len(slot.held) < kinds:
        found.append(replace(on_file(slot.current[-1], SEVERAL, n=str(kinds)), form=form))
    return slot, found


def _tied(several: Sequence[Filed]) -> list[list[Filed]]:
    """The versions of one night in order of 填报日期, then of the document's own modified property. What nothing tells
    apart stands in one group; equal content is no question and the last one speaks."""

    def rank(v: Filed) -> tuple[str, str]:
        day, moment = _fill_date(v), v.document.modified
        return day.isoformat() if dated and day else "", moment.isoformat() if stamped and moment else ""

    dated, stamped = all(_fill_date(v) for v in several), all(v.document.modified for v in several)
    groups = []
    for _, equal in groupby(sorted(several, key=rank), key=rank):
        distinct: dict[object, Filed] = {}
        for v in equal:
            distinct.pop(content(v.document), None)
            distinct[content(v.document)] = v
        groups.append(list(distinct.values()))
    return groups


def _fill_date(f: Filed) -> date | None:
    entry = f.document.head.get("fill_date")
    return entry.value if isinstance(entry, Entry) and isinstance(entry.value, date) else None


def _step(slot: Slot, new: Filed, form: str, will: Will) -> list[Finding]:
    """One newer version: it supersedes, adds, or waits because it lacks people of the accepted one (SHT-023)."""
    target = file_id(new.arrival.sha256)
    if target in will.added:
        slot.current.append(new)
        return []
    lost = _lost(slot.current, new, form, will)
    if lost and target not in will.replacing:
        slot.held.append(new)
        return [replace(on_file(new, SHORTER, n=str(lost)), form=form)]
    moot = [h for h in slot.held if not _lost([h], new, form, will)]
    slot.older += [*slot.current, *moot]
    slot.held = [h for h in slot.held if not any(h is m for m in moot)]
    slot.current = [new]
    return []


def content(document: Document, form: str = "") -> object:
    """What a document says (of one form), apart from its bytes: equal content is the same version saved twice."""
    tables = tuple(
        (t.form, t.resource, tuple(tuple(sorted(r.raw.items())) for r in t.rows))
        for t in document.tables
        if form in {"", t.form}
    )
    head = tuple(sorted((k, e.raw) for k, e in document.head.items()))
    declared = tuple(sorted((k, str(e.value)) for k, e in document.declared.items() if form in {"", k}))
    return tables, head, declared


def _lost(current: Sequence[Filed], new: Filed, form: str, will: Will) -> int:
    """How many people (M1) of the accepted version the newer one lacks without a 去向 for them. Whoever stands there with
    the same number, or under the same name with a number that is new (a mended slip), is there."""
    before, after = list(_people(current, form)), list(_people([new], form))
    known, numbers = {number for _, number, _ in before if number}, {number for _, number, _ in after if number}
    renamed = Counter(name for name, number, _ in after if not number or number not in known)
    gone = _departed(new) | will.departed
    lost = 0
    for name, number, tail in before:
        if (number and number in numbers) or name + tail in gone:
            continue
        if will.kept.get(name + tail, new.unit) != new.unit:
            continue  # taken out because the office said which unit applies for him
        if renamed[name] > 0:
            renamed[name] -= 1
        else:
            lost += 1
    return lost


def _people(filed: Iterable[Filed], form: str) -> Iterable[tuple[str, str, str]]:
    """(name key, normalised id or name with last four signs, last four signs), each person once."""
    people: dict[tuple[str, str, str], None] = {}
    for f in filed:
        for row in (
            row for table in f.document.tables if table.form == form and _lists_people(table) for row in table.rows
        ):
            name, number = name_key(str(row.get("name") or row.raw.get("name", ""))), str(row.get("id_number") or "")
            tail = str(row.get("id_tail") or number[-4:]).upper()
            people[name, id_key(number) if number else (name + tail if tail else ""), tail] = None
    return people


def _lists_people(table: Table) -> bool:
    """Sheets that name the people a form is about; last year's list (去向) is not one."""
    return (
        "name" in table.columns
        and bool({"id_number", "id_tail"} & table.columns.keys())
        and DESTINATION not in table.columns
    )


def _departed(filed: Filed) -> set[str]:
    """name key + last four signs of everybody whose 去向 this file states."""
    tables = (t for t in filed.document.tables if DESTINATION in t.columns)
    return {_of_row(r) for t in tables for r in t.rows if r.get(DESTINATION)}


def _of_row(row: Row) -> str:
    return _name_tail(row.get("name") or row.raw.get("name"), row.get("id_tail"))


def _name_tail(name: object, tail: object) -> str:
    return name_key(str(name or "")) + str(tail or "").upper()
