"""Register workbooks, blank or made from somebody else's table."""

from __future__ import annotations

from datetime import datetime

import pytest

from pipeline.book.spec import Book
from pipeline.model import Season, Unit, WennuanError
from pipeline.reading.container import open_book
from pipeline.reading.interpret import interpret_office
from pipeline.writing.register_foreign import from_foreign
from pipeline.writing.registers import register_file_name, register_workbook, register_workbooks
from tests.writing_forms.making import sheets

ADDRESSES: list[list[object]] = [
    ["样例区学校通讯录", None, None],
    [],
    ["序号", "学校名称（全称）", "联系人", "手机", "办公电话", "校长"],
    [1, "样例第一小学", "李某某", 13800138000.0, None, "周某某"],
    [2.0, "样例第二小学", "王某某", None, "021-57320000", "吴某某"],
    [None, "样例第二小学", "钱某某", 13900139000.0, None, None],
    ["合计", "2所"],
]


def test_an_address_list_becomes_r1(season: Season, book: Book) -> None:
    rows = from_foreign(ADDRESSES, book.registers["R1"], book, season)
    assert [(r["unit_code"], r["full_name"], r["phones"], r["filler"]) for r in rows] == [
        ("001", "样例第一小学", "13800138000", "李某某"),
        ("002", "样例第二小学", "021-57320000", "王某某"),
    ]


def test_last_years_summary_becomes_r3(season: Season, unit: Unit, book: Book) -> None:
    table: list[list[object]] = [
        ["学校", "姓名", "身份证号", "困难类别", "金额"],
        ["样例一小", "李四", "440524188001010014", "相对困难", 2000.0],
    ]
    rows = from_foreign(table, book.registers["R3"], book, season, [unit])
    assert rows[0]["unit_code"] == "YL001" and str(rows[0]["season"]) == "2019" and rows[0]["amount"] == 2000.0


def test_a_number_whose_last_digits_are_lost_never_becomes_a_plausible_one(book: Book, season: Season) -> None:
    """What somebody typed as 310101196002020117 is a number cell here: nobody can say its last three signs."""
    table = [
        ["年度", "单位代码", "姓名", "证件号码", "金额"],
        [2019.0, "301", "张三", 3.10101196002020e17, 500.0],
        [2019.0, "301", "李四", "440524188001010014", 500.0],
    ]
    rows = from_foreign(table, book.registers["R3"], book, season)
    assert [r["id_number"] for r in rows] == ["3.10101196002020E+17", "440524188001010014"]


def test_a_table_without_our_columns_is_refused(season: Season, book: Book) -> None:
    with pytest.raises(WennuanError, match="foreign_no_header"):
        from_foreign([["甲", "乙"], [1, 2]], book.registers["R1"], book, season)


def test_three_workbooks_with_what_matters_first(season: Season, book: Book) -> None:
    made = register_workbooks(book, season)
    assert set(made) == {"单位与别名.xlsx", "人员.xlsx", "资金与走访.xlsx"}
    names = [n for n in sheets(made["人员.xlsx"]).sheetnames if not n.startswith("_")]
    needs = [next(r.need for r in book.registers.values() if r.title == n) for n in names if n != "填表说明"]
    order = ["先填", "有则填", "可不填"]
    assert needs == sorted(needs, key=order.index) and needs[0] == "先填"


def test_a_register_we_wrote_reads_back(season: Season, book: Book) -> None:
    rows = from_foreign(ADDRESSES, book.registers["R1"], book, season)
    data = register_workbook(["R1"], book, season, {"R1": rows})
    assert sheets(data).sheetnames[0] == "单位名录"
    document = interpret_office(open_book("R1.xlsx", data)[0], book, season)
    assert document.marks.role == "register" and document.marks.forms == ("R1",)
    assert [r.values["full_name"] for r in document.tables[0].rows] == ["样例第一小学", "样例第二小学"]
    assert not [f for f in document.findings if book.rules[f.rule].severity == "error"]


def test_every_register_can_be_built(season: Season, book: Book) -> None:
    for name in book.registers:
        assert sheets(register_workbook([name], book, season)).properties.modified == datetime.fromisoformat(
            "2020-01-01"
        )


def test_unknown_names_and_file_names(season: Season, book: Book) -> None:
    assert register_file_name("R1", book) == "R1_单位名录.xlsx"
    with pytest.raises(WennuanError, match="no_such_register"):
        register_workbook(["R99"], book, season)
