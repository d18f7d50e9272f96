"""Dates and months in every written form."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cells import Kind, Typed
from pipeline.cells.read import read_cell
from tests.cells.words import TABLE

SEASON = Kind("date", lexicon=TABLE, years=(2019, 2020))
MONTH = Kind("month", lexicon=TABLE, years=(2019, 2020))
JAN15 = date(2020, 1, 15)
HAN = "〇一二三四五六七八九"


def seen(typed: Typed) -> tuple[object, list[str]]:
    return typed.value, [note.rule for note in typed.notes]


@pytest.mark.parametrize(
    "raw",
    ["2020.1.15", "2020年1月15日", "2020/1/15", "20200115", "2020-01-15 00:00:00", "二〇二〇年一月十五日", "2020年元月15日", "2020-1-15", "2020．1．15", "２０２０－０１－１５", "2020 1 15", "2020年1月15号",
     "2020年1月15日（星期三）", "2020-01-15T08:30:00Z", "2020年01月15", "2020. 1. 15.", "1/15/2020", "15/1/2020", "'2020-1-15", "43845", 43845.0, 20200115.0, "二零二零年元月十五日"],
)  # fmt: skip
def test_one_day_many_ways(raw: object) -> None:
    typed = read_cell(raw, SEASON)
    assert seen(typed) == (JAN15, ["CEL-034"])
    assert typed.notes[0].new == "2020-01-15"


@pytest.mark.parametrize("raw", ["2020-01-15", JAN15, datetime.fromisoformat("2020-01-15")])
def test_a_plain_date_needs_no_note(raw: object) -> None:
    assert seen(read_cell(raw, SEASON)) == (JAN15, [])


@pytest.mark.parametrize(
    ("raw", "day"),
    [
        ("1月15日", JAN15),
        ("1/15", JAN15),
        ("1.15", JAN15),
        ("元月15日", JAN15),
        ("12-24", date(2019, 12, 24)),
        ("十二月二十四日", date(2019, 12, 24)),
        ("20.1.15", JAN15),
        ("19年12月24日", date(2019, 12, 24)),
    ],
)
def test_a_missing_year_is_the_seasons_and_said(raw: str, day: date) -> None:
    assert seen(read_cell(raw, SEASON)) == (day, ["CEL-035"])


@pytest.mark.parametrize(
    "raw",
    ["2020年1月中旬", "同上", "〃", "1115日前", "1115日", "623日", "15日", "2020-02-30", "2019-02-29", "2020年13月1日", "1/5/2020", "2020.1", "2020年1月", "202001", "12月15-20日", "2020-1-15至2020-1-20", "春节前", "abc",
     "18991231", "2101-01-01", "2020-1-15-1", "20200230", "1月32日", "0-0-0", "九九", "十", "2020年年1月15日日", True, time(1, 0), timedelta(days=1), datetime.fromisoformat("1900-02-28"), float("nan"), 1e300],
)  # fmt: skip
def test_what_is_no_day(raw: object) -> None:
    typed = read_cell(raw, SEASON)
    assert typed.state == "unknown"
    assert seen(typed) == (None, ["CEL-033"])


def test_ditto_can_be_told_from_rubbish() -> None:
    assert read_cell("同上", SEASON).is_ditto
    assert read_cell("〃", Kind("code", lexicon=TABLE, codes=("资金",))).is_ditto
    assert not read_cell("春节前", SEASON).is_ditto


@pytest.mark.parametrize(
    ("serial", "day"),
    [(43815, date(2019, 12, 16)), (43831, date(2020, 1, 1)), (43845, JAN15), (43847, date(2020, 1, 17)), (43890, date(2020, 2, 29)), (43891, date(2020, 3, 1)), (7306, date(1920, 1, 1)), (73415, date(2100, 12, 31)),
     (25000, date(1968, 6, 11)), (43845.75, JAN15), (0, None), (1, None), (59, None), (60, None), (61, None), (623, None), (1115, None), (7305, None), (-1, None), (-43845, None), (73416, None), (2958465, None), (2958466, None), (1e18, None)],
)  # fmt: skip
def test_day_numbers(serial: float, day: date | None) -> None:
    assert read_cell(float(serial), SEASON).value == day


def test_day_numbers_of_1904() -> None:
    kind = Kind("date", lexicon=TABLE, date1904=True)
    assert read_cell(42383.0, kind).value == JAN15
    assert read_cell(43845.0 - 1462, kind).value == JAN15


@pytest.mark.parametrize(
    ("raw", "day"),
    [(2020.1, None), (1.15, JAN15), (1.1, None), (1.5, date(2020, 1, 5)), (12.24, date(2019, 12, 24)), (12.3, None)],
)
def test_decimals_are_a_doubt(raw: float, day: date | None) -> None:
    typed = read_cell(raw, SEASON)
    assert seen(typed) == (day, ["CEL-036"])
    assert typed.state == ("value" if day else "unknown")


def in_a_cell_of_dates(number: float, kind: Kind) -> object:
    """What a workbook hands over for a number with the style of a date; Excel counts a 29 February 1900."""
    if kind.date1904:
        moment = datetime(1904, 1, 1) + timedelta(days=number)  # noqa: DTZ001
    else:
        moment = datetime(1899, 12, 30 + (number < 60)) + timedelta(days=number)  # noqa: DTZ001
    return moment if number % 1 else moment.date()


@pytest.mark.parametrize("date1904", [False, True])
@pytest.mark.parametrize(
    ("number", "raw", "day", "rule"),
    [
        (2020.1, "2020.1", None, "CEL-036"),
        (2019.12, "2019.12", None, "CEL-036"),
        (2020, "2020", None, "CEL-033"),
        (202001, "202001", None, "CEL-033"),
        (20201.15, "20201.15", None, "CEL-033"),
        (1.15, "1.15", JAN15, "CEL-036"),
        (1.1, "1.1", None, "CEL-036"),
        (12.24, "12.24", date(2019, 12, 24), "CEL-036"),
    ],
)
def test_a_number_typed_into_a_cell_of_dates(
    number: float, raw: str, day: date | None, rule: str, date1904: bool
) -> None:
    """It shows a day of 1900 or 1905 there, which nobody meant."""
    kind = replace(SEASON, date1904=date1904, since=1960)
    typed = read_cell(in_a_cell_of_dates(number, kind), kind)
    assert (typed.raw, *seen(typed)) == (raw, day, [rule])


@pytest.mark.parametrize("day", [date(1910, 5, 5), date(1919, 12, 31), date(1955, 4, 22), date(1968, 5, 1)])
def test_days_of_birth_reach_back(day: date) -> None:
    assert seen(read_cell(day, SEASON)) == (day, [])


@pytest.mark.parametrize("day", [date(1955, 4, 22), date(2120, 1, 1)])
def test_a_day_no_season_has_is_quoted_as_the_cell_shows_it(day: date) -> None:
    typed = read_cell(day, replace(SEASON, since=1960))
    assert (typed.raw, *seen(typed)) == (day.isoformat(), None, ["CEL-033"])


@pytest.mark.parametrize("number", [1968.05, 196805.0])
def test_a_month_typed_as_a_number_into_a_cell_of_dates(number: float) -> None:
    typed = read_cell(in_a_cell_of_dates(number, MONTH), MONTH)
    assert typed.value == date(1968, 5, 1)


@pytest.mark.parametrize("raw", [1.45, 2.31, 13.5])
def test_decimals_that_are_no_day(raw: float) -> None:
    assert read_cell(raw, SEASON).state == "unknown"


@pytest.mark.parametrize(
    ("raw", "rules"),
    [("1968.05", []), ("1968-05", []), (1968.05, []), ("1968.5", ["CEL-034"]), ("1968年5月", ["CEL-034"]), ("一九六八年五月", ["CEL-034"]), ("196805", ["CEL-034"]), (196805.0, ["CEL-034"]), (1968.5, ["CEL-034"]), ("1968-05-03", ["CEL-034"]),
     (datetime.fromisoformat("1968-05-01"), []), (date(1968, 5, 31), []), (24960.0, ["CEL-034"]), ("１９６８．０５", ["CEL-006"])],
)  # fmt: skip
def test_months(raw: object, rules: list[str]) -> None:
    assert seen(read_cell(raw, MONTH)) == (date(1968, 5, 1), rules)


def test_a_month_that_may_be_january_or_october() -> None:
    assert seen(read_cell(1968.1, MONTH)) == (None, ["CEL-036"])
    assert seen(read_cell(1968.13, MONTH)) == (None, ["CEL-033"])
    assert read_cell(1968.11, MONTH).value == date(1968, 11, 1)


def in_han(day: date) -> str:
    def tens(number: int) -> str:
        return ("" if number < 10 else ("" if number < 20 else HAN[number // 10]) + "十") + (
            HAN[number % 10] if number % 10 else ""
        )

    return "".join(HAN[int(sign)] for sign in f"{day.year:04d}") + f"年{tens(day.month)}月{tens(day.day)}日"


FORMS = [
    lambda d: d.isoformat(),
    lambda d: f"{d.year}.{d.month}.{d.day}",
    lambda d: f"{d.year}/{d.month:02d}/{d.day:02d}",
    lambda d: f"{d.year}年{d.month}月{d.day}日",
    lambda d: f"{d.year} 年 {d.month} 月 {d.day} 日",
    lambda d: f"{d:%Y%m%d}",
    lambda d: f"{d.isoformat()} 12:30:00",
    in_han,
    lambda d: float((d - date(1899, 12, 30)).days),
    lambda d: datetime.combine(d, time()),
]


@given(st.dates(date(1920, 1, 1), date(2100, 12, 31)), st.sampled_from(FORMS))
def test_every_day_in_every_form(day: date, form) -> None:  # type: ignore[no-untyped-def]
    assert read_cell(form(day), SEASON).value == day


@given(st.dates(date(2019, 7, 1), date(2020, 6, 30)), st.sampled_from(["{}月{}日", "{}.{}", "{}/{}", "{}-{}"]))
def test_every_day_of_the_season_without_its_year(day: date, form: str) -> None:
    typed = read_cell(form.format(day.month, day.day), SEASON)
    assert (typed.value, typed.notes[0].rule) == (day, "CEL-035")
