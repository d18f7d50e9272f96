"""A fault of ours in, its number and the log that holds it out: frames and types, never a name or a value of a school's."""

from __future__ import annotations

import hashlib
import re
import tempfile
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from pipeline import __version__

LONGEST, DEEPEST = 6000, 5


def note_fault(outbox: Path, fault: BaseException, words: Sequence[str] = ()) -> tuple[str, Path]:
    """Append to outbox/logs/wennuan.log, or to the temporary folder where that cannot be. (number, path)."""
    text = trace(fault)
    number = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:8].upper()
    stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    entry = f"{stamp} {number} wennuan {__version__} {' '.join(words)}\n{text}\n"
    path = Path("wennuan.log")
    for folder in (outbox / "logs", Path(tempfile.gettempdir())):
        path = folder / "wennuan.log"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with path.open("a", encoding="utf-8") as out:
                out.write(entry)
        except OSError:
            continue
        break
    return number, path


def trace(fault: BaseException) -> str:
    """Where it broke, frame by frame; of its message only what cannot be a name, a number or a value of a school's."""
    parts: list[str] = []
    cause: BaseException | None = fault
    while cause is not None and len(parts) < DEEPEST:
        frames = "".join(f"  {f.filename}:{f.lineno} {f.name}\n" for f in traceback.extract_tb(cause.__traceback__))
        message = re.sub(r"[0-9]{5,}", "#", re.sub(r"[^\x20-\x7e\n]+", "?", str(cause)))[:LONGEST]
        parts.append(f"{type(cause).__module__}.{type(cause).__name__}: {message}\n{frames}")
        cause = cause.__cause__ or cause.__context__
    return "caused by:\n".join(parts)
