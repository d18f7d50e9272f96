"""The OLE compound file, read by us: in go its bytes, out come its streams by path; every count is checked before use.

A 612-byte header that promises 2^32 sectors must end here, not in a library that believes it (reliability.md 3.1).
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.reading.limits import Refused, damaged

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LAST, FREE = 0xFFFFFFFC, 0xFFFFFFFF  # values from LAST up are marks, not sectors


@dataclass(frozen=True, slots=True)
class Stream:
    start: int
    size: int


@dataclass(frozen=True, slots=True)
class Compound:
    data: bytes
    sector: int
    fat: tuple[int, ...]
    mini_fat: tuple[int, ...]
    mini: bytes
    cutoff: int
    streams: Mapping[str, Stream]  # "Storage/Stream"

    def check_whole(self) -> None:
        """A copy cut short lacks (part of) a sector its own table calls used."""
        used = max((i for i, after in enumerate(self.fat) if after != FREE), default=0)
        if len(self.data) < (used + 2) * self.sector:
            raise damaged("truncated")

    def read(self, path: str) -> bytes:
        """The bytes of one stream (b'' when there is none); Refused WBK-007 when its chain is broken."""
        stream = self.streams.get(path)
        if stream is None:
            return b""
        if stream.size < self.cutoff:
            chain = _chain(self.mini_fat, stream.start, len(self.mini_fat))
            plain = b"".join(self.mini[s * 64 : s * 64 + 64] for s in chain)
        else:
            plain = _sectors(self.data, self.sector, _chain(self.fat, stream.start, len(self.fat)))
        if len(plain) < stream.size:
            raise damaged("truncated")
        return plain[: stream.size]


def open_compound(data: bytes) -> Compound:
    """Read header, sector tables and directory; Refused WBK-007 when they do not fit the file."""
    if len(data) < 1024 or data[:8] != MAGIC:
        raise damaged("ole")
    shift, mini_shift = struct.unpack_from("<HH", data, 30)
    n_fat, first_dir, _, cutoff, first_mini, n_mini, first_difat, n_difat = struct.unpack_from("<IIIIIIII", data, 44)
    if shift not in (9, 12) or mini_shift != 6:
        raise Refused("WBK-001", "not-a-workbook", kind="ole")
    sector = 1 << shift
    total = -(-(len(data) - sector) // sector)
    if n_fat > total or n_difat > total or n_mini > total:
        raise damaged("ole")
    fat = _fat(data, sector, total, n_fat=n_fat, first_difat=first_difat, n_difat=n_difat)
    tree = _sectors(data, sector, _chain(fat, first_dir, total))
    streams, root = _tree(tree)
    mini_table = _sectors(data, sector, _chain(fat, first_mini, total)) if first_mini < LAST else b""
    mini = _sectors(data, sector, _chain(fat, root.start, total)) if root.start < LAST else b""
    mini_fat = struct.unpack(f"<{len(mini_table) // 4}I", mini_table[: len(mini_table) // 4 * 4])
    return Compound(data, sector, fat, mini_fat, mini, cutoff, streams)


def _fat(data: bytes, sector: int, total: int, *, n_fat: int, first_difat: int, n_difat: int) -> tuple[int, ...]:
    places = list(struct.unpack_from("<109I", data, 76))
    at, per = first_difat, sector // 4
    for _ in range(n_difat):
        if at >= total:
            raise damaged("ole")
        block = struct.unpack_from(f"<{per}I", data, (at + 1) * sector)
        places += block[:-1]
        at = block[-1]
    places = [p for p in places if p < LAST][:n_fat]
    if len(places) < n_fat or any(p >= total for p in places):
        raise damaged("ole")
    return struct.unpack(f"<{n_fat * per}I", b"".join(_block(data, sector, p) for p in places))


def _block(data: bytes, sector: int, number: int) -> bytes:
    return data[(number + 1) * sector : (number + 2) * sector].ljust(sector, b"\0")


def _chain(fat: tuple[int, ...], start: int, most: int) -> list[int]:
    chain: list[int] = []
    while start < LAST:
        if start >= len(fat) or len(chain) > most:
            raise damaged("ole")
        chain.append(start)
        start = fat[start]
    return chain


def _sectors(data: bytes, sector: int, chain: list[int]) -> bytes:
    return b"".join(data[(s + 1) * sector : (s + 2) * sector] for s in chain)


def _tree(block: bytes) -> tuple[dict[str, Stream], Stream]:
    """Streams by path. The red-black links are followed with a seen-set, so a loop in them ends."""
    nodes = []
    for at in range(0, len(block) - 127, 128):
        length, kind = struct.unpack_from("<HB", block, at + 64)
        left, right, child = struct.unpack_from("<III", block, at + 68)
        start, size = struct.unpack_from("<II", block, at + 116)
        name = block[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
        nodes.append((name, kind, left, right, child, Stream(start, size)))
    if not nodes or nodes[0][1] != 5:
        raise damaged("ole")
    streams: dict[str, Stream] = {}
    seen: set[int] = {0}
    todo = [(nodes[0][4], "")]
    while todo:
        at, folder = todo.pop()
        if at >= len(nodes) or at in seen:
            continue
        seen.add(at)
        name, kind, left, right, child, stream = nodes[at]
        todo += [(left, folder), (right, folder)]
        if kind == 1:
            todo.append((child, f"{folder}{name}/"))
        elif kind == 2:
            streams[folder + name] = stream
    return streams, nodes[0][5]
