"""A sheet's plan goes in; while the clerk types, Excel answers: drop-downs, input messages, alerts and coloured cells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.book.spec import Book, Field
from pipeline.writing.form_faults import EARLIEST, LATEST, limits
from pipeline.writing.form_formulas import id_formula, text
from pipeline.writing.form_plan import FIRST, Plan
from pipeline.writing.form_styles import BAD_FILL, BAD_TEXT, DOUBT_TEXT, GOOD_TEXT, WANT_FILL, Styles
from pipeline.writing.form_tips import code_name, required

TITLE_MAX, MESSAGE_MAX, FORMULA_MAX = 32, 255, 255  # Excel's own limits for validations


def validate(sheet: Any, plan: Plan, book: Book) -> None:
    """One validation per open column: stop for code lists and amounts, a warning for ids, only a message elsewhere."""
    for field in plan.fields:
        if field.computed:
            continue
        col = plan.columns[field.name] - 1
        typed = f"${plan.column('id_type')}{FIRST}" if "id_type" in plan.columns else ""
        options = alert(field, plan.cell(field.name, FIRST), book, typed)
        if options:
            sheet.data_validation(FIRST - 1, col, plan.last - 1, col, options)


def alert(field: Field, cell: str, book: Book, typed: str = "") -> dict[str, Any]:
    """The options of one column's validation, empty when there is nothing to say. `cell`: its first cell; `typed`: the
    cell beside it that names the kind of document."""
    words = book.words["writing"]
    options = _rule(field, cell, typed, book)
    message = prompt(field, words)
    if not options and not message:
        return {}
    options = {"validate": "any", **options}
    if message:
        options |= {"input_title": field.title[:TITLE_MAX], "input_message": message}
    if "error_message" in options:
        options |= {"error_title": words["alerts"]["title"], "error_message": options["error_message"][:MESSAGE_MAX]}
    return options


def prompt(field: Field, words: Mapping[str, Any]) -> str:
    """The note that appears beside a cell when it is entered."""
    said = field.hint or (words["prompts"]["example"].format(example=field.example) if field.example else "")
    return str(said)[:MESSAGE_MAX]


def _rule(field: Field, cell: str, typed: str, book: Book) -> dict[str, Any]:
    """What Excel itself refuses or doubts in a column."""
    words = book.words["writing"]
    alerts = words["alerts"]
    if field.kind in ("code", "codes", "tick"):
        return _list_rule(field, book)
    if field.kind in ("money", "integer", "number"):
        return _number_rule(field, alerts)
    if field.kind == "date":
        return {
            "validate": "date",
            "criteria": "between",
            "minimum": EARLIEST,
            "maximum": LATEST,
            "error_type": "warning",
            "error_message": alerts["date"],
        }
    custom = {
        "id_number": _id_rule(cell, typed, words["computed"]["resident"]),
        "mobile": f"=LEN({cell})=11",
        "tail": f"=LEN({cell})=4",
    }
    if field.kind in custom:
        said = alerts["id" if field.kind == "id_number" else field.kind]
        return {"validate": "custom", "value": custom[field.kind], "error_type": "warning", "error_message": said}
    if field.max_length:
        said = alerts["long"].format(n=field.max_length)
        return {
            "validate": "length",
            "criteria": "<=",
            "value": field.max_length,
            "error_type": "warning",
            "error_message": said,
        }
    return {}


def _list_rule(field: Field, book: Book) -> dict[str, Any]:
    """A drop-down: one code must be from the list, several may be typed side by side, a tick may be doubted."""
    alerts = book.words["writing"]["alerts"]
    if field.kind == "tick":
        return {"validate": "list", "source": "=code_tick", "error_type": "warning", "error_message": alerts["tick"]}
    if field.codes not in book.codes:
        return {}
    source = {"validate": "list", "source": f"={code_name(field)}"}
    return source | (
        {"show_error": False} if field.kind == "codes" else {"error_type": "stop", "error_message": alerts["code"]}
    )


def _number_rule(field: Field, words: Mapping[str, str]) -> dict[str, Any]:
    low, high = limits(field)
    bounds: dict[str, Any]
    if low is not None and high is not None:
        bounds = {"criteria": "between", "minimum": float(low), "maximum": float(high)}
    elif high is not None:
        bounds = {"criteria": "<=", "value": float(high)}
    else:
        bounds = {"criteria": ">=", "value": float(low) if low is not None else -999999999}
    whole = field.kind == "integer"
    if whole:
        bounds = {k: int(v) if isinstance(v, float) else v for k, v in bounds.items()}
    return {
        "validate": "integer" if whole else "decimal",
        **bounds,
        "error_type": "stop",
        "error_message": words["integer" if whole else "number"],
    }


def _id_rule(cell: str, typed: str, resident: str) -> str:
    """Other documents have no check digit: then anything will do."""
    plain = f"={id_formula(cell)}"
    beside = f"=IF({typed}={text(resident)},{plain[1:]},LEN({cell})>0)" if typed else plain
    return beside if len(beside) <= FORMULA_MAX else plain


# -- colours ----------------------------------------------------------------------------------------------


def colour(sheet: Any, plan: Plan, styles: Styles, words: Mapping[str, Any]) -> None:
    """Amber for a required cell still empty in a used row, red for a wrong id, red and green for the row's sentence."""
    tip = plan.computed("tip")
    if tip:
        _colour_tip(sheet, plan, tip, styles, words["tip"])
    used = f'${plan.column(tip.name)}{FIRST}<>""' if tip else f'${plan.column(plan.anchor.name)}{FIRST}<>""'
    want, bad = styles.change(bg_color=WANT_FILL), styles.change(bg_color=BAD_FILL, font_color=BAD_TEXT)
    for field in plan.fields:
        cell = f"${plan.column(field.name)}{FIRST}"
        if field in required(plan):
            _paint(sheet, plan, field, f'=AND({used},{cell}="")', want)
        if field.kind == "id_number":
            typed = (
                f"${plan.column('id_type')}{FIRST}={text(words['computed']['resident'])},"
                if "id_type" in plan.columns
                else ""
            )
            _paint(sheet, plan, field, f'=AND({typed}{cell}<>"",NOT({id_formula(cell)}))', bad)
        if field.kind in ("money", "integer", "number") and not field.computed:
            _paint(sheet, plan, field, f"=ISTEXT({cell})", bad)
        if field.preset and tip:
            _paint(sheet, plan, field, f'=${plan.column(tip.name)}{FIRST}=""', styles.change(font_color="#A6A6A6"))


def _colour_tip(sheet: Any, plan: Plan, tip: Field, styles: Styles, words: Mapping[str, str]) -> None:
    cell = f"${plan.column(tip.name)}{FIRST}"
    sign = words["bad"][:1]
    bad, good = styles.change(bg_color=BAD_FILL, font_color=BAD_TEXT), styles.change(font_color=GOOD_TEXT)
    seq = plan.computed("seq")
    for field in (tip, seq) if seq else (tip,):
        _paint(sheet, plan, field, f"=LEFT({cell},1)={text(sign)}", bad)
        _paint(sheet, plan, field, f"=LEFT({cell},1)={text(words['doubt'][:1])}", styles.change(font_color=DOUBT_TEXT))
        _paint(sheet, plan, field, f"={cell}={text(words['ok'])}", good)


def _paint(sheet: Any, plan: Plan, field: Field, formula: str, look: Any) -> None:
    col = plan.columns[field.name] - 1
    sheet.conditional_format(
        FIRST - 1, col, plan.last - 1, col, {"type": "formula", "criteria": formula, "format": look}
    )
