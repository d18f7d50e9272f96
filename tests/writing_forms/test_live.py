"""The formulas of a form, computed by LibreOffice: what stands in the file from the start is what a spreadsheet would show."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from pipeline.book.spec import Book
from pipeline.model import Season, Unit
from pipeline.reading.container import open_book
from pipeline.reading.interpret import interpret
from pipeline.writing.forms import Fill, blank_workbook
from tests.writing_forms.making import applicant, formulas, resident, sheets

GOOD = resident("19700101", 12)
LEAP = resident("20000229", 7)
Office = Callable[[bytes, str], bytes]

ROWS: list[tuple[dict[str, object], str]] = [
    (applicant(), "√"),
    (applicant(name="李四", id_number="11010519491231002x"), "√"),
    (
        applicant(name="王五", id_number=GOOD[:17] + ("1" if GOOD[17] != "1" else "2")),
        "× 证件号码校验码或出生日期不符，请核对证件",
    ),
    (applicant(name="赵六", id_number=resident("19700230", 5)), "× 证件号码校验码或出生日期不符，请核对证件"),
    (applicant(name="钱七", id_number=9.90119700101012e15), "× 证件号码须为文本，请先设为文本格式再重新录入"),
    (applicant(name="孙八", id_number="009901700101012"), "× 证件号码应为18位半角字符，现15位"),
    (applicant(name="周九", id_number="E12345678", id_type="护照"), "√"),
    (applicant(name="吴十", id_number=LEAP, mobile=None, category=None), "× 未填：手机号码、困难类别"),
    ({"name": "郑甲"}, "× 有10项未填（黄格）"),
    (applicant(name="冯乙", id_number=resident("19800101", 3), mobile="1380013800"), "× 手机号码应为11位手机号"),
    (applicant(name="陈丙", id_number=resident("19800101", 4), mobile=13800138000.0), "√"),
    (applicant(name="褚丁", id_number=resident("19800101", 6), amount_requested="500元"), "× 申请金额须为大于0的数字"),
    (applicant(name="卫戊", id_number=resident("19800101", 8), amount_requested=0), "× 申请金额须为大于0的数字"),
    (applicant(name="蒋己", id_number=resident("19800101", 9), aid_type="大病"), "× 帮困项目请从下拉列表选"),
    (applicant(name="沈庚", id_number=resident("19800101", 10), situation="困难"), "× 困难情况说明至少写10个字"),
    (applicant(name="韩辛", id_number=resident("19800101", 11), declaration="□"), "× 告知承诺须选☑"),
    (applicant(name="杨壬", id_number=resident("19800101", 13), cause_main="患重特大疾病"), "▲ 未填：患者、病种"),
    (applicant(name="朱癸", id_number=resident("19800101", 14)), "× 与本表第24行重复"),
    (applicant(name="朱癸", id_number=resident("19800101", 14)), "× 与本表第23行重复"),
    (applicant(name="朱癸", id_number=resident("19800101", 14), aid_type="临时救助"), "√"),
]


def differing(data: bytes, office: Office) -> dict[tuple[str, str], tuple[object, object]]:
    """Formula cells whose value in the file is not what LibreOffice computes."""
    ours, theirs = sheets(data, values=True), sheets(office(data, "xlsx"), values=True)
    found = {}
    for sheet, cell in formulas(data):
        a, b = ours[sheet][cell].value, theirs[sheet][cell].value
        a, b = ("" if a is None else a), ("" if b is None else b)
        same = abs(a - b) < 1e-6 if isinstance(a, int | float) and isinstance(b, int | float) else a == b
        if not same:
            found[sheet, cell] = (a, b)
    return found


def test_each_row_says_what_is_wrong_with_it(unit: Unit, season: Season, book: Book) -> None:
    data = blank_workbook(
        [book.forms["F1"]], unit, season, book, Fill(rows={("F1", "applications"): [row for row, _ in ROWS]})
    )
    ws = sheets(data, values=True)["申报表"]
    col = next(c for c in range(1, 30) if ws.cell(5, c).value == "填表提示")
    assert [ws.cell(6 + i, col).value for i in range(len(ROWS))] == [said for _, said in ROWS]


@pytest.mark.office
def test_rows_and_heads_of_f1_live(unit: Unit, season: Season, book: Book, office: Office) -> None:
    economy = [
        {"household_income_year": 96000, "medical_cost_year": 30000, "education_cost_year": 12000},
        {"household_income_year": 100.55},
        {},
    ]
    gone = [
        {"name": "张三", "id_tail": GOOD[-4:]},
        {"name": "旧人", "id_tail": "0014", "last_amount": 1500.5, "destination": "已脱困"},
        {"name": "别人", "id_tail": "0015"},
    ]
    rows = {("F1", "applications"): [row for row, _ in ROWS], ("F1", "economy"): economy, ("F1", "departures"): gone}
    fill = Fill(
        head={"fill_date": date(2019, 12, 1)}, declared={"F1": "有"}, rows=rows, quota={"一日捐返还款": 1_200_000}
    )
    data = blank_workbook([book.forms["F1"]], unit, season, book, fill)
    assert not differing(data, office)
    shown = sheets(data, values=True)
    assert shown["家庭经济"]["G6"].value == 1500
    assert "还有 1 人未选去向" in str(shown["上年对象去向"]["D3"].value or shown["上年对象去向"]["E3"].value)


@pytest.mark.office
def test_every_blank_form_live(unit: Unit, season: Season, book: Book, office: Office) -> None:
    assert not differing(blank_workbook(list(book.forms.values()), unit, season, book), office)


@pytest.mark.office
def test_sums_words_and_advice_live(unit: Unit, season: Season, book: Book, office: Office) -> None:
    amounts = (1000, 1409, 1409.5, 16409.02, 325.04, 107000.53, 0, 0.5, 0.05, 20030, 10.01, 1000200.3, 100000000)
    paid = [
        {"name": "张三", "id_tail": f"{n:04d}", "aid_type": "节日慰问", "fund": "区教育工会", "amount_due": 1000, "amount_paid": a, "pay_date": date(2020, 1, 20), "pay_method": "现金", "officer1": "李某某", "officer2": "李某某"}
        for n, a in enumerate(amounts)
    ]  # fmt: skip
    channels = dict.fromkeys(
        ("ch_union_day", "ch_red_cross", "ch_charity", "ch_elderly", "ch_army", "ch_education"), 100.25
    )
    given = [
        {"dept": "全校", "headcount": 86, "donors": 90, "keeper": "李某某", "roster_kept": "☑", **channels},
        {"dept": "全校", "donors": 1},
    ]
    confirmed = [
        {"code": "A01", "value": 86, "last_year": 80, "confirmed": "☑"},
        {"code": "C03", "value": 90, "last_year": 0, "correction": 91},
    ]
    rows = {
        ("F3", "payments"): paid,
        ("F2", "donations"): given,
        ("F4", "figures"): confirmed,
        ("F5", "summary"): [{"measures": "逐户走访。"}],
    }
    data = blank_workbook(
        list(book.forms.values()), unit, season, book, Fill(declared={"F2": "无（零报告）"}, rows=rows)
    )
    assert not differing(data, office)
    shown = sheets(data, values=True)
    words = {
        shown["发放登记"].cell(6 + i, 9).value: shown["发放登记"].cell(6 + i, 10).value for i in range(len(amounts))
    }
    assert (
        words[1000] == "壹仟元整"
        and words[16409.02] == "壹万陆仟肆佰零玖元零贰分"
        and words[325.04] == "叁佰贰拾伍元零肆分"
    )
    tips = [str(c.value) for c in shown["汇总表"][6]]
    assert any("捐款人数大于教职工总数" in tip for tip in tips)


@pytest.mark.office
@pytest.mark.parametrize("target", ["xlsx", "xls", "ods"])
def test_a_form_filled_right_is_read_without_a_fault(
    target: str, unit: Unit, season: Season, book: Book, office: Office
) -> None:
    """Filled, saved by LibreOffice in each format and read by the pipeline: repairs at most, and every row is there."""
    rows = [
        applicant(name=name, id_number=resident("19800101", n))
        for n, name in enumerate(("张三", "李四", "王五"), start=20)
    ]
    economy = [{"household_income_year": 60000, "education_cost_year": 12000}] * 3
    fill = Fill(
        head={"fill_date": date(2019, 12, 1)},
        declared={"F1": "有"},
        rows={("F1", "applications"): rows, ("F1", "economy"): economy},
    )
    saved = office(blank_workbook([book.forms["F1"]], unit, season, book, fill), target)
    document = interpret(open_book(f"F1.{target}", saved)[0], book, season)
    assert document.outcome == "readable" and document.marks.agree >= 2
    assert {f.rule for f in document.findings} <= {"WBK-006", "SHT-004", "SHT-015"}
    assert {t.resource: len(t.rows) for t in document.tables} == {"applications": 3, "economy": 3, "departures": 0}
    assert document.head["unit_name"].value == "样例第一小学" and document.declared["F1"].value == "有"


SLIP = {"remit_date": date(2020, 1, 6), "amount": 500, "payer_name": "样例第一小学"}
REFUSED: list[tuple[str, str, dict[str, object], str]] = [
    ("F1", "applications", applicant(household_size=99), "▲ 家庭人口超出1–12，请核对"),
    ("F1", "applications", applicant(household_size=12), "√"),
    ("F2", "slips", SLIP, "√"),
    ("F2", "slips", SLIP | {"remit_date": "2020.1"}, "▲ 汇款日期请写成2020-1-15的样子"),
    ("F2", "slips", SLIP | {"slip_no": 6.222021001012346e18}, "× 回单号须为文本，请先设为文本格式再重新录入"),
]


def filled(form: str, resource: str, row: dict[str, object], unit: Unit, season: Season, book: Book) -> bytes:
    rows: dict[tuple[str, str], list[dict[str, object]]] = {(form, resource): [row]}
    if resource == "economy":
        rows["F1", "applications"] = [applicant()]
    return blank_workbook([book.forms[form]], unit, season, book, Fill(declared={form: "有"}, rows=rows))


@pytest.mark.parametrize(("form", "resource", "row", "said"), REFUSED)
def test_a_pasted_value_the_night_refuses_is_not_fine(
    unit: Unit, season: Season, book: Book, form: str, resource: str, row: dict[str, object], said: str
) -> None:
    """Pasting passes by every drop-down and alert of Excel; the sentence beside the row looks again."""
    title = next(r.title for r in book.forms[form].resources if r.name == resource)
    ws = sheets(filled(form, resource, row, unit, season, book), values=True)[title]
    col = next(c for c in range(1, 30) if ws.cell(5, c).value == "填表提示")
    assert ws.cell(6, col).value == said


@pytest.mark.parametrize(("income", "fine"), [(-100, False), ("九万", False), (96000, True)])
def test_a_sheet_without_a_sentence_is_not_fine_over_a_refused_amount(
    unit: Unit, season: Season, book: Book, income: object, fine: bool
) -> None:
    ws = sheets(filled("F1", "economy", {"household_income_year": income}, unit, season, book), values=True)
    top, cover = (str([c.value for row in ws[n].iter_rows() for c in row]) for n in ("家庭经济", "封面"))
    assert ("√ 已填各行没有发现问题" in top, "√ 已填 1 行" in cover) == (fine, fine)


@pytest.mark.office
@pytest.mark.parametrize(
    ("form", "resource", "row"),
    [
        *((f, r, row) for f, r, row, _ in REFUSED),
        *(("F1", "economy", {"household_income_year": v}) for v in (-1, "九")),
    ],
)
def test_a_refused_value_live(
    unit: Unit, season: Season, book: Book, office: Office, form: str, resource: str, row: dict[str, object]
) -> None:
    assert not differing(filled(form, resource, row, unit, season, book), office)
