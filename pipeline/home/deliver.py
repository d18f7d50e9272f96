"""One night's files in, a complete sealed folder under nights/ out, or nothing: the ledger's COMMIT is the fact."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Collection, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline.home.disk import discard, environment, make_folder, sync_all, sync_folder, write_new
from pipeline.home.latest import point_to
from pipeline.home.layout import Home
from pipeline.home.plain import lines
from pipeline.home.seal import Plan, manifest_of
from pipeline.home.secret import fingerprint
from pipeline.ledger import Change, append_line, differences, encode, keyed
from pipeline.model import EMPTY, Night, Past

OWN = {"run.json", "manifest.json"}


def deliver(
    home: Home,
    plan: Plan,
    past: Past,
    *,
    record: Mapping[str, Any],
    staged: Mapping[str, bytes | Path],
    change: Change,
    secret: bytes,
    finished: datetime | None = None,
    ready: Mapping[str, str] | None = None,
) -> Night:
    """Stage, fsync, COMMIT, rename, fsync, latest. `staged`: path in the night -> bytes, or a Path of an earlier night.

    `ready`: what begin_delivery staged already.
    `record` is run.json without run, night, as_of, times, seals and outputs, which are added here. Exit code and
    findings of the Night are the caller's to add. Raises WennuanError (code 5) with nothing published, save that a
    failure after the COMMIT is rolled forward by the next start.
    """
    folder = home.staging / plan.run
    with environment(folder):
        if ready is None:
            discard(folder)
        outputs = {**(ready or {}), **_stage(folder, staged)}
        full = {
            **record,
            "run": plan.run,
            "night": plan.night,
            "as_of": plan.as_of.isoformat(),
            "started": plan.started.isoformat(timespec="seconds"),
            "finished": (finished or datetime.now(plan.started.tzinfo)).isoformat(timespec="seconds"),
            "input_seal": plan.input_seal,
            "previous": plan.previous,
            "listing": plan.listing,
            "outputs": dict(sorted(outputs.items())),
        }
        run_json = _pretty(full)
        write_new(folder / "run.json", run_json)
        manifest = manifest_of(plan, {**outputs, "run.json": hashlib.sha256(run_json).hexdigest()})
        write_new(folder / "manifest.json", _pretty(manifest))
        _sync(folder, staged, OWN)
    line = _line(plan, past, change, manifest["seal"], secret)
    head = append_line(home.ledger, plan.night, plan.previous_head, line)
    place = publish(home, plan.run)
    return Night(plan.run, plan.night, plan.as_of, f"{plan.night}:{head}", str(place), full)


def begin_delivery(home: Home, plan: Plan, files: Mapping[str, Path], known: Mapping[Path, str]) -> dict[str, str]:
    """Stage files of an earlier night ahead of what is still being made; path -> sha256, for `deliver`. `known`: sha256 of
    those that were looked at tonight: one that is linked is not read again."""
    folder = home.staging / plan.run
    with environment(folder):
        discard(folder)
        outputs = _stage(folder, files, known)
        _sync(folder, files)
    return outputs


def publish(home: Home, run: str) -> Path:
    """Move a committed night from staging to nights/ and let `latest` name it."""
    place = home.nights / run
    with environment(place):
        make_folder(home.nights)
        (home.staging / run).rename(place)
        sync_folder(home.nights)
        sync_folder(home.staging)
    point_to(home, run)
    return place


def _line(plan: Plan, past: Past, change: Change, seal: str, secret: bytes) -> str:
    return encode({
        "n": plan.night,
        "run": plan.run,
        "as_of": plan.as_of.isoformat(),
        "started": f"{plan.started:%Y%m%dT%H%M%S}",
        "program": plan.program,
        "inputs": plan.listing,
        "input_seal": plan.input_seal,
        "seal": seal,
        "key": fingerprint(secret),
        "deliveries": [[keyed(secret, "path", a.path), a.sha256, a.received.isoformat(), a.area] for a in plan.received],
        **differences(change, past, secret),
    })  # fmt: skip


def _stage(folder: Path, staged: Mapping[str, bytes | Path], known: Mapping[Path, str] = EMPTY) -> dict[str, str]:
    """Write or link every file; path -> sha256."""
    outputs = {}
    make_folder(folder)
    made = {""}
    for path, content in staged.items():
        target = f"{folder}/{_inside(path)}"
        place = path.rpartition("/")[0]
        if place not in made:
            make_folder(folder / place)
            made.add(place)
        if isinstance(content, bytes):
            write_new(Path(target), content)
            outputs[path] = hashlib.sha256(content).hexdigest()
        else:
            same = _link(content, target)
            outputs[path] = known.get(content, "") if same else ""
            outputs[path] = outputs[path] or hashlib.sha256(Path(target).read_bytes()).hexdigest()
    return outputs


def _inside(path: str) -> str:
    """A path of ours stays within the night: anything else is our own fault."""
    if not path or path in OWN or "\\" in path or not {"", ".", ".."}.isdisjoint(path.split("/")):
        raise ValueError(f"not a path inside a night: {path!r}")
    return path


def _link(source: Path, target: str) -> bool:
    """Whether it is the very same file now, and not a copy of it."""
    try:
        os.link(source, target, follow_symlinks=False)
    except (OSError, NotImplementedError):  # another disk, or a file system without links
        shutil.copyfile(source, target)
        Path(target).chmod(0o600)
        return False
    return True


def _sync(folder: Path, staged: Mapping[str, bytes | Path], own: Collection[str] = ()) -> None:
    """Files that are not an earlier night's already, then every folder that names one, the innermost first."""
    linked = {
        path
        for path, content in staged.items()
        if isinstance(content, Path) and Path(f"{folder}/{path}").stat().st_nlink > 1
    }
    files = (folder / path for path in (*staged, *own) if path not in linked)
    places = {path.rpartition("/")[0] for path in (*staged, *own)}
    while outer := {place.rpartition("/")[0] for place in places} - places:
        places |= outer
    folders = sorted(places, key=lambda place: (-place.count("/"), not place, place))
    sync_all(files, [*(folder / place for place in folders if place), folder, folder.parent])


def _pretty(value: Any) -> bytes:
    return (lines(value, sort_keys=True, allow_nan=False) + "\n").encode("utf-8")
