"""A home's ledger, archive and newest night in, the Past out: nothing but the ledger and the archive is needed to go on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pipeline.home.archive import read_object
from pipeline.home.layout import Home
from pipeline.home.receive import arrivals_of
from pipeline.home.seal import manifest_seal
from pipeline.ledger import past_of
from pipeline.model import EMPTY, Past


def past_nights(home: Home) -> Past:
    """Everything earlier nights left behind. Raises WennuanError (code 5) when ledger or archive were altered."""
    past, last = past_of(home.ledger)
    if not last:
        return past
    listing = json.loads(read_object(home, str(last["inputs"])))
    totals = json.loads(night_file(home, past, "run.json") or b"{}").get("totals", EMPTY)
    return replace(past, arrivals=arrivals_of(listing), totals=totals)


def shown_last(home: Home, past: Past) -> dict[str, Mapping[str, Any]]:
    """finding id -> its entry in the newest night's findings.json; {} when that night's folder is gone."""
    entries = json.loads(night_file(home, past, "findings.json") or b"[]")
    return {entry["id"]: entry for entry in entries}


def last_lines(home: Home) -> Mapping[str, Mapping[str, str]]:
    """unit -> code of the closing form -> what the newest night accepted; {} before the first."""
    past, _ = past_of(home.ledger)
    found: Mapping[str, Mapping[str, str]] = json.loads(night_file(home, past, "run.json") or b"{}").get("lines", EMPTY)
    return found


def night_file(home: Home, past: Past, path: str, manifest: Mapping[str, str] | None = None) -> bytes | None:
    """One file of the newest night as it was sealed; None when the folder is gone or the file is not what was sealed.
    `manifest`: the night's sealed_manifest, for a caller who asks for many files."""
    manifest = sealed_manifest(home, past) if manifest is None else manifest
    file = home.nights / past.run / path
    if path not in manifest or not file.is_file():
        return None
    data = file.read_bytes()
    return data if hashlib.sha256(data).hexdigest() == manifest[path] else None


def sealed_manifest(home: Home, past: Past) -> Mapping[str, str]:
    """path -> sha256 of the newest night, if its manifest carries the ledger's seal; else {}."""
    place = home.nights / past.run / "manifest.json"
    if not past.run or not place.is_file():
        return {}
    try:
        manifest = json.loads(place.read_bytes())
        sealed = manifest["seal"] == past.seal == manifest_seal(manifest)
    except (ValueError, KeyError, TypeError):
        return {}
    files: Mapping[str, str] = manifest["files"] if sealed else {}
    return files


def take_over(
    home: Home, past: Past, folder: str, *others: str, manifest: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """path -> Path of a unit's papers in the newest night (`units/<code>_<name>`), {} unless all are as sealed.

    `others`: single files beside the folder, taken along if there. The values go into `deliver`, which links or copies
    them byte for byte. `manifest`: the night's sealed_manifest, for a caller who asks for many units.
    """
    sealed = sealed_manifest(home, past) if manifest is None else manifest
    inside = folder.rstrip("/") + "/"
    last = home.nights / past.run
    papers = {path: last / path for path in sealed if path.startswith(inside) or path in others}
    whole = all(_says(place, sealed[path]) for path, place in papers.items())
    return dict(papers) if whole and any(path.startswith(inside) for path in papers) else {}


def _says(place: Path, digest: str) -> bool:
    try:
        with place.open("rb", buffering=0) as file:
            return hashlib.sha256(file.read()).hexdigest() == digest
    except OSError:
        return False
