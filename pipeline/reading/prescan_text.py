"""XML character data in, text out; and a worksheet without the long texts of its formulas, which are most of a form's bytes."""

from __future__ import annotations

import re
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


def folded(xml: bytes) -> tuple[bytes, list[bytes] | None]:
    """The worksheet with each formula's text replaced by its number, and the texts: every further scan is then short.

    As it is, with None, where nothing is to gain or a formula is not written plainly.
    """
    start, end = xml.find(b"<sheetData"), xml.rfind(b"</sheetData>")
    if start < 0 or end < start or len(xml) > BLOCK:
        return xml, None
    pieces = xml[start:end].split(b"<f")
    if len(pieces) == 1:
        return xml, None
    texts: list[bytes] = []
    pieces[0] = xml[:start] + pieces[0]
    for i in range(1, len(pieces)):
        piece = pieces[i]
        begin = piece.find(b">")
        stop = piece.find(b"<", begin)
        if begin < 0 or piece[:1] not in FOLLOWS:
            return xml, None
        if piece[begin - 1 : begin] == b"/" or stop == begin + 1:
            continue
        if not piece.startswith(b"</f>", stop):
            return xml, None
        pieces[i] = b"%b>%d%b" % (piece[:begin], len(texts), piece[stop:])
        texts.append(piece[begin + 1 : stop])
    pieces[-1] += xml[end:]
    return b"<f".join(pieces), texts
