"""The zip container, read by us: in go the bytes of a zip, out come its entries and their inflated, checked bytes.

Sizes are counted while inflating, never believed from a header (reliability.md X6).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.reading.limits import Limits, Refused, damaged, too_big

END, CENTRAL, LOCAL = b"PK\x05\x06", b"PK\x01\x02", b"PK\x03\x04"
STORED, DEFLATED = 0, 8
SMALL = 100_000  # parts below this may shrink as far as they like
MODEST, REMEMBERED = 4096, 256  # packed bytes of a part worth remembering, and how many


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the central directory. `raw_name` as stored; `flags` bit 0 encrypted, bit 11 UTF-8 name."""

    raw_name: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    offset: int
    extra: bytes

    @property
    def encrypted(self) -> bool:
        return bool(self.flags & 1)

    @property
    def is_folder(self) -> bool:
        return self.raw_name.endswith((b"/", b"\\"))


def directory(data: bytes, most: int) -> list[Entry]:
    """The entries of a zip; Refused WBK-007 without a whole directory, WBK-014 over `most` entries or overlapping."""
    at = data.rfind(END, max(0, len(data) - 65_557))
    if at < 0 or at + 22 > len(data):
        raise damaged("truncated")
    count, size, start = struct.unpack_from("<HII", data, at + 10)
    if count == 0xFFFF or 0xFFFFFFFF in (size, start):
        count, size, start = _zip64(data, at)
    shift = at - size - start if count < 0xFFFF and _plain_end(data, at, size, start) else 0
    if count > most:
        raise Refused("WBK-014", why="members", limit=f"{most:,}")
    entries = []
    place = start + shift
    for _ in range(count):
        if data[place : place + 4] != CENTRAL:
            raise damaged("truncated")
        entry, place = _central(data, place, shift)
        entries.append(entry)
    _no_overlap(entries, start + shift)
    return entries


def _plain_end(data: bytes, at: int, size: int, start: int) -> bool:
    """Whether bytes stand before the archive (self-extracting stub): then every offset is shifted by as much."""
    return at - size >= start and data[start : start + 4] != CENTRAL and data[at - size : at - size + 4] == CENTRAL


def _zip64(data: bytes, at: int) -> tuple[int, int, int]:
    if data[at - 20 : at - 16] != b"PK\x06\x07":
        raise damaged("truncated")
    (place,) = struct.unpack_from("<Q", data, at - 12)
    if data[place : place + 4] != b"PK\x06\x06":
        raise damaged("truncated")
    count, size, start = struct.unpack_from("<QQQ", data, place + 32)
    return count, size, start


def _central(data: bytes, place: int, shift: int) -> tuple[Entry, int]:
    flags, method, _, _, crc, packed, size, n, m, k = struct.unpack_from("<HHHHIIIHHH", data, place + 8)
    (offset,) = struct.unpack_from("<I", data, place + 42)
    name = data[place + 46 : place + 46 + n]
    extra = data[place + 46 + n : place + 46 + n + m]
    if 0xFFFFFFFF in (packed, size, offset):
        packed, size, offset = _long_sizes(extra, packed, size, offset)
    return Entry(name, flags, method, crc, packed, size, offset + shift, extra), place + 46 + n + m + k


def _long_sizes(extra: bytes, packed: int, size: int, offset: int) -> tuple[int, int, int]:
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        if kind == 1:
            longs = list(struct.unpack_from(f"<{length // 8}Q", extra, at + 4))
            size = longs.pop(0) if size == 0xFFFFFFFF and longs else size
            packed = longs.pop(0) if packed == 0xFFFFFFFF and longs else packed
            offset = longs.pop(0) if offset == 0xFFFFFFFF and longs else offset
        at += 4 + length
    return packed, size, offset


def _no_overlap(entries: Sequence[Entry], end: int) -> None:
    """CVE-2024-0450: entries sharing bytes multiply what a small file unpacks to."""
    last = 0
    for entry in sorted(entries, key=lambda e: e.offset):
        if entry.offset < last or entry.offset + 30 + len(entry.raw_name) + entry.packed > end:
            raise Refused("WBK-014", why="overlap") if entry.offset < last else damaged("truncated")
        last = entry.offset + 30 + entry.packed


_KNOWN: dict[bytes, tuple[int, bytes]] = {}  # packed -> checksum and plain: themes, styles, what one template holds


def inflate(data: bytes, entry: Entry, limits: Limits, room: int) -> bytes:
    """The bytes of one entry, at most `room`; Refused WBK-014 for a bomb, WBK-018 for a big part, WBK-007 if damaged."""
    if data[entry.offset : entry.offset + 4] != LOCAL or entry.encrypted:
        raise damaged("part")
    n, m = struct.unpack_from("<HH", data, entry.offset + 26)
    start = entry.offset + 30 + n + m
    packed = data[start : start + entry.packed]
    if len(packed) < entry.packed:
        raise damaged("truncated")
    most = min(room, limits.part)
    modest = entry.method == DEFLATED and entry.packed <= MODEST
    if modest and (known := _KNOWN.get(packed)) and known[0] == entry.crc and len(known[1]) <= most:
        return known[1]
    plain = _inflated(packed, entry, limits, most)
    if len(plain) > most:
        raise too_big("inflated", f"{most // 2**20} MB")
    if zlib.crc32(plain) != entry.crc:
        raise damaged("checksum")
    if modest and len(plain) <= SMALL:  # whatever the ratio, as all limits allow it
        if len(_KNOWN) >= REMEMBERED:
            _KNOWN.clear()
        _KNOWN[packed] = (entry.crc, plain)
    return plain


def _inflated(packed: bytes, entry: Entry, limits: Limits, most: int) -> bytes:
    if entry.method == STORED:
        return packed
    if entry.method != DEFLATED:
        raise Refused("WBK-014", why="method")
    by_ratio = max(SMALL, limits.ratio * entry.packed)
    worker = zlib.decompressobj(-15)
    try:
        plain = worker.decompress(packed, min(most, by_ratio) + 1)
    except zlib.error:
        raise damaged("part") from None
    if len(plain) > by_ratio:
        raise Refused("WBK-014", why="ratio", limit=str(limits.ratio))
    if not worker.eof and len(plain) <= most:
        raise damaged("part")
    return plain


def unpack(data: bytes, entries: Sequence[Entry], limits: Limits) -> dict[str, bytes]:
    """Every part of an office package by its name ('/' separators, no leading one); two parts of one name are refused."""
    parts: dict[str, bytes] = {}
    room = limits.inflated
    for entry in entries:
        if entry.is_folder and not entry.size:
            continue
        name = entry.raw_name.decode("utf-8", "replace").replace("\\", "/").lstrip("/")
        if name in parts:
            raise damaged("twice")
        parts[name] = inflate(data, entry, limits, room)
        room -= len(parts[name])
    return parts
