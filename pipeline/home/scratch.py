"""A small home for one moment: season.toml and inbox files in, a Home in a temporary folder out, gone when done."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from pipeline.home.layout import Home, area_of, open_home
from pipeline.model import Arrival

NOON = time(12)


@contextmanager
def scratch_home(season: bytes, files: Mapping[str, tuple[bytes, date]], zone: str = "Asia/Shanghai") -> Iterator[Home]:
    """`files`: path under inbox/ -> (bytes, the day it arrived: its mtime). The package's schemas and templates count."""
    with tempfile.TemporaryDirectory(prefix="wennuan-") as folder:
        root = Path(folder)
        (root / "season.toml").write_bytes(season)
        drop(root, files, zone)
        yield open_home(root)


def drop(root: Path, files: Mapping[str, tuple[bytes, date]], zone: str = "Asia/Shanghai") -> None:
    """Put files into the inbox of that home, as if they had been copied there on their day."""
    for path, (data, day) in files.items():
        target = root / "inbox" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        stamp = datetime.combine(day, NOON, ZoneInfo(zone)).timestamp()
        os.utime(target, (stamp, stamp))


def arrivals(home: Home, zone: str = "Asia/Shanghai") -> list[tuple[Arrival, bytes]]:
    """What lies in the inbox, in path order, received on the day of its mtime; nothing is archived."""
    found: list[tuple[Arrival, bytes]] = []
    for place in sorted(p for p in home.inbox.rglob("*") if p.is_file()):
        path, data = place.relative_to(home.inbox).as_posix(), place.read_bytes()
        day = datetime.fromtimestamp(place.stat().st_mtime, ZoneInfo(zone)).date()
        found.append(
            (Arrival(path, hashlib.sha256(data).hexdigest(), day, len(data), area_of(path), order=len(found) + 1), data)
        )
    return found
