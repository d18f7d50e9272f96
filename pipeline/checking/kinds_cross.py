"""Rule kinds that look beyond one sheet: the same person in two units, silence, last year's people, late arrival."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from pipeline.book.hints import forms_hinted
from pipeline.cells.text import fold, name_key
from pipeline.checking.env import LISTED, Env
from pipeline.checking.linked import found_in
from pipeline.checking.registry import Hit, NotApplicable, kind
from pipeline.checking.subjects import Subject, World
from pipeline.model import Filed, Place, Row, Stage, Unit
from pipeline.model.linked import register_key

SENT, PHONED, SILENT = "sent", "phoned", "silent"
MARKED = 2  # carriers of identity marks that must agree


def opened(stage: Stage, unit: str, world: World) -> bool:
    """Whether a stage is open for a unit: its date has come, or the unit has its 核定 (season.md 1)."""
    if stage.by_approval or stage.opens is None:
        return unit in world.once("approved", lambda: frozenset(r.get("unit_code") for r in world.approved()))
    return world.as_of >= stage.opens


def owed(unit: Unit, form: str) -> bool:
    return unit.owes is None or form in unit.owes


@kind("no_submission", "unit", facts="unit form deadline since until", registers="R1")
def no_submission(world: World, code: str, env: Env) -> list[Hit]:
    """XRG-003: an owed form of an open stage that has not come. Before the deadline info, on the day warning, after it
    error (domain.md F9). Without R1 nobody can say who owes what."""
    unit, due = _due(world, code)
    here = sent_forms(world, code)
    return [_silent(unit, form, stage, world, env) for stage, form in due if form not in here]


def _due(world: World, code: str) -> tuple[Unit, list[tuple[Stage, str]]]:
    """The unit of R1 and the forms it owes by now; NotApplicable where there is no such unit or nothing is due."""
    unit = world.office.unit(code)
    if unit is None:
        raise NotApplicable("not_listed")
    due = [(s, f) for s in world.season.stages for f in s.forms if owed(unit, f) and opened(s, code, world)]
    if not due:
        raise NotApplicable("not_due")
    return unit, due


def sent_forms(world: World, code: str) -> set[str]:
    """Forms of the unit that have come in any state: current, waiting for a decision, in a file nobody could read, or said
    by telephone to be empty (电话零报告)."""
    forms = {form for unit, form in world.office.acts.phoned if unit == code}
    for filed in world.filed_of.get(code, ()):
        if filed.state in {"adopted", "held", "unreadable"}:
            document, arrival = filed.document, filed.arrival
            here = {*filed.current, *(t.form for t in document.tables), *(f.form for f in document.findings if f.form)}
            here |= {f for f, entry in document.declared.items() if entry.value is not None}
            here |= set(document.marks.forms) if document.marks.agree >= MARKED else set()
            forms |= here or forms_hinted(arrival.path, arrival.received, world.book, world.season)
    return forms


def _silent(unit: Unit, form: str, stage: Stage, world: World, env: Env) -> Hit:
    late = (world.as_of - stage.due).days
    severity = "error" if late > 0 else "warning" if late == 0 else "info"
    since, until = ("silent_after", "") if late > 0 else ("silent_before", env.words("silent_until"))
    facts = {
        "unit": unit.short or unit.name, "form": world.book.forms[form].title, "deadline": stage.due.isoformat(),
        "since": env.words(since), "until": until.replace("{m}", str(stage.due.month)).replace("{d}", str(stage.due.day)),
    }  # fmt: skip
    return Hit(facts=facts, unit=unit.code, form=form, key="", severity=severity)


@kind("set_incomplete", "unit", facts="due forms", registers="R1")
def set_incomplete(world: World, code: str, env: Env) -> list[Hit]:
    """XFM-016: some forms of a stage have come and others have not. A hint until the stage's deadline has come."""
    _, due = _due(world, code)
    here, hits, judged = sent_forms(world, code), [], False
    for stage in dict.fromkeys(s for s, _ in due):
        forms = [f for s, f in due if s is stage]
        lacking = [f for f in forms if f not in here]
        if len(forms) < 2 or len(lacking) == len(forms):
            continue
        judged = True
        if lacking:
            facts = {"due": _titles(forms, world), "forms": _titles(lacking, world)}
            severity = "info" if world.as_of < stage.due else None
            hits.append(Hit(facts=facts, unit=code, key=stage.name, severity=severity))
    if not judged:
        raise NotApplicable("nothing")
    return hits


def _titles(forms: Iterable[str], world: World) -> str:
    return LISTED.join(world.book.forms[f].title for f in forms)


@kind("late", "unit", facts="deadline n form")
def late(world: World, code: str, env: Env) -> list[Hit]:
    """CAL-001: what a unit reports on a form first came after the deadline of its stage; a later correction of what came in
    time is not late. Received is the only date that counts (contract.md 1)."""
    files = world.files(code)
    if not files:
        raise NotApplicable("nothing")
    hits = []
    for form in sorted({f for filed in files for f in filed.current}):
        stage = world.season.stage_of(form)
        came = [
            f.arrival.received for f in world.filed_of.get(code, ()) if f.state != "withdrawn" and form in _forms_of(f)
        ]
        if stage and min(came) > stage.due:
            days = (min(came) - stage.due).days
            facts = {"deadline": stage.due.isoformat(), "n": str(days), "form": world.book.forms[form].title}
            first = next(f for f in files if form in f.current)
            hits.append(Hit(facts=facts, unit=code, form=form, key="", related=(Place(code, first.arrival.path),)))
    return hits


def _forms_of(filed: Filed) -> set[str]:
    declared = {f for f, entry in filed.document.declared.items() if entry.value is not None}
    return {*filed.current, *(t.form for t in filed.document.tables), *declared}


@kind("whereabouts_missing", "unit", facts="n", required="field")
def whereabouts_missing(world: World, code: str, env: Env) -> list[Hit]:
    """XYR-001: somebody aided last year who is in no application of this season and of whom nobody says where he went:
    a blank 去向 on the sheet, or a person of R3's newest season whom the sheet does not even list (season.md 2). The
    office may say it, too. `related`: where R3 names the people of the second kind, each once."""
    field = env.text("field")
    listed = world.subjects("F1", "departures", code)
    register = world.office.registers.get("R3")
    if register is None and not listed:
        raise NotApplicable("no_register", register="R3")
    heard = answer(world, code)
    if not heard:
        raise NotApplicable("nothing")
    applied = world.once("applied", lambda: _by_name(_name_tail(s) for s in world.subjects("F1", "applications")))
    mine = [s for s in world.subjects("F1", "applications", code) if not s.get("id_number")]
    nameless = _by_name((name_key(s.raw("name")), "") for s in mine)  # without a number the name alone must do
    told = world.once("whereabouts", lambda: _told(world)).get(code, {})
    hits = [
        Hit(field, {"n": "1"}, sheet=s.sheet, row=s.row)
        for s in listed
        if not s.raw(field).strip() and not _among(_name_tail(s), applied, nameless, told, _found_again(world))
    ]
    lost = _unlisted(world, code, applied, nameless, told, _found_again(world), _by_name(_name_tail(s) for s in listed))
    if not lost:
        return hits
    cure = "D" if heard in {PHONED, SILENT} else None  # no sheet a school could mend
    severity = "info" if heard == SILENT else None
    whole = Hit(facts={"n": str(len(lost))}, unit=code, form="F1", key="", related=lost, cure=cure, severity=severity)
    return [*hits, whole]


def answer(world: World, code: str) -> str:
    """What the unit has said about its people: SENT a form that counts, PHONED that there are none, SILENT although the
    deadline is over; '' where nothing is to be concluded yet."""
    if any("F1" in f.current for f in world.files(code)):
        return SENT
    if (code, "F1") in world.office.acts.phoned:
        return PHONED
    unit, stage = world.office.unit(code), world.season.stage_of("F1")
    late = (
        unit is not None
        and stage is not None
        and owed(unit, "F1")
        and opened(stage, code, world)
        and world.as_of > stage.due
    )
    return SILENT if late and "F1" not in sent_forms(world, code) else ""


def unaccounted(world: World, code: str) -> tuple[Place, ...]:
    """The people of last season who neither apply anywhere nor are told of, by their unit or by the office."""
    applied = world.once("applied", lambda: _by_name(_name_tail(s) for s in world.subjects("F1", "applications")))
    sheet = _by_name(_name_tail(s) for s in world.subjects("F1", "departures", code) if s.raw("destination").strip())
    told = world.once("whereabouts", lambda: _told(world)).get(code, {})
    return _unlisted(world, code, applied, sheet, told, _found_again(world))


def _found_again(world: World) -> People:
    """People of R3 who apply this season under another name, number or unit, as matching found them."""

    def look() -> People:
        register = world.office.registers.get("R3")
        rows = enumerate(register.rows) if register else ()
        known = (
            _person(r.get("name"), r.get("id_tail"), r.get("id_number"))
            for i, r in rows
            if register_key("R3", i) in found_in(world, "R3")
        )
        return _by_name((name, tail) for name, tail in known if tail)

    return world.once("found again", look)


def told_of(world: World, code: str, row: Row) -> bool:
    """The office wrote on its 去向 sheet where this person of a register is."""
    person = _person(row.get("name") or row.raw.get("name"), row.get("id_tail"), row.get("id_number"))
    return _among(person, world.once("whereabouts", lambda: _told(world)).get(code, {}))


def _told(world: World) -> Mapping[str, People]:
    """Unit -> the people whose 去向 the office wrote on its sheet."""
    word = world.book.words["papers"]["decision_kinds"]["whereabouts"]
    said = [d.extra for d in world.office.decisions if d.kind == word and d.extra.get("destination")]
    people = [(str(e.get("unit_name") or ""), _person(e.get("name"), e.get("id_tail"), "")) for e in said]
    return {
        u.code: _by_name(p for unit, p in people if unit in {"", u.code, u.name, u.short}) for u in world.office.units
    }


def _name_tail(subject: Subject) -> tuple[str, str]:
    return _person(subject.raw("name"), subject.get("id_tail"), subject.get("id_number"))


def _person(name: object, tail: object, number: object) -> tuple[str, str]:
    """(name key, last four signs or '' where nobody wrote them)."""
    return name_key(str(name or "")), (str(tail or "") or str(number or "")[-4:]).upper()


People = Mapping[str, Collection[str]]  # name key -> the last four signs written beside it


def _by_name(people: Iterable[tuple[str, str]]) -> People:
    found: dict[str, set[str]] = defaultdict(set)
    for name, tail in people:
        found[name].add(tail)
    return found


def _among(person: tuple[str, str], *people: People) -> bool:
    """Equal names whose last four signs are equal, or missing on one side."""
    name, tail = person
    return any(name in known and (not tail or tail in known[name] or "" in known[name]) for known in people)


def _unlisted(world: World, code: str, *known: People) -> tuple[Place, ...]:
    """Where R3 names people of its newest earlier season whom neither the sheet nor an application nor the office names."""
    mine = world.once("last year", lambda: _last_year(world)).get(code, ())
    people: dict[tuple[str, str], Place] = {}
    for r, place in mine:
        people.setdefault(_person(r.get("name") or r.raw.get("name"), r.get("id_tail"), r.get("id_number")), place)
    return tuple(place for person, place in people.items() if not _among(person, *known))


def _last_year(world: World) -> Mapping[str, Sequence[tuple[Row, Place]]]:
    """Unit -> the people of R3's newest earlier season who have not left, with their places."""
    register = world.office.registers.get("R3")
    rows = [(_year(r), r, p) for r, p in zip(register.rows, register.sources, strict=True)] if register else []
    newest = max((year for year, _, _ in rows if year < world.season.year), default=0)
    found: dict[str, list[tuple[Row, Place]]] = defaultdict(list)
    for year, row, place in rows:
        if year == newest and year < world.season.year and not row.get("exit_date"):
            found[str(row.get("unit_code"))].append((row, place))
    return found


def _year(row: Row) -> int:
    return int(row.get("season") or 0)


@kind("attached", "row", required="words suffixes most fields", judges="@fields")
def attached(s: Subject, env: Env) -> Iterator[Hit]:
    """ROW-037: an answer that only points to an attachment (at most `most` signs) needs one of the unit's that came
    (season.md 3: accepted when a Word file came)."""
    words, most, suffixes = env.many("words"), env.whole("most"), env.many("suffixes")
    pointing = [n for n in env.many("fields") if n in env.on and _points(s.get(n), words, most)]
    if not pointing:
        raise NotApplicable("nothing")
    filed = env.world.filed_of.get(s.sheet.unit, ())
    if not any(f.state == "attachment" and _suffix(f.arrival.path) in suffixes for f in filed):
        yield from (Hit(name) for name in pointing)


def _points(value: object, words: Sequence[str], most: int) -> bool:
    text = fold(value) if isinstance(value, str) else ""
    return len(text) <= most and any(w in text for w in words)


def _suffix(path: str) -> str:
    return path.rpartition(".")[2].lower()
