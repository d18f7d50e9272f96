"""Which program is running: its version and a digest of its own code, for seals, caches and the record."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path

from pipeline import __version__


@functools.cache
def program() -> str:
    """`0.1.0+1a2b3c4d`: two builds with other code are two programs, whatever they call themselves."""
    root = Path(__file__).resolve().parent.parent
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return f"{__version__}+{digest.hexdigest()[:8]}"
