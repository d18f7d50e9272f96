"""Everything a paper may be made from, gathered once per night; and the small indexes the views share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from pipeline.book.households import Means, means_of
from pipeline.book.spec import Book, Rule
from pipeline.cells.lexicon import PLAIN, Lexicon, build_lexicon
from pipeline.model import EMPTY, Covered, District, Filed, Finding, FormState, Office, Past, Season, Table, Unit
from pipeline.model.linked import Pair
from pipeline.papers.objects import Slip, declared

CLOSED = frozenset({"waived", "explained", "fixed"})
RULED = frozenset({"waived", "explained"})
JUDGED = frozenset({"passed", "found", "waived"})  # verdicts of a check that was made


Spot = tuple[str | None, str | None, str | None]  # file, sheet, cell


@dataclass(frozen=True, slots=True)
class Run:
    """What a paper prints about its night. `previous` is the head N-1:HASH, `files` the counts of run.json."""

    id: str
    night: int
    as_of: date
    started: datetime
    previous: str = ""
    seal: str = ""  # the input seal
    program: str = ""


@dataclass(frozen=True)
class Material:
    """One night's results, as the views read them. `flood`: rules kept out of school papers -> units they hit."""

    district: District
    findings: Sequence[Finding]
    coverage: Sequence[Covered]
    filed: Sequence[Filed]
    office: Office
    book: Book
    season: Season
    past: Past
    run: Run
    flood: Mapping[str, int] = EMPTY
    marked: Mapping[str, Mapping[str, bytes]] = field(default=EMPTY)  # unit -> file name -> marked copy made tonight
    copies: Mapping[str, frozenset[str]] = field(default=EMPTY)  # unit -> names of all marked copies in its folder
    fingerprints: Mapping[str, str] = field(default=EMPTY)  # unit -> what its return says, as a hash (see fingerprint)
    to_send: frozenset[str] | None = None  # units whose return changed since it was last sent; None = all that have one
    register_present: bool = True  # without R1 nobody can say who has not sent
    left_out: Mapping[str, Sequence[str]] = field(default=EMPTY)  # unit -> marked copies its package has no room for
    slips: Sequence[Slip] | None = None  # what all deliveries declared; None = to be looked up in `filed`
    rounds: Mapping[str, int] = field(default=EMPTY)  # unit -> returns sent, counting the ticks read tonight
    pairs: Sequence[Pair] = ()  # applications that may be one person's, or somebody's of the past under another number
    means: Means | None = None  # 测算月人均 of every application; None = to be looked up in `filed`

    @cached_property
    def household_means(self) -> Means:
        return means_of(self.filed, self.book) if self.means is None else self.means

    @cached_property
    def paired(self) -> Mapping[frozenset[tuple[str, int]], Pair]:
        """(file|sheet, row) of both sides -> pair."""
        return {frozenset({(p.a.sheet, p.a.row), (p.b.sheet, p.b.row)}): p for p in self.pairs}

    @cached_property
    def last_year(self) -> Mapping[Spot, tuple[str, str]]:
        """Where R3 names somebody -> his name and the last four signs of his number."""
        return self._named_in("R3")

    @cached_property
    def registered_people(self) -> Mapping[Spot, tuple[str, str]]:
        """Likewise for every register that says who may be missing: the office's own, no school reads of them."""
        return {**self._named_in("R2"), **self._named_in("R11"), **self.last_year}

    def _named_in(self, name: str) -> Mapping[Spot, tuple[str, str]]:
        register = self.office.registers.get(name)
        rows = zip(register.rows, register.sources, strict=True) if register else ()
        return {
            (p.file, p.sheet, p.cell): (
                str(r.get("name") or r.raw.get("name", "")),
                str(r.get("id_tail") or "") or str(r.get("id_number") or "")[-4:],
            )
            for r, p in rows
        }

    @cached_property
    def declared(self) -> Sequence[Slip]:
        return declared(self.filed) if self.slips is None else self.slips

    @property
    def words(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.book.words["papers"]
        return found

    @cached_property
    def lexicon(self) -> Lexicon:
        found = self.book.words.get("lexicon")
        return build_lexicon(found) if found else PLAIN

    def rule(self, finding: Finding) -> Rule | None:
        return self.book.rules.get(finding.rule)

    def severity(self, finding: Finding) -> str:
        rule = self.rule(finding)
        return finding.severity or (rule.severity if rule else "error")

    def cure(self, finding: Finding) -> str:
        rule = self.rule(finding)
        return finding.cure or (rule.cure if rule else "R")

    def is_hint(self, finding: Finding) -> bool:
        """Whether matching gives the pair or household behind it no more than a hint."""
        return str(self.book.words["people"]["grades"]["hint"]) == finding.facts.get("grade")

    @cached_property
    def open(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.status not in CLOSED)

    @cached_property
    def ruled(self) -> tuple[Finding, ...]:
        """Findings a decision or a school's explanation has closed: they stay told, and count nowhere as open."""
        return tuple(f for f in self.findings if f.status in RULED)

    @cached_property
    def by_unit(self) -> Mapping[str, tuple[Finding, ...]]:
        groups: dict[str, list[Finding]] = defaultdict(list)
        for finding in self.findings:
            groups[finding.unit or ""].append(finding)
        return {unit: tuple(found) for unit, found in groups.items()}

    @cached_property
    def by_rule(self) -> Mapping[str, tuple[Finding, ...]]:
        groups: dict[str, list[Finding]] = defaultdict(list)
        for finding in self.open:
            groups[finding.rule].append(finding)
        return {rule: tuple(found) for rule, found in groups.items()}

    @cached_property
    def unit_of_file(self) -> Mapping[str, str | None]:
        """Path -> the unit it belongs to."""
        return {f.arrival.path: f.unit for f in reversed(self.filed)}

    @cached_property
    def blocked(self) -> Mapping[str, frozenset[str]]:
        """File -> rules that could not run on it."""
        groups: dict[str, set[str]] = defaultdict(set)
        for c in self.coverage:
            for subject in c.subjects if c.verdict == "could_not_run" else ():
                groups[subject].add(c.rule)
        return {subject: frozenset(rules) for subject, rules in groups.items()}

    @cached_property
    def ran(self) -> frozenset[str]:
        """Rules that gave a verdict somewhere tonight; a nought of any other rule would be a guess."""
        return frozenset(c.rule for c in self.coverage if c.verdict in JUDGED)

    @cached_property
    def _files(self) -> Mapping[str, Sequence[Filed]]:
        groups: dict[str, list[Filed]] = defaultdict(list)
        for one in self.filed:
            groups[one.arrival.path].append(one)
        return groups

    def table(self, file: str | None, sheet: str | None, sha256: str | None = None) -> Table | None:
        """A sheet of this path: of the delivery with those bytes, else of the one that counts, else of the newest that has it."""
        named = [(f, t) for f in self._files.get(file or "", ()) for t in f.document.tables if t.sheet == (sheet or "")]
        counting = [t for f, t in named if t.form in f.current]
        own = [t for f, t in named if f.arrival.sha256 == sha256]
        found = own or counting or [t for _, t in named]
        return found[-1] if found else None

    @cached_property
    def filed_of(self) -> Mapping[str, tuple[Filed, ...]]:
        groups: dict[str, list[Filed]] = defaultdict(list)
        for one in self.filed:
            groups[one.unit or ""].append(one)
        return {unit: tuple(files) for unit, files in groups.items()}

    @cached_property
    def states_of(self) -> Mapping[str, tuple[FormState, ...]]:
        groups: dict[str, list[FormState]] = defaultdict(list)
        for (unit, _), state in self.district.states.items():
            groups[unit].append(state)
        return {unit: tuple(states) for unit, states in groups.items()}

    @cached_property
    def registered(self) -> Mapping[str, Unit]:
        return {unit.code: unit for unit in reversed(self.office.units)}

    @cached_property
    def sending(self) -> tuple[str, ...]:
        """Units with a package tonight, in R1 order: those whose return changed since it was last ticked as sent."""
        chosen = {u for u in self.filed_of if u} if self.to_send is None else self.to_send
        return tuple(code for code in self.units if code in chosen)

    @cached_property
    def units(self) -> tuple[str, ...]:
        """Codes in R1 order, then units that sent something and stand in no register."""
        known = [u.code for u in self.office.units]
        seen = {unit for unit, _ in self.district.states} | set(self.district.by_unit)
        return (*known, *sorted(seen - set(known)))

    def unit_name(self, code: str | None) -> str:
        unit = self.registered.get(code or "")
        return unit.name if unit else code or ""

    def short_name(self, code: str | None) -> str:
        unit = self.registered.get(code or "")
        return (unit.short or unit.name) if unit else code or ""

    def folder(self, code: str) -> str:
        """The unit's folder in units/ and stem in send/: code and short name, without what a file name cannot hold. Files of
        no unit lie in a folder of their own."""
        if code not in self._folders:
            self._folders[code] = self._folder(code)
        return self._folders[code]

    def _folder(self, code: str) -> str:
        if not code:
            return str(self.words["unassigned_folder"])
        name = self.short_name(code)
        stem = f"{code}_{name}" if name != code else code
        return "".join("_" if c in '\\/:*?"<>|' or ord(c) < 32 else c for c in stem).rstrip(". ")

    def state_word(self, state: FormState) -> str:
        """A state as a paper prints it: one that was noted by telephone says so."""
        return state.state + str(self.words["phoned"]) if state.phoned else state.state

    def state_key(self, word: str) -> str:
        """Our key of a state's word: passed for the word a paper prints."""
        return self._state_keys.get(word, word)

    @cached_property
    def _state_keys(self) -> Mapping[str, str]:
        return {word: key for key, word in reversed(self.words["states"].items())}

    @cached_property
    def _folders(self) -> dict[str, str]:
        return {}
