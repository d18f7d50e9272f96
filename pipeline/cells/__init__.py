"""Text to value and back: one raw cell in, a Typed value with its notes out. Knows no form, no file, no rule wording."""

from pipeline.cells.typed import BLANK, UNKNOWN, VALUE, Kind, Note, Typed

__all__ = ["BLANK", "UNKNOWN", "VALUE", "Kind", "Note", "Typed"]
