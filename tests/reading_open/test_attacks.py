"""Files made to harm a reader (reliability.md 3.1): each is one finding on that file, fast, small, neighbours unharmed."""

from __future__ import annotations

import io
import resource
import time
import zipfile

import pytest

from pipeline.model import Document, column_letters
from pipeline.reading.batch import bare, documents, read_files
from pipeline.reading.container import open_book
from pipeline.reading.raw import RawBook
from tests.reading_open.make import MAIN, archive, cfb_bomb, good, package, raw_zip, sheet, text

LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
XXE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
SST = f'<sst xmlns="{MAIN}" count="1" uniqueCount="{{0}}"><si><t>甲</t></si></sst>'
SHARED = sheet('<row r="1"><c r="A1" t="s"><v>{0}</v></c></row>')


def zeros(size: int) -> bytes:
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w", zipfile.ZIP_DEFLATED) as out, out.open("xl/worksheets/sheet1.xml", "w") as part:
        for _ in range(size // 2**20):
            part.write(bytes(2**20))
    return box.getvalue()


def scattered() -> bytes:
    """A cell on every row's own column: 16,000 rows by 16,000 columns."""
    return package(
        sheet("".join(f'<row r="{i}"><c r="{column_letters(i)}{i}"><v>1</v></c></row>' for i in range(1, 16001)))
    )


REJECTED = {
    "unique count": (package(SHARED.format(0), strings=SST.format(4294967295)), "WBK-007"),
    "billion laughs": (package(SHARED.format(0), strings=LAUGHS + SST.format(1)), "WBK-007"),
    "doctype in content types": (package(SHARED.format(0), {"[Content_Types].xml": LAUGHS + "<Types/>"}, SST.format(1)), "WBK-007"),
    "xxe": (package(XXE + sheet("")), "WBK-007"),
    "utf-16 doctype": (package((XXE + sheet("")).encode("utf-16")), "WBK-007"),
    "row 4294967295": (package(sheet('<row r="4294967295"><c r="A4294967295"><v>1</v></c></row>')), "WBK-007"),
    "cell ZZZZZ1": (package(sheet('<row r="1"><c r="ZZZZZ1"><v>1</v></c></row>')), "WBK-007"),
    "merged over all": (package(sheet(text("A1", "a"), after='<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>')), "WBK-018"),
    "linked over all": (package(sheet(text("A1", "a"), after='<hyperlinks><hyperlink ref="A1:XFD1048576" location="b"/></hyperlinks>')), "WBK-018"),
    "shared string out of range": (package(SHARED.format(999999), strings=SST.format(1)), "WBK-007"),
    "surrogate": (package(sheet(text("A1", "&#xD800;"))), "WBK-007"),
    "sheet twice": (package(sheet(text("A1", "a")), twice=True), "WBK-007"),
    "deep nesting": (package(sheet("", after="<a>" * 300_000 + "</a>" * 300_000)), None),
    "60,000 members": (archive({f"{i}": b"" for i in range(60_000)}, method=zipfile.ZIP_STORED), "WBK-014"),
    "ratio 1000": (zeros(64 * 2**20), "WBK-018"),
    "one gigabyte": (zeros(2**30), "WBK-018"),
    "scattered": (scattered(), "WBK-018"),
    "text of 40,000 signs": (package(sheet(text("A1", "字" * 40_000))), "WBK-018"),
    "612-byte header": (cfb_bomb(), "WBK-007"),
    "overlapping members": (raw_zip([(b"%d.xlsx" % i, bytes(100)) for i in range(9)], overlap=True), "WBK-014"),
    "zeros": (bytes(5000), "WBK-007"),
    "empty": (b"", "WBK-007"),
    "zero tail": (good()[:3000] + bytes(len(good()) - 3000), "WBK-007"),
    "noise named xlsx": (bytes(range(256)) * 9, "WBK-007"),
}  # fmt: skip


@pytest.mark.parametrize("name", REJECTED)
def test_refused_with_one_reason(name: str) -> None:
    data, rule = REJECTED[name]
    started = time.process_time()
    (book, *_) = open_book("表.xlsx" if data[:2] == b"PK" or data[:1] != b"\xd0" else "表.xls", data)
    assert time.process_time() - started < 5
    if rule is None:
        assert book.outcome in ("readable", "rejected")
        return
    assert (book.outcome, [f.rule for f in book.findings]) == ("rejected", [rule])
    assert not book.sheets


def test_far_corners_are_read_where_they_stand_without_the_space_between() -> None:
    """Two cells, A1 and XFD1048576: 2 kB that make a reader ask for 550 GB. Here: two cells."""
    data = package(sheet(f'<row r="1">{text("A1", "甲")}</row><row r="1048576"><c r="XFD1048576"><v>7</v></c></row>'))
    (book,) = open_book("表.xlsx", data)
    (page,) = book.sheets
    assert (book.outcome, page.get(1, 1), page.get(1048576, 16384), page.filled) == ("readable", "甲", 7.0, 2)


def test_one_stray_cell_at_the_end_leaves_the_table_readable() -> None:
    """2,000 rows and a stray cell: a reader would take a gigabyte for the rectangle."""
    rows = "".join(f'<row r="{i}">{text(f"A{i}", f"张{i}")}<c r="B{i}"><v>{i}</v></c></row>' for i in range(1, 2001))
    data = package(sheet(rows + '<row r="1048576"><c r="XFD1048576" t="b"><v>1</v></c></row>'))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    (book,) = open_book("表.xlsx", data)
    page = book.sheets[0]
    assert [page.get(i, 1) for i in (1, 1000, 2000)] == ["张1", "张1000", "张2000"]
    assert (page.get(2000, 2), page.get(1048576, 16384), page.filled) == (2000.0, True, 4001)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000


def test_a_million_styled_empty_rows_are_an_accident_not_an_attack() -> None:
    rows = "".join(f'<row r="{i}" ht="20" customHeight="1"><c r="A{i}" s="0"/></row>' for i in range(3, 1048577))
    (book,) = open_book("表.xlsx", package(sheet(f'<row r="2">{text("B2", "甲")}</row>{rows}')))
    page = book.sheets[0]
    assert (book.outcome, page.get(2, 2), page.filled, page.oversized) == ("readable", "甲", 1, True)


def test_a_dimension_that_lies_changes_nothing() -> None:
    (book,) = open_book("表.xlsx", package(sheet(text("A1", "甲"), before='<dimension ref="A1:XFD1048576"/>')))
    assert (book.outcome, book.sheets[0].get(1, 1), book.sheets[0].oversized) == ("readable", "甲", True)


def test_numbers_that_are_none_become_error_cells() -> None:
    cells = "".join(f'<c r="{c}1"><v>{v}</v></c>' for c, v in zip("ABCD", ("1e999", "NaN", "-INF", "5"), strict=True))
    (book,) = open_book("表.xlsx", package(sheet(f'<row r="1">{cells}</row>')))
    page = book.sheets[0]
    assert (page.errors, page.get(1, 1), page.get(1, 4)) == (
        {(1, 1): "#NUM!", (1, 2): "#NUM!", (1, 3): "#NUM!"},
        "",
        5.0,
    )


def test_characters_no_document_may_hold_are_replaced() -> None:
    (book,) = open_book("表.xlsx", package(sheet(text("A1", "张_x0000_三_x000D_四") + text("B1", "a\x0bb"))))
    assert (book.sheets[0].get(1, 1), book.sheets[0].get(1, 2)) == ("张\ufffd三\n四", "a\ufffdb")


@pytest.mark.parametrize("code", [*range(9), 11, 12, *range(14, 32)])
def test_every_forbidden_sign_is_replaced(code: int) -> None:
    (book,) = open_book("表.xlsx", package(sheet(text("A1", f"甲_x{code:04X}_乙"))))
    assert book.sheets[0].get(1, 1) == "甲\ufffd乙"


def test_non_characters_written_raw_are_replaced() -> None:
    (book,) = open_book("表.xlsx", package(sheet(text("A1", "甲\ufffe乙\uffff"))))
    assert book.sheets[0].get(1, 1) == "甲\ufffd乙\ufffd"


def outcome_only(file: tuple[str, bytes]) -> list[Document]:
    def read(raw: RawBook) -> Document:
        return bare(raw)

    return documents(open_book(*file), read, {})


def test_among_attacks_every_neighbour_is_as_without_them() -> None:
    fine = [(f"好{i}.xlsx", good(i + 1)) for i in range(5)]
    bad = [(f"坏{i}.xlsx", data) for i, (data, _) in enumerate(REJECTED.values())]
    mixed = [file for pair in zip(fine * 5, bad, strict=False) for file in pair]
    alone = {d.path: d for d in read_files(fine, outcome_only, {})}
    together = read_files(mixed, outcome_only, {})
    assert len(together) >= len(mixed)
    for doc in together:
        if doc.path in alone:
            assert doc == alone[doc.path]


@pytest.mark.parametrize("kind", ["xlsx", "ods", "docx-like"])
@pytest.mark.parametrize("cut", range(1, 21))
def test_no_file_cut_short_is_accepted(kind: str, cut: int) -> None:
    whole = {"xlsx": good(), "ods": small_ods(), "docx-like": archive({"名单.xlsx": good()})}[kind]
    name = {"xlsx": "表.xlsx", "ods": "表.ods", "docx-like": "包.zip"}[kind]
    assert open_book(name, whole)[0].outcome == "readable"
    book = open_book(name, whole[: len(whole) * cut // 21])[0]
    assert (book.outcome, [f.rule for f in book.findings]) == ("rejected", ["WBK-007"])


def small_ods() -> bytes:
    office = "urn:oasis:names:tc:opendocument:xmlns:"
    content = (
        f'<office:document-content xmlns:office="{office}office:1.0" xmlns:table="{office}table:1.0" xmlns:text="{office}text:1.0">'
        '<office:body><office:spreadsheet><table:table table:name="表"><table:table-row><table:table-cell office:value-type="string">'
        "<text:p>甲</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
    )
    return ods(content.encode())


def ods(content: bytes) -> bytes:
    spreadsheet = b"application/vnd.oasis.opendocument.spreadsheet"
    manifest = b"<manifest/>"
    return archive(
        {"mimetype": spreadsheet, "content.xml": content, "META-INF/manifest.xml": manifest}, method=zipfile.ZIP_STORED
    )


def test_repeated_rows_of_an_ods_are_counted_before_anybody_unrolls_them() -> None:
    box = io.BytesIO(small_ods())
    with zipfile.ZipFile(box) as old:
        content = old.read("content.xml").replace(
            b"<table:table-row>", b'<table:table-row table:number-rows-repeated="100000000">'
        )
    data = ods(content)
    (book,) = open_book("表.ods", data)
    assert (book.outcome, [f.rule for f in book.findings]) == ("rejected", ["WBK-018"])
