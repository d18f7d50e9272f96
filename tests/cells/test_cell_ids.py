"""Identity numbers, permits, credit codes, cards, telephones: published specimens of domain.md C5 and invented ones."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pipeline.cells.ids import (
    birth,
    check_digit,
    check_id,
    id_key,
    luhn,
    sex,
    to18,
    uscc_check,
    valid_resident,
    valid_uscc,
)
from tests.cells.words import TABLE, read, rules

AREAS = {"009901": (1900, 2100), "110105": (1980, 2100)}
SPECIMENS = [
    "11010519491231002X",
    "440524188001010014",
    "440308199901101512",
    "610104196209276908",
    "810000199408230021",
    "830000199201300022",
]
RESIDENT = "居民身份证"


def invented(born: date, serial: int = 11) -> str:
    first = f"009901{born:%Y%m%d}{serial:03d}"
    return first + check_digit(first)


MANY = st.builds(invented, st.dates(date(1900, 1, 1), date(2020, 1, 1)), st.integers(0, 999))


@pytest.mark.parametrize("number", SPECIMENS)
def test_published_specimens_pass(number: str) -> None:
    assert valid_resident(number)
    assert check_id(number, None, {}, TABLE).state == "value"


def test_birth_sex_and_the_way_from_fifteen() -> None:
    assert to18("610104620927690") == "610104196209276908"
    assert (birth("610104620927690"), sex("610104620927690")) == (date(1962, 9, 27), "female")
    assert (birth("440308199901101512"), sex("440308199901101512")) == (date(1999, 1, 10), "male")
    assert (birth("H0012345600"), sex("H0012345600")) == (None, None)


@given(MANY, st.integers(0, 17), st.sampled_from("0123456789X"))
def test_one_wrong_sign_is_always_seen(number: str, place: int, sign: str) -> None:
    assume(sign != number[place] and (sign != "X" or place == 17))
    changed = number[:place] + sign + number[place + 1 :]
    assert check_digit(changed[:17]) != changed[17]
    assert check_id(changed, RESIDENT, AREAS, TABLE).state == "unknown"


@given(MANY, st.integers(0, 15))
def test_two_neighbours_swapped_are_always_seen(number: str, place: int) -> None:
    assume(number[place] != number[place + 1])
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert not valid_resident(swapped)


@given(MANY)
def test_fifteen_and_eighteen_are_one_person(number: str) -> None:
    assume(number[6:8] == "19")
    assert id_key(number[:6] + number[8:17]) == id_key(number) == number


@pytest.mark.parametrize(
    ("number", "id_type", "verdict"),
    [
        ("11010519491231002X", RESIDENT, []),
        ("440308199901101513", RESIDENT, ["CEL-016"]),
        (invented(date(1970, 1, 1))[:17] + "?", RESIDENT, ["CEL-015"]),
        ("009901197013010118", RESIDENT, ["CEL-018"]),
        ("1101051949123100", RESIDENT, ["CEL-015"]),
        ("E12345678", RESIDENT, ["CEL-015"]),
        ("610104620927690", RESIDENT, ["CEL-020", "CEL-019"]),
        ("440308199901101512", RESIDENT, ["CEL-019"]),
        ("1101O519491231002X", RESIDENT, ["CEL-022"]),
        ("110I0519491231002X", RESIDENT, ["CEL-022"]),
        ("1101O519491231003X", RESIDENT, ["CEL-015"]),
        ("810000199408230021", RESIDENT, []),
        ("810000199408230021", "港澳台居民居住证", []),
        ("11010519491231002X", "港澳台居民居住证", ["CEL-015"]),
        ("H12345678", "港澳居民来往内地通行证", []),
        ("M1234567801", "港澳居民来往内地通行证", []),
        ("H1234567", "港澳居民来往内地通行证", ["CEL-015"]),
        ("12345678", "台湾居民来往大陆通行证", []),
        ("1234567", "台湾居民来往大陆通行证", ["CEL-015"]),
        ("ABC123456789012", "外国人永久居留身份证", []),
        ("E12345678", "护照", []),
        ("EFGHIJKL", "护照", ["CEL-015"]),
        ("11010519491231002X", "护照", ["CEL-015"]),
        ("H12345678", None, []),
        ("", RESIDENT, []),
    ],
)
def test_a_number_against_its_type(number: str, id_type: str | None, verdict: list[str]) -> None:
    typed = check_id(number, id_type, AREAS, TABLE)
    assert rules(typed) == verdict
    assert typed.state == (
        "blank" if not number else "unknown" if set(verdict) & {"CEL-015", "CEL-016", "CEL-018"} else "value"
    )


def test_facts_name_the_type_and_the_last_four_only() -> None:
    assert check_id("123", RESIDENT, {}, TABLE).notes[0].facts == {"id_type": RESIDENT}
    assert check_id("610104620927690", RESIDENT, {}, TABLE).notes[0].facts == {"tail": "6908"}


def test_no_birth_after_the_last_day() -> None:
    number = invented(date(2020, 6, 1))
    assert rules(check_id(number, RESIDENT, AREAS, TABLE, latest=date(2020, 1, 16))) == ["CEL-018"]
    assert rules(check_id(number, RESIDENT, AREAS, TABLE)) == []


def test_matching_keys() -> None:
    assert id_key("H1234567801") == id_key("h12345678 02") == "H12345678"
    assert id_key("1101O519491231002x") == "11010519491231002X"
    assert id_key("E 12345678") == "E12345678"
    assert id_key(None) == id_key("") == ""


@pytest.mark.parametrize("code", ["12310116425012345P", "81310116MJ1234567K"])
def test_credit_codes(code: str) -> None:
    assert valid_uscc(code)
    assert uscc_check(code[:17]) == code[17]
    for place in range(18):
        for sign in "0123456789ABCDEFGHJKLMNPQRTUWXY":
            assert valid_uscc(code[:place] + sign + code[place + 1 :]) == (sign == code[place])
    assert not valid_uscc(code[:17] + "I")


def test_card_numbers() -> None:
    assert luhn("6212345678901234569")
    assert not luhn("6212345678901234568")


@pytest.mark.parametrize(
    ("raw", "number", "verdict"),
    [
        ("11010519491231002X", "11010519491231002X", []),
        ("11010519491231002x", "11010519491231002X", ["CEL-017"]),
        ("11010519491231002×", "11010519491231002X", ["CEL-017"]),
        ("11010519491231002*", "11010519491231002X", ["CEL-017"]),
        ("11010519491231002Ｘ", "11010519491231002X", ["CEL-006"]),
        ("11010519491231002Х", "11010519491231002X", ["CEL-017"]),
        ("440308 19990110 1512", "440308199901101512", ["CEL-005"]),
        ("440308\u200b199901101512", "440308199901101512", ["CEL-005"]),
        ("'440308199901101512", "440308199901101512", ["CEL-005"]),
        ("４４０３０８199901101512", "440308199901101512", ["CEL-006"]),
        ("440308199901101512\n", "440308199901101512", ["CEL-005"]),
        ("h12345678", "H12345678", ["CEL-005"]),
        ("44030819990110151*", None, ["CEL-021"]),
        ("440308********1512", None, ["CEL-021"]),
        ("440308●●●●●●●●1512", None, ["CEL-021"]),
        ("4.40308E+17", None, ["CEL-014"]),
        ("4.40308199901101E+17", None, ["CEL-014"]),
        (4.40308199901101e17, None, ["CEL-013"]),
        (440308199901101512, None, ["CEL-013"]),
        (float("nan"), None, ["CEL-013"]),
        (610104620927690.0, "610104620927690", []),
        (12.5, None, ["CEL-015"]),
        ("同上", None, ["CEL-015"]),
    ],
)
def test_identity_cells(raw: object, number: str | None, verdict: list[str]) -> None:
    typed = read(raw, "id_number")
    assert (typed.value, rules(typed)) == (number, verdict)


def test_a_number_cell_is_judged_by_its_type_even_when_the_check_digit_happens_to_pass() -> None:
    lost = float(int("440308199901101512"))
    assert rules(read(lost, "id_number")) == ["CEL-013"]
    assert "E+17" in read(lost, "id_number").raw


@pytest.mark.parametrize(
    ("raw", "kind", "text", "verdict"),
    [
        ("1512", "tail", "1512", []), ("002x", "tail", "002X", ["CEL-017"]), (1512.0, "tail", "1512", []), (12.0, "tail", None, ["CEL-015"]), ("512", "tail", None, ["CEL-015"]),
        ("13800138000", "mobile", "13800138000", []), (13800138000.0, "mobile", "13800138000", ["CEL-024"]), ("13800138000.0", "mobile", "13800138000", ["CEL-024"]),
        ("+86 138-0013-8000", "mobile", "13800138000", ["CEL-005"]), ("008613800138000", "mobile", "13800138000", ["CEL-005"]), ("１３８00138000", "mobile", "13800138000", ["CEL-006"]),
        ("1380013800", "mobile", "1380013800", ["CEL-023"]), ("12800138000", "mobile", "12800138000", ["CEL-023"]), ("1.38E+10", "mobile", "1.38E+10", ["CEL-023"]), (1380013800.0, "mobile", "1380013800", ["CEL-023"]),
        ("57921234", "phone", "57921234", []), ("021-57921234", "phone", "021-57921234", []), (57921234.0, "phone", "57921234", ["CEL-024"]), ("57921234转802", "phone", "57921234转802", []), ("(021)57921234", "phone", "(021)57921234", []),
        ("13800138000/57921234", "phone", "13800138000、57921234", ["CEL-005"]), ("门卫", "phone", "门卫", ["CEL-023"]),
        ("6212345678901234569", "account", "6212345678901234569", []), ("6212 3456 7890 1234 569", "account", "6212345678901234569", ["CEL-005"]), ("6212345678901234568", "account", "6212345678901234568", ["CEL-027"]),
        ("123456—78901234567", "account", "12345678901234567", ["CEL-005"]), ("123456789", "account", None, ["CEL-026"]), ("6212****4569", "account", None, ["CEL-026"]), ("6.21E+18", "account", None, ["CEL-025"]),
        (6.212345678901234e18, "account", None, ["CEL-025"]), (1234567890.0, "account", "1234567890", ["CEL-024"]),
        ("007", "code_text", "007", []), (7.0, "code_text", "7", ["CEL-024"]), (1e18, "code_text", None, ["CEL-025"]), (" P-017 ", "code_text", "P-017", ["CEL-005"]), ("6.2E+18", "code_text", None, ["CEL-025"]),
    ],
)  # fmt: skip
def test_numbers_that_are_texts(raw: object, kind: str, text: str | None, verdict: list[str]) -> None:
    typed = read(raw, kind)
    assert (typed.value, rules(typed)) == (text, verdict)
