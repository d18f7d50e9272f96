"""What a form tells a clerk to write passes the cell it is written into."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest

from pipeline.book.spec import Book, Field
from pipeline.cells.read import read_cell
from pipeline.model import Season
from pipeline.reading.interpret_plan import reader_of

ABOUT = {"年-月-日", "、", "某", "残疾"}  # a pattern, a separator, a part of a name, another column's answer
SAMPLE = re.compile("如：([^。；]+)")


def told(field: Field) -> Iterable[str]:
    """The words a hint puts in quotation marks or gives as samples, and the field's example."""
    yield from set(re.findall("“([^”]+)”", field.hint)) - ABOUT
    for sample in SAMPLE.findall(field.hint):
        yield from sample.split("、") if field.kind != "text" else (sample,)
    yield from (field.example,) if field.example else ()


def test_every_hint_and_example_passes_its_own_field(book: Book, season: Season) -> None:
    reader = reader_of(book, season)
    refused = []
    for plan in reader.forms:
        for field in (f for f in plan.resource.active if not f.computed):
            for word in told(field):
                typed = read_cell(word, plan.columns[field.name].kind)
                if typed.state != "value":
                    refused.append((plan.form, field.title, word, [n.rule for n in typed.notes]))
    assert refused == []


@pytest.mark.parametrize(("word", "state"), [("无", "value"), ("暂无", "value"), ("待补", "unknown"), ("—", "unknown")])
def test_no_problems_is_an_answer_and_a_dash_is_none(book: Book, season: Season, word: str, state: str) -> None:
    plan = next(p for p in reader_of(book, season).forms if p.form == "F5")
    assert read_cell(word, plan.columns["problems"].kind).state == state
