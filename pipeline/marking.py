"""Files and what to say of them in, marked copies out: what a worker does; it loads nothing but the readers and the markers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipeline.model import EMPTY
from pipeline.reading.container import open_book
from pipeline.reading.limits import Limits
from pipeline.writing.marked import CannotMark, Remark, Return, mark
from pipeline.writing.rebuilt import Plain, rebuild


def mark_batch(files: Sequence[tuple[str, bytes, Return]]) -> list[bytes]:
    """(path, bytes, order) -> marked bytes, in order. A package that cannot be patched is rebuilt from its values."""
    return [_one(path, data, order) for path, data, order in files]


def _one(path: str, data: bytes, order: Return) -> bytes:
    try:
        return mark(data, order)
    except CannotMark:
        return mark(*_rebuilt(path, data, order))


def _rebuilt(path: str, data: bytes, order: Return) -> tuple[bytes, Return]:
    book = next(b for b in open_book(path, data, Limits()) if b.path == path)
    heads = {s.sheet: s.header_row for s in order.spots}
    plain = [
        Plain(
            s.name,
            s.origin,
            s.rows,
            s.errors,
            s.visible != "visible",
            {at: f for at, f in order.sums.get(s.name, EMPTY).items() if at in s.formulas},
            heads.get(s.name, 0),
        )
        for s in book.sheets
    ]
    made, names = rebuild(plain, book.properties)
    remarks = tuple(_renamed(r, names) for r in order.remarks)
    spots = tuple(replace(s, sheet=names.get(s.sheet, s.sheet)) for s in order.spots)
    return made, Return(
        remarks, spots, order.unit, order.round, {**order.words, "how": order.words["rebuilt"] + order.words["how"]}
    )


def _renamed(r: Remark, names: Mapping[str, str]) -> Remark:
    return replace(r, sheet=names.get(r.sheet, r.sheet) if r.sheet else None)
