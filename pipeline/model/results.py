"""What a night yields: coverage, the past it builds on, figures with their sources, states, the finished night."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pipeline.model.given import Arrival
from pipeline.model.ground import EMPTY, Finding, Place
from pipeline.model.read import Row


@dataclass(frozen=True, slots=True)
class Coverage:
    """What became of one rule on one subject (file path, or unit code, or '' for the district).

    verdict: passed | found | not_applicable | could_not_run | not_enforced | waived.
    """

    rule: str
    subject: str
    verdict: str
    count: int = 0  # rows or cells judged (passed), findings (found)
    why: str = ""


@dataclass(frozen=True, slots=True)
class Covered:
    """Coverage that says the same of many subjects, said once: a district has as many lines as rules times files."""

    rule: str
    verdict: str
    count: int
    why: str
    subjects: tuple[str, ...]


def gathered(lines: Iterable[Coverage]) -> tuple[Covered, ...]:
    """Lines of coverage -> one entry for all that say the same, in the order in which it is first said."""
    groups: dict[tuple[str, str, int, str], list[str]] = {}
    for c in lines:
        groups.setdefault((c.rule, c.verdict, c.count, c.why), []).append(c.subject)
    return tuple(Covered(*said, tuple(subjects)) for said, subjects in groups.items())


@dataclass(frozen=True, slots=True)
class Checked:
    findings: tuple[Finding, ...]
    coverage: tuple[Coverage, ...]


@dataclass(frozen=True, slots=True)
class Life:
    """The life of one finding id so far."""

    first: tuple[int, str]
    last: tuple[int, str]
    open: bool
    number: int
    unit: str


@dataclass(frozen=True, slots=True)
class Past:
    """What earlier nights left behind. `adopted`: (unit, form) -> sha256s that were current last night."""

    night: int = 0
    head: str = ""
    seal: str = ""
    as_of: date | None = None
    run: str = ""
    lives: Mapping[str, Life] = EMPTY
    adopted: Mapping[tuple[str, str], tuple[str, ...]] = EMPTY
    papers: Mapping[str, Mapping[str, Any]] = EMPTY  # unit -> {fingerprint, night, run}
    totals: Mapping[str, Any] = EMPTY  # run.json totals of the last night (for ± 比上次)
    sent: Mapping[str, str] = EMPTY  # unit -> fingerprint last ticked as sent
    rounds: Mapping[str, int] = EMPTY  # unit -> n of 第n次反馈
    arrivals: tuple[Arrival, ...] = ()  # every delivery of the season so far, in order of arrival
    sample: bool = False  # the earlier nights were nights over sample units
    cases: Mapping[int, tuple[str, ...]] = EMPTY  # number -> keyed hashes of the people of a case, the oldest first
    merged: Mapping[int, int] = EMPTY  # number -> the case it became part of
    bound: Mapping[tuple[str, str], Mapping[str, Any]] = (
        EMPTY  # (finding id, key of a decision or explanation) -> keyed hashes of the evidence it holds for
    )


@dataclass(frozen=True, slots=True)
class Source:
    """One contribution to a figure: fen for money, 1 per distinct person, as a decimal in the figure's unit."""

    unit: str
    file: str
    sha256: str
    sheet: str
    cell: str
    value: int
    raw: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with its sources: `accepted` and `pending` side by side. measure: fen | persons | rows | …"""

    accepted: int = 0
    pending: int = 0
    measure: str = "fen"
    accepted_from: tuple[Source, ...] = ()
    pending_from: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class FormState:
    """One unit × form. `state` is one of contract.md 3's list."""

    unit: str
    form: str
    state: str
    file: str = ""
    received: date | None = None
    deadline: date | None = None
    late: bool = False
    days_late: int = 0
    errors: int = 0
    warnings: int = 0
    held_rows: int = 0
    rows: int = 0
    phoned: bool = False  # the office noted by telephone that there is nothing to report


@dataclass(frozen=True, slots=True)
class Person:
    """One row of 人员明细: a person row of F1 with its place and its standing."""

    unit: str
    form: str
    row: Row
    place: Place
    accepted: bool
    held_by: tuple[str, ...] = ()  # finding ids


@dataclass(frozen=True, slots=True)
class District:
    """The merged district. `figures`: key -> Figure for the district; `by_unit`: unit -> key -> Figure.

    Keys: people.F1 people.F3 rows.<form> requested_fen approved_fen amount_fen.F3.<fund> donations_fen.<channel>
    donations_fen.total slips_fen headcount donors …
    """

    states: Mapping[tuple[str, str], FormState]
    figures: Mapping[str, Figure]
    by_unit: Mapping[str, Mapping[str, Figure]]
    people: tuple[Person, ...] = ()
    held_rows: frozenset[tuple[str, str, int]] = frozenset()  # (file, sheet, row) held back


@dataclass(frozen=True, slots=True)
class Night:
    """What a finished night tells its caller."""

    run: str
    night: int
    as_of: date
    head: str
    folder: str
    record: Mapping[str, Any]  # run.json
    exit_code: int = 0
    findings: tuple[Finding, ...] = field(default=(), repr=False)
