"""Current sheets in; out comes the world a rule looks at: rows with the other sheet of the same person beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import zip_longest
from typing import Any, TypeVar

from pipeline.book.households import pair_rows
from pipeline.book.spec import Book, Form, Resource
from pipeline.cells.ids import id_key
from pipeline.cells.text import name_key
from pipeline.model import EMPTY, Document, Filed, Office, Past, Place, Row, Season, Sheet, Table, address
from pipeline.model.linked import NOBODY, Links

T = TypeVar("T")
UNREAD = "CEL-028"  # named where a reader left a cell unknown without saying why
NAME_FROM = "name_from"  # x-computed of a name repeated by formula from the form's main sheet


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """One data row as a rule sees it. `partner`: the row of the same person on the form's companion sheet."""

    sheet: Sheet
    row: Row
    partner: Subject | None = None

    def __repr__(self) -> str:
        return "<row>"  # pandera prints failure cases: no person in its messages

    def owner(self, name: str) -> Subject | None:
        """The row that carries a field: this one, else the companion."""
        if name in self.sheet.table.columns:
            return self
        return self.partner.owner(name) if self.partner is not None else None

    def get(self, name: str) -> Any:
        value = self.row.values.get(name)
        if value is not None or self.partner is None or name in self.sheet.table.columns:
            return value
        return self.partner.get(name)

    def raw(self, name: str) -> str:
        owner = self.owner(name)
        return owner.row.raw.get(name, "") if owner else ""

    def unknown(self, name: str) -> bool:
        owner = self.owner(name)
        return bool(owner and name in owner.row.unknown)

    def title(self, name: str, book: Book) -> str:
        owner = self.owner(name) or self
        return owner.sheet.table.titles.get(name) or title_of(owner.sheet, name, book)

    def place(self, name: str | None = None) -> Place:
        at = self.sheet.table.at(self.row, name) if name else None
        return Place(
            self.sheet.unit, self.sheet.file, self.sheet.table.sheet, address(*at) if at else f"A{self.row.number}"
        )


def title_of(sheet: Sheet, name: str, book: Book) -> str:
    """The header of a field as the file writes it, else as the form does."""
    resource = book.resource(sheet.table.form, sheet.table.resource)
    found = resource.field(name) if resource else None
    return sheet.table.titles.get(name) or (found.title if found else "")


def companion(form: Form | None) -> Resource | None:
    """The sheet that continues the main sheet row by row (家庭经济): its name column is a formula over the main sheet."""
    if form is None:
        return None
    return next((r for r in form.resources[1:] if r.on and any(f.computed == NAME_FROM for f in r.fields)), None)


def person_key(s: Subject) -> str | None:
    number = s.row.values.get("id_number")
    return id_key(number) if isinstance(number, str) else None


@dataclass(frozen=True)
class World:
    """Everything a rule of unit or district scope may look at. Lists keep the order in which sheets arrived."""

    sheets: tuple[Sheet, ...]
    filed: tuple[Filed, ...]
    office: Office
    book: Book
    season: Season
    as_of: date
    past: Past
    culprits: Mapping[tuple[str, str, int, str], str] = field(
        default=EMPTY, repr=False
    )  # (file, sheet, row, field) -> rule
    links: Links = field(default=NOBODY, repr=False)  # who is who, as matching says

    def approved(self) -> Iterable[Row]:
        """Decided rows no error was noticed on; `faulty` is known once the rows have been judged."""
        faulty = self.once("faulty", frozenset[tuple[str | None, str | None, int | None]])
        for row, place in zip_longest(self.office.approvals, self.office.approval_sources, fillvalue=Place()):
            if (
                isinstance(row, Row)
                and isinstance(place, Place)
                and (place.file, place.sheet, row.number) not in faulty
            ):
                yield row

    @property
    def judged(self) -> tuple[Sheet, ...]:
        """The schools' current sheets, then the office's 综合平衡表: rows the working group decided."""
        return (*self.sheets, *(self.office.approval_sheets or self._decided))

    @cached_property
    def _decided(self) -> tuple[Sheet, ...]:
        """The decided rows where the office hands over rows and their places only: their columns are not known."""
        groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row, place in zip(self.office.approvals, self.office.approval_sources, strict=False):
            groups[place.file or "", place.sheet or ""].append(row)
        register = next((r for r in self.book.registers.values() if r.head), None)
        if register is None:
            return ()
        made = []
        for (file, name), rows in groups.items():
            columns = {f.name: 0 for f in register.resource.active}
            table = Table(register.name, register.resource.name, name, (0, 0), columns, {}, tuple(rows))
            made.append(Sheet(table, "", file, "", self.as_of, Document(file, "", 0, "", "readable")))
        return tuple(made)

    @cached_property
    def by_resource(self) -> Mapping[tuple[str, str], tuple[Sheet, ...]]:
        groups: dict[tuple[str, str], list[Sheet]] = defaultdict(list)
        for sheet in self.judged:
            groups[sheet.table.form, sheet.table.resource].append(sheet)
        return {k: tuple(v) for k, v in groups.items()}

    @cached_property
    def beside(self) -> Mapping[tuple[str, str, str], Sheet]:
        """(file, form, resource) -> the first such sheet of that file."""
        found: dict[tuple[str, str, str], Sheet] = {}
        for sheet in self.judged:
            found.setdefault((sheet.file, sheet.table.form, sheet.table.resource), sheet)
        return found

    @cached_property
    def units(self) -> tuple[str, ...]:
        """Units in R1 order, then those that sent something without standing in R1."""
        known = [u.code for u in self.office.units]
        others = sorted({f.unit for f in self.filed if f.unit} - set(known))
        return (*known, *others)

    @cached_property
    def _subjects(self) -> Mapping[tuple[str, str], tuple[Subject, ...]]:
        return {
            key: tuple(s for sheet in sheets for s in self._of_sheet(sheet)) for key, sheets in self.by_resource.items()
        }

    @cached_property
    def filed_of(self) -> Mapping[str, tuple[Filed, ...]]:
        """Deliveries by unit, in order of arrival."""
        groups: dict[str, list[Filed]] = defaultdict(list)
        for filed in self.filed:
            groups[filed.unit or ""].append(filed)
        return {unit: tuple(files) for unit, files in groups.items()}

    @cached_property
    def _subjects_of(self) -> Mapping[tuple[str, str, str], tuple[Subject, ...]]:
        groups: dict[tuple[str, str, str], list[Subject]] = defaultdict(list)
        for (form, resource), subjects in self._subjects.items():
            for subject in subjects:
                groups[form, resource, subject.sheet.unit].append(subject)
        return {key: tuple(found) for key, found in groups.items()}

    @cached_property
    def _known(self) -> dict[str, Any]:
        return {}

    def once(self, name: str, make: Callable[[], T]) -> T:
        """What a rule asks about the whole district for every unit, worked out the first time."""
        if name not in self._known:
            self._known[name] = make()
        found: T = self._known[name]
        return found

    def noticed(self, rule: str) -> frozenset[tuple[str, str]]:
        """(file, sheet) of the current sheets of which the reader said this rule; sheet '' = of the whole file."""

        def look() -> frozenset[tuple[str, str]]:
            said = ((s.file, f) for s in self.sheets for f in s.document.findings if f.rule == rule)
            return frozenset((file, "" if f.holds == "file" else f.sheet) for file, f in said if f.sheet)

        return self.once(f"noticed {rule}", look)

    def tables(self, form: str, resource: str, unit: str | None = None) -> tuple[Sheet, ...]:
        """Current sheets of one kind, of one unit or of all."""
        found = self.by_resource.get((form, resource), ())
        return found if unit is None else tuple(s for s in found if s.unit == unit)

    def subjects(self, form: str, resource: str, unit: str | None = None) -> tuple[Subject, ...]:
        """Data rows of those sheets, each with its companion row."""
        return (
            self._subjects.get((form, resource), ())
            if unit is None
            else self._subjects_of.get((form, resource, unit), ())
        )

    def files(self, unit: str) -> tuple[Filed, ...]:
        """The current deliveries of a unit."""
        return tuple(f for f in self.filed_of.get(unit, ()) if f.current)

    def mistaken(self, subject: Subject, beside: Sheet) -> tuple[Row, bool] | None:
        """What stands on the companion sheet for a person who could not be paired: (row, it bears the same name).
        None where there is nothing: the line is blank or was never begun."""
        wanted = name_key(str(subject.get("name") or ""))
        same = [r for r in beside.table.rows if wanted and name_key(str(r.get("name") or "")) == wanted]
        if same:
            return same[-1], True
        number = beside.table.header[1] + subject.row.number - subject.sheet.table.header[1]
        there = next((r for r in beside.table.rows if r.number == number and r.get("name")), None)
        return (there, False) if there is not None else None

    def culprit(self, subject: Subject, name: str) -> str:
        """The rule whose finding made this cell unknown."""
        owner = subject.owner(name) or subject
        return self.culprits.get((owner.sheet.file, owner.sheet.table.sheet, owner.row.number, name), UNREAD)

    def _of_sheet(self, sheet: Sheet) -> Iterable[Subject]:
        form = self.book.forms.get(sheet.form)
        other = companion(form)
        if form is None or other is None or sheet.table.resource != form.main.name:
            return (Subject(sheet, row) for row in sheet.table.rows)
        beside = self.beside.get((sheet.file, sheet.form, other.name))
        if beside is None:
            return (Subject(sheet, row) for row in sheet.table.rows)
        pairs = pair_rows(sheet.table.rows, beside.table.rows)
        return (
            Subject(sheet, row, Subject(beside, pairs[row.number]) if row.number in pairs else None)
            for row in sheet.table.rows
        )


def culprits(documents: Iterable[tuple[str, Any]], errors: Collection[str]) -> dict[tuple[str, str, int, str], str]:
    """(file, sheet, row, field) -> the rule whose finding made the cell unknown: errors noticed while reading."""
    found: dict[tuple[str, str, int, str], str] = {}
    for file, document in documents:
        for f in document.findings:
            if f.rule in errors and f.row and f.field and f.sheet:
                found.setdefault((file, f.sheet, f.row, f.field), f.rule)
    return found
