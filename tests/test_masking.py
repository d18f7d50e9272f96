"""Who may read what: the table of domain.md E2, row by row."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.masking import AUDIENCES, L0, L1, L2, OWN, mask, mask_text
from tests.cells.words import TABLE

ID = "440308199901101512"


@pytest.mark.parametrize(
    ("what", "value", "own", "travels", "board"),
    [
        ("name", "张三", "张三", "张*", "张*"),
        ("name", "张三丰", "张三丰", "张*丰", "张*"),
        ("name", "欧阳小明", "欧阳小明", "欧**明", "欧*"),
        ("name", "阿卜杜拉·买买提", "阿卜杜拉·买买提", "阿*", "阿*"),
        ("id", ID, "**************1512", "**************1512", ""),
        ("id", "H1234567801", "*******7801", "*******7801", ""),
        ("id", "1512", "****", "****", ""),
        ("id", "4.40308199901101E+17", "*" * 20, "*" * 20, ""),
        ("tail", "1512", "1512", "1512", ""),
        ("account", "6212345678901234569", "***************4569", "***************4569", ""),
        ("mobile", "13800138000", "138****8000", "138****8000", ""),
        ("mobile", "021-57921234", "********1234", "********1234", ""),
        ("address", "金山区石化街道某路1弄2号", "金山区石化街道***", "金山区石化街道***", ""),
        ("address", "某路1弄2号", "***", "***", ""),
        ("birth", date(1968, 5, 1), "1968", "1968", ""),
        ("birth", "1968.05", "1968", "1968", ""),
        ("health", "恶性肿瘤", "因病", "因病", ""),
        ("health", "子女上学", "因学", "因学", ""),
        ("health", "无劳动能力", "因残", "因残", ""),
        ("health", "离异单亲", "其他", "其他", ""),
        (
            "free",
            f"证件{ID}，电话13800138000",
            "证件**************1512，电话138****8000",
            "证件**************1512，电话138****8000",
            "证件**************1512，电话138****8000",
        ),
        ("", "5000.00", "5000.00", "5000.00", "5000.00"),
        ("name", None, "", "", ""),
    ],
)
def test_the_table(what: str, value: object, own: str, travels: str, board: str) -> None:
    full = value.isoformat() if isinstance(value, date) else value or ""
    assert [mask(value, what, audience, TABLE) for audience in (L0, OWN, L1, L2)] == [full, own, travels, board]


def test_an_unknown_audience_reads_nothing() -> None:
    with pytest.raises(KeyError):
        mask("张三", "name", "everyone")


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("610104620927690", "***********7690"),
        ("F1_11010519491231002x.xlsx", "F1_**************002x.xlsx"),
        (
            "卡6212 3456 7890 1234 569。",
            "卡*******************569。".replace("*******************569", "*" * 19 + " 569"),
        ),
        ("440308 19990110 1512", "****************1512"),
        ("４４０３０８１９９９０１１０１５１２", "**************１５１２"),
        ("4.40308199901101E+17", "*" * 20),
        ("通行证H1234567801", "通行证*******7801"),
        ("2020-01-15 发放 3000.00 元，凭证 20200114001", "2020-01-15 发放 3000.00 元，凭证 20200114001"),
        ("共86人", "共86人"),
    ],
)
def test_numbers_in_free_text(text: str, masked: str) -> None:
    assert mask_text(text) == masked


@given(st.text("0123456789Xx年张,.- "), st.text("0123456789", min_size=15, max_size=22), st.text("张,. "))
def test_no_long_number_survives(before: str, number: str, after: str) -> None:
    assert not re.search("[0-9]{15}", mask_text(before + number + after))


@given(
    st.text(),
    st.sampled_from(["name", "id", "tail", "account", "mobile", "address", "birth", "health", "free", "amount"]),
    st.sampled_from(AUDIENCES),
)
def test_masking_never_raises_nor_lengthens_a_number(text: str, what: str, audience: str) -> None:
    hidden = mask(text, what, audience, TABLE)
    assert what not in ("id", "account", "mobile") or len(hidden) <= len(text)


@given(st.from_regex(r"[1-9][0-9]{16}[0-9X]", fullmatch=True))
def test_only_the_last_four_of_an_id_are_shown(number: str) -> None:
    for audience in (OWN, L1):
        assert mask(number, "id", audience) == "*" * 14 + number[-4:]


def test_an_error_value_names_nobody() -> None:
    """What a formula shows when it failed is what the school has to look for."""
    assert [mask("#N/A", what, L1, TABLE) for what in ("mobile", "id", "name")] == ["#N/A"] * 3
    assert mask("#13800138000", "mobile", L1, TABLE) != "#13800138000"
