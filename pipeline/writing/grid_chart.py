"""A chart of a grid template and the placed tables in; a native, editable chart on the sheet out.

Chart words: table (id), kind (column bar), stacked, title, categories (column id), series[] {column, title, colour}, at,
beside (id of a table: the chart stands right of it, not below all), width, height.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.model import column_letters
from pipeline.writing.grid_layout import Placed

INK = "#1F2937"


def put_chart(book: Any, page: Any, sheet: str, chart: Mapping[str, Any], placed: Sequence[Placed]) -> None:
    """Nothing is drawn over a table without rows."""
    table = next((p for p in placed if p.table.get("id") == chart.get("table")), placed[0])
    if not table.rows:
        return
    made = book.add_chart({"type": chart["kind"], **({"subtype": "stacked"} if chart.get("stacked") else {})})
    for series in chart["series"]:
        made.add_series({
            "name": series["title"],
            "categories": _span(sheet, table, str(chart["categories"])),
            "values": _span(sheet, table, series["column"]),
            "fill": {"color": series.get("colour", "#1F5FA8")},
            "gap": 60,
        })  # fmt: skip
    font = {"name": "SimSun", "size": 10, "color": INK}
    made.set_title({"name": str(chart["title"]), "name_font": {**font, "size": 12, "bold": True}, "overlay": False})
    made.set_legend({"position": "bottom", "font": font} if len(made.series) > 1 else {"none": True})
    made.set_x_axis({"num_font": font, "line": {"color": "#B8C2CC"}})
    made.set_y_axis(
        {
            "num_font": font,
            "major_gridlines": {"visible": True, "line": {"color": "#E5E7EB"}},
            "line": {"none": True},
            **({"reverse": True} if chart["kind"] == "bar" else {}),
        }
    )
    made.set_size({"width": int(chart.get("width", 760)), "height": int(chart.get("height", 320))})
    made.set_chartarea({"border": {"color": "#D1D5DB"}})
    page.insert_chart(
        _place(chart, placed),
        made,
        {"description": str(chart["title"]), "object_position": 2, "x_offset": 8 if "beside" in chart else 0},
    )


def _place(chart: Mapping[str, Any], placed: Sequence[Placed]) -> str:
    if "beside" in chart:
        left = next(p for p in placed if p.table.get("id") == chart["beside"])
        return f"{column_letters(len(left.columns) + 1)}{left.head + 1}"
    return str(chart["at"]) if "at" in chart else f"A{placed[-1].last + 5}"


def _span(sheet: str, table: Placed, column: str) -> list[Any]:
    col = table.index(column)
    drawn = sum(bool(row.get("code", True)) for row in table.rows)  # a line that only makes the sum close is not drawn
    return [sheet, table.first, col, table.first + drawn - 1, col]
