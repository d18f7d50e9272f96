"""The ladder of domain.md C4, one table a rung: every two lines are the two rows of one pair."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pipeline.people import HINT, LIKELY, SURE, Tables, link

from .conftest import person, rows

GRADE = {"确定": SURE, "疑似": LIKELY, "提示": HINT}


def m1() -> None:
    """
    | 姓名 | 证件号 | 单位 | 判断 | 说明 |
    |---|---|---|---|---|
    | 张伟 | 79010119850312402+ | 甲 | M1 确定 | 证件号相同；姓名相同；出生日期相同 |
    | 张伟 | 79010119850312402+ | 乙 | | |
    | 张伟 | 79010119850312402+ | 甲 | M1 确定 | 证件号相同（一为15位旧号）；姓名同音；出生日期相同 |
    | 章伟 | 790101850312402 | 甲 | | |
    | 陈建国 | 79010119700101123+ | 甲 | M1 确定 | 证件号相同；姓名仅繁简、异体或间隔点不同；出生日期相同 |
    | 陳 建國老师 | 79010119700101123+ | 甲 | | |
    | 阿依古丽·买买提 | 79010119700101124+ | 甲 | M1 确定 | 证件号相同；姓名仅繁简、异体或间隔点不同；出生日期相同 |
    | 阿依古丽买买提 | 79010119700101124+ | 甲 | | |
    | 欧阳修远 | 79010119700101126+ | 甲 | M1 确定 | 证件号相同；姓名有缺字或多字；出生日期相同 |
    | 欧阳修 | 79010119700101126+ | 乙 | | |
    | 刘强 | H12345678 | 甲 | M1 确定 | 证件号主体相同（换证号不同）；姓名相同 |
    | 刘强 | H1234567801 | 乙 | | |
    | 王芳 | 79010119700101125+ | 甲 | M1 疑似 | 证件号相同；同姓不同名；出生日期相同 |
    | 王淑英 | 79010119700101125+ | 甲 | | |
    | 王芳 | 790101197001011259 | 甲 | M1 确定 | 证件号相同；姓名相同；出生日期相同 |
    | 王芳 | 790101197001011259 | 甲 | | |
    """


def m2() -> None:
    """
    | 姓名 | 证件号 | 判断 | 说明 | 有误 |
    |---|---|---|---|---|
    | 张伟 | 790101198503124022 | M2 疑似 | 证件号仅第14位不同；姓名相同；出生日期仅一位不同；另一行的证件号有误 | b |
    | 张伟 | 790101198503134022 | | | |
    | 张伟 | 790101198503124202 | M2 疑似 | 证件号第16位与第17位颠倒；姓名相同；出生日期相同；本行的证件号有误 | a |
    | 张伟 | 79010119850312402+ | | | |
    | 张伟 | 790101198503124021 | M2 疑似 | 证件号仅校验位不同；姓名相同；出生日期相同；本行的证件号有误 | a |
    | 张伟 | 79010119850312402+ | | | |
    | 张伟 | 79010119850312402+ | M2 疑似 | 证件号仅第15位不同；姓名相同；出生日期相同；另一行的证件号有误 | b |
    | 张伟 | 790101850312502 | | | |
    | 张伟 | 790101198503124021 | M2 疑似 | 证件号仅第17位不同；姓名相同；出生日期相同；两个证件号都校验不符 | both |
    | 张伟 | 790101198503124051 | | | |
    | 张伟 | 79010119850312402+ | M2 疑似 | 证件号缺位，其余15位相同；姓名相同；出生日期相同 | b |
    | 张伟 | 7.90101198503124E+17 | | | |
    | 张伟 | 79010119850312402+ | M2 疑似 | 证件号缺位，其余15位相同；姓名相同；出生日期相同 | b |
    | 张伟 | 790101198503124000 | | | |
    | 张伟 | 79010119850312402+ | M2 疑似 | 证件号缺位，其余15位相同；姓名相同；出生日期相同 | b |
    | 张伟 | 790101198503123968 | | | |
    | 张伟 | 79010119850312402+ | M2 疑似 | 证件号缺位，其余17位相同；姓名相同 | b |
    | 张伟 | 79010119850312402 | | | |
    | 张伟 | 79010119850311402+ | M2 疑似 | 证件号中的月、日颠倒；姓名相同；出生日期月、日颠倒；另一行的证件号有误 | b |
    | 张伟 | 790101198511034028 | | | |
    """


def m3() -> None:
    """
    | 姓名 | 证件号 | 出生 | 电话 | 判断 | 说明 |
    |---|---|---|---|---|---|
    | 王芳 | 79010119700102001+ | | | M3 提示 | 证件号不同且都有效；姓名相同；出生日期相同；同名同日生而证件号都有效，多为重名 |
    | 王芳 | 79010219700102124+ | | | | |
    | 王芳 | 79010119700102001+ | | 10123456789 | M3 疑似 | 证件号不同且都有效；姓名相同；出生日期相同；电话相同 |
    | 王芳 | 79010219700102124+ | | 10123456789 | | |
    | 王芳 | 79010119700102001+ | | | M3 疑似 | 姓名相同；出生日期相同 |
    | 王芳 | | 1970-01-02 | | | |
    | 王芳 | | 1970-01-02 | | M3 疑似 | 姓名相同；出生日期月、日颠倒 |
    | 王芳 | | 1970-02-01 | | | |
    """


def m4() -> None:
    """
    | 姓名 | 证件号 | 单位 | 判断 | 说明 |
    |---|---|---|---|---|
    | 王芳 | 79010119700102001+ | 甲 | M4 疑似 | 姓名相同 |
    | 王芳 | | 甲 | | |
    """


def m4_tail() -> None:
    """
    | 姓名 | 证件号 | 后四位 | 单位 | 判断 | 说明 |
    |---|---|---|---|---|---|
    | 王芳 | 790101197001020018 | | 甲 | M4 疑似 | 证件号后四位相同；姓名相同 |
    | 王芳 | | 0018 | 甲 | | |
    | 逄喆 | 790101197001020018 | | 甲 | M4 疑似 | 证件号后四位相同；姓名相同 |
    | 逄喆 | | 0018 | 乙 | | |
    | 王芳 | 790101197001020018 | | 甲 | | |
    | 王芳 | | 0026 | 甲 | | |
    """


def m5() -> None:
    """
    | 姓名 | 证件号 | 电话 | 账号 | 判断 | 说明 |
    |---|---|---|---|---|---|
    | 章蕾 | 79010119700102001+ | 10123456789 | 6200990000000000001 | M5 疑似 | 姓名同音；电话相同；账号相同 |
    | 张蕾 | | 10123456789 | 6200990000000000001 | | |
    | 王天 | 79010119700102001+ | 10123456789 | | M5 提示 | 姓名字形相近；电话相同 |
    | 王夫 | | 10123456789 | | | |
    """


def nobody() -> None:
    """
    | 姓名 | 证件号 | 电话 | 账号 | 单位 | 判断 | 说明 |
    |---|---|---|---|---|---|---|
    | 张伟 | 79010119850312402+ | | | 甲 | | |
    | 张伟 | 79010119790820123+ | | | 甲 | | |
    | 李大双 | 79010119700103001+ | 10139001390 | | 甲 | | |
    | 李小双 | 79010119700103002+ | 10139001390 | | 乙 | | |
    | 赵勇 | 79010119700103001+ | 10139001390 | 6200990000000000001 | 甲 | | |
    | 钱丽 | 79010219710203004+ | 10139001390 | 6200990000000000001 | 乙 | | |
    | 赵勇 | 79010119700103001+ | 10139001390 | | 甲 | | |
    | 赵敏 | 79010119730405004+ | 10139001390 | | 甲 | | |
    | 张伟 | 无 | | | 甲 | | |
    | 李丽 | 无 | | | 甲 | | |
    | 张伟 | 000000000000000000 | | | 甲 | | |
    | 李丽 | 000000000000000000 | | | 乙 | | |
    """


@pytest.mark.parametrize("rung", [m1, m2, m3, m4, m4_tail, m5, nobody], ids=lambda f: f.__name__)
def test_every_rung_says_what_the_table_says(rung: Callable[[], None], tables: Tables) -> None:
    lines = list(rows(rung.__doc__ or ""))
    for first, second in zip(lines[::2], lines[1::2], strict=True):
        found = link([person("a", first), person("b", second)], tables).pairs
        if not first["判断"]:
            assert found == (), (first, second, found)
            continue
        level, grade = first["判断"].split()
        assert [(p.level, p.grade, p.says) for p in found] == [(level, GRADE[grade], first["说明"])], (first, second)
        assert first.get("有误", found[0].wrong) == found[0].wrong


def test_a_number_that_is_wrong_is_named_and_its_sign_marked(tables: Tables) -> None:
    """
    | 姓名 | 证件号 |
    |---|---|
    | 张伟 | 79010119850312402+ |
    | 章伟 | 790101198503124522 |
    """
    (pair,) = link(people_of(test_a_number_that_is_wrong_is_named_and_its_sign_marked), tables).pairs
    marks = {d.field: (d.at_a, d.at_b) for d in pair.differences}
    assert pair.wrong == "b"
    assert marks["number"] == ((15,), (15,))
    assert marks["name"] == ((0,), (0,))
    assert sum(p.weight for p in pair.parts) == pytest.approx(pair.score, abs=0.3)


def people_of(test: object) -> list:  # type: ignore[type-arg]
    return [person(str(i), row) for i, row in enumerate(rows(getattr(test, "__doc__", "") or ""))]


def test_no_sentence_shows_a_sign_of_a_number(tables: Tables) -> None:
    for rung in (m1, m2, m3, m4, m5):
        lines = list(rows(rung.__doc__ or ""))
        for first, second in zip(lines[::2], lines[1::2], strict=True):
            for pair in link([person("a", first), person("b", second)], tables).pairs:
                digits = "".join(c if c.isdigit() else " " for c in pair.says).split()
                assert all(len(d) < 3 for d in digits), pair.says


def test_numbers_exchanged_between_neighbours(tables: Tables) -> None:
    """
    | 键 | 姓名 | 证件号 | 表 | 行 |
    |---|---|---|---|---|
    | a1 | 张伟 | 79010119850312402+ | 花名册 | 7 |
    | a2 | 王芳 | 79010219700102124+ | 花名册 | 30 |
    | b1 | 张伟 | 79010219700102124+ | 申报表 | 5 |
    | b2 | 王芳 | 79010119850312402+ | 申报表 | 6 |
    | b3 | 李敏 | 79010119900102124+ | 申报表 | 7 |
    """
    test = test_numbers_exchanged_between_neighbours
    found = link([person(row["键"], row) for row in rows(test.__doc__ or "")], tables).pairs
    assert {p.keys for p in found} == {("a1", "b1"), ("a2", "b2")}
    assert all(p.grade == LIKELY and "互换" in p.says and p.wrong == "b" for p in found)


def test_names_exchanged_between_neighbours(tables: Tables) -> None:
    """The telephone tells that the names moved, not the numbers.

    | 键 | 姓名 | 证件号 | 电话 | 表 | 行 |
    |---|---|---|---|---|---|
    | a1 | 张伟 | 79010119850312402+ | 10123456789 | 花名册 | 7 |
    | a2 | 王芳 | 79010219700102124+ | 10123456790 | 花名册 | 30 |
    | b1 | 王芳 | 79010119850312402+ | 10123456789 | 申报表 | 5 |
    | b2 | 张伟 | 79010219700102124+ | 10123456790 | 申报表 | 6 |
    """
    test = test_names_exchanged_between_neighbours
    found = link([person(row["键"], row) for row in rows(test.__doc__ or "")], tables).pairs
    assert {p.keys for p in found} == {("a1", "b1"), ("a2", "b2")}
    assert all("姓名与同表相邻行互换" in p.says for p in found)


def test_of_two_partners_who_are_proven_different_the_likelier_wins(tables: Tables) -> None:
    """A twin's second row with a wrong number belongs to the twin who bears its name.

    | 键 | 姓名 | 证件号 | 电话 |
    |---|---|---|---|
    | a1 | 李大双 | 79010119700103001+ | 10139001390 |
    | a2 | 李小双 | 79010119700103002+ | 10139001390 |
    | b | 李大双 | | 10139001390 |
    """
    test = test_of_two_partners_who_are_proven_different_the_likelier_wins
    found = link([person(row["键"], row | {"出生": "1970-01-03"}) for row in rows(test.__doc__ or "")], tables).pairs
    assert [p.keys for p in found if p.grade == LIKELY] == [("a1", "b")]
    assert all(p.note == "absorbed" for p in found if p.grade == HINT)
