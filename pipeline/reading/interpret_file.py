"""What all sheets of one file gave in; the findings on the file as a whole, its preview and the units it names, out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from pipeline.model import Entry, Finding, Marks
from pipeline.reading.headblock import HeadFound
from pipeline.reading.interpret_plan import Reader, season_start
from pipeline.reading.interpret_sheets import Known
from pipeline.reading.interpret_table import SheetRead
from pipeline.reading.marks import is_helper, note_of_ours, version_for
from pipeline.reading.raw import RawBook, RawSheet
from pipeline.reading.rows import is_blank
from pipeline.reading.titles import title_key

PERSONAL = re.compile(r"(?<![0-9])(?:[0-9]{17}[0-9Xx]|1[3-9][0-9]{9})(?![0-9Xx])")
_YEAR = re.compile(r"(?<![0-9])(20[0-9]{2})(?![0-9])")
EARLY = timedelta(days=90)  # a form dated so long before the season began belongs to an earlier one
LEAST = 3  # signs of a register's name that must stand in a file's name
LISTED = "\u3001"
SHOWN = 3  # rows of the preview


def file_findings(
    raw: RawBook,
    reader: Reader,
    marks: Marks,
    read: Sequence[SheetRead],
    failed: Sequence[Known],
    cover: RawSheet | None,
    cover_head: HeadFound,
    declared: Mapping[str, Entry],
    head: Mapping[str, Entry],
    office: bool,
) -> list[Finding]:
    """Everything that is no sheet's own: SHT-001, SHT-002, SHT-017, WBK-016, WBK-019, WBK-020."""
    found: list[Finding] = []
    found += _unread(raw.path, reader, read, failed, declared, office)
    if not office:
        found += _missing_sheets(reader, marks, read, failed, declared)
        found += _versions(marks, read)
        found += _head_blanks(reader, marks, read, cover, cover_head, head)
        found += _last_year(reader, marks, read, head)
    found += _personal(raw, reader, {r.sheet.name for r in read})
    if raw.date1904 and not any(f.rule == "WBK-019" for f in raw.findings):
        found.append(Finding("WBK-019"))
    return found


def _unread(
    path: str,
    reader: Reader,
    read: Sequence[SheetRead],
    failed: Sequence[Known],
    declared: Mapping[str, Entry],
    office: bool,
) -> Iterable[Finding]:
    """SHT-002 per sheet that ought to be one of ours; exactly one where the file has none of ours at all.

    Registers have columns in common: which one an unknown table should be only the file's name can tell, not the columns.
    """
    answered = any(e.value is not None for e in declared.values())
    if not read and not (answered and not failed):
        first = failed[0] if failed else None
        named = register_named(path, reader) if office else ""
        yield _unreadable(first, named, office) if first else Finding("SHT-002", form=named or None)
        return
    have = {(r.table.form, r.table.resource) for r in read}
    for known in failed:
        if known.plan.key not in have:
            yield _unreadable(known, "", office)


def register_named(path: str, reader: Reader) -> str:
    """The one register whose name or title the file's name begins with or holds; '' where none or several do."""
    stem = title_key(re.split(r"[/!\\]", path)[-1].rpartition(".")[0])
    named = {p.form for p in reader.office if any(len(n) > LEAST and n in stem for n in p.names)}
    code = {p.form for p in reader.office if re.match(rf"{re.escape(p.form.lower())}(?![a-z0-9])", stem)}
    found = code or named
    return next(iter(found)) if len(found) == 1 else ""


def _unreadable(known: Known, named: str, office: bool) -> Finding:
    """`named`: the register the file's own name tells."""
    if office and known.guessed:
        return Finding("SHT-002", form=named or None, sheet=known.sheet.name, facts={"sheet": known.sheet.name})
    facts = {"sheet": known.sheet.name, "form": known.plan.form}
    return Finding(
        "SHT-002", form=known.plan.form, resource=known.plan.resource.name, sheet=known.sheet.name, facts=facts
    )


def _missing_sheets(
    reader: Reader, marks: Marks, read: Sequence[SheetRead], failed: Sequence[Known], declared: Mapping[str, Entry]
) -> Iterable[Finding]:
    """SHT-001: a form is there but one of its required sheets is not. A form declared empty owes nothing, and of a plain
    table nobody could read that is all there is to say (SHT-002)."""
    none = reader.words["declared"]["none"][0]
    silent = {form for form, e in declared.items() if e.value == none}
    here = {r.table.form for r in read} | ({k.plan.form for k in failed} if marks.agree >= 2 else set())
    if not here and not declared:
        return
    have = {(r.table.form, r.table.resource) for r in read} | {k.plan.key for k in failed}
    for plan in reader.forms:
        if not plan.resource.required or plan.form in silent or plan.key in have:
            continue
        if plan.form in here or (marks.agree >= 2 and plan.form in marks.forms) or plan.form in declared:
            facts = {"sheet": plan.resource.title, "form": plan.form}
            yield Finding("SHT-001", form=plan.form, resource=plan.resource.name, facts=facts, key=plan.resource.title)


def _versions(marks: Marks, read: Sequence[SheetRead]) -> Iterable[Finding]:
    """SHT-006, once per form: a template of another version; only a warning while every required column is there."""
    for form in dict.fromkeys(r.table.form for r in read):
        sheets = [r for r in read if r.table.form == form]
        version, ours = version_for(marks, form), sheets[0].plan.version
        if marks.agree >= 2 and version and version != ours:
            facts = {"val": version, "exp": ours, "sheet": sheets[0].sheet.name}
            severity = "error" if any(r.table.blocked for r in sheets) else "warning"
            yield Finding(
                "SHT-006",
                form=form,
                resource=sheets[0].table.resource,
                sheet=sheets[0].sheet.name,
                value=version,
                facts=facts,
                severity=severity,
            )


def _head_blanks(
    reader: Reader,
    marks: Marks,
    read: Sequence[SheetRead],
    cover: RawSheet | None,
    cover_head: HeadFound,
    head: Mapping[str, Entry],
) -> Iterable[Finding]:
    """SHT-017: required head fields left blank; a plain table that has no head block is asked for its unit alone, and for what
    only our own forms print (the unit's code) nobody else is asked. A form of ours whose cover was taken out is asked for the
    cover, once."""
    ours = cover is not None or marks.agree >= 2
    heads = [cover_head, *(r.head for r in read)]
    if not read and cover is None:
        return
    missing = [n for n in reader.head_required if n not in head]
    if any(r.units for r in read):  # a column names units: whose they are is settled beside the register
        missing = [n for n in missing if n != "unit_name"]
    spots = {n: next((h.empty[n] for h in heads if n in h.empty), None) for n in missing}
    if cover is None and ours and missing and not any(spots.values()):
        yield _blank(reader, missing, read[0].sheet.name, None, "lost")
        return
    for name, spot in spots.items():
        if not (ours or (spot and reader.head.columns[name].kind.required) or name == "unit_name"):
            continue
        owner = next((r for r in read if name in r.head.empty), None) if cover is None else None
        sheet = cover.name if cover is not None else (owner or read[0]).sheet.name
        found = _blank(reader, [name], sheet, spot, "cover" if cover is not None else "above")
        asks = "warning" if reader.head_required[name] else None
        form = read[0].table.form if read and cover is None else None
        yield replace(found, form=form, field=name, severity=asks)


def _blank(reader: Reader, names: Iterable[str], sheet: str, spot: tuple[int, int] | None, place: str) -> Finding:
    """`place`: where the fields are to be written, a key of `names.places` in schemas/words/reading.yaml."""
    title = LISTED.join(reader.head.columns[name].title for name in names)
    facts = {"field": title, "col": title, "val": "", "sheet": sheet, "place": reader.words["names"]["places"][place]}
    row, col = spot or (None, None)
    return Finding("SHT-017", sheet=sheet, row=row, col=col, title=title, facts=facts)


def _last_year(reader: Reader, marks: Marks, read: Sequence[SheetRead], head: Mapping[str, Entry]) -> Iterable[Finding]:
    """WBK-020: the mark, the title or the date of filling says another season.

    A title one year old over a date within this season is a doubt, not an error: the first forms come in before New Year.
    """
    season, start = reader.season, season_start(reader.season)
    entry = head.get("fill_date")
    filled = entry.value if entry and isinstance(entry.value, date) else None
    in_season = filled is not None and start is not None and start <= filled <= date(season.year, 12, 31)
    if marks.agree >= 2:
        if marks.season and marks.season != str(season.year) and not in_season:
            yield _other_season(marks.season, season.year, entry)
        return
    years = _title_years(read, reader)
    if years and max(years) < season.year:
        found = _other_season(str(max(years)), season.year, years[max(years)])
        yield replace(found, severity="warning") if in_season and max(years) == season.year - 1 else found
    elif (
        not years
        and entry
        and filled
        and start
        and filled < start - EARLY
        and not _one_year_slip(filled, start, season.year)
    ):
        yield replace(_other_season(str(filled.year), season.year, entry), field="fill_date")


def _other_season(said: str, year: int, entry: Entry | None) -> Finding:
    facts = {"val": said, "exp": str(year), "col": ""}
    if entry is None:
        return Finding("WBK-020", value=said, facts=facts)
    return Finding("WBK-020", sheet=entry.sheet, row=entry.row, col=entry.col, value=entry.raw, facts=facts)


def _one_year_slip(filled: date, start: date, year: int) -> bool:
    """A date that lies in the season when one year is added is a slip of the pen (CAL-003), not last year's file."""
    later = filled + timedelta(days=365)
    return start <= later <= date(year, 12, 31)


def _title_years(read: Sequence[SheetRead], reader: Reader) -> dict[int, Entry]:
    """Years in the first line and in any line that bears a form's title; other lines may quote older documents."""
    found: dict[int, Entry] = {}
    for r in read:
        for place, title in enumerate(r.titles):
            if place and not any(len(t) > 4 and t in title_key(title.raw) for t in reader.titles):
                continue
            text = _han_year(title.raw, reader.words["title"])
            for year in _YEAR.findall(text):
                if text[text.find(year) + 4 :].lstrip()[:1] in _after_year(reader):
                    found.setdefault(int(year), title)
    return found


def _after_year(reader: Reader) -> tuple[str, ...]:
    return (reader.words["title"]["year"], "-", "~", "\u2014", "\u2013", "/")


def _han_year(text: str, words: Mapping[str, Any]) -> str:
    table = {ord(sign): str(n) for n, sign in enumerate(words["digits"])} | {ord(sign): "0" for sign in words["circle"]}
    return text + " " + text.translate(table) if not _YEAR.search(text) else text


def _personal(raw: RawBook, reader: Reader, tables: set[str]) -> Iterable[Finding]:
    """WBK-016: identity or phone numbers in comments or in hidden sheets that are no sheet of ours."""
    ours = note_of_ours(reader.marks)
    for sheet in raw.sheets:
        if is_helper(sheet, reader.marks):
            continue
        for (row, col), text in sheet.comments.items():
            if PERSONAL.search(str(text)) and not ours.search(str(text)):
                yield Finding("WBK-016", sheet=sheet.name, row=row, col=col, facts={"sheet": sheet.name})
                break
        if sheet.visible != "visible" and sheet.name not in tables:
            spot = _first_personal(sheet)
            if spot:
                yield Finding("WBK-016", sheet=sheet.name, row=spot[0], col=spot[1], facts={"sheet": sheet.name})


def _first_personal(sheet: RawSheet) -> tuple[int, int] | None:
    for i, row in enumerate(sheet.rows):
        for j, value in enumerate(row):
            if isinstance(value, str) and len(value) >= 11 and PERSONAL.search(value):
                return sheet.origin[0] + i, sheet.origin[1] + j
    return None


def preview(raw: RawBook) -> tuple[str, ...]:
    """The first three filled rows of the first visible sheet that has any, for the office's sheet of unclaimed files."""
    for sheet in raw.sheets:
        if sheet.visible != "visible":
            continue
        lines = []
        for row in sheet.rows:
            texts = [shown(v) for v in row if not is_blank(v)]
            if texts:
                lines.append(" ".join(texts)[:200])
            if len(lines) == SHOWN:
                break
        if lines:
            return tuple(lines)
    return ()


def shown(value: object) -> str:
    return (
        str(int(value)) if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 else str(value).strip()
    )


def named_units(read: Sequence[SheetRead], cover: HeadFound, reader: Reader) -> tuple[Entry, ...]:
    """Every place where the file may name a unit: head blocks first, then columns, then titles (state 'title')."""
    heads = (cover, *(r.head for r in read))
    found = [h.entries["unit_name"] for h in heads if "unit_name" in h.entries]
    found += (entry for h in heads for entry in h.units)
    for r in read:
        found += r.units
    for r in read:
        found += r.titles
    return tuple(found)
