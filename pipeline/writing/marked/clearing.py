"""Our own earlier marks on a copy that came back: column emptied, our fills and our notes gone, the school's own kept."""

from __future__ import annotations

import re

from lxml import etree

from pipeline.model import address
from pipeline.writing.marked.package import Package, resolve
from pipeline.writing.marked.sheetxml import Grid, clear_column
from pipeline.writing.marked.styles import FILL, Styles


def clear_earlier(package: Package, part: str, grid: Grid, styles: Styles, col: int, author: str) -> None:
    clear_column(grid, col)
    ours = styles.filled_by_us({FILL["error"], FILL["warning"]})
    for row in grid.rows.values():
        for cell in row:
            own = int(cell.get("s") or 0)
            if own in ours:
                cell.set("s", str(styles.unfilled(own)))
    _clear_notes(package, part, grid.ns, author)


def _clear_notes(package: Package, part: str, ns: str, author: str) -> None:
    for rel in package.rels(part):
        if rel.kind == "comments" and resolve(part, rel.target) in package.parts:
            name = resolve(part, rel.target)
            root = package.xml(name)
            gone = _drop_by_author(root, ns, author)
            package.put(name, root)
            for other in package.rels(part):
                if other.kind == "vmlDrawing" and resolve(part, other.target) in package.parts:
                    drawing = resolve(part, other.target)
                    package.parts[drawing] = _drop_shapes(package.parts[drawing], gone)


def _drop_by_author(root: etree._Element, ns: str, author: str) -> set[str]:
    authors = [a.text for a in root.iter(f"{{{ns}}}author")]
    gone = set()
    for comment in list(root.iter(f"{{{ns}}}comment")):
        who = int(comment.get("authorId") or 0)
        if who < len(authors) and authors[who] == author:
            gone.add(comment.get("ref") or "")
            comment.getparent().remove(comment)
    return gone


def _drop_shapes(data: bytes, gone: set[str]) -> bytes:
    def keep(match: re.Match[bytes]) -> bytes:
        row = re.search(rb"<x:Row>\s*([0-9]+)\s*</x:Row>", match.group(0))
        col = re.search(rb"<x:Column>\s*([0-9]+)\s*</x:Column>", match.group(0))
        here = address(int(row.group(1)) + 1, int(col.group(1)) + 1) if row and col else ""
        return b"" if here in gone else match.group(0)

    return re.sub(rb"<v:shape\b.*?</v:shape>", keep, data, flags=re.DOTALL)
