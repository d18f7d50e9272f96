"""XML character data in, text out."""

from __future__ import annotations

import re
from functools import lru_cache

ENTITY = re.compile(r"&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|(\w+));")
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
