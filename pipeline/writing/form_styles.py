"""Names of looks go in, XlsxWriter formats come out; one palette for every workbook we build."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

NAVY, SKY, GREY, PAPER, LINE = "#1F4E79", "#DDEBF7", "#D9D9D9", "#F2F2F2", "#A6A6A6"
BAD_TEXT, BAD_FILL, GOOD_TEXT, WANT_FILL, FAINT, DOUBT_TEXT = (
    "#9B1C1C",
    "#FFC7CE",
    "#0F766E",
    "#FFF2CC",
    "#808080",
    "#B45309",
)

PARTS: Mapping[str, Mapping[str, Any]] = {
    "title": {"bold": True, "font_size": 18, "align": "center", "valign": "vcenter"},
    "small": {"font_size": 9, "font_color": FAINT, "align": "right", "valign": "vcenter"},
    "line": {"valign": "vcenter", "text_wrap": True},
    "hint": {"valign": "vcenter", "text_wrap": True, "font_color": NAVY, "bg_color": SKY, "indent": 1},
    "strong": {"bold": True},
    "big": {"font_size": 12},
    "head": {
        "bold": True,
        "align": "center",
        "valign": "vcenter",
        "text_wrap": True,
        "border": 1,
        "border_color": LINE,
    },
    "required": {"bg_color": NAVY, "font_color": "#FFFFFF"},
    "optional": {"bg_color": SKY, "font_color": NAVY},
    "computed": {"bg_color": GREY, "font_color": "#404040"},
    "cell": {"border": 1, "border_color": LINE, "valign": "vcenter", "text_wrap": True},
    "open": {"locked": False},
    "shut": {"bg_color": PAPER},
    "text": {"num_format": "@"},
    "money": {"num_format": "#,##0.00"},
    "integer": {"num_format": "0"},
    "percent": {"num_format": "0.0%"},
    "date": {"num_format": "yyyy-mm-dd"},
    "center": {"align": "center"},
    "right": {"align": "right"},
    "left": {"align": "left"},
    "top": {"valign": "top"},
    "total": {"bold": True, "bg_color": PAPER, "top": 2},
    "note": {"font_size": 10, "font_color": "#404040", "text_wrap": True, "valign": "top"},
    "section": {
        "bold": True,
        "font_size": 13,
        "font_color": NAVY,
        "bottom": 2,
        "bottom_color": NAVY,
        "valign": "vcenter",
    },
    "link": {"font_color": "#1D4ED8", "underline": 1},
    "bad": {"font_color": BAD_TEXT},
    "good": {"font_color": GOOD_TEXT},
    "box": {"border": 1, "border_color": NAVY, "indent": 1},
    "indent": {"indent": 1, "align": "left"},
    "advice": {"font_size": 9, "align": "left"},
}

TEXT_KINDS = frozenset({"id_number", "tail", "mobile", "phone", "account", "code_text"})
CENTERED = frozenset(
    {"seq", "code", "codes", "tick", "date", "month", "integer", "tail", "mobile", "name", "signature", "id_number"}
)

LINE_HEIGHT = 15  # points of one line of text


@dataclass(frozen=True, slots=True)
class Styles:
    """The formats of one workbook, made once each."""

    workbook: Any
    font: str
    made: dict[tuple[str, ...], Any] = field(default_factory=dict)

    def get(self, *parts: str) -> Any:
        """The format that wears all the named parts, later ones on top."""
        if parts not in self.made:
            look: dict[str, Any] = {"font_name": self.font, "font_size": 11}
            for part in parts:
                look |= PARTS[part]
            self.made[parts] = self.workbook.add_format(look)
        return self.made[parts]

    def change(self, **look: Any) -> Any:
        """A format for a conditional fill: only what differs."""
        key = tuple(f"{k}={v}" for k, v in sorted(look.items()))
        if key not in self.made:
            self.made[key] = self.workbook.add_format(look)
        return self.made[key]


def number_part(kind: str) -> tuple[str, ...]:
    """The number format and alignment a kind of column wears."""
    if kind in TEXT_KINDS:
        form: tuple[str, ...] = ("text",)
    elif kind in ("money", "integer", "percent", "date"):
        form = (kind,)
    else:
        form = ()
    return (*form, "center") if kind in CENTERED else form


def text_width(text: str) -> int:
    """Width in Excel characters: a Han sign or full-width mark counts two."""
    return sum(
        2 if ord(sign) > 0x2E7F or sign in "\u2018\u2019\u201c\u201d\u2026\u2014\u2460\u2461\u2462\u221a" else 1
        for sign in text
    )


def lines(text: str, width: float) -> int:
    """How many lines a text takes in a cell of that width, wrapped."""
    return sum(max(1, -(-text_width(part) // max(1, int(width)))) for part in text.split("\n"))
