"""Laid lines of the decision sheets in; the decisions in force, those revoked, and those of one day that contradict each
other, out.

Definitions: contract.md 3 "Registers and decisions"; season.md 3.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from pipeline.book.spec import Book, Register
from pipeline.model import Decision, Finding, Place, Row, Table, Unit

TEXTS = ("number", "kind", "target", "opinion", "reason", "officer", "unit", "approver")
FATE, SAMENESS = ("withdraw", "choose", "replace", "add"), ("same", "different")  # kinds that answer one question
SENT_ON = "sent_on"  # the list of what was sent has no kind column: a day in this one is the decision
OF_A_UNIT = ("late", "phone_zero")
EXCEPTION, RULE = "exception", "rule_id"
PLACES = ("target", "unit", "unit_code", RULE, "approver", "until")  # cells that a complaint about a line may point at


@dataclass(frozen=True, slots=True)
class Laid:
    """One row of a register with where it stands."""

    row: Row
    place: Place
    table: Table
    received: date
    night: int = 0
    order: int = 0  # of its file in the order of arrival


@dataclass(frozen=True, slots=True)
class Decided:
    """What the office's lines come to."""

    in_force: tuple[Decision, ...] = ()
    revoked: tuple[Decision, ...] = ()
    clashes: tuple[Finding, ...] = ()  # WBK-025


def decisions_in_force(rows: dict[str, list[Laid]], book: Book, units: Sequence[Unit]) -> Decided:
    """A line counts as it was saved last; the later of two that answer one question counts, of the same day neither."""
    kinds: Mapping[str, str] = book.words["papers"]["decision_kinds"]
    codes = {text: u.code for u in units for text in (*u.aliases, u.short, u.name, u.code)}
    numbered = _as_it_stands(rows, book, codes)
    questions: dict[object, list[Decision]] = defaultdict(list)
    ended = _ended(numbered.values(), codes)
    for decision in numbered.values():
        if not decision.revoked and decision.since > ended.get((decision.number, _object(decision, codes)), -1):
            questions[_question(decision, kinds, codes)].append(decision)
    out, clashes = [], []
    for several in questions.values():
        newest = max(d.on or date.min for d in several)
        last = [d for d in several if (d.on or date.min) == newest]
        if len({_answer(d, kinds, codes) for d in last}) > 1:
            clashes.append(_clash(last))
        else:
            out.append(last[-1])
    return Decided(tuple(out), tuple(d for d in numbered.values() if d.revoked), tuple(clashes))


def _ended(decisions: Iterable[Decision], codes: Mapping[str, str]) -> Mapping[object, int]:
    """A line that never got a number is revoked by its copy in a renewed workbook: (no number, object) -> the night."""
    ended: dict[object, int] = {}
    for d in decisions:
        if d.revoked:
            spot = ("", _object(d, codes))
            ended[spot] = max(d.since, ended.get(spot, 0))
    return ended


def _lines(rows: dict[str, list[Laid]], book: Book) -> Iterable[tuple[Laid, Decision]]:
    for name, laid in rows.items():
        register = book.registers[name]
        if register.area == "decision" and (register.resource.field("kind") or register.resource.field(SENT_ON)):
            for one in laid:
                decision = _decision(one, register, book)
                if decision:
                    yield one, decision


def _numbered_twice(lines: Iterable[tuple[Laid, Decision]], book: Book, codes: Mapping[str, str]) -> set[object]:
    """(workbook, number) that one sheet gives to lines about different objects."""
    seen: dict[tuple[str, str, tuple[int, str | None, str | None]], set[object]] = defaultdict(set)
    for one, d in lines:
        if d.number:
            sheet = (one.order, one.place.file, one.place.sheet)
            seen[book.registers[d.register].workbook, d.number, sheet].add(_object(d, codes))
    return {(workbook, number) for (workbook, number, _), objects in seen.items() if len(objects) > 1}


def _object(d: Decision, codes: Mapping[str, str]) -> object:
    """What a line is about; a renewed workbook names a unit by its name."""
    return d.kind, d.target, d.rule, codes.get(d.unit, d.unit)


def _answer(d: Decision, kinds: Mapping[str, str], codes: Mapping[str, str]) -> object:
    agreed = d.until if d.kind == kinds["late"] else None
    return d.kind, codes.get(d.unit, d.unit), d.extra.get("destination"), agreed


def _as_it_stands(rows: dict[str, list[Laid]], book: Book, codes: Mapping[str, str]) -> dict[object, Decision]:
    """Each number's line as it arrived last, on whichever sheet it stands; in one file the later day.

    A copy in another workbook that was only saved again, or that says what was revoked meanwhile, is no new decision; one that
    answers otherwise is a decision of its own: numbers are prepared, so two officers' lines bear the same.
    """
    kinds: Mapping[str, str] = book.words["papers"]["decision_kinds"]
    lines = sorted(_lines(rows, book), key=lambda line: (line[0].order, line[1].on or date.min))
    twice = _numbered_twice(lines, book, codes)
    numbered: dict[object, Decision] = {}
    spots: dict[object, dict[object, None]] = defaultdict(dict)  # of a number: one, or one for each file that differs
    standing: dict[object, object] = {}
    revoked: set[object] = set()
    for one, decision in lines:
        key: object = (book.registers[decision.register].workbook, decision.number)
        if not decision.number:
            key = (one.place.file, one.place.sheet, one.row.number)
        elif key in twice:  # two lines under one number: neither may swallow the other
            key = (key, _object(decision, codes))
        stood, said = standing.get((one.place.file, key)), _said(one, book)
        standing[one.place.file, key] = said
        what = (key, _answer(decision, kinds, codes), decision.target, decision.on)
        spot = _stands_at(key, decision, {s: numbered[s] for s in spots[key]}, kinds, codes)
        before = numbered.get(spot)
        copied = (
            key in numbered
            and (before is None or before.place.file != one.place.file)
            and (stood == said or what in revoked)
        )
        if decision.revoked:
            revoked.add(what)
        if decision.revoked or not copied:
            spots[key][spot] = None
            numbered[spot] = _since(decision, before, dated=bool(one.row.get("on") or one.row.get(SENT_ON)))
    return numbered


def _stands_at(
    key: object, d: Decision, taken: Mapping[object, Decision], kinds: Mapping[str, str], codes: Mapping[str, str]
) -> object:
    """Where a line of this number belongs: to its own file's line, to one that answers the same, else beside them. `taken`:
    the lines of the number so far."""
    own = next((s for s, before in taken.items() if before.place.file == d.place.file), None)
    if own is not None or not taken:
        return own or key
    alike = (
        s for s, b in taken.items() if (_answer(b, kinds, codes), b.target) == (_answer(d, kinds, codes), d.target)
    )
    found = next(alike, None)
    return found or (key if d.revoked or all(b.revoked for b in taken.values()) else (key, d.place.file))


def _said(one: Laid, book: Book) -> object:
    """What the office wrote on the line."""
    asked = (f.name for f in book.registers[one.table.form].resource.active if not f.locked)
    return frozenset((name, one.row.get(name)) for name in asked if one.row.get(name) not in (None, ""))


def _since(decision: Decision, before: Decision | None, dated: bool) -> Decision:
    """A line kept in a renewed workbook was decided when it was first saved."""
    if before is None or (before.kind, before.target, before.rule) != (decision.kind, decision.target, decision.rule):
        return decision
    return replace(decision, since=before.since, on=decision.on if dated else before.on)


def _question(d: Decision, kinds: Mapping[str, str], codes: Mapping[str, str]) -> object:
    """What a decision answers: what becomes of a file, whose it is, whether two are one, or its own kind of question.

    Where the object is a form the question is the unit's.
    """
    word = next((w for w, kind in kinds.items() if kind == d.kind), d.kind)
    what = next((group for group in (FATE, SAMENESS) if word in group), word)
    whole = "-".join(sorted(d.target.split("-"))) if what == SAMENESS else d.target
    unit = codes.get(d.unit, d.unit) if word in (*OF_A_UNIT, EXCEPTION) else ""
    return what, whole, unit, d.rule if word == EXCEPTION else ""


def _clash(several: Sequence[Decision]) -> Finding:
    one, *others = several
    return Finding(
        "WBK-025", file=one.place.file, sheet=one.place.sheet, value=one.target, key=f"{one.kind}|{one.target}",
        facts={"target": one.target}, related=tuple(d.place for d in others),
    )  # fmt: skip


def _decision(one: Laid, register: Register, book: Book) -> Decision | None:
    """A line the office decided; None while it only stands as the night prepared it. Undated, it counts from its arrival."""
    row = one.row
    text = {name: str(row.get(name) or "").strip() for name in TEXTS}
    kinds: Mapping[str, str] = book.words["papers"]["decision_kinds"]
    if register.resource.field(SENT_ON):
        text["kind"] = kinds["sent"] if row.get(SENT_ON) else ""
    rule = ""
    if text["kind"] == kinds[EXCEPTION]:
        rule, text["unit"] = (
            str(row.get(RULE) or "").strip().upper(),
            text["unit"] or str(row.get("unit_code") or "").strip(),
        )
    if not text["kind"] or not (text["target"] or rule or text["unit"]) or not _written(one, register, book):
        return None
    on = row.get("on") or row.get(SENT_ON) or one.received
    extra = {k: v for k, v in row.values.items() if k not in {*TEXTS, "on", "until", "revoked"}}
    return Decision(
        text["number"], text["kind"], text["target"].lower(), text["opinion"], text["reason"], text["officer"], on, row.get("until"),
        bool(row.get("revoked")), text["unit"], text["approver"], one.place, extra,
        text["target"], {n: at for n in PLACES if (at := one.table.at(row, n))}, one.night, rule, register.name,
    )  # fmt: skip


def _written(one: Laid, register: Register, book: Book) -> bool:
    """Whether somebody wrote on the line: a kind that was not prepared, or anything beside it that the sheet asks for."""
    asked = register.resource.field("kind")
    prepared = {*book.words["papers"]["default_kind"].values(), asked.preset if asked else ""}
    own = [
        f.name for f in register.resource.active if not f.locked and f.name not in {"number", "kind", "target", "until"}
    ]
    return one.row.get("kind") not in prepared or any(one.row.get(name) for name in own)
