"""The head block, the forms of this batch and how far each has come go in; the cover sheet comes out, where a clerk begins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipeline.book.spec import Book, Field, Form
from pipeline.writing.fill import Fill
from pipeline.writing.form_checks import alert
from pipeline.writing.form_kit import Front, Kit
from pipeline.writing.form_plan import blank, quoted
from pipeline.writing.form_sheet import guard, paper, write
from pipeline.writing.form_state import Count, Line, cover_state
from pipeline.writing.form_styles import BAD_FILL, BAD_TEXT, GOOD_TEXT, WANT_FILL, Styles, number_part
from pipeline.writing.form_top import head_part

WIDTHS = (20, 36, 24, 44, 18)
LABEL, VALUE, ANSWER, STATE, DUE = range(5)  # columns
STEPS, BLOCK = 3, 7  # Excel rows: the steps begin, the head block's heading stands


def answers(book: Book) -> tuple[str, str]:
    """The cover's two answers as we write them: something to report, nothing to report."""
    return book.cover["yes"][0], book.cover["no"][0]


def head_fields(book: Book) -> list[Field]:
    return [f for f in book.head if f.on]


def front(forms: Sequence[Form], book: Book, fill: Fill) -> Front:
    """Where the cover will keep its values, known before it is written: other sheets repeat them by formula."""
    sheet = book.cover["title"]
    cells, row = {}, BLOCK + 1
    for field in head_fields(book):
        cells[field.name] = (f"{quoted(sheet)}$B${row}", _text(fill.head.get(field.name, field.preset)))
        row += 1
    row += 3  # gap, heading of the second block, its column titles
    found = {
        form.name: (f"{quoted(sheet)}$C${row + i}", fill.declared.get(form.name, ""))
        for i, form in enumerate(forms)
        if form.zero
    }
    return Front(sheet, cells, found, answers(book)[1], _text(fill.head.get("unit_name")))


def _text(value: object) -> str:
    return "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Entry:
    """One form on the cover: the sheet its link leads to, rows used, rows to correct, rows asked even without anything to report."""

    form: Form
    sheet: str
    used: Count
    bad: Count
    apart: Count


def write_cover(sheet: Any, entries: Sequence[Entry], kit: Kit) -> None:
    """The whole cover."""
    words, styles = kit.words["cover"], kit.styles
    for i, width in enumerate(WIDTHS):
        sheet.set_column(i, i, width)
    stage = next((s for e in entries if (s := kit.season.stage_of(e.form.name))), None)
    sheet.merge_range(0, LABEL, 0, DUE, words["heading"].format(season=kit.season.title), styles.get("title"))
    sheet.set_row(0, 36)
    sheet.merge_range(
        1, LABEL, 1, DUE, words["stage"].format(stage=stage.name) if stage else "", styles.get("line", "center")
    )
    for i, step in enumerate(words["steps" if kit.front.answers else "steps_always"]):
        sheet.merge_range(STEPS - 1 + i, LABEL, STEPS - 1 + i, DUE, step, styles.get("hint", "big"))
        sheet.set_row(STEPS - 1 + i, 24)
    sheet.set_row(STEPS + 2, 8)
    row = _head(sheet, kit)
    row = _forms(sheet, row, entries, kit)
    _close(sheet, row, kit)
    paper(sheet, kit.footer("", kit.book.cover["title"]))
    sheet.fit_to_pages(1, 1)
    sheet.print_area(0, 0, row + 1, DUE)
    guard(sheet)


def _section(sheet: Any, row: int, said: str, styles: Styles) -> None:
    sheet.merge_range(row - 1, LABEL, row - 1, DUE, said, styles.get("section"))
    sheet.set_row(row - 1, 26)


def _head(sheet: Any, kit: Kit) -> int:
    """The unit's particulars, one line each; what the office knows is filled in, what never changes is shut."""
    styles, words = kit.styles, kit.words
    _section(sheet, BLOCK, words["cover"]["unit_block"], styles)
    row = BLOCK + 1
    for field in head_fields(kit.book):
        value = kit.fill.head.get(field.name, field.preset or None)
        shut = field.locked and not blank(value)
        sheet.write_string(row - 1, LABEL, field.title, styles.get("head", head_part(field, shut)))
        looks = (p for p in number_part(field.kind) if p != "center")
        write(sheet, (row - 1, VALUE), value, styles.get("cell", "shut" if shut else "open", *looks, "indent"), words)
        hint = words["prompts"]["example"].format(example=field.example) if field.locked and not shut else field.hint
        sheet.merge_range(row - 1, ANSWER, row - 1, DUE, hint, styles.get("note", "line", "indent"))
        sheet.set_row(row - 1, 22)
        if not shut:
            _watch(sheet, row, field, kit.book, styles)
        row += 1
    return row


def _watch(sheet: Any, row: int, field: Field, book: Book, styles: Styles) -> None:
    options = alert(field, f"B{row}", book)
    if options:
        sheet.data_validation(row - 1, VALUE, row - 1, VALUE, options)
    if field.required:
        sheet.conditional_format(
            row - 1,
            VALUE,
            row - 1,
            VALUE,
            {"type": "formula", "criteria": f'=$B${row}=""', "format": styles.change(bg_color=WANT_FILL)},
        )
    if field.kind in ("phone", "code_text"):
        sheet.ignore_errors({"number_stored_as_text": f"B{row}"})


def _forms(sheet: Any, row: int, entries: Sequence[Entry], kit: Kit) -> int:
    """One line per form: its name as a link, the answer, how far it has come, when it is due."""
    styles, words = kit.styles, kit.words["cover"]
    row += 1
    _section(sheet, row, words["form_block" if kit.front.answers else "form_block_always"], styles)
    row += 1
    for i, said in enumerate(words["heads"]):
        sheet.write_string(row - 1, i, said, styles.get("head", "required" if i == ANSWER else "computed"))
    for entry in entries:
        row += 1
        form, place = entry.form, kit.front.answers.get(entry.form.name)
        sheet.write_string(row - 1, LABEL, form.name, styles.get("cell", "shut", "center"))
        link = f"internal:{quoted(entry.sheet)}A1"
        sheet.write_url(row - 1, VALUE, link, styles.get("cell", "shut", "link", "indent"), form.title)
        _answer(sheet, row, form, kit)
        line = (
            cover_state(place, (entry.used, entry.bad, entry.apart), answers(kit.book), words)
            if place
            else _always(entry, words)
        )
        sheet.write_formula(row - 1, STATE, line.formula, styles.get("cell", "shut", "strong", "indent"), line.now)
        _colour(sheet, row, styles)
        stage = kit.season.stage_of(form.name)
        sheet.write_string(row - 1, DUE, day(stage.due, words) if stage else "", styles.get("cell", "shut", "center"))
        sheet.set_row(row - 1, 28)
    return row


def _answer(sheet: Any, row: int, form: Form, kit: Kit) -> None:
    words, alerts, styles = kit.words["cover"], kit.words["alerts"], kit.styles
    if form.name not in kit.front.answers:
        sheet.write_string(row - 1, ANSWER, words["always"], styles.get("cell", "shut", "center"))
        return
    write(
        sheet,
        (row - 1, ANSWER),
        kit.fill.declared.get(form.name),
        styles.get("cell", "open", "center", "strong"),
        kit.words,
    )
    options = {
        "validate": "list", "source": "=code_answer", "error_type": "stop", "error_title": alerts["title"],
        "error_message": alerts["code"], "input_title": words["answer_title"], "input_message": words["answer_hint"],
    }  # fmt: skip
    sheet.data_validation(row - 1, ANSWER, row - 1, ANSWER, options)
    wanted = {"type": "formula", "criteria": f'=$C${row}=""', "format": styles.change(bg_color=WANT_FILL)}
    sheet.conditional_format(row - 1, ANSWER, row - 1, ANSWER, wanted)


def _always(entry: Entry, words: Mapping[str, str]) -> Line:
    """A form without the answer "none": filled, or still to fill."""
    todo, done = words["to_fill"], words["filled"]
    formula = f'=IF(({entry.used.formula})=0,"{todo}",IF(({entry.bad.formula})=0,"{done}","{todo}"))'
    return Line(formula, done if entry.used.now and not entry.bad.now else todo)


def _colour(sheet: Any, row: int, styles: Styles) -> None:
    good, bad, want = (
        styles.change(font_color=GOOD_TEXT),
        styles.change(bg_color=BAD_FILL, font_color=BAD_TEXT),
        styles.change(bg_color=WANT_FILL),
    )
    for sign, look in (("\u221a", good), ("\u00d7", bad), ("\u2190", want)):
        rule = {"type": "formula", "criteria": f'=LEFT($D${row},1)="{sign}"', "format": look}
        sheet.conditional_format(row - 1, STATE, row - 1, STATE, rule)


def day(due: date, words: Mapping[str, Any]) -> str:
    """A date as the cover prints it."""
    return str(words["due"].format(y=due.year, m=due.month, d=due.day))


def _close(sheet: Any, row: int, kit: Kit) -> None:
    words, styles = kit.words["cover"], kit.styles
    contact = words["gap"].join(v for v in kit.season.contact.values() if v)
    said = [words["contact"].format(contact=contact) if contact else "", words["file"]]
    sheet.merge_range(row, LABEL, row, DUE, "\n".join(s for s in said if s), styles.get("note"))
    sheet.set_row(row, 34)
    for i, sign in enumerate(kit.words["signatures"][: DUE + 1]):
        sheet.write_string(row + 1, i, sign, styles.get("line"))
    sheet.set_row(row + 1, 30)
