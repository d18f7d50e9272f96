"""The office package around the sheets: in go the parts of an .xlsx, out come sheet list, names, properties and flags."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from lxml import etree

from pipeline.model import EMPTY
from pipeline.reading.limits import damaged
from pipeline.reading.prescan_areas import parse_area
from pipeline.reading.prescan_plain import safe_parser
from pipeline.reading.raw import Address

PARSER = safe_parser()
VISIBLE = {"hidden": "hidden", "veryHidden": "veryHidden"}
Relation = tuple[str, str, str, bool]  # id, last word of the type, target, external?
MODEST = 16_384  # bytes of a part worth remembering
STAMP = re.compile(rb"<(?:\w+:)?modified\b[^>]*>\s*(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)")


@dataclass(frozen=True, slots=True)
class SheetPart:
    name: str
    visible: str
    part: str  # '' when the relationship leads nowhere
    kind: str  # worksheet chartsheet dialogsheet macrosheet


@dataclass(frozen=True, slots=True)
class Package:
    main: str
    sheets: tuple[SheetPart, ...]
    names: Mapping[str, str] = EMPTY
    properties: Mapping[str, str] = EMPTY
    date1904: bool = False
    modified: datetime | None = None
    active: tuple[str, ...] = ()  # vba xlm activex ole: what could run
    outside: tuple[str, ...] = ()  # links connections: what reaches outside
    strings: str = ""


def local(element: Any) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def attribute(element: Any, name: str) -> str:
    """An attribute by local name, whatever its namespace (transitional or strict)."""
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return str(value)
    return ""


def parse(part: bytes) -> Any:
    """An XML part already made UTF-8 and free of DOCTYPE."""
    return etree.fromstring(part, PARSER)


class Parts(dict[str, bytes]):
    """The parts of a package by name; filled once, then only read."""

    __slots__ = ("_names",)
    _names: dict[str, str]

    def stored(self, name: str) -> str:
        """The first name that differs from this one in case alone, '' when none does."""
        try:
            names = self._names
        except AttributeError:
            names = self._names = {n.lower(): n for n in reversed(self)}
        return names.get(name.lower(), "")


def find_part(parts: Parts, name: str) -> str:
    """A part's name as stored: names are compared without case (OPC)."""
    name = name.lstrip("/")
    return name if name in parts else parts.stored(name)


def relations(parts: Parts, source: str) -> Sequence[Relation]:
    """The relationships of a part: (id, type's last word, target part, external?)."""
    folder, _, base = source.rpartition("/")
    stored = find_part(parts, f"{folder}/_rels/{base}.rels" if folder else f"_rels/{base}.rels")
    if not stored:
        return ()
    part = parts[stored]
    return _relations(part, folder) if len(part) <= MODEST else _relations.__wrapped__(part, folder)


@lru_cache(maxsize=256)  # the same program writes the same ones, file after file
def _relations(part: bytes, folder: str) -> tuple[Relation, ...]:
    found = []
    for element in parse(part):
        target = (element.get("Target") or "").replace("\\", "/")
        outside = element.get("TargetMode") == "External"
        if not outside:
            target = (
                target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            )
        found.append((element.get("Id") or "", (element.get("Type") or "").rpartition("/")[2], target, outside))
    return tuple(found)


def describe(parts: Parts) -> Package:
    """Read workbook.xml, its relationships and the document properties; Refused WBK-007 without a workbook part."""
    top = relations(parts, "")
    main = next((find_part(parts, t) for _, kind, t, _ in top if kind == "officeDocument"), "")
    main = main or find_part(parts, "xl/workbook.xml")
    if not main:
        raise damaged("workbook")
    links = relations(parts, main)
    targets = {key: (find_part(parts, target), kind) for key, kind, target, _ in links}
    sheets: list[SheetPart] = []
    names: dict[str, str] = {}
    date1904 = False
    for element in parse(parts[main]).iter("{*}sheet", "{*}definedName", "{*}workbookPr"):
        kind = local(element)
        if kind == "sheet":
            part, relation = targets.get(attribute(element, "id"), ("", "worksheet"))
            visible = VISIBLE.get(element.get("state") or "", "visible")
            sheets.append(SheetPart(element.get("name") or "", visible, part, relation.lower()))
        elif kind == "definedName":
            names[element.get("name") or ""] = "".join(element.itertext())
        else:
            date1904 = attribute(element, "date1904") in ("1", "true")
    strings = next((find_part(parts, t) for _, kind, t, _ in links if kind == "sharedStrings"), "")
    return Package(
        main, tuple(sheets), names, custom_properties(parts), date1904, modified(parts, top),
        active(parts, sheets), outside(parts), strings,
    )  # fmt: skip


def case_twins(parts: Mapping[str, bytes], wanted: set[str]) -> set[str]:
    """Parts whose name differs from another's in case alone: the one a relationship names stays, else the first."""
    if len({name.lower() for name in parts}) == len(parts):
        return set()
    groups: dict[str, list[str]] = {}
    for name in parts:
        groups.setdefault(name.lower(), []).append(name)
    twins: set[str] = set()
    for group in groups.values():
        keep = next((name for name in group if name in wanted), group[0])
        twins.update(name for name in group if name != keep)
    return twins


def custom_properties(parts: Parts) -> dict[str, str]:
    """docProps/custom.xml as name -> text."""
    part = find_part(parts, "docProps/custom.xml")
    if not part:
        return {}
    return {attribute(e, "name"): "".join(e.itertext()) for e in parse(parts[part]).iter("{*}property")}


def modified(parts: Parts, top: Iterable[Relation]) -> datetime | None:
    """dcterms:modified of the core properties, wherever the package keeps them."""
    for _, kind, target, _ in top:
        if kind == "core-properties" and (part := find_part(parts, target)):
            return stamp(parts[part])
    return None


def stamp(xml: bytes) -> datetime | None:
    """The first modification time named in the XML, as written (UTC), without zone."""
    hit = STAMP.search(xml)
    try:
        return datetime.fromisoformat(hit[1].decode()) if hit else None
    except ValueError:
        return None


def active(parts: Mapping[str, bytes], sheets: list[SheetPart]) -> tuple[str, ...]:
    """What in the package could run or is embedded; nothing of it is ever opened."""
    names = [p.lower() for p in parts]
    found = []
    if any(n.endswith("vbaproject.bin") for n in names):
        found.append("vba")
    if any("/macrosheets/" in n for n in names) or any("macrosheet" in s.kind for s in sheets):
        found.append("xlm")
    if any("/activex/" in n for n in names):
        found.append("activex")
    if any("/embeddings/" in n and n.endswith(".bin") for n in names):
        found.append("ole")
    return tuple(found)


def outside(parts: Mapping[str, bytes]) -> tuple[str, ...]:
    """Links to other workbooks and data connections (a plain hyperlink is neither)."""
    names = [p.lower() for p in parts]
    found = []
    if any("/externallinks/externallink" in n for n in names):
        found.append("links")
    if any(n.endswith(("/connections.xml", "/connections.bin")) or "/querytables/" in n for n in names):
        found.append("connections")
    return tuple(found)


def comments(parts: Parts, sheet: str) -> dict[Address, str]:
    """Notes of one sheet by cell, text only."""
    found: dict[Address, str] = {}
    for _, kind, target, external in relations(parts, sheet):
        part = "" if external or kind != "comments" else find_part(parts, target)
        if not part:
            continue
        for element in parse(parts[part]).iter():
            if local(element) == "comment":
                area = parse_area(attribute(element, "ref").encode())
                text = "".join(t.text or "" for t in element.iter() if local(t) == "t")
                if area:
                    found[area[:2]] = text
    return found
