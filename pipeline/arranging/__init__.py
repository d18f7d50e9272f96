"""Which delivery counts: documents with their units in, Filed deliveries (adopted, superseded, held …) and findings out.

Definitions: contract.md 3 "Deliveries and versions"; season.md 3 "A newer file never loses people silently".
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.arranging.versions import VERSION_RULES, Slot, Will, fold, forms_of, on_file, orders
from pipeline.model import Arrival, Document, Filed, Finding, Office, Place, file_id

UNREADABLE = {"rejected", "encrypted", "not-a-workbook"}
SILENT = {"superseded", "duplicate", "withdrawn"}  # what such a delivery says stays with the night that heard it
WHOSE = {"WBK-008", "WBK-009", "XRG-001"}  # questions that a claim by the office answers
CONFLICT = "WBK-009"
NOTHING = hashlib.sha256(b"").hexdigest()
RANK = ("adopted", "held", "unreadable", "superseded", "duplicate", "attachment", "withdrawn", "ignored")


@dataclass(frozen=True, slots=True)
class Named:
    """A document with the unit its reader found for it (None = nobody can tell), and what identification noticed."""

    arrival: Arrival
    document: Document
    unit: str | None
    by: str = ""
    findings: tuple[Finding, ...] = ()


def nothing_named(_: str) -> Collection[str]:
    return ()


def arrange(
    named: Sequence[Named],
    office: Office,
    kinds: Mapping[str, str],
    forms_named: Callable[[str], Collection[str]] = nothing_named,
) -> tuple[tuple[Filed, ...], tuple[Finding, ...]]:
    """Every delivery gets exactly one state. `named` in arrival order, a zip before its members; `kinds`: our word for a
    decision -> the office's; `forms_named`: the forms a path names, for files nobody could open.

    A file's own findings (reading, identification) go on only while the file speaks for its unit: those of
    superseded, duplicate, withdrawn and ignored deliveries stay with the night that found them.
    """
    will = orders(office.decisions, kinds, {u.code: frozenset((u.code, u.name, u.short)) for u in office.units})
    units = {u.code for u in office.units}
    parcels = {_delivery(n.arrival, n.arrival.path): file_id(n.arrival.sha256) for n in named if n.document.members}
    filed = [_first_state(n, will, units, _ids(n.arrival, parcels)) for n in named]
    filed, repeats = _duplicates(filed)
    slots, notices = _versions(filed, will, {_version(n.arrival) for n in named if _is_doubtful(n)})
    filed = _answered([_by_slots(f, slots) for f in filed], forms_named)
    filed = _containers(filed)
    waiting = {(f.arrival.path, f.arrival.sha256) for f in filed if f.state in {"held", "adopted"}}
    notices = [n for n in notices if n.rule not in VERSION_RULES or (n.file, n.sha256) in waiting]
    found = [*repeats, *notices, *_own_findings(named, filed), *_attachments(filed), *_gone(filed)]
    return tuple(filed), tuple(found)


def _delivery(arrival: Arrival, path: str) -> tuple[str, int, int]:
    return path, arrival.night, arrival.order


def _ids(arrival: Arrival, parcels: Mapping[tuple[str, int, int], str]) -> list[str]:
    """The file's own id, then those of the zips it came in, the nearest first: what is decided of a zip goes for all in it."""
    ids, path = [file_id(arrival.sha256)], arrival.path
    while "!" in path:
        path = _zip_of(path)
        ids += [parcels[spot]] if (spot := _delivery(arrival, path)) in parcels else []
    return ids


def _first_state(n: Named, will: Will, units: Collection[str], ids: Sequence[str]) -> Filed:
    document = n.document
    claimed = next((will.claims[i] for i in ids if will.claims.get(i) in units), None)
    unit, by = (claimed, "decision") if claimed else (n.unit, n.by)
    if document.outcome == "ignored" or not will.withdrawn.isdisjoint(ids):
        state = "ignored" if document.outcome == "ignored" else "withdrawn"
    elif document.attachment:
        state = "attachment"
    elif document.outcome in UNREADABLE:
        state = "unreadable"
    else:
        state = "adopted" if unit and forms_of(document) else "held"
    return Filed(n.arrival, document, unit, by, state)


def _duplicates(filed: Sequence[Filed]) -> tuple[list[Filed], list[Finding]]:
    """The same bytes under another path are a resend (WBK-011): kept, told, not processed twice. What came again inside a
    renewed zip, unchanged at its place, is the same delivery and no news."""
    first: dict[str, Filed] = {}
    lying: dict[str, str] = {}
    resent: set[str] = set()
    out, found = [], []
    for f in filed:
        path, digest = f.arrival.path, f.arrival.sha256
        earlier, again = first.get(digest), lying.get(path) == digest
        lying[path] = digest
        if f.state in {"ignored", "withdrawn", "attachment"} or digest == NOTHING:
            out.append(f)  # two empty files have nothing in common but that
        elif earlier is None or not (again or (earlier.arrival.path != path and f.unit in {None, earlier.unit})):
            first[digest] = f
            out.append(f)
        else:
            out.append(replace(f, state="duplicate", same_as=earlier.arrival.path, unit=f.unit or earlier.unit))
            if not again and _zip_of(path) not in resent:
                found.append(on_file(f, "WBK-011", same=earlier.arrival.path))
            resent.add(path)
    return out, found


def _zip_of(path: str) -> str:
    return path.rpartition("!")[0]


def _version(arrival: Arrival) -> tuple[str, str]:
    return arrival.path, arrival.sha256


def _is_doubtful(n: Named) -> bool:
    """Its head says one unit, its name or marks another, and nothing settles it: it may not displace a version that is sure."""
    return any(f.rule == CONFLICT and f.severity is None for f in n.findings)


def _versions(
    filed: Sequence[Filed], will: Will, doubtful: Collection[tuple[str, str]]
) -> tuple[dict[tuple[str, str], Slot], list[Finding]]:
    groups: dict[tuple[str, str], list[Filed]] = defaultdict(list)
    for f in filed:
        if f.state == "adopted" and f.unit:
            for form in sorted(forms_of(f.document)):
                groups[f.unit, form].append(f)
    slots: dict[tuple[str, str], Slot] = {}
    found: list[Finding] = []
    for (unit, form), candidates in groups.items():
        decided = will.chosen.keys() | will.replacing | will.added
        sure = [
            f
            for f in candidates
            if _version(f.arrival) not in doubtful or f.unit_by == "decision" or file_id(f.arrival.sha256) in decided
        ]
        slots[unit, form], notices = fold(form, sure or candidates, will)
        slots[unit, form].held += [f for f in candidates if sure and not any(f is s for s in sure)]
        found += notices
    return slots, _once(found)


def _by_slots(f: Filed, slots: Mapping[tuple[str, str], Slot]) -> Filed:
    if f.state != "adopted":
        return f
    mine = [(form, slots[f.unit or "", form]) for form in forms_of(f.document)]
    current = frozenset(form for form, slot in mine if any(c is f for c in slot.current))
    if current:
        return replace(f, current=current)
    held = any(h is f for _, slot in mine for h in slot.held)
    return replace(f, state="held" if held else "superseded")


def _answered(filed: Sequence[Filed], forms_named: Callable[[str], Collection[str]]) -> list[Filed]:
    """What waits or could not be opened is answered once its path holds newer readable bytes; a file of no unit also where
    the same bytes came again from a known place; a file nobody could open also by a later delivery of its unit (and form,
    where its name tells one) that is adopted."""
    return [
        replace(f, state="superseded") if _is_answered(f, filed[i + 1 :], forms_named) else f
        for i, f in enumerate(filed)
    ]


def _is_answered(f: Filed, later: Sequence[Filed], forms_named: Callable[[str], Collection[str]]) -> bool:
    if f.state not in {"unreadable", "held"}:
        return False
    if any(
        g.arrival.path == f.arrival.path and g.document.outcome == "readable" and g.state != "withdrawn" for g in later
    ):
        return True
    if f.unit is None:
        return any(g.arrival.sha256 == f.arrival.sha256 != NOTHING and g.unit for g in later)
    if f.state == "held" and forms_of(f.document):
        return False
    meant = set(forms_named(f.arrival.path))
    return any(
        g.unit == f.unit
        and g.arrival.night > f.arrival.night
        and g.state == "adopted"
        and (not meant or meant & g.current)
        for g in later
    )


def _containers(filed: Sequence[Filed]) -> list[Filed]:
    """A zip is what the best of its members is; a zip nobody could open stays what it is."""
    inside: dict[str, set[str]] = defaultdict(set)
    for f in filed:
        if "!" in f.arrival.path:
            inside[f"{_zip_of(f.arrival.path)}|{f.arrival.night}|{f.arrival.order}"].add(f.state)
    out = []
    for f in filed:
        states = inside.get(f"{f.arrival.path}|{f.arrival.night}|{f.arrival.order}", set())
        best = next((s for s in RANK if s in states), "ignored")
        settled = f.state in {"unreadable", "withdrawn", "duplicate", "ignored"} or not f.document.members
        out.append(f if settled else replace(f, state=best))
    return out


def _own_findings(named: Sequence[Named], filed: Sequence[Filed]) -> Iterable[Finding]:
    for n, f in zip(named, filed, strict=True):
        if f.state in SILENT:
            continue
        mine = [x for x in n.document.findings if _speaks(x, f)]
        mine += [x for x in n.findings if not (f.unit_by == "decision" and x.rule in WHOSE)]
        yield from (replace(x, unit=f.unit, file=f.arrival.path, sha256=f.arrival.sha256) for x in mine)


def _speaks(finding: Finding, f: Filed) -> bool:
    """Rows of a version that does not count for its unit are nobody's to mend yet."""
    if f.state == "held":
        return not (finding.row and f.document.tables)
    return not (finding.form in forms_of(f.document) and finding.form not in f.current) or f.state != "adopted"


def _attachments(filed: Sequence[Filed]) -> Iterable[Finding]:
    """One line per unit: how many attachments came with its forms (WBK-024). What came under a form's name has a line of
    its own."""
    by_unit: dict[str | None, list[Filed]] = defaultdict(list)
    for f in filed:
        if f.state == "attachment" and not f.document.members and not f.document.findings:
            by_unit[f.unit].append(f)
    for files in by_unit.values():
        others = tuple(Place(f.unit, f.arrival.path) for f in files[1:])
        yield replace(on_file(files[0], "WBK-024", n=str(len(files))), related=others)


def _gone(filed: Sequence[Filed]) -> Iterable[Finding]:
    """WBK-023: what still counts, waits or asks for an answer, but lies in the inbox no more; a zip is told once."""
    counts = {"adopted", "held", "unreadable"}
    return [
        on_file(f, "WBK-023")
        for f in filed
        if f.state in counts and not f.arrival.present and "!" not in f.arrival.path
    ]


def _once(findings: Iterable[Finding]) -> list[Finding]:
    """A file of two forms is asked about once."""
    seen, out = set(), []
    for f in findings:
        if (f.rule, f.file, f.sha256) not in seen:
            seen.add((f.rule, f.file, f.sha256))
            out.append(f)
    return out
