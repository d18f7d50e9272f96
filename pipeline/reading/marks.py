"""The carriers of a workbook's identity in; Marks out, and what we ourselves added to a copy that comes back."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.model import Marks
from pipeline.reading.raw import RawBook, RawSheet
from pipeline.reading.titles import title_key, title_keys

_CONSTANT = re.compile(r'^=?\s*"(.*)"\s*$', re.DOTALL)
_REFERENCE = re.compile(r"^=?\s*(?:'((?:[^']|'')+)'|([^'!]+))!\$?([A-Z]{1,3})(?:\$?[0-9]+)?(?::.*)?$")


@dataclass(frozen=True, slots=True)
class Ours:
    """What this file carries of ours: sheets to leave out and columns to skip, by sheet name."""

    sheets: frozenset[str]
    columns: Mapping[str, frozenset[int]]


def read_marks(raw: RawBook, words: Mapping[str, Any]) -> Marks:
    """Compare the three carriers (schemas/words/marks.yaml); a value counts when two of them say it.

    `agree` is the number of carriers (2 or 3) that agree on the role; 0 when this is no workbook of ours.
    """
    carriers = [c for c in (_properties(raw, words), _hidden_sheet(raw, words), _names(raw, words)) if c]
    said = {key: _agreed([c[key] for c in carriers if c.get(key)]) for key in words["keys"]}
    role, agree = said.get("role", ("", 0))
    if agree < 2 or role not in words["roles"]:
        return Marks()
    value = {key: text if count > 1 else "" for key, (text, count) in said.items()}
    forms = tuple(f.strip() for f in re.split(r"[,;\s]+", value["forms"]) if f.strip())
    return Marks(role, forms, value["unit"], value["season"], value["stage"], value["version"], agree)


def version_for(marks: Marks, form: str) -> str:
    """The template version a workbook of ours states for one form ('' = none stated)."""
    if "=" not in marks.version:
        return marks.version
    pairs = dict(part.split("=", 1) for part in re.split(r"[,;]\s*", marks.version) if "=" in part)
    return pairs.get(form, "")


def ours(raw: RawBook, words: Mapping[str, Any]) -> Ours:
    """Columns and sheets of an earlier return, by defined name and, where a program dropped those, by title."""
    columns: dict[str, set[int]] = {}
    returned = title_keys(tuple(words["return_sheets"]))
    sheets = {s.name for s in raw.sheets if title_key(s.name) in returned}
    for name, reference in raw.names.items():
        lower = name.lower()
        spot = _spot(reference)
        if spot and lower.startswith(words["return_column_name"]):
            columns.setdefault(spot[0], set()).add(spot[1])
        elif spot and lower.startswith(words["return_sheet_name"]):
            sheets.add(spot[0])
    return Ours(frozenset(sheets), {s: frozenset(c) for s, c in columns.items()})


def is_helper(sheet: RawSheet, words: Mapping[str, Any]) -> bool:
    """Sheets of ours without data: identity marks, code lists, instructions."""
    return sheet.name == words["sheet"] or title_key(sheet.name) in title_keys(tuple(words["helper_sheets"]))


def note_of_ours(words: Mapping[str, Any]) -> re.Pattern[str]:
    """What a note of an earlier return ends with: it may quote the cell, and is no personal data of the school's."""
    before, _, after = str(words["return_note"]).partition("{n}")
    return re.compile(rf"{re.escape(before)}[0-9]+{re.escape(after)}\s*$")


def _agreed(texts: list[str]) -> tuple[str, int]:
    return Counter(texts).most_common(1)[0] if texts else ("", 0)


def _properties(raw: RawBook, words: Mapping[str, Any]) -> dict[str, str]:
    prefix = words["property_prefix"]
    return {k[len(prefix) :].lower(): str(v).strip() for k, v in raw.properties.items() if k.lower().startswith(prefix)}


def _names(raw: RawBook, words: Mapping[str, Any]) -> dict[str, str]:
    prefix, found = words["name_prefix"], {}
    for name, reference in raw.names.items():
        constant = _CONSTANT.match(reference.strip())
        if name.lower().startswith(prefix) and constant:
            found[name[len(prefix) :].lower()] = constant[1].replace('""', '"').strip()
    return found


def _hidden_sheet(raw: RawBook, words: Mapping[str, Any]) -> dict[str, str]:
    sheet = next((s for s in raw.sheets if s.name == words["sheet"]), None)
    if sheet is None:
        return {}
    left = sheet.origin[1]
    pairs = [
        (sheet.get(sheet.origin[0] + i, 1), sheet.get(sheet.origin[0] + i, 2))
        for i in range(len(sheet.rows))
        if left == 1
    ]
    return {k.strip().lower(): _plain(v) for k, v in pairs if isinstance(k, str) and k.strip()}


def _plain(value: object) -> str:
    """A mark typed as a number (a season's year) reads as its digits."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()


def _spot(reference: str) -> tuple[str, int] | None:
    found = _REFERENCE.match(reference.strip())
    if not found:
        return None
    number = 0
    for letter in found[3]:
        number = number * 26 + ord(letter) - 64
    return (found[1] or found[2]).replace("''", "'"), number
