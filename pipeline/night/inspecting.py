"""Single files in, their settled findings out: a night's judgement of one file, with nothing written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from pipeline.book.spec import Book
from pipeline.home.layout import Home
from pipeline.home.program import program
from pipeline.merging import merge
from pipeline.model import Document, Finding, Past, Season
from pipeline.night.looking import Look, by_path, look_at
from pipeline.papers import Material, Run
from pipeline.settling import Tonight, settle

BESIDES_ONE_FILE = {"WBK-011", "WBK-012", "WBK-022", "WBK-023", "WBK-025", "SHT-023", "CAL-001", "XRG-003", "ROW-037"}


@dataclass(frozen=True)
class Inspected:
    """One given file: its findings, the unit of each of its documents, and the material to word them."""

    documents: tuple[Document, ...]
    findings: tuple[Finding, ...]
    units: Mapping[str, str | None]
    material: Material


def inspect(files: Sequence[Path], home: Home, as_of: date) -> list[Inspected]:
    """Findings that need other files, other nights or the calendar of arrival are left to the night."""
    looks, book, season = look_at(files, home, as_of)
    return [_inspected(look, book, season, as_of) for look in looks]


def _inspected(look: Look, book: Book, season: Season, as_of: date) -> Inspected:
    judged = look.judged
    ours = {d.path for d in look.documents}
    found = [f for f in judged.findings if f.file in ours and f.rule not in BESIDES_ONE_FILE]
    tables = [(d.path, t) for d in look.documents for t in d.tables]
    findings = settle(found, tables, book, Tonight(1, as_of, b"nothing is recorded", Past()))
    district = merge(judged.sheets, judged.filed, findings, judged.office, book, season, as_of)
    run = Run("", 0, as_of, datetime.now(UTC), program=program())
    material = Material(district, findings, judged.coverage, judged.filed, judged.office, book, season, Past(), run)
    return Inspected(look.documents, findings, {path: unit for path, (unit, _) in by_path(judged).items()}, material)
