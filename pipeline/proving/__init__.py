"""The schema files in; for each rule whether its fail example fires it at the stated cell, and its pass example nothing, out.

Each case becomes a small home on disk and goes through the night's own steps: read_batch, judge (arrange, check), settle.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from pipeline.book.load import load_book
from pipeline.book.spec import Book
from pipeline.checking import rule_kinds
from pipeline.home.scratch import arrivals, drop, scratch_home
from pipeline.home.season import parse_season
from pipeline.model import Arrival, Document, Finding, Past, Season, WennuanError
from pipeline.night.casing import Cases
from pipeline.night.judging import Judged, decided, judge, with_ids
from pipeline.proving.building import SmallHome, night_of, small_home
from pipeline.proving.examples import Base, Case, read_base, read_cases
from pipeline.proving.faults import noticed
from pipeline.proving.season_text import season_toml
from pipeline.reading.batch import read_batch
from pipeline.reading.interpret_plan import reader_of
from pipeline.settling import Tonight, settle

SECRET = bytes(32)
SAID = frozenset({"error", "warning"})


@dataclass(frozen=True, slots=True)
class Fired:
    """One error or warning of a case."""

    case: str
    rule: str
    place: str  # file!sheet!cell as far as known
    at: str  # sheet!cell, '' where it names no cell

    def __str__(self) -> str:
        return f"{self.case} {self.rule} {self.place}"


@dataclass(frozen=True, slots=True)
class Proof:
    """`fired`: what the fail example fired of the rule itself; `wrong`: every way in which the examples disagree."""

    rule: str
    ok: bool
    fired: tuple[str, ...]
    expected: str
    wrong: tuple[str, ...] = ()


@dataclass(slots=True)
class Prover:
    """Books by season: most examples share the base's."""

    files: Mapping[str, bytes]
    base: Base
    books: dict[bytes, tuple[Season, Book]] = field(default_factory=dict)

    def book(self, season: bytes) -> tuple[Season, Book]:
        if season not in self.books:
            parsed = parse_season(season)
            book = load_book(self.files, parsed, rule_kinds())
            self.books[season] = parsed, book
            reader_of(book, parsed)  # compiled here once, not in every child the fence forks
        return self.books[season]


def prove(files: Mapping[str, bytes], rules: Iterable[str] = ()) -> list[Proof]:
    """`files`: schema files by name, examples among them. No rules named = every rule that has an example.

    Raises WennuanError where the schemas or an example are broken.
    """
    prover = Prover(files, read_base(files))
    wanted = list(rules) or sorted(
        n.removeprefix("rules/examples/").removesuffix(".yaml") for n in files if n.startswith("rules/examples/")
    )
    return [proof for rule in wanted if not rule.startswith("_") and (proof := prove_one(rule, prover))]


def prove_one(rule: str, prover: Prover) -> Proof | None:
    """One rule; None when it has no example."""
    cases = read_cases(rule, prover.files)
    if cases is None:
        return None
    wrong: list[str] = []
    fired: dict[str, list[Fired]] = {c.name: fire(c, prover) for c in cases}
    mine = [f for f in fired["fail"] if f.rule == rule]
    fail, passing = cases
    expected = fail.at if fail.at is not None else ""
    if not mine:
        wrong.append(f"fail: {rule} did not fire")
    elif fail.at is not None and any(f.at != fail.at for f in mine) and rule not in fail.also:
        wrong.append(f"fail: expected at {fail.at!r}")
    wrong += [str(f) for f in fired["fail"] if f.rule != rule and f.rule not in fail.also and f.case == "fail"]
    wrong += [str(f) for f in fired["pass"] if f.rule == rule or f.rule not in passing.also]
    return Proof(rule, not wrong, tuple(f.at for f in mine), expected, tuple(wrong))


def fire(case: Case, prover: Prover) -> list[Fired]:
    """Errors and warnings of one case, and whatever severity of the rule itself. A refused season fires its own rule."""
    try:
        season, book = prover.book(season_toml(case, prover.base))
    except WennuanError as refused:
        rules = {str(e.facts.get("rule", "")) for e in (refused, *refused.more)}
        if case.rule in rules:
            return [Fired(case.name, case.rule, "season.toml", "")]
        raise
    small = small_home(case, prover.base, book)
    judged = run(small, case, prover, season, book)
    tables = [(d.path, t) for documents in judged.documents.values() for d in documents for t in d.tables]
    tonight = Tonight(1, small.as_of, SECRET, Past())
    judged, settled, tonight, _ = decided(with_ids(judged, book, SECRET), book, season, tonight, Cases())
    if "fault" in case.said:
        more = noticed(str(case.said["fault"]), judged, settled, small.as_of, (season, book))
        settled = settle((*judged.findings, *more), tables, book, tonight)
    return [_fired(f, case) for f in settled if f.severity in SAID or f.rule == case.rule]


def _fired(f: Finding, case: Case) -> Fired:
    at = f"{f.sheet or ''}!{f.cell}" if f.cell else ""
    return Fired(case.name, f.rule, f"{f.file or f.unit or ''}!{at} {f.message}", at)


def run(small: SmallHome, case: Case, prover: Prover, season: Season, book: Book) -> Judged:
    """The home on disk, one or more nights of arrivals, one reading and one judging."""
    with scratch_home(small.season, {}, season.timezone) as home:
        came: dict[tuple[str, str], tuple[Arrival, bytes]] = {}
        nights = [*_earlier(case, prover, book), small]
        for number, night in enumerate(nights, 1):
            for path in [a.path for a, _ in arrivals(home)]:
                (home.inbox / path).unlink()
            drop(home.root, night.files, season.timezone)
            present = {(a.path, a.sha256): (a, d) for a, d in arrivals(home, season.timezone)}
            came = {
                k: (replace(a, present=k[0] in {p for p, _ in present}, new=False), d) for k, (a, d) in came.items()
            }
            for key, (a, d) in present.items():
                if key not in came:
                    came[key] = (replace(a, night=number, order=len(came) + 1), d)
    return judge([a for a, _ in came.values()], _read(list(came.values()), book, season), book, season, small.as_of)


def _read(
    came: Sequence[tuple[Arrival, bytes]], book: Book, season: Season
) -> dict[tuple[str, str], tuple[Document, ...]]:
    """All files behind one fence; a path that came twice with other bytes waits for the next."""
    documents: dict[tuple[str, str], tuple[Document, ...]] = {}
    left = list(came)
    while left:
        batch = {a.path: (a, data) for a, data in reversed(left)}
        left = [(a, data) for a, data in left if batch[a.path][0] is not a]
        read = read_batch([(path, data) for path, (_, data) in batch.items()], book, season)
        for a, _ in batch.values():
            documents[a.path, a.sha256] = tuple(d for d in read if d.path == a.path or d.path.startswith(f"{a.path}!"))
    return documents


def _earlier(case: Case, prover: Prover, book: Book) -> list[SmallHome]:
    """`nights:` of an example: file lists of earlier nights, a day apart, oldest first."""
    listed = case.said.get("nights", ())
    last = night_of(case, prover.base)
    homes = []
    for i, files in enumerate(listed):
        day: date = last - timedelta(days=len(listed) - i)
        earlier = Case(
            case.rule, case.name, {**case.said, "as_of": day.isoformat()}, tuple({**case.files[0], **f} for f in files)
        )
        homes.append(small_home(earlier, prover.base, book))
    return homes
