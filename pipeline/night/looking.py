"""A home in, what a night would see of it out, without writing anything: the office's files now, or single files judged."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from pipeline.book.load import load_book
from pipeline.book.spec import Book
from pipeline.checking import check
from pipeline.checking.registry import rule_kinds
from pipeline.home.archive import read_object
from pipeline.home.layout import AREAS, SENTINELS, Home
from pipeline.home.remembering import past_nights, shown_last
from pipeline.home.schemas import schema_files
from pipeline.home.season import parse_season
from pipeline.merging import standing
from pipeline.model import Arrival, Document, Finding, Office, Past, Season
from pipeline.night.judging import Judged, judge
from pipeline.office import lay_office
from pipeline.reading.hands import read_batch

Files = Sequence[tuple[Arrival, bytes]]


def ground_of(home: Home) -> tuple[Book, Season]:
    """Raises WennuanError (2) naming every mistake in season.toml or schemas/."""
    season = parse_season(home.season.read_bytes())
    return load_book(schema_files(home), season, rule_kinds()), season


def office_files(home: Home, as_of: date) -> list[tuple[Arrival, bytes]]:
    """Registers and decisions as a night would have them: those received earlier, and what lies in the inbox now."""
    past = past_nights(home)
    found = {a.path: (a, read_object(home, a.sha256)) for a in past.arrivals if a.area != "form"}
    for folder, area in AREAS.items():
        root = home.inbox / folder
        for place in sorted(
            p for p in root.rglob("*") if p.is_file() and not p.is_symlink() and p.name not in SENTINELS
        ):
            path = place.relative_to(home.inbox).as_posix()
            data = place.read_bytes()
            digest = hashlib.sha256(data).hexdigest()
            if path not in found or found[path][0].sha256 != digest:
                found[path] = (Arrival(path, digest, as_of, len(data), area), data)
    return [(replace(a, order=i), data) for i, (a, data) in enumerate(found.values(), 1)]


def office_now(home: Home, as_of: date) -> tuple[Book, Season, Office]:
    """The book, the season and the office's registers and decisions as they stand."""
    book, season = ground_of(home)
    files = office_files(home, as_of)
    documents = read_batch([(a.path, data) for a, data in files], book, season)
    office, noticed = lay_office([(a, d) for (a, _), d in zip(files, documents, strict=True)], book, season)
    return book, season, _standing(home, office, noticed, book, season, as_of)


def _standing(
    home: Home, office: Office, noticed: Sequence[Finding], book: Book, season: Season, as_of: date
) -> Office:
    """Without the decided rows an error holds back: as the newest night says, and of what no night has seen as it stands."""
    if not office.approvals:
        return office
    past = past_nights(home)
    shown = shown_last(home, past).values()
    seen = {(a.path, a.sha256) for a in past.arrivals} if shown else set()
    found = [
        Finding(e["rule"], file=e["file"], sha256=e["sha256"] or "", sheet=e["sheet"], row=e["row"], severity=e["severity"], status=e["status"])
        for e in shown
        if (e["file"], e["sha256"]) in seen
    ]  # fmt: skip
    if any((s.file, s.sha256) not in seen for s in office.approval_sheets):
        fresh = (*noticed, *check((), (), office, book, season, as_of, Past()).findings)
        found += [f for f in fresh if (f.file, f.sha256) not in seen]
    return standing(office, found, book)


@dataclass(frozen=True)
class Look:
    """One given file beside the office's: what a night would say were it the only form in the inbox."""

    judged: Judged
    documents: tuple[Document, ...]  # the file; a zip with its members


def look_at(files: Sequence[Path], home: Home, as_of: date) -> tuple[list[Look], Book, Season]:
    """Each file is judged by itself, so that two versions of one form both hear what is wrong with them."""
    book, season = ground_of(home)
    office = office_files(home, as_of)
    read = read_batch([(a.path, data) for a, data in office], book, season)
    laid = {
        (a.path, a.sha256): tuple(d for d in read if d.path == a.path or d.path.startswith(a.path + "!"))
        for a, _ in office
    }
    looks = []
    for place in files:
        arrival, data = _arrival(place, len(office) + 1, as_of)
        documents = tuple(read_batch([(arrival.path, data)], book, season))
        found = {**laid, (arrival.path, arrival.sha256): documents}
        looks.append(Look(judge([*(a for a, _ in office), arrival], found, book, season, as_of), documents))
    return looks, book, season


def _arrival(place: Path, order: int, as_of: date) -> tuple[Arrival, bytes]:
    """A file as given on the command line; it counts as received on the day of looking."""
    data = place.read_bytes()
    return Arrival(place.as_posix(), hashlib.sha256(data).hexdigest(), as_of, len(data), "form", order=order), data


def by_path(judged: Judged) -> Mapping[str, tuple[str | None, str]]:
    """path -> (unit, state) of every delivery."""
    return {f.arrival.path: (f.unit, f.state) for f in judged.filed}
