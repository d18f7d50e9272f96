"""The office's decisions and the night's documents in; what they say about its findings, and what is wrong with them, out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.book.spec import Book
from pipeline.model import Filed, Finding, Office, Past, Season, Table, file_id
from pipeline.office import Known, unknown_objects
from pipeline.office.announcing import UNUSED, announcements
from pipeline.office.evidence import Evidence
from pipeline.office.explaining import explanations
from pipeline.office.granting import Refused, grants_of
from pipeline.office.ruling import CLOSING, Rulings
from pipeline.papers.objects import Slip, line_objects
from pipeline.settling import Tonight

Tables = Callable[[], Iterable[tuple[str, Table]]]


@dataclass(frozen=True)
class Desk:
    """What the office's decisions come to tonight."""

    rulings: Rulings
    refused: tuple[Refused, ...] = ()

    def bound(self, findings: Iterable[Finding]) -> Mapping[tuple[str, str], Mapping[str, object]]:
        return self.rulings.bound(findings)


def desk_of(office: Office, filed: Sequence[Filed], tables: Tables, book: Book, tonight: Tonight) -> Desk:
    """`tables`: (file, table) of every document read, asked for only where a decision needs its evidence."""
    grants, refused = grants_of(office, book, tonight.secret)
    closed = frozenset(i for i, entry in tonight.shown.items() if entry.get("status") in CLOSING)
    words = book.words["papers"]
    evidence = Evidence(tables, tonight.secret, {rule: group[0] for group in words["one_question"] for rule in group})
    rulings = Rulings(
        grants,
        explanations(filed),
        evidence,
        book.rules,
        tonight.past,
        tonight.night,
        tonight.as_of,
        tonight.secret,
        closed,
        words["same_person"],
    )
    return Desk(rulings, tuple(refused))


def of_decisions(
    desk: Desk,
    office: Office,
    filed: Sequence[Filed],
    slips: Iterable[Slip],
    findings: Sequence[Finding],
    book: Book,
    season: Season,
    past: Past,
) -> list[Finding]:
    """`findings` with their ids: a decision may name one of any night. Objects nobody knows; exceptions refused, ending, unused."""
    words, registers = book.words["papers"], office.registers
    known = Known(
        findings={f.id for f in findings} | set(past.lives),
        files={file_id(f.arrival.sha256) for f in filed},
        slips={s.target for s in slips},
        payments=line_objects(registers.get("R4")),
        forms={form.lower() for form in book.forms},
        rules={rule.lower() for rule in book.rules},
        units={u.code for u in office.units},
        cases={str(f.case) for f in findings if f.case is not None},
    )
    refused = {r.decision.place for r in desk.refused}  # each line hears one thing
    others = [d for d in office.decisions if d.place not in refused]
    lost = unknown_objects(others, known, words["decision_kinds"], words["decision_unknown"])
    told = {(f.file, f.sheet, f.row) for f in lost}
    open_ones = [f for f in findings if f.status != "fixed"]
    more = announcements(desk.rulings, desk.refused, open_ones, book, season)
    return [*lost, *(f for f in more if f.rule != UNUSED or (f.file, f.sheet, f.row) not in told)]
