"""The inbox in, every delivery ever received out: bytes go to the archive first, and what was received stays received."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from pipeline.home.archive import Intake, commit, keep_bytes, keep_stream, open_intake
from pipeline.home.disk import BINARY, NO_FOLLOW, NO_WAIT, environment
from pipeline.home.layout import SENTINELS, Home, area_of
from pipeline.home.names import shown
from pipeline.home.schemas import schema_files, template_files
from pipeline.home.season import parse_season
from pipeline.ledger import canonical
from pipeline.model import Arrival, Past, WennuanError

SETTLE = 1.5  # seconds a file must stay untouched before it counts as completely copied
LARGEST = 1 << 30


@dataclass(frozen=True, slots=True)
class Refused:
    """A name in the inbox that is no file we take: why = link | special | unreadable | too_large."""

    path: str
    why: str


@dataclass(frozen=True, slots=True)
class Inputs:
    """All a night reads. `listing` is the archive object naming every input; `waiting` paths are still being copied."""

    as_of: date
    arrivals: tuple[Arrival, ...]
    refused: tuple[Refused, ...]
    waiting: tuple[str, ...]
    season: bytes
    schemas: Mapping[str, bytes]
    templates: Mapping[str, bytes]
    listing: str
    digests: Mapping[str, object]  # season, schemas, templates as sha256 or sorted [path, sha256]


@dataclass(frozen=True, slots=True)
class _Settings:
    season: bytes
    schemas: Mapping[str, bytes]
    templates: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class _Spot:
    path: str
    place: Path
    look: tuple[int, int]  # mtime_ns, size


def receive(home: Home, as_of: date, past: Past, settle: float = SETTLE) -> Inputs:
    """Take over what arrived since the last night; the inbox itself is only read.

    Raises WennuanError: code 2 when as_of precedes the newest night (of a real season) or season.toml is wrong, code 5 when the inbox is
    missing or seems unmounted, or the disk refuses.
    """
    if not past.sample:  # whether sample nights count is known once their inbox has been read
        in_order(as_of, past)
    settings = _settings(home)
    zone = ZoneInfo(parse_season(settings.season).timezone)
    spots, refused = _look(home)
    _mounted(home, spots, refused, past)
    _let_settle(spots, settle)
    intake = open_intake(home)
    taken, waiting = _take(intake, spots, refused, zone)
    arrivals = _arrivals(taken, {spot.path for spot in spots}, past, as_of)
    listing, digests = _listed(intake, settings, arrivals)
    commit(intake)
    refused.sort(key=lambda r: r.path)
    return Inputs(
        as_of,
        arrivals,
        tuple(refused),
        tuple(waiting),
        settings.season,
        settings.schemas,
        settings.templates,
        listing,
        digests,
    )


def in_order(as_of: date, past: Past) -> None:
    """Raises WennuanError (2) for a day before the newest night's."""
    if past.as_of and as_of < past.as_of:
        raise WennuanError("as_of_before", code=2, as_of=as_of, last=past.as_of)


def _settings(home: Home) -> _Settings:
    with environment(home.root):
        return _Settings(home.season.read_bytes(), schema_files(home), template_files(home))


def _look(home: Home) -> tuple[list[_Spot], list[Refused]]:
    """Every name under inbox/, in path order; links are not followed and only regular files are taken."""
    spots: list[_Spot] = []
    refused: list[Refused] = []
    for path, entry in _walk(home.inbox, "", refused):
        try:
            info = entry.stat(follow_symlinks=False)
        except OSError:
            refused.append(Refused(path, "unreadable"))
            continue
        if entry.is_symlink() or not stat.S_ISREG(info.st_mode):
            refused.append(Refused(path, "link" if entry.is_symlink() else "special"))
        elif info.st_size > LARGEST:
            refused.append(Refused(path, "too_large"))
        elif not (entry.name in SENTINELS and info.st_size == 0):
            spots.append(_Spot(path, Path(entry.path), (info.st_mtime_ns, info.st_size)))
    return sorted(spots, key=lambda s: s.path), refused


def _walk(folder: Path, prefix: str, refused: list[Refused]) -> Iterator[tuple[str, os.DirEntry[str]]]:
    try:
        with os.scandir(folder) as entries:
            found = list(entries)
    except OSError:
        if not prefix:
            raise WennuanError("inbox_missing", code=5, path=folder) from None
        refused.append(Refused(prefix, "unreadable"))
        return
    for entry in found:
        path = prefix + shown(entry.name)
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(Path(entry.path), path + "/", refused)
        else:
            yield path, entry


def _mounted(home: Home, spots: list[_Spot], refused: list[Refused], past: Past) -> None:
    """An inbox without so much as its sentinel, where files stood before, is a lost mount and not "nothing delivered"."""
    if spots or refused or not any(a.present for a in past.arrivals):
        return
    with environment(home.inbox):
        if not any(home.inbox.iterdir()):
            raise WennuanError("inbox_unmounted", code=5, path=home.inbox)


def _let_settle(spots: list[_Spot], settle: float) -> None:
    """Wait once, until the youngest file has had its time to change."""
    now = time.time()
    ages = [abs(now - spot.look[0] / 1e9) for spot in spots]
    if settle > 0 and any(age < settle for age in ages):
        time.sleep(settle - min(ages))


def _take(
    intake: Intake, spots: list[_Spot], refused: list[Refused], zone: ZoneInfo
) -> tuple[list[tuple[str, str, int, date | None]], list[str]]:
    """(path, sha256, size, day of its mtime) of every complete file, its bytes staged; and those still growing."""
    taken, waiting = [], []
    for spot in spots:
        try:
            fd = os.open(spot.place, os.O_RDONLY | BINARY | NO_FOLLOW | NO_WAIT)
        except OSError:
            refused.append(Refused(spot.path, "unreadable"))
            continue
        try:
            before = os.fstat(fd)
            if not stat.S_ISREG(before.st_mode):
                refused.append(Refused(spot.path, "special"))
                continue
            digest, size = keep_stream(intake, fd, spot.path)
            after = os.fstat(fd)
        finally:
            os.close(fd)
        looks = {
            spot.look,
            (before.st_mtime_ns, before.st_size),
            (after.st_mtime_ns, after.st_size),
            (after.st_mtime_ns, size),
        }
        if len(looks) > 1:
            waiting.append(spot.path)
        else:
            taken.append((spot.path, digest, size, _day(after.st_mtime, zone)))
    return taken, waiting


def _day(mtime: float, zone: ZoneInfo) -> date | None:
    try:
        return datetime.fromtimestamp(mtime, zone).date()
    except (OverflowError, ValueError, OSError):  # a clock from another world
        return None


def _arrivals(
    taken: list[tuple[str, str, int, date | None]], standing: set[str], past: Past, as_of: date
) -> tuple[Arrival, ...]:
    """Earlier deliveries stay; a path's bytes that differ from its latest delivery make a new one (contract.md 3)."""
    known = [replace(a, new=False, present=a.path in standing) for a in past.arrivals]
    latest = {a.path: a.sha256 for a in known}
    out = list(known)
    for path, digest, size, day in taken:
        if latest.get(path) != digest:
            received = min(max(day or as_of, past.as_of or date.min), as_of)
            out.append(Arrival(path, digest, received, size, area_of(path), True, True, past.night + 1, len(out) + 1))
    return tuple(out)


def _listed(intake: Intake, files: _Settings, arrivals: tuple[Arrival, ...]) -> tuple[str, dict[str, object]]:
    """Archive the settings too, and the listing that lets the season survive without its nights: (its sha256, digests)."""
    digests: dict[str, object] = {
        "season": keep_bytes(intake, files.season, "season.toml"),
        "schemas": [[path, keep_bytes(intake, data, path)] for path, data in sorted(files.schemas.items())],
        "templates": [[path, keep_bytes(intake, data, path)] for path, data in sorted(files.templates.items())],
    }
    rows = [[a.path, a.sha256, a.received.isoformat(), a.size, a.area, a.present, a.night] for a in arrivals]
    listing = canonical({"arrivals": rows, **digests}).encode("utf-8")
    return keep_bytes(intake, listing, "inputs.json"), digests


def arrivals_of(listing: Mapping[str, object]) -> tuple[Arrival, ...]:
    """The deliveries an archived listing names, in order of arrival."""
    rows = listing["arrivals"]
    assert isinstance(rows, list)
    return tuple(
        Arrival(path, digest, date.fromisoformat(received), size, area, present, False, night, order)
        for order, (path, digest, received, size, area, present, night) in enumerate(rows, 1)
    )
