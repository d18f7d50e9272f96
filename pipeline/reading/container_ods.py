"""Open .ods: in go the zip's bytes and entries, out come raw sheets; calamine reads, the pre-scan guards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pipeline.reading.container_values import Values, clean, read_values
from pipeline.reading.limits import Limits, Refused, damaged, too_big
from pipeline.reading.prescan_ods import OdsScan, saved, scan_ods, user_properties
from pipeline.reading.prescan_plain import utf8
from pipeline.reading.raw import RawBook, RawSheet
from pipeline.reading.zips import Entry, unpack

BLIND = frozenset(("pictures",))


def open_ods(book: RawBook, data: bytes, entries: Sequence[Entry], limits: Limits) -> None:
    """Fill `book` from an OpenDocument spreadsheet; Refused for whatever may not be read."""
    parts = unpack(data, entries, limits)
    if b"encryption-data" in utf8(parts.get("META-INF/manifest.xml", b"")):
        raise Refused("WBK-003", "encrypted")
    if "content.xml" not in parts:
        raise damaged("workbook")
    seen = scan_ods(utf8(parts["content.xml"]), limits)
    for sheet in seen.sheets:
        if sheet.area > max(limits.dense, 8 * sheet.filled):
            raise too_big("scattered", limits.dense)
        if sheet.last[0] - sheet.first[0] > limits.dense:
            raise too_big("rows", limits.rows)
    found = read_values(data, limits.sheets)
    if [v.name for v in found] != [s.name for s in seen.sheets]:
        raise damaged("sheets")
    sheets = []
    for values, about in zip(found, seen.sheets, strict=True):
        clean(values, limits)
        if len(values.rows) > limits.rows and values.filled > limits.rows:
            raise too_big("rows", limits.rows)
        if about.filled and not values.filled and len(about.errors) < about.filled:
            raise damaged("count")
        hidden = "hidden" if about.style in seen.hidden_styles else values.visible
        sheets.append(_sheet(values, hidden, about))
        sheets[-1].errors.update(values.errors)
    book.sheets, book.names = tuple(sheets), seen.names
    meta = utf8(parts.get("meta.xml", b""))
    book.properties, book.modified = user_properties(meta), _moment(saved(meta))
    names = [n.lower() for n in parts]
    book.active = tuple(
        w
        for w, sign in (("vba", "basic/"), ("ole", "object "))
        if any(n.startswith(sign) and not n.endswith("-lc.xml") for n in names)
    )
    book.cannot_see = BLIND


def _sheet(values: Values, visible: str, about: OdsScan) -> RawSheet:
    origin, rows, filled = values.origin, values.rows, values.filled
    for row, col in about.errors:  # calamine hands an error's text on as if it had been typed
        i, j = row - origin[0], col - origin[1]
        if 0 <= i < len(rows) and 0 <= j < len(rows[i]):
            rows[i][j] = ""
    return RawSheet(
        values.name, visible, origin, rows, errors=dict(about.errors), formulas=about.formulas, uncached=frozenset(about.uncached),
        merged=tuple(about.merged), hidden_rows=frozenset(about.hidden_rows), hidden_cols=frozenset(about.hidden_cols),
        filtered=about.filtered, comments=about.comments, filled=filled,
    )  # fmt: skip


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text[:19]) if text else None
    except ValueError:
        return None
