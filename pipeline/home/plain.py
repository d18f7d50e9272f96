"""A plain value in, its JSON as people and tools for comparing texts like it out: a line for each entry, two levels deep."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

DEEP = 2


def lines(value: Any, **how: Any) -> str:
    """`how`: as for json.dumps. What lies deeper stands on the line of its entry: json's own indent writes sign by sign in
    Python, which takes longer than anything else about a large night's files."""
    return _lines(value, json.JSONEncoder(**{"ensure_ascii": False, **how}), DEEP, "\n")


def _lines(value: Any, encoder: json.JSONEncoder, deep: int, start: str) -> str:
    inside = start + " "
    if deep and value and isinstance(value, Mapping):
        items = sorted(value.items()) if encoder.sort_keys else value.items()
        inner = (f"{encoder.encode(str(k))}: {_lines(v, encoder, deep - 1, inside)}" for k, v in items)
        return "{" + inside + f",{inside}".join(inner) + start + "}"
    if deep and value and isinstance(value, (list, tuple)):
        inner = (_lines(v, encoder, deep - 1, inside) for v in value)
        return "[" + inside + f",{inside}".join(inner) + start + "]"
    return encoder.encode(value)
