"""A planned sheet, whose it is and how far it has come go in; its top comes out: title, unit, what to do, column titles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipeline.book.spec import Field
from pipeline.model import column_letters
from pipeline.writing.form_kit import Front, Kit
from pipeline.writing.form_plan import GROUP, HEAD, HEADER, STATE, TITLE, Plan, widths
from pipeline.writing.form_state import Line
from pipeline.writing.form_styles import BAD_TEXT, GOOD_TEXT, LINE_HEIGHT, Styles, lines


def blocks(plan: Plan, shares: Sequence[float]) -> list[tuple[int, int]]:
    """Cut the sheet's columns into blocks of about these shares of its width: (first, last) zero-based columns."""
    each = widths(plan)[: plan.printed]
    whole, blocks, start, passed, wanted = sum(each), [], 0, 0.0, 0.0
    for n, share in enumerate(shares):
        wanted += share * whole
        end = start
        passed += each[start]
        while end < len(each) - (len(shares) - n) and passed + each[end + 1] / 2 < wanted:
            end += 1
            passed += each[end]
        end = len(each) - 1 if n == len(shares) - 1 else end
        blocks.append((start, end))
        start = end + 1
    return blocks


def merge(sheet: Any, row: int, block: tuple[int, int], line: Line, look: Any) -> None:
    """One line over several columns; a single column needs no merge. Excel row numbers."""
    first, last = block
    if last > first:
        sheet.merge_range(row - 1, first, row - 1, last, "", look)
    if line.formula:
        sheet.write_formula(row - 1, first, line.formula, look, line.now)
    else:
        sheet.write_string(row - 1, first, line.now, look)


def write_top(sheet: Any, plan: Plan, state: Line, kit: Kit) -> None:
    """Title, whose sheet it is, what to do and how far it has come."""
    top, front, styles, each = kit.words["top"], kit.front, kit.styles, widths(plan)[: plan.printed]
    title = plan.form.title if plan.resource is plan.form.main else f"{plan.form.title}\u2014{plan.resource.title}"
    merge(sheet, TITLE, (0, plan.printed - 1), Line("", title), styles.get("title"))
    sheet.set_row(TITLE - 1, 32)
    said = top["number"].format(form=plan.form.name, version=plan.form.version)
    parts = [
        _repeated(top["unit"], front, "unit_name"),
        _repeated(top["code"], front, "unit_code"),
        Line("", top["money"]),
        Line("", said),
    ]
    parts = parts if plan.printed >= len(parts) else parts[:1]
    if kit.register:
        parts = [Line("", top["register"].format(form=plan.form.name, version=plan.form.version))]
    for i, (block, part) in enumerate(
        zip(blocks(plan, (0.46, 0.18, 0.16, 0.2) if len(parts) > 1 else (1.0,)), parts, strict=True)
    ):
        merge(sheet, HEAD, block, part, styles.get("small") if i == 3 else styles.get("line"))
    sheet.set_row(HEAD - 1, 22)
    hint = _hint(plan, kit)
    left, right = blocks(plan, (0.55, 0.45))
    merge(sheet, STATE, left, Line("", hint), styles.get("hint"))
    merge(sheet, STATE, right, state, styles.get("line", "strong", "box"))
    _verdict(sheet, right[0], styles)
    share = sum(each[: left[1] + 1])
    needed = max(lines(hint, share * 0.95), lines(state.now, (sum(each) - share) * 0.9), 2)
    sheet.set_row(STATE - 1, min(needed, 6) * LINE_HEIGHT + 8)


def _hint(plan: Plan, kit: Kit) -> str:
    """What to do on this sheet, in one or two sentences."""
    key = "hint" if plan.computed("tip") else "hint_confirm" if plan.resource.prefilled else "hint_plain"
    return str(kit.words["top"]["hint_register" if kit.register else key])


def _verdict(sheet: Any, col: int, styles: Styles) -> None:
    """Red while something is left to correct, green when nothing is."""
    cell = f"${column_letters(col + 1)}${STATE}"
    for sign, color in (("\u00d7", BAD_TEXT), ("\u221a", GOOD_TEXT)):
        rule = {
            "type": "formula",
            "criteria": f'=ISNUMBER(FIND("{sign}",{cell}))',
            "format": styles.change(font_color=color),
        }
        sheet.conditional_format(STATE - 1, col, STATE - 1, col, rule)


def _repeated(label: str, front: Front, name: str) -> Line:
    if name not in front.cells:
        return Line("", label)
    reference, now = front.cells[name]
    return Line(f'="{label}"&{reference}', label + now)


def write_heads(sheet: Any, plan: Plan, styles: Styles) -> None:
    """The column titles; groups stand one row higher and span their columns."""
    tallest, each = 1, widths(plan)
    for i, field in enumerate(plan.fields):
        look = styles.get("head", head_part(field, plan.given > 0))
        if plan.grouped and not field.group:
            sheet.merge_range(GROUP - 1, i, HEADER - 1, i, field.title, look)
        else:
            sheet.write_string(HEADER - 1, i, field.title, look)
        tallest = max(tallest, lines(field.title, each[i]))
    sheet.set_row(GROUP - 1, 20 if plan.grouped else 5)
    sheet.set_row(HEADER - 1, tallest * LINE_HEIGHT + 6)
    for first, last, group in _groups(plan.fields):
        if last > first:
            sheet.merge_range(GROUP - 1, first, GROUP - 1, last, group, styles.get("head", "required"))
        else:
            sheet.write_string(GROUP - 1, first, group, styles.get("head", "required"))


def head_part(field: Field, given: bool = True) -> str:
    """Which of the three looks a column's title wears; a locked column nobody prefilled is open like any other."""
    if field.computed or (field.locked and given):
        return "computed"
    return "required" if field.required else "optional"


def _groups(fields: Sequence[Field]) -> list[tuple[int, int, str]]:
    found: list[tuple[int, int, str]] = []
    for i, field in enumerate(fields):
        if field.group and found and found[-1][2] == field.group and found[-1][1] == i - 1:
            found[-1] = (found[-1][0], i, field.group)
        elif field.group:
            found.append((i, i, field.group))
    return found
