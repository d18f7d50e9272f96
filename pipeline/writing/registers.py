"""Names of registers, and rows for them if there are any, go in; blank or prefilled register workbooks come out as bytes."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

from pipeline.book.spec import Book, Form, Register
from pipeline.model import EMPTY, Season, WennuanError
from pipeline.writing.fill import Fill
from pipeline.writing.form_guide import write_register_guide
from pipeline.writing.form_hidden import describe, versions, write_codes, write_marks
from pipeline.writing.form_kit import Front, Kit
from pipeline.writing.form_plan import Plan, plan_rows
from pipeline.writing.form_sheet import write_sheet
from pipeline.writing.form_state import register_state
from pipeline.writing.form_styles import Styles
from pipeline.writing.forms import computed
from pipeline.writing.xlsx import new_workbook

Rows = Mapping[str, Sequence[Mapping[str, object]]]  # register -> rows, values as in Fill


def register_workbook(names: Sequence[str], book: Book, season: Season, rows: Rows | None = None) -> bytes:
    """One .xlsx with a sheet per register, in the order to fill them; unprotected, since an office pastes whole lists.

    `names` are keys of book.registers; `rows` fills sheets (from_foreign makes them from somebody else's table).
    Raises WennuanError `no_such_register` for an unknown name.
    """
    chosen = [_register(name, book) for name in names]
    buffer = io.BytesIO()
    workbook = new_workbook(buffer)
    kit = Kit(workbook, book, season, Fill(), Front(), Styles(workbook, book.words["writing"]["font"]))
    ordered = in_order(chosen, book)
    guide = workbook.add_worksheet(book.words["writing"]["sheets"]["guide"]) if len(ordered) > 1 else None
    plans = [_plan(register, (rows or EMPTY).get(register.name)) for register in ordered]
    for register, plan in zip(ordered, plans, strict=True):
        shown = computed(plan, {plan.key: plan}, book)
        write_sheet(
            workbook.add_worksheet(plan.sheet), plan, shown, register_state(plan, shown, register.need, kit), kit
        )
    if guide:
        write_register_guide(guide, [(r, p.sheet) for r, p in zip(ordered, plans, strict=True)], kit)
    write_codes(workbook, [f for p in plans for f in p.fields], book.cover["yes"][:1], book)
    write_marks(workbook, _marks(ordered, season), book)
    describe(workbook, title_of(ordered), season, None)
    workbook.get_worksheet_by_name(plans[0].sheet).activate()
    workbook.close()
    return buffer.getvalue()


def register_workbooks(book: Book, season: Season, rows: Rows | None = None) -> dict[str, bytes]:
    """`register --all`: file name -> bytes of the workbooks the office's registers belong to (season.md 6)."""
    groups: dict[str, list[str]] = {}
    for register in book.registers.values():
        if register.area == "register":
            groups.setdefault(register.workbook or register.title, []).append(register.name)
    return {f"{title}.xlsx": register_workbook(names, book, season, rows) for title, names in groups.items()}


def register_file_name(name: str, book: Book) -> str:
    """R1_title.xlsx for a single register; a name that is its own title stands alone."""
    register = _register(name, book)
    return f"{name}.xlsx" if name == register.title else f"{name}_{register.title}.xlsx"


def in_order(registers: Sequence[Register], book: Book) -> list[Register]:
    """Fill first, fill if you have it, may stay empty; inside each the order given."""
    needs = list(book.words["writing"]["registers"]["needs"])
    return sorted(registers, key=lambda r: needs.index(r.need) if r.need in needs else len(needs))


def title_of(registers: Sequence[Register]) -> str:
    """The workbook's title: its group's when there are several registers."""
    first = registers[0]
    return first.workbook if len(registers) > 1 and first.workbook else first.title


def _register(name: str, book: Book) -> Register:
    if name not in book.registers:
        raise WennuanError(
            "no_such_register", name=name, known=book.words["writing"]["tip"]["joiner"].join(book.registers)
        )
    return book.registers[name]


def _plan(register: Register, rows: Sequence[Mapping[str, object]] | None) -> Plan:
    form = Form(register.name, register.title, register.version, (register.resource,))
    return plan_rows(form, register.resource, register.resource.title, rows)


def _marks(registers: Sequence[Register], season: Season) -> dict[str, str]:
    role = "decision" if all(r.area == "decision" for r in registers) else "register"
    return {
        "role": role,
        "forms": ",".join(r.name for r in registers),
        "season": str(season.year),
        "version": versions({r.name: r.version for r in registers}),
    }
