"""A home in, the raw material of a verification out: lines, file names and bytes exactly as they lie on disk, nothing judged."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.home.archive import objects
from pipeline.home.disk import environment
from pipeline.home.layout import Home
from pipeline.home.schemas import home_words
from pipeline.ledger import Line, integrity, read_lines
from pipeline.model import WennuanError

LEAST = 8  # signs of a run id that may stand for it


@dataclass(frozen=True, slots=True)
class Evidence:
    """`nights`, `sealed` and `objects` are read while they are walked through, once. `sealed`: of every night not read in
    full its manifest and the names of its files. `listings`: the objects lines name as inputs."""

    lines: tuple[Line, ...]
    structure: str  # of the database file: ok, or what is wrong
    folders: frozenset[str]  # every name under nights/
    nights: Iterable[tuple[str, Iterable[tuple[str, bytes]]]]
    sealed: Iterable[tuple[str, bytes, frozenset[str]]]
    names: frozenset[str]  # every file name in the archive
    objects: Iterable[tuple[str, bytes]]
    listings: Mapping[str, bytes]


def gather(home: Home, run: str = "", deep: bool = False) -> Evidence:
    """`run`: "" = the newest night, else its id, a head of it that no other shares, or its number as papers print it: read
    file by file; of the others manifest and names. With `deep` every night and every object is read. Raises WennuanError (2)
    for an unknown run."""
    lines = read_lines(home.ledger)
    with environment(home.outbox):
        folders = frozenset(p.name for p in home.nights.iterdir()) if home.nights.is_dir() else frozenset()
        newest = max((f for f in folders if any(f in line.text for line in lines[-1:])), default="")
        asked = _run_of(run, lines, folders) if run else newest
        wanted = sorted(folders) if deep else [f for f in (asked,) if f in folders]
        names = frozenset(
            p.relative_to(home.archive).as_posix() for p in _files(home.archive) if ".staging" not in p.parts
        )
    return Evidence(
        lines=lines,
        structure=integrity(home.ledger) if lines else "ok",
        folders=folders,
        nights=((name, _contents(home.nights / name)) for name in wanted),
        sealed=(_outline(home.nights / name) for name in sorted(folders.difference(wanted))),
        names=names,
        objects=_contents(home.archive) if deep else (),
        listings=_listings(home, lines),
    )


def _run_of(text: str, lines: tuple[Line, ...], folders: frozenset[str]) -> str:
    """The id of the one night meant."""
    numbers = {str(_said(line).get("run", "")): line.n for line in lines}
    runs = {*numbers, *folders} - {""}
    ways = home_words()["verify_by_number"]
    named = {r for r in runs if any(text == way.replace("{n}", str(numbers.get(r, ""))) for way in ways)}
    found = {text} & runs or named or {r for r in runs if len(text) >= LEAST and r.startswith(text)}
    if len(found) != 1:
        raise WennuanError("run_unknown", code=2, run=text)
    return found.pop()


def _said(line: Line) -> Mapping[str, object]:
    """What a line says; nothing where it was damaged."""
    try:
        said = json.loads(line.text)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _files(root: Path) -> list[Path]:
    return sorted(p for p in root.rglob("*") if p.is_symlink() or not p.is_dir()) if root.is_dir() else []


def _outline(root: Path) -> tuple[str, bytes, frozenset[str]]:
    """A night without its contents: its name, the bytes of its manifest (b"" where there is none), the names of its files."""
    manifest = root / "manifest.json"
    with environment(manifest):
        data = manifest.read_bytes() if manifest.is_file() else b""
    return root.name, data, frozenset(p.relative_to(root).as_posix() for p in _files(root))


def _contents(root: Path) -> Iterator[tuple[str, bytes]]:
    for place in _files(root):
        if ".staging" not in place.relative_to(root).parts:
            with environment(place):
                yield place.relative_to(root).as_posix(), place.read_bytes()


def _listings(home: Home, lines: tuple[Line, ...]) -> dict[str, bytes]:
    return {
        digest: place.read_bytes()
        for digest, place in objects(home).items()
        if any(digest in line.text for line in lines)
    }
