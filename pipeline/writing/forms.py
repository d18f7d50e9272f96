"""Forms, a unit and what the office knows of it go in; one ready workbook comes out as bytes, and the name to offer it under."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from pipeline.book.spec import Book, Field, Form
from pipeline.cells.lexicon import PLAIN, build_lexicon
from pipeline.model import Office, Season, Unit, WennuanError
from pipeline.writing.fill import Fill, known, prefill
from pipeline.writing.form_cover import Entry, answers, front, write_cover
from pipeline.writing.form_formulas import FORMULAS, Spot
from pipeline.writing.form_guide import write_guide
from pipeline.writing.form_hidden import describe, versions, write_codes, write_marks
from pipeline.writing.form_items import items_count, write_items
from pipeline.writing.form_kit import Kit
from pipeline.writing.form_plan import FIRST, Plan, plan_forms, sheets
from pipeline.writing.form_sheet import write_sheet
from pipeline.writing.form_state import Count, Shown, plus, rows_bad, rows_used, state
from pipeline.writing.form_styles import Styles
from pipeline.writing.form_tips import tip
from pipeline.writing.xlsx import new_workbook

NAME_BYTES = 200
Key = tuple[str, str]  # form, resource
__all__ = ["Fill", "blank_workbook", "form_file_name", "prefill"]


def blank_workbook(
    forms: Sequence[Form], unit: Unit | None, season: Season, book: Book, fill: Fill | None = None
) -> bytes:
    """One .xlsx for these forms: the cover first, the help sheet, one sheet per active resource, hidden lists and marks.

    `fill` prefills (see Fill); without it only the unit's own particulars are filled in. No macros, no links to other
    files, every formula with the value it has now. Raises WennuanError when there is nothing to build.
    """
    if not any(True for _ in sheets(forms)):
        raise WennuanError("nothing_to_build")
    filled = _with_unit(fill or Fill(), forms, unit, season, book)
    buffer = io.BytesIO()
    workbook = new_workbook(buffer)
    styles = Styles(workbook, book.words["writing"]["font"])
    kit = Kit(workbook, book, season, filled, front(forms, book, filled), styles)
    plans = plan_forms(forms, filled, _constants(forms, unit, season))
    shown = {key: computed(plan, plans, book) for key, plan in plans.items()}
    cover = workbook.add_worksheet(book.cover["title"])
    write_guide(workbook.add_worksheet(book.words["writing"]["sheets"]["guide"]), forms, kit)
    _data_sheets(forms, plans, shown, kit)
    write_cover(cover, _entries(forms, plans, shown, kit), kit)
    write_codes(workbook, _fields(forms, book), answers(book), book)
    write_marks(workbook, marks(forms, unit, season), book)
    describe(workbook, book.words["writing"]["tip"]["joiner"].join(f.title for f in forms), season, filled.modified)
    cover.activate()
    workbook.close()
    return buffer.getvalue()


def marks(forms: Sequence[Form], unit: Unit | None, season: Season) -> dict[str, str]:
    """Who made this workbook, for whom and for what."""
    stage = next((s.name for f in forms if (s := season.stage_of(f.name))), "")
    return {
        "role": "form",
        "forms": ",".join(f.name for f in forms),
        "unit": unit.code if unit else "",
        "season": str(season.year),
        "stage": stage,
        "version": versions({f.name: f.version for f in forms}),
    }


def form_file_name(forms: Sequence[Form], unit: Unit | None, season: Season, day: date | None = None) -> str:
    """F1_title_unit_20200110.xlsx; several forms share the stage's name; parts that are unknown are left out (domain F0)."""
    stage = next((s.name for f in forms if (s := season.stage_of(f.name))), "")
    title = forms[0].title if len(forms) == 1 or not stage else stage
    parts = [
        "".join(f.name for f in forms),
        title,
        unit.short or unit.name if unit else "",
        f"{day:%Y%m%d}" if day else "",
    ]
    name = "_".join(
        "".join("_" if sign in '\\/:*?"<>|' or ord(sign) < 32 else sign for sign in part) for part in parts if part
    )
    while len(name.encode()) > NAME_BYTES:
        name = name[:-1]
    return f"{name}.xlsx"


# -- the parts ---------------------------------------------------------------------------------------------


def _with_unit(fill: Fill, forms: Sequence[Form], unit: Unit | None, season: Season, book: Book) -> Fill:
    """The head block of the unit under whatever the fill says."""
    if unit is None:
        return fill
    known_now = prefill(unit, forms, Office(), season, book)
    return replace(fill, head={**known_now.head, **fill.head}, rows={**known_now.rows, **fill.rows})


def _constants(forms: Sequence[Form], unit: Unit | None, season: Season) -> dict[str, object]:
    """x-prefill sources that have one value for the whole season, such as the account to pay into."""
    sources = {f.prefill for _, resource in sheets(forms) for f in resource.active if f.prefill.startswith("season.")}
    return {source: value for source in sources if (value := known(source, unit, season)) not in (None, "")}


def _fields(forms: Sequence[Form], book: Book) -> list[Field]:
    return [field for _, resource in sheets(forms) for field in resource.active] + list(book.head)


def computed(plan: Plan, plans: Mapping[Key, Plan], book: Book) -> Shown:
    """Per row: every computed column's formula and present value."""
    main = plans.get((plan.form.name, plan.form.main.name)) if plan.twin else None
    lexicon = build_lexicon(book.words["lexicon"]) if plan.computed("words") else PLAIN
    rows = []
    for i, cells in enumerate(plan.cells):
        twin = None
        if main:
            twin = Spot(main, FIRST + i, main.cells[i], book)
            number = main.computed("seq")
            seen = {number.name: FORMULAS["seq"](twin, number)[1]} if number else {}
            twin = Spot(main, FIRST + i, {**seen, **main.cells[i]}, book)
        values = dict(cells)
        made: dict[str, tuple[str, object]] = {}
        for field in sorted((f for f in plan.fields if f.computed), key=lambda f: f.computed == "tip"):
            spot = Spot(plan, FIRST + i, values, book, twin, lexicon)
            made[field.name] = (tip if field.computed == "tip" else FORMULAS[field.computed])(spot, field)
            values.setdefault(field.name, made[field.name][1])
        rows.append(made)
    return rows


def _data_sheets(forms: Sequence[Form], plans: Mapping[Key, Plan], shown: Mapping[Key, Shown], kit: Kit) -> None:
    for form, resource in sheets(forms):
        plan = plans.get((form.name, resource.name))
        if plan is None:
            write_items(kit.workbook.add_worksheet(resource.title), form, resource, kit)
            continue
        line = state(plan, shown[plan.key], plans.get((form.name, form.main.name)), kit)
        write_sheet(kit.workbook.add_worksheet(plan.sheet), plan, shown[plan.key], line, kit)


def _entries(forms: Sequence[Form], plans: Mapping[Key, Plan], shown: Mapping[Key, Shown], kit: Kit) -> list[Entry]:
    """Per form what the cover says: rows used on its main sheet, rows to correct on all of its sheets."""
    found = []
    for form in forms:
        main = plans.get((form.name, form.main.name))
        if main is None:
            found.append(Entry(form, form.main.title, *items_count(form.main, kit.fill, form), Count("0", 0)))
            continue
        mine = [plan for key, plan in plans.items() if key[0] == form.name]
        bad = {plan.key: rows_bad(plan, shown[plan.key], main, kit.words, sheet=True) for plan in mine}
        apart = plus([count for key, count in bad.items() if plans[key].resource.prefilled == "R3"])
        used = rows_used(main, shown[main.key], sheet=True)
        found.append(Entry(form, main.sheet, used, plus(list(bad.values())), apart))
    return found
