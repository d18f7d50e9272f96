"""Open OLE files: in go the bytes of an .xls or .et, out come raw sheets; a short walk over its records guards calamine."""

from __future__ import annotations

from pipeline.reading.container_values import clean, read_values
from pipeline.reading.limits import Limits, damaged, too_big
from pipeline.reading.prescan_biff import SheetScan, walk
from pipeline.reading.prescan_ole import properties
from pipeline.reading.raw import RawBook, RawSheet
from pipeline.reading.sniff_ole import Compound

BLIND = frozenset(("comments", "pictures", "uncached"))


def open_xls(book: RawBook, data: bytes, compound: Compound, limits: Limits) -> None:
    """Fill `book` from a BIFF5 or BIFF8 workbook; Refused for whatever may not be read."""
    name = next(n for n in compound.streams if n.lower() in ("workbook", "book"))
    seen = walk(compound.read(name))
    for sheet in seen.sheets.values():
        if sheet.filled > limits.cells:
            raise too_big("cells", limits.cells)
        if sheet.area > max(limits.dense, 64 * sheet.filled):
            raise too_big("scattered", limits.dense)
    found = read_values(data, limits.sheets)
    sheets = []
    for values in found:
        clean(values, limits)
        if len(values.rows) > limits.rows:
            raise too_big("rows", limits.rows)
        about = seen.sheets.get(values.name, SheetScan())
        if values.is_table and about.filled and not values.filled:
            raise damaged("count")
        sheets.append(
            RawSheet(
                values.name,
                values.visible,
                values.origin,
                values.rows,
                errors={**about.errors, **values.errors},
                formulas=dict.fromkeys(about.formulas, ""),
                merged=values.merged,
                hidden_rows=frozenset(about.hidden_rows),
                hidden_cols=frozenset(about.hidden_cols),
                filtered=about.filtered,
                filled=values.filled,
            )
        )
    book.sheets, book.names, book.date1904 = tuple(sheets), seen.names, seen.date1904
    book.properties, book.modified = properties(compound)
    streams = [s.lower() for s in compound.streams]
    vba = any("_vba_project" in s or s.endswith("/vba/dir") for s in streams)
    book.active = tuple(w for w, yes in (("vba", vba), ("xlm", seen.macro_sheets)) if yes)
    book.outside = ("links",) if seen.links else ()
    book.cannot_see = BLIND
