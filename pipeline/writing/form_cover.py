"""The head block, the forms of this batch and how far each has come go in; the cover sheet comes out, where a clerk begins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from pipeline.book.spec import Book, Field, Form
from pipeline.model import Season
from pipeline.writing.fill import Fill
from pipeline.writing.form_checks import alert
from pipeline.writing.form_plan import Plan, blank, quoted
from pipeline.writing.form_sheet import Front, guard, head_part, paper, write
from pipeline.writing.form_state import Count, Line, cover_state
from pipeline.writing.form_styles import BAD_FILL, BAD_TEXT, GOOD_TEXT, WANT_FILL, Styles, number_part

WIDTHS = (20, 36, 24, 44, 18)
LABEL, VALUE, ANSWER, STATE, DUE = range(5)  # columns
STEPS, BLOCK = 3, 7  # Excel rows: the steps begin, the head block's heading stands


def answers(book: Book) -> tuple[str, str]:
    """The cover's two answers as we write them: something to report, nothing to report."""
    return book.cover["yes"][0], book.cover["no"][0]


def head_fields(book: Book) -> list[Field]:
    return [f for f in book.head if f.on]


def front(forms: Sequence[Form], book: Book, season: Season, fill: Fill) -> Front:
    """Where the cover will keep its values, known before it is written: other sheets repeat them by formula."""
    sheet = book.cover["title"]
    cells, row = {}, BLOCK + 1
    for field in head_fields(book):
        cells[field.name] = (f"{quoted(sheet)}$B${row}", _text(fill.head.get(field.name, field.preset)))
        row += 1
    row += 3  # gap, heading of the second block, its column titles
    found = {}
    for i, form in enumerate(forms):
        if form.zero:
            found[form.name] = (f"{quoted(sheet)}$C${row + i}", fill.declared.get(form.name, ""))
    return Front(sheet, cells, found, answers(book)[1], season.title, _text(fill.head.get("unit_name")))


def _text(value: object) -> str:
    return "" if value is None else str(value)


def write_cover(
    sheet: Any, forms: Sequence[Form], plans: Mapping[tuple[str, str], Plan], counts: Mapping[str, tuple[Count, Count, Count]],
    place: Front, fill: Fill, season: Season, book: Book, styles: Styles,
) -> None:  # fmt: skip
    """The whole cover. `counts`: per form the rows used, the rows to correct, and those asked even without anything to report."""
    words = book.words["writing"]
    for i, width in enumerate(WIDTHS):
        sheet.set_column(i, i, width)
    stage = next((s for f in forms if (s := season.stage_of(f.name))), None)
    heading = words["cover"]["heading"].format(season=season.title)
    sheet.merge_range(0, LABEL, 0, DUE, heading, styles.get("title"))
    sheet.set_row(0, 36)
    sheet.merge_range(1, LABEL, 1, DUE, words["cover"]["stage"].format(stage=stage.name) if stage else "", styles.get("line", "center"))
    for i, step in enumerate(words["cover"]["steps" if place.answers else "steps_always"]):
        sheet.merge_range(STEPS - 1 + i, LABEL, STEPS - 1 + i, DUE, step, styles.get("hint", "big"))
        sheet.set_row(STEPS - 1 + i, 24)
    sheet.set_row(STEPS + 2, 8)
    row = _head(sheet, book, fill, styles)
    row = _forms(sheet, row, forms, plans, counts, place, fill, season, book, styles)
    _close(sheet, row, season, words, styles)
    paper(sheet, words["footer"].format(unit=place.unit.replace("&", "&&"), form="", title=book.cover["title"], season=season.title))
    sheet.fit_to_pages(1, 1)
    sheet.print_area(0, 0, row + 1, DUE)
    guard(sheet)


def _section(sheet: Any, row: int, said: str, styles: Styles) -> None:
    sheet.merge_range(row - 1, LABEL, row - 1, DUE, said, styles.get("section"))
    sheet.set_row(row - 1, 26)


def _head(sheet: Any, book: Book, fill: Fill, styles: Styles) -> int:
    """The unit's particulars, one line each; what the office knows is filled in, what never changes is shut."""
    words = book.words["writing"]
    _section(sheet, BLOCK, words["cover"]["unit_block"], styles)
    row = BLOCK + 1
    for field in head_fields(book):
        value = fill.head.get(field.name, field.preset or None)
        shut = field.locked and not blank(value)
        sheet.write_string(row - 1, LABEL, field.title, styles.get("head", "computed" if shut else head_part(field) if not field.locked else "required"))
        write(sheet, row - 1, VALUE, value, styles.get("cell", "shut" if shut else "open", *(p for p in number_part(field.kind) if p != "center"), "indent"), words)
        sheet.merge_range(row - 1, ANSWER, row - 1, DUE, field.hint, styles.get("note", "line", "indent"))
        sheet.set_row(row - 1, 22)
        if not shut:
            _watch(sheet, row, field, book, styles)
        row += 1
    return row


def _watch(sheet: Any, row: int, field: Field, book: Book, styles: Styles) -> None:
    options = alert(field, f"B{row}", book)
    if options:
        sheet.data_validation(row - 1, VALUE, row - 1, VALUE, options)
    if field.required:
        sheet.conditional_format(row - 1, VALUE, row - 1, VALUE, {"type": "formula", "criteria": f'=$B${row}=""', "format": styles.change(bg_color=WANT_FILL)})
    if field.kind in ("phone", "code_text"):
        sheet.ignore_errors({"number_stored_as_text": f"B{row}"})


def _forms(
    sheet: Any, row: int, forms: Sequence[Form], plans: Mapping[tuple[str, str], Plan], counts: Mapping[str, tuple[Count, Count, Count]],
    place: Front, fill: Fill, season: Season, book: Book, styles: Styles,
) -> int:  # fmt: skip
    """One line per form: its name as a link, the answer, how far it has come, when it is due."""
    words = book.words["writing"]
    row += 1
    _section(sheet, row, words["cover"]["form_block" if place.answers else "form_block_always"], styles)
    row += 1
    for i, said in enumerate(words["cover"]["heads"]):
        sheet.write_string(row - 1, i, said, styles.get("head", "required" if i == ANSWER else "computed"))
    for form in forms:
        row += 1
        target = plans.get((form.name, form.main.name))
        where = target.sheet if target else form.main.title
        sheet.write_string(row - 1, LABEL, form.name, styles.get("cell", "shut", "center"))
        sheet.write_url(row - 1, VALUE, f"internal:{quoted(where)}A1", styles.get("cell", "shut", "link", "indent"), form.title)
        _answer(sheet, row, form, place, fill, book, styles)
        line = cover_state(place.answers[form.name], *counts[form.name], answers(book), words["cover"]) if form.name in place.answers else _always(counts[form.name], words["cover"])
        sheet.write_formula(row - 1, STATE, line.formula, styles.get("cell", "shut", "strong", "indent"), line.now)
        _colour(sheet, row, styles)
        stage = season.stage_of(form.name)
        sheet.write_string(row - 1, DUE, day(stage.due, words) if stage else "", styles.get("cell", "shut", "center"))
        sheet.set_row(row - 1, 28)
    return row


def _answer(sheet: Any, row: int, form: Form, place: Front, fill: Fill, book: Book, styles: Styles) -> None:
    words = book.words["writing"]["cover"]
    if form.name not in place.answers:
        sheet.write_string(row - 1, ANSWER, words["always"], styles.get("cell", "shut", "center"))
        return
    write(sheet, row - 1, ANSWER, fill.declared.get(form.name), styles.get("cell", "open", "center", "strong"), book.words["writing"])
    options = {"validate": "list", "source": "=code_answer", "error_type": "stop", "error_message": book.words["writing"]["alerts"]["code"],
               "error_title": book.words["writing"]["alerts"]["title"], "input_title": words["answer_title"], "input_message": words["answer_hint"]}  # fmt: skip
    sheet.data_validation(row - 1, ANSWER, row - 1, ANSWER, options)
    sheet.conditional_format(row - 1, ANSWER, row - 1, ANSWER, {"type": "formula", "criteria": f'=$C${row}=""', "format": styles.change(bg_color=WANT_FILL)})


def _always(count: tuple[Count, Count, Count], words: Mapping[str, str]) -> Line:
    """A form without the answer "none": filled, or still to fill."""
    used, bad, _ = count
    todo, done = words["to_fill"], words["filled"]
    return Line(f'=IF(({used.formula})=0,"{todo}",IF(({bad.formula})=0,"{done}","{todo}"))', done if used.now and not bad.now else todo)


def _colour(sheet: Any, row: int, styles: Styles) -> None:
    good, bad, want = styles.change(font_color=GOOD_TEXT), styles.change(bg_color=BAD_FILL, font_color=BAD_TEXT), styles.change(bg_color=WANT_FILL)
    for sign, look in (("\u221a", good), ("\u00d7", bad), ("\u2190", want)):
        rule = {"type": "formula", "criteria": f'=LEFT($D${row},1)="{sign}"', "format": look}
        sheet.conditional_format(row - 1, STATE, row - 1, STATE, rule)


def day(due: date, words: Mapping[str, Any]) -> str:
    return str(words["cover"]["due"].format(y=due.year, m=due.month, d=due.day))


def _close(sheet: Any, row: int, season: Season, words: Mapping[str, Any], styles: Styles) -> None:
    contact = words["cover"]["gap"].join(v for v in season.contact.values() if v)
    said = [words["cover"]["contact"].format(contact=contact) if contact else "", words["cover"]["file"]]
    sheet.merge_range(row, LABEL, row, DUE, "\n".join(s for s in said if s), styles.get("note"))
    sheet.set_row(row, 34)
    signs = words["signatures"]
    for i, sign in enumerate(signs[: DUE + 1]):
        sheet.write_string(row + 1, i, sign, styles.get("line"))
    sheet.set_row(row + 1, 30)
