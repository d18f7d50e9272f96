"""Laid lines of the decision sheets in; the decisions in force, and those of one day that contradict each other, out.

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


@dataclass(frozen=True, slots=True)
class Laid:
    """One row of a register with where it stands."""

    row: Row
    place: Place
    table: Table
    received: date
    night: int = 0
    order: int = 0  # of its file in the order of arrival


def decisions_in_force(
    rows: dict[str, list[Laid]], book: Book, units: Sequence[Unit]
) -> tuple[list[Decision], list[Finding]]:
    """Decided lines in force, and WBK-025 where two of the same day answer one question differently."""
    kinds: Mapping[str, str] = book.words["papers"]["decision_kinds"]
    codes = {text: u.code for u in units for text in (*u.aliases, u.short, u.name, u.code)}
    numbered = _as_it_stands(rows, book, codes)
    questions: dict[object, list[Decision]] = defaultdict(list)
    for decision in numbered.values():
        if not decision.revoked:
            questions[_question(decision, kinds, codes)].append(decision)
    out, clashes = [], []
    for several in questions.values():
        newest = max(d.on or date.min for d in several)
        last = [d for d in several if (d.on or date.min) == newest]
        if len({_answer(d, codes) for d in last}) > 1:
            clashes.append(_clash(last))
        else:
            out.append(last[-1])
    return out, clashes


def _as_it_stands(rows: dict[str, list[Laid]], book: Book, codes: Mapping[str, str]) -> dict[object, Decision]:
    """Each number's line as it arrived last, on whichever sheet it stands; in one file the later day.

    A copy in another workbook that was only saved again, or that says what was revoked meanwhile, is no new decision.
    """
    numbered: dict[object, Decision] = {}
    standing: dict[object, object] = {}
    revoked: set[object] = set()
    for one, decision in sorted(_lines(rows, book), key=lambda line: (line[0].order, line[1].on or date.min)):
        key = decision.number or (one.place.file, one.place.sheet, one.row.number)
        before, stood, said = numbered.get(key), standing.get((one.place.file, key)), _said(one, book)
        standing[one.place.file, key] = said
        what = (key, _answer(decision, codes), decision.target, decision.on)
        copied = before is not None and before.place.file != one.place.file and (stood == said or what in revoked)
        if decision.revoked:
            revoked.add(what)
        if decision.revoked or not copied:
            numbered[key] = _since(decision, before)
    return numbered


def _lines(rows: dict[str, list[Laid]], book: Book) -> Iterable[tuple[Laid, Decision]]:
    for name, laid in rows.items():
        register = book.registers[name]
        if register.area == "decision" and (register.resource.field("kind") or register.resource.field(SENT_ON)):
            for one in laid:
                decision = _decision(one, register, book)
                if decision:
                    yield one, decision


def _said(one: Laid, book: Book) -> object:
    """What the office wrote on the line."""
    asked = (f.name for f in book.registers[one.table.form].resource.active if not f.locked)
    return frozenset((name, one.row.get(name)) for name in asked if one.row.get(name) not in (None, ""))


def _answer(d: Decision, codes: Mapping[str, str]) -> object:
    return d.kind, codes.get(d.unit, d.unit), d.extra.get("destination")


def _since(decision: Decision, before: Decision | None) -> Decision:
    """A line kept in a renewed workbook was decided when it was first saved."""
    same = before is not None and (before.kind, before.target) == (decision.kind, decision.target)
    return replace(decision, since=before.since) if before is not None and same else decision


def _question(d: Decision, kinds: Mapping[str, str], codes: Mapping[str, str]) -> object:
    """What a decision answers: what becomes of a file, whose it is, whether two are one, or its own kind of question.

    Where the object is a form the question is the unit's.
    """
    word = next((w for w, kind in kinds.items() if kind == d.kind), d.kind)
    what = next((group for group in (FATE, SAMENESS) if word in group), word)
    return what, d.target, codes.get(d.unit, d.unit) if word in OF_A_UNIT else ""


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
    if register.resource.field(SENT_ON):
        text["kind"] = book.words["papers"]["decision_kinds"]["sent"] if row.get(SENT_ON) else ""
    if not text["kind"] or not text["target"] or not _written(one, register, book):
        return None
    on = row.get("on") or row.get(SENT_ON) or one.received
    extra = {k: v for k, v in row.values.items() if k not in {*TEXTS, "on", "until", "revoked"}}
    return Decision(
        text["number"], text["kind"], text["target"].lower(), text["opinion"], text["reason"], text["officer"], on, row.get("until"),
        bool(row.get("revoked")), text["unit"], text["approver"], one.place, extra,
        text["target"], {n: at for n in ("target", "unit") if (at := one.table.at(row, n))}, one.night,
    )  # fmt: skip


def _written(one: Laid, register: Register, book: Book) -> bool:
    """Whether somebody wrote on the line: a kind that was not prepared, or anything beside it that the sheet asks for."""
    asked = register.resource.field("kind")
    prepared = {*book.words["papers"]["default_kind"].values(), asked.preset if asked else ""}
    own = [
        f.name for f in register.resource.active if not f.locked and f.name not in {"number", "kind", "target", "until"}
    ]
    return one.row.get("kind") not in prepared or any(one.row.get(name) for name in own)
