"""Lines and hashes: a mapping in, its canonical text, and the head that binds it to every earlier line, out."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any


def canonical(value: Any) -> str:
    """JSON with sorted keys and no blanks; sign for sign the same for equal values."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest(value: Any) -> str:
    """sha256 of the canonical JSON, as 64 hex."""
    return hashlib.sha256(canonical(value).encode("utf-8", "surrogatepass")).hexdigest()


def next_head(head: str, line: str) -> str:
    """head N = sha256(head N-1 + line N); head 0 is the empty text."""
    return hashlib.sha256((head + line).encode("utf-8")).hexdigest()


def keyed(secret: bytes, what: str, value: str) -> str:
    """A keyed hash, 32 hex: the same value can be recognised again, but not guessed without the secret."""
    return hmac.new(secret, f"{what}|{value}".encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:32]
