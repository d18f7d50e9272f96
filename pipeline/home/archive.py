"""Content-addressed objects: bytes in, their sha256 out; an object is written once, read-only, and never changed."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.home.disk import (
    BINARY,
    NO_FOLLOW,
    WINDOWS,
    discard,
    environment,
    make_folder,
    sync_all,
    sync_folder,
    write_all,
    write_new,
)
from pipeline.home.layout import MODE_FILE, MODE_OBJECT, Home
from pipeline.model import WennuanError

CHUNK = 1 << 20
SUFFIX = re.compile(r"[a-z0-9]{1,8}")
OBJECT = re.compile(r"([0-9a-f]{64})\.[a-z0-9]{1,8}")


@dataclass(slots=True)
class Intake:
    """Objects known so far and those staged tonight (sha256 -> staged path), not yet part of the archive."""

    home: Home
    known: dict[str, Path]
    staged: dict[str, tuple[Path, Path]] = field(default_factory=dict)


def open_intake(home: Home) -> Intake:
    """Forget what a broken night left staged; list the objects there are."""
    with environment(home.archive):
        make_folder(home.archive)
        discard(home.archive / ".staging")
    return Intake(home, objects(home))


def objects(home: Home) -> dict[str, Path]:
    """sha256 -> path of every object, by name only."""
    found = {}
    if home.archive.is_dir():
        for folder in home.archive.iterdir():
            if len(folder.name) == 2 and folder.is_dir():
                for place in folder.iterdir():
                    if match := OBJECT.fullmatch(place.name):
                        found[match.group(1)] = place
    return found


def keep_stream(intake: Intake, fd: int, name: str) -> tuple[str, int]:
    """Copy an open file to staging unless its content is known; (sha256, size) of what was kept, from this one fd."""
    digest, size = _digest(fd)
    if digest in intake.known or digest in intake.staged:
        return digest, size
    os.lseek(fd, 0, os.SEEK_SET)
    aside = _aside(intake)
    with environment(aside):
        out = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | BINARY | NO_FOLLOW, MODE_FILE)
        try:
            hasher, size = hashlib.sha256(), 0
            while chunk := os.read(fd, CHUNK):
                hasher.update(chunk)
                size += len(chunk)
                write_all(out, chunk)
        finally:
            os.close(out)
    digest = hasher.hexdigest()  # what was copied decides, should the source have moved between the two readings
    if digest in intake.known or digest in intake.staged:
        aside.unlink()
    else:
        intake.staged[digest] = (aside, _target(intake.home, digest, name))
    return digest, size


def keep_bytes(intake: Intake, data: bytes, name: str) -> str:
    """The sha256 of a value of ours (settings, schemas, listings), staged unless known."""
    digest = hashlib.sha256(data).hexdigest()
    if digest not in intake.known and digest not in intake.staged:
        aside = _aside(intake)
        with environment(aside):
            aside.unlink(missing_ok=True)
            write_new(aside, data)
        intake.staged[digest] = (aside, _target(intake.home, digest, name))
    return digest


def commit(intake: Intake) -> int:
    """Make everything staged durable and part of the archive: fsync, rename, fsync of the folders. How many."""
    staged = list(intake.staged.items())
    if not staged:
        return 0
    with environment(intake.home.archive):
        sync_all((aside for _, (aside, _) in staged), ())
        folders: set[Path] = set()
        for digest, (aside, target) in staged:
            if target.parent not in folders:
                make_folder(target.parent)
                folders.add(target.parent)
            if not WINDOWS:  # a read-only file cannot be deleted there, not even by purge
                aside.chmod(MODE_OBJECT)
            aside.replace(target)
            intake.known[digest] = target
        sync_all((), folders)
        sync_folder(intake.home.archive)
        discard(intake.home.archive / ".staging")
    intake.staged.clear()
    return len(staged)


def read_object(home: Home, digest: str) -> bytes:
    """The bytes of one object, checked. Raises WennuanError (code 5) when it is missing or altered."""
    folder = home.archive / digest[:2]
    path = (
        min((p for p in folder.iterdir() if p.name.startswith(f"{digest}.")), default=None) if folder.is_dir() else None
    )
    if path is None:
        raise WennuanError("object_missing", code=5, digest=digest[:12])
    with environment(path):
        data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != digest:
        raise WennuanError("object_altered", code=5, digest=digest[:12], path=path)
    return data


def read_objects(home: Home, digests: Iterable[str]) -> dict[str, bytes]:
    return {digest: read_object(home, digest) for digest in dict.fromkeys(digests)}


def suffix_of(name: str) -> str:
    """The last part of a file name if it is a plain suffix, else `bin`: never a word of a person in an object's name."""
    last = name.rpartition(".")[2].lower() if "." in name else ""
    return last if SUFFIX.fullmatch(last) else "bin"


def _aside(intake: Intake) -> Path:
    folder = intake.home.archive / ".staging"
    if not intake.staged:
        with environment(folder):
            make_folder(folder)
    return folder / f"{len(intake.staged)}.part"


def _target(home: Home, digest: str, name: str) -> Path:
    return home.archive / digest[:2] / f"{digest}.{suffix_of(name)}"


def _digest(fd: int) -> tuple[str, int]:
    hasher, size = hashlib.sha256(), 0
    while chunk := os.read(fd, CHUNK):
        hasher.update(chunk)
        size += len(chunk)
    return hasher.hexdigest(), size
