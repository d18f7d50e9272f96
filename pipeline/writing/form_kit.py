"""What all sheets of one workbook share: the rulebook, the season, what is filled in, the looks, and where the cover keeps its values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.book.spec import Book
from pipeline.model import EMPTY, Season
from pipeline.writing.fill import Fill
from pipeline.writing.form_styles import Styles


@dataclass(frozen=True, slots=True)
class Front:
    """Where the cover keeps what every sheet repeats by formula, and what stands there now. Empty: there is no cover."""

    sheet: str = ""
    cells: Mapping[str, tuple[str, str]] = EMPTY  # head field -> (reference, text now)
    answers: Mapping[str, tuple[str, str]] = EMPTY  # form -> (reference, answer now)
    none: str = ""  # the answer that says there is nothing to report
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Kit:
    """One workbook in the making."""

    workbook: Any
    book: Book
    season: Season
    fill: Fill
    front: Front
    styles: Styles

    @property
    def words(self) -> Mapping[str, Any]:
        words: Mapping[str, Any] = self.book.words["writing"]
        return words

    @property
    def register(self) -> bool:
        """A workbook of the office's own: no cover, no unit, nothing to sign."""
        return not self.front.sheet

    def footer(self, form: str, title: str) -> str:
        """Unit and form on the left, page numbers in the middle, the season on the right."""
        texts = {"unit": self.front.unit, "form": form, "title": title, "season": self.season.title}
        footer: str = self.words["footer"].format(**{k: v.replace("&", "&&") for k, v in texts.items()})
        return footer[:255]
