"""A home and its machine in, a list of checks out: (name, level ok | warn | bad, facts); words and colours are the caller's."""

from __future__ import annotations

import importlib.metadata
import locale
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.home.layout import Home
from pipeline.home.locking import is_locked
from pipeline.home.schemas import home_words
from pipeline.home.season import parse_season
from pipeline.home.season_publicity import publicity_facts, publicity_of
from pipeline.ledger import past_of
from pipeline.model import Season, WennuanError

PATCHED = {
    (3, 11): 14,
    (3, 12): 12,
    (3, 13): 8,
}  # first releases without the zipfile faults (CVE-2024-0450, CVE-2025-8291)
ROOM_WARN, ROOM_BAD = 2 << 30, 200 << 20  # bytes free
LONGEST = 200
REMOTE = {
    "cifs",
    "smb3",
    "smbfs",
    "nfs",
    "nfs4",
    "9p",
    "fuse.sshfs",
    "fuse.rclone",
    "vboxsf",
    "fuse.vmhgfs-fuse",
    "afs",
    "davfs",
}
PACKAGES = (
    "pandas",
    "pandera",
    "openpyxl",
    "Jinja2",
    "click",
    "python-calamine",
    "XlsxWriter",
    "docxtpl",
    "lxml",
    "PyYAML",
    "filelock",
    "defusedxml",
)
LEAST = {"lxml": (6, 1), "Jinja2": (3, 1, 6), "defusedxml": (0, 7, 1)}  # older ones have known holes


@dataclass(frozen=True, slots=True)
class Check:
    """One line of `doctor`. facts fill the wording `doctor.<name>.<level>` of schemas/words/home.yaml."""

    name: str
    level: str  # ok | warn | bad
    facts: Mapping[str, Any] = field(default_factory=dict)


def examine(home: Home, today: date, calendar: Mapping[date, bool] | None = None) -> list[Check]:
    """Every check, in the order an office would ask. `calendar`: the register of holidays, day -> workday; None if absent."""
    words = home_words()["doctor_words"]
    season, told = _season(home)
    checks = [
        _python(),
        _packages(),
        told,
        _secret(home),
        _lock(home),
        *_ledger(home, today),
        *_rights(home),
        _room(home),
    ]
    checks += [_fonts(words["fonts"]), _soffice(), _codepage(), _long_paths(home), _synced(home, words), _share(home)]
    years = None if calendar is None else {day.year for day in calendar}
    return [*checks, *_holidays(season, years), *_publicity(season, calendar)]


def worst(checks: Sequence[Check]) -> int:
    """Exit code of doctor: 1 when something is bad."""
    return int(any(c.level == "bad" for c in checks))


def line_of(check: Check) -> str:
    """The check in words."""
    text = str(home_words()["doctor"][check.name][check.level])
    for name, value in check.facts.items():
        text = text.replace("{" + name + "}", str(value))
    return text


def _python() -> Check:
    version = sys.version_info
    need = PATCHED.get(version[:2])
    facts = {"version": platform.python_version(), "need": f"{version[0]}.{version[1]}.{need}"}
    return Check("python", "warn" if need is not None and version[2] < need else "ok", facts)


def _packages() -> Check:
    missing, old = [], []
    for name in PACKAGES:
        try:
            found = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            missing.append(name)
            continue
        if tuple(int(n) for n in re.findall(r"[0-9]+", found)[:3]) < LEAST.get(name, ()):
            old.append(f"{name} {found}")
    return Check("packages", "bad" if missing or old else "ok", {"n": len(PACKAGES), "names": " ".join(missing + old)})


def _season(home: Home) -> tuple[Season | None, Check]:
    try:
        season = parse_season(home.season.read_bytes())
    except WennuanError as wrong:
        return None, Check(
            "season",
            "bad",
            {
                "n": 1 + len(wrong.more),
                "rules": " ".join(sorted({str(w.facts.get("rule", "")) for w in (wrong, *wrong.more)})).strip(),
            },
        )
    except OSError:
        return None, Check("season", "bad", {"n": 1, "rules": ""})
    return season, Check("season", "ok" if season.confirmed else "warn", {"title": season.title})


def _secret(home: Home) -> Check:
    if not home.secret.exists():
        return Check("secret", "bad" if home.ledger.exists() else "ok", {"path": home.secret})
    open_to_others = os.name != "nt" and home.secret.stat().st_mode & 0o077
    return Check("secret", "warn" if open_to_others else "ok", {"path": home.secret})


def _lock(home: Home) -> Check:
    return Check("lock", "warn" if is_locked(home) else "ok", {})


def _ledger(home: Home, today: date) -> Iterator[Check]:
    try:
        past, _ = past_of(home.ledger)
    except WennuanError as wrong:
        yield Check("ledger", "bad", {"why": wrong.key})
        return
    yield Check("ledger", "ok", {"n": past.night})
    if past.as_of:
        yield Check("clock", "bad" if today < past.as_of else "ok", {"today": today, "last": past.as_of})


def _rights(home: Home) -> Iterator[Check]:
    """Outbox and state must be writable, the inbox readable; what holds personal data is not for everybody."""
    for place in dict.fromkeys((home.outbox, home.ledger.parent)):
        yield Check("write", "ok" if _writable(place) else "bad", {"path": place})
    readable = home.inbox.is_dir() and os.access(home.inbox, os.R_OK | os.X_OK)
    yield Check("inbox", "ok" if readable else "bad", {"path": home.inbox})
    if os.name != "nt":
        wide = [p for p in (home.nights, home.archive) if p.is_dir() and p.stat().st_mode & 0o007]
        yield Check("private", "warn" if wide else "ok", {"path": " ".join(str(p) for p in wide)})


def _writable(folder: Path) -> bool:
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".doctor-") as probe:
            probe.write(b"0")
            probe.flush()
            os.fsync(probe.fileno())
    except OSError:
        return False
    return True


def _room(home: Home) -> Check:
    free = shutil.disk_usage(home.root).free
    level = "bad" if free < ROOM_BAD else "warn" if free < ROOM_WARN else "ok"
    return Check("room", level, {"mb": free >> 20})


def _fonts(wanted: Sequence[str]) -> Check:
    """Fonts of the official paper format; the letters open without them, in a similar face."""
    missing = [name for name in wanted if not _has_font(name)]
    return Check("fonts", "warn" if missing else "ok", {"names": " ".join(missing)})


def _has_font(name: str) -> bool:
    if os.name == "nt":
        return _registered(name)
    found = _asked(["fc-list", f":family={name}", "family"])
    return bool(found and found.strip())


def _registered(name: str) -> bool:
    """Windows: the names of installed fonts stand in the registry."""
    listed = _asked(["reg", "query", r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Fonts"])
    return name.casefold() in (listed or "").casefold()


def _asked(command: list[str]) -> str | None:
    """What a tool of the system says, None where it is absent or fails."""
    try:
        done = subprocess.run(command, capture_output=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode(locale.getpreferredencoding(False), "replace") if done.returncode == 0 else None


def _soffice() -> Check:
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return Check("soffice", "ok" if found else "warn", {"path": found or ""})


def _codepage() -> Check:
    """A console in another code page only loses signs; file names need a UTF-8 or Chinese one."""
    console = (getattr(sys.stdout, "encoding", None) or "").lower().replace("-", "")
    files = sys.getfilesystemencoding().lower().replace("-", "")
    fit = {"utf8", "gbk", "cp936", "gb18030"}
    return Check(
        "codepage",
        "ok" if files in fit and (not console or console in fit) else "warn",
        {"console": console, "files": files},
    )


def _long_paths(home: Home) -> Check:
    long = [p for root in (home.inbox, home.outbox) for p in _under(root) if len(p) > LONGEST]
    return Check(
        "paths", "warn" if long or len(str(home.root)) > LONGEST // 2 else "ok", {"n": len(long), "limit": LONGEST}
    )


def _under(root: Path) -> Iterator[str]:
    for folder, _, names in os.walk(root):
        yield from (str(Path(folder) / name) for name in names)


def _synced(home: Home, words: Mapping[str, Sequence[str]]) -> Check:
    parts = [part.casefold() for part in home.root.resolve().parts]
    hit = [mark for mark in (*words["synced"], *words["desktop"]) if any(mark.casefold() in part for part in parts)]
    return Check("synced", "warn" if hit else "ok", {"mark": " ".join(hit)})


def _share(home: Home) -> Check:
    """Ledger, archive, secret and lock on a share: file locks may not hold there."""
    kind = filesystem(home.ledger.parent)
    return Check("share", "warn" if kind in REMOTE or kind == "remote" else "ok", {"kind": kind})


def filesystem(place: Path, mounts: Callable[[], str] | None = None) -> str:
    """Type of the file system a folder lies on, `remote` for a Windows share, "" where it cannot be told."""
    if os.name == "nt":
        return "remote" if str(place.resolve()).startswith("\\\\") else ""
    table = Path("/proc/self/mountinfo")
    try:
        text = mounts() if mounts else table.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    best, kind = "", ""
    for line in text.splitlines():
        left, _, right = line.partition(" - ")
        at = left.split()[4].replace(r"\040", " ")
        inside = str(place.resolve()) == at or str(place.resolve()).startswith(at.rstrip("/") + "/")
        if inside and len(at) >= len(best):
            best, kind = at, right.split()[0]
    return kind


def _holidays(season: Season | None, years: Collection[int] | None) -> Iterator[Check]:
    if season is None:
        return
    dates = [d for pair in season.phases.values() for d in pair] + [s.due for s in season.stages]
    missing = sorted({d.year for d in dates} - set(years or ()))
    level = "warn" if years is None or missing else "ok"
    yield Check("holidays", level, {"years": " ".join(map(str, missing))})


def _publicity(season: Season | None, calendar: Mapping[date, bool] | None) -> Iterator[Check]:
    found = publicity_of(season, calendar) if season else None
    if found:
        yield Check("publicity", "warn" if found.impossible else "ok", publicity_facts(found))
