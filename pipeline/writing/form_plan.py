"""Forms and what is to be filled in go in; the plan of every data sheet comes out: rows, columns, values, references."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipeline.book.spec import Field, Form, Resource
from pipeline.model import EMPTY, column_letters
from pipeline.writing.fill import Fill, item_row
from pipeline.writing.form_styles import text_width

TITLE, HEAD, STATE, GROUP, HEADER, FIRST = 1, 2, 3, 4, 5, 6  # Excel rows of every data sheet


@dataclass(frozen=True, slots=True)
class Plan:
    """One data sheet before it is written. `cells`: the values of each row, presets included, computed ones left out."""

    form: Form
    resource: Resource
    sheet: str
    fields: tuple[Field, ...]
    columns: Mapping[str, int]
    cells: tuple[Mapping[str, object], ...]
    given: int  # so many first rows came filled
    twin: str = ""  # the sheet whose rows this one follows line by line (names by formula)

    @property
    def key(self) -> tuple[str, str]:
        return self.form.name, self.resource.name

    @property
    def last(self) -> int:
        return FIRST + len(self.cells) - 1

    @property
    def width(self) -> int:
        return len(self.fields)

    @property
    def printed(self) -> int:
        """Columns on paper: the advice is for the screen, and stands last."""
        return self.width - (self.fields[-1].computed == "tip")

    @property
    def grouped(self) -> bool:
        return any(f.group for f in self.fields)

    def column(self, name: str) -> str:
        return column_letters(self.columns[name])

    def cell(self, name: str, row: int, sheet: bool = False) -> str:
        """B6, or 'sheet'!B6 for use on another sheet."""
        return f"{quoted(self.sheet) if sheet else ''}{self.column(name)}{row}"

    def span(self, name: str, sheet: bool = False) -> str:
        """B$6:B$25 of a column, absolute rows."""
        col = self.column(name)
        return f"{quoted(self.sheet) if sheet else ''}{col}${FIRST}:{col}${self.last}"

    def computed(self, kind: str) -> Field | None:
        return next((f for f in self.fields if f.computed == kind), None)

    @property
    def anchor(self) -> Field:
        """The column that tells whether a row is used: the person, the date, the code."""
        named = self.computed("name_from")
        return named or next((f for f in self.fields if not f.computed), self.fields[0])


def quoted(sheet: str) -> str:
    """A sheet name ready to stand before a cell reference."""
    return "'" + sheet.replace("'", "''") + "'!"


def blank(value: object) -> bool:
    return value is None or value == ""


def number(value: object) -> Decimal | None:
    """What Excel's ISNUMBER would call a number, exactly as its text says."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    return value if isinstance(value, Decimal) else Decimal(repr(value))


def input_fields(plan: Plan) -> list[Field]:
    """Columns whose filling makes a row data: neither computed nor preset nor (outside prefilled sheets) known before."""
    rows = bool(plan.resource.prefilled)
    return [f for f in plan.fields if not f.computed and not f.preset and (rows or not f.prefill)]


def is_data(plan: Plan, values: Mapping[str, object]) -> bool:
    named = plan.computed("name_from")
    if named and not blank(values.get(named.name)):
        return True
    return any(not blank(values.get(f.name)) for f in input_fields(plan))


def plan_forms(
    forms: Sequence[Form], fill: Fill, constants: Mapping[str, object] = EMPTY
) -> dict[tuple[str, str], Plan]:
    """One plan per active sheet that is laid out in rows, in form order. `constants`: x-prefill source -> its one value."""
    titles = [r.title for _, r in sheets(forms)]
    plans: dict[tuple[str, str], Plan] = {}
    for form, resource in sheets(forms):
        if resource.layout != "rows":
            continue
        sheet = resource.title if titles.count(resource.title) == 1 else f"{form.name}{resource.title}"
        twin = (
            plans.get((form.name, form.main.name)) if any(f.computed == "name_from" for f in resource.active) else None
        )
        rows = fill.rows.get((form.name, resource.name))
        if rows is None and resource.items:
            rows = [item_row(resource, item) for item in resource.items]
        plans[form.name, resource.name] = plan_rows(form, resource, sheet, rows, twin=twin, constants=constants)
    return plans


def sheets(forms: Sequence[Form]) -> Iterator[tuple[Form, Resource]]:
    for form in forms:
        for resource in form.resources:
            if resource.on:
                yield form, resource


def plan_rows(
    form: Form, resource: Resource, sheet: str, rows: Sequence[Mapping[str, object]] | None, *, twin: Plan | None = None,
    constants: Mapping[str, object] = EMPTY,
) -> Plan:  # fmt: skip
    given = tuple(rows or ())
    wanted = max(resource.blank_rows, len(given)) if not (resource.prefilled and rows) else len(given)
    if twin:
        wanted = len(twin.cells)
    elif resource.prefilled and not rows:
        wanted = max(wanted, 5 if rows is None else 1)
    fields = resource.active
    presets = {f.name: constants.get(f.prefill, f.preset) for f in fields}
    cells = tuple(_row(fields, resource, presets, given, i) for i in range(max(1, wanted)))
    columns = {f.name: i for i, f in enumerate(fields, start=1)}
    return Plan(form, resource, sheet, fields, columns, cells, len(given), twin.sheet if twin else "")


def _row(
    fields: Sequence[Field],
    resource: Resource,
    presets: Mapping[str, object],
    given: Sequence[Mapping[str, object]],
    i: int,
) -> dict[str, object]:
    """The row's values: what was given, else the preset (a key's preset only once, or it would name two equal rows)."""
    mine = given[i] if i < len(given) else {}
    values: dict[str, object] = {}
    for field in fields:
        if field.name in mine:
            values[field.name] = mine[field.name]
        elif presets[field.name] and (i == 0 or not _once(field, resource)):
            values[field.name] = presets[field.name]
    return values


def _once(field: Field, resource: Resource) -> bool:
    return field.unique or resource.primary_key == (field.name,)


def known_value(plan: Plan, i: int, name: str) -> bool:
    """Is the cell prefilled for good: locked in the book, or a fixed line's value the office gave?"""
    field = plan.fields[plan.columns[name] - 1]
    if i < plan.given and field.locked and plan.resource.items:
        return True  # a fixed line's own columns, known or not
    if i >= plan.given or blank(plan.cells[i].get(name)):
        return False
    return field.locked or (
        field.prefill.startswith("codes.")
        and i < len(plan.resource.items)
        and plan.resource.items[i].get("by") != "school"
    )


# -- widths --------------------------------------------------------------------------------------------------

PAGE = 150  # characters that fit an A4 landscape page at a size one can read
FIXED = {
    "id_number": 19.5,
    "mobile": 12.0,
    "account": 21.0,
    "date": 11.0,
    "money": 10.5,
    "tail": 6.0,
    "month": 8.0,
    "phone": 13.0,
}
TIP = 48.0  # of the advice, which nobody prints: two lines hold three things to mend
STORY, WRAPPED = 20.0, 7.5  # what texts that wrap keep: an account of ten signs and more, any other
SMALL = {"seq": 4.5, "integer": 5.0, "tick": 5.0, "name": 7.5, "signature": 7.5, "code": 6.5, "codes": 7.5}


def widths(plan: Plan) -> list[float]:
    """Column widths in Excel characters: as the book says, but a sheet too wide for the page gives up what wrapping can save."""
    fields = plan.fields[: plan.printed]
    wanted = [_title_width(f, f.width) for f in fields]
    least = [min(w, _least(f)) for f, w in zip(fields, wanted, strict=True)]
    spare = sum(wanted) - sum(least)
    over = min(max(sum(wanted) - PAGE, 0), spare)
    made = [w - (w - low) * (over / spare if spare else 0) for w, low in zip(wanted, least, strict=True)]
    return [*made, *(TIP for _ in plan.fields[plan.printed :])]


def _title_width(field: Field, width: float) -> float:
    """At least the column's title in two lines of equal length, and what the office filled in for the school in one."""
    return max(
        width,
        -(-len(field.title) // 2) * 2 + 1.0,
        text_width(field.preset) + 1.0,
        FIXED.get(field.kind, 0) if field.kind == "money" else 0,
    )


def _least(field: Field) -> float:
    low = FIXED.get(field.kind) or SMALL.get(field.kind) or (STORY if field.min_length else WRAPPED)
    return _title_width(field, low)
