"""The pre-scan of OpenDocument sheets: in goes content.xml, out come per sheet the exceptional cells and the bounds.

Repeated rows and cells are counted, never unrolled: a few bytes may promise a hundred million cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from lxml import etree

from pipeline.reading.limits import Limits, too_big
from pipeline.reading.raw import Address

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
BRACKET = re.compile(r"\[([^\]]*)\]")
MANY = 1000  # repeats of hidden rows listed one by one


@dataclass(slots=True)
class OdsScan:
    name: str
    style: str = ""
    filled: int = 0
    first: Address = (10**7, 10**6)
    last: Address = (0, 0)
    errors: dict[Address, str] = field(default_factory=dict)
    formulas: dict[Address, str] = field(default_factory=dict)
    uncached: set[Address] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    comments: dict[Address, str] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_cols: set[int] = field(default_factory=set)
    filtered: bool = False
    row: int = 0
    col: int = 0

    @property
    def area(self) -> int:
        return (self.last[0] - self.first[0] + 1) * (self.last[1] - self.first[1] + 1) if self.last[0] else 0


@dataclass(slots=True)
class OdsBook:
    sheets: list[OdsScan] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    hidden_styles: set[str] = field(default_factory=set)


def scan_ods(xml: bytes, limits: Limits) -> OdsBook:
    """Walk content.xml once; Refused WBK-018 over a limit; lxml errors when it is broken."""
    book = OdsBook()
    style = ""
    parser = etree.iterparse(
        BytesIO(xml), events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False
    )
    for event, element in parser:
        tag = element.tag
        if event == "start":
            if tag == TABLE + "table":
                book.sheets.append(OdsScan(element.get(TABLE + "name", ""), element.get(TABLE + "style-name", "")))
            elif tag == STYLE + "style":
                style = element.get(STYLE + "name", "")
            elif tag == TABLE + "table-row" and book.sheets:
                book.sheets[-1].col = 0
            continue
        if tag == STYLE + "table-properties" and element.get(TABLE + "display") == "false":
            book.hidden_styles.add(style)
        elif tag in (TABLE + "named-range", TABLE + "named-expression"):
            book.names[element.get(TABLE + "name", "")] = element.get(TABLE + "expression") or element.get(
                TABLE + "cell-range-address", ""
            )
        elif book.sheets:
            _element(tag, element, book.sheets[-1], limits)
    return book


def _element(tag: str, element: Any, sheet: OdsScan, limits: Limits) -> None:
    if tag in (TABLE + "table-cell", TABLE + "covered-table-cell"):
        _cell(element, sheet, limits)
    elif tag == TABLE + "table-row":
        _row(element, sheet, limits)
    elif tag == TABLE + "table-column":
        times = _times(element, "columns")
        if element.get(TABLE + "visibility") in ("collapse", "filter"):
            sheet.hidden_cols.update(range(sheet.col + 1, sheet.col + min(times, MANY) + 1))
        sheet.col += times


def _times(element: Any, what: str) -> int:
    text = element.get(f"{TABLE}number-{what}-repeated", "1")
    return max(1, int(text)) if text.isdigit() and len(text) < 10 else 1


def _cell(element: Any, sheet: OdsScan, limits: Limits) -> None:
    times = _times(element, "columns")
    row, col = sheet.row + 1, sheet.col + 1
    shown = "".join("".join(p.itertext()) for p in element.iterchildren(TEXT + "p"))
    value = element.get(OFFICE + "value-type", "")
    formula = element.get(TABLE + "formula", "")
    error = element.get(CALC + "value-type") == "error" or (bool(formula) and shown.startswith(("#", "Err:")))
    if formula:
        sheet.formulas[row, col] = _as_excel(formula)
        if not value and not shown:
            sheet.uncached.add((row, col))
    if error:
        sheet.errors[row, col] = shown
    if (value and (shown or value != "string")) or shown:
        sheet.filled += times
        sheet.first = (min(sheet.first[0], row), min(sheet.first[1], col))
        sheet.last = (max(sheet.last[0], row), max(sheet.last[1], col + times - 1))
        if sheet.filled > limits.cells:
            raise too_big("cells", limits.cells)
    down, right = _spanned(element, "rows"), _spanned(element, "columns")
    if down > 1 or right > 1:
        if down > 1 and down * right > limits.span:
            raise too_big("span", limits.span)
        sheet.merged.append((row, col, row + down - 1, col + right - 1))
    for note in element.iterchildren(OFFICE + "annotation"):
        sheet.comments[row, col] = "\n".join("".join(p.itertext()) for p in note.iter(TEXT + "p"))
    sheet.col += times
    element.clear()


def _as_excel(formula: str) -> str:
    """of:=SUM([.B2:.B5];1) -> SUM(B2:B5,1): enough to recognise a formula and to add up what it adds up."""
    plain = formula[formula.index("=") + 1 :] if re.match(r"\w*:?=", formula) else formula
    return BRACKET.sub(lambda hit: re.sub(r"(^|:)\.", r"\1", hit[1]), plain).replace(";", ",")


def _spanned(element: Any, what: str) -> int:
    text = element.get(f"{TABLE}number-{what}-spanned", "1")
    return int(text) if text.isdigit() and len(text) < 9 else 1


def _row(element: Any, sheet: OdsScan, limits: Limits) -> None:
    times = _times(element, "rows")
    hidden = element.get(TABLE + "visibility") in ("collapse", "filter")
    if element.get(TABLE + "visibility") == "filter":
        sheet.filtered = True
    if hidden:
        sheet.hidden_rows.update(range(sheet.row + 1, sheet.row + min(times, MANY) + 1))
    if times > 1 and sheet.last[0] == sheet.row + 1:
        on_row = sheet.last[1] - sheet.first[1] + 1
        sheet.filled += on_row * (times - 1)
        sheet.last = (sheet.row + times, sheet.last[1])
    if sheet.filled > limits.cells:
        raise too_big("cells", limits.cells)
    sheet.row += times
    element.clear()


def user_properties(meta: bytes) -> dict[str, str]:
    """meta:user-defined entries of meta.xml as name -> text."""
    found = {}
    for element in _iterate(meta):
        if element.tag.rpartition("}")[2] == "user-defined":
            name = next((v for k, v in element.attrib.items() if k.rpartition("}")[2] == "name"), "")
            found[name] = "".join(element.itertext())
    return found


def saved(meta: bytes) -> str:
    """dc:date of meta.xml as it stands."""
    return next(
        ("".join(e.itertext()) for e in _iterate(meta) if e.tag == "{http://purl.org/dc/elements/1.1/}date"), ""
    )


def _iterate(xml: bytes) -> Iterator[Any]:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    return iter(etree.fromstring(xml, parser).iter()) if xml.strip() else iter(())
