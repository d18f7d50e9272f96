"""Names of styles in; cell formats of one workbook out, each made once: a calm official look."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

INK, PALE, RULE = "#1F2937", "#EEF2F6", "#B8C2CC"
NUMBERS = {"integer": "#,##0", "money": "#,##0.00", "date": "yyyy-mm-dd", "percent": "0.0%"}
COLOURS: Mapping[str, Mapping[str, str]] = {
    "good": {"font_color": "#0F766E"},
    "bad": {"font_color": "#9C0006", "bg_color": "#FFC7CE"},
    "warn": {"font_color": "#9C5700", "bg_color": "#FFEB9C"},
    "info": {"font_color": "#1D4ED8"},
    "quiet": {"font_color": "#6B7280"},
}


class Formats:
    """`styles`: a cell's text -> good | bad | warn | info | quiet, from the template."""

    def __init__(self, book: Any, styles: Mapping[str, str]) -> None:
        self._book, self._styles = book, styles
        self._made: dict[str, Any] = {}
        self._cells: dict[tuple[str, str, str], Any] = {}
        self._body, self._heading = styles.get("font", "SimSun"), styles.get("heading", "SimHei")

    def get(self, name: str) -> Any:
        """title note caption head group total, or a cell format made of kind, colour and flags."""
        if name not in self._made:
            self._made[name] = self._book.add_format(self._base(name))
        return self._made[name]

    def cell(self, kind: str = "text", text: str = "", flags: str = "") -> Any:
        """A body cell. flags: total link input wrap silent."""
        look = (kind, self._styles.get(text, "") if text else "", flags)
        if look not in self._cells:
            self._cells[look] = self.get("|".join(("cell", *look)))
        return self._cells[look]

    def _base(self, name: str) -> dict[str, Any]:
        font = {"font_name": self._body, "font_size": 10.5, "font_color": INK, "valign": "vcenter"}
        heading = {**font, "font_name": self._heading}
        line = {"border": 1, "border_color": RULE}
        if name == "title":
            return {**heading, "font_size": 18, "align": "center"}
        if name == "title_left":
            return {**heading, "font_size": 18, "align": "left"}
        if name == "note":
            return {**font, "align": "left", "font_color": "#4B5563"}
        if name == "caption":
            return {**heading, "font_size": 12, "align": "left"}
        if name == "upright":
            return {**font, **line, "align": "center", "bg_color": PALE, "rotation": 90, "font_size": 9}
        if name in {"agrees", "differs"}:  # runs of signs inside a cell
            return {**font, **({"font_color": "#C00000", "bold": True, "underline": 1} if name == "differs" else {})}
        if name in {"head", "group"}:
            return {**heading, **line, "align": "center", "text_wrap": True, "bg_color": PALE}
        _, kind, colour, flags = name.split("|")
        return self._cell({**font, **line}, kind, colour, flags.split())

    def _cell(self, made: dict[str, Any], kind: str, colour: str, flags: list[str]) -> dict[str, Any]:
        made |= COLOURS.get(colour, {})
        if kind in NUMBERS:
            made |= {
                "num_format": NUMBERS[kind],
                **({"align": "right", "indent": 1} if kind != "date" else {"align": "center"}),
            }
        else:
            made |= {"num_format": "@", "align": "left", "indent": 1}
        if "total" in flags:
            made |= {"font_name": self._heading, "bg_color": PALE, "top": 2}
        if "link" in flags:
            made |= {"font_color": "#1D4ED8", "underline": 1}
        if "input" in flags:
            made |= {"bg_color": "#FFFBEA"}
        if "differs" in flags:
            made |= {"font_color": "#C00000", "bold": True, "underline": 1}
        if "wrap" in flags:
            made |= {"text_wrap": True}
        if "center" in flags:
            made |= {"align": "center", "indent": 0}
        if "silent" in flags:
            made |= {"font_color": "#9CA3AF", "align": "center", "indent": 0, "font_size": 9}
        return made
