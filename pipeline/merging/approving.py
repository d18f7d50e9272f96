"""What the office decided and settled findings in; the decided rows that stand, and those an error of theirs holds back, out.

Contract.md 3 "Holds": an error keeps the row it names out of the accepted figures, in the office's own 综合平衡表 too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.book.spec import Book
from pipeline.merging.holding import collect
from pipeline.model import Finding, Office, Place, Row


def standing(office: Office, findings: Sequence[Finding], book: Book) -> Office:
    """Rows held back are set apart: nothing is opened, prefilled or counted as approved by them."""
    held = collect(findings, book)
    rows = {(file, sheet, number) for (file, _), sheet, number in held.rows}
    sheets = {(file, sheet) for (file, _), sheet in held.sheets}
    files = {file for file, _ in held.files}
    decided = [
        *zip(office.approvals, office.approval_sources, strict=True),
        *zip(office.held_approvals, office.held_sources, strict=True),
    ]
    kept: list[tuple[Row, Place]] = []
    left: list[tuple[Row, Place]] = []
    for row, place in decided:
        file, sheet = place.file or "", place.sheet or ""
        waits = file in files or (file, sheet) in sheets or (file, sheet, row.number) in rows
        (left if waits else kept).append((row, place))
    return replace(
        office,
        approvals=tuple(r for r, _ in kept),
        approval_sources=tuple(p for _, p in kept),
        held_approvals=tuple(r for r, _ in left),
        held_sources=tuple(p for _, p in left),
    )
