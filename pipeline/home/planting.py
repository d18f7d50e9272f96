"""Files with the times they came in; an inbox that holds them out. Only for samples: a season's inbox is never written to."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from pipeline.home.disk import environment, make_folder
from pipeline.home.layout import Home
from pipeline.model import WennuanError


def first_file(home: Home) -> str | None:
    """The first file of the inbox that somebody put there: sentinels and hidden files aside."""
    found = sorted(
        p.relative_to(home.inbox).as_posix()
        for p in home.inbox.rglob("*")
        if p.is_file() and not p.name.startswith(".")
    )
    return found[0] if found else None


def plant(home: Home, files: Mapping[str, tuple[bytes, datetime]], zone: str) -> dict[str, str]:
    """Write them, each with its own time in that zone, and give path -> sha256. Raises WennuanError when the inbox holds files."""
    standing = first_file(home)
    if standing:
        raise WennuanError("demo_inbox_full", code=2, folder=home.inbox, file=standing)
    sums = {}
    with environment(home.inbox):
        for path, (data, came) in files.items():
            target = home.inbox / path
            make_folder(target.parent)
            target.write_bytes(data)
            set_time(target, came, zone)
            sums[path] = hashlib.sha256(data).hexdigest()
    return sums


def set_time(path: Path, came: datetime, zone: str) -> None:
    """The moment a file says it was last written."""
    seconds = came.replace(tzinfo=ZoneInfo(zone)).timestamp()
    os.utime(path, (seconds, seconds))
