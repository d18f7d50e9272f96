"""Rows outside a table in; what they say about the sheet out: unit, people, date, zero report, unit of money."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pipeline.cells.read import error_cell, read_cell
from pipeline.cells.typed import Typed
from pipeline.model import Entry, Finding
from pipeline.reading.interpret_plan import Labels, Reader, sheet_key
from pipeline.reading.raw import RawSheet
from pipeline.reading.rows import is_blank
from pipeline.reading.titles import title_key

_WIDTH = str.maketrans(
    {"\uff1a": ":", "\uff08": "(", "\uff09": ")", "\u3000": " ", "\u00a0": " ", "\n": " ", "\r": " ", "\t": " "}
)
_NEXT_LABEL = re.compile(r"\s{2,}[^\s:]{1,12}:|\s{3,}")
_NAME_ENDS = re.compile(_NEXT_LABEL.pattern + r"|\s+(?=[0-9])")
_LINE = re.compile(r"[\s_年月日/.-]*")  # a line or the signs of a date left for the pen
REACH = 8  # columns to the right of a label in which its value is looked for
MOST_KNOWN = 4096
OF_MONEY = frozenset({"unit_name", "amount_unit"})  # their labels also stand before a unit of money
LONGEST = 300  # a longer text is prose, no line of labels


@dataclass(slots=True)
class HeadFound:
    """Entries by head field; `empty`: labels whose value is missing -> the cell it belongs in; money: (text, row, col)."""

    entries: dict[str, Entry] = field(default_factory=dict)
    empty: dict[str, tuple[int, int]] = field(default_factory=dict)
    money: tuple[str, int, int] | None = None
    units: list[Entry] = field(default_factory=list)  # what further labels of the unit hold
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Block:
    sheet: RawSheet
    labels: Labels
    reader: Reader
    date1904: bool
    own: bool


def read_head(
    sheet: RawSheet,
    numbers: Iterable[int],
    reader: Reader,
    date1904: bool = False,
    own: bool = False,
    labels: Labels | None = None,
) -> HeadFound:
    """Labels and values in the given Excel rows; the first non-blank value of a field counts.

    `own`: on a sheet of ours a value stands right beside its label, or between it and our hint where somebody put a
    column in. `labels`: a register's own block; otherwise the head block of the forms.
    """
    out, block = HeadFound(), _Block(sheet, labels or reader.head, reader, date1904, own)
    for number in numbers:
        i = number - sheet.origin[0]
        if not 0 <= i < len(sheet.rows):
            continue
        for j, value in enumerate(sheet.rows[i]):
            if type(value) is not str or not value or len(value) > LONGEST:
                continue
            said = _said(value, block)
            if said is _SILENT or is_blank(value):
                continue
            spot = number, sheet.origin[1] + j
            _note_money(out, block, said.money, spot)
            for name, text in [(n, (t, spot) if t is not None else _beside(*spot, block)) for n, t in said.pairs]:
                _take(out, block, name, *text)
    return out


@dataclass(frozen=True, slots=True)
class _Said:
    """What one text says: the unit of money it states; (field, value) for every label in it, None = beside it; `ours`:
    it begins as a label or is a hint, printed by us and not written by a school."""

    money: str = ""
    pairs: tuple[tuple[str, str | None], ...] = ()
    ours: bool = False


_SILENT = _Said()


def _said(value: str, block: _Block) -> _Said:
    known = block.labels.spoken
    said: _Said | None = known.get(value)
    if said is None:
        text = value.translate(_WIDTH)
        money = block.reader.money.said(text)
        text = block.reader.money.without(text) if money else text
        whole = _label(text, block)
        pairs = ((whole, None),) if whole else tuple(_pairs(text, block))
        said = _Said(money, pairs, _begins_ours(text, value, block))
        said = _SILENT if said == _SILENT else said
        if len(known) < MOST_KNOWN:
            known[value] = said
    return said


def _ours(value: str, block: _Block) -> bool:
    """Another label or a hint: printed by us, not written by a school."""
    return _said(value, block).ours if len(value) <= LONGEST else _begins_ours(value.translate(_WIDTH), value, block)


def _begins_ours(text: str, value: str, block: _Block) -> bool:
    label = not text.strip() or _label(text, block) or block.labels.pattern.match(text)  # nothing but a unit of money
    return bool(label) or title_key(value) in block.labels.hints


def _note_money(out: HeadFound, block: _Block, unit: str, spot: tuple[int, int]) -> None:
    """The first unit of money stated; one that is not yuan over one that is: such a sheet may not merge."""
    other = block.reader.money.other
    if unit and (out.money is None or (unit in other and out.money[0] not in other)):
        out.money = (unit, *spot)


def _pairs(text: str, block: _Block) -> Iterator[tuple[str, str | None]]:
    """(field, value) for every label of 'label: value  label: value'; None where the value stands beside the cell."""
    spots = list(block.labels.pattern.finditer(text))
    for m, following in zip(spots, (*spots[1:], None), strict=False):
        name = block.labels.names[title_key(m[1])]
        rest = text[m.end() : following.start() if following else len(text)]
        cut = (_NAME_ENDS if block.labels.columns[name].kind.name == "name" else _NEXT_LABEL).search(rest.strip())
        inside = (rest.strip()[: cut.start()] if cut else rest).strip()
        yield name, inside if inside or following else None
    if not spots:
        yield from _ticked(text, block)


def _label(text: str, block: _Block) -> str:
    """The head field whose label is all that stands in this cell ('' = none)."""
    key = title_key(text, block.reader.header.decorations)
    return block.labels.names.get(key) or block.labels.names.get(re.sub(r"\([^()]*\)", "", key), "")


def _beside(row: int, col: int, block: _Block) -> tuple[Any, tuple[int, int]]:
    """The next filled cell to the right, unless it is a label or a hint; else the blank cell where the value belongs."""
    sheet = block.sheet
    start = next((right + 1 for r, c, last, right in sheet.merged if r <= row <= last and c <= col <= right), col + 1)
    width = sheet.origin[1] + len(sheet.rows[row - sheet.origin[0]])
    found = (at for at in range(start, min(width, start + REACH)) if not is_blank(sheet.get(row, at)))
    at = next(found, width)
    value = sheet.get(row, at)
    if isinstance(value, str) and _ours(value, block):
        return "", (row, start)
    if block.own and at > start and not any(_is_hint(sheet.get(row, further), block) for further in found):
        return "", (row, start)
    return ("", (row, start)) if is_blank(value) else (value, (row, at))


def _is_hint(value: Any, block: _Block) -> bool:
    return isinstance(value, str) and title_key(value) in block.labels.hints


def _ticked(text: str, block: _Block) -> Iterator[tuple[str, str]]:
    """A tick and its label in one cell, without a colon."""
    key = title_key(text)
    for label, name in block.labels.names.items():
        if name == "zero_report" and label in key and len(key) <= len(label) + 6:
            yield name, key.replace(label, "").strip("():,")
            return


def _take(out: HeadFound, block: _Block, name: str, value: Any, spot: tuple[int, int]) -> None:
    sheet = block.sheet
    if name in OF_MONEY and isinstance(value, str):
        _note_money(out, block, block.reader.money.value(value), spot)
        if name == "unit_name" and block.reader.money.is_measure(value):
            return
    if name in out.entries:
        if name == "unit_name" and isinstance(value, str) and not is_blank(value):
            out.units.append(Entry(value, value, sheet.name, *spot))
        return
    column = block.labels.columns[name]
    unfilled = is_blank(value) or (isinstance(value, str) and _LINE.fullmatch(value) is not None)
    typed = Typed("blank") if unfilled else read_cell(value, column.kind_1904 if block.date1904 else column.kind)
    if spot in sheet.errors:
        typed = error_cell(sheet.errors[spot])
    if typed.state == "blank":
        out.empty.setdefault(name, spot)
        return
    out.empty.pop(name, None)
    out.entries[name] = Entry(
        typed.value if typed.state == "value" else None, typed.raw, sheet.name, *spot, state=typed.state
    )
    for note in typed.notes:
        facts = {"col": column.title, "field": column.title, "val": typed.raw, "new": note.new, **note.facts}
        out.findings.append(
            Finding(
                note.rule,
                sheet=sheet.name,
                row=spot[0],
                col=spot[1],
                field=name,
                title=column.title,
                value=typed.raw,
                new_value=note.new,
                facts=facts,
            )
        )


def read_cover(
    sheet: RawSheet, reader: Reader, date1904: bool = False, own: bool = False
) -> tuple[HeadFound, dict[str, Entry]]:
    """The head block of the cover sheet, and per form what its line declares: has, none (first words of each list) or None."""
    top = sheet.origin[0]
    declared, lines = _lines(sheet, reader)
    rows = [top + i for i in range(len(sheet.rows)) if top + i not in lines]
    return read_head(sheet, rows, reader, date1904, own), declared


def _lines(sheet: RawSheet, reader: Reader) -> tuple[dict[str, Entry], set[int]]:
    answers = reader.answers
    declared: dict[str, Entry] = {}
    lines: set[int] = set()
    usual = 0
    for i, cells in enumerate(sheet.rows):
        row = sheet.origin[0] + i
        for j, value in enumerate(cells):
            form = _form_named(value, reader)
            if not form or form in declared:
                continue
            answer = next(
                ((k, v) for k, v in enumerate(cells[j + 1 :], j + 1) if isinstance(v, str) and title_key(v) in answers),
                None,
            )
            if answer:
                usual = sheet.origin[1] + answer[0]
                declared[form] = Entry(answers[title_key(answer[1])], answer[1], sheet.name, row, usual)
            else:
                free = next((k for k, v in enumerate(cells[j + 1 :], j + 1) if v in ("", None)), j + 1)
                declared[form] = Entry(None, "", sheet.name, row, usual or sheet.origin[1] + free, state="blank")
            lines.add(row)
    return declared, lines


def _form_named(value: object, reader: Reader) -> str:
    """The form whose line of the cover begins with this text, '' for any other."""
    if type(value) is not str or not value or len(value) > 60:
        return ""
    known = reader.lines.get(value)
    if known is None:
        known = _form_of(title_key(value), reader)
        if len(reader.lines) < MOST_KNOWN:
            reader.lines[value] = known
    return known


def _form_of(key: str, reader: Reader) -> str:
    names = {form.lower(): form for form in reader.book.forms}
    if key in names:
        return names[key]
    start = next((name for name in names if key.startswith(name)), "")
    if start:
        key = key[len(start) :].strip("-:.()")
        return names[start] if reader.titles.get(sheet_key(key)) == names[start] else ""
    return reader.titles.get(sheet_key(key), "")


def merge_heads(heads: Iterable[Mapping[str, Entry]]) -> dict[str, Entry]:
    """The first sheet that states a field speaks for the file."""
    merged: dict[str, Entry] = {}
    for head in heads:
        for name, entry in head.items():
            merged.setdefault(name, entry)
    return merged
