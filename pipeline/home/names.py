"""File names as the file system holds them (any bytes) in, names that can be shown and kept as text out."""

from __future__ import annotations

import unicodedata

BIDI = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def shown(name: str) -> str:
    r"""A name with undecodable bytes as \xd6, control and direction signs as \u202e, a backslash as \x5c: reversible, one line."""
    return "".join(_sign(sign) for sign in name) if _odd(name) else name


def _odd(name: str) -> bool:
    return any(sign == "\\" or (not (" " <= sign <= "~") and _needs(sign)) for sign in name)


def _needs(sign: str) -> bool:
    kind = unicodedata.category(sign)
    return kind in {"Cc", "Cs", "Zl", "Zp"} or unicodedata.bidirectional(sign) in BIDI


def _sign(sign: str) -> str:
    if sign == "\\":
        return r"\x5c"
    if not _needs(sign):
        return sign
    code = ord(sign)
    if 0xDC80 <= code <= 0xDCFF:  # surrogateescape: one undecodable byte
        return f"\\x{code - 0xDC00:02x}"
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"
