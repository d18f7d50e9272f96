"""The words of matching are read strictly."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from pipeline.book.spec import Book
from pipeline.model import WennuanError
from pipeline.people import Tables, build_tables

SPOIL: dict[str, Callable[[dict[str, Any]], object]] = {
    "parts.number.digit": lambda w: w["people"]["parts"]["number"]["digit"].pop("m"),
    "parts.born.same": lambda w: w["people"]["parts"]["born"]["same"].update(m="-1"),
    "parts.phone.other": lambda w: w["people"]["parts"]["phone"]["other"].update(u="viel"),
    "phone.sometimes": lambda w: w["people"]["parts"]["phone"].update(sometimes={}),
    "thresholds.likely": lambda w: w["people"]["thresholds"].pop("likely"),
    "limits.block": lambda w: w["people"]["limits"].update(block="many"),
    "people": lambda w: w.pop("people"),
    "'readings'": lambda w: w["hanzi"].pop("readings"),
}


@pytest.mark.parametrize("item", SPOIL)
def test_what_is_missing_unknown_or_no_number_is_named(item: str, book: Book) -> None:
    words = {key: deepcopy(book.words[key]) for key in ("people", "hanzi", "lexicon")}
    SPOIL[item](words)
    with pytest.raises(WennuanError) as refused:
        build_tables(words)
    assert (refused.value.key, refused.value.facts["item"]) == ("people_words", item)
    assert {"message", "remedy"} == set(book.words["errors"]["people_words"])


def test_every_level_has_a_sentence_and_agreement_weighs_more_than_difference(tables: Tables) -> None:
    for field, levels in tables.weights.items():
        assert all(w.says for w in levels.values()), field
        if "other" in levels:
            assert levels["same"].bits + (20 if levels["same"].by_name else 0) > 0 > levels["other"].bits


def test_the_character_tables_are_large_and_clean(tables: Tables) -> None:
    hanzi = tables.hanzi
    assert len(hanzi.alike) > 900
    assert all(char not in them for char, them in hanzi.alike.items())
    assert all(char in hanzi.alike[other] for char, them in hanzi.alike.items() for other in them)
    assert all(hanzi.fold.get(ord(simple), simple) == simple for simple in set(hanzi.fold.values()) - {""})
    assert {"单": "shan", "解": "xie", "尉迟": "yuchi", "万俟": "moqi"}.items() <= hanzi.surname.items()
