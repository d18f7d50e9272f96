"""One opened container, the book and the season in; one Document out: recognised tables, head block, marks, findings.

Pure: no disk, no clock. A school's mistake is a Finding here, never an exception.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipeline.book.spec import Book
from pipeline.model import Document, Entry, Finding, Season, Table
from pipeline.reading.headblock import HeadFound, merge_heads, read_cover, read_head
from pipeline.reading.interpret_file import file_findings, named_units, preview
from pipeline.reading.interpret_plan import Plan, Reader, reader_of
from pipeline.reading.interpret_sheets import recognise
from pipeline.reading.interpret_table import UNIT_DOUBTS, SheetRead, read_sheet, titles_above
from pipeline.reading.marks import ours, read_marks
from pipeline.reading.raw import RawBook, RawSheet
from pipeline.reading.replies import replies
from pipeline.reading.titles import title_key

UNIT = ("unit_name", "unit_code")
ABOVE = 10  # rows in which a head block stands, where no header tells its end


@dataclass(slots=True)
class _Cover:
    sheet: RawSheet | None = None
    head: HeadFound = field(default_factory=HeadFound)
    declared: Mapping[str, Entry] = field(default_factory=dict)


def interpret(raw: RawBook, book: Book, season: Season) -> Document:
    """A school's file: every sheet of the five forms it holds, its head block and what its cover declares."""
    reader = reader_of(book, season)
    return _interpret(raw, reader, reader.forms)


def interpret_office(raw: RawBook, book: Book, season: Season) -> Document:
    """A file of inbox/_district or inbox/_decisions: its registers and decision sheets (>= 70 % of the required columns)."""
    reader = reader_of(book, season)
    return _interpret(raw, reader, reader.office)


def _interpret(raw: RawBook, reader: Reader, plans: Sequence[Plan]) -> Document:
    plain = Document(
        raw.path,
        raw.sha256,
        raw.size,
        raw.kind,
        raw.outcome,
        raw.attachment,
        modified=raw.modified,
        cannot_see=raw.cannot_see,
    )
    plain = replace(plain, findings=raw.findings, members=tuple(f"{raw.path}!{name}" for name, _ in raw.members))
    if raw.outcome != "readable" or (raw.members and not raw.sheets):
        return plain
    office = bool(plans) and plans[0].register
    marks, mine = read_marks(raw, reader.marks), ours(raw, reader.marks)
    cover = _Cover() if office else _cover(raw, reader, marks.agree >= 2)
    sheets = [s for s in raw.sheets if s is not cover.sheet]
    known, failed = recognise(sheets, plans, reader, marks, mine)
    read = [read_sheet(k, reader, raw.date1904, marks, mine) for k in known]
    read = _only_real(read)
    tables = tuple(_declared(r.table, cover.declared, reader) for r in read)
    head = merge_heads([cover.head.entries, *(r.head.entries for r in read)])
    if not office:
        head = merge_heads([head, _in_column(read)])
    if not read and not office:
        head = merge_heads([head, *(_whose(k.sheet, reader) for k in failed)])
    stated = _cover_money(read, cover, reader)
    found = [*stated, *_reading_findings(read, cover, UNIT_DOUBTS if stated else frozenset())]
    found += file_findings(raw, reader, marks, read, failed, cover.sheet, cover.head, cover.declared, head, office)
    return replace(
        plain,
        tables=tables,
        head=head,
        declared=cover.declared,
        marks=marks,
        findings=(*raw.findings, *(replace(f, file=raw.path, sha256=raw.sha256) for f in found)),
        sheets=tuple(s.name for s in raw.sheets),
        preview=preview(raw),
        replies=() if office else replies(raw, mine, reader.book.words["returns"]),
        named=named_units(read, cover.head, reader)
        or tuple(t for k in failed for t in titles_above(k.sheet, k.sheet.origin[0] + 1, reader)),
    )


def _cover(raw: RawBook, reader: Reader, own: bool) -> _Cover:
    """The cover sheet by name; a sheet of that name without any line of a form is no cover of ours."""
    for sheet in raw.sheets:
        if title_key(sheet.name) in reader.cover:
            head, declared = read_cover(sheet, reader, raw.date1904, own)
            if declared or head.entries:
                return _Cover(sheet, head, declared)
    return _Cover()


def _in_column(read: Sequence[SheetRead]) -> dict[str, Entry]:
    """The unit a column of the tables names, when it is the same on every row: the district's old table with one school's
    row has no head block."""
    named = {title_key(e.raw): e for r in reversed(read) for e in reversed(r.units)}
    return {UNIT[0]: next(iter(named.values()))} if len(named) == 1 else {}


def _whose(sheet: RawSheet, reader: Reader) -> dict[str, Entry]:
    """The unit that stands above a table nobody could read: its school must hear of it."""
    top = read_head(sheet, range(sheet.origin[0], sheet.origin[0] + ABOVE), reader)
    return {name: entry for name, entry in top.entries.items() if name in UNIT}


def _only_real(read: list[SheetRead]) -> list[SheetRead]:
    """An empty copy of a sheet beside a filled one is a leftover of copying, not a second table."""
    filled = {(r.table.form, r.table.resource) for r in read if r.table.rows}
    seen: set[tuple[str, str]] = set()
    kept = []
    for r in read:
        key = (r.table.form, r.table.resource)
        if r.table.rows or (key not in filled and key not in seen):
            kept.append(r)
        seen.add(key)
    return kept


def _declared(table: Table, declared: Mapping[str, Entry], reader: Reader) -> Table:
    """What the cover says of the form decides; a tick on the sheet itself counts where no cover speaks."""
    entry = declared.get(table.form)
    if entry is None or entry.value is None:
        return table
    return replace(table, zero=entry.value == reader.words["declared"]["none"][0])


def _cover_money(read: Iterable[SheetRead], cover: _Cover, reader: Reader) -> list[Finding]:
    """SHT-016: the cover states a unit of money that is not yuan, for every sheet behind it."""
    money = cover.head.money
    if cover.sheet is None or money is None or money[0] not in reader.money.other:
        return []
    if not any(r.table.rows and any(c.kind.name == "money" for c in r.plan.columns.values()) for r in read):
        return []
    facts = {"unit": money[0], "val": money[0], "col": "", "sheet": cover.sheet.name}
    unit, row, col = money
    return [Finding("SHT-016", sheet=cover.sheet.name, row=row, col=col, value=unit, facts=facts, holds="file")]


def _reading_findings(read: Iterable[SheetRead], cover: _Cover, aside: Collection[str]) -> list[Finding]:
    """Findings of all sheets, but for the rules set `aside`; repairs inside a head block count once, where the file's head
    stands."""
    heads: list[HeadFound] = [cover.head, *(r.head for r in read)]
    stated: set[str] = set()
    found: list[Finding] = []
    for head in heads:
        found += [f for f in head.findings if f.field not in stated]
        stated |= head.entries.keys()
    for r in read:
        found += (f for f in r.findings if f.rule not in aside)
    return found
