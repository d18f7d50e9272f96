"""Worksheet XML made plain or small: in goes the XML of a worksheet, out comes an equal one that is safe to scan or read."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from lxml import etree

from pipeline.model import column_letters
from pipeline.reading.limits import Limits, damaged, too_big
from pipeline.reading.prescan import Scan
from pipeline.reading.prescan_areas import MAX_COL, MAX_ROW, column

FULL = re.compile(rb'<c r="([A-Z]+)([0-9]+)"([^>]*)(?<!/)>(.*?)</c>', re.S)
DECLARED = re.compile(rb"^\s*<\?xml[^>]*encoding=[\"']([A-Za-z0-9._-]+)")
MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
UTF8_NAMES = (b"utf-8", b"utf8", b"us-ascii", b"ascii")


def safe_parser() -> etree.XMLParser:
    """No network, no entities, no DTD, no huge trees."""
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )


def utf8(part: bytes) -> bytes:
    """An XML part as UTF-8 without byte order mark; Refused WBK-007 with a DOCTYPE (whatever it declares)."""
    if part[:2] in (b"\xff\xfe", b"\xfe\xff") or part[:4] in (b"<\0?\0", b"\0<\0?"):
        name = "utf-16" if part[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-16-le" if part[0] == 60 else "utf-16-be")
        part = _undeclared(part.decode(name))
    elif part[:3] == b"\xef\xbb\xbf":
        part = part[3:]
    if b'encoding="UTF-8"' not in part[:100]:
        declared = DECLARED.search(part[:200])
        if declared and declared[1].lower() not in UTF8_NAMES and not declared[1].lower().startswith(b"utf-16"):
            part = _undeclared(part.decode(declared[1].decode("ascii"), "strict"))
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        raise damaged("doctype")
    return part


def _undeclared(text: str) -> bytes:
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", text.lstrip("\ufeff"), count=1).encode("utf-8")


def canonical(xml: bytes) -> bytes:
    """The same worksheet without prefixes, comments and CDATA, every cell carrying its own address first."""
    root = etree.fromstring(xml, safe_parser())
    for element in root.iter():
        if isinstance(element.tag, str):
            element.tag = etree.QName(element).localname
            for name in [n for n in element.attrib if n.startswith("{") and not n.endswith("}space")]:
                del element.attrib[name]
    row = 0
    for line in root.iter("row"):
        row = int(line.get("r") or row + 1)
        line.set("r", str(row))
        col = 0
        for cell in line.iterchildren("c"):
            col = _address(cell, row, col)
    etree.cleanup_namespaces(root)
    plain: bytes = etree.tostring(root, encoding="utf-8")
    return plain.replace(b"<worksheet", b'<worksheet xmlns="%s"' % MAIN, 1)


def _address(cell: Any, row: int, col: int) -> int:
    attributes = dict(cell.attrib)
    ref = attributes.pop("r", "")
    letters = ref.rstrip("0123456789")
    number = column(letters.encode("ascii", "replace")) if letters else col + 1
    if number > MAX_COL or row > MAX_ROW:
        raise damaged("far")
    if attributes.get("t") == "inlineStr" and cell.find("v") is not None and cell.find("is") is None:
        attributes["t"] = "str"  # an old LibreOffice: the text stands in <v>, where readers of inline text do not look
    cell.attrib.clear()
    cell.set("r", ref if letters and ref != letters else f"{column_letters(number)}{row}")
    for name, value in attributes.items():
        cell.set(name, value)
    return number


def compacted(xml: bytes, found: Scan, limits: Limits) -> tuple[bytes, list[int], list[int]]:
    """Only the filled cells, moved together so that no reader fills the space between; with the rows and columns they stand in.

    One stray cell in row 1,048,576 is an accident of the office, not an attack; only data truly scattered over a huge
    grid is refused (WBK-018).
    """
    rows = sorted(int(r) for r in found.rows)
    cols = sorted(column(c) for c in found.cols)
    if len(rows) * len(cols) > max(limits.dense, 8 * found.filled):
        raise too_big("scattered", limits.dense)
    row_at = {row: i + 1 for i, row in enumerate(rows)}
    col_at = {col: column_letters(i + 1).encode() for i, col in enumerate(cols)}
    lines: dict[int, list[bytes]] = {}
    for letters, number, attributes, body in FULL.findall(xml):
        row, col = row_at.get(int(number)), col_at.get(column(letters))
        if row and col and (b"<v" in body or b"<is" in body):
            lines.setdefault(row, []).append(b'<c r="%s%d"%s>%s</c>' % (col, row, attributes, body))
    data = b"".join(b'<row r="%d">%s</row>' % (row, b"".join(lines[row])) for row in sorted(lines))
    return b'<worksheet xmlns="%s"><sheetData>%s</sheetData></worksheet>' % (MAIN, data), rows, cols


def repacked(parts: Mapping[str, bytes], changed: Mapping[str, bytes]) -> bytes:
    """A package of the same parts with some replaced, stored without packing: for reading in memory only."""
    box = BytesIO()
    with zipfile.ZipFile(box, "w", zipfile.ZIP_STORED) as archive:
        for name, part in parts.items():
            if name in changed or not name.startswith(("xl/media/", "xl/embeddings/")):
                archive.writestr(name, changed.get(name, part))
    return box.getvalue()
