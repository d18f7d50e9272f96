"""XML character data in, text out; a worksheet in, its three parts out, the cells without the texts of their formulas."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

ENTITY = re.compile(r"&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|(\w+));")
FOLLOWS = (b">", b" ", b"/")  # what may follow <f: other elements begin with that letter too
BLOCK = 4 * 2**20
NAMED = {"quot": '"', "lt": "<", "gt": ">", "apos": "'", "amp": "&"}  # amp last: what it uncovers is text


@lru_cache(maxsize=4096)  # the same formulas, file after file
def plain_text(text: bytes) -> str:
    """XML character data as text."""
    plain = text.decode("utf-8", "replace")
    if "&#" in plain:
        return ENTITY.sub(_entity, plain)
    if "&" in plain:  # formulas are full of quotes
        for name, sign in NAMED.items():
            plain = plain.replace(f"&{name};", sign)
    return plain


def _entity(hit: re.Match[str]) -> str:
    if hit[3]:
        return NAMED.get(hit[3], hit[0])
    code = int(hit[1], 16) if hit[1] else int(hit[2])
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"


@dataclass(frozen=True, slots=True)
class Parted:
    """A worksheet's XML in three: what stands before its cells, its cells, what stands after them.

    In `body` each formula's text is its number in `texts`, so that every scan of it is short: most bytes of a form are
    formulas. Where that is not to be had, `body` (and `head`) is the whole worksheet and `texts` None.
    """

    head: bytes
    body: bytes
    tail: bytes
    texts: Sequence[bytes] | None = None
    whole: bool = False


def parted(xml: bytes) -> Parted:
    start, end = xml.find(b"<sheetData"), xml.rfind(b"</sheetData>")
    tail = xml[max(0, end) :]
    if start < 0 or end < start or len(xml) > BLOCK or b"<dimension" in tail or b"<cols" in tail:
        return Parted(xml, xml, tail, whole=True)
    folded = _folded(xml[start:end])
    return Parted(xml, xml, tail, whole=True) if folded is None else Parted(xml[:start], folded[0], tail, folded[1])


def _folded(body: bytes) -> tuple[bytes, list[bytes]] | None:
    """The cells without their formulas' texts, and the texts; None where a formula is not written plainly."""
    pieces = body.split(b"<f")
    texts: list[bytes] = []
    for i in range(1, len(pieces)):
        piece = pieces[i]
        begin = piece.find(b">")
        stop = piece.find(b"<", begin)
        if begin < 0 or piece[:1] not in FOLLOWS:
            return None
        if piece[begin - 1 : begin] == b"/" or stop == begin + 1:
            continue
        if not piece.startswith(b"</f>", stop):
            return None
        pieces[i] = b"%b>%d%b" % (piece[:begin], len(texts), piece[stop:])
        texts.append(piece[begin + 1 : stop])
    return b"<f".join(pieces), texts
