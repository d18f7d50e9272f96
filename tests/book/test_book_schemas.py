"""The shipped forms and registers are complete, readable on paper and mean one thing each."""

from __future__ import annotations

import json
import pickle
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import jsonschema
import pytest

from pipeline.book.fields import fold
from pipeline.book.spec import COMPUTED, Book, Field, Register, Resource
from pipeline.cells.lexicon import build_lexicon
from pipeline.cells.read import read_cell
from pipeline.cells.typed import Kind

ERRORS = {
    "CEL-002",
    "CEL-003",
    "CEL-010",
    "CEL-013",
    "CEL-014",
    "CEL-015",
    "CEL-016",
    "CEL-018",
    "CEL-021",
    "CEL-025",
    "CEL-026",
    "CEL-028",
    "CEL-033",
    "CEL-037",
    "CEL-038",
}
PERSONAL = {
    "name": "name",
    "id_number": "id",
    "tail": "id",
    "account": "account",
    "mobile": "mobile",
    "phone": "mobile",
    "signature": "name",
}
PRINTED_WIDTH = 220  # Excel characters of a sheet shrunk to A4 landscape that a school clerk still reads


def sheets(book: Book) -> Iterator[tuple[str, Resource]]:
    for form in book.forms.values():
        yield from ((f"{form.name}.{r.name}", r) for r in form.resources)
    yield from ((r.name, r.resource) for r in book.registers.values())


def every_field(book: Book) -> Iterator[tuple[str, Field]]:
    yield from ((f"cover.{f.name}", f) for f in book.head)
    for name, sheet in sheets(book):
        yield from ((f"{name}.{f.name}", f) for f in sheet.fields)


def test_all_forms_and_registers_are_there(book: Book) -> None:
    assert list(book.forms) == ["F1", "F2", "F3", "F4", "F5"]
    assert [r for r in book.registers if r.startswith("R")] == [f"R{n}" for n in range(1, 15)]
    shown = {r.resource.title for r in book.registers.values() if r.name.startswith("待核查.")}
    assert shown == {"重复", "去向", "文件认领", "版本", "到账", "收单登记", "其他决定"}
    assert {"综合平衡表", "发送清单"} <= set(book.registers)
    assert len(book.rules) >= 230


def test_a_required_field_says_how_to_fill_it(book: Book) -> None:
    lacking = [name for name, f in every_field(book) if f.required and not (f.example and f.hint)]
    assert lacking == []


def test_an_optional_field_of_a_form_has_a_hint(book: Book) -> None:
    typed = [
        (f"{form.name}.{f.name}", f)
        for form in book.forms.values()
        for r in form.resources
        for f in r.fields
        if not f.computed
    ]
    assert [name for name, f in typed if not f.hint] == []


def test_every_example_is_read_as_a_value(book: Book) -> None:
    lexicon = build_lexicon(book.words["lexicon"])
    wrong = []
    for name, f in every_field(book):
        listed = book.codes.get(f.codes)
        kind = Kind(
            f.kind, codes=listed.values if listed else (), synonyms=listed.synonyms if listed else {}, lexicon=lexicon
        )
        for shown in {f.example, f.preset} - {""}:
            typed = read_cell(shown, kind)
            if typed.state != "value" or ERRORS & {n.rule for n in typed.notes}:
                wrong.append((name, shown, typed))
    assert wrong == []


def test_examples_keep_their_own_limits(book: Book) -> None:
    for name, f in every_field(book):
        if f.example and f.min_length:
            assert f.min_length <= len(f.example) <= (f.max_length or 10**6), name


def test_a_printed_sheet_fits_a_page(book: Book) -> None:
    widths = {
        f"{form.name}.{r.name}": sum(f.width for f in r.active)
        for form in book.forms.values()
        for r in form.resources
        if r.layout == "rows"
    }
    assert {name: w for name, w in widths.items() if w > PRINTED_WIDTH} == {}


def test_no_head_is_wider_than_its_column_allows(book: Book) -> None:
    """A head may wrap onto three lines, two Excel characters for each Chinese one."""
    for form in book.forms.values():
        for sheet in form.resources:
            for f in sheet.active:
                assert len(f.title) * 2 <= f.width * 3, f"{form.name}.{f.name}"


def test_headers_lead_to_one_field(book: Book) -> None:
    for name, sheet in sheets(book):
        words = Counter(w for f in sheet.fields for w in {fold(f.title), *map(fold, f.synonyms)})
        assert [w for w, n in words.items() if n > 1] == [], name


def test_sheet_and_form_names_lead_to_one_form(book: Book) -> None:
    names = [(form.name, fold(w)) for form in book.forms.values() for w in {form.title, *form.synonyms}]
    tabs = [
        (f"{form.name}.{r.name}", fold(w))
        for form in book.forms.values()
        for r in form.resources
        for w in {r.title, *r.synonyms}
    ]
    for pairs in (names, tabs):
        counted = Counter(word for _, word in set(pairs))
        assert [w for w, n in counted.items() if n > 1] == []


def test_personal_fields_are_masked(book: Book) -> None:
    for name, f in every_field(book):
        if f.kind in PERSONAL:
            assert f.mask == PERSONAL[f.kind], f"{name} is not masked"


@pytest.mark.parametrize("word", ["病", "健康", "残疾", "劳动能力", "致困原因"])
def test_health_is_masked_wherever_it_stands(book: Book, word: str) -> None:
    found = [(name, f.mask) for name, f in every_field(book) if word in f.title and f.kind != "money"]
    assert found
    assert [name for name, m in found if m != "health"] == []


def test_the_default_application_sheet_is_short(book: Book) -> None:
    on = [f.title for f in book.forms["F1"].main.active]
    assert on == [
        "序号",
        "姓名",
        "证件类型",
        "证件号码",
        "人员身份",
        "手机号码",
        "家庭人口",
        "困难类别",
        "主要致困原因",
        "患者",
        "病种",
        "重点关注",
        "困难情况说明",
        "帮扶需求",
        "帮困项目",
        "申请金额",
        "已获其他救助",
        "告知承诺",
        "备注",
        "填表提示",
    ]
    economy = book.forms["F1"].resource("economy")
    assert economy is not None
    assert [f.title for f in economy.active] == [
        "序号",
        "姓名",
        "家庭年总收入",
        "年医疗自负费用",
        "年教育支出",
        "年其他刚性支出",
        "扣减后月人均",
    ]
    assert [r.title for r in book.forms["F1"].resources if r.on] == ["申报表", "家庭经济", "上年对象去向"]


def test_the_channels_stand_under_one_head_and_their_sum_with_them(book: Book) -> None:
    grouped = [f for f in book.forms["F2"].main.fields if f.group]
    assert len({f.group for f in grouped}) == 1
    assert [f.computed for f in grouped] == ["", "", "", "", "", "", "total"]
    assert all(f.total for f in grouped)


def test_three_columns_are_enough_for_the_unit_register(book: Book) -> None:
    required = [f.title for f in book.registers["R1"].resource.fields if f.required]
    assert required == ["单位代码", "单位名称", "联系电话"]


def test_registers_fill_three_workbooks(book: Book) -> None:
    laid: dict[str, list[Register]] = {}
    for register in book.registers.values():
        if register.area == "register":
            laid.setdefault(register.workbook, []).append(register)
    assert {w: {r.name for r in rs} for w, rs in laid.items()} == {
        "单位与别名": {"R1", "R7", "R10"},
        "人员": {"R2", "R3", "R6", "R11"},
        "资金与走访": {"R4", "R5", "R8", "R12", "R13", "R14"},
    }
    assert {r.need for r in book.registers.values()} == {"先填", "有则填", "可不填"}
    merges = {r.name: r.merge for r in book.registers.values()}
    assert {n for n, m in merges.items() if m == "replace"} == {"R1", "R5", "R8", "R10", "R13", "R14"}


def test_decision_sheets_carry_the_decision_columns(book: Book) -> None:
    wanted = {"number", "kind", "target", "opinion", "reason", "officer", "on", "until", "revoked"}
    for name, register in book.registers.items():
        if name.startswith("待核查.") or name == "R9":
            assert wanted <= {f.name for f in register.resource.fields}, name
            assert register.area == "decision"
    assert book.registers["待核查.文件认领"].resource.field("unit")
    assert book.registers["R9"].resource.field("approver")
    assert len(book.codes["K38"].values) == 15


def test_the_lines_of_f4_name_what_they_are_derived_from(book: Book) -> None:
    items = book.forms["F4"].main.items
    known = {
        "distinct",
        "count",
        "sum",
        "register",
        "carry",
        "exits",
        "unpaid.people",
        "unpaid.fen",
        "routes",
        "leaders",
        "ratio",
        "difference",
    }
    for item in items:
        assert item["by"] == "school" or item["from"].split()[0] in known, item["code"]
        _, _, source = item["from"].partition(" ")
        form, _, rest = source.partition(".")
        if form in book.forms:
            sheet, _, column = rest.partition(".")
            found = book.resource(form, sheet)
            assert found is not None, item
            assert not column or found.field(column), item
    assert [i["code"] for i in items if i["by"] == "school"] == ["G01", "G02", "G03", "G04", "G05"]
    funds = [i["where"].removeprefix("fund=") for i in items if i["where"].startswith("fund=")]
    assert tuple(funds) == book.codes["K10"].values
    assert (
        tuple(i["where"].removeprefix("aid_type=") for i in items if i["where"].startswith("aid_type="))
        == book.codes["K9"].values
    )


def test_computed_fields_find_what_they_compute_from(book: Book) -> None:
    used = {f.computed for _, f in every_field(book)} - {""}
    assert used <= set(COMPUTED)
    assert used >= {"seq", "tip", "name_from", "net_per_head", "total", "words", "level_from_fund", "change_pct"}


def test_areas_know_the_old_and_the_new_county_and_the_made_up_one(book: Book) -> None:
    assert book.areas["310228"] == (1900, 1996)
    assert book.areas["310116"] == (1997, 2100)
    assert book.areas["009901"] == book.areas["810000"] == (1900, 2100)
    assert "310199" not in book.areas


def test_the_book_travels_to_a_worker(book: Book) -> None:
    data = pickle.dumps(book)
    assert pickle.loads(data) == book
    assert len(data) < 2_000_000


def test_synonyms_that_need_a_word_from_the_school(book: Book) -> None:
    assert book.codes["K5"].synonyms["特困"] == ("深度困难", True)
    assert book.codes["K6"].synonyms["因病"] == ("患重特大疾病", False)
    assert book.codes["K14"].synonyms["会员卡"] == ("工会会员服务卡", False)
    assert book.codes["K6"].values[:2] == ("患重特大疾病", "子女上学")
    assert "长病假" not in book.codes["K2"].values
    assert "一事一议" not in book.codes["K9"].values


FINDING: dict[str, Any] = {
    "id": "0123456789ab", "rule": "CEL-013", "severity": "error", "cure": "R", "status": "new", "unit": "YL001", "form": "F1", "file": "a.xlsx",
    "sha256": "0" * 64, "sheet": "申报表", "cell": "D7", "row": 7, "field": "id_number", "title": "证件号码", "value": "****", "new_value": "",
    "message": "号码失真", "remedy": "请改", "related": [{"unit": None, "file": None, "sheet": None, "cell": None}], "case": None, "number": 1,
    "first_seen": {"night": 1, "as_of": "2020-01-16"}, "last_seen": {"night": 1, "as_of": "2020-01-16"},
}  # fmt: skip
SIDE = {
    "people": {"F1": 1},
    "rows": {"F1": 1},
    "requested_fen": 1,
    "approved_fen": 0,
    "amount_fen": {"F3": {"党费": 1}},
    "donations_fen": {"total": 1},
    "slips_fen": 1,
}
RUN: dict[str, Any] = {
    "run": "20200116T020000-0123abcd", "night": 1, "as_of": "2020-01-16", "started": "2020-01-16T02:00:00+08:00", "finished": "2020-01-16T02:01:00+08:00",
    "season": "2020", "versions": {"wennuan": "1"}, "files": {"received": 1, "new": 1, "unreadable": 0, "duplicate": 0},
    "units": {"expected": 1, "by_state": {"F1": {"已通过": 1}}}, "findings": {"by_severity": {"error": 1}, "by_rule": {"CEL-013": 1}, "by_status": {"new": 1}},
    "totals": {"accepted": SIDE, "pending": SIDE}, "cases": {}, "timings": {"read": 0.5}, "outputs": {"district/总览.html": "0" * 64},
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "good", "spoil"),
    [
        ("findings", [FINDING], {"severity": "fatal"}),
        ("findings", [FINDING], {"cell": "7D"}),
        ("findings", [FINDING], {"status": "open"}),
        ("findings", [FINDING], {"person": "张三"}),
        ("run", RUN, {"run": "today"}),
        ("run", RUN, {"outputs": {"run.json": "0" * 64}}),
        ("run", RUN, {"totals": {"accepted": SIDE}}),
        ("run", RUN, {"extra": 1}),
    ],
)
def test_the_json_schemas_take_the_good_and_refuse_the_bad(
    files: dict[str, bytes], name: str, good: Any, spoil: dict[str, Any]
) -> None:
    schema = json.loads(files[f"json/{name}.schema.json"])
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(good, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate([{**good[0], **spoil}] if isinstance(good, list) else {**good, **spoil}, schema)


def test_holidays_and_dates_in_examples_belong_to_the_model_season(book: Book) -> None:
    """Every dated example can stand in the model season's forms without tripping a calendar rule."""
    lexicon = build_lexicon(book.words["lexicon"])
    for name, f in every_field(book):
        if f.kind == "date" and name.startswith(("F1", "F2", "F3", "cover")) and f.on:
            typed = read_cell(f.example, Kind("date", lexicon=lexicon))
            assert date(2019, 9, 1) <= typed.value <= date(2020, 1, 23), name
