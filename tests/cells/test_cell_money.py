"""Money in, fen out, and back: digits, words, marks; never a float, never a guess."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cells import Kind
from pipeline.cells.money import LIMIT, fen_text, parse_number, parse_words, plain, words
from pipeline.cells.read import read_cell
from tests.cells.words import TABLE

FEN = st.integers(0, LIMIT - 1)
MONEY = Kind("money", lexicon=TABLE)


@pytest.mark.parametrize(
    ("raw", "fen", "rules"),
    [
        (3000.0, 300000, []),
        (1234.5, 123450, []),
        ("3000", 300000, []),
        ("0", 0, []),
        ("500元", 50000, ["CEL-029"]),
        ("￥500", 50000, ["CEL-029"]),
        ("¥ 1,000.00", 100000, ["CEL-029"]),
        ("1,000.00", 100000, ["CEL-029"]),
        ("1,0000", 1000000, ["CEL-029"]),
        ("1 000", 100000, ["CEL-005"]),
        ("５００", 50000, ["CEL-006"]),
        ("'500", 50000, ["CEL-005"]),
        ("500元整", 50000, ["CEL-029"]),
        ("人民币500元。", 50000, ["CEL-029"]),
        ("伍佰元整", 50000, ["CEL-029"]),
        ("三千", 300000, ["CEL-029"]),
        ("500（伍佰元整）", 50000, ["CEL-029"]),
        ("伍佰元整（500元）", 50000, ["CEL-029"]),
        ("1.5E+3", 150000, ["CEL-029"]),
        ("3万元", 3000000, ["CEL-030"]),
        ("1.25万", 1250000, ["CEL-030"]),
        ("0.05", 5, ["CEL-030"]),
        (0.05, 5, ["CEL-030"]),
        (333.3300000001, 33333, ["CEL-029"]),
        (1.1 + 2.2, 330, ["CEL-029"]),
        (333.335, 33334, ["CEL-032"]),
        ("333.333", 33333, ["CEL-032"]),
        (-500.0, -50000, []),
        ("-500", -50000, []),
        ("负500元", -50000, ["CEL-029"]),
    ],
)
def test_amounts_that_can_be_read(raw: object, fen: int, rules: list[str]) -> None:
    typed = read_cell(raw, MONEY)
    assert (typed.state, typed.value, [note.rule for note in typed.notes]) == ("value", fen, rules)
    assert all(note.new == plain(fen) for note in typed.notes)


@pytest.mark.parametrize(
    "raw",
    ["约500", "500-1000", "500+米油", "500/人", "500左右", "12,34", "1.000.00", "500（陆佰元整）", "(500)", "￥", "元", "一二", "三千五", "abc", "500 600元元",
     float("nan"), float("inf"), -float("inf"), 1e308, 1e14, "1E99", "9" * 40, True, "同上", "$500", "五百-六百"],
)  # fmt: skip
def test_amounts_nobody_can_read_are_one_error(raw: object) -> None:
    typed = read_cell(raw, MONEY)
    assert (typed.state, typed.value, [note.rule for note in typed.notes]) == ("unknown", None, ["CEL-028"])


def test_small_amounts_may_be_allowed() -> None:
    assert read_cell(0.35, Kind("money", lexicon=TABLE, small=0)).notes == ()


@pytest.mark.parametrize(
    ("fen", "text", "also"),
    [
        (100000, "壹仟元整", "壹仟元正"),
        (140950, "壹仟肆佰零玖元伍角", "壹仟肆佰零玖元伍角整"),
        (1640902, "壹万陆仟肆佰零玖元零贰分", "人民币壹万陆仟肆佰零玖元零贰分"),
        (32504, "叁佰贰拾伍元零肆分", "叁佰贰拾伍圆零肆分"),
        (10700053, "壹拾万柒仟元伍角叁分", "壹拾万柒仟元零伍角叁分"),
        (0, "零元整", "零元整"),
        (53, "伍角叁分", "零元伍角叁分"),
        (5, "伍分", "零元零伍分"),
        (1000, "壹拾元整", "拾元整"),
        (100100, "壹仟零壹元整", "壹仟零壹元整"),
        (10001000, "壹拾万零壹拾元整", "拾万零拾元整"),
        (10**12, "壹佰亿元整", "壹佰億圓整"),
        (-50000, "负伍佰元整", "負伍佰元整"),
    ],
)
def test_words_of_the_payment_rules(fen: int, text: str, also: str) -> None:
    assert words(fen, TABLE) == text
    assert parse_words(text, TABLE) == (fen, True)
    assert parse_words(also, TABLE) == (fen, True)


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("一千元", 100000),
        ("壹千圆", 100000),
        ("两百块", 20000),
        ("五毛", 50),
        ("三千", 300000),
        ("十元", 1000),
        ("二十五元五毛", 2550),
    ],
)
def test_words_not_allowed_on_a_receipt_are_read_but_told_apart(text: str, fen: int) -> None:
    assert parse_words(text, TABLE) == (fen, False)
    typed = read_cell(text, Kind("words", lexicon=TABLE))
    assert typed.value == words(fen, TABLE)
    assert [note.rule for note in typed.notes] == ["CEL-029"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "元",
        "整",
        "壹贰元",
        "佰佰元",
        "壹拾仟元",
        "壹元元",
        "壹元贰",
        "壹元叁角贰",
        "万元",
        "三千五",
        "壹元壹元",
        "伍元abc",
        "负",
        "壹万壹万元",
        "亿万元",
    ],
)
def test_what_is_no_amount_in_words(text: str) -> None:
    assert parse_words(text, TABLE) is None


@given(FEN)
def test_words_and_fen_are_one(fen: int) -> None:
    assert parse_words(words(fen, TABLE), TABLE) == (fen, True)


@given(FEN, st.sampled_from(["{}", "￥{}", "{}元", " {} ", "人民币{}元", "{}元整"]))
def test_every_written_form_of_an_amount_gives_the_same_fen(fen: int, form: str) -> None:
    for text in (plain(fen), fen_text(fen)):
        assert read_cell(form.format(text), MONEY).value == fen


@given(st.integers(-(10**13), 10**13))
def test_a_double_of_cents_gives_its_cents_back(fen: int) -> None:
    assert read_cell(float(Decimal(fen) / 100), MONEY).value == fen


@given(st.integers(-(10**15), 10**15))
def test_printed_amounts(fen: int) -> None:
    assert Decimal(plain(fen)) * 100 == fen
    assert fen_text(fen).replace(",", "") == plain(fen)


def test_printed_amounts_as_people_expect_them() -> None:
    assert (fen_text(123450), fen_text(-5), plain(123450), plain(-5), fen_text(0)) == (
        "1,234.50",
        "-0.05",
        "1234.50",
        "-0.05",
        "0.00",
    )


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("十二", 12),
        ("二十", 20),
        ("一百零三", 103),
        ("两", 2),
        ("零", 0),
        ("三百二十万", 3200000),
        ("十一二", None),
        ("百", None),
        ("三百五", None),
        ("", None),
    ],
)
def test_whole_numbers_in_words(text: str, number: int | None) -> None:
    assert parse_number(text, TABLE) == number


@pytest.mark.parametrize(
    ("raw", "number", "rules"),
    [
        (3.0, 3, []), ("3", 3, []), ("3.0", 3, []), ("3人", 3, ["CEL-029"]), ("三", 3, ["CEL-029"]), ("十二名", 12, ["CEL-029"]), ("２", 2, ["CEL-006"]), ("1,200人", 1200, ["CEL-029"]),
        ("83人次", 83, ["CEL-029"]), (2.5, None, ["CEL-028"]), ("3-4", None, ["CEL-028"]), ("约3", None, ["CEL-028"]), (float("inf"), None, ["CEL-028"]), (1e300, None, ["CEL-028"]),
    ],
)  # fmt: skip
def test_counts(raw: object, number: int | None, rules: list[str]) -> None:
    typed = read_cell(raw, Kind("integer", lexicon=TABLE))
    assert (typed.value, [note.rule for note in typed.notes]) == (number, rules)


@pytest.mark.parametrize(
    ("raw", "share"),
    [
        ("85%", "0.85"),
        ("85％", "0.85"),
        (0.85, "0.85"),
        (85.0, "0.85"),
        ("12.5 %", "0.125"),
        (1.0, "1"),
        ("0.5", "0.5"),
        (0.1 + 0.2, "0.3"),
    ],
)
def test_shares(raw: object, share: str) -> None:
    assert read_cell(raw, Kind("percent", lexicon=TABLE)).value == Decimal(share)


def test_a_running_number_never_holds_a_row_back() -> None:
    kind = Kind("seq", lexicon=TABLE)
    assert [read_cell(raw, kind).state for raw in (1.0, "1", "例", "1-1", float("nan"))] == [
        "value",
        "value",
        "blank",
        "blank",
        "blank",
    ]
