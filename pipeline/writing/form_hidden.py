"""What no clerk sees: code lists with their names, the weights of the id check, and the marks that tell who made the file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from pipeline.book.spec import Book, Field
from pipeline.model import Season, column_letters
from pipeline.writing.form_formulas import ID_WEIGHTS
from pipeline.writing.form_plan import quoted
from pipeline.writing.form_tips import code_name

FIRST_LIST = 4  # column D: A and B carry the id check


def write_codes(workbook: Any, fields: Iterable[Field], answers: Sequence[str], book: Book) -> None:
    """One column per code list in use, each with a defined name; id_pos and id_wt for the id formula."""
    name = book.words["writing"]["sheets"]["codes"]
    sheet = workbook.add_worksheet(name)
    lists: dict[str, Sequence[str]] = {"code_answer": answers, "code_tick": book.words["writing"]["ticks"]}
    for field in fields:
        if field.codes in book.codes:
            lists[code_name(field)] = book.codes[field.codes].values
    sheet.write_column(0, 0, range(1, len(ID_WEIGHTS) + 1))
    sheet.write_column(0, 1, ID_WEIGHTS)
    for col, label in ((1, "id_pos"), (2, "id_wt")):
        workbook.define_name(label, _span(name, col, len(ID_WEIGHTS)))
    for col, (label, values) in enumerate(lists.items(), start=FIRST_LIST):
        for row, value in enumerate(values):
            sheet.write_string(row, col - 1, value)
        workbook.define_name(label, _span(name, col, max(1, len(values))))
    sheet.protect()
    sheet.hide()


def _span(sheet: str, col: int, size: int) -> str:
    letters = column_letters(col)
    return f"={quoted(sheet)}${letters}$1:${letters}${size}"


def write_marks(workbook: Any, values: Mapping[str, str], book: Book) -> None:
    """The same six marks in three carriers; two that agree are enough for the reader (words/marks.yaml)."""
    words = book.words["marks"]
    sheet = workbook.add_worksheet(words["sheet"])
    for row, key in enumerate(words["keys"]):
        value = values.get(key, "")
        sheet.write_string(row, 0, key)
        sheet.write_string(row, 1, value)
        workbook.set_custom_property(words["property_prefix"] + key, value, "text")
        workbook.define_name(words["name_prefix"] + key, '="' + value.replace('"', '""') + '"')
    sheet.protect()
    sheet.hide()


def versions(found: Mapping[str, str]) -> str:
    """One version, or F1=2020.1,F2=2020.2 where they differ."""
    distinct = set(found.values())
    return distinct.pop() if len(distinct) == 1 else ",".join(f"{name}={version}" for name, version in found.items())


def describe(workbook: Any, title: str, season: Season, made: datetime | None) -> None:
    """Document properties: the issuer as author, never a person; a fixed date, so that equal values give equal bytes."""
    day = season.issued or date(season.year, 1, 1)
    born = made or datetime.combine(day, time())
    workbook.set_properties({"title": title, "author": season.issuer, "company": season.issuer, "created": born})
