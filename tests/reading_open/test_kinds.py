"""What a file is, by its bytes and never by its name alone; what becomes of each kind (contract.md 3, check -> files)."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime

import pytest

from pipeline.reading.container import open_book
from pipeline.reading.raw import RawBook
from pipeline.reading.sniff_ole import MAGIC
from tests.reading_open.make import DOC, MAIN, REL, TYPES, archive, good, package, sheet, text

HTML = "<html><meta charset='{0}'><body><p>填报单位：某校</p><table><tr><td colspan=2>名单</td></tr><tr><td>姓名</td><td>金额</td></tr><tr><td>张三</td><td>500</td></tr></table></body></html>"
XML2003 = (
    '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
    '<Worksheet ss:Name="表"><Table><Row><Cell ss:MergeAcross="1"><Data ss:Type="String">姓名</Data></Cell></Row>'
    '<Row ss:Index="3" ss:Hidden="1"><Cell><Data ss:Type="Number">5.5</Data></Cell><Cell ss:Index="4"><Data ss:Type="Error">#REF!</Data></Cell></Row>'
    "</Table></Worksheet></Workbook>"
)
CSV = "姓名,金额\n张三,500\n李四,600\n"
JUNK = b"\x93\x01\xff\xfe\x81\x00\xc3" * 90
PNG = b"\x89PNG\r\n\x1a\n" + bytes(50)


def one(path: str, data: bytes) -> RawBook:
    (book,) = open_book(path, data)
    return book


def rules(book: RawBook) -> list[str]:
    return [f.rule for f in book.findings]


@pytest.mark.parametrize(
    ("path", "data", "kind", "outcome", "attachment", "found"),
    [
        ("表.xlsx", good(), "xlsx", "readable", False, []),
        ("表.XLSX", good(), "xlsx", "readable", False, []),
        ("表.xls", good(), "xlsx", "readable", False, ["WBK-002"]),
        ("表", good(), "xlsx", "readable", False, ["WBK-002"]),
        ("名单.csv", CSV.encode("utf-8-sig"), "csv", "readable", False, []),
        ("名单.csv", CSV.encode("gbk"), "csv", "readable", False, []),
        ("名单.xls", CSV.replace(",", "\t").encode("utf-16"), "csv", "readable", False, ["WBK-002"]),
        ("名单.xlsx", CSV.replace(",", ";").encode("gb18030"), "csv", "readable", False, ["WBK-002"]),
        ("名单.xls", HTML.format("gbk").encode("gbk"), "html", "readable", False, ["WBK-002"]),
        ("名单.html", HTML.format("utf-8").encode(), "html", "not-a-workbook", False, ["WBK-001"]),
        ("名单.xls", XML2003.encode(), "xml2003", "readable", False, ["WBK-002"]),
        ("名单.xml", XML2003.encode(), "xml2003", "not-a-workbook", False, ["WBK-001"]),
        ("说明.txt", "请查收。".encode("gbk"), "txt", "not-a-workbook", True, []),
        ("说明.xls", "请查收。".encode("gbk"), "txt", "not-a-workbook", False, ["WBK-001"]),
        ("页.xls", b"<html><body><p>404</p></body></html>", "html", "not-a-workbook", False, ["WBK-001"]),
        ("照片.jpg", b"\xff\xd8\xff\xe0" + bytes(90), "jpg", "not-a-workbook", True, []),
        # named as a workbook: the clerk is told that a picture or a text is none
        ("照片.xlsx", PNG, "png", "not-a-workbook", True, ["WBK-001"]),
        ("申报表.xls", b"%PDF-1.7 ...", "pdf", "not-a-workbook", True, ["WBK-001"]),
        (
            "申报表.xlsx",
            archive({"[Content_Types].xml": b"<a/>", "word/document.xml": b"<a/>"}),
            "docx",
            "not-a-workbook",
            True,
            ["WBK-001"],
        ),
        # named as an attachment: it stays one, whole or not
        (
            "总结.docx",
            archive({"[Content_Types].xml": b"<a/>", "word/document.xml": b"<a/>"})[:90],
            "docx",
            "not-a-workbook",
            True,
            [],
        ),
        ("总结.docx", JUNK, "unknown", "not-a-workbook", True, []),
        ("总结.docx", b"", "docx", "not-a-workbook", True, []),
        ("总结.docx", bytes(90), "docx", "not-a-workbook", True, []),
        ("总结.doc", MAGIC + JUNK * 9, "doc", "not-a-workbook", True, []),
        ("总结.doc", HTML.format("utf-8").encode(), "html", "not-a-workbook", True, []),
        ("总结.doc", "请查收。".encode("gbk"), "txt", "not-a-workbook", True, []),
        ("总结.rtf", JUNK, "unknown", "not-a-workbook", True, []),
        ("扫描.pdf", JUNK, "unknown", "not-a-workbook", True, []),
        ("照片.png", JUNK, "unknown", "not-a-workbook", True, []),
        # unless its bytes are a workbook's or something dangerous
        ("总结.docx", good(), "xlsx", "readable", False, ["WBK-002"]),
        ("总结.doc", b"MZ" + bytes(90), "program", "not-a-workbook", False, ["WBK-001"]),
        ("总结.doc", b"Rar!\x1a\x07\x00" + bytes(90), "rar", "rejected", False, ["WBK-014"]),
        ("扫描.pdf", b"%PDF-1.7 ...", "pdf", "not-a-workbook", True, []),
        (
            "总结.docx",
            archive({"[Content_Types].xml": b"<a/>", "word/document.xml": b"<a/>"}),
            "docx",
            "not-a-workbook",
            True,
            [],
        ),
        ("公文.ofd", archive({"OFD.xml": b"<a/>", "Doc_0/Document.xml": b"<a/>"}), "ofd", "not-a-workbook", True, []),
        ("包.rar", b"Rar!\x1a\x07\x00" + bytes(90), "rar", "rejected", False, ["WBK-014"]),
        ("包.7z", b"7z\xbc\xaf\x27\x1c" + bytes(90), "7z", "rejected", False, ["WBK-014"]),
        ("旧.slk", b"ID;PWXL;N;E\r\n", "sylk", "rejected", False, ["WBK-001"]),
        ("宏.xlsx", b"MZ" + bytes(90), "program", "not-a-workbook", False, ["WBK-001"]),
    ],
)
def test_kind_and_outcome(
    *, path: str, data: bytes, kind: str, outcome: str, attachment: bool, found: list[str]
) -> None:
    book = one(path, data)
    assert (book.kind, book.outcome, book.attachment, rules(book)) == (kind, outcome, attachment, found)


@pytest.mark.parametrize(
    "path",
    [
        "~$表.xlsx", ".~表.xlsx", ".~lock.表.xlsx#", "Thumbs.db", "thumbs.db", ".DS_Store", "desktop.ini", "__MACOSX/._表.xlsx", "._表.xlsx",
        "某校/~$表.xlsx", "~WRL0001.tmp", "表.xlsx.part", "表.xlsx.crdownload", "ehthumbs.db", ".gitignore", "a.zip!__MACOSX/x", "a.zip!~$x.xls",
    ],
)  # fmt: skip
def test_lock_and_system_files_are_passed_over(path: str) -> None:
    book = one(path, good())
    assert (book.outcome, rules(book), book.sheets) == ("ignored", ["WBK-015"], ())


@pytest.mark.parametrize(
    "path", ["表~.xlsx", "某校$表.xlsx", "表(1).xlsx", "表 - 副本.xlsx", "冲突副本 表.xlsx", "database.db.xlsx"]
)
def test_a_copy_is_no_system_file(path: str) -> None:
    assert one(path, good()).outcome == "readable"


def test_html_is_laid_out_as_excel_shows_it() -> None:
    page = one("名单.xls", HTML.format("gbk").encode("gbk")).sheets[0]
    assert page.rows == [["填报单位：某校"], ["名单"], ["姓名", "金额"], ["张三", "500"]]
    assert (page.merged, page.filled) == (((2, 1, 2, 2),), 6)


def test_a_page_that_names_its_sheets_is_as_many_sheets() -> None:
    """As LibreOffice saves a workbook: a list of the sheets, then each under its heading inside an anchor."""
    page = "<hr><p><center><h1>Overview</h1><a href='#table0'>封面</a><br></center></p><hr>"
    for n, (name, row) in enumerate({"封面": "填报单位|某校", "汇款单据": "汇款日期|金额"}.items()):
        cells = "".join(f"<td>{cell}</td>" for cell in row.split("|"))
        page += f"<a name='table{n}'><h1>Sheet {n + 1}: <em>{name}</em></h1></a><table><tr>{cells}</tr></table><hr>"
    raw = one("页.xls", f"<html><meta charset='utf-8'><body>{page}</body></html>".encode())
    assert {s.name: s.rows for s in raw.sheets} == {"封面": [["填报单位", "某校"]], "汇款单据": [["汇款日期", "金额"]]}


def test_html_cut_short_is_damaged() -> None:
    data = HTML.format("utf-8").encode()
    for cut in range(5, 20):
        book = one("名单.xls", data[: len(data) * cut // 20])
        assert book.outcome != "readable" or b"</table>" in data[: len(data) * cut // 20]


def test_xml_2003_keeps_types_places_and_hidden_rows() -> None:
    page = one("名单.xls", XML2003.encode()).sheets[0]
    assert (page.get(1, 1), page.get(3, 1), page.errors) == ("姓名", 5.5, {(3, 4): "#REF!"})
    assert (page.merged, page.hidden_rows) == (((1, 1, 1, 2),), frozenset({3}))


def test_text_with_an_open_quote_is_damaged() -> None:
    assert rules(one("名单.csv", '姓名,说明\n张三,"住院\n'.encode())) == ["WBK-007"]


def test_doctype_in_xml_2003_is_refused() -> None:
    data = XML2003.replace("<Workbook", '<!DOCTYPE a [<!ENTITY b "c">]><Workbook', 1)
    assert one("名单.xls", data.encode()).outcome == "rejected"


def test_sizes_beyond_the_limit_are_refused_for_workbooks_only() -> None:
    big = good() + bytes(21 * 2**20)
    assert rules(one("表.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(21 * 2**20)))[-1] in (
        "WBK-007",
        "WBK-001",
        "WBK-018",
    )
    assert rules(one("照片.jpg", b"\xff\xd8\xff" + big)) == []
    assert rules(one("表.csv", b"a,b\n" * 6 * 2**20)) == ["WBK-018"]


def test_utf16_prefixed_and_unaddressed_cells_are_read() -> None:
    wide = package(sheet(text("A1", "甲")).encode("utf-16"))
    prefixed = sheet("").replace("<", "<x:").replace("<x:/", "</x:").replace("xmlns=", "xmlns:x=")
    prefixed = prefixed.replace(
        "<x:sheetData>", '<x:sheetData><x:row><x:c><x:v>1</x:v></x:c><x:c t="e"><x:v>#N/A</x:v></x:c></x:row>'
    )
    assert one("表.xlsx", wide).sheets[0].get(1, 1) == "甲"
    page = one("表.xlsx", package(prefixed)).sheets[0]
    assert (page.get(1, 1), page.errors) == (1.0, {(1, 2): "#N/A"})


def test_strict_open_xml_has_its_sheets() -> None:
    strict = {
        MAIN: "http://purl.oclc.org/ooxml/spreadsheetml/main",
        DOC: "http://purl.oclc.org/ooxml/officeDocument/relationships",
    }
    box = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package(sheet(text("A1", "甲"))))) as old, zipfile.ZipFile(box, "w") as new:
        for name in old.namelist():
            part = old.read(name).decode()
            for loose, exact in strict.items():
                part = part.replace(loose, exact)
            new.writestr(name, part)
    assert one("表.xlsx", box.getvalue()).sheets[0].get(1, 1) == "甲"


def test_macros_links_and_the_1904_calendar_are_said() -> None:
    flags = {
        "xl/vbaProject.bin": b"x",
        "xl/externalLinks/externalLink1.xml": "<a/>",
        "xl/connections.xml": "<a/>",
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{DOC}"><workbookPr date1904="1"/><sheets><sheet name="表" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "[Content_Types].xml": TYPES.replace(
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main",
            "application/vnd.ms-excel.sheet.macroEnabled.main",
        ),
    }
    book = one("表.xlsm", package(sheet(text("A1", "甲")), flags))
    assert (book.kind, book.date1904) == ("xlsm", True)
    assert sorted(rules(book)) == ["WBK-005", "WBK-017", "WBK-019"]
    assert (book.active, book.outside) == (("vba",), ("links", "connections"))


def test_the_documents_own_time_is_kept() -> None:
    core = '<cp:coreProperties xmlns:cp="c" xmlns:dcterms="d"><dcterms:modified>2020-01-10T08:09:10Z</dcterms:modified></cp:coreProperties>'
    rels = (
        f'<Relationships xmlns="{REL}"><Relationship Id="rId1" Type="{DOC}/officeDocument" Target="xl/workbook.xml"/>'
        '<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>'
    )
    book = one("表.xlsx", package(sheet(""), {"docProps/core.xml": core, "_rels/.rels": rels}))
    assert book.modified == datetime.fromisoformat("2020-01-10T08:09:10")
