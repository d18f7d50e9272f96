"""What a paper says in, a mark that changes with every sign of it out: made when it is written, looked for when it is read back.

Figures are compared with the merged data one by one where they bear a name (OUT-009); the mark covers all the others.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping

NAME, BODY = "imprint", "word/document.xml"
EDGE = re.compile(r"word/(?:header|footer)[0-9]*\.xml")  # heads and feet of a letter's pages
_SEAL = re.compile(rb"<!--imprint ([g-v]{32})-->\s*\Z")
FIRST_HAN, LAST_HAN = 0x4E00, 0x9FFF
_LETTERS = str.maketrans("0123456789abcdef", "ghijklmnopqrstuv")  # no run of digits that could be taken for a number
_ODD = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_x")  # signs a workbook may only carry escaped


def imprint(data: bytes) -> str:
    """Thirty-two letters for these bytes."""
    return hashlib.sha256(data).hexdigest()[:32].translate(_LETTERS)


def of_cells(cells: Iterable[tuple[str, str, object]]) -> str:
    """Of (sheet, cell, number or text) of every filled cell of a workbook, in any order."""
    lines = sorted(f"{sheet}!{cell}={text}" for sheet, cell, value in cells if (text := _plain(value)))
    return imprint("\n".join(lines).encode("utf-8", "surrogatepass"))


def _plain(value: object) -> str:
    """A number by its fifteen digits, whether it comes from the writer or from the file; '' = left out."""
    text = str(value)
    if _ODD.search(text):
        return ""
    if text and FIRST_HAN <= ord(text[0]) <= LAST_HAN:
        return text  # begins with a Han sign: no number
    try:
        return f"{float(text):.15g}"
    except ValueError:
        return text


def of_parts(parts: Mapping[str, bytes]) -> str:
    """Of the parts of a letter that say something: name -> XML."""
    return imprint(b"\0".join(name.encode() + b"\0" + part for name, part in sorted(parts.items())))


def stamped(page: bytes) -> bytes:
    """A page with its mark as the last thing in it."""
    return page + f"<!--{NAME} {imprint(page)}-->\n".encode()


def is_whole_page(data: bytes) -> bool:
    """Whether a stamped page still says what it said."""
    seal = _SEAL.search(data)
    return seal is not None and seal[1].decode() == imprint(data[: seal.start()])
