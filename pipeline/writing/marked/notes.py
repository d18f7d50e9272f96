"""Cell notes in classic form (comments part + VML drawing, sized), added to a sheet that may already have some."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lxml import etree

from pipeline.model import address
from pipeline.writing.marked.package import STRICT, TRANSITIONAL, CannotMark, Package, relative, resolve
from pipeline.writing.marked.sheetxml import Grid, add_legacy_drawing, clean, legacy_drawing

COMMENTS = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
VML = "application/vnd.openxmlformats-officedocument.vmlDrawing"
SHELL = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel">'
    '<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{id}"/></o:shapelayout>'
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype></xml>'
)
SHAPE = (
    '<v:shape xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel" '
    'id="_x0000_s{id}" type="#_x0000_t202" style="position:absolute;margin-left:60pt;margin-top:2pt;width:210pt;height:{height}pt;z-index:{z};visibility:hidden" '
    'fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
    '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{left}, 15, {top}, 2, {right}, 40, {bottom}, 10</x:Anchor>'
    "<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{col}</x:Column></x:ClientData></v:shape>"
)


def add_notes(
    package: Package, part: str, grid: Grid, notes: Mapping[tuple[int, int], str], author: str, strict: bool
) -> None:
    """`notes`: (row, col) -> text. A cell that already has a note keeps it, ours in front. Patches the sheet in `grid`."""
    if not notes:
        return
    comments_part, root = _comments(package, part, grid.ns, strict)
    who = _author(root, grid.ns, author)
    listing = root.find(f"{{{grid.ns}}}commentList")
    own = {c.get("ref"): c for c in listing}
    fresh = []
    for (row, col), text in sorted(notes.items()):
        reference = address(row, col)
        if reference in own:
            _prepend(own[reference], grid.ns, text)
        else:
            fresh.append((row, col, text))
            item = etree.SubElement(listing, f"{{{grid.ns}}}comment", ref=reference, authorId=str(who))
            _run(etree.SubElement(item, f"{{{grid.ns}}}text"), grid.ns, text)
    package.put(comments_part, root)
    if fresh:
        _shapes(package, part, grid, fresh, strict)


def _comments(package: Package, part: str, ns: str, strict: bool) -> tuple[str, etree._Element]:
    for rel in package.rels(part):
        if rel.kind == "comments" and not rel.external:
            name = resolve(part, rel.target)
            if name in package.parts:
                return name, package.xml(name)
    name = package.free("xl/comments{}.xml")
    root = etree.fromstring(f'<comments xmlns="{ns}"><authors/><commentList/></comments>')
    package.override(name, COMMENTS)
    package.add_rel(part, "comments", relative(part, name), strict)
    return name, root


def _author(root: etree._Element, ns: str, author: str) -> int:
    authors = root.find(f"{{{ns}}}authors")
    names = [a.text for a in authors]
    if author not in names:
        etree.SubElement(authors, f"{{{ns}}}author").text = author
        names.append(author)
    return names.index(author)


def _run(text: etree._Element, ns: str, words: str) -> None:
    run = etree.SubElement(text, f"{{{ns}}}r")
    look = etree.SubElement(run, f"{{{ns}}}rPr")
    etree.SubElement(look, f"{{{ns}}}sz", val="10")
    t = etree.SubElement(run, f"{{{ns}}}t")
    t.text = clean(words)
    t.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def _prepend(comment: etree._Element, ns: str, words: str) -> None:
    text = comment.find(f"{{{ns}}}text")
    if text is None:
        text = etree.SubElement(comment, f"{{{ns}}}text")
    bare = [t for t in text if etree.QName(t).localname == "t"]
    old = [t.text or "" for t in bare]
    for t in bare:
        text.remove(t)
    for piece in old:
        _run(text, ns, piece)
    _run(text, ns, words + "\n")
    text.insert(0, text[-1])


def _shapes(package: Package, part: str, grid: Grid, fresh: list[tuple[int, int, str]], strict: bool) -> None:
    name, data = _drawing(package, part, grid, strict)
    numbers = [int(n) for n in _shape_numbers(data)]
    start = max(numbers, default=1024) + 1
    shapes = []
    for i, (row, col, text) in enumerate(fresh):
        lines = 2 + sum(1 + len(line) // 17 for line in text.splitlines())
        shapes.append(
            SHAPE.format(
                id=start + i, z=i + 1, height=min(15 * lines, 240), left=col, top=max(row - 2, 0), right=col + 3,
                bottom=row + lines - 2, row=row - 1, col=col - 1,
            )
        )  # fmt: skip
    end = data.rfind(b"</xml>")
    if end < 0:
        raise CannotMark("vml")
    package.parts[name] = data[:end] + "".join(shapes).encode() + data[end:]


def _shape_numbers(data: bytes) -> list[bytes]:
    return re.findall(rb"_x0000_s([0-9]{1,9})", data)


def _drawing(package: Package, part: str, grid: Grid, strict: bool) -> tuple[str, bytes]:
    rel_id = legacy_drawing(grid)
    for rel in package.rels(part):
        if rel.id == rel_id and not rel.external:
            name = resolve(part, rel.target)
            if name in package.parts:
                return name, package.parts[name]
    if rel_id is not None:
        raise CannotMark("legacyDrawing")
    name = package.free("xl/drawings/vmlDrawing{}.vml")
    package.default("vml", VML)
    new = package.add_rel(part, "vmlDrawing", relative(part, name), strict)
    add_legacy_drawing(grid, new, STRICT if strict else TRANSITIONAL)
    number = sum(p.endswith(".vml") for p in package.parts) + 1
    package.parts[name] = SHELL.format(id=number).encode()
    return name, package.parts[name]
