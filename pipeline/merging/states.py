"""Deliveries, holds and the calendar in; the state of every unit and form (contract.md 3, the one list) out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from pipeline.book.spec import Book
from pipeline.merging.holding import Delivery, Held, cure_of, deliveries, is_open, severity_of
from pipeline.model import Filed, Finding, FormState, Office, Season, Sheet, Unit

SILENT = ("not_due", "missing", "overdue")


def form_states(
    sheets: Sequence[Sheet],
    filed: Sequence[Filed],
    findings: Sequence[Finding],
    held: Held,
    office: Office,
    book: Book,
    season: Season,
    as_of: date,
) -> dict[tuple[str, str], FormState]:
    """(unit, form) -> FormState for every unit of R1 (and every unit that sent something) and every form."""
    current: dict[tuple[str, str], list[Sheet]] = defaultdict(list)
    for sheet in sheets:
        current[sheet.unit, sheet.form].append(sheet)
    sent = _deliveries(filed, book, season)
    carried = {  # a head's fault concerns all it heads
        delivery: f.current
        for f in filed
        if f.state == "adopted"
        for delivery in deliveries(f.arrival.path, f.arrival.sha256)
    }
    noticed: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.unit and is_open(finding):
            for form in [finding.form] if finding.form else carried.get((finding.file or "", finding.sha256 or ""), ()):
                noticed[finding.unit, form].append(finding)
    approved = units_with_approval(office)
    known = {u.code: u for u in office.units}
    codes = [*known, *sorted({unit for unit, _ in (*current, *sent)} - set(known))]
    states: dict[tuple[str, str], FormState] = {}
    for code in codes:
        for form in book.forms:
            spot = (code, form)
            here, came, said = current.get(spot, []), sent.get(spot, []), noticed.get(spot, [])
            word = _state(known.get(code), form, here, came, said, held, book, season, as_of, code in approved)
            states[spot] = _agreed(
                _form_state(code, form, word, here, came, said, held, book, season), office, book, as_of
            )
    return states


def units_with_approval(office: Office) -> set[str]:
    """Codes of the units for which the working group has decided at least one grant."""
    return {str(row.get("unit_code")) for row in office.approvals if row.get("unit_code")}


def _deliveries(filed: Sequence[Filed], book: Book, season: Season) -> dict[tuple[str, str], list[Filed]]:
    """(unit, form) -> deliveries that concern it."""
    found: dict[tuple[str, str], list[Filed]] = defaultdict(list)
    for one in filed:
        if one.unit is None or one.state in {"attachment", "ignored", "withdrawn", "duplicate"}:
            continue
        document = one.document
        forms = {t.form for t in document.tables} | set(one.current) | set(document.marks.forms)
        forms |= {f.form for f in document.findings if f.form}
        for form in forms & set(book.forms) or _hinted(one, book, season):
            found[one.unit, form].append(one)
    return found


def _hinted(one: Filed, book: Book, season: Season) -> set[str]:
    """A file nobody could read: the form its path names, else every form whose stage was open when it came."""
    path = one.arrival.path
    named = {
        f.name
        for f in book.forms.values()
        if any(w in path for w in (f.name, f.title, *f.synonyms, *(r.title for r in f.resources)))
    }
    if named or one.state not in {"unreadable", "held"}:
        return named
    day = one.arrival.received
    return {f for s in season.stages if s.opens and s.opens <= day <= s.due for f in s.forms}


def _state(
    unit: Unit | None,
    form: str,
    here: Sequence[Sheet],
    came: Sequence[Filed],
    said: Sequence[Finding],
    held: Held,
    book: Book,
    season: Season,
    as_of: date,
    approved: bool,
) -> str:
    words: Mapping[str, str] = book.words["papers"]["states"]
    adopted = [f for f in came if f.state == "adopted" and form in f.current]
    if here or adopted:
        return words[_judged(form, here, adopted, said, held, book)]
    if any(f.state == "held" for f in came):
        return words["pending"]
    if any(f.state == "unreadable" for f in came):
        return words["unreadable"]
    return words[_silence(unit, form, season, as_of, approved)]


def _judged(
    form: str, here: Sequence[Sheet], adopted: Sequence[Filed], said: Sequence[Finding], held: Held, book: Book
) -> str:
    files = {(s.file, s.sha256) for s in here} | {(f.arrival.path, f.arrival.sha256) for f in adopted}
    wrong = set(book.words["papers"]["wrong_form_rules"])
    ids_of_wrong = {f.id or f.rule for f in said if f.rule in wrong}
    if any(set(held.file_by(*file)) & ids_of_wrong for file in files):
        return "wrong_form"
    if any(held.file_by(*file) for file in files) or _main_held(form, here, files, held, book):
        return "returned"
    zero = _is_zero(form, here, adopted, book.words["papers"]["declared_none"])
    main = book.forms[form].main.name  # last year's people are prefilled: they answer for nobody of this year
    empty = not any(s.table.rows for s in here if s.table.resource == main)
    if empty and not zero and book.forms[form].zero:
        return "returned"
    rows_held = any(held.by(s, row.number) for s in here for row in s.table.rows)
    to_fix = any(severity_of(f, book) == "error" and cure_of(f, book) == "R" for f in said)
    if rows_held or to_fix:
        return "partly"
    return "zero" if zero and empty else "passed"


def _main_held(form: str, here: Sequence[Sheet], files: set[Delivery], held: Held, book: Book) -> bool:
    main = book.forms[form].main.name
    if any(held.sheet_by(s) for s in here if s.table.resource == main):
        return True
    return any(held.part_by(*file, form, part) for file in files for part in (main, None))


def _is_zero(form: str, here: Sequence[Sheet], adopted: Sequence[Filed], none: str) -> bool:
    """The cover page or the sheet itself says there is nothing to report."""
    if any(s.table.zero for s in here):
        return True
    documents = [s.document for s in here] + [f.document for f in adopted]
    return any(d.declared[form].value == none for d in documents if form in d.declared)


def _silence(unit: Unit | None, form: str, season: Season, as_of: date, approved: bool) -> str:
    if unit is not None and unit.owes is not None and form not in unit.owes:
        return "exempt"
    stage = season.stage_of(form)
    if stage is None:
        return "not_due"
    opened = approved if stage.by_approval or stage.opens is None else as_of >= stage.opens
    if not opened:
        return "not_due"
    return "overdue" if as_of > stage.due else "missing"


def _form_state(
    code: str,
    form: str,
    word: str,
    here: Sequence[Sheet],
    came: Sequence[Filed],
    said: Sequence[Finding],
    held: Held,
    book: Book,
    season: Season,
) -> FormState:
    stage = season.stage_of(form)
    deadline = stage.due if stage else None
    used = [f for f in came if form in f.current] or list(came)
    received = min((f.arrival.received for f in used), default=None) or min((s.received for s in here), default=None)
    first = min((f.arrival.received for f in came), default=received)  # a later correction is not late (CAL-001)
    days = (first - deadline).days if first and deadline and first > deadline else 0
    main = book.forms[form].main.name
    rows = [(s, r.number) for s in here if s.table.resource == main for r in s.table.rows]
    return FormState(
        unit=code,
        form=form,
        state=word,
        file=(here[0].file if here else used[0].arrival.path if used else ""),
        received=received,
        deadline=deadline,
        late=days > 0,
        days_late=days,
        errors=sum(severity_of(f, book) == "error" for f in said),
        warnings=sum(severity_of(f, book) == "warning" for f in said),
        held_rows=sum(bool(held.by(s, number)) for s, number in rows),
        rows=len(rows),
    )


def _agreed(state: FormState, office: Office, book: Book, as_of: date) -> FormState:
    """What the office noted of a form that has not come: nothing to report (电话零报告), or a later day (同意迟报)."""
    words: Mapping[str, str] = book.words["papers"]["states"]
    spot = (state.unit, state.form)
    if spot in office.acts.phoned and state.state in {words[s] for s in SILENT}:
        return replace(state, state=words["zero"], phoned=True)
    late = office.acts.late.get(spot)
    if late is None or state.deadline is None:
        return state
    due = max(late.until, state.deadline) if late.until else state.deadline
    overdue = state.state == words["overdue"] and (late.until is None or as_of <= late.until)
    return replace(state, deadline=due, state=words["missing"] if overdue else state.state)
