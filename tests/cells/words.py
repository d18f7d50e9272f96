"""The real word table, read the way the book reads it: every scalar is text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from pipeline.cells import Kind, Typed
from pipeline.cells.lexicon import build_lexicon
from pipeline.cells.read import read_cell

WORDS = Path(__file__).resolve().parents[2] / "schemas" / "words" / "lexicon.yaml"
TABLE = build_lexicon(yaml.load(WORDS.read_text(encoding="utf-8"), yaml.BaseLoader))


def read(raw: object, kind: str, **parameters: Any) -> Typed:
    return read_cell(raw, Kind(kind, lexicon=TABLE, **parameters))


def rules(typed: Typed) -> list[str]:
    return [note.rule for note in typed.notes]
