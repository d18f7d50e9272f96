"""Workbooks made by hand, part by part, for what no library would write."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
import zlib
from collections.abc import Mapping

import xlsxwriter

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DOC = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
REL = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)


def sheet(data: str, before: str = "", after: str = "") -> str:
    return f'<worksheet xmlns="{MAIN}">{before}<sheetData>{data}</sheetData>{after}</worksheet>'


def text(ref: str, value: str) -> str:
    return f'<c r="{ref}" t="inlineStr"><is><t>{value}</t></is></c>'


def package(
    sheet_xml: str | bytes, extra: Mapping[str, str | bytes] | None = None, strings: str = "", twice: bool = False
) -> bytes:
    """An .xlsx of one sheet named 表; `extra` parts replace or add; `twice` writes the sheet a second time."""
    link = '<Relationship Id="rId{0}" Type="' + DOC + '/{1}" Target="{2}"/>'
    rels = link.format(1, "worksheet", "worksheets/sheet1.xml") + (
        link.format(2, "sharedStrings", "sharedStrings.xml") if strings else ""
    )
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": f'<Relationships xmlns="{REL}">{link.format(1, "officeDocument", "xl/workbook.xml")}</Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{DOC}"><sheets><sheet name="表" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{REL}">{rels}</Relationships>',
        "xl/worksheets/sheet1.xml": sheet_xml,
    }
    if strings:
        parts["xl/sharedStrings.xml"] = strings
    parts.update(extra or {})
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
        if twice:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                archive.writestr("xl/worksheets/sheet1.xml", sheet_xml)
    return box.getvalue()


def good(rows: int = 3) -> bytes:
    """A plain workbook: sheet 表, a header and `rows` rows of a name and an amount."""
    box = io.BytesIO()
    book = xlsxwriter.Workbook(box, {"in_memory": True})
    page = book.add_worksheet("表")
    page.write_row(0, 0, ["姓名", "金额"])
    for row in range(rows):
        page.write_string(row + 1, 0, f"张{row}")
        page.write_number(row + 1, 1, 100 + row)
    book.close()
    return box.getvalue()


def archive(files: Mapping[str, bytes], encoding: str = "utf-8", method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip whose names are written in `encoding` (without the UTF-8 flag when it is another)."""
    if encoding == "utf-8":
        box = io.BytesIO()
        with zipfile.ZipFile(box, "w", method) as out:
            for name, data in files.items():
                info = zipfile.ZipInfo("placeholder")
                info.filename = name
                info.compress_type = method
                out.writestr(info, data)
        return box.getvalue()
    return raw_zip([(name.encode(encoding), data) for name, data in files.items()])


def raw_zip(files: list[tuple[bytes, bytes]], flags: int = 0, overlap: bool = False) -> bytes:
    """A stored zip with names as bytes; `overlap` points every entry at the first one's bytes."""
    body, central = b"", b""
    for name, data in files:
        offset = 0 if overlap else len(body)
        crc = zlib.crc32(data)
        if not (overlap and body):
            body += (
                struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", 20, flags, 0, 0, 0, crc, len(data), len(data), len(name), 0)
                + name
                + data
            )
        central += (
            struct.pack(
                "<4sHHHHHHIIIHHHHHII",
                b"PK\x01\x02",
                20,
                20,
                flags,
                0,
                0,
                0,
                crc,
                len(data),
                len(data),
                len(name),
                0,
                0,
                0,
                0,
                0,
                offset,
            )
            + name
        )
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, len(files), len(files), len(central), len(body), 0)
    return body + central + end


def cfb_bomb() -> bytes:
    """612 bytes whose header promises 2**32-1 sectors."""
    head = bytearray(512)
    head[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<HHHHH", head, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<IIIIIIII", head, 44, 0xFFFFFFFF, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    return bytes(head) + bytes(100)
