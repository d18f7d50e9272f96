"""The base's season with an example's laid over it in; the bytes of a season.toml out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pipeline.proving.examples import Base, Case

BARE = re.compile(r"-?(0|[1-9][0-9]{0,9})(\.[0-9]+)?|[0-9]{4}-[0-9]{2}-[0-9]{2}|true|false")


def season_toml(case: Case, base: Base) -> bytes:
    """The base's season with the example's laid over it, key by key."""
    return _toml(_laid(base.season, case.said.get("season", {}))).encode()


def _laid(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(under)
    for key, value in over.items():
        below = merged.get(key)
        merged[key] = _laid(below, value) if isinstance(value, Mapping) and isinstance(below, Mapping) else value
    return merged


def _toml(tables: Mapping[str, Any]) -> str:
    plain = [f"{k} = {_literal(v)}" for k, v in tables.items() if not _is_table(v)]
    lines = ["\n".join(plain)]
    for key, value in tables.items():
        many = value if isinstance(value, list) else [value]
        if _is_table(value):
            head = f"[[{key}]]" if isinstance(value, list) else f"[{key}]"
            lines += ["\n".join([head, *(f'"{k}" = {_literal(v)}' for k, v in one.items())]) for one in many]
    return "\n\n".join(lines) + "\n"


def _is_table(value: Any) -> bool:
    return isinstance(value, Mapping) or (isinstance(value, list) and bool(value) and isinstance(value[0], Mapping))


def _literal(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_literal(v) for v in value) + "]"
    text = str(value)
    return text if BARE.fullmatch(text) else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
