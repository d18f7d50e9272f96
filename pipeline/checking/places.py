"""What a rule noticed in; a Finding at its physical cell, as Excel shows it, out."""

from __future__ import annotations

from pipeline.book.spec import Rule
from pipeline.checking.registry import Hit
from pipeline.checking.subjects import Subject, World, title_of
from pipeline.model import Entry, Finding, Row, Sheet


def finding_of(
    rule: Rule,
    hit: Hit,
    world: World,
    subject: Subject | None = None,
    *,
    sheet: Sheet | None = None,
    unit: str | None = None,
) -> Finding:
    """The hit's own place first, then the row, sheet or unit the rule was called with."""
    if subject is not None and hit.sheet is None:
        owner = (subject.owner(hit.field) if hit.field else None) or subject
        return _at(rule, hit, world, owner.sheet, hit.row or owner.row)
    where = hit.sheet or sheet
    if where is not None:
        return _at(rule, hit, world, where, hit.row)
    return Finding(
        rule.id, unit=hit.unit or unit, form=hit.form, field=hit.field, value=hit.value or "", new_value=hit.new_value,
        facts=hit.facts, related=hit.related, rows=hit.rows, key=hit.key, severity=hit.severity, cure=hit.cure, holds=hit.holds,
    )  # fmt: skip


def _at(rule: Rule, hit: Hit, world: World, sheet: Sheet, row: Row | None) -> Finding:
    table = sheet.table
    if hit.entry is not None:
        return _on_head(rule, hit, hit.entry, world, sheet)
    at = hit.cell or (table.at(row, hit.field) if row and hit.field else None)
    value = hit.value if hit.value is not None else (row.raw.get(hit.field, "") if row and hit.field else "")
    return Finding(
        rule.id,
        unit=hit.unit or sheet.unit or (row and row.get("unit_code")) or None,
        form=hit.form or table.form,
        resource=table.resource,
        file=sheet.file,
        sha256=sheet.sha256,
        sheet=table.sheet,
        row=at[0] if at else (row.number if row else None),
        col=at[1] if at else None,
        field=hit.field,
        title=title_of(sheet, hit.field, world.book) if hit.field else None,
        value=value,
        new_value=hit.new_value,
        facts=hit.facts,
        related=hit.related,
        rows=hit.rows,
        key=hit.key,
        severity=hit.severity,
        cure=hit.cure or ("D" if table.form in world.book.registers else None),  # its own sheet the office mends itself
        holds=hit.holds,
    )


def _on_head(rule: Rule, hit: Hit, entry: Entry, world: World, sheet: Sheet) -> Finding:
    """A cell of the cover or of the lines above a table."""
    title = next((f.title for f in world.book.head if f.name == hit.field), None)
    return Finding(
        rule.id, unit=sheet.unit or None, form=hit.form, file=sheet.file, sha256=sheet.sha256, sheet=entry.sheet, row=entry.row, col=entry.col,
        field=hit.field, title=title, value=entry.raw, facts=hit.facts, related=hit.related, key=hit.key, severity=hit.severity, cure=hit.cure,
        holds=hit.holds,
    )  # fmt: skip
