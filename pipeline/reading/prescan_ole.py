"""Document properties of an OLE file: in goes the compound file, out come custom properties and the time last saved."""

from __future__ import annotations

import struct
from datetime import UTC, datetime, timedelta

from pipeline.reading.sniff_ole import Compound

SUMMARY, DOCUMENT = "\x05SummaryInformation", "\x05DocumentSummaryInformation"
CUSTOM = bytes.fromhex("05d5cdd59c2e1b10939708002b2cf9ae")
SAVED, CODEPAGE, DICTIONARY = 13, 1, 0
EPOCH = datetime(1601, 1, 1, tzinfo=UTC)


def properties(compound: Compound) -> tuple[dict[str, str], datetime | None]:
    """Custom properties as text and the last-saved time (UTC, without zone); damaged property sets count as absent."""
    try:
        custom = _custom(compound.read(DOCUMENT))
        saved = _section(compound.read(SUMMARY), 0)[1].get(SAVED)
    except (struct.error, IndexError, UnicodeDecodeError, LookupError, OverflowError):
        return {}, None
    return custom, saved if isinstance(saved, datetime) else None


def _custom(stream: bytes) -> dict[str, str]:
    if len(stream) < 48:
        return {}
    (count,) = struct.unpack_from("<I", stream, 24)
    for index in range(min(count, 4)):
        if stream[28 + 20 * index : 44 + 20 * index] == CUSTOM:
            names, values = _section(stream, index)
            return {name: str(values[key]) for key, name in names.items() if key in values}
    return {}


def _section(stream: bytes, index: int) -> tuple[dict[int, str], dict[int, object]]:
    """(names of the dictionary, values by id) of one section."""
    if len(stream) < 48:
        return {}, {}
    (start,) = struct.unpack_from("<I", stream, 44 + 20 * index)
    _, count = struct.unpack_from("<II", stream, start)
    places = [struct.unpack_from("<II", stream, start + 8 + 8 * i) for i in range(min(count, 1000))]
    page = next((struct.unpack_from("<H", stream, start + at + 4)[0] for key, at in places if key == CODEPAGE), 1252)
    names: dict[int, str] = {}
    values: dict[int, object] = {}
    for key, at in places:
        if key == DICTIONARY:
            names = _dictionary(stream, start + at, page)
        else:
            values[key] = _value(stream, start + at, page)
    return names, values


def _encoding(page: int) -> str:
    return {1200: "utf-16-le", 65001: "utf-8", 936: "gb18030", 10008: "gb18030", 54936: "gb18030"}.get(
        page, f"cp{page}"
    )


def _dictionary(stream: bytes, at: int, page: int) -> dict[int, str]:
    (count,) = struct.unpack_from("<I", stream, at)
    at += 4
    names: dict[int, str] = {}
    for _ in range(min(count, 1000)):
        key, length = struct.unpack_from("<II", stream, at)
        size = 2 * length if page == 1200 else length
        names[key] = stream[at + 8 : at + 8 + size].decode(_encoding(page), "replace").rstrip("\0")
        at += 8 + size + (-size % 4 if page == 1200 else 0)
    return names


def _value(stream: bytes, at: int, page: int) -> object:
    kind = struct.unpack_from("<I", stream, at)[0] & 0xFFFF
    if kind == 30:
        (size,) = struct.unpack_from("<I", stream, at + 4)
        return stream[at + 8 : at + 8 + min(size, 65_536)].decode(_encoding(page), "replace").rstrip("\0")
    if kind == 31:
        (size,) = struct.unpack_from("<I", stream, at + 4)
        return stream[at + 8 : at + 8 + 2 * min(size, 65_536)].decode("utf-16-le", "replace").rstrip("\0")
    if kind in (2, 3):
        return struct.unpack_from("<h" if kind == 2 else "<i", stream, at + 4)[0]
    if kind == 11:
        return bool(struct.unpack_from("<h", stream, at + 4)[0])
    if kind == 64:
        (ticks,) = struct.unpack_from("<Q", stream, at + 4)
        return (EPOCH + timedelta(microseconds=ticks // 10)).replace(tzinfo=None, microsecond=0) if ticks else ""
    return ""
