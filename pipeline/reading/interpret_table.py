"""One recognised sheet in; its Table with typed rows, its head block and every finding about its shape out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from pipeline.book.spec import Resource
from pipeline.model import Entry, Finding, Marks, Row, Table
from pipeline.reading.extent import stray, used
from pipeline.reading.headblock import HeadFound, read_head
from pipeline.reading.headers import Header, moved, renamed
from pipeline.reading.interpret_items import read_items
from pipeline.reading.interpret_plan import Plan, Reader
from pipeline.reading.interpret_sheets import Known
from pipeline.reading.marks import Ours
from pipeline.reading.raw import RawSheet
from pipeline.reading.rows import Sorted, is_blank, row_words, sort_rows
from pipeline.reading.rows_spill import spilled
from pipeline.reading.rows_typed import Typing, finding, type_row, typing_of
from pipeline.reading.titles import title_key, title_keys

CODE, LABEL = "code", "indicator"  # the two fields that name a fixed line (F4)
UNIT_DOUBTS = frozenset({"CEL-030", "CEL-032"})  # what follows for every amount from a unit that is not yuan
MOST_ROWS = 5000  # data rows of one form's sheet (contract.md 3)
_LABELLED = re.compile(r"[:\uff1a]")


@dataclass(slots=True)
class SheetRead:
    """What one sheet gave. `titles`: texts above the table (they may name the unit and the year)."""

    table: Table
    head: HeadFound
    plan: Plan
    sheet: RawSheet
    findings: list[Finding] = field(default_factory=list)
    titles: list[Entry] = field(default_factory=list)
    units: list[Entry] = field(default_factory=list)  # from a column of ours or theirs that names units
    own: bool = False


def read_sheet(known: Known, reader: Reader, date1904: bool, marks: Marks, mine: Ours) -> SheetRead:
    """Type everything below the header, read the labels around it, and say what is odd about the sheet's shape."""
    sheet, plan, header = known.sheet, known.plan, known.header
    assert header is not None
    skip = _ours_in(sheet, header, mine, reader)
    header = replace(
        header,
        extra=tuple(x for x in header.extra if x[0] not in skip),
        double=tuple(x for x in header.double if x[0] not in skip),
    )
    own = marks.agree >= 2
    if plan.resource.layout == "items":
        kinds, typing = Sorted(), typing_of(sheet, header, plan, reader, date1904, skip, ())
        row, columns = read_items(typing, reader.header, own)
        rows, totals = ([row] if row.raw else []), list[Row]()
        header = replace(header, columns=columns)
    else:
        words = row_words(reader.words["rows"])
        kinds = sort_rows(sheet, header, plan, words, reader.header, skip)
        typing = typing_of(sheet, header, plan, reader, date1904, skip, kinds.data)
        rows, totals = _typed(typing, kinds, plan)
        totals = [_claimed(total, header, sheet) for total in totals] if own else totals
    head = read_head(
        sheet, _outside(sheet, header, kinds, plan, own), reader, date1904, own and not plan.register, plan.labels
    )
    blocked, whole = _blocked(plan, header), ""
    if len(rows) == 1 and blocked and plan.resource.primary_key in {(name,) for name in blocked}:
        rows, whole = _for_all(rows[0], plan)
        blocked = tuple(name for name in blocked if name != whole)
    table = Table(
        plan.form,
        plan.resource.name,
        sheet.name,
        header.rows,
        dict(header.columns),
        dict(header.titles),
        tuple(rows),
        tuple(totals),
        head.entries,
        _zero(head),
        *used(known.whole or sheet, max(header.columns.values(), default=0)),
        not own,
        blocked,
    )
    out = SheetRead(table, head, plan, sheet, own=own)
    out.titles = titles_above(sheet, header.rows[0], reader)
    out.units = _units(sheet, header, rows, reader)
    shape = list(_shape(out, header, reader, whole))
    said = UNIT_DOUBTS if any(f.rule == "SHT-016" for f in shape) else frozenset[str]()
    out.findings = [*shape, *_row_findings(out, kinds, header), *(f for f in typing.findings if f.rule not in said)]
    return out


def _ours_in(sheet: RawSheet, header: Header, mine: Ours, reader: Reader) -> frozenset[int]:
    """Columns an earlier return added: by defined name, else by their title to the right of everything."""
    names = title_keys(tuple(reader.marks["return_column_titles"]))
    return mine.columns.get(sheet.name, frozenset()) | {c for c, t in header.extra if title_key(t) in names}


def _typed(typing: Typing, kinds: Sorted, plan: Plan) -> tuple[list[Row], list[Row]]:
    rows: list[Row] = []
    for number in kinds.data:
        measure = _measure(typing.sheet, number, plan.resource)
        row = type_row(typing, number, rows[-1] if rows else None, measure=measure)
        rows.append(_fixed_line(spilled(typing, row), plan.resource))
    totals = [type_row(typing, number, None, total=True) for number in kinds.totals]
    return rows, totals


def _claimed(total: Row, header: Header, sheet: RawSheet) -> Row:
    """The total line of our own form is a formula, and a spreadsheet leaves out what is kept as text: only a figure
    somebody typed over it claims anything."""
    kept = {n for n in total.raw if (total.number, header.columns.get(n, 0)) not in sheet.formulas}
    return replace(
        total, values={n: v for n, v in total.values.items() if n in kept}, raw={n: v for n, v in total.raw.items() if n in kept},
        unknown=total.unknown & kept,
    )  # fmt: skip


def _measure(sheet: RawSheet, number: int, resource: Resource) -> str:
    """What the numbers of a fixed line (F4) count; '' on any other row."""
    if not resource.items:
        return ""
    texts = {title_key(v) for v in sheet.rows[number - sheet.origin[0]] if type(v) is str}
    found = next((i for i in resource.items if {title_key(i["code"]), title_key(i["label"])} & texts), None)
    return found.get("measure", "") if found else ""


def _fixed_line(row: Row, resource: Resource) -> Row:
    """A fixed line (F4) whose code is missing is known by its label."""
    if not resource.items or CODE in row.values:
        return row
    texts = {title_key(str(v)) for v in row.values.values() if isinstance(v, str)}
    item = next((i for i in resource.items if title_key(i["label"]) in texts), None)
    return replace(row, values={**row.values, CODE: item["code"]}, unknown=row.unknown - {CODE}) if item else row


def _blocked(plan: Plan, header: Header) -> tuple[str, ...]:
    """Required columns that are missing; of fixed lines one of code and label is enough."""
    missing = [n for n in plan.want.order if n in plan.want.required and n not in header.columns]
    return tuple(n for n in missing if not (plan.resource.items and n == LABEL and CODE in header.columns))


def _for_all(row: Row, plan: Plan) -> tuple[list[Row], str]:
    """The one row of a table that lacks its key (the department): what the blank form presets there is meant (the whole
    school). (rows, key field or '' where the form presets none)."""
    (name,) = plan.resource.primary_key
    field = plan.resource.field(name)
    if field is None or not field.preset:
        return [row], ""
    return [replace(row, values={name: field.preset, **row.values})], name


def _outside(sheet: RawSheet, header: Header, kinds: Sorted, plan: Plan, own: bool) -> list[int]:
    """Rows that may hold labels: above the table, and the notes and signature lines below it (ours are for the pen)."""
    top = sheet.origin[0]
    if own:
        return list(range(top, header.rows[0]))
    if plan.resource.layout == "items":
        return list(range(top, header.rows[0])) + list(range(header.rows[1] + 1, top + len(sheet.rows)))
    return list(range(top, header.rows[0])) + kinds.notes


def _zero(head: HeadFound) -> bool | None:
    entry = head.entries.get("zero_report")
    return entry.value if entry and isinstance(entry.value, bool) else None


def _is_label(text: str) -> bool:
    return not text.strip() or _LABELLED.search(text) is not None


def titles_above(sheet: RawSheet, end: int, reader: Reader) -> list[Entry]:
    """Lines without a label in the first rows, up to (not with) Excel row `end`: they may name the unit and the year. A
    title that states the unit of money as well is one all the same."""
    found = []
    for number in range(sheet.origin[0], min(end, sheet.origin[0] + min(6, len(sheet.rows)))):
        cells = sheet.rows[number - sheet.origin[0]]
        texts = [(j, v) for j, v in enumerate(cells) if isinstance(v, str) and not is_blank(v)]
        found += [
            Entry(v, v, sheet.name, number, sheet.origin[1] + j, state="title")
            for j, v in texts
            if 4 <= len(v) <= 60 and not (_LABELLED.search(v) and _is_label(reader.money.without(v)))
        ]
    return found


def _units(sheet: RawSheet, header: Header, rows: Sequence[Row], reader: Reader) -> list[Entry]:
    """Different texts of a column that names units: more than one means several units in one file."""
    names = title_keys(tuple(reader.words["header"]["unit_columns"]))
    found: dict[str, Entry] = {}
    for col, text in header.extra:
        if title_key(text) in names:
            for row in rows:
                value = sheet.get(row.number, col)
                if isinstance(value, str) and not is_blank(value) and len(found) < 20:
                    found.setdefault(title_key(value), Entry(value.strip(), value, sheet.name, row.number, col))
    return list(found.values())


def _shape(r: SheetRead, header: Header, reader: Reader, whole: str) -> Iterable[Finding]:
    """Findings on the sheet as a whole: columns, version, unit of money, size, what is hidden. `whole`: the key field that
    the sheet's one row does without."""
    plan, sheet, at = r.plan, r.sheet, header.rows[1]

    def say(
        rule: str, row: int | None = None, col: int | None = None, val: str = "", new: str = "", **facts: str
    ) -> Finding:
        return finding(rule, plan, sheet, row, col, None, val, new, {"val": val, "new": new} | facts)

    for name in r.table.blocked:
        column = plan.columns[name]
        yield finding("SHT-003", plan, sheet, at, None, column, "", "", {})
    other = renamed(header, plan.want, reader.header)
    if other or whole or (moved(header, plan.want) and plan.resource.layout != "items"):
        pairs = [(text, plan.columns[name].title) for text, name in other]
        pairs += [("", f"{plan.columns[whole].title}={r.table.rows[0].values[whole]}")] if whole else []
        yield say("SHT-004", at, None, "; ".join(t for t, _ in pairs if t), "; ".join(t for _, t in pairs))
    alone = "unit_name" not in r.head.entries and not plan.register
    told = {entry.col for entry in r.units} if alone else set()  # whose table it is was read there
    for col, text in (*header.extra, *header.double):
        if col in told:
            continue
        title = " ".join(text.split())
        yield replace(finding("SHT-005", plan, sheet, at, col, None, text, "", {"col": title}), title=title)
    money = _other_money(r, header, reader)
    if money:
        yield say("SHT-016", money[1], money[2], money[0], unit=money[0])
    if len(r.table.rows) > MOST_ROWS and not plan.register:
        yield say("WBK-018", n=str(len(r.table.rows)))
    yield from _hidden(r, header)


def _other_money(r: SheetRead, header: Header, reader: Reader) -> tuple[str, int, int] | None:
    """A unit of money that is not yuan, stated beside the table, in its title or in the title of an amount."""
    money = reader.money
    if r.head.money and r.head.money[0] in money.other and not r.plan.register:
        return r.head.money
    for title in r.titles if not r.plan.register else ():
        if (unit := money.at_end(title.raw)) in money.other:
            return unit, title.row, title.col
    for name, col in header.columns.items():
        unit = money.of_column(header.titles[name]) if r.plan.columns[name].kind.name == "money" else ""
        if unit in money.other:
            return unit, header.rows[1], col
    return None


def _hidden(r: SheetRead, header: Header) -> Iterable[Finding]:
    """SHT-014: something of the table is out of sight; everything was read all the same."""
    sheet, rows = r.sheet, {row.number for row in r.table.rows}
    hidden_rows = sorted(sheet.hidden_rows & rows)
    hidden_cols = sorted(sheet.hidden_cols & set(header.columns.values()))
    if hidden_rows or hidden_cols or sheet.filtered or sheet.visible != "visible":
        facts = {"rows": ", ".join(map(str, hidden_rows[:20])), "n": str(len(hidden_rows))}
        row = hidden_rows[0] if hidden_rows else header.rows[1] if hidden_cols else None
        col = hidden_cols[0] if hidden_cols else min(header.columns.values()) if hidden_rows else None
        yield replace(finding("SHT-014", r.plan, sheet, row, col, None, "", "", facts), rows=tuple(hidden_rows))


def _row_findings(r: SheetRead, kinds: Sorted, header: Header) -> Iterable[Finding]:
    """What was set aside while sorting rows, each kind once per sheet."""

    def say(rule: str, numbers: Sequence[int], at: tuple[int | None, int | None] = (None, None)) -> Finding:
        facts = {"rows": ", ".join(map(str, numbers[:20]))}
        row = numbers[0] if numbers else at[0]
        return replace(finding(rule, r.plan, r.sheet, row, at[1], None, "", "", facts), rows=tuple(numbers))

    left = min(header.columns.values(), default=None)

    aside = sorted(
        [*kinds.totals[1 if r.own else 0 :], *([] if r.own else kinds.notes), *kinds.headings, *kinds.nothing]
    )
    if aside and not r.plan.register:
        yield say("SHT-011", aside)
    if kinds.samples:
        yield say("SHT-012", kinds.samples, (None, left))
    if kinds.gaps:
        yield say("SHT-015", kinds.gaps, (None, left))
    elif (far := stray(r.sheet, r.table)) or r.sheet.oversized:
        yield say("SHT-015", (), far or (None, None))
    broken = _sequence(r)
    if broken:
        yield broken


def _sequence(r: SheetRead) -> Finding | None:
    """SHT-009: the numbers beside the rows are not 1, 2, 3 …; where we compute them there is nothing to say."""
    name = next((n for n, c in r.plan.columns.items() if c.kind.name == "seq" and n in r.table.columns), None)
    if name is None or r.own or r.plan.register:
        return None
    numbers = [(row, row.values.get(name)) for row in r.table.rows if name in row.raw]
    for expected, (row, number) in enumerate(numbers, 1):
        if number != expected:
            spot = r.table.at(row, name) or (row.number, r.table.columns[name])
            found = finding(
                "SHT-009", r.plan, r.sheet, *spot, r.plan.columns[name], row.raw.get(name, ""), str(expected), {}
            )
            return replace(found, rows=(row.number,))
    return None
