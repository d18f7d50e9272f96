"""Signs that differ from the other side stand out in their cell, and the workbook still passes the gate."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import openpyxl
import pytest

from pipeline.render.figures import Marked
from pipeline.render.looking import look_all
from pipeline.writing.grid import workbook

TEMPLATE = """
sheets:
  - {name: 一页, title: 题, rows: lines, columns: [{title: 号码, value: number, width: "20"}]}
""".encode()


@pytest.mark.parametrize(
    "at", [(13, 14), (0,), (17,), tuple(range(18)), ()], ids=["middle", "first", "last", "all", "none"]
)
def test_marked_signs(at: tuple[int, ...]) -> None:
    number = "009901198407051345"
    data = workbook(
        TEMPLATE, "district/一页.xlsx.yaml", {"lines": [{"number": Marked.of(number, at)}]}, datetime.now(UTC)
    )
    (look,) = look_all([("district/一页.xlsx", data, True)])
    assert look.whole
    page = openpyxl.load_workbook(io.BytesIO(data), rich_text=True)["一页"]
    cell = next(c.value for row in page.iter_rows() for c in row if str(c.value) == number)
    runs = [r for r in cell if not isinstance(r, str) and r.font.b] if at and len(at) < len(number) else []
    assert "".join(r.text for r in runs) == ("".join(number[i] for i in at) if runs else "")
    assert bool(runs) == (0 < len(at) < len(number))
