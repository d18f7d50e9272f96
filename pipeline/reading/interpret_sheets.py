"""The sheets of one workbook in; which sheet of which form each of them is, and which ought to be one but cannot be read, out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.model import Marks
from pipeline.reading.headers import ENOUGH, Header, Scanned, find_header, scan
from pipeline.reading.interpret_items import find_items
from pipeline.reading.interpret_plan import Plan, Reader, sheet_key
from pipeline.reading.marks import Ours, is_helper
from pipeline.reading.raw import RawSheet
from pipeline.reading.rows import is_blank
from pipeline.reading.titles import title_key

FEW = 3  # a sheet without our name must show at least so many of our columns …
PART = 0.4  # … and they must be this share of its own columns
HALF = 0.5
LOWER = 300  # rows with texts in which a second table is looked for
NEAR = 0.4  # required columns found from which a sheet is a form of ours that went wrong, not somebody else's table


@dataclass(frozen=True, slots=True)
class Known:
    """A sheet of ours: `header` None = it ought to be one (by name or title) but no header of it was found (SHT-002)."""

    sheet: RawSheet
    plan: Plan
    header: Header | None
    share: float = 0.0
    whole: RawSheet | None = None  # the sheet as it is, where this is one of several tables standing on it
    guessed: bool = False  # neither name nor title says so, only some of its columns


def recognise(
    sheets: Sequence[RawSheet], plans: Sequence[Plan], reader: Reader, marks: Marks, mine: Ours
) -> tuple[list[Known], list[Known]]:
    """(recognised, those that ought to be). Order: our sheet name, then the best header (contract.md 3)."""
    found, failed = [], []
    for sheet in sheets:
        if is_helper(sheet, reader.marks) or sheet.name in mine.sheets or not has_content(sheet):
            continue
        known = _one(sheet, _first_ours(plans, marks), reader, mine.columns.get(sheet.name, frozenset()))
        if known is None:
            continue
        if known.header is None:
            failed.append(known)
        else:
            found.append(known)
    seen = {k.plan.key for k in found if k.sheet.visible == "visible"}
    found = [k for k in found if k.sheet.visible == "visible" or k.plan.key not in seen]
    have = {k.plan.key for k in (*found, *failed)}
    return [part for k in found for part in _stacked(k, plans, reader, have)], failed


def _stacked(known: Known, plans: Sequence[Plan], reader: Reader, have: set[tuple[str, str]]) -> list[Known]:
    """A required sheet of the form that stands as a second table below the first one on the same sheet."""
    sheet, header = known.sheet, known.header
    missing = [
        p
        for p in plans
        if p.form == known.plan.form and p.resource.required and p.key not in have and p.resource.layout == "rows"
    ]
    if not missing or header is None or known.plan.resource.layout != "rows":
        return [known]
    below = _part(sheet, header.rows[1] + 1, None)
    titled = any(sum(1 for v in row if type(v) is str and v in reader.vocabulary) > 1 for row in below.rows)
    if not titled:  # a cheap look before the careful one: two titles of ours, spelled as we do, in one row
        return [known]
    scanned = scan(below, reader.header, reader.vocabulary, LOWER)
    tried = [
        k
        for k in (_try(below, p, reader, scanned, frozenset()) for p in missing)
        if k.header and k.share >= ENOUGH and _plausible(k)
    ]
    if not tried:
        return [known]
    second = max(tried, key=_score)
    assert second.header is not None
    cut = second.header.rows[0]
    have.add(second.plan.key)
    first = replace(known, sheet=_part(sheet, sheet.origin[0], cut), whole=sheet)
    return [first, *_stacked(replace(second, sheet=_part(sheet, cut, None), whole=sheet), plans, reader, have)]


def _part(sheet: RawSheet, first: int, end: int | None) -> RawSheet:
    """The rows from one Excel row up to (not with) another, at their own addresses."""
    top, left = sheet.origin
    return replace(sheet, origin=(first, left), rows=sheet.rows[first - top : None if end is None else end - top])


def has_content(sheet: RawSheet) -> bool:
    return any(not is_blank(v) for row in sheet.rows for v in row)


def _first_ours(plans: Sequence[Plan], marks: Marks) -> Sequence[Plan]:
    """Forms the identity marks name come first; ties are then theirs."""
    return sorted(plans, key=lambda p: p.form not in marks.forms) if marks.forms else plans


def _one(sheet: RawSheet, plans: Sequence[Plan], reader: Reader, skip: frozenset[int]) -> Known | None:
    name = sheet_key(sheet.name)
    scanned = scan(sheet, reader.header, reader.vocabulary)
    named = [p for p in plans if name in p.names]
    good = [
        k for k in (_try(sheet, p, reader, scanned, skip) for p in named) if k.header and k.share >= _needed(k.plan)
    ]
    if good:
        return max(good, key=_score)
    if sheet.visible != "visible" and not named:
        return None
    tried = [_try(sheet, p, reader, scanned, skip) for p in plans if p not in named]
    good = [k for k in tried if k.header and k.share >= ENOUGH and _plausible(k)]
    titled = _titled(scanned, reader)
    if good:
        return max(good, key=lambda k: (k.plan.form == titled and k.plan.main, *_score(k)))
    if named:
        return Known(sheet, named[0], None)
    if titled and not plans[0].register:
        main = next((p for p in plans if p.form == titled and p.main), None)
        return Known(sheet, main, None) if main else None
    near = [k for k in tried if k.header and k.share >= NEAR and _plausible(k) and len(k.header.columns) > FEW]
    return Known(sheet, max(near, key=_score).plan, None, guessed=True) if near else None


def _needed(plan: Plan) -> float:
    """A register's own sheet name is recognition enough (contract.md 3): its missing columns are then named one by one."""
    if not plan.want.required:
        return 0.0
    return HALF if plan.register else ENOUGH


def _try(sheet: RawSheet, plan: Plan, reader: Reader, scanned: Scanned, skip: frozenset[int]) -> Known:
    if plan.resource.layout == "items":
        header = find_items(sheet, plan, reader.header)
    else:
        header = find_header(sheet, plan.want, reader.header, scanned, skip)
    return Known(sheet, plan, header, header.share if header else 0.0)


def _score(known: Known) -> tuple[int, float, int]:
    return known.header.score if known.header else (0, 0.0, 0)


def _plausible(known: Known) -> bool:
    header = known.header
    return header is not None and len(header.columns) >= FEW and len(header.columns) >= PART * len(header.every)


def _titled(scanned: Scanned, reader: Reader) -> str:
    """The form whose title stands in one of the first lines."""
    for _, texts in scanned[:5]:
        for _, text in texts.values():
            form = reader.titles.get(sheet_key(text))
            if form:
                return form
            key = title_key(text)
            form = next((f for t, f in reader.titles.items() if len(t) > 4 and t in key), "")
            if form and len(texts) <= 2:
                return form
    return ""
