"""Delivered files in; a look at each out: what it shows, hides and carries, and whether it still says what it said. Runs anywhere."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence

from lxml import etree

from pipeline.render.delivered import (
    PARSER,
    Cells,
    author_of,
    docx_figures,
    hidden_sheets,
    html_figures,
    long_numbers,
    xlsx_figures,
    xlsx_sheets,
)
from pipeline.render.imprint import BODY, EDGE, is_whole_page, of_cells, of_parts
from pipeline.render.look import Look

_HIDDEN_TEXT = re.compile(rb"<w:vanish|<w:ins |<w:del |commentRange")


def look_all(files: Sequence[tuple[str, bytes, bool]]) -> list[Look]:
    """(path, bytes, whether it is a paper of ours) -> a look at each; of other files only the long numbers. Runs anywhere."""
    known: dict[object, frozenset[str]] = {}
    return [
        _look(path, data, long_numbers(path, data, known)) if ours else Look(numbers=long_numbers(path, data, known))
        for path, data, ours in files
    ]


def _look(path: str, data: bytes, numbers: frozenset[str]) -> Look:
    if path.endswith(".html"):
        return Look(tuple(html_figures(data)), numbers=numbers, whole=is_whole_page(data))
    if path.endswith(".docx"):
        return Look(
            tuple(docx_figures(data)),
            author_of(data),
            tuple(_unseen(data)),
            numbers=numbers,
            whole=_is_whole_letter(data),
        )
    if path.endswith(".xlsx"):
        sheets = xlsx_sheets(data)
        return Look(
            tuple(xlsx_figures(data, sheets)),
            author_of(data),
            tuple(_unseen(data)),
            tuple(hidden_sheets(data)),
            tuple((f"{name}!{at}", text) for name, sheet in sheets.items() for at, text in sheet.formulas.items()),
            numbers,
            _is_whole_workbook(data, sheets),
        )
    return Look(numbers=numbers)


def _is_whole_letter(data: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        said = {n: package.read(n) for n in package.namelist() if n == BODY or EDGE.fullmatch(n)}
    return _property(data, "docProps/core.xml", "identifier") == of_parts(said)


def _is_whole_workbook(data: bytes, sheets: Mapping[str, Cells]) -> bool:
    """A form handed out to be filled in bears no mark."""
    mark = _property(data, "docProps/custom.xml", "lpwstr")
    cells = ((name, at, text) for name, sheet in sheets.items() for at, text in sheet.values.items())
    return not mark or mark == of_cells(cells)


def _property(data: bytes, part: str, tag: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        if part not in package.namelist():
            return ""
        tree = etree.fromstring(package.read(part), PARSER)
    return next((e.text or "" for e in tree.iter() if etree.QName(e).localname == tag), "")


def _unseen(data: bytes) -> Iterator[str]:
    """Comments, hidden text and tracked changes."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        yield from (name for name in package.namelist() if "comments" in name.lower())
        if "word/document.xml" in package.namelist() and _HIDDEN_TEXT.search(package.read("word/document.xml")):
            yield "word/document.xml"
