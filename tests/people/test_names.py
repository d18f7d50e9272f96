"""Names: forms for comparing, and every way two of them agree."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.people import Tables
from pipeline.people.names import NAMELESS, compare_names, differing, name_form, one_digit

from .conftest import rows

PAIRS = """
| 一 | 二 | 程度 |
|---|---|---|
| 张伟 | 张 伟 | same |
| 张伟 | 张伟老师 | same |
| 李四 | 李四（退休） | same |
| 李四 | 李四(1) | same |
| 阿依古丽·买买提 | 阿依古丽•买买提 | same |
| 阿依古丽·买买提 | 阿依古丽．买买提 | same |
| 阿依古丽·买买提 | 阿依古丽 买买提 | variant |
| 陈建国 | 陳建國 | variant |
| 赵哲 | 赵喆 | variant |
| 张峰 | 张峯 | variant |
| 张伟 | 章炜 | sound |
| 单雄 | 善雄 | sound |
| 曾小红 | 增小红 | sound |
| 吕布 | 吕步 | sound |
| 刘己 | 刘已 | shape |
| 未来 | 末来 | shape |
| 王天明 | 玉天名 | mixed |
| 林静 | 凌静 | near |
| 黄丽 | 王莉 | near |
| 张建国 | 张国建 | turned |
| 欧阳修远 | 欧阳修 | short |
| 王凤强 | 王凤 | short |
| 张建国 | 张建军 | one |
| 张建国 | 张丽 | surname |
| 欧阳丽 | 欧阳建国 | surname |
| 欧阳丽 | 欧丽 | short |
| 张伟 | 李娜 | other |
| 张伟 | | |
| 张伟 | 待定 | |
"""


@pytest.mark.parametrize("row", list(rows(PAIRS)), ids=lambda r: f"{r['一']}-{r['二']}")
def test_how_two_names_agree(row: dict[str, str], tables: Tables) -> None:
    a, b = (form(row[side], tables) for side in ("一", "二"))
    assert compare_names(a, b, tables.hanzi) == row["程度"]
    assert compare_names(b, a, tables.hanzi) == row["程度"]


def form(name: str, tables: Tables):  # type: ignore[no-untyped-def]
    return name_form(name, tables.hanzi, tables.lexicon, (9, 20))


def test_what_is_split_off_is_kept(tables: Tables) -> None:
    assert form("张三老师", tables).aside == "老师"
    assert form("李四（退休）", tables).aside == "(退休)"
    assert form("待定", tables) == NAMELESS


def test_a_common_name_says_less_than_a_rare_one(tables: Tables) -> None:
    bits = {name: form(name, tables).bits for name in ("张伟", "王芳", "张建国", "逄喆赟", "阿依古丽·买买提")}
    assert bits["张伟"] < bits["张建国"] < bits["逄喆赟"]
    assert all(9 <= b <= 20 for b in bits.values())


@settings(deadline=None)
@given(st.text(max_size=30), st.text(max_size=30))
def test_any_two_texts_compare_alike_in_both_directions(tables: Tables, a: str, b: str) -> None:
    x, y = form(a, tables), form(b, tables)
    assert compare_names(x, y, tables.hanzi) == compare_names(y, x, tables.hanzi)
    assert compare_names(x, x, tables.hanzi) == ("same" if x.key else "")


@settings(deadline=None)
@given(st.text("0123456789", max_size=12), st.text("0123456789", max_size=12))
def test_the_marked_signs_are_those_that_differ(a: str, b: str) -> None:
    at_a, at_b = differing(a, b)
    kept = ["".join(c for i, c in enumerate(t) if i not in at) for t, at in ((a, at_a), (b, at_b))]
    assert kept[0] == kept[1]
    assert (a == b) == (not at_a and not at_b)
    if one_digit(a, b):
        assert 1 <= len(at_a) <= 2
