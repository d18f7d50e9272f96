"""A value as an example writes it (YAML text) in; the value a clerk's cell would natively hold out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from pipeline.book.spec import Field
from pipeline.writing.plain import ErrorCell, Formula

NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
NUMERIC = frozenset(("money", "number", "percent", "integer", "seq"))


def native(value: Any, field: Field | None = None) -> Any:
    """Scalar: a number in amount columns, a date in date columns, else text; '' = blank. A mapping says its type itself."""
    if isinstance(value, Mapping):
        return _typed(value)
    text = str(value)
    if not text:
        return None
    if field is not None and field.kind in NUMERIC and NUMBER.fullmatch(text):
        return Decimal(text)
    if field is not None and field.kind == "date" and DAY.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
    return text


def _typed(value: Mapping[str, Any]) -> Any:
    if "formula" in value:
        result = value.get("result")
        return Formula(value["formula"], Decimal(result) if result is not None and NUMBER.fullmatch(result) else result)
    if "error" in value:
        return ErrorCell(value["error"])
    if "number" in value:
        return float(value["number"])
    if "date" in value:
        return date.fromisoformat(value["date"])
    if "bool" in value:
        return value["bool"] == "yes"
    return str(value["text"])
