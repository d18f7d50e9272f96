"""The sheets of one workbook in; which sheet of which form each of them is, and which ought to be one but cannot be read, out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.model import Marks
from pipeline.reading.headers import ENOUGH, Header, Scanned, find_header, scan, title_key
from pipeline.reading.interpret_items import find_items
from pipeline.reading.interpret_plan import Plan, Reader, sheet_key
from pipeline.reading.marks import Ours, is_helper
from pipeline.reading.raw import RawSheet
from pipeline.reading.rows import is_blank

FEW = 3  # a sheet without our name must show at least so many of our columns …
PART = 0.4  # … and they must be this share of its own columns
NEAR = 0.4  # required columns found from which a sheet is a form of ours that went wrong, not somebody else's table


@dataclass(frozen=True, slots=True)
class Known:
    """A sheet of ours: `header` None = it ought to be one (by name or title) but no header of it was found (SHT-002)."""

    sheet: RawSheet
    plan: Plan
    header: Header | None
    share: float = 0.0


def recognise(sheets: Sequence[RawSheet], plans: Sequence[Plan], reader: Reader, marks: Marks, mine: Ours) -> tuple[list[Known], list[Known]]:
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
    return found, failed


def has_content(sheet: RawSheet) -> bool:
    return any(not is_blank(v) for row in sheet.rows for v in row)


def _first_ours(plans: Sequence[Plan], marks: Marks) -> Sequence[Plan]:
    """Forms the identity marks name come first; ties are then theirs."""
    return sorted(plans, key=lambda p: p.form not in marks.forms) if marks.forms else plans


def _one(sheet: RawSheet, plans: Sequence[Plan], reader: Reader, skip: frozenset[int]) -> Known | None:
    name = sheet_key(sheet.name)
    scanned = scan(sheet, reader.header, reader.vocabulary)
    named = [p for p in plans if name in p.names]
    good = [k for k in (_try(sheet, p, reader, scanned, skip) for p in named) if k.header and k.share >= ENOUGH]
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
    return Known(sheet, max(near, key=_score).plan, None) if near else None


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
