"""Different people who belong together: declared members, children claimed twice, shared accounts and telephones."""

from __future__ import annotations

from pipeline.people import HINT, LIKELY, SURE, Member, Person, Tables, link

from .conftest import person, rows, valid

WIFE = valid("79010119720304004")
COUPLE = [
    Person("a", "张伟", valid("79010119700103001"), account="6200990000000000001", unit="甲"),
    Person("b", "王芳", WIFE, unit="乙"),
]


def ties(people: list[Person], tables: Tables, members: list[Member] | None = None, own: tuple[str, ...] = ()) -> list:  # type: ignore[type-arg]
    found = link(people, tables, members or (), own_accounts=own)
    assert not found.pairs
    return [(t.kind, t.people, t.grade, t.level) for t in found.ties]


def test_a_spouse_who_applies_elsewhere(tables: Tables) -> None:
    by_number = Member("m", "a", "王芳", "配偶", WIFE)
    by_year = Member("m", "a", "王芳", "妻子", birth_year=1972)
    by_name = Member("m", "a", "王芳", "配偶")
    other_year = Member("m", "a", "王芳", "配偶", birth_year=1980)
    assert ties(COUPLE, tables, [by_number]) == [("spouse", ("a", "b"), SURE, "M7")]
    assert ties(COUPLE, tables, [by_year]) == [("spouse", ("a", "b"), LIKELY, "M7")]
    assert ties(COUPLE, tables, [by_name]) == [("spouse", ("a", "b"), HINT, "M7")]
    assert ties(COUPLE, tables, [other_year]) == []


def test_two_who_declare_each_other(tables: Tables) -> None:
    members = [Member("m1", "a", "王芳", "配偶"), Member("m2", "b", "张伟", "配偶")]
    assert ties(COUPLE, tables, members) == [("spouse", ("a", "b"), LIKELY, "M7")]


def test_a_child_who_works_and_applies(tables: Tables) -> None:
    assert ties(COUPLE, tables, [Member("m", "b", "张伟", "儿子", COUPLE[0].number)])[0][:3] == (
        "child",
        ("a", "b"),
        SURE,
    )


def test_nobody_is_a_member_of_their_own_household(tables: Tables) -> None:
    again = Person("c", "张伟", COUPLE[0].number, unit="丙")
    links = link([COUPLE[0], again], tables, [Member("m", "a", "张伟", "配偶", COUPLE[0].number)])
    assert [p.keys for p in links.pairs] == [("a", "c")]
    assert links.ties == ()


def test_one_child_in_two_families(tables: Tables) -> None:
    child = valid("79010120100506003")
    members = [Member("m1", "a", "张小宝", "子女", child), Member("m2", "b", "张小宝", "儿子", child)]
    assert ties(COUPLE, tables, members) == [("child_twice", ("a", "b"), SURE, "M7")]
    by_year = [
        Member("m1", "a", "张璇璇", "子女", birth_year=2010),
        Member("m2", "b", "张璇璇", "女儿", birth_year=2010),
    ]
    assert ties(COUPLE, tables, by_year) == [("child_twice", ("a", "b"), LIKELY, "M7")]
    unnamed = [Member("m1", "a", "张某", "子女", birth_year=2010), Member("m2", "b", "张某", "子女", birth_year=2010)]
    assert ties(COUPLE, tables, unnamed) == []


def test_accounts_and_telephones(tables: Tables) -> None:
    """
    | 键 | 姓名 | 证件号 | 电话 | 账号 | 户名 |
    |---|---|---|---|---|---|
    | a | 张伟 | 79010119700103001+ | 10123456789 | 6200990000000000001 | |
    | b | 王芳 | 79010219720304004+ | 10123456789 | 6200990000000000002 | |
    | c | 李敏 | 79010319730405005+ | | 6200990000000000001 | |
    | d | 赵勇 | 79010319740506006+ | | 6200990000000000003 | 赵勇 |
    | e | 钱丽 | 79010319750607007+ | | 6200990000000000003 | 赵勇 |
    """
    found = ties([person(r["键"], r) for r in rows(test_accounts_and_telephones.__doc__ or "")], tables)
    assert found == [
        ("account", ("a", "c"), SURE, "M6"),
        ("account", ("d", "e"), HINT, "M6"),
        ("phone", ("a", "b"), HINT, ""),
    ]


def test_an_account_of_declared_spouses_is_explained(tables: Tables) -> None:
    shared = [Person("a", "张伟", COUPLE[0].number, account="6200990000000000001"), Person("b", "王芳", WIFE, account="6200990000000000001")]  # fmt: skip
    assert ("account", ("a", "b"), SURE, "M6") in ties(shared, tables)
    assert ("account", ("a", "b"), HINT, "M6") in ties(shared, tables, [Member("m", "a", "王芳", "配偶", WIFE)])


def test_a_schools_account_among_personal_ones(tables: Tables) -> None:
    own = ties(COUPLE, tables, own=("6200 9900 0000 0000 001",))
    assert own == [("public_account", ("a",), SURE, "M6")]
    many = [
        Person(f"{i}", f"王{c}", valid(f"790101197{i}0304004"), account="6200990000000000001")
        for i, c in enumerate("伟芳敏勇丽静强")
    ]
    assert ties(many, tables)[0][::2] == ("public_account", LIKELY)


def test_rows_of_one_person_share_their_own_account(tables: Tables) -> None:
    twice = [COUPLE[0], Person("c", "张伟", COUPLE[0].number, account=COUPLE[0].account, unit="丙")]
    assert link(twice, tables).ties == ()
