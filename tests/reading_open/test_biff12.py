"""What the reader does not tell of an .xlsb, by hand-made records and by other people's files."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.reading.container import open_book
from pipeline.reading.limits import FORM, Refused
from pipeline.reading.prescan_biff12 import Scan12, scan12, walk12

CORPUS = Path(__file__).resolve().parents[2].parent / "shared" / "corpus" / "hostile"
RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/a.bin"/></Relationships>'
)


def record(kind: int, body: bytes = b"") -> bytes:
    number = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    return number + bytes([len(body)]) + body


def row(number: int, hidden: bool = False) -> bytes:
    return record(0, struct.pack("<IIHBB", number - 1, 0, 300, 0, 0x10 if hidden else 0) + bytes(5))


def cell(kind: int, col: int, value: bytes) -> bytes:
    return record(kind, struct.pack("<II", col - 1, 0) + value)


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


SHEET = b"".join(
    [
        record(60, struct.pack("<IIIIH", 2, 3, 2048, 0, 1)),  # C:D hidden
        record(60, struct.pack("<IIIIH", 4, 4, 2048, 0, 0)),
        row(1), cell(3, 1, b"\x17"), cell(5, 2, bytes(8)),  # A1 #REF!
        row(7, hidden=True), cell(9, 2, bytes(8) + b"\0\0"), cell(11, 5, b"\x2a\0\0"),  # B7 a formula, E7 one that fails
        record(163, bytes(8)),
        record(176, struct.pack("<4I", 8, 9, 0, 2)),  # A9:C10
    ]
)  # fmt: skip


def test_hidden_rows_and_columns_errors_formulas_merges_and_filters() -> None:
    seen = scan12(SHEET, FORM)
    assert seen == Scan12(
        {(1, 1): "#REF!", (7, 5): "#N/A"}, {(7, 2): "", (7, 5): ""}, [(9, 1, 10, 3)], {7}, {3, 4}, True
    )


def test_sheets_are_found_by_their_relation_and_the_calendar_is_read() -> None:
    book = record(153, b"\x01\0\0\0") + record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("\u8868"))
    found, date1904 = walk12(
        {"xl/workbook.bin": book, "xl/_rels/workbook.bin.rels": RELS.encode(), "xl/worksheets/a.bin": SHEET}, FORM
    )
    assert list(found) == ["\u8868"] and found["\u8868"].hidden_rows == {7} and date1904


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (SHEET[:-3], "WBK-007"),
        (record(0, b"\0\0"), "WBK-007"),
        (record(176, struct.pack("<4I", 0, 1_000_000, 0, 9)), "WBK-018"),
        (record(176, struct.pack("<4I", 0, 0, 0, 9)) * 5001, "WBK-018"),
    ],
)
def test_what_cannot_be_right_is_refused(data: bytes, rule: str) -> None:
    with pytest.raises(Refused) as refused:
        scan12(data, FORM)
    assert refused.value.rule == rule


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_make_it_stumble(data: bytes) -> None:
    try:
        scan12(data, FORM)
    except Refused as refused:
        assert refused.rule in {"WBK-007", "WBK-018"}


@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS.is_dir(), reason=f"the shared corpus is absent: looked for {CORPUS}")
def test_other_peoples_workbooks() -> None:
    name = "sheetjs--apachepoi_46535.xlsx.xlsb"
    (book,) = open_book(name, (CORPUS / name).read_bytes())
    sheets = {s.name: s for s in book.sheets}
    assert sheets["Others"].errors[2, 1] == "#REF!" and sheets["Others"].get(2, 1) == ""
    assert {15, 16, 17} <= sheets["Others"].hidden_cols
    assert (1, 5, 1, 6) in sheets["Test"].merged
    assert not book.cannot_see & {"hidden", "errors", "merged"} and {"formulas", "comments"} <= book.cannot_see
