"""A zip of files: in go its bytes and entries, out come its members by a safe label; nothing is ever written by a member's name."""

from __future__ import annotations

import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.reading.limits import Limits, Refused
from pipeline.reading.sniff import is_system
from pipeline.reading.zips import Entry, inflate

UTF8_FLAG = 0x800
CONTROL = re.compile("[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Member:
    """`label`: the name to show and to key by, free of drives, '..' and control signs. `refused`: why it may not be read."""

    label: str
    data: bytes = b""
    refused: Refused | None = None
    skipped: bool = False  # a system file, not unpacked


def read_name(entry: Entry) -> tuple[str, bool]:
    """(name, decoded by guess?): flagged UTF-8, the Unicode extra field, bytes that are UTF-8, else GB 18030."""
    raw = entry.raw_name
    if raw.isascii():
        return raw.decode("ascii"), False
    if entry.flags & UTF8_FLAG:
        return raw.decode("utf-8", "replace"), False
    unicode_name = _unicode_extra(entry.extra)
    if unicode_name:
        return unicode_name, False
    for name in ("utf-8", "gb18030", "cp437"):
        try:
            return raw.decode(name), True
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1"), True


def _unicode_extra(extra: bytes) -> str:
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        if kind == 0x7075 and length > 5:
            return extra[at + 9 : at + 4 + length].decode("utf-8", "replace")
        at += 4 + length
    return ""


def label(name: str) -> tuple[str, bool]:
    """(safe label, was the name honest?): a path that climbs, starts at a root or names a drive is not."""
    parts = CONTROL.sub("", name).replace("\\", "/").split("/")
    kept = [part for part in parts if part not in ("", ".", "..") and not re.fullmatch(r"[A-Za-z]:", part)]
    honest = ".." not in parts and bool(parts[0]) and not re.match(r"[A-Za-z]:", name) and "\x00" not in name
    return "/".join(part.replace("!", "_") if i < len(kept) - 1 else part for i, part in enumerate(kept)) or "_", honest


def open_members(data: bytes, entries: Sequence[Entry], limits: Limits) -> tuple[list[Member], bool]:
    """Every file of the archive in order, and whether names had to be guessed; Refused WBK-014 for a bomb as a whole."""
    files = [entry for entry in entries if not (entry.is_folder and not entry.size)]
    if len(files) > limits.archive_files:
        raise Refused("WBK-014", why="members", limit=str(limits.archive_files))
    members: list[Member] = []
    used: set[str] = set()
    guessed = False
    room = limits.archive_inflated
    roomy = replace(limits, part=limits.archive_inflated)
    for entry in files:
        name, by_guess = read_name(entry)
        guessed |= by_guess
        shown, honest = label(name)
        shown = _unused(shown, used)
        if is_system(name):
            members.append(Member(shown, skipped=True))
            continue
        if not honest:
            members.append(Member(shown, refused=Refused("WBK-014", why="path")))
            continue
        if entry.encrypted:
            members.append(Member(shown, refused=Refused("WBK-003", "encrypted")))
            continue
        try:
            plain = inflate(data, entry, roomy, room)
        except Refused as refused:
            if refused.rule != "WBK-007":
                raise Refused("WBK-014", **{"why": "inflated", **refused.facts}) from None
            members.append(Member(shown, refused=refused))
            continue
        room -= len(plain)
        members.append(Member(shown, plain))
    return members, guessed


def _unused(shown: str, used: set[str]) -> str:
    stem, dot, end = shown.rpartition(".")
    candidate, n = shown, 1
    while candidate.lower() in used:
        n += 1
        candidate = f"{stem}_{n}{dot}{end}" if stem else f"{shown}_{n}"
    used.add(candidate.lower())
    return candidate
