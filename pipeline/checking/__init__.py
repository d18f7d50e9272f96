"""Current sheets, register and season in; findings and the coverage of every rule out. pandera lives here alone."""

from __future__ import annotations

import importlib
import threading
from collections.abc import Sequence
from datetime import date

from pipeline.book.spec import Book
from pipeline.checking import (  # noqa: F401 - their kinds register themselves
    kinds_copies,
    kinds_cross,
    kinds_links,
    kinds_noted,
    kinds_paid,
    kinds_registers,
    kinds_row,
    kinds_row_people,
    kinds_sheet,
    kinds_stacking,
    kinds_texts,
    kinds_totals,
    kinds_two_forms,
    kinds_units,
    kinds_visits,
    kinds_year,
)
from pipeline.checking.elsewhere import of_arranging, of_running
from pipeline.checking.engine import Engine
from pipeline.checking.registry import KINDS, CannotRun, Hit, NotApplicable, declare, kind, rule_kinds
from pipeline.checking.subjects import Subject, World, culprits
from pipeline.checking.tally import Tally, drafts, of_reading
from pipeline.model import Checked, Filed, Office, Past, Season, Sheet
from pipeline.model.linked import NOBODY, Links

__all__ = [
    "KINDS",
    "CannotRun",
    "Hit",
    "NotApplicable",
    "Subject",
    "World",
    "check",
    "declare",
    "get_ready",
    "kind",
    "of_arranging",
    "of_running",
    "rule_kinds",
]


DOUBTS = ("CEL-036", "CEL-044")  # warnings that leave their cell unknown


def get_ready() -> None:
    """Load pandas and pandera aside: a second of work for a caller who waits for readers anyway."""
    threading.Thread(target=importlib.import_module, args=("pipeline.checking.frames",), daemon=True).start()


def check(
    sheets: Sequence[Sheet],
    filed: Sequence[Filed],
    office: Office,
    book: Book,
    season: Season,
    as_of: date,
    past: Past,
    links: Links = NOBODY,
) -> Checked:
    """Judge the current sheets by every rule that is not a draft. Findings noticed while reading are not repeated here;
    what they made unknown is recorded as blocked by them. Pure: the same values give the same result."""
    errors = {r.id for r in book.rules.values() if r.severity == "error" or r.id in DOUBTS}
    documents = {f.arrival.path: f.document for f in filed} | {s.file: s.document for s in sheets}
    world = World(
        tuple(sheets), tuple(filed), office, book, season, as_of, past, culprits(documents.items(), errors), links
    )
    engine = Engine(world, Tally(book.words["checking"]["why"]), [])
    engine.run()
    coverage = (*engine.tally.coverage(), *of_reading(book, filed), *drafts(book))
    return Checked(tuple(engine.findings), coverage)
