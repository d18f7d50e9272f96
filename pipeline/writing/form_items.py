"""A sheet of labelled values (one line each, F5) and what is to be filled in go in; the finished worksheet comes out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.book.spec import Form, Resource
from pipeline.writing.fill import Fill
from pipeline.writing.form_checks import alert
from pipeline.writing.form_kit import Kit
from pipeline.writing.form_plan import HEAD, HEADER, TITLE, blank, quoted
from pipeline.writing.form_sheet import cell_look, guard, paper, write
from pipeline.writing.form_state import Count
from pipeline.writing.form_styles import WANT_FILL, lines
from pipeline.writing.form_top import head_part

WIDTHS = (20, 84, 38)
TALL, SHORT = 110, 26  # points: a text of several sentences, a tick or a name


def items_count(resource: Resource, fill: Fill, form: Form) -> tuple[Count, Count]:
    """How many values stand on the sheet, and how many required ones are still missing."""
    values = _values(resource, fill, form)
    sheet = quoted(resource.title)
    rows = {f.name: HEADER + 1 + i for i, f in enumerate(resource.active)}
    used = Count(f"COUNTA({sheet}$B${HEADER + 1}:$B${HEADER + len(rows)})", sum(not blank(v) for v in values.values()))
    asked = [f for f in resource.active if f.required]
    missing = "+".join(f'({sheet}$B${rows[f.name]}="")' for f in asked) or "0"
    return used, Count(missing, sum(blank(values.get(f.name)) for f in asked))


def _values(resource: Resource, fill: Fill, form: Form) -> Mapping[str, object]:
    rows = fill.rows.get((form.name, resource.name)) or [{}]
    return {f.name: rows[0].get(f.name, f.preset or None) for f in resource.active}


def write_items(sheet: Any, form: Form, resource: Resource, kit: Kit) -> None:
    """Label, a large open cell, how to fill it."""
    words, styles = kit.words, kit.styles
    for i, width in enumerate(WIDTHS):
        sheet.set_column(i, i, width)
    sheet.merge_range(TITLE - 1, 0, TITLE - 1, 1, form.title, styles.get("title"))
    sheet.write_string(
        TITLE - 1, 2, words["top"]["number"].format(form=form.name, version=form.version), styles.get("small")
    )
    sheet.set_row(TITLE - 1, 32)
    reference, now = kit.front.cells.get("unit_name", ('""', ""))
    sheet.merge_range(HEAD - 1, 0, HEAD - 1, 2, "", styles.get("line"))
    sheet.write_formula(
        HEAD - 1, 0, f'="{words["top"]["unit"]}"&{reference}', styles.get("line"), words["top"]["unit"] + now
    )
    for i, said in enumerate((words["items"]["item"], words["items"]["content"], words["items"]["how"])):
        sheet.write_string(HEADER - 1, i, said, styles.get("head", "computed"))
    row = HEADER
    values = _values(resource, kit.fill, form)
    for field in resource.active:
        value = values[field.name]
        sheet.write_string(row, 0, field.title, styles.get("head", head_part(field)))
        write(sheet, (row, 1), value, cell_look(styles, field.kind), words)
        sheet.write_string(row, 2, field.hint, styles.get("note", "cell"))
        options = alert(field, f"B{row + 1}", kit.book)
        if options:
            sheet.data_validation(row, 1, row, 1, options)
        if field.required:
            sheet.conditional_format(row, 1, row, 1, {"type": "blanks", "format": styles.change(bg_color=WANT_FILL)})
        tall = TALL if field.kind == "text" else SHORT
        sheet.set_row(row, max(tall, min(lines(str(value or ""), WIDTHS[1]) * 15 + 6, 400)))
        row += 1
    if resource.note:
        sheet.merge_range(row, 0, row, 2, resource.note, styles.get("note"))
        sheet.set_row(row, 22)
        row += 1
    for i, sign in enumerate((words["signatures"][0], words["signatures"][2], words["signatures"][3])):
        sheet.write_string(row, i, sign, styles.get("line"))
    sheet.set_row(row, 30)
    paper(sheet, kit.footer(form.name, resource.title))
    sheet.print_area(0, 0, row, 2)
    sheet.freeze_panes(HEADER, 0)
    guard(sheet)
