"""What was read comes back from the cache exactly as it was, or not at all."""

from __future__ import annotations

import json
import pickle
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.home.cache import cache_key, recall, remember
from pipeline.home.codec import decode, encode
from pipeline.model import Document, Entry, Finding, FormState, Life, Marks, Past, Place, Row, Table

TEXT = st.text(max_size=12)
VALUE = st.one_of(
    TEXT, st.integers(), st.booleans(), st.none(), st.decimals(allow_nan=False, allow_infinity=False), st.dates(),
    st.datetimes(), st.lists(TEXT, max_size=3).map(tuple), st.text(st.characters(), max_size=4),
)  # fmt: skip
NUMBER = st.integers(1, 2000)
PAIR = st.tuples(NUMBER, NUMBER)
ENTRY = st.builds(Entry, VALUE, TEXT, TEXT, NUMBER, NUMBER, st.sampled_from(["value", "blank", "unknown"]))
ROW = st.builds(
    Row,
    NUMBER,
    st.dictionaries(TEXT, VALUE, max_size=5),
    st.dictionaries(TEXT, TEXT, max_size=5),
    st.frozensets(TEXT, max_size=2),
    st.dictionaries(TEXT, PAIR, max_size=2),
)
ROWS = st.lists(ROW, max_size=3).map(tuple)
PLACE = st.builds(Place, st.none() | TEXT, st.none() | TEXT)
FINDING = st.builds(
    Finding, TEXT, unit=st.none() | TEXT, row=st.none() | NUMBER, col=st.none() | NUMBER, value=TEXT, facts=st.dictionaries(TEXT, TEXT, max_size=2),
    related=st.lists(PLACE, max_size=2).map(tuple), rows=st.lists(NUMBER, max_size=2).map(tuple), first_seen=st.none() | st.tuples(NUMBER, TEXT),
)  # fmt: skip
TABLE = st.builds(
    Table, TEXT, TEXT, TEXT, PAIR, st.dictionaries(TEXT, NUMBER, max_size=2), st.dictionaries(TEXT, TEXT, max_size=2), ROWS, ROWS,
    st.dictionaries(TEXT, ENTRY, max_size=2), st.none() | st.booleans(), blocked=st.lists(TEXT, max_size=2).map(tuple),
)  # fmt: skip
DOCUMENT = st.builds(
    Document, TEXT, TEXT, NUMBER, TEXT, TEXT, st.booleans(), st.lists(TABLE, max_size=2).map(tuple), st.dictionaries(TEXT, ENTRY, max_size=2),
    marks=st.builds(Marks, TEXT, st.lists(TEXT, max_size=2).map(tuple), agree=NUMBER), findings=st.lists(FINDING, max_size=2).map(tuple),
    modified=st.none() | st.datetimes(), members=st.lists(TEXT, max_size=2).map(tuple), cannot_see=st.frozensets(TEXT, max_size=3),
)  # fmt: skip


@settings(deadline=None)
@given(DOCUMENT)
def test_round_trip(document: Document) -> None:
    again = decode(Document, json.loads(json.dumps(encode(document))))
    assert again == document
    for old, new in zip(document.tables, again.tables, strict=True):
        for a, b in zip(old.rows, new.rows, strict=True):
            assert {k: type(v) for k, v in a.values.items()} == {
                k: type(v) for k, v in b.values.items()
            }  # 1 is not True
    pickle.dumps(again)  # a worker may get it


def test_keys_that_are_not_text() -> None:
    past = Past(
        3,
        "h",
        "s",
        date(2020, 1, 1),
        lives={"a": Life((1, "x"), (2, "y"), True, 1, "u")},
        adopted={("u", "F1"): ("a", "b")},
    )
    assert decode(Past, json.loads(json.dumps(encode(past)))) == past
    state = FormState("u", "F1", "s", received=date(2020, 1, 1))
    assert decode(FormState, json.loads(json.dumps(encode(state)))) == state


def test_what_has_no_code_is_refused() -> None:
    with pytest.raises(TypeError):
        encode(Row(1, {"a": object()}, {}))


def document(path: str = "u/a.xlsx") -> Document:
    row = Row(5, {"n": Decimal("1.5"), "d": date(2020, 1, 1), "t": ("a",)}, {"n": "1.5"})
    table = Table("F1", "applications", "s", (3, 4), {"n": 1}, {"n": "N"}, (row,))
    return Document(path, "0" * 64, 3, "xlsx", "readable", tables=(table,), modified=datetime(2020, 1, 1, 3, 4, 5))  # noqa: DTZ001 - a workbook's own property has no zone


def test_cache_gives_back_what_it_got(desk) -> None:
    key = cache_key("u/a.xlsx", "0" * 64, "s", "t", "1.0")
    assert recall(desk.home, key, b"k") is None
    remember(desk.home, key, [document(), document("u/a.zip!b.xlsx")], b"k")
    assert recall(desk.home, key, b"k") == (document(), document("u/a.zip!b.xlsx"))


@pytest.mark.parametrize("spoil", [
    lambda data: b"",
    lambda data: data[:-1],
    lambda data: data[:40] + bytes([data[40] ^ 1]) + data[41:],
    lambda data: data + b"x",
    lambda data: pickle.dumps("x"),
])  # fmt: skip
def test_damaged_or_planted_entries_are_ignored(desk, spoil) -> None:
    key = cache_key("u/a.xlsx", "0" * 64, "s", "t", "1.0")
    remember(desk.home, key, [document()], b"k")
    place = desk.home.cache / key[:2] / key
    place.write_bytes(spoil(place.read_bytes()))
    assert recall(desk.home, key, b"k") is None


def test_an_entry_of_another_home_or_another_file_is_ignored(desk) -> None:
    one, two = (cache_key("u/a.xlsx", sha, "s", "t", "1.0") for sha in ("0" * 64, "1" * 64))
    remember(desk.home, one, [document()], b"k")
    assert recall(desk.home, one, b"other secret") is None
    (desk.home.cache / two[:2]).mkdir(exist_ok=True)
    (desk.home.cache / two[:2] / two).write_bytes((desk.home.cache / one[:2] / one).read_bytes())
    assert recall(desk.home, two, b"k") is None


def test_a_cache_that_cannot_be_written_costs_nothing(desk) -> None:
    desk.home.cache.write_bytes(b"a file where the folder should be")
    key = cache_key("u/a.xlsx", "0" * 64, "s", "t", "1.0")
    remember(desk.home, key, [document()], b"k")
    assert recall(desk.home, key, b"k") is None
