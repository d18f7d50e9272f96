"""Bytes of a filing in; the ways they really arrive out: cut off, in a zip with GBK names, beside a lock file or a photograph."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import datetime

# one grey dot: the smallest picture any viewer opens
JPEG = bytes.fromhex(
    "ffd8ffe000104a46494600010100000100010000ffdb004300080606070605080707070909080a0c140d0c0b0b0c1912130f141d1a1f1e1d1a1c1c20242e2720"
    "222c231c1c2837292c30313434341f27393d38323c2e333432ffc0000b080001000101011100ffc4001f00000105010101010101000000000000000001020304"
    "05060708090a0bffc400b5100002010303020403050504040000017d01020300041105122131410613516107227114328191a1082342b1c11552d1f024336272"
    "82090a161718191a25262728292a3435363738393a434445464748494a535455565758595a636465666768696a737475767778797a838485868788898a929394"
    "95969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9faffda"
    "0008010100003f00fbd3ffd9"
)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
LOCK = b"\x05Union" + b" " * 49 + b"\x05\x00U\x00n\x00i\x00o\x00n\x00" + b" \x00" * 49
KEPT = 0.6  # share of a file that arrived before the line broke


def cut_off(data: bytes) -> bytes:
    """A file whose copying broke off."""
    return data[: int(len(data) * KEPT)]


def gbk_zip(members: Mapping[str, bytes], made: datetime) -> bytes:
    """A zip as Chinese Windows makes it: names in GBK, nothing saying so."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            entry = zipfile.ZipInfo(_stand_in(name), made.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    packed = out.getvalue()
    for name in members:
        packed = packed.replace(_stand_in(name).encode("ascii"), name.encode("gbk"))
    return packed


def _stand_in(name: str) -> str:
    """An ASCII name as long as the GBK one, so that the bytes can be put in its place."""
    size = len(name.encode("gbk"))
    return f"{abs(hash_of(name)):x}".ljust(size, "_")[:size]


def hash_of(name: str) -> int:
    """The same for the same name in every process."""
    return int.from_bytes(name.encode("utf-8"), "big") % (1 << 61)
