"""The rows under a header in; what each of them is out: data, total, note, sample, heading, blank …"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from pipeline.cells.text import fold
from pipeline.reading.headers import Header
from pipeline.reading.interpret_plan import Plan
from pipeline.reading.raw import Address, RawSheet
from pipeline.reading.titles import HeaderWords, title_key

STOP = 50  # blank rows in a row after which only rows with several filled columns still count (domain.md C3 #33)
FAR = 2  # … namely so many
LONG = 12  # a lone text of this length is a remark, not a value
_BLANKS = " \t\r\n\u3000\u00a0\u200b\u200c\u200d\u2060\ufeff\u00ad"
_NUMBER = re.compile(r"-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?")
_DIGITS = re.compile(r"[0-9.,\s]+")


@dataclass(slots=True)
class Sorted:
    """Excel row numbers by what they are; `data` in reading order."""

    data: list[int] = field(default_factory=list)
    totals: list[int] = field(default_factory=list)
    notes: list[int] = field(default_factory=list)
    samples: list[int] = field(default_factory=list)
    headings: list[int] = field(default_factory=list)
    nothing: list[int] = field(default_factory=list)
    gaps: list[int] = field(default_factory=list)  # blank rows between data rows


@dataclass(frozen=True, slots=True, eq=False)
class RowWords:
    """The labels of schemas/words/reading.yaml, folded once."""

    totals: tuple[str, ...]
    tails: tuple[str, ...]
    notes: frozenset[str]
    samples: tuple[str, ...]
    nothing: frozenset[str]
    sections: str
    numbering: frozenset[str]
    averages: frozenset[str]

    @staticmethod
    @lru_cache(maxsize=4)
    def of(flat: tuple[tuple[str, ...], ...]) -> RowWords:
        totals, tails, notes, samples, nothing, sections, numbering, averages = (
            tuple(title_key(w) for w in words) for words in flat
        )
        longest = sorted(set(totals), key=len, reverse=True)
        return RowWords(
            tuple(longest),
            tails,
            frozenset(notes),
            samples,
            frozenset(nothing),
            "".join(sections),
            frozenset(numbering),
            frozenset(averages),
        )


def row_words(words: Mapping[str, Any]) -> RowWords:
    """`words` is the section `rows` of schemas/words/reading.yaml."""
    return RowWords.of(
        tuple(
            tuple(words[k])
            for k in ("totals", "totals_tail", "notes", "samples", "nothing", "sections", "numbering", "averages")
        )
    )


def is_blank(value: object) -> bool:
    """Nothing a person would see: empty, or only blanks and invisible signs."""
    return value is None or value == "" or (type(value) is str and not value.strip(_BLANKS))


@dataclass(frozen=True, slots=True)
class _Frame:
    """What is the same for every row of one sheet, with columns as places in the row list."""

    evidence: Mapping[int, str]  # place -> preset of a column whose filled cell makes a row a data row
    mapped: frozenset[int]
    heads: Mapping[int, str]  # place -> title key
    sums: frozenset[int]  # places of amounts and counts that are added up
    wide: frozenset[tuple[int, int]]  # top left cells of merges over three columns and more
    items: frozenset[str]  # fixed lines: the keys one of which a data row must hold
    skip: frozenset[int]
    words: RowWords
    left: int


def sort_rows(
    sheet: RawSheet, header: Header, plan: Plan, words: RowWords, titles: HeaderWords, skip: frozenset[int]
) -> Sorted:
    """Walk the rows below the header. `skip`: columns of ours that are no data (an earlier return's remarks)."""
    frame, out, blanks, far = _frame(sheet, header, plan, words, titles, skip), Sorted(), [], False
    mapped = frame.mapped
    strange = _strange(sheet, frame)
    judged: dict[tuple[tuple[tuple[int, Any], ...], bool], str] = {}
    for i in range(max(header.rows[1] + 1 - sheet.origin[0], 0), len(sheet.rows)):
        number, cells = sheet.origin[0] + i, sheet.rows[i]
        filled = [
            (j, v) for j, v in enumerate(cells) if v != "" and j in mapped and (type(v) is not str or v.strip(_BLANKS))
        ]
        if number in strange:
            filled = sorted([*filled, *_special(sheet, strange[number], cells, frame)])
        ended = bool(out.totals or out.notes)
        if not filled:
            what = _aside(cells, frame, ended)
        elif number in strange and len(filled) > 1:  # rows of formulas nobody computed: one like the other
            alike = (tuple(filled), ended)
            if alike not in judged:
                judged[alike] = _what(filled, cells, number, frame, ended)
            what = judged[alike]
        else:
            what = _what(filled, cells, number, frame, ended)
        if what == "data" and not frame.items and _is_bare_sum(filled, sheet, out.data, frame):
            what = "total"
        if what == "blank":
            blanks.append(number)
            far = far or len(blanks) >= STOP
        elif what == "data" and not (far and len(filled) < FAR):
            if out.data:
                out.gaps += [b for b in blanks if b > out.data[-1]]
            blanks = []
            out.data.append(number)
        elif what in _LISTS:
            getattr(out, _LISTS[what]).append(number)
    return out


_LISTS = {"total": "totals", "note": "notes", "sample": "samples", "heading": "headings", "nothing": "nothing"}


def _frame(
    sheet: RawSheet, header: Header, plan: Plan, words: RowWords, titles: HeaderWords, skip: frozenset[int]
) -> _Frame:
    left = sheet.origin[1]
    return _Frame(
        {header.columns[n] - left: c.preset for n, c in plan.columns.items() if c.evidence and n in header.columns},
        frozenset(col - left for col in header.columns.values()) - frozenset(c - left for c in skip),
        {col - left: title_key(text, titles.decorations) for col, text in header.every.items()},
        frozenset(header.columns[n] - left for n, c in plan.columns.items() if c.amount and n in header.columns),
        frozenset((r, c) for r, c, _, right in sheet.merged if right > c + 1),
        frozenset(title_key(str(t)) for item in plan.resource.items for t in (item["code"], item["label"]) if t),
        skip,
        words,
        left,
    )


def _what(filled: Sequence[tuple[int, Any]], cells: Sequence[Any], number: int, frame: _Frame, ended: bool) -> str:
    if frame.items:
        return "data" if any(type(v) is str and title_key(v) in frame.items for _, v in filled[:3]) else "note"
    what = _labelled(filled, number, frame, ended)
    if what:
        return what
    if _is_heading(filled, frame.heads) or _is_numbering(filled, frame.words) or _is_average(filled, frame.words):
        return "heading"
    signs = [v for j, v in filled if j in frame.evidence and (not frame.evidence[j] or v != frame.evidence[j])]
    if not signs:
        return "preset"  # presets and computed cells alone are no data
    if len(signs) <= 2 and all(type(v) is str and title_key(v) in frame.words.nothing for v in signs):
        return "nothing"
    return "data"


def _aside(cells: Sequence[Any], frame: _Frame, ended: bool) -> str:
    """A row with nothing in our columns: blank, or a remark beside the table."""
    if cells.count("") == len(cells):
        return "blank"
    for j, v in enumerate(cells):
        if type(v) is str and j + frame.left not in frame.skip and not is_blank(v):
            return "note" if ended or label(v, frame.words) else "aside"
    return "blank"


def _strange(sheet: RawSheet, frame: _Frame) -> dict[int, list[Address]]:
    """Excel row -> cells of our columns a reader sees as blank although something stands there."""
    found: dict[int, list[Address]] = {}
    for spots in (sheet.errors, sheet.pictures, sheet.uncached):
        for spot in spots:
            if spot[1] - frame.left in frame.mapped:
                found.setdefault(spot[0], []).append(spot)
    return found


def _special(
    sheet: RawSheet, spots: Iterable[Address], cells: Sequence[Any], frame: _Frame
) -> Iterable[tuple[int, str]]:
    """Errors, uncached formulas and pictures of one row, as (place, text)."""
    for spot in dict.fromkeys(spots):
        j = spot[1] - frame.left
        if is_blank(cells[j] if j < len(cells) else ""):
            yield j, sheet.errors.get(spot, "") or "="


def _labelled(filled: Sequence[tuple[int, Any]], number: int, frame: _Frame, ended: bool) -> str:
    """total, note, sample or '' by what stands in the first four filled cells (domain.md C3 #27-29)."""
    for place, (j, value) in enumerate(filled[:4]):
        if type(value) is not str:
            continue
        what = label(value, frame.words)
        if what == "total" or (what == "sample" and place < 2):
            return what
        if (
            place == 0
            and what == "note"
            and (len(filled) <= 4 or len(value) > LONG or _labels(filled, frame.words) > 1)
        ):
            return what
        alone = place == 0 and len(filled) == 1
        if alone and (
            (number, frame.left + j) in frame.wide or len(value) > LONG or ended or _section(value, frame.words)
        ):
            return "note"
    return ""


def _labels(filled: Sequence[tuple[int, Any]], words: RowWords) -> int:
    return sum(1 for _, v in filled if type(v) is str and label(v, words) == "note")


@lru_cache(maxsize=4096)
def label(text: str, words: RowWords) -> str:
    """total | note | sample | '' for one cell's text."""
    if len(text) > 400:
        return ""
    key = title_key(text.strip(_BLANKS))
    if not key:
        return ""
    for word in words.totals:
        if key.startswith(word):
            rest = _DIGITS.sub("", key[len(word) :]).strip(":;,.()/-")
            if not rest or rest in words.tails:
                return "total"
    for word in words.samples:
        rest = _DIGITS.sub("", key[len(word) :])
        if (key.startswith(word) and (not rest or rest[0] in ":;,)(")) or key.startswith((f"({word})", f"({word}:")):
            return "sample"
    head, sep, _ = key.partition(":")
    plain = _strip_bracket(head)
    return (
        "note" if head in words.notes or plain in words.notes or (sep and _DIGITS.sub("", plain) in words.notes) else ""
    )


def _strip_bracket(key: str) -> str:
    return re.sub(r"\([^()]*\)", "", key)


def _section(text: str, words: RowWords) -> bool:
    """A lone line that opens a section of the list: 'one, …', '(one) …'."""
    key = title_key(text).lstrip("(")
    return len(key) > 1 and key[0] in words.sections and not key[1].isalnum()


def _is_heading(filled: Sequence[tuple[int, Any]], heads: Mapping[int, str]) -> bool:
    """The header repeated further down (page by page lists)."""
    texts = [(j, v) for j, v in filled if type(v) is str and len(v) < 60]
    if not any(heads.get(j) == title_key(v) for j, v in texts[:2]):
        return False
    same = sum(1 for j, v in texts if heads.get(j) == title_key(v))
    return same >= 2 and same * 2 >= len(filled)


def _is_average(filled: Sequence[tuple[int, Any]], words: RowWords) -> bool:
    texts = [v for _, v in filled[:2] if type(v) is str]
    return bool(texts) and title_key(texts[0]) in words.averages


def _is_bare_sum(filled: Sequence[tuple[int, Any]], sheet: RawSheet, above: Sequence[int], frame: _Frame) -> bool:
    """A row without a label that holds nothing but the sums of the columns of amounts above it."""
    told = [(j, v) for j, v in filled if j in frame.evidence and (not frame.evidence[j] or v != frame.evidence[j])]
    if len(above) < 2 or not told or not all(j in frame.sums for j, _ in told):
        return False
    for j, v in told:
        total = _figure(v)
        numbers = [n for n in (_figure(sheet.get(row, frame.left + j)) for row in above) if n is not None]
        if total is None or len(numbers) < 2 or abs(sum(numbers) - total) > 0.005:
            return False
    return True


def _figure(value: object) -> float | None:
    """A number cell, or a text that is nothing but a number: a csv, a web page and a cell kept as text hold those."""
    if isinstance(value, float):
        return value
    text = fold(value) if isinstance(value, str) and 0 < len(value) < 20 else ""
    return float(text.replace(",", "")) if _NUMBER.fullmatch(text) else None


def _is_numbering(filled: Sequence[tuple[int, Any]], words: RowWords) -> bool:
    """The line of column numbers under a header: 1 2 3 4 … (or 2 3 4 … beside a word), also in brackets."""
    count, led = len(filled), 0
    while led < min(count, 3) and type(filled[led][1]) is str and title_key(filled[led][1]) in words.numbering:
        led += 1
    if count < 3 or count - led < 2:
        return False
    first = _whole(filled[led][1])  # looked at alone, as most rows end here
    if first is None or not (first in (1, 2) or (first == 3 and led and count - led >= 3)):
        return False
    return all(_whole(v) == first + i for i, (_, v) in enumerate(filled[led:]))


def _whole(value: object) -> int | None:
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 1000 else None
    text = title_key(value).strip("()") if isinstance(value, str) and len(value) < 7 else ""
    return int(text) if len(text) < 4 and text.isdecimal() else None
