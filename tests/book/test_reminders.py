"""Every silence has its own words, before, on and after the deadline."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.book.reminders import reminder
from pipeline.book.spec import Book

DUE = date(2020, 1, 15)


@pytest.mark.parametrize(
    ("state", "day", "says"),
    [
        ("missing", 14, "《捐款表》截止1月15日，尚未收到"),
        ("missing", 15, "今天截止"),
        ("overdue", 16, "已过截止日期1月15日"),
        ("unreadable", 14, "打不开"),
        ("unreadable", 16, "已过截止日期1月15日"),
        ("wrong_form", 15, "不是本次的表"),
        ("returned", 14, "已退回"),
        ("partly", 16, "已过截止日期1月15日"),
    ],
)
def test_each_silence_says_what_to_do(book: Book, state: str, day: int, says: str) -> None:
    text = reminder(book.words["papers"], state, "样例一小", "捐款表", DUE, date(2020, 1, day))
    assert text.startswith("样例一小：") and says in text and "{" not in text


def test_states_that_ask_nothing_of_a_school_remind_nobody(book: Book) -> None:
    words = book.words["papers"]
    silent = {k for k in words["states"] if reminder(words, k, "样例一小", "捐款表", DUE, DUE)}
    assert silent == {"missing", "overdue", "unreadable", "wrong_form", "returned", "partly"}


def test_no_two_texts_are_the_same(book: Book) -> None:
    told = [text for phases in book.words["papers"]["reminders"].values() for text in phases.values()]
    assert len(told) == len(set(told)) == 15
