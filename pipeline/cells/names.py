"""Names of people and plain texts: what was typed in, the text to keep and the doubts about it out."""

from __future__ import annotations

import re
from unicodedata import normalize

from pipeline.cells.lexicon import Lexicon
from pipeline.cells.text import BLANKS, HAN, INVISIBLE, SELECTORS, clean, compact, narrow
from pipeline.cells.typed import Kind, Note, Typed, unknown, value

_HAN = HAN.pattern[1:-1]
SHORT = re.compile(f"[{_HAN}]{{2,25}}")
LETTERS = re.compile(f"[{_HAN}\u00b7]+")
READABLE = re.compile(f"[{_HAN}\u00b70-9()\\[\\]\u3010\u3011\u3014\u3015]+")
ONE = re.compile(f"[{_HAN}]{{2,4}}|[{_HAN}]{{1,12}}\u00b7[{_HAN}\u00b7]{{1,12}}")
NOTE = re.compile(r"\([^()]{0,200}\)?|\[[^\]]{0,200}\]?|[0-9]+")
FORMULA = ("=", "+", "-", "@")


def text_cell(raw: str, _kind: Kind) -> Typed:
    """Free text: blanks folded (CEL-005), wide letters and digits folded (CEL-006), a formula sign noted (CEL-041)."""
    tidy = clean(raw)
    text = narrow(tidy)
    if text is raw and raw[0] not in FORMULA:
        return Typed("value", raw, raw)
    notes = [Note("CEL-005", text)] if tidy != raw else []
    if text != tidy:
        notes.append(Note("CEL-006", text))
    if text.startswith(FORMULA):
        notes.append(Note("CEL-041", text))
    return value(text, raw, *notes)


def text_number(_number: float, raw: str, _kind: Kind) -> Typed:
    return value(raw, raw)


def signature_cell(raw: str, kind: Kind) -> Typed:
    """A name or a cell picture (=DISPIMG): a picture counts as present."""
    if "DISPIMG(" in raw[:40].upper():
        return value(kind.lexicon.picture, raw)
    if compact(raw) in kind.lexicon.signed:
        return value(kind.lexicon.picture, raw)
    text = kind.lexicon.dots.sub(kind.lexicon.dot, clean(raw)) if len(raw) < 100 else clean(raw)
    closed = closed_up(text)
    return value(closed, raw, *(() if closed == raw else (Note("CEL-007" if " " in text else "CEL-005", closed),)))


def closed_up(text: str) -> str:
    """Blanks between Han (or around the dot) taken out; those between Latin words stay."""
    if " " not in text:
        return text
    words = text.split(" ")
    out = words[0]
    for word in words[1:]:
        joint = out[-1:].isascii() and word[:1].isascii() and out and word
        out += (" " if joint else "") + word
    return out


def name_cell(raw: str, kind: Kind) -> Typed:
    """A person's name (CEL-005 … 012). A title or a note is only pointed out: `new` proposes the bare name."""
    lexicon = kind.lexicon
    if SHORT.fullmatch(raw) and not _doubtful(raw, lexicon):
        return value(raw, raw, *_rare(raw))
    if len(raw) > 200:
        return unknown(raw, "CEL-010")
    names = several(raw, lexicon)
    if names:
        return unknown(raw, "CEL-044", n=str(len(names)), names=lexicon.separator.join(names))
    text, notes = _put_right(raw, lexicon)
    if not READABLE.fullmatch(text) or not HAN.search(text) or text in lexicon.no_names:
        return unknown(raw, "CEL-010")
    bare = NOTE.sub("", text).strip("\u00b7")
    title = lexicon.titles.search(bare)
    if title or bare != text:
        proposal = bare[: title.start()] if title and title.start() > 1 else bare if not title else ""
        notes.append(Note("CEL-009", proposal if len(proposal) > 1 else ""))
    elif not 2 <= len(text.replace("\u00b7", "")) <= 25:
        notes.append(Note("CEL-012"))
    return value(text, raw, *notes, *_rare(text))


def several(raw: str, lexicon: Lexicon) -> tuple[str, ...]:
    """The names of a cell that holds more than one, as they stand there (a note in brackets with them); () for any other.

    A sign between them is enough; a blank or a word parts them only where each part begins with a surname: the blank of
    a padded name (one sign, then one or two) and that behind a title are none.
    """
    text = lexicon.dots.sub(lexicon.dot, clean(raw)) if len(raw) <= 200 else ""
    names = [name for part in lexicon.between_names.split(text) if part.strip() for name in _names_in(part, lexicon)]
    people = len(names) > 1 and all(ONE.fullmatch(b) and not lexicon.titles.fullmatch(b) for b in map(_bare, names))
    return tuple(names) if people else ()


def _bare(name: str) -> str:
    return NOTE.sub("", normalize("NFKC", name))


def _names_in(part: str, lexicon: Lexicon) -> list[str]:
    words = part.split()
    if len(words) > 2 and len(words) % 2 == 0 and all(len(w) == 1 for w in words[::2]):
        words = [a + b for a, b in zip(words[::2], words[1::2], strict=True)]  # every name padded
    for names in (words, [w for w in lexicon.joiners.split("".join(words)) if w]):
        if len(names) > 1 and all(_is_person(name, lexicon) for name in names):
            double = len(names) == 2 and names[0] in lexicon.double_surnames
            return [closed_up(part.strip())] if double else names
    return [closed_up(part.strip())]


def _is_person(name: str, lexicon: Lexicon) -> bool:
    bare = _bare(name)
    known = bare[:1] in lexicon.surnames or bare[:2] in lexicon.double_surnames
    return known and SHORT.fullmatch(bare) is not None and len(bare) <= 4 and not lexicon.titles.search(bare)


def _doubtful(name: str, lexicon: Lexicon) -> bool:
    joined = len(name) > 4 and lexicon.joiners.search(name)
    return bool(lexicon.titles.search(name) or joined) or name in lexicon.no_names


def _put_right(raw: str, lexicon: Lexicon) -> tuple[str, list[Note]]:
    notes: list[Note] = []
    trimmed = clean(SELECTORS.sub("", INVISIBLE.sub("", raw))).strip("'\u2018\u2019")
    dotted = lexicon.dots.sub(lexicon.dot, trimmed.replace("\uff0e", lexicon.dot))
    folded = normalize("NFKC", dotted)
    text = BLANKS.sub("", folded)
    text = text.strip(lexicon.dot) if len(text) > 1 else text
    for old, new, rule in (
        (raw, trimmed, "CEL-005"),
        (trimmed, dotted, "CEL-008"),
        (dotted, folded, "CEL-006"),
        (folded, text, "CEL-007"),
    ):
        if old != new:
            notes.append(Note(rule, text))
    if notes and notes[-1].rule == "CEL-007":  # one repair of blanks is enough to tell
        notes = [note for note in notes if note.rule != "CEL-005"]
    return text, notes


def _rare(name: str) -> tuple[Note, ...]:
    """Characters outside GBK are the ones printers and old systems lose (domain.md C1)."""
    try:
        name.encode("gbk")
    except UnicodeEncodeError as lost:
        return (Note("CEL-011", "", {"char": name[lost.start]}),)
    return ()
