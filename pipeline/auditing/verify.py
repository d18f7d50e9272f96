"""Lines, files and objects of a home in; what does not fit together out. Written apart from what wrote them.

Everything is recomputed from raw bytes by the rules of contract.md 1. Kinds of problems are told apart: a changed line,
a missing line, a cut tail, a rewritten ledger, a changed, missing or foreign file, a changed or missing object.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.home.evidence import Evidence
from pipeline.model import WennuanError

ANCHOR = re.compile(r"([0-9]{1,9}):([0-9a-f]{12,64})")
OBJECT = re.compile(r"([0-9a-f]{2})/((?:\1)[0-9a-f]{62})\.[a-z0-9]{1,8}")
Problem = dict[str, Any]


@dataclass(slots=True)
class Tally:
    """How much was looked at, and the earlier heads that the nights themselves print: each is an anchor."""

    checked: dict[str, int]
    printed: list[tuple[int, str]] = field(default_factory=list)


def parse_anchor(text: str) -> tuple[int, str]:
    """`12:3fa9…` as printed on paper -> (12, hash). Raises WennuanError (code 2)."""
    match = ANCHOR.fullmatch(text.strip().lower())
    if not match:
        raise WennuanError("anchor_form", code=2, text=text)
    return int(match.group(1)), match.group(2)


def verify(evidence: Evidence, anchors: Sequence[tuple[int, str]] = ()) -> dict[str, Any]:
    """{ok, head, checked, problems}; a log longer than an anchor is normal.

    `checked` counts lines, nights read file by file (and their outputs), nights of which seal and file names were compared
    (sealed), and objects.
    """
    lines = [(n, text, head, _json(text)) for n, text, head in evidence.lines]
    tally = Tally({"lines": len(lines), "nights": 0, "sealed": 0, "outputs": 0, "objects": 0})
    problems: list[Problem] = []
    if evidence.structure != "ok":
        problems.append({"kind": "ledger_structure", "detail": evidence.structure[:200]})
    problems += _chain(evidence.lines)
    problems += _anchored(evidence.lines, anchors)
    problems += _inputs(lines, evidence)
    problems += _folders(lines, evidence)
    by_run = {str(line.get("run")): (n, line) for n, _, _, line in lines}
    for run, files in evidence.nights:
        if run in by_run:
            problems += _night(run, by_run[run], files, tally)
    for run, manifest, names in evidence.sealed:
        if run in by_run:
            problems += _outline(run, by_run[run], manifest, names, tally)
    problems += _anchored(evidence.lines, [a for a in tally.printed if a not in anchors])
    problems += _objects(evidence.objects, tally)
    head = f"{lines[-1][0]}:{lines[-1][2]}" if lines else ""
    return {"ok": not problems, "head": head, "checked": tally.checked, "problems": problems}


def worded(problem: Problem, words: Mapping[str, str]) -> str:
    """One line for a reader, from the `verify:` wording."""
    text = words.get(problem["kind"], problem["kind"])
    for name, value in problem.items():
        text = text.replace("{" + name + "}", str(value))
    return text


def _json(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _sealed(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _chain(lines: Iterable[tuple[int, str, str]]) -> Iterator[Problem]:
    """Each line against the head stored before it: the first altered one is named, not all that follow."""
    before, expected = "", 1
    for n, text, head in lines:
        for missing in range(expected, n):
            yield {"kind": "line_missing", "n": missing}
        broken = hashlib.sha256((before + text).encode("utf-8")).hexdigest() != head
        if n == expected and (broken or _json(text).get("n") != n):
            yield {"kind": "line_altered", "n": n}
        before, expected = head, n + 1


def _anchored(lines: Sequence[tuple[int, str, str]], anchors: Iterable[tuple[int, str]]) -> Iterator[Problem]:
    heads = {n: head for n, _, head in lines}
    last = max(heads, default=0)
    for n, hash_ in anchors:
        anchor = f"{n}:{hash_}"
        if n > last:
            yield {"kind": "log_shorter", "n": n, "anchor": anchor}
        elif not heads.get(n, "").startswith(hash_):
            yield {"kind": "anchor_mismatch", "n": n, "anchor": anchor}


def _inputs(lines: Sequence[tuple[int, str, str, dict[str, Any]]], evidence: Evidence) -> Iterator[Problem]:
    """Every object a night names is there, and its input seal follows from them."""
    there = {name.rpartition("/")[2].partition(".")[0] for name in evidence.names}
    told: set[str] = set()
    seals = {n: str(line.get("seal", "")) for n, _, _, line in lines}
    for n, _, _, line in lines:
        data = evidence.listings.get(str(line.get("inputs")))
        if data is None or hashlib.sha256(data).hexdigest() != line.get("inputs"):
            kind = "object_missing" if data is None else "object_altered"
            yield {"kind": kind, "n": n, "path": str(line.get("inputs"))}
            continue
        listing = _json(data.decode("utf-8", "replace"))
        for digest, path in _named(listing):
            if digest not in there and digest not in told:
                told.add(digest)
                yield {"kind": "object_missing", "n": n, "path": path, "sha256": digest}
        if _input_seal(listing, line, seals.get(n - 1, "")) != line.get("input_seal"):
            yield {"kind": "input_seal_differs", "n": n}


def _named(listing: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield str(listing.get("season")), "season.toml"
    for part in ("schemas", "templates"):
        for path, digest in listing.get(part, []):
            yield digest, f"{part}/{path}"
    for row in listing.get("arrivals", []):
        yield row[1], f"inbox/{row[0]}"


def _input_seal(listing: Mapping[str, Any], line: Mapping[str, Any], previous: str) -> str:
    arrivals = listing.get("arrivals", [])
    return _sealed({
        "previous": previous,
        "as_of": line.get("as_of"),
        "inputs": sorted(row[:3] for row in arrivals if row[4] != "decision"),
        "decisions": sorted(row[:3] for row in arrivals if row[4] == "decision"),
        "season": listing.get("season"),
        "schemas": listing.get("schemas"),
        "templates": listing.get("templates"),
        "program": line.get("program"),
    })  # fmt: skip


def _folders(lines: Sequence[tuple[int, str, str, dict[str, Any]]], evidence: Evidence) -> Iterator[Problem]:
    runs = {str(line.get("run")): n for n, _, _, line in lines}
    for run, n in runs.items():
        if run not in evidence.folders:
            yield {"kind": "night_missing", "n": n, "run": run}
    for run in sorted(evidence.folders - runs.keys()):
        yield {"kind": "night_stranger", "run": run}


def _night(
    run: str, entry: tuple[int, Mapping[str, Any]], files: Iterable[tuple[str, bytes]], tally: Tally
) -> Iterator[Problem]:
    """One night's folder against its manifest, and the manifest against the ledger's seal."""
    n, line = entry
    hashes: dict[str, str] = {}
    manifest: dict[str, Any] = {}
    for path, data in files:
        if path == "manifest.json":
            manifest = _json(data.decode("utf-8", "replace"))
        else:
            hashes[path] = hashlib.sha256(data).hexdigest()
    tally.checked["nights"] += 1
    tally.checked["outputs"] += len(hashes)
    named = _named_by(manifest, line, tally)
    if named is None:
        yield {"kind": "manifest_altered", "n": n, "run": run}
        return  # nothing can be said against a list that is not the sealed one
    for path in sorted(named.keys() | hashes.keys()):
        if hashes.get(path) != named.get(path):
            kind = (
                "output_missing" if path not in hashes else "output_stranger" if path not in named else "output_altered"
            )
            yield {"kind": kind, "n": n, "run": run, "path": path}


def _outline(
    run: str, entry: tuple[int, Mapping[str, Any]], manifest: bytes, names: frozenset[str], tally: Tally
) -> Iterator[Problem]:
    """A night that is not read in full: its manifest against the ledger's seal, the names of its files against the manifest."""
    n, line = entry
    tally.checked["sealed"] += 1
    named = _named_by(_json(manifest.decode("utf-8", "replace")), line, tally)
    if named is None:
        yield {"kind": "manifest_altered", "n": n, "run": run}
        return
    there = names - {"manifest.json"}
    for path in sorted(named.keys() ^ there):
        yield {"kind": "output_missing" if path in named else "output_stranger", "n": n, "run": run, "path": path}


def _named_by(manifest: Mapping[str, Any], line: Mapping[str, Any], tally: Tally) -> Mapping[str, str] | None:
    """path -> sha256 by a manifest that bears the ledger's seal, else None; the head it prints becomes an anchor."""
    seal = _sealed({key: value for key, value in manifest.items() if key != "seal"})
    if not seal == manifest.get("seal") == line.get("seal"):
        return None
    if match := ANCHOR.fullmatch(str(manifest.get("previous", ""))):
        tally.printed.append((int(match.group(1)), match.group(2)))
    files: Mapping[str, str] = manifest.get("files", {})
    return files


def _objects(objects: Iterable[tuple[str, bytes]], tally: Tally) -> Iterator[Problem]:
    for name, data in objects:
        tally.checked["objects"] += 1
        match = OBJECT.fullmatch(name)
        if not match:
            yield {"kind": "object_misnamed", "path": name}
        elif hashlib.sha256(data).hexdigest() != match.group(2):
            yield {"kind": "object_altered", "path": name}
