"""A blank form as Excel sees it: what is locked, listed, printed, marked, and what it shows before anybody computes."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from datetime import date, datetime

import openpyxl
import pytest

from pipeline.book.spec import Book
from pipeline.model import Season, Unit, WennuanError
from pipeline.writing.forms import Fill, blank_workbook, form_file_name
from tests.writing_forms.making import applicant, formulas, load, resident, sheets

ALL = ("F1", "F2", "F3", "F4", "F5")
LATER = re.compile(r"\b(LET|XLOOKUP|FILTER|TEXTJOIN|SEQUENCE|CONCAT|IFS|UNIQUE|SORT|INDIRECT|OFFSET)\(")


def build(name: str, unit: Unit | None, season: Season, book: Book, fill: Fill | None = None) -> bytes:
    return blank_workbook([book.forms[name]], unit, season, book, fill)


@pytest.mark.parametrize("name", ALL)
def test_cover_first_then_help_then_the_forms_own_sheets(name: str, unit: Unit, season: Season, book: Book) -> None:
    workbook = sheets(build(name, unit, season, book))
    own = [r.title for r in book.forms[name].resources if r.on]
    assert workbook.sheetnames == ["封面", "填表说明", *own, "_码表", "_wennuan"]
    assert [ws.title for ws in workbook if ws.sheet_state != "visible"] == ["_码表", "_wennuan"]
    assert workbook.active.title == "封面"


@pytest.mark.parametrize("name", ALL)
def test_every_sheet_is_protected_without_a_password_and_stays_usable(
    name: str, unit: Unit, season: Season, book: Book
) -> None:
    for ws in sheets(build(name, unit, season, book)):
        assert ws.protection.sheet and not ws.protection.password, ws.title
        if ws.sheet_state == "visible":
            assert not ws.protection.formatColumns and not ws.protection.formatRows and not ws.protection.sort
            assert ws.protection.insertRows and ws.protection.deleteRows


@pytest.mark.parametrize("name", ALL)
def test_prints_on_a4_landscape_one_page_wide_with_heads_repeated(
    name: str, unit: Unit, season: Season, book: Book
) -> None:
    for ws in sheets(build(name, unit, season, book)):
        if ws.sheet_state != "visible":
            continue
        upright = ws.title == "填表说明"
        assert (ws.page_setup.paperSize, ws.page_setup.orientation, ws.page_setup.fitToWidth or 1) == (
            9,
            "portrait" if upright else "landscape",
            1,
        ), ws.title
        assert ws.sheet_properties.pageSetUpPr.fitToPage
        assert ws.print_area, ws.title
    for resource in book.forms[name].resources:
        if resource.on and resource.layout == "rows":
            assert ws.parent[resource.title].print_title_rows == "$4:$5"


@pytest.mark.parametrize("name", ALL)
def test_three_carriers_say_who_made_it(name: str, unit: Unit, season: Season, book: Book) -> None:
    workbook = sheets(build(name, unit, season, book))
    expected = {"role": "form", "forms": name, "unit": "YL001", "season": "2020", "version": book.forms[name].version}
    hidden = {row[0].value: row[1].value for row in workbook["_wennuan"].iter_rows(max_col=2)}
    properties = {p.name: p.value for p in workbook.custom_doc_props.props}
    for key, value in expected.items():
        assert hidden[key] == value
        assert properties[f"wn_{key}"] == value
        assert workbook.defined_names[f"_wn_{key}"].attr_text == f'"{value}"'
    assert workbook.properties.creator == "样例区教育工会"


@pytest.mark.parametrize("name", ALL)
def test_nothing_runs_and_nothing_links_outside(name: str, unit: Unit, season: Season, book: Book) -> None:
    data = build(name, unit, season, book)
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        assert not [
            p for p in parts.namelist() if "vba" in p.lower() or "external" in p.lower() or "connection" in p.lower()
        ]
        rels = "".join(parts.read(p).decode() for p in parts.namelist() if p.endswith(".rels"))
    assert 'TargetMode="External"' not in rels
    assert not [f for f in formulas(data).values() if LATER.search(f)]


@pytest.mark.parametrize("name", ALL)
def test_excels_own_limits(name: str, unit: Unit, season: Season, book: Book) -> None:
    """Validation formulas 255 signs, cell formulas 8192, messages 255, titles 32; names never look like a cell address."""
    data = build(name, unit, season, book)
    workbook = sheets(data)
    assert max((len(f) for f in formulas(data).values()), default=0) < 8192
    for ws in workbook:
        for rule in ws.data_validations.dataValidation:
            assert (
                len(rule.formula1 or "") <= 255 and len(rule.prompt or "") <= 255 and len(rule.promptTitle or "") <= 32
            )
    assert all("_" in label or label.startswith("_") for label in workbook.defined_names)


@pytest.mark.parametrize("name", ALL)
def test_no_formula_shows_a_zero_before_anybody_computes(name: str, unit: Unit, season: Season, book: Book) -> None:
    data = build(name, unit, season, book)
    shown = sheets(data, values=True)
    stale = {(sheet, cell) for sheet, cell in formulas(data) if shown[sheet][cell].value == 0}
    assert not stale


@pytest.mark.parametrize("name", ALL)
def test_no_merged_cell_inside_the_rows(name: str, unit: Unit, season: Season, book: Book) -> None:
    workbook = sheets(build(name, unit, season, book))
    for resource in book.forms[name].resources:
        if resource.on and resource.layout == "rows":
            merged = [
                m
                for m in workbook[resource.title].merged_cells.ranges
                if m.min_row <= 5 + max(resource.blank_rows, 1) and m.max_row >= 6
            ]
            assert not merged


def test_code_columns_drop_down_from_named_lists(unit: Unit, season: Season, book: Book) -> None:
    workbook = sheets(build("F1", unit, season, book))
    rules = {str(r.sqref).split(":")[0]: r for r in workbook["申报表"].data_validations.dataValidation}
    fields = book.forms["F1"].main.active
    for col, field in enumerate(fields, start=1):
        rule = rules.get(workbook["申报表"].cell(6, col).coordinate)
        if field.kind != "code":
            continue
        assert rule is not None and rule.type == "list" and rule.errorStyle in (None, "stop")
        reference = workbook.defined_names[rule.formula1].attr_text
        sheet, _, span = reference.replace("'", "").replace("$", "").partition("!")
        assert tuple(c[0].value for c in workbook[sheet][span]) == book.codes[field.codes].values


def test_ids_are_text_columns_without_green_triangles_and_only_warned_about(
    unit: Unit, season: Season, book: Book
) -> None:
    data = build("F1", unit, season, book)
    ws = sheets(data)["申报表"]
    col = next(c for c in range(1, 30) if ws.cell(5, c).value == "证件号码")
    cell = ws.cell(6, col)
    assert cell.number_format == "@" and not cell.protection.locked
    rule = next(r for r in ws.data_validations.dataValidation if str(r.sqref).startswith(cell.coordinate))
    assert (rule.type, rule.errorStyle) == ("custom", "warning")
    assert "id_pos" in rule.formula1 and "ROW(" not in rule.formula1
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        xml = parts.read("xl/worksheets/sheet3.xml").decode()
    assert f"{cell.coordinate}:" in re.search(r'<ignoredError sqref="([^"]*)" numberStoredAsText="1"', xml)[1]  # type: ignore[index]


def test_heads_are_locked_and_inputs_open(unit: Unit, season: Season, book: Book) -> None:
    ws = sheets(build("F1", unit, season, book))["申报表"]
    for col, field in enumerate(book.forms["F1"].main.active, start=1):
        assert ws.cell(5, col).protection.locked
        assert ws.cell(6, col).protection.locked == bool(field.computed)


def test_what_the_office_knows_is_filled_in_and_shut(unit: Unit, season: Season, book: Book) -> None:
    ws = sheets(build("F2", unit, season, book))["封面"]
    found = {row[0].value: row[1] for row in ws.iter_rows(min_row=7, max_row=20, max_col=2)}
    assert found["填报单位"].value == "样例第一小学" and found["填报单位"].protection.locked
    assert found["填表人"].value == "李某某" and not found["填表人"].protection.locked
    assert sheets(build("F2", unit, season, book))["汇总表"]["C6"].value == 86


def test_without_a_unit_the_head_is_open(season: Season, book: Book) -> None:
    ws = sheets(build("F1", None, season, book))["封面"]
    cell = next(row[1] for row in ws.iter_rows(min_row=7, max_row=20, max_col=2) if row[0].value == "填报单位")
    assert cell.value is None and not cell.protection.locked


def test_values_stay_what_they_are(unit: Unit, season: Season, book: Book) -> None:
    rows = [
        applicant(id_number=9.90119700101012e15, name="=1+1", mobile=13800138000.0),
        applicant(situation=None, id_type=None),
    ]
    ws = sheets(build("F1", unit, season, book, Fill(rows={("F1", "applications"): rows})))["申报表"]
    columns = {ws.cell(5, c).value: c for c in range(1, 25)}
    first = {title: ws.cell(6, col) for title, col in columns.items()}
    assert first["证件号码"].value == 9.90119700101012e15 and first["证件号码"].data_type == "n"
    assert first["姓名"].value == "=1+1" and first["姓名"].data_type == "s"
    assert first["证件类型"].value == "居民身份证"
    assert ws.cell(7, columns["证件类型"]).value is None and ws.cell(7, columns["困难情况说明"]).value is None


def test_a_keys_preset_stands_only_in_the_first_row(unit: Unit, season: Season, book: Book) -> None:
    ws = sheets(build("F2", unit, season, book))["汇总表"]
    assert [ws.cell(r, 2).value for r in (6, 7, 8)] == ["全校", None, None]


def test_the_quota_stands_on_top(unit: Unit, season: Season, book: Book) -> None:
    fill = Fill(rows={("F1", "applications"): [applicant()]}, quota={"一日捐返还款": 1_200_000})
    shown = sheets(build("F1", unit, season, book, fill), values=True)["申报表"]
    texts = " ".join(str(c.value) for c in shown[3] if c.value)
    assert "可用额度 12,000.00 元，还可申请 9,000.00 元" in texts and "申请金额合计 3,000.00 元" in texts


def test_more_rows_than_blank_ones_all_fit(unit: Unit, season: Season, book: Book) -> None:
    rows = [applicant(name=f"教工{n}", id_number=resident("19700101", n)) for n in range(1, 61)]
    ws = sheets(build("F1", unit, season, book, Fill(rows={("F1", "applications"): rows})), values=True)["申报表"]
    assert ws.cell(65, 1).value == 60 and ws.cell(66, 1).value == "合计"


def test_a_field_switched_on_brings_its_column(unit: Unit, season: Season) -> None:
    wide = replace(season, fields_on={"F1": frozenset({"sex", "birth_month", "fund", "members"})})
    workbook = sheets(
        build("F1", unit, wide, load(wide), Fill(rows={("F1", "applications"): [applicant()]})), values=True
    )
    assert "家庭成员" in workbook.sheetnames
    row = {workbook["申报表"].cell(5, c).value: workbook["申报表"].cell(6, c).value for c in range(1, 28)}
    assert row["性别"] == "女" and row["出生年月"] == "1970.01"


def test_the_lump_variant_shows_one_sum(unit: Unit, season: Season) -> None:
    lump = replace(season, channels="lump")
    ws = sheets(build("F2", unit, lump, load(lump)))["汇总表"]
    titles = {c.value for row in ws["A4:Z5"] for c in row}
    assert "捐款总额" in titles and "工会一日捐" not in titles


def test_equal_values_give_equal_bytes(unit: Unit, season: Season, book: Book) -> None:
    assert build("F1", unit, season, book) == build("F1", unit, season, book)
    when = datetime.fromisoformat("2020-01-03T09:30")
    made = build("F1", unit, season, book, Fill(modified=when))
    assert sheets(made).properties.modified == when


def test_several_forms_in_one_workbook_keep_their_sheets_apart(unit: Unit, season: Season, book: Book) -> None:
    workbook = sheets(blank_workbook(list(book.forms.values()), unit, season, book))
    assert len(workbook.sheetnames) == len(set(workbook.sheetnames))


def test_nothing_to_build_is_the_offices_mistake(season: Season, book: Book) -> None:
    with pytest.raises(WennuanError, match="nothing_to_build"):
        blank_workbook([], None, season, book)


@pytest.mark.parametrize(
    ("names", "day", "expected"),
    [
        (["F1"], date(2019, 12, 1), "F1_困难教工帮困申报表_样例一小_20191201.xlsx"),
        (["F3"], None, "F3_慰问金发放登记表_样例一小.xlsx"),
        (["F4", "F5"], None, "F4F5_四_样例一小.xlsx"),
    ],
)
def test_file_names(
    names: list[str], day: date | None, expected: str, *, unit: Unit, season: Season, book: Book
) -> None:
    assert form_file_name([book.forms[n] for n in names], unit, season, day) == expected


def test_a_cover_with_one_form_speaks_of_no_second_one(unit: Unit, season: Season, book: Book) -> None:
    cover = openpyxl.load_workbook(io.BytesIO(blank_workbook([book.forms["F4"]], unit, season, book)))["封面"]
    steps = [str(c.value) for row in cover.iter_rows(max_row=6) for c in row if str(c.value).startswith("③")]
    assert len(steps) == 1 and "两张" not in steps[0] and "填写情况" in steps[0]
