"""Delivered bytes in; the figures printed in them, the texts and the properties they carry, out. Nothing is trusted but the bytes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree, html

from pipeline.render.look import Seen

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
CELL, VALUE, FORMULA = f"{S}c", f"{S}v", f"{S}f"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_NAME = re.compile(r"'?(.*?)'?!\$([A-Z]+)\$(\d+):\$([A-Z]+)\$(\d+)$")
_XML, _NESTED = (".xml", ".rels", ".vml"), (".xlsx", ".docx", ".zip", ".html", ".csv", ".json", ".txt")
_ATTRIBUTES = etree.XPath("//@*", smart_strings=False)
_NUMBER = re.compile(rb"[0-9]{11,}[Xx]?")
_RUNS, _TAG, _WIDE = re.compile(rb"<(?:w:|x:)?r[ >]"), re.compile(rb"<[^>]*>"), (b"\xff\xfe", b"\xfe\xff")
_LINE_END = re.compile(rb"</(?:w:p|x:si|si|x:c|c)>")
PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)


def html_figures(data: bytes) -> list[Seen]:
    """Every <data data-figure>: the text between the tags, and its value attribute (in `formula`)."""
    tree = html.document_fromstring(data, parser=html.HTMLParser(encoding="utf-8"))
    found = tree.iterfind(".//data[@data-figure]")
    return [
        Seen(e.get("data-figure"), e.text_content(), str(e.sourceline), formula=e.get("value") or "") for e in found
    ]


def docx_figures(data: bytes) -> list[Seen]:
    """The text inside every bookmark fig_…"""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        tree = etree.fromstring(package.read("word/document.xml"), PARSER)
    return [
        Seen(start.get(f"{W}name"), _between(start), "document")
        for start in tree.iter(f"{W}bookmarkStart")
        if str(start.get(f"{W}name")).startswith("fig_")
    ]


def _between(start: Any) -> str:
    number, text, node = start.get(f"{W}id"), "", start.getnext()
    while node is not None and not (node.tag == f"{W}bookmarkEnd" and node.get(f"{W}id") == number):
        text += "".join(t.text or "" for t in node.iter(f"{W}t"))
        node = node.getnext()
    return text


@dataclass(frozen=True, slots=True)
class Cells:
    """One sheet: address -> text, and the formulas."""

    values: Mapping[str, str]
    formulas: Mapping[str, str]


def xlsx_sheets(data: bytes) -> dict[str, Cells]:
    """Sheet name -> its cells, from the sheets' own XML."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        shared = _shared(package)
        return {name: _cells(package.read(part), shared) for name, part in _parts(package)}


def hidden_sheets(data: bytes) -> list[str]:
    """Names of the sheets a reader does not see."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        book = etree.fromstring(package.read("xl/workbook.xml"), PARSER)
    return [sheet.get("name") for sheet in book.iter(f"{S}sheet") if sheet.get("state") in {"hidden", "veryHidden"}]


def _parts(package: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    book = etree.fromstring(package.read("xl/workbook.xml"), PARSER)
    links = {e.get("Id"): e.get("Target") for e in etree.fromstring(package.read("xl/_rels/workbook.xml.rels"), PARSER)}
    for sheet in book.iter(f"{S}sheet"):
        yield sheet.get("name"), "xl/" + str(links[sheet.get(f"{R}id")]).removeprefix("/xl/")


def _shared(package: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in package.namelist():
        return []
    tree = etree.fromstring(package.read("xl/sharedStrings.xml"), PARSER)
    return ["".join(t.text or "" for t in item.iter(f"{S}t")) for item in tree.iter(f"{S}si")]


def _at(shared: list[str], place: int) -> str:
    return shared[place] if 0 <= place < len(shared) else ""


def _cells(data: bytes, shared: list[str]) -> Cells:
    values, formulas = {}, {}
    for cell in etree.fromstring(data, PARSER).iter(CELL):
        at, kind = cell.get("r"), cell.get("t")
        for part in cell:
            tag, text = part.tag, part.text
            if tag == FORMULA:
                formulas[at] = text or ""
            elif tag == VALUE and text is not None and kind != "inlineStr":
                values[at] = _at(shared, int(text)) if kind == "s" else text
        if kind == "inlineStr":
            values[at] = "".join(t.text or "" for t in cell.iter(f"{S}t"))
    return Cells(values, formulas)


def xlsx_figures(data: bytes, sheets: Mapping[str, Cells] | None = None) -> list[Seen]:
    """`sheets`: its xlsx_sheets, for a caller who has them. Every cell of every range named fig_…; the unit is the code in column B of its row, the row of a sum is the district's."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        book = etree.fromstring(package.read("xl/workbook.xml"), PARSER)
    ranges = []
    for name in book.iter(f"{S}definedName"):
        found = _NAME.match(name.text or "")
        if str(name.get("name")).startswith("fig_") and found:
            ranges.append((re.sub(r"__[0-9]+$", "", name.get("name")), *found.groups()))
    if sheets is None:
        sheets = xlsx_sheets(data) if ranges else {}
    return [
        s
        for tag, sheet, letters, first, _, last in ranges
        for s in _ranged(sheets[sheet], tag, sheet, letters, int(first), int(last))
    ]


def _ranged(cells: Cells, tag: str, sheet: str, letters: str, first: int, last: int) -> Iterator[Seen]:
    for row in range(first, last + 1):
        at = f"{letters}{row}"
        if at in cells.values:
            formula = cells.formulas.get(at, "")
            unit = "" if formula.startswith("SUM(") else cells.values.get(f"B{row}")
            yield Seen(tag, cells.values[at], f"{sheet}!{at}", unit, formula)


def texts(path: str, data: bytes) -> str:
    """Everything a reader (or a curious one) can find in a file: texts, comments, properties, names inside a zip."""
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return data.decode("utf-8", "replace")
    found = []
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            part = package.read(name)
            found.append(name)
            if name.endswith(_XML):
                found.append(_all_text(part))
            elif name.endswith(_NESTED):
                found.append(texts(name, part))
    return "\n".join(found)


def _all_text(part: bytes) -> str:
    """Every text and attribute of one XML part, a line for each paragraph, shared string and cell."""
    tree = etree.fromstring(part, PARSER)
    attributes = " ".join(_ATTRIBUTES(tree))
    for element in tree.iter(f"{W}p", f"{S}si", f"{S}c"):
        element.tail = f"{element.tail or ''}\n"
    return f"{etree.tostring(tree, encoding='unicode', method='text')}\n{attributes}"


def long_numbers(path: str, data: bytes, known: dict[object, frozenset[str]]) -> frozenset[str]:
    """Every run of 11 to 19 digits (or 18 and an X) in what `texts` would give, without building trees: it looks at every
    delivered byte. `known`: what the same bytes gave before."""
    if data not in known:
        packed = data[:2] == b"PK" and zipfile.is_zipfile(io.BytesIO(data))
        known[data] = frozenset().union(*_numbers_inside(data, known)) if packed else frozenset(_numbers(data))
    return known[data] | _numbers(path.encode())


def _numbers_inside(data: bytes, known: dict[object, frozenset[str]]) -> Iterator[Collection[str]]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for info in package.infolist():
            name, mark = info.filename, (info.CRC, info.file_size)  # styles and fonts are the same in every letter
            if name.endswith(_NESTED):
                yield long_numbers(name, package.read(name), known)
                continue
            yield _numbers(name.encode())
            if name.endswith(_XML):
                if mark not in known:
                    known[mark] = frozenset().union(*_numbers_in_part(package.read(name)))
                yield known[mark]


def _numbers_in_part(part: bytes) -> Iterator[Collection[str]]:
    part = part.decode("utf-16").encode() if part[:2] in _WIDE else part
    yield _numbers(part)
    if _RUNS.search(part):  # a number may be spread over several runs of one text
        yield _numbers(_TAG.sub(b"", _LINE_END.sub(b"\n", part)))


def _numbers(data: bytes) -> set[str]:
    found = set(_NUMBER.findall(data))
    return {n.decode("ascii") for n in found if len(n) <= 19} if found else set()


def author_of(data: bytes) -> tuple[str, str]:
    """(creator, last modified by) of the document properties."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        if "docProps/core.xml" not in package.namelist():
            return "", ""
        tree = etree.fromstring(package.read("docProps/core.xml"), PARSER)
    wanted = {"creator": "", "lastModifiedBy": ""}
    for element in tree.iter():
        name = etree.QName(element).localname
        if name in wanted:
            wanted[name] = element.text or ""
    return wanted["creator"], wanted["lastModifiedBy"]
