"""An OOXML package as parts: bytes in, named parts with content types and relationships, bytes out, the rest untouched."""

from __future__ import annotations

import io
import posixpath
import zipfile
from dataclasses import dataclass, field

from lxml import etree

TRANSITIONAL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
CONTENT_TYPES = "[Content_Types].xml"
MAX_PART = 200_000_000


class CannotMark(Exception):  # noqa: N818 - a verdict on the file, not a fault
    """This package holds something that cannot be patched safely; the caller rebuilds the sheet from its values."""


@dataclass(slots=True)
class Rel:
    id: str
    type: str
    target: str
    external: bool

    @property
    def kind(self) -> str:
        return self.type.rsplit("/", 1)[-1]


@dataclass(slots=True)
class Package:
    """`parts` keep their order and their bytes; only what is set again is written anew."""

    parts: dict[str, bytes]
    stamps: dict[str, zipfile.ZipInfo]
    types: etree._Element = field(repr=False, default=None)

    def xml(self, name: str) -> etree._Element:
        return parse(self.parts[name])

    def put(self, name: str, root: etree._Element) -> None:
        self.parts[name] = serialise(root)

    def rels(self, part: str) -> list[Rel]:
        data = self.parts.get(rels_name(part))
        if not data:
            return []
        return [
            Rel(e.get("Id", ""), e.get("Type", ""), e.get("Target", ""), e.get("TargetMode") == "External")
            for e in parse(data)
            if isinstance(e.tag, str)
        ]

    def put_rels(self, part: str, rels: list[Rel]) -> None:
        root = etree.Element(f"{{{RELS}}}Relationships", nsmap={None: RELS})
        for rel in rels:
            item = etree.SubElement(root, f"{{{RELS}}}Relationship", Id=rel.id, Type=rel.type, Target=rel.target)
            if rel.external:
                item.set("TargetMode", "External")
        self.parts[rels_name(part)] = serialise(root)

    def add_rel(self, part: str, kind: str, target: str, strict: bool) -> str:
        rels = self.rels(part)
        taken = {r.id for r in rels}
        new = next(f"rIdWn{i}" for i in range(1, 100_000) if f"rIdWn{i}" not in taken)
        rels.append(Rel(new, f"{STRICT if strict else TRANSITIONAL}/{kind}", target, False))
        self.put_rels(part, rels)
        return new

    def drop(self, name: str) -> None:
        """Remove a part, its relationships file and its content type."""
        self.parts.pop(name, None)
        self.parts.pop(rels_name(name), None)
        for item in list(self.types):
            if item.get("PartName", "").lstrip("/").lower() == name.lower():
                self.types.remove(item)

    def override(self, name: str, content_type: str) -> None:
        for item in self.types:
            if item.get("PartName", "").lstrip("/") == name:
                item.set("ContentType", content_type)
                return
        etree.SubElement(self.types, f"{{{TYPES}}}Override", PartName="/" + name, ContentType=content_type)

    def default(self, suffix: str, content_type: str) -> None:
        if not any(i.get("Extension", "").lower() == suffix for i in self.types):
            self.types.insert(0, etree.Element(f"{{{TYPES}}}Default", Extension=suffix, ContentType=content_type))

    def free(self, pattern: str) -> str:
        """The first unused part name, e.g. free('xl/comments{}.xml')."""
        lower = {p.lower() for p in self.parts}
        return next(pattern.format(i) for i in range(1, 100_000) if pattern.format(i).lower() not in lower)


def parse(data: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=len(data) > 10_000_000)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as broken:
        raise CannotMark(str(broken.code)) from None


def serialise(root: etree._Element) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def rels_name(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", name + ".rels")


def resolve(part: str, target: str) -> str:
    """The part name a relationship of `part` points to."""
    if target.startswith("/"):
        return target.lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(part), target))


def relative(part: str, target: str) -> str:
    return posixpath.relpath(target, posixpath.dirname(part))


def open_package(data: bytes) -> Package:
    """Read every part once. Raises CannotMark for what is no sound package."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = [i for i in archive.infolist() if not i.is_dir()]
            if sum(i.file_size for i in infos) > MAX_PART:
                raise CannotMark("size")
            parts = {i.filename.replace("\\", "/").lstrip("/"): archive.read(i) for i in infos}
            stamps = {i.filename.replace("\\", "/").lstrip("/"): i for i in infos}
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError) as broken:
        raise CannotMark(type(broken).__name__) from None
    if CONTENT_TYPES not in parts:
        raise CannotMark(CONTENT_TYPES)
    package = Package(parts, stamps)
    package.types = package.xml(CONTENT_TYPES)
    return package


def close_package(package: Package) -> bytes:
    """The package as bytes; [Content_Types].xml first, fixed time stamps for what is new."""
    package.parts[CONTENT_TYPES] = serialise(package.types)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
        for name in sorted(package.parts, key=lambda n: n != CONTENT_TYPES):
            stamp = package.stamps[name].date_time if name in package.stamps else (2020, 1, 1, 0, 0, 0)
            info = zipfile.ZipInfo(name, stamp if stamp >= (1980, 1, 1, 0, 0, 0) else (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            archive.writestr(info, package.parts[name])
    return out.getvalue()
