"""Raw rows and the columns a form wants in; where its header stands and which Excel column holds which field out."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.model import EMPTY
from pipeline.reading.raw import RawSheet
from pipeline.reading.titles import HeaderWords, title_key, without_brackets

SCAN = 30  # a header is looked for in the first rows that hold texts
CLEAR = 4  # titles of ours in one row from which it is plainly a header …
AFTER = 3  # … so that only so many rows more are looked at
LONGEST = 60  # no column title is longer
REMEMBERED = 256
ENOUGH = 0.7  # share of the required columns below which a header does not count (contract.md 3)
_NUMBERS = re.compile(r"[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """The columns one sheet of a form may have: `keys` maps a title key to (rank, place, field), best first."""

    keys: Mapping[str, tuple[tuple[int, int, str], ...]]
    required: frozenset[str]
    titles: Mapping[str, str]  # field -> key of its own title
    order: tuple[str, ...]
    known: dict[object, Header | None] = field(default_factory=dict, compare=False)  # rows already matched


@dataclass(frozen=True, slots=True)
class Header:
    """A header as found: first and last Excel row, field -> column, field -> text as it stands, and what was left."""

    rows: tuple[int, int]
    columns: Mapping[str, int]
    titles: Mapping[str, str]
    extra: tuple[tuple[int, str], ...] = ()  # (column, text) of titles that name nothing we ask for
    double: tuple[tuple[int, str], ...] = ()  # (column, text) of titles whose field an earlier column already holds
    every: Mapping[int, str] = EMPTY  # column -> text, for all titles
    share: float = 0.0  # required columns found; where none is required, columns of the sheet that are ours

    @property
    def score(self) -> tuple[int, float, int]:
        return (len(self.columns), self.share, self.rows[0] - self.rows[1])


def wanted(fields: Iterable[Any], required: frozenset[str], meaning: frozenset[str], decorations: str) -> Wanted:
    """Compile book fields (title, synonyms, group) into the table `find_header` looks titles up in."""
    keys: dict[str, list[tuple[int, int, str]]] = {}
    titles, order = {}, []
    for place, one in enumerate(fields):
        titles[one.name] = title_key(one.title, decorations)
        order.append(one.name)
        for rank, text in [(0, one.title), *((2, s) for s in one.synonyms)]:
            key = title_key(text, decorations)
            spots = {key: rank, without_brackets(key, meaning): rank + 1}
            if one.group:
                spots |= {title_key(one.group + text, decorations): rank}
            for spot, its_rank in spots.items():
                if spot:
                    keys.setdefault(spot, []).append((its_rank, place, one.name))
    return Wanted({k: tuple(sorted(v)) for k, v in keys.items()}, required, titles, tuple(order))


Scanned = list[tuple[int, dict[int, tuple[str, str]]]]


def find_header(
    sheet: RawSheet, want: Wanted, words: HeaderWords, scanned: Scanned, ignore: frozenset[int] = frozenset()
) -> Header | None:
    """The best header in the first rows of a sheet (`scanned`), one or two rows deep; None where no title is known."""
    best: Header | None = None
    for row, texts in scanned:
        if not any(key in want.keys for key, _ in texts.values()):
            continue
        header = _known_at(sheet, want, words, row, texts, ignore)
        if header and (best is None or header.score > best.score):
            best = header
    return best


def _known_at(
    sheet: RawSheet,
    want: Wanted,
    words: HeaderWords,
    row: int,
    texts: Mapping[int, tuple[str, str]],
    ignore: frozenset[int],
) -> Header | None:
    """As `_at`, remembered: the header of one template is the same in every file. Only where merges tell how far a group
    reaches does it depend on these two rows alone."""
    if not sheet.merged:
        return _at(sheet, want, words, row, texts, ignore)
    i = row - sheet.origin[0]
    below = tuple(sheet.rows[i + 1]) if i + 1 < len(sheet.rows) else ()
    spot = (row, sheet.origin, tuple(sheet.rows[i]), below, sheet.merged, ignore)
    if spot not in want.known:
        if len(want.known) >= REMEMBERED:
            want.known.clear()
        want.known[spot] = _at(sheet, want, words, row, texts, ignore)
    return want.known[spot]


def _at(
    sheet: RawSheet,
    want: Wanted,
    words: HeaderWords,
    row: int,
    texts: Mapping[int, tuple[str, str]],
    ignore: frozenset[int],
) -> Header | None:
    """The better of the one-row and the two-row header that begin here."""
    best: Header | None = None
    for depth in _depths(sheet, row, texts, want, words):
        header = _match(_titles(sheet, row, depth, texts, words), want, (row, row + depth - 1), ignore)
        if header and (best is None or header.score > best.score):
            best = header
    return best


def _depths(
    sheet: RawSheet, row: int, texts: Mapping[int, tuple[str, str]], want: Wanted, words: HeaderWords
) -> tuple[int, ...]:
    """How many rows a header beginning here may have. Where the title of one of our columns stands over several titles it
    is the head of a group and no column, so the row beneath belongs to the header: its first column would be taken for the
    group's sum and the titles for data. So does a row of nothing but units."""
    below = [v for i in _indices(sheet, row + 1, row + 1) for v in sheet.rows[i] if v != ""]
    if any(not isinstance(v, str) or len(v) > LONGEST or v.isascii() or _NUMBERS.search(v) for v in below):
        return (1, 2)
    if below and all(map(words.is_unit, below)):
        return (2,)
    known = (col for col, (key, _) in texts.items() if key in want.keys)
    return (2,) if any(len(_beneath(sheet, row, col, texts)) > 1 for col in known) else (1, 2)


def _beneath(sheet: RawSheet, row: int, col: int, texts: Container[int]) -> set[str]:
    """The different texts right below a title that stands alone over several columns, its own column being the first."""
    merged = next((right for top, left, _, right in sheet.merged if (top, left) == (row, col)), None)
    found: set[str] = set()
    while is_text(text := sheet.get(row + 1, col)) and (merged is None or col <= merged):
        found.add(text)
        col += 1
        if col in texts or (merged is None and sheet.merged):
            break
    return found


def is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def scan(sheet: RawSheet, words: HeaderWords, known: Container[str] = (), most: int = SCAN) -> Scanned:
    """(Excel row, column -> (loose key, text)) of the first rows that hold short texts.

    Once a row shows several `known` titles only a few more are looked at: a header does not stand among the data.
    """
    found: Scanned = []
    top, left = sheet.origin
    last = most
    for i, row in enumerate(sheet.rows):
        texts = {}
        for j, value in enumerate(row):
            if type(value) is str and value and len(value) <= LONGEST and not value.isascii():
                _, key, bare = words.keys(value)
                if bare and key not in known:
                    key = bare
                if key:
                    texts[left + j] = (key, value)
        if texts:
            found.append((top + i, texts))
            if last == most and sum(1 for key, _ in texts.values() if key in known) >= CLEAR:
                last = min(most, len(found) + AFTER)
        if len(found) >= last:
            break
    return found


def _titles(
    sheet: RawSheet, row: int, depth: int, texts: Mapping[int, tuple[str, str]], words: HeaderWords
) -> dict[int, tuple[str, tuple[str, ...]]]:
    """column -> (text as it stands, keys it may be known by, best first)."""
    if depth == 1:
        return {c: (t, _keys([t], words)) for c, (_, t) in texts.items()}
    above = _spread(sheet, row, {c: t for c, (_, t) in texts.items()})
    left = sheet.origin[1]
    width = max((len(sheet.rows[i]) for i in _indices(sheet, row, row + 1)), default=0)
    out: dict[int, tuple[str, tuple[str, ...]]] = {}
    for col in range(left, left + width):
        upper = above.get(col, "")
        lower = sheet.get(row + 1, col)
        lower = lower if isinstance(lower, str) and len(lower) <= LONGEST and lower.strip() else ""
        own = texts[col][1] if col in texts else ""
        if lower and upper:
            both = f"{upper}\n{lower}"
            out[col] = (both if words.is_unit(lower) else lower, _keys([lower, both], words))
        elif lower or own:
            out[col] = (lower or own, _keys([lower or own], words))
    return out


def _indices(sheet: RawSheet, first: int, last: int) -> list[int]:
    return [r - sheet.origin[0] for r in range(first, last + 1) if 0 <= r - sheet.origin[0] < len(sheet.rows)]


def _spread(sheet: RawSheet, row: int, texts: Mapping[int, str]) -> dict[int, str]:
    """The upper row of a two-row header with each group's text over all its columns.

    A merge says how far a group reaches; without one (and in containers that hide merges) it reaches over the
    following columns that are blank above and titled below.
    """
    out = dict(texts)
    for first, left, last, right in sheet.merged:
        if first <= row <= last and right > left and left in texts:
            for col in range(left, right + 1):
                out.setdefault(col, texts[left])
    if sheet.merged:
        return out
    current = ""
    for col in range(sheet.origin[1], sheet.origin[1] + max((len(r) for r in sheet.rows[:SCAN]), default=0)):
        if col in texts:
            current = texts[col]
        elif current and isinstance(sheet.get(row + 1, col), str) and sheet.get(row + 1, col).strip():
            out[col] = current
        else:
            current = ""
    return out


def _keys(texts: Sequence[str], words: HeaderWords) -> tuple[str, ...]:
    if len(texts) == 1:
        key, loose, bare = words.keys(texts[0])
        if key == loose and not bare:
            return (key,) if key else ()
    return tuple(dict.fromkeys(k for text in texts for k in words.keys(text) if k))


def _match(
    titles: Mapping[int, tuple[str, tuple[str, ...]]], want: Wanted, rows: tuple[int, int], ignore: frozenset[int]
) -> Header | None:
    """Give every field its best column and every column at most one field; ties go to the left column."""
    bids = []
    for col, (_, keys) in titles.items():
        if col in ignore:
            continue
        for loose, key in enumerate(keys):
            for rank, place, name in want.keys.get(key, ()):
                bids.append((rank + loose, col, place, name))
    columns: dict[str, int] = {}
    taken: set[int] = set()
    for _, col, _, name in sorted(bids):
        if name not in columns and col not in taken:
            columns[name] = col
            taken.add(col)
    if not columns:
        return None
    known = {col for _, col, _, _ in bids}
    every = {col: text for col, (text, _) in sorted(titles.items()) if col not in ignore}
    left = [(c, t) for c, t in every.items() if c not in taken]
    share = len(want.required & columns.keys()) / len(want.required) if want.required else len(columns) / len(every)
    columns = {name: columns[name] for name in want.order if name in columns}
    return Header(
        rows,
        columns,
        {name: titles[col][0] for name, col in columns.items()},
        tuple(x for x in left if x[0] not in known),
        tuple(x for x in left if x[0] in known),
        every,
        share,
    )


def renamed(header: Header, want: Wanted, words: HeaderWords) -> tuple[tuple[str, str], ...]:
    """(text in the file, field) of columns that stand under another name than ours; its unit and number are no other name."""
    out = []
    for name, text in header.titles.items():
        own = want.titles[name]
        if words.keys(text)[0] != own and not {*_keys([text], words)} & {own, without_brackets(own, words.meaning)}:
            out.append((text, name))
    return tuple(out)


def moved(header: Header, want: Wanted) -> bool:
    """Do the columns stand in another order than in our form?"""
    found = [header.columns[name] for name in want.order if name in header.columns]
    return found != sorted(found)
