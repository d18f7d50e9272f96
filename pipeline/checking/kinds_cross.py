"""Rule kinds that look beyond one sheet: the same person in two units, silence, last year's people, late arrival."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from pipeline.cells.ids import id_key
from pipeline.cells.text import name_key
from pipeline.checking.env import Env
from pipeline.checking.registry import Hit, NotApplicable, kind
from pipeline.checking.subjects import Subject, World
from pipeline.model import Filed, Stage, Unit


@kind("same_person_two_units", "district", facts="n")
def same_person_two_units(world: World, env: Env) -> Iterator[Hit]:
    """XSC-001: equal normalised id numbers (M1, domain.md C4) in applications of different units; every row is told."""
    people = world.subjects("F1", "applications")
    if not people:
        raise NotApplicable("nothing")
    groups: dict[str, list[Subject]] = defaultdict(list)
    for person in people:
        number = person.get("id_number")
        if number:
            groups[id_key(str(number))].append(person)
    for same in groups.values():
        units = {p.sheet.unit for p in same}
        if len(units) > 1:
            for person in same:
                others = tuple(o.place("id_number") for o in same if o.sheet.unit != person.sheet.unit)
                yield Hit("id_number", facts={"n": str(len(units))}, sheet=person.sheet, row=person.row, related=others)


def opened(stage: Stage, unit: str, world: World) -> bool:
    """Whether a stage is open for a unit: its date has come, or the unit has its 核定 (season.md 1)."""
    if stage.by_approval or stage.opens is None:
        return any(r.get("unit_code") == unit for r in world.office.approvals)
    return world.as_of >= stage.opens


def owed(unit: Unit, form: str) -> bool:
    return unit.owes is None or form in unit.owes


@kind("no_submission", "unit", facts="unit form deadline")
def no_submission(world: World, code: str, env: Env) -> list[Hit]:
    """XRG-003: an owed form of an open stage that has not come. Before the deadline info, on the day warning, after it error."""
    unit = world.office.unit(code)
    if unit is None:
        raise NotApplicable("no_register", register="R1")
    due = [(s, f) for s in world.season.stages for f in s.forms if owed(unit, f) and opened(s, code, world)]
    if not due:
        raise NotApplicable("not_due")
    here = _sent_forms(world, code)
    return [_silent(unit, form, stage, world) for stage, form in due if form not in here]


def _sent_forms(world: World, code: str) -> set[str]:
    """Forms of the unit that have come in any state: current, waiting for a decision, or named by an unreadable file."""
    forms: set[str] = set()
    for filed in world.filed:
        if filed.unit == code and filed.state in {"adopted", "held", "unreadable"}:
            document = filed.document
            forms |= set(filed.current) | {t.form for t in document.tables}
            forms |= set(document.marks.forms) if filed.state == "unreadable" else set()
            forms |= {f for f, entry in document.declared.items() if entry.value is not None}
    return forms


def _silent(unit: Unit, form: str, stage: Stage, world: World) -> Hit:
    late = (world.as_of - stage.due).days
    severity = "error" if late > 0 else "warning" if late == 0 else "info"
    facts = {"unit": unit.short or unit.name, "form": world.book.forms[form].title, "deadline": stage.due.isoformat()}
    return Hit(facts=facts, unit=unit.code, form=form, key="", severity=severity)


@kind("late", "unit", facts="deadline n form")
def late(world: World, code: str, env: Env) -> list[Hit]:
    """CAL-001: received after the deadline of its stage. Received is the only date that counts (contract.md 1)."""
    files = world.files(code)
    if not files:
        raise NotApplicable("nothing")
    hits = []
    for form in sorted({f for filed in files for f in filed.current}):
        stage = world.season.stage_of(form)
        first: date = min(f.arrival.received for f in world.filed if f.unit == code and form in _forms_of(f))
        if stage and first > stage.due:
            facts = {"deadline": stage.due.isoformat(), "n": str((first - stage.due).days), "form": world.book.forms[form].title}
            sheets = [s for s in world.sheets if s.unit == code and s.form == form]
            hits.append(Hit(facts=facts, sheet=sheets[0] if sheets else None, unit=code, form=form, key="", value=""))
    return hits


def _forms_of(filed: Filed) -> Iterable[str]:
    return {*filed.current, *(t.form for t in filed.document.tables)}


@kind("whereabouts_missing", "unit", facts="n", required="field")
def whereabouts_missing(world: World, code: str, env: Env) -> list[Hit]:
    """XYR-001: a person aided last year, neither in this season's F1 nor with a stated 去向 (season.md 2)."""
    listed = world.subjects("F1", "departures", code)
    applied = {_name_tail(s) for s in world.subjects("F1", "applications")}
    applied_names = {name_key(s.raw("name")) for s in world.subjects("F1", "applications", code) if not s.get("id_number")}
    hits = [
        Hit(env.text("field"), facts={"n": "1"}, sheet=s.sheet, row=s.row)
        for s in listed
        if not s.raw(env.text("field")).strip() and not s.unknown(env.text("field")) and _name_tail(s) not in applied and _name_tail(s)[0] not in applied_names
    ]
    return [*hits, *_unlisted(world, code, {_name_tail(s) for s in listed} | applied, bool(listed))]


def _name_tail(subject: Subject) -> tuple[str, str]:
    tail = str(subject.get("id_tail") or "") or str(subject.get("id_number") or "")[-4:]
    return name_key(subject.raw("name")), tail.upper()


def _unlisted(world: World, code: str, known: set[tuple[str, str]], listed: bool) -> list[Hit]:
    """People of R3's newest season whom neither the sheet nor any application names: one line for the unit."""
    register = world.office.registers.get("R3")
    if register is None:
        if not listed:
            raise NotApplicable("no_register", register="R3")
        return []
    if not world.tables("F1", "applications", code) and not any("F1" in f.current for f in world.files(code)):
        raise NotApplicable("nothing")
    seasons = {str(r.get("season")) for r in register.rows if r.get("season")}
    newest = max((s for s in seasons if s < str(world.season.year)), default=None)
    gone = [
        r for r in register.rows
        if str(r.get("unit_code")) == code and (newest is None or str(r.get("season")) == newest) and not r.get("exit_date")
        and (name_key(str(r.get("name") or "")), (str(r.get("id_tail") or "") or str(r.get("id_number") or "")[-4:]).upper()) not in known
    ]  # fmt: skip
    return [Hit(facts={"n": str(len(gone))}, unit=code, form="F1", key="")] if gone else []
