"""The memory of a home: one line per night in, the past they add up to out; append-only and hash-chained."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pipeline.ledger.chain import canonical, digest, keyed, next_head
from pipeline.ledger.line import Change, differences, encode, fold, lives_changed
from pipeline.ledger.store import Line, append_line, integrity, read_lines
from pipeline.model import Past, WennuanError

__all__ = [
    "Change", "Line", "append_line", "canonical", "differences", "digest", "encode", "integrity", "keyed", "lives_changed",
    "next_head", "past_of", "read_lines",
]  # fmt: skip


def past_of(path: Path) -> tuple[Past, dict[str, object]]:
    """What the ledger's lines add up to, and its last line. Raises WennuanError (code 5) when a line was altered."""
    parsed: list[tuple[int, dict[str, Any], str]] = []
    head = ""
    for n, text, stored in read_lines(path):
        head = next_head(head, text)
        if n != len(parsed) + 1 or head != stored:
            raise WennuanError("ledger_altered", code=5, n=n)
        parsed.append((n, json.loads(text), head))
    return fold(parsed), dict(parsed[-1][1]) if parsed else {}
