"""Identity numbers: what a cell's text still says, and how two of them agree."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.cells.ids import check_digit
from pipeline.people.numbers import (
    LOST,
    SUSPECT,
    UNPROVEN,
    VALID,
    WRONG,
    compare_numbers,
    number_form,
)

from .conftest import rows, valid

FORMS = """
| 写作 | 状态 | 号码 | 出生 |
|---|---|---|---|
| 11010519491231002X | valid | 11010519491231002X | 19491231 |
| 11010519491231002x | valid | 11010519491231002X | 19491231 |
| １１０１０５１９４９１２３１００２Ｘ | valid | 11010519491231002X | 19491231 |
| 11010519491231002× | valid | 11010519491231002X | 19491231 |
| 11010519491231002* | valid | 11010519491231002X | 19491231 |
| '110105 19491231 002X | valid | 11010519491231002X | 19491231 |
| 110105491231002 | unproven | 11010519491231002X | 19491231 |
| 440308199901101512 | valid | 440308199901101512 | 19990110 |
| 440308199901101513 | wrong | 440308199901101513 | 19990110 |
| 440308199913101513 | wrong | 440308199913101513 | |
| 4.40308199901101E+17 | lost | 440308199901101??? | 19990110 |
| 4.40308E+17 | lost | 440308???????????? | |
| 440308199901101000 | lost | 440308199901101??? | 19990110 |
| 440308199901100992 | lost | 440308199901101??? | 19990110 |
| 440308********1512 | lost | 440308????????1512 | |
| 810000199408230021 | valid | 810000199408230021 | 19940823 |
| H1234567801 | unproven | | |
| E12345678 | unproven | | |
| 44030819990110151 | wrong | | |
| 无 | | | |
| 见附件 | | | |
| 1234 | | | |
| | | | |
"""


@pytest.mark.parametrize("row", list(rows(FORMS)), ids=lambda r: r["写作"])
def test_what_a_cell_still_says(row: dict[str, str]) -> None:
    form = number_form(row["写作"])
    assert (form.state, form.digits, form.born) == (row["状态"], row["号码"], row["出生"])


def test_a_permit_is_known_by_its_lifelong_part() -> None:
    assert number_form("H1234567801").key == number_form("h12345678").key == "H12345678"
    assert compare_numbers(number_form("H1234567801"), number_form("H12345678")).level == "same"
    assert compare_numbers(number_form("H12345678"), number_form("H12345679")).level == "digit"
    assert compare_numbers(number_form("H12345678"), number_form(valid("79010119850312402"))).level == "other_kind"


DATES = st.dates(date(1930, 1, 1), date(2005, 12, 31))
NUMBERS = st.builds(lambda d, s: valid(f"790101{d:%Y%m%d}{s:03d}"), DATES, st.integers(1, 998))


@settings(deadline=None)
@given(NUMBERS, st.integers(0, 17), st.sampled_from("0123456789X"))
@example("790101200206063008", 0, "0")  # next to a double, but no number cell begins with a nought
def test_one_wrong_sign_is_found_and_laid_at_the_right_door(number: str, at: int, sign: str) -> None:
    """MOD 11-2: two valid numbers never differ by one sign."""
    wrong = number[:at] + sign + number[at + 1 :]
    if wrong == number or (sign == "X" and at < 17) or number_form(number).state != VALID:
        return
    form = number_form(wrong)
    assert form.state in (WRONG, LOST)
    found = compare_numbers(number_form(number), form)
    if form.state == WRONG:
        assert (found.level, found.at, found.wrong) == (
            "check" if at == 17 else "serial" if at > 13 else "digit",
            (at + 1,),
            "b",
        )
        assert compare_numbers(form, number_form(number)).wrong == "a"
    else:
        assert found.level in ("lost", "lost_near")


@settings(deadline=None)
@given(NUMBERS, st.integers(0, 15))
def test_two_neighbours_exchanged(number: str, at: int) -> None:
    wrong = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    form = number_form(wrong)
    if wrong == number or form.state != WRONG or number_form(number).state != VALID:
        return
    found = compare_numbers(number_form(number), form)
    assert (found.level, found.at, found.wrong) == ("swap", (at + 1, at + 2), "b")


@settings(deadline=None)
@given(NUMBERS, NUMBERS)
def test_two_valid_numbers_are_never_one_slip_apart(a: str, b: str) -> None:
    x, y = number_form(a), number_form(b)
    if x.state == y.state == VALID:
        assert compare_numbers(x, y).level == ("same" if a == b else compare_numbers(y, x).level)
        assert compare_numbers(x, y).level in ("same", "clash", "turned", "two")


@settings(deadline=None)
@given(NUMBERS)
def test_fifteen_digits_are_the_same_number(number: str) -> None:
    if number[6:8] == "19":
        short = number_form(number[:6] + number[8:17])
        assert (short.state, short.key) == (UNPROVEN, number)
        assert compare_numbers(short, number_form(number)).level == "same"


@settings(deadline=None)
@given(NUMBERS)
def test_what_a_spreadsheet_cut_is_never_taken_for_a_number(number: str) -> None:
    whole = number_form(number)
    for text in (number[:15] + "000", str(int(float(number[:15] + "000"))), f"{number[0]}.{number[1:15]}E+17"):
        form = number_form(text)
        if form.state == SUSPECT or text == number or whole.state != VALID:
            continue
        assert form.digits == number[:15] + "???"
        assert compare_numbers(form, whole).level == "lost"
        assert compare_numbers(form, whole).wrong == "a"


def test_a_twin_has_a_number_of_his_own() -> None:
    day = date(1970, 1, 3)
    for n in range(300):
        born = f"{day + timedelta(days=n):%Y%m%d}"
        a, b = (number_form(valid(f"790101{born}{s:03d}")) for s in (n + 100, n + 101))
        assert compare_numbers(a, b).level in ("clash", "cut")
        assert check_digit(a.digits[:17]) == a.digits[17]


@settings(deadline=None)
@given(st.text(max_size=40))
def test_any_text_is_a_number_form(text: str) -> None:
    form = number_form(text)
    assert form.state in ("", VALID, SUSPECT, UNPROVEN, WRONG, LOST)
    assert len(form.digits) in (0, 18)
