"""The exceptional cells the reader does not tell of, against the same facts read by another library."""

from __future__ import annotations

import io
import random
import zipfile

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.reading.container import open_book
from pipeline.reading.limits import FORM
from pipeline.reading.prescan import is_plain, scan, shifted
from pipeline.reading.prescan_plain import canonical
from pipeline.reading.raw import RawSheet
from tests.reading_open.make import archive, package, sheet, text


def page(data: bytes) -> RawSheet:
    (book,) = open_book("表.xlsx", data)
    assert book.outcome == "readable", book.findings
    return book.sheets[0]


def made(seed: int) -> bytes:
    """Every symptom of a sheet, scattered by chance."""
    r = random.Random(seed)
    box = io.BytesIO()
    book = xlsxwriter.Workbook(box, {"in_memory": True})
    s = book.add_worksheet("表")
    style = book.add_format({"border": 1})
    for row in range(r.randrange(1, 40)):
        for col in range(r.randrange(1, 12)):
            what = r.randrange(9)
            if what == 0:
                s.write_blank(row, col, None, style)
            elif what == 1:
                s.write_formula(row, col, f"=A{row + 1}+1", style, r.choice([3, "x", "#REF!", "#N/A"]))
            elif what == 2:
                s.write_string(row, col, r.choice(["", " ", "甲<b>&", "a\nb", "=1+1"]))
            elif what == 3:
                s.write_boolean(row, col, True)
            elif what > 4:
                s.write_number(row, col, r.randrange(10**6) / 100)
        if r.random() < 0.1:
            s.set_row(row, None, None, {"hidden": True})
    s.set_column(20, 21, None, None, {"hidden": True})
    s.merge_range(60, 0, 61, r.randrange(1, 5), "合并")
    s.write_comment(r.randrange(5), 0, "批注")
    book.close()
    return box.getvalue()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_it_sees_what_openpyxl_sees(seed: int) -> None:
    data = made(seed)
    ours = page(data)
    with_formulas = openpyxl.load_workbook(io.BytesIO(data)).active
    values = openpyxl.load_workbook(io.BytesIO(data), data_only=True).active
    cells = [c for line in with_formulas.iter_rows() for c in line]
    assert ours.formulas == {(c.row, c.column): str(c.value)[1:] for c in cells if c.data_type == "f"}
    assert ours.errors == {
        (c.row, c.column): c.value for line in values.iter_rows() for c in line if c.data_type == "e"
    }
    assert ours.hidden_rows == {n for n, d in with_formulas.row_dimensions.items() if d.hidden}
    assert ours.hidden_cols == {21, 22}
    assert {(a, b, c, d) for a, b, c, d in ours.merged} == {
        (m.min_row, m.min_col, m.max_row, m.max_col) for m in with_formulas.merged_cells.ranges
    }
    assert len(ours.comments) == 1
    for line in values.iter_rows():
        for cell in line:
            if cell.data_type != "e":
                assert ours.get(cell.row, cell.column) == ("" if cell.value is None else cell.value)


@pytest.mark.parametrize(
    ("cell", "uncached"),
    [
        ('<c r="A1"><f>1+1</f></c>', True),
        ('<c r="A1"><f>1+1</f><v></v></c>', True),
        ('<c r="A1"><f>1+1</f><v/></c>', True),
        ('<c r="A1"><f>1+1</f><v>2</v></c>', False),
        ('<c r="A1" t="str"><f>IF(B1="","",1)</f><v></v></c>', False),
        ('<c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c>', False),
    ],
)
def test_formula_without_a_stored_value(cell: str, uncached: bool) -> None:
    ours = page(package(sheet(f'<row r="1">{cell}</row>')))
    assert ((1, 1) in ours.uncached, (1, 1) in ours.formulas) == (uncached, True)


def test_a_picture_in_a_cell_is_neither_error_nor_formula_without_value() -> None:
    cells = '<c r="A1" t="str"><f>_xlfn.DISPIMG("ID_1",1)</f><v>=DISPIMG("ID_1",1)</v></c><c r="B1" t="e" vm="1"><v>#VALUE!</v></c>'
    ours = page(package(sheet(f'<row r="1">{cells}</row>')))
    assert (ours.pictures, ours.errors, ours.uncached) == ({(1, 1), (1, 2)}, {}, frozenset())


def test_shared_formulas_read_as_they_stand_in_each_row() -> None:
    first = '<row r="1"><c r="C1"><f t="shared" ref="C1:C2" si="0">SUM(A1,$B$1)&amp;"A1"</f><v>1</v></c></row>'
    ours = page(package(sheet(first + '<row r="2"><c r="C2"><f t="shared" si="0"/><v>1</v></c></row>')))
    assert ours.formulas == {(1, 3): 'SUM(A1,$B$1)&"A1"', (2, 3): 'SUM(A2,$B$1)&"A1"'}


@pytest.mark.parametrize(
    ("formula", "down", "right", "expected"),
    [
        ("A1+B$2+$C3+$D$4", 1, 1, "B2+C$2+$C4+$D$4"),
        ("SUM(A1:A9)", 3, 0, "SUM(A4:A12)"),
        ("LOG10(A1)", 1, 0, "LOG10(A2)"),
        ("'A1'!B2", 1, 1, "'A1'!C3"),
    ],
)
def test_shifting_a_formula(formula: str, down: int, right: int, expected: str) -> None:
    assert shifted(formula, down, right) == expected


def test_hidden_filtered_and_zero_height_rows() -> None:
    rows = "".join(
        f'<row r="{i}"{extra}>{text(f"A{i}", "x")}</row>'
        for i, extra in enumerate(["", ' hidden="1"', ' hidden="true"', ' ht="0" customHeight="1"', ' hidden="0"'], 1)
    )
    after = '<autoFilter ref="A1:A5"><filterColumn colId="0"><filters><filter val="x"/></filters></filterColumn></autoFilter>'
    ours = page(package(sheet(rows, after=after)))
    assert (ours.hidden_rows, ours.filtered) == ({2, 3, 4}, True)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6))
def test_plain_and_canonical_writing_scan_alike(seed: int) -> None:
    with zipfile.ZipFile(io.BytesIO(made(seed))) as box:
        xml = box.read("xl/worksheets/sheet1.xml")
    assert is_plain(xml) and is_plain(canonical(xml))
    one, two = scan(xml, FORM), scan(canonical(xml), FORM)
    assert (one.filled, one.errors, one.formulas, one.merged, one.hidden_rows) == (
        two.filled,
        two.errors,
        two.formulas,
        two.merged,
        two.hidden_rows,
    )


def test_a_comment_that_hides_cells_fools_nobody() -> None:
    data = package(
        sheet(f'<!-- <row r="1"><c r="A1" t="e"><v>#REF!</v></c></row> --><row r="1">{text("A1", "甲")}</row>')
    )
    assert (page(data).errors, page(data).get(1, 1)) == ({}, "甲")


def test_limits_on_rows_and_cells_are_the_contracts() -> None:
    rows = "".join(f'<row r="{i}"><c r="A{i}"><v>1</v></c></row>' for i in range(1, 100_002))
    (book,) = open_book("表.xlsx", package(sheet(rows)))
    assert [f.rule for f in book.findings] == ["WBK-018"]
    fewer = rows[: rows.rindex("<row")]
    assert page(package(sheet(fewer))).filled == 100_000


def test_other_zips_than_packages_are_no_sheets() -> None:
    assert open_book("表.xlsx", archive({"readme": b"x"}))[0].outcome == "not-a-workbook"
