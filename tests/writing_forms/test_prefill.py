"""What the office already knows stands in the form before the school opens it."""

from __future__ import annotations

from decimal import Decimal

from pipeline.book.spec import Book
from pipeline.model import Office, Place, Registered, Row, Season, Unit
from pipeline.writing.forms import blank_workbook, prefill
from tests.writing_forms.making import sheets


def register(name: str, *rows: dict[str, object]) -> Registered:
    return Registered(name, tuple(Row(6 + n, values, {}) for n, values in enumerate(rows)), (Place(),) * len(rows))


def person(**values: object) -> dict[str, object]:
    return {
        "season": "2019",
        "unit_code": "YL001",
        "name": "李四",
        "id_number": "440524188001010014",
        "category": "相对困难",
        "amount": 200_000,
    } | values


def test_last_years_people_once_each_with_their_sum(unit: Unit, season: Season, book: Book) -> None:
    rows = [
        person(),
        person(amount=50_000),
        person(name="走了", exit_reason="调离"),
        person(season="2018", name="更早"),
        person(unit_code="YL002", name="别校"),
    ]
    fill = prefill(unit, [book.forms["F1"]], Office(registers={"R3": register("R3", *rows)}), season, book)
    assert list(fill.rows["F1", "departures"]) == [
        {"name": "李四", "id_tail": "0014", "last_category": "相对困难", "last_amount": Decimal(2500)}
    ]


def test_without_r3_the_sheet_stays_open_and_with_nobody_it_says_so(unit: Unit, season: Season, book: Book) -> None:
    form = book.forms["F1"]
    blank = sheets(blank_workbook([form], unit, season, book, prefill(unit, [form], Office(), season, book)))[
        "上年对象去向"
    ]
    assert not blank["A6"].protection.locked and not blank["A10"].protection.locked
    nobody = Office(registers={"R3": register("R3", person(unit_code="YL002"))})
    told = sheets(blank_workbook([form], unit, season, book, prefill(unit, [form], nobody, season, book)), values=True)[
        "上年对象去向"
    ]
    assert "本单位没有需要填的人员" in " ".join(str(c.value) for c in told[3])


def test_decided_rows_become_locked_payments(unit: Unit, season: Season, book: Book) -> None:
    decided = {
        "unit_code": "YL001",
        "name": "张三",
        "id_tail": "002X",
        "staff_status": "退休",
        "aid_type": "节日慰问",
        "fund": "区教育工会",
        "amount_approved": 100_050,
    }
    office = Office(
        approvals=(
            Row(6, decided, {}),
            Row(7, decided | {"unit_code": "YL002"}, {}),
            Row(8, decided | {"amount_approved": None}, {}),
        )
    )
    form = book.forms["F3"]
    fill = prefill(unit, [form], office, season, book)
    assert len(fill.rows["F3", "payments"]) == 1
    data = blank_workbook([form], unit, season, book, fill)
    ws, shown = sheets(data)["发放登记"], sheets(data, values=True)["发放登记"]
    titles = {ws.cell(5, c).value: c for c in range(1, 30)}
    assert [ws.cell(6, titles[t]).value for t in ("姓名", "证件后四位", "帮困项目", "资金来源", "应发金额")] == [
        "张三",
        "002X",
        "节日慰问",
        "区教育工会",
        1000.5,
    ]
    assert (
        all(ws.cell(6, titles[t]).protection.locked for t in ("姓名", "应发金额", "层级"))
        and not ws.cell(6, titles["实发金额"]).protection.locked
    )
    assert shown.cell(6, titles["层级"]).value == "区级" and ws.cell(7, 1).value == "合计"


def test_figures_are_confirmed_not_typed(unit: Unit, season: Season, book: Book) -> None:
    form = book.forms["F4"]
    figures = {"A01": {"value": 86, "last_year": 80}, "C03": {"value": Decimal("1234.50")}}
    ws = sheets(
        blank_workbook([form], unit, season, book, prefill(unit, [form], Office(), season, book, figures=figures))
    )["数据汇总"]
    by_code = {row[0].value: row for row in ws.iter_rows(min_row=6, max_row=80)}
    titles = [c.value for c in ws[5]]
    value = titles.index("本年")
    assert by_code["A01"][value].value == 86 and by_code["A01"][value].protection.locked
    assert by_code["C03"][value].number_format == "#,##0.00"
    assert by_code["G01"][value].value is None and not by_code["G01"][value].protection.locked


def test_the_quota_of_the_unit_comes_from_r5(unit: Unit, season: Season, book: Book) -> None:
    rows = [
        {"unit_code": "YL001", "fund": "一日捐返还款", "budget": 1_200_000},
        {"fund": "区教育工会", "budget": 9_900_000},
        {"unit_code": "YL002", "fund": "一日捐返还款", "budget": 1},
    ]
    fill = prefill(unit, [book.forms["F1"]], Office(registers={"R5": register("R5", *rows)}), season, book)
    assert dict(fill.quota) == {"一日捐返还款": 1_200_000}
