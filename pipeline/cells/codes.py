"""Values of code lists and ticks: what a clerk wrote in, the listed value(s) or True/False out."""

from __future__ import annotations

import re
from difflib import get_close_matches

from pipeline.cells.text import compact, fold
from pipeline.cells.typed import BLANK, Kind, Note, Typed, tidied, unknown, value

NUMBERED = re.compile(r"(?:\(?[0-9]{1,2}\)?[.\u3001,:)]?|[\u2460-\u2473])(?=[^0-9])")
LONGEST = 200


def code_cell(raw: str, kind: Kind) -> Typed:
    """One value of a list: as listed, folded (CEL-005/006), a synonym or a numbered one (CEL-004), else CEL-003."""
    if raw in kind.codes:
        return Typed("value", raw, raw)
    found = lookup(raw, kind)
    if found is None:
        return _stranger(raw, kind)
    canonical, rule, confirm = found
    return value(canonical, raw, _note(rule, canonical, raw, confirm))


def lookup(text: str, kind: Kind) -> tuple[str, str, bool] | None:
    """(listed value, rule of the repair or '', must the school confirm?) for one written value; None for a stranger."""
    if text in kind.codes:
        return text, "", False
    if len(text) > LONGEST:
        return None
    short = fold(text)
    plain = next((code for code in kind.codes if fold(code) == short), None)
    if plain is not None:
        return plain, (tidied(text, plain) or (Note("CEL-004"),))[0].rule, False
    spelling = next((word for word in kind.synonyms if fold(word) == short), None)
    if spelling is not None:
        canonical, confirm = kind.synonyms[spelling]
        return canonical, "CEL-004", confirm
    bare = NUMBERED.sub("", short, count=1) if NUMBERED.match(short) else ""
    listed = next((code for code in kind.codes if bare and fold(code) == bare), None)
    return (listed, "CEL-004", False) if listed else None


def _note(rule: str, new: str, old: str, confirm: bool) -> Note:
    facts = {"val": old, "new": new}
    return Note(rule, new, facts | {"confirm": "yes"} if confirm else facts)


def _stranger(raw: str, kind: Kind) -> Typed:
    if is_placeholder(raw, kind):
        return placeholder(raw, kind)
    return unknown(raw, "CEL-003", near=nearest(raw, kind.codes))


def nearest(text: str, codes: tuple[str, ...]) -> str:
    """The listed value most like what was written, '' when none is."""
    if len(text) > 40:
        return ""
    return next(iter(get_close_matches(compact(text), codes, n=1, cutoff=0.5)), "")


def is_placeholder(raw: str, kind: Kind) -> bool:
    text = raw.strip()
    return text in kind.lexicon.placeholders


def placeholder(raw: str, kind: Kind) -> Typed:
    """Where something must stand a dash is CEL-002; elsewhere it means: nothing."""
    return unknown(raw, "CEL-002") if kind.required else Typed(BLANK, None, raw)


def codes_cell(raw: str, kind: Kind) -> Typed:
    """Several values of a list, in the order written, each once; one stranger makes the whole cell CEL-003."""
    if raw in kind.codes:
        return Typed("value", (raw,), raw)
    if len(raw) > 2000:
        return unknown(raw, "CEL-003", near="")
    whole = lookup(raw, kind)
    parts = [raw] if whole else [part.strip() for part in kind.lexicon.split_codes.split(raw) if part.strip()]
    if len(parts) == 1 and not whole and " " in parts[0]:
        parts = parts[0].split()
    found, confirm, synonym = [], False, False
    for part in parts[:100]:
        hit = lookup(part, kind)
        if hit is None:
            return (
                placeholder(raw, kind)
                if is_placeholder(raw, kind)
                else unknown(raw, "CEL-003", near=nearest(part, kind.codes), part=part)
            )
        found.append(hit[0])
        confirm, synonym = confirm or hit[2], synonym or hit[1] == "CEL-004"
    if not found:
        return placeholder(raw, kind) if kind.required else Typed(BLANK, None, raw)
    values = tuple(dict.fromkeys(found))
    new = kind.lexicon.separator.join(values)
    if new == raw:
        return value(values, raw)
    return value(values, raw, _note("CEL-004" if synonym else "CEL-005", new, raw, confirm))


def tick_cell(raw: str, kind: Kind) -> Typed:
    """A tick in any of its spellings -> bool (CEL-040 when it was not one of the plain ones); else CEL-003."""
    lexicon = kind.lexicon
    short = compact(raw).upper().replace("\ufe0f", "") if len(raw) <= LONGEST else ""
    ticked = lexicon.ticks.get(short)
    if ticked is None:
        ticked = _boxes(short, kind)
    if ticked is None:
        return placeholder(raw, kind) if is_placeholder(raw, kind) else unknown(raw, "CEL-003", near="")
    if raw in lexicon.plain_ticks:
        return Typed("value", ticked, raw)
    return value(ticked, raw, Note("CEL-040", lexicon.tick_words[ticked], {"new": lexicon.tick_words[ticked]}))


def _boxes(text: str, kind: Kind) -> bool | None:
    """A row of boxes with words, one of them ticked: the ticked word decides."""
    if not text:
        return None
    ticks, rest = kind.lexicon.ticks, kind.lexicon.boxes.sub("", text)
    chosen = {ticks[m["word"]] for m in kind.lexicon.boxes.finditer(text) if m["on"]}
    return chosen.pop() if len(chosen) == 1 and not rest else None


def tick_number(number: float, raw: str, kind: Kind) -> Typed:
    if number in (0, 1):
        word = kind.lexicon.tick_words[int(number)]
        return value(bool(number), raw, Note("CEL-040", word, {"new": word}))
    return unknown(raw, "CEL-003", near="")
