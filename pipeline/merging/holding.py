"""Settled findings in; which rows, sheets and files stay out of the accepted figures, and why, out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.book.spec import Book
from pipeline.model import Finding, Sheet

CLOSED = frozenset({"waived", "explained", "fixed"})


def severity_of(finding: Finding, book: Book) -> str:
    """error | warning | info: the finding's own override, else its rule's."""
    if finding.severity:
        return finding.severity
    rule = book.rules.get(finding.rule)
    return rule.severity if rule else "error"


def cure_of(finding: Finding, book: Book) -> str:
    """A repaired | R school | D office: the finding's own override, else its rule's."""
    if finding.cure:
        return finding.cure
    rule = book.rules.get(finding.rule)
    return rule.cure if rule else "R"


def is_open(finding: Finding) -> bool:
    """New, persisting or reopened; a finding settle has not seen counts as open."""
    return finding.status not in CLOSED


def holds_of(finding: Finding, book: Book) -> str:
    """row | sheet | file | none (contract.md 3): closed findings, warnings and advisory rules hold nothing."""
    if not is_open(finding) or severity_of(finding, book) != "error":
        return "none"
    rule = book.rules.get(finding.rule)
    if rule and rule.stage == "advisory":
        return "none"
    return finding.holds or (rule.holds if rule else "row")


def rows_of(finding: Finding) -> tuple[int, ...]:
    """Every row the finding names."""
    return finding.rows or ((finding.row,) if finding.row else ())


@dataclass(slots=True)
class Held:
    """What is held: `files` by path; `sheets` by (file, sheet); `parts` by (file, form, resource), for a finding
    that has no sheet to point at (a missing sheet); `rows` by (file, sheet, row). Values are the finding ids."""

    files: dict[str, list[str]] = field(default_factory=dict)
    sheets: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    parts: dict[tuple[str, str | None, str | None], list[str]] = field(default_factory=dict)
    rows: dict[tuple[str, str, int], list[str]] = field(default_factory=dict)

    def by(self, sheet: Sheet, row: int) -> tuple[str, ...]:
        """Ids of the findings that hold this row back; empty = accepted."""
        ids = [*self.files.get(sheet.file, ()), *self.sheet_by(sheet)]
        ids += self.rows.get((sheet.file, sheet.table.sheet, row), ())
        return tuple(dict.fromkeys(ids))

    def sheet_by(self, sheet: Sheet) -> list[str]:
        """Ids of the findings that hold the whole sheet (not the file) back."""
        table = sheet.table
        found = list(self.sheets.get((sheet.file, table.sheet), ()))
        for part in (
            (sheet.file, table.form, table.resource),
            (sheet.file, table.form, None),
            (sheet.file, None, None),
        ):
            found += self.parts.get(part, ())
        return found


def collect(findings: Sequence[Finding], book: Book) -> Held:
    """Every open error with a file, sorted by what it holds. Findings without a file hold nothing here."""
    held = Held()
    for finding in findings:
        holds = holds_of(finding, book)
        if holds == "none" or not finding.file:
            continue
        name = finding.id or finding.rule
        if holds == "file":
            held.files.setdefault(finding.file, []).append(name)
        elif holds == "sheet" and finding.sheet:
            held.sheets.setdefault((finding.file, finding.sheet), []).append(name)
        elif holds == "sheet":
            held.parts.setdefault((finding.file, finding.form, finding.resource), []).append(name)
        else:
            _hold_rows(held, finding, name)
    return held


def _hold_rows(held: Held, finding: Finding, name: str) -> None:
    """The rows it names, and those of the same rule's partners in other files (same person in two units)."""
    for number in rows_of(finding):
        held.rows.setdefault((finding.file or "", finding.sheet or "", number), []).append(name)
