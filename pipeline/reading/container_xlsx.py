"""Open .xlsx, .xlsm and .xlsb: in go the zip's bytes and entries, out come raw sheets; calamine reads, the pre-scan guards."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from python_calamine import CalamineError

from pipeline.reading.container_values import Values, clean, read_values, spread
from pipeline.reading.limits import Limits, damaged, too_big
from pipeline.reading.prescan import Scan, is_plain, scan
from pipeline.reading.prescan_biff12 import Scan12, walk12
from pipeline.reading.prescan_package import (
    Package,
    Parts,
    SheetPart,
    case_twins,
    comments,
    custom_properties,
    describe,
    modified,
    relations,
)
from pipeline.reading.prescan_package import active as active_parts
from pipeline.reading.prescan_package import outside as outside_parts
from pipeline.reading.prescan_plain import canonical, compacted, repacked, utf8
from pipeline.reading.prescan_text import parted
from pipeline.reading.raw import RawBook, RawSheet
from pipeline.reading.zips import Entry, unpack

XML = (".xml", ".rels", ".vml")
UNIQUE = re.compile(rb'\buniqueCount\s*=\s*["\']([0-9]+)')
XLSB_BLIND = frozenset(("formulas", "uncached", "comments", "names", "pictures"))


@dataclass(slots=True)
class Sheets:
    """The guarded package: what calamine will read (`data`) and what the pre-scan saw."""

    data: bytes
    scans: dict[str, Scan] = field(default_factory=dict)
    changed: dict[str, bytes] = field(default_factory=dict)
    moved: dict[str, tuple[list[int], list[int]]] = field(default_factory=dict)


def open_package(book: RawBook, data: bytes, entries: Sequence[Entry], limits: Limits) -> None:
    """Fill `book` from an office package; Refused for whatever may not be read."""
    parts = unpack(data, entries, limits)
    if book.kind == "xlsb":
        return _open_binary(book, data, parts, limits)
    plain, recoded = _plain(parts)
    package = describe(plain)
    twins = case_twins(plain, {s.part for s in package.sheets})
    if twins:
        plain = Parts({name: part for name, part in plain.items() if name not in twins})
    if len(package.sheets) > limits.sheets:
        raise too_big("sheets", limits.sheets)
    _strings(plain.get(package.strings, b""))
    guarded = _guard(data, plain, package, limits)
    if twins or recoded:
        guarded.changed = {**plain, **guarded.changed}
    values = _values(guarded, plain, package, limits)
    book.sheets = tuple(_sheet(v, s, guarded, plain, limits) for v, s in zip(values, package.sheets, strict=True))
    book.names, book.properties, book.date1904, book.modified = (
        package.names,
        package.properties,
        package.date1904,
        package.modified,
    )
    book.active, book.outside = package.active, package.outside
    return None


def _plain(parts: Mapping[str, bytes]) -> tuple[Parts, bool]:
    """The parts with all XML in UTF-8, and whether any was written otherwise."""
    plain, recoded = Parts(), False
    for name, part in parts.items():
        xml = plain[name] = utf8(part) if name.lower().endswith(XML) else part
        recoded = recoded or (xml is not part and part[:3] != b"\xef\xbb\xbf")
    return plain, recoded


def _strings(xml: bytes) -> None:
    """A promise of four billion texts makes a reader ask for the memory at once."""
    hit = UNIQUE.search(xml, 0, 4096)
    if hit and int(hit[1]) > 1000 + 8 * max(xml.count(b"<si"), xml.count(b":si")):
        raise damaged("strings")


def _guard(data: bytes, plain: Parts, package: Package, limits: Limits) -> Sheets:
    guarded = Sheets(data)
    for sheet in package.sheets:
        if sheet.kind != "worksheet" or not sheet.part or sheet.part in guarded.scans:
            continue
        xml = plain[sheet.part]
        parts = parted(xml)
        if not is_plain(parts):
            xml = canonical(xml)
            parts = parted(xml)
        seen = guarded.scans[sheet.part] = scan(parts, limits)
        if seen.area > max(limits.dense, 8 * seen.filled):
            small, rows, cols = compacted(xml, seen, limits)
            guarded.changed[sheet.part], guarded.moved[sheet.part] = small, (rows, cols)
    return guarded


def _values(guarded: Sheets, plain: Parts, package: Package, limits: Limits) -> list[Values]:
    """The reader's values, checked against the pre-scan; a package it misreads is tried once more in plain writing."""
    data = repacked(plain, guarded.changed) if guarded.changed else guarded.data
    try:
        values = read_values(data, limits.sheets)
        if _agree(values, guarded, plain, package):
            return values
    except CalamineError:
        pass  # said again by the second attempt
    repaired = {part: DIMENSION.sub(b"", canonical(plain[part])) for part in guarded.scans if part not in guarded.moved}
    values = read_values(repacked(plain, {**guarded.changed, **repaired}), limits.sheets)
    if not _agree(values, guarded, plain, package):
        raise damaged("count")
    return values


def _agree(values: Sequence[Values], guarded: Sheets, plain: Parts, package: Package) -> bool:
    if [v.name for v in values] != [s.name for s in package.sheets]:
        raise damaged("sheets")
    parts = [s.part for s in package.sheets]
    return all(
        p not in guarded.scans or _same_count(v, guarded.scans[p], plain, p) for v, p in zip(values, parts, strict=True)
    )


def _sheet(values: Values, about: SheetPart, guarded: Sheets, plain: Parts, limits: Limits) -> RawSheet:
    part, visible = about.part, about.visible
    seen = guarded.scans.get(part, Scan())
    clean(values, limits)
    if part in guarded.moved and values.rows:
        spread(values, *guarded.moved[part])
    return RawSheet(
        values.name, visible, values.origin, values.rows, errors={**seen.errors, **values.errors},
        formulas=seen.formulas, uncached=frozenset(seen.uncached), merged=seen.merged, hidden_rows=seen.hidden_rows,
        hidden_cols=seen.hidden_cols, filtered=seen.filtered, pictures=frozenset(seen.pictures),
        comments=comments(plain, part) if part else {}, oversized=seen.oversized, filled=values.filled, part=part,
    )  # fmt: skip


def _same_count(values: Values, seen: Scan, plain: Parts, part: str) -> bool:
    """Whether reader and pre-scan agree on the number of filled cells; a cell holding an empty text may count or not."""
    lost = seen.filled - values.filled
    if lost <= 0:
        return lost == 0
    xml = plain[part] if is_plain(plain[part]) else canonical(plain[part])
    strings = next((p for name, p in plain.items() if name.lower().endswith("sharedstrings.xml")), b"")
    return lost <= _empty_texts(xml, strings)


SI = re.compile(rb"<(?:\w+:)?si(?:\s[^>]*)?(?:/>|>(.*?)</(?:\w+:)?si>)", re.S)
T = re.compile(rb"<(?:\w+:)?t(?:\s[^>]*)?>[^<]*[^<\s]")
PHONETIC = re.compile(rb"<(?:\w+:)?rPh\b.*?</(?:\w+:)?rPh>", re.S)
SHARED = re.compile(
    rb'<c r="[A-Z]+[0-9]+"(?=[^>]*\st="s")[^>]*>\s*(?:<f[^>]*(?:/>|>[^<]*</f>)\s*)?<v[^>]*>\s*([0-9]+)\s*</v>'
)
BLANK = re.compile(rb"<v[^>]*>\s+</v>")
DIMENSION = re.compile(rb"<dimension\b[^>]*>")
INLINE = re.compile(rb"<is(?:\s[^>]*)?(?:/>|>(.*?)</is>)", re.S)


def _empty_texts(xml: bytes, strings: bytes) -> int:
    """Cells whose text is empty: a reader shows nothing there, and nothing is lost."""
    blank = {i for i, body in enumerate(SI.findall(strings)) if not T.search(PHONETIC.sub(b"", body))}
    shared = sum(int(v) in blank for v in SHARED.findall(xml))
    return shared + sum(not T.search(body) for body in INLINE.findall(xml)) + len(BLANK.findall(xml))


def _open_binary(book: RawBook, data: bytes, parts: Mapping[str, bytes], limits: Limits) -> None:
    plain, _ = _plain(parts)
    found = read_values(data, limits.sheets)
    for values in found:
        clean(values, limits)
        if values.filled > limits.cells:
            raise too_big("cells", limits.cells)
        if len(values.rows) > limits.rows:
            raise too_big("rows", limits.rows)
    scans, book.date1904 = walk12(plain, limits)
    book.sheets = tuple(_seen12(v, scans.get(v.name, Scan12())) for v in found)
    book.properties, book.modified = custom_properties(plain), modified(plain, relations(plain, ""))
    book.active, book.outside = active_parts(plain, []), outside_parts(plain)
    book.cannot_see = XLSB_BLIND


def _seen12(values: Values, seen: Scan12) -> RawSheet:
    return RawSheet(
        values.name, values.visible, values.origin, values.rows, errors={**seen.errors, **values.errors},
        formulas=seen.formulas, merged=tuple(seen.merged), hidden_rows=frozenset(seen.hidden_rows),
        hidden_cols=frozenset(seen.hidden_cols), filtered=seen.filtered, filled=values.filled,
    )  # fmt: skip
