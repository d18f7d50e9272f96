"""The shape of a typed cell: state, value, and notes (rule id + old/new) about every repair or doubt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.cells.lexicon import PLAIN, Lexicon
from pipeline.model import EMPTY

BLANK, VALUE, UNKNOWN = "blank", "value", "unknown"


@dataclass(frozen=True, slots=True)
class Note:
    """A repair (rule of cure A), a doubt (W) or the typing failure itself (E); `new` is the repaired text.

    Facts: `near` (CEL-003: the nearest value or ''), `confirm` = 'yes' (CEL-004: the school must confirm, so the
    reader raises it as a warning), `id_type` (CEL-015), `tail` (CEL-020), `ditto` = 'yes' (see `is_ditto`), `lost`
    (CEL-024: what to say of zeros), `unit` and `said` (CEL-043), `n` and `names` (CEL-044).
    """

    rule: str
    new: str = ""
    facts: Mapping[str, str] = EMPTY


@dataclass(frozen=True, slots=True)
class Typed:
    """state blank | value | unknown; `raw` is the text as the clerk sees it; exactly one E note when unknown.

    Two exceptions: of CEL-036 (a decimal that could be January or October) and of CEL-044 (several names in a cell that
    takes one) the value is unknown, the note a doubt.
    """

    state: str
    value: Any = None
    raw: str = ""
    notes: tuple[Note, ...] = ()

    @property
    def is_ditto(self) -> bool:
        """Unknown because the clerk wrote 'as above': a reader may copy the row above in the columns that allow it."""
        return self.state == UNKNOWN and any(note.facts.get("ditto") for note in self.notes)


@dataclass(frozen=True, slots=True)
class Kind:
    """What a column wants. `name` is the semantic kind (book.spec.KINDS); the rest are its parameters.

    codes: canonical values in order; synonyms: other spelling -> (canonical, confirm?); years: the calendar years
    of the season (first, last), used to infer a missing year; pick: 'one' | 'many' for code / codes.
    since: the first year a day number of the column can mean; 0 = any (birth dates).
    required: a placeholder such as a dash is CEL-002 where something must stand, and a blank elsewhere.
    measure: what a count counts (persons, lines …), '' = not told: another counting word in the cell is a doubt (CEL-043).
    small: amounts above zero and below so many fen look as if written in ten-thousands (CEL-030); 0 = never.
    """

    name: str
    codes: tuple[str, ...] = ()
    synonyms: Mapping[str, tuple[str, bool]] = EMPTY
    decimals: int = 2
    years: tuple[int, int] = (2019, 2020)
    since: int = 0
    date1904: bool = False
    min_length: int | None = None
    max_length: int | None = None
    lexicon: Lexicon = PLAIN
    required: bool = False
    measure: str = ""
    small: int = 100


NOTHING = Typed(BLANK)


def value(content: Any, raw: str, *notes: Note) -> Typed:
    return Typed(VALUE, content, raw, notes)


def unknown(raw: str, rule: str, **facts: str) -> Typed:
    return Typed(UNKNOWN, None, raw, (Note(rule, "", facts or EMPTY),))


def tidied(raw: str, text: str) -> tuple[Note, ...]:
    """The note for a repair of mere form: blanks gone (CEL-005) or wide signs folded (CEL-006); none if unchanged."""
    if raw == text:
        return ()
    wide = any(0xFF01 <= ord(sign) <= 0xFFEE or 0xF900 <= ord(sign) <= 0xFAFF for sign in raw[:200])
    return (Note("CEL-006" if wide else "CEL-005", text),)
