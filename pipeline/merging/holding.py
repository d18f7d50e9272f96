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


Delivery = tuple[
    str, str
]  # path and sha256: what is wrong with a newer file of the same name holds nothing of the older


def deliveries(file: str, sha256: str) -> tuple[Delivery, Delivery]:
    """How findings may name a delivery: by its bytes, or (where nothing tells versions apart) by its path alone."""
    return (file, sha256), (file, "")


@dataclass(slots=True)
class Held:
    """What is held: `files` by delivery; `sheets` by (delivery, sheet); `parts` by (delivery, form, resource), for a
    finding that has no sheet to point at (a missing sheet); `rows` by (delivery, sheet, row). Values are finding ids."""

    files: dict[Delivery, list[str]] = field(default_factory=dict)
    sheets: dict[tuple[Delivery, str], list[str]] = field(default_factory=dict)
    parts: dict[tuple[Delivery, str | None, str | None], list[str]] = field(default_factory=dict)
    rows: dict[tuple[Delivery, str, int], list[str]] = field(default_factory=dict)

    def by(self, sheet: Sheet, row: int) -> tuple[str, ...]:
        """Ids of the findings that hold this row back; empty = accepted."""
        ids = [*self.file_by(sheet.file, sheet.sha256), *self.sheet_by(sheet)]
        for delivery in deliveries(sheet.file, sheet.sha256):
            ids += self.rows.get((delivery, sheet.table.sheet, row), ())
        return tuple(dict.fromkeys(ids))

    def file_by(self, file: str, sha256: str) -> list[str]:
        """Ids of the findings that hold the whole file back."""
        return [i for delivery in deliveries(file, sha256) for i in self.files.get(delivery, ())]

    def sheet_by(self, sheet: Sheet) -> list[str]:
        """Ids of the findings that hold the whole sheet (not the file) back."""
        table = sheet.table
        found: list[str] = []
        for delivery in deliveries(sheet.file, sheet.sha256):
            found += self.sheets.get((delivery, table.sheet), ())
            for form, resource in ((table.form, table.resource), (table.form, None), (None, None)):
                found += self.parts.get((delivery, form, resource), ())
        return found

    def part_by(self, file: str, sha256: str, form: str, resource: str | None) -> list[str]:
        """Ids of the findings that hold a sheet of the form that is not there."""
        return [i for d in deliveries(file, sha256) for i in self.parts.get((d, form, resource), ())]


def collect(findings: Sequence[Finding], book: Book) -> Held:
    """Every open error with a file, sorted by what it holds. Findings without a file hold nothing here."""
    held = Held()
    for finding in findings:
        holds = holds_of(finding, book)
        if holds == "none" or not finding.file:
            continue
        name, delivery = finding.id or finding.rule, (finding.file, finding.sha256 or "")
        if holds == "file":
            held.files.setdefault(delivery, []).append(name)
        elif holds == "sheet" and finding.sheet:
            held.sheets.setdefault((delivery, finding.sheet), []).append(name)
        elif holds == "sheet":
            held.parts.setdefault((delivery, finding.form, finding.resource), []).append(name)
        else:
            for number in rows_of(finding):
                held.rows.setdefault((delivery, finding.sheet or "", number), []).append(name)
    return held
