"""Which delivery counts: documents with their units in, Filed deliveries (adopted, superseded, held …) and findings out.

Definitions: contract.md 3 "Deliveries and versions"; season.md 3 "A newer file never loses people silently".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from pipeline.cells.ids import id_key
from pipeline.cells.text import name_key
from pipeline.model import Arrival, Decision, Document, Entry, Filed, Finding, Office, Place, Row

CLAIM, WITHDRAW, CHOOSE, REPLACE, ADD, DEPART = "claim", "withdraw", "choose", "replace", "add", "departure"
UNREADABLE = {"rejected", "encrypted", "not-a-workbook"}


@dataclass(frozen=True, slots=True)
class Named:
    """A document with the unit its reader found for it (None = nobody can tell), and what identification noticed."""

    arrival: Arrival
    document: Document
    unit: str | None
    by: str = ""
    findings: tuple[Finding, ...] = ()


@dataclass(slots=True)
class _Slot:
    """The versions of one unit and form, folded in order."""

    current: list[Filed] = field(default_factory=list)
    older: list[Filed] = field(default_factory=list)
    held: list[Filed] = field(default_factory=list)


def arrange(named: Sequence[Named], office: Office, kinds: Mapping[str, str]) -> tuple[tuple[Filed, ...], tuple[Finding, ...]]:
    """Every delivery gets exactly one state. `named` in arrival order; `kinds`: our word for a decision -> the office's.

    A file's own findings (reading, identification) go on only while the file speaks for its unit: those of
    superseded, duplicate, withdrawn and ignored deliveries stay with the night that found them.
    """
    decisions = _decisions(office.decisions, kinds)
    filed = [_first_state(n, decisions) for n in named]
    filed, repeats = _duplicates(filed)
    slots, notices = _versions(filed, decisions)
    filed = [_by_slots(f, slots) for f in filed]
    filed = _heal_unreadable(filed)
    found = [*repeats, *notices, *_own_findings(named, filed), *_attachments(filed), *_gone(filed)]
    return tuple(filed), tuple(found)


def file_id(sha256: str) -> str:
    """The short id of a file's bytes that the office sees and decides on."""
    return sha256[:12]


def _decisions(decisions: Iterable[Decision], kinds: Mapping[str, str]) -> Mapping[tuple[str, str], Decision]:
    """(our kind, file id) -> the decision in force."""
    ours = {word: kind for kind, word in kinds.items()}
    return {(ours[d.kind], d.target.strip().lower()): d for d in decisions if d.kind in ours and not d.revoked}


def _first_state(n: Named, decisions: Mapping[tuple[str, str], Decision]) -> Filed:
    document, target = n.document, file_id(n.arrival.sha256)
    claim = decisions.get((CLAIM, target))
    unit, by = (claim.unit, "decision") if claim and claim.unit else (n.unit, n.by)
    if document.outcome == "ignored" or (WITHDRAW, target) in decisions:
        state = "ignored" if document.outcome == "ignored" else "withdrawn"
    elif document.attachment:
        state = "attachment"
    elif document.outcome in UNREADABLE:
        state = "unreadable"
    else:
        state = "adopted" if unit and document.tables or _says_nothing_to_report(document) and unit else "held"
    return Filed(n.arrival, document, unit, by, state)


def _says_nothing_to_report(document: Document) -> bool:
    return any(e.value is not None for e in document.declared.values())


def _duplicates(filed: Sequence[Filed]) -> tuple[list[Filed], list[Finding]]:
    """The same bytes under another path are a resend (WBK-011): kept, told, not processed twice."""
    first: dict[str, Filed] = {}
    out, found = [], []
    for f in filed:
        earlier = first.get(f.arrival.sha256)
        if f.state in {"ignored", "withdrawn", "attachment"} or earlier is None or earlier.arrival.path == f.arrival.path:
            if f.state not in {"ignored", "withdrawn"}:
                first[f.arrival.sha256] = f
            out.append(f)
            continue
        out.append(replace(f, state="duplicate", same_as=earlier.arrival.path, unit=f.unit or earlier.unit))
        found.append(_on_file(f, "WBK-011", same=earlier.arrival.path))
    return out, found


def forms_of(document: Document) -> frozenset[str]:
    """Forms this file reports on: recognised sheets, and those its cover declares to be empty."""
    declared = {form for form, entry in document.declared.items() if entry.value is not None}
    return frozenset({t.form for t in document.tables} | declared)


def _versions(filed: Sequence[Filed], decisions: Mapping[tuple[str, str], Decision]) -> tuple[dict[tuple[str, str], _Slot], list[Finding]]:
    groups: dict[tuple[str, str], list[Filed]] = defaultdict(list)
    for f in filed:
        if f.state == "adopted" and f.unit:
            for form in forms_of(f.document):
                groups[f.unit, form].append(f)
    slots, found = {}, []
    for (unit, form), candidates in groups.items():
        slots[unit, form], notices = _fold(form, sorted(candidates, key=_order), decisions)
        found += notices
    return slots, _once(found)


def _order(f: Filed) -> tuple[int, date, datetime, int]:
    """Arrival by night; within one night 填报日期, then the document's own modified property (contract.md 3)."""
    return (f.arrival.night, _fill_date(f), f.document.modified or datetime.min, f.arrival.order)


def _fill_date(f: Filed) -> date:
    entry = f.document.head.get("fill_date")
    return entry.value if isinstance(entry, Entry) and isinstance(entry.value, date) else date.min


def _fold(form: str, versions: Sequence[Filed], decisions: Mapping[tuple[str, str], Decision]) -> tuple[_Slot, list[Finding]]:
    slot, found = _Slot(), []
    chosen = [v for v in versions if (CHOOSE, file_id(v.arrival.sha256)) in decisions]
    for group in _tied(versions):
        if len(group) > 1 and not set(map(id, group)) & set(map(id, chosen)):
            slot.held += group
            found += [replace(_on_file(g, "WBK-022", n=str(len(group))), form=form) for g in group]
            continue
        pick = next((g for g in group if g in chosen), group[-1])
        slot.older += [g for g in group if g is not pick]
        found += _step(slot, pick, form, decisions)
    if chosen:
        _settle_choice(slot, chosen[-1])
    if len(slot.older) + len(slot.current) > 1 and slot.current and not chosen:
        found.append(replace(_on_file(slot.current[-1], "WBK-012", n=str(len(slot.older) + len(slot.current))), form=form))
    return slot, found


def _tied(versions: Sequence[Filed]) -> list[list[Filed]]:
    """Versions nothing tells apart stand in one group; equal content is no question and keeps the last."""
    groups: list[list[Filed]] = []
    for v in versions:
        if groups and _order(groups[-1][0])[:3] == _order(v)[:3] and v.arrival.path != groups[-1][-1].arrival.path:
            if content(groups[-1][-1].document) == content(v.document):
                groups[-1][-1] = v
            else:
                groups[-1].append(v)
        else:
            groups.append([v])
    return groups


def _step(slot: _Slot, new: Filed, form: str, decisions: Mapping[tuple[str, str], Decision]) -> list[Finding]:
    """One newer version: it supersedes, adds, or waits because it lacks people of the accepted one (SHT-023)."""
    target = file_id(new.arrival.sha256)
    if (ADD, target) in decisions:
        slot.current.append(new)
        return []
    lost = _lost_people(slot.current, new, form, decisions)
    if lost and (REPLACE, target) not in decisions and (CHOOSE, target) not in decisions:
        slot.held.append(new)
        return [replace(_on_file(new, "SHT-023", n=str(len(lost))), form=form)]
    slot.older += slot.current
    slot.current = [new]
    return []


def _settle_choice(slot: _Slot, chosen: Filed) -> None:
    everyone = [*slot.current, *slot.older, *slot.held]
    slot.current, slot.held = [chosen], []
    slot.older = [f for f in everyone if f is not chosen]


def content(document: Document) -> object:
    """What a document says, apart from its bytes: equal content is the same version saved twice."""
    tables = tuple((t.form, t.resource, tuple(tuple(sorted(r.raw.items())) for r in t.rows)) for t in document.tables)
    head = tuple(sorted((k, e.raw) for k, e in document.head.items()))
    declared = tuple(sorted((k, str(e.value)) for k, e in document.declared.items()))
    return tables, head, declared


def _people(filed: Iterable[Filed], form: str) -> dict[str, Row]:
    """id key (else name key) -> row, over the main person rows of the form."""
    people = {}
    for f in filed:
        for table in f.document.tables:
            if table.form == form and {"name", "id_number"} <= set(table.columns):
                for row in table.rows:
                    people[_person(row)] = row
    return people


def _person(row: Row) -> str:
    number = row.get("id_number")
    return id_key(str(number)) if number else "n:" + name_key(str(row.get("name") or row.raw.get("name", "")))


def _lost_people(current: Sequence[Filed], new: Filed, form: str, decisions: Mapping[tuple[str, str], Decision]) -> list[Row]:
    """People (M1) of the accepted version whom the newer one lacks without a 去向 for them."""
    before, after = _people(current, form), _people([new], form)
    names_open = {name_key(str(r.raw.get("name", ""))) for r in after.values() if not r.get("id_number")}
    gone = _departed(new) | {d.target for (kind, _), d in decisions.items() if kind == DEPART}
    lost = []
    for key, row in before.items():
        name = name_key(str(row.raw.get("name", "")))
        tail = str(row.get("id_number") or "")[-4:]
        if key not in after and name not in names_open and f"{name}{tail}" not in gone:
            lost.append(row)
    return lost


def _departed(filed: Filed) -> set[str]:
    """name key + last four signs of everybody whose 去向 this file states."""
    out = set()
    for table in filed.document.tables:
        if "destination" in table.columns:
            out |= {name_key(str(r.get("name") or "")) + str(r.get("id_tail") or "") for r in table.rows if r.get("destination")}
    return out


def _by_slots(f: Filed, slots: Mapping[tuple[str, str], _Slot]) -> Filed:
    if f.state != "adopted":
        return f
    mine = [(form, slots[f.unit or "", form]) for form in forms_of(f.document)]
    current = frozenset(form for form, slot in mine if any(c is f for c in slot.current))
    if current:
        return replace(f, current=current)
    held = any(h is f for _, slot in mine for h in slot.held)
    return replace(f, state="held" if held else "superseded")


def _heal_unreadable(filed: Sequence[Filed]) -> list[Filed]:
    """A file nobody could open is answered once its path holds newer readable bytes or its unit's later file is adopted."""
    out = []
    for i, f in enumerate(filed):
        later = filed[i + 1 :]
        answered = any(
            g.arrival.path == f.arrival.path and g.document.outcome == "readable" or (f.unit and g.unit == f.unit and g.state == "adopted" and g.arrival.night > f.arrival.night)
            for g in later
        )
        out.append(replace(f, state="superseded") if answered and (f.state == "unreadable" or f.state == "held" and not f.document.tables) else f)
    return out


def _own_findings(named: Sequence[Named], filed: Sequence[Filed]) -> Iterable[Finding]:
    for n, f in zip(named, filed, strict=True):
        if f.state in {"superseded", "duplicate", "withdrawn"}:
            continue
        claimed = f.unit_by == "decision"
        for finding in (*n.document.findings, *n.findings):
            if claimed and finding.rule in {"WBK-008", "WBK-009", "XRG-001"}:
                continue
            if finding.row and f.document.tables and (f.state == "held" or finding.form and finding.form not in f.current):
                continue  # rows of a version that does not speak for its unit
            yield replace(finding, unit=f.unit, file=f.arrival.path, sha256=f.arrival.sha256)


def _attachments(filed: Sequence[Filed]) -> Iterable[Finding]:
    """One line per unit: how many attachments came with its forms (WBK-024)."""
    by_unit: dict[str | None, list[Filed]] = defaultdict(list)
    for f in filed:
        if f.state == "attachment":
            by_unit[f.unit].append(f)
    for unit, files in by_unit.items():
        yield Finding("WBK-024", unit=unit, file=files[0].arrival.path, sha256=files[0].arrival.sha256, facts={"n": str(len(files))}, related=tuple(_place(f) for f in files[1:]))


def _gone(filed: Sequence[Filed]) -> Iterable[Finding]:
    return [_on_file(f, "WBK-023") for f in filed if f.state == "adopted" and not f.arrival.present]


def _on_file(f: Filed, rule: str, **facts: str) -> Finding:
    return Finding(rule, unit=f.unit, file=f.arrival.path, sha256=f.arrival.sha256, facts=facts)


def _place(f: Filed) -> Place:
    return Place(f.unit, f.arrival.path)


def _once(findings: Iterable[Finding]) -> list[Finding]:
    """A file of two forms is asked about once."""
    seen, out = set(), []
    for f in findings:
        if (f.rule, f.file) not in seen:
            seen.add((f.rule, f.file))
            out.append(f)
    return out
