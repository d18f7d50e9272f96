"""HTML wearing .xls: in go its bytes, out come its sheets laid out as Excel would lay them out, all values as text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from lxml import html

from pipeline.reading.container_values import clean_text
from pipeline.reading.limits import Limits, damaged, too_big
from pipeline.reading.raw import RawSheet
from pipeline.reading.sniff import decode

BLOCKS = frozenset(["p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "center", "pre", "li"])
SKIPPED = frozenset(["script", "style", "head", "title", "noscript"])
HEADED = re.compile(r"table[0-9]{1,5}")  # <a name="table0"><h1>Sheet 1: <em>its name</em></h1></a>
WIDEST = 1000


@dataclass(slots=True)
class _Page:
    """One sheet being laid out."""

    sheet: RawSheet
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    tables: int = 0


def open_html(data: bytes, name: str, limits: Limits) -> list[RawSheet] | None:
    """Tables and the paragraphs between them, one under the other; None when there is no table at all. A page that names
    its sheets as LibreOffice does (an anchor around the heading of each) is as many sheets."""
    text = decode(_declared(data))
    if text is None:
        raise damaged("encoding")
    if len(re.findall(r"<table\b", text, re.I)) > len(re.findall(r"</table\s*>", text, re.I)):
        raise damaged("truncated")
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text.lstrip("\ufeff"))
    parser = html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    root = html.document_fromstring(text or "<html/>", parser=parser)
    if root.find(".//table") is None:
        return None
    pages = [_Page(RawSheet(name))]
    _walk(root, pages, limits)
    named = [p for p in pages[1:] if p.tables] or pages
    for page in named:
        page.sheet.merged = tuple(page.merged)
        page.sheet.filled = sum(len(row) - row.count("") for row in page.sheet.rows)
    return [page.sheet for page in named]


def _declared(data: bytes) -> bytes:
    """Bytes in the charset the page declares, as UTF-8; unchanged where decode() will find out by itself."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or data[:3] == b"\xef\xbb\xbf":
        return data
    hit = re.search(rb"charset\s*=\s*[\"']?([A-Za-z0-9_-]+)", data[:4096])
    name = hit[1].decode().lower() if hit else ""
    if name in ("big5", "big5-hkscs", "cp950"):
        return data.decode("cp950", "replace").encode("utf-8")
    return data


def _walk(element: Any, pages: list[_Page], limits: Limits) -> None:
    """Depth first without recursion: a table is laid out, a paragraph outside tables becomes a row of its own. The heading
    of a sheet begins the next page."""
    todo = [element]
    while todo:
        node = todo.pop()
        if not isinstance(node.tag, str) or node.tag in SKIPPED:
            continue
        if node.tag == "table":
            pages[-1].tables += 1
            _table(node, pages[-1].sheet, pages[-1].merged, limits)
        elif title := _sheet_named(node, limits):
            pages.append(_Page(RawSheet(title)))
        elif node.tag in BLOCKS and node.find(".//table") is None:
            text = _text(node, limits)
            if text:
                pages[-1].sheet.rows.append([text])
        else:
            todo += reversed(list(node))


def _sheet_named(node: Any, limits: Limits) -> str:
    """The name a heading gives to the sheet below it, '' for anything else."""
    if node.tag != "a" or not HEADED.fullmatch(node.get("name") or "") or (said := node.find(".//em")) is None:
        return ""
    return _text(said, limits)


def _table(table: Any, sheet: RawSheet, merged: list[tuple[int, int, int, int]], limits: Limits) -> None:
    taken: dict[tuple[int, int], bool] = {}
    start = len(sheet.rows)
    cells = 0
    lines = [line for line in table.iter("tr") if _owner(line) is table]
    if start + len(lines) > limits.rows:
        raise too_big("rows", limits.rows)
    for i, line in enumerate(lines):
        row: list[Any] = []
        col = 0
        for cell in (c for c in line if c.tag in ("td", "th")):
            while taken.get((i, col)):
                col += 1
            down, right = _span(cell, "rowspan", len(lines) - i), _span(cell, "colspan", WIDEST)
            cells += down * right
            if cells > limits.cells:
                raise too_big("cells", limits.cells)
            row += [""] * (col - len(row)) + [_text(cell, limits)]
            if down > 1 or right > 1:
                merged.append((start + i + 1, col + 1, start + i + down, col + right))
                taken.update(((i + a, col + b), True) for a in range(down) for b in range(right))
            col += right
        sheet.rows.append(row)


def _owner(line: Any) -> Any:
    parent = line.getparent()
    while parent is not None and parent.tag != "table":
        parent = parent.getparent()
    return parent


def _span(cell: Any, name: str, most: int) -> int:
    text = (cell.get(name) or "1").strip()
    return max(1, min(int(text), most)) if text.isdigit() and len(text) < 9 else 1


def _text(node: Any, limits: Limits) -> str:
    for line in node.iter("br"):
        line.tail = "\n" + (line.tail or "")
    parts = re.sub(r"[ \t\r\f]*\n[ \t\r\f]*", "\n", "".join(node.itertext()))
    return clean_text(re.sub(r"[ \t]+", " ", parts).strip(), limits)
