"""The tables of the checkout's own words, and people written as a table."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from pipeline.book.spec import Book
from pipeline.cells.ids import check_digit
from pipeline.people import Person, Tables, build_tables

HEADS = {
    "姓名": "name",
    "证件号": "number",
    "后四位": "tail",
    "电话": "phone",
    "账号": "account",
    "户名": "account_name",
    "出生": "born",
    "单位": "unit",
    "表": "sheet",
    "行": "row",
    "来源": "kind",
}


@pytest.fixture(scope="session")
def tables(book: Book) -> Tables:
    return build_tables(book.words)


def valid(seventeen: str) -> str:
    """Seventeen digits with the check digit they ask for. Area 7901xx is nowhere."""
    return seventeen + check_digit(seventeen)


def rows(text: str) -> Iterator[dict[str, str]]:
    """The rows of the first Markdown table in a text; other heads are kept as they are."""
    lines = [line.strip() for line in text.splitlines() if line.strip().startswith("|")]
    heads = [cell.strip() for cell in lines[0].strip("|").split("|")]
    for line in lines[1:]:
        if not set(line) <= set("|-: "):
            yield dict(zip(heads, (cell.strip() for cell in line.strip("|").split("|")), strict=True))


def person(key: str, row: dict[str, str]) -> Person:
    """A number of seventeen digits and a '+' gets its check digit."""
    found = {HEADS[head]: value for head, value in row.items() if head in HEADS and value}
    number = found.get("number", "")
    made: dict[str, object] = dict(found)
    made["number"] = valid(number[:-1]) if number.endswith("+") else number
    if "born" in found:
        made["born"] = date.fromisoformat(found["born"])
    if "row" in found:
        made["row"] = int(found["row"])
    return Person(key, **made)  # type: ignore[arg-type]


def people(text: str) -> list[Person]:
    return [person(row.get("键", str(i)), row) for i, row in enumerate(rows(text))]
