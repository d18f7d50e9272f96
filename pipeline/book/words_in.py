"""In: the bytes of one YAML file; out: plain mappings, lists and texts, plus typed readers that say what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

import yaml

from pipeline.book.problems import Spot

try:
    from yaml import CBaseLoader as _Loader
except ImportError:  # a PyYAML built without libyaml reads the same, slower
    from yaml import BaseLoader as _Loader  # type: ignore[assignment]

YES, NO = ("yes", "true", "on"), ("no", "false", "off")


def parse(data: bytes, spot: Spot) -> Any:
    """The file's content with every scalar as text; a syntax error or a doubled key is said, {} instead of the former."""
    try:
        node = yaml.compose(data, Loader=_Loader)
    except yaml.reader.ReaderError as error:  # bytes that are not UTF-8, or signs YAML forbids
        spot.say("encoding", detail=str(error.reason))
        return {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        spot.say("yaml", line=str(mark.line + 1) if mark else "?", detail=str(getattr(error, "problem", "") or error))
        return {}
    return _plain(node, spot) if node is not None else {}


def _plain(node: yaml.Node, spot: Spot) -> Any:
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key, value in node.value:
            name = str(key.value)
            if name in found:
                spot.say("doubled_key", word=name, line=str(key.start_mark.line + 1))
            found[name] = _plain(value, spot)
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, spot) for item in node.value]
    return node.value


def mapping(value: Any, spot: Spot) -> Mapping[str, Any]:
    """The value if it is a mapping, else {} with a problem."""
    if isinstance(value, Mapping):
        return value
    spot.say("not_mapping")
    return {}


def keys(found: Mapping[str, Any], known: Iterable[str], spot: Spot, required: Iterable[str] = ()) -> None:
    """Says every key that is not known and every required one that is missing or empty."""
    allowed = tuple(known)
    for key in found:
        if key not in allowed:
            spot.unknown("unknown_key", key, allowed)
    for key in required:
        if found.get(key) in (None, "", [], {}):
            spot.say("missing_key", word=key)


def text(found: Mapping[str, Any], key: str, spot: Spot, default: str = "") -> str:
    value = found.get(key, default)
    if isinstance(value, str):
        return value.strip()
    spot.say("not_text", word=key)
    return default


def texts(found: Mapping[str, Any], key: str, spot: Spot) -> tuple[str, ...]:
    value = found.get(key, [])
    if isinstance(value, list) and all(isinstance(v, str) for v in value):
        return tuple(v.strip() for v in value)
    spot.say("not_list", word=key)
    return ()


def flag(found: Mapping[str, Any], key: str, spot: Spot, default: bool) -> bool:
    value = found.get(key)
    if value is None:
        return default
    if value in YES or value in NO:
        return value in YES
    spot.say("not_flag", word=f"{key}: {value}")
    return default


def whole(found: Mapping[str, Any], key: str, spot: Spot, default: int | None = None) -> int | None:
    """A whole number, else `default` with a problem; `default` when absent."""
    value = found.get(key)
    if value is None:
        return default
    try:
        return int(str(value))
    except ValueError:
        spot.say("bad_number", word=f"{key}: {value}")
        return default


def fen(found: Mapping[str, Any], key: str, spot: Spot) -> int | None:
    """Yuan as written in the file -> fen."""
    value = found.get(key)
    if value is None:
        return None
    try:
        amount = Decimal(str(value)) * 100
    except InvalidOperation:
        amount = Decimal("NaN")
    if amount.is_finite() and amount == amount.to_integral_value():
        return int(amount)
    spot.say("bad_number", word=f"{key}: {value}")
    return None
