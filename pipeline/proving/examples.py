"""rules/examples/*.yaml in; the two cases of a rule out: which files a small home holds, and what the night must say of them.

An example file holds `fail:` and `pass:`; keys beside them stand for both. `_base.yaml` holds the season, the units, the
cover and for each form a few rows filled right; a case only says what differs:

    forms: [F1]                                     forms of the base the file holds (one file, unless `files:` lists several)
    set: {applications.1.sex: ...}                  resource.row.field: a scalar by the field's kind, '' = blank, or
                                                    {text|number|date|error: ...} / {formula: ..., result: ...}
    rows: {applications: ["1", {like: "1", ...}]}   the rows of a sheet: base rows by number, or like one with changes;
                                                    {times: n} repeats it, each {i} in it the number of the repetition
    drop: [economy, applications.mobile]            leave out a sheet or a column
    cover: {filler: ''}   declared: {F1: ...}       what the cover says
    total: {applications: {amount_requested: ...}}  a row of totals under the table
    titles: {applications.mobile: ...}  names: {applications: ...}   other headers, other sheet names
    cells: {"SHEET!A9": ...}  merge: ["SHEET!K3:K4"]  hide: ["SHEET!3", "SHEET!F"]  comments: {"SHEET!A1": ...}
    sheets: {NAME: {A1: ...}}                       further sheets      hidden: [NAME]
    marks: {forms: F1, version: ...}                identity marks as our own forms carry them
    path: ...   unit: YL001   received: date        where it lies under inbox/, whose it is, when it came
    parts: {xl/vbaProject.bin: ...}   further parts of the workbook's package     date1904: yes   the workbook counts from 1904
    saved: 2020-01-08T09:30:00        the workbook's own modified property
    raw: {text: ..., encoding: gbk, times: n} | {base64: ...} | {packed: base64 of gzip} | {cut: bytes} | {zip: {member: {forms: ...}}}
    registers: {R3: [{...}]}   decisions: {NAME: [{...}]}   the office's sheets (R1 is written from `units`)
    season: {fields: {F1.applications: [sex]}}      laid over the base's season     as_of: date
    at: SHEET!C7 | ""       the cell the finding names ('' = no cell)      also: [RULE]   what may honestly fire beside it
    fault: NAME             a fault the prover puts into the merged figures or the finished papers (faults.py); none = just look
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pipeline.book.problems import Problem, Spot, refuse
from pipeline.book.words_in import parse
from pipeline.model import EMPTY

BASE = "_base"
FILE_KEYS = frozenset((
    "forms", "set", "rows", "drop", "cover", "declared", "total", "titles", "names", "cells", "merge", "hide",
    "comments", "sheets", "hidden", "marks", "path", "unit", "received", "raw", "parts", "date1904", "saved",
))  # fmt: skip
CASE_KEYS = FILE_KEYS | frozenset(
    ("files", "registers", "decisions", "season", "as_of", "at", "also", "fault", "units", "owes", "nights")
)
TOP_KEYS = CASE_KEYS | {"fail", "pass", "about"}


@dataclass(frozen=True, slots=True)
class Case:
    """One case of one rule, base not yet laid under it."""

    rule: str
    name: str  # fail | pass
    said: Mapping[str, Any]
    files: tuple[Mapping[str, Any], ...]

    @property
    def also(self) -> frozenset[str]:
        return frozenset(self.said.get("also", ()))

    @property
    def at(self) -> str | None:
        """SHEET!CELL the finding must name; '' = none; None = not stated."""
        value = self.said.get("at")
        return None if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Base:
    """What every example starts from."""

    season: Mapping[str, Any]
    units: Mapping[str, Mapping[str, str]]
    cover: Mapping[str, str]
    forms: Mapping[str, Mapping[str, Any]]
    words: Mapping[str, str] = field(default_factory=lambda: EMPTY)


def read_base(files: Mapping[str, bytes]) -> Base:
    """`files`: schema files by name ('rules/examples/_base.yaml' …). Raises WennuanError where the file is broken."""
    found = _parsed(files[f"rules/examples/{BASE}.yaml"], BASE)
    return Base(found["season"], found["units"], found["cover"], found["forms"], found.get("words", EMPTY))


def read_cases(rule: str, files: Mapping[str, bytes]) -> tuple[Case, Case] | None:
    """(fail, pass) of a rule; None when it has no example. Raises WennuanError naming an unknown key."""
    data = files.get(f"rules/examples/{rule}.yaml")
    if data is None:
        return None
    found = _parsed(data, rule)
    problems: list[Problem] = []
    _known(found, TOP_KEYS, Spot(f"rules/examples/{rule}.yaml", problems))
    shared = {k: v for k, v in found.items() if k not in ("fail", "pass", "about")}
    cases = []
    for name in ("fail", "pass"):
        said = found.get(name) or {}
        _known(said, CASE_KEYS, Spot(f"rules/examples/{rule}.yaml", problems, (name,)))
        cases.append(_case(rule, name, shared, said))
    refuse(problems, {})
    return cases[0], cases[1]


def _case(rule: str, name: str, shared: Mapping[str, Any], own: Mapping[str, Any]) -> Case:
    merged = {**shared, **own}
    common = {k: merged[k] for k in merged if k in FILE_KEYS}
    listed = merged.get("files")
    files = tuple({**common, **one} for one in listed) if listed else (common,)
    return Case(rule, name, merged, files)


def _known(found: Mapping[str, Any], keys: frozenset[str], spot: Spot) -> None:
    for key in found:
        if key not in keys:
            spot.unknown("unknown_key", key, sorted(keys))


def _parsed(data: bytes, stem: str) -> Mapping[str, Any]:
    problems: list[Problem] = []
    found = parse(data, Spot(f"rules/examples/{stem}.yaml", problems))
    refuse(problems, {})
    return found if isinstance(found, Mapping) else {}
