"""The papers of a small invented night, read back as their readers would."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from openpyxl import Workbook, load_workbook

from pipeline.merging import totals
from pipeline.model import Decision, WennuanError
from pipeline.papers import fingerprint, gate, render_papers
from pipeline.papers.audit import audit_view
from pipeline.papers.audit_rules import coverage_view
from pipeline.papers.balance import balance_view
from pipeline.papers.circular import circular_view
from pipeline.papers.counting import counted, for_school
from pipeline.papers.desk import desk_view
from pipeline.papers.gate import _xlsx
from pipeline.papers.grids import summary_view
from pipeline.papers.office import office_view
from pipeline.papers.rendering import district_view
from pipeline.papers.school import school_view
from pipeline.papers.sending import send_view
from pipeline.papers.wording import head
from pipeline.render.delivered import docx_figures, html_figures, texts, xlsx_figures
from pipeline.render.figures import Fig
from pipeline.render.letters import Letter
from pipeline.render.look import Seen
from pipeline.render.looking import look_all
from pipeline.render.pages import Pages
from pipeline.writing.grid import workbook
from pipeline.writing.grid_words import asks_for, template_of

from . import small

M = small.material()
TEMPLATES = small.templates()
PAPERS = render_papers(M, TEMPLATES, workbook)
UNIT2 = "units/YL002_样例第二/"


def text_of(html: bytes) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html.decode()))


def test_the_list_of_papers_is_the_contract_s() -> None:
    wanted = {
        "district/汇总表.xlsx", "district/总览.html", "district/情况通报.docx", "district/待核查.xlsx", "district/综合平衡表.xlsx",
        "audit/审核报告.html", "audit/审核报告.docx", "audit/规则执行.xlsx", "send/发送清单.xlsx", UNIT2 + "回执.html", UNIT2 + "回执.docx",
        "units/_未识别/回执.html", "send/YL002_样例第二_第1次反馈.zip",
    }  # fmt: skip
    assert wanted <= PAPERS.keys()
    assert all(f"units/{M.folder(u.code)}/回执.html" in PAPERS for u in M.office.units), (
        "every unit of R1 gets an answer"
    )


def test_same_night_same_bytes() -> None:
    again = render_papers(small.material(), TEMPLATES, workbook)
    assert {p for p in PAPERS if PAPERS[p] != again[p]} == set()


@pytest.mark.parametrize("path", [p for p in TEMPLATES if p.endswith(".html") and "/" in p])
def test_html_asks_only_for_what_it_is_given(path: str) -> None:
    view = _view(path.split("/", maxsplit=1)[0])
    assert Pages(TEMPLATES).asks_for(path) - {"loop", "super"} <= view.keys()


@pytest.mark.parametrize("path", [p for p in TEMPLATES if p.endswith(".docx")])
def test_letters_ask_only_for_what_they_are_given(path: str) -> None:
    assert Letter(TEMPLATES[path], path).asks_for() <= _view(path.split("/", maxsplit=1)[0]).keys()


@pytest.mark.parametrize("path", [p for p in TEMPLATES if p.endswith(".xlsx.yaml")])
def test_grids_ask_only_for_what_they_are_given(path: str) -> None:
    assert asks_for(template_of(TEMPLATES[path], path)) <= _view(path.split("/", maxsplit=1)[0]).keys()


def _view(folder: str) -> dict[str, object]:

    numbers = counted(M)
    if folder == "district":
        return district_view(M, numbers, [])
    if folder == "audit":
        return {**audit_view(M, numbers), **coverage_view(M)}
    return (
        send_view(M, lambda code: school_view(M, numbers, code))
        if folder == "send"
        else school_view(M, numbers, "YL002")
    )


def test_views_of_the_district_do_not_overwrite_each_other() -> None:

    numbers, seen = counted(M), {}
    for view in (
        office_view(M, numbers, []),
        circular_view(M, numbers),
        summary_view(M, numbers),
        desk_view(M),
        balance_view(M),
    ):
        for name in view.keys() - head(M).keys():
            assert name not in seen, name
            seen[name] = view


def test_a_template_asking_for_more_is_the_office_s_error() -> None:
    with pytest.raises(WennuanError) as error:
        render_papers(M, {"unit/新.html": b"{{ nothing_of_this_name }}"}, workbook)
    assert error.value.key == "template_asks"
    assert error.value.facts["file"] == "unit/新.html"


def test_html_is_self_contained() -> None:
    for path, data in PAPERS.items():
        if path.endswith(".html"):
            page = data.decode()
            assert not re.search(r"(?:src|href)=[\"']https?:|url\(|@import", page), path
            assert 'lang="zh-CN"' in page
            assert "Content-Security-Policy" in page


# -- the return of a school -----------------------------------------------------------------------


def test_a_return_says_verdict_deadline_and_at_most_three_steps() -> None:
    page = PAPERS[UNIT2 + "回执.html"].decode()
    assert "有<data" in page
    assert "处必须修改，尚未通过" in page
    assert "截止日期 1月17日" in page
    assert len(re.findall("<li>", page[page.index('<ol class="steps">') : page.index("</ol>")])) == 3
    assert "第1条" in page
    assert "第2条" in page


def test_repairs_are_one_count_and_office_matters_one_line() -> None:
    two, five = text_of(PAPERS[UNIT2 + "回执.html"]), text_of(PAPERS["units/YL005_样例职业/回执.html"])
    assert "已自动整理1处格式，不需处理" in two
    assert "钱 多多" not in two
    assert "区教育工会核实中，贵校无需操作" in five
    assert "与另一单位重复申报同一人" not in five


def test_a_register_s_health_fact_never_reaches_a_school() -> None:
    for path, data in PAPERS.items():
        if path.startswith(("units/", "send/YL")):
            assert "长病假" not in texts(path, data), path


def test_names_are_full_inside_the_unit_and_numbers_never() -> None:
    page = texts("", PAPERS[UNIT2 + "回执.html"])
    assert "周全" in page
    assert small.identity(6) not in page
    assert small.identity(6)[-4:] in page
    assert "周全" not in texts("", PAPERS["audit/审核报告.html"])


def test_no_unit_finds_another_unit_s_people() -> None:
    """File names, document properties and texts inside packages included."""
    for path, data in PAPERS.items():
        code = re.search("YL00[1-8]", path)
        if not code or not path.startswith(("units/", "send/")):
            continue
        found = path + texts(path, data)
        for one in M.filed:
            if one.unit not in {code[0], None}:
                for row in (r for t in one.document.tables for r in t.rows if "id_number" in r.raw):
                    assert row.raw["id_number"] not in found, (path, one.unit)


def test_the_flood_brake_keeps_a_rule_out_of_returns_and_tells_the_office() -> None:
    braked = replace(M, flood={"CEL-001": 4})
    assert "CEL-001" in {f.rule for f in for_school(M, "YL002").listed}
    assert "CEL-001" not in {f.rule for f in for_school(braked, "YL002").listed}
    page = text_of(
        render_papers(braked, {p: TEMPLATES[p] for p in TEMPLATES if p.startswith(("_", "district/总览"))}, workbook)[
            "district/总览.html"
        ]
    )
    assert "规则CEL-001命中4个单位，疑为名册或日程问题" in page


# -- the office -------------------------------------------------------------------------------------


def test_the_first_screen_of_the_office() -> None:
    page = text_of(PAPERS["district/总览.html"])
    for words in (
        "第2次汇总（1月16日）",
        "无法识别的文件1",
        "催报7",
        "021-55550008",
        "收到文件 12",
        "F1 应报 8",
        "募捐合计 8,600.00",
        "待核 2",
        "比上次 +1",
        "未报单位上年数：1人，2,000.00元",
    ):
        assert words.replace(" ", "") in page.replace(" ", ""), words
    assert "两边不相等" not in page


def test_an_equation_that_does_not_close_is_red() -> None:
    lost = replace(M.filed[0], state="lost")  # a state no term of the equation knows
    page = render_papers(
        replace(M, filed=(lost, *M.filed[1:])),
        {p: TEMPLATES[p] for p in TEMPLATES if p.startswith(("_", "district/总览"))},
        workbook,
    )
    assert "两边不相等" in text_of(page["district/总览.html"])
    assert 'class="eq open"' in page["district/总览.html"].decode()


def test_without_a_bank_statement_money_is_not_compared() -> None:
    office = replace(M.office, registers={})
    page = render_papers(
        replace(M, office=office),
        {p: TEMPLATES[p] for p in TEMPLATES if p.startswith(("_", "district/总览"))},
        workbook,
    )
    text = text_of(page["district/总览.html"])
    assert "没有到账流水（R4），未能核对" in text
    assert "未能判断" in text


def test_the_summary_has_live_sums_states_for_missing_units_and_links() -> None:
    book = load_workbook(io.BytesIO(PAPERS["district/汇总表.xlsx"]))
    values = load_workbook(io.BytesIO(PAPERS["district/汇总表.xlsx"]), data_only=True)
    sheet, shown = book["帮困汇总"], values["帮困汇总"]
    assert [c.value for c in sheet[3]][:4] == ["序号", "代码", "单位", "状态"]
    total = next(row for row in range(5, 30) if sheet.cell(row, 3).value == "合计")
    assert sheet.cell(total, 5).value == f"=SUM(E5:E{total - 1})"
    assert (
        shown.cell(total, 5).value
        == sum(v for r in range(5, total) if isinstance(v := shown.cell(r, 5).value, int | float))
        == 8
    )
    silent = next(row for row in range(5, total) if sheet.cell(row, 2).value == "YL007")
    assert sheet.cell(silent, 5).value == "逾期未报"
    assert sheet.cell(5, 3).hyperlink.target.replace("\\", "/").endswith("units/YL001_样例第一/回执.html")
    assert book.sheetnames[:9] == [
        "总览",
        "报送情况",
        "帮困汇总",
        "联合募捐汇总",
        "发放汇总",
        "走访",
        "重复与遗漏",
        "问题清单",
        "人员明细",
    ]
    assert any(c.value == "一小/申报表.xlsx!申报表!B6" for c in book["人员明细"]["N"])
    assert "xl/charts/chart1.xml" in zipfile.ZipFile(io.BytesIO(PAPERS["district/汇总表.xlsx"])).namelist()


def test_what_the_office_filled_in_survives() -> None:
    first = M.filed[10].arrival.sha256[:12]
    done = Decision(f"RL-{first}", "认领", first, "", "电话核实", "陆某某", small.AS_OF, unit="YL008")
    office = replace(M.office, decisions=(*M.office.decisions, done))
    data = render_papers(replace(M, office=office), {p: TEMPLATES[p] for p in TEMPLATES if "待核查" in p}, workbook)[
        "district/待核查.xlsx"
    ]
    book = load_workbook(io.BytesIO(data))
    heads = [c.value for c in book["文件认领"][3]]
    row = dict(zip(heads, [c.value for c in book["文件认领"][4]], strict=True))
    assert row["文件名"] == "新建工作表.xlsx"
    assert (row["归属单位"], row["经办人"], row["理由"], row["猜测单位"]) == (
        "样例第五小学",
        "陆某某",
        "电话核实",
        "样例第五小学",
    )
    assert [c.value for c in book["其他决定"][4]][:3] == ["QT1-01", "放行", "CAL-001"]
    assert book.sheetnames[:7] == ["重复", "去向", "文件认领", "版本", "到账", "收单登记", "其他决定"]


def test_a_row_nobody_touched_is_no_decision() -> None:
    book = load_workbook(io.BytesIO(PAPERS["district/待核查.xlsx"]))
    for name in ("重复", "版本"):
        row = dict(zip([c.value for c in book[name][3]], [c.value for c in book[name][4]], strict=True))
        assert row["对象"]
        assert row["种类"] is None
        assert row["处理意见"] is None


def test_the_decision_sheets_have_the_columns_their_registers_read() -> None:
    book = load_workbook(io.BytesIO(PAPERS["district/待核查.xlsx"]))
    for name in ("重复", "去向", "文件认领", "版本", "到账", "收单登记", "其他决定"):
        wanted = [f.title for f in M.book.registers[f"待核查.{name}"].resource.active]
        assert [c.value for c in book[name][3]] == wanted
    sheet = load_workbook(io.BytesIO(PAPERS["send/发送清单.xlsx"]))["发送清单"]
    assert [c.value for c in sheet[3]] == [f.title for f in M.book.registers["发送清单"].resource.active]


def test_the_balance_sheet_keeps_decided_rows_and_its_funds_are_formulas() -> None:
    sheet = load_workbook(io.BytesIO(PAPERS["district/综合平衡表.xlsx"]))["综合平衡表"]
    cells = {c.value: c for row in sheet.iter_rows() for c in row if c.value is not None}
    formulas = [str(v) for v in cells if str(v).startswith("=SUMIF(")]
    assert formulas
    head = cells["核定金额"]
    assert sheet.cell(head.row + 1, head.column).value == 3000
    assert sheet.cell(head.row + 1, head.column + 1).value == "区教育工会"
    accepted = {p.row.get("name") for p in M.district.people if p.form == "F1" and p.accepted}
    assert {sheet.cell(r, 4).value for r in range(head.row + 1, sheet.max_row + 1)} - {None} == accepted


def test_a_package_is_flat_and_only_for_its_unit() -> None:
    package = zipfile.ZipFile(io.BytesIO(PAPERS["send/YL002_样例第二_第1次反馈.zip"]))
    assert package.namelist() == ["二小_校验结果.xlsx", "回执.docx"]
    quiet = render_papers(replace(M, to_send=frozenset({"YL001"})), TEMPLATES, workbook)
    assert [p for p in quiet if p.endswith(".zip")] == ["send/YL001_样例第一_第1次反馈.zip"]


def test_a_fingerprint_changes_with_what_the_paper_says() -> None:
    assert fingerprint(M, "YL002") == fingerprint(small.material(), "YL002")
    persisting = replace(
        M, findings=tuple(replace(f, status="persisting") if f.status == "new" else f for f in M.findings)
    )
    assert fingerprint(persisting, "YL002") == fingerprint(M, "YL002")
    fixed = replace(M, findings=tuple(f for f in M.findings if f.rule != "CEL-001"))
    assert fingerprint(fixed, "YL002") != fingerprint(M, "YL002")
    assert fingerprint(fixed, "YL001") == fingerprint(M, "YL001")


# -- the gate ---------------------------------------------------------------------------------------


def test_an_honest_night_passes_the_gate() -> None:
    assert gate(M, PAPERS, totals(M.district)) == []


def _altered(path: str, data: bytes) -> bytes:
    """One digit of one printed figure, changed in the delivered bytes."""
    if path.endswith(".html"):
        page = data.decode()
        found = next(m for m in re.finditer(r'(<data data-figure="[^"]*" value="[^"]*">)([0-9])', page))
        digit = str((int(found[2]) + 1) % 10)
        return (page[: found.start(2)] + digit + page[found.end(2) :]).encode()
    part = "word/document.xml" if path.endswith(".docx") else "xl/worksheets/sheet3.xml"
    pattern = (
        rb'(<w:bookmarkStart[^>]*w:name="fig_[^>]*>.*?<w:t[^>]*>)([0-9])'
        if path.endswith(".docx")
        else rb'(<c r="E5"[^>]*><v>)([0-9])'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            body = old.read(name)
            if name == part:
                found = re.search(pattern, body, re.DOTALL)
                assert found
                body = body[: found.start(2)] + str((int(found[2]) + 1) % 10).encode() + body[found.end(2) :]
            new.writestr(name, body)
    return out.getvalue()


@pytest.mark.parametrize(
    "path",
    [
        "district/总览.html",
        "district/情况通报.docx",
        "district/汇总表.xlsx",
        "audit/审核报告.html",
        "audit/审核报告.docx",
        UNIT2 + "回执.html",
        UNIT2 + "回执.docx",
    ],
)
def test_one_altered_digit_fails_the_gate(path: str) -> None:
    found = gate(M, {**PAPERS, path: _altered(path, PAPERS[path])}, totals(M.district))
    assert {(f.rule, f.file) for f in found} == {("OUT-009", path)}


def test_the_gate_compares_with_run_json() -> None:
    wrong = totals(M.district)
    wrong["accepted"]["people"]["F1"] += 1
    papers = {f.file for f in gate(M, PAPERS, wrong) if f.rule == "OUT-009"}
    assert {"district/总览.html", "district/情况通报.docx", "district/汇总表.xlsx", "audit/审核报告.html"} <= papers


def test_every_kind_of_paper_prints_tagged_figures() -> None:
    assert len(html_figures(PAPERS["district/总览.html"])) > 40
    assert len(docx_figures(PAPERS["district/情况通报.docx"])) > 20
    assert len(xlsx_figures(PAPERS["district/汇总表.xlsx"])) > 100


def test_another_unit_s_data_in_a_package_is_found() -> None:
    foreign = PAPERS[UNIT2 + "回执.html"].replace("周全".encode(), small.identity(0).encode())
    found = gate(M, {**PAPERS, UNIT2 + "回执.html": foreign}, totals(M.district))
    assert ("OUT-011", UNIT2 + "回执.html") in {(f.rule, f.file) for f in found}


def test_an_author_is_found() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(PAPERS[UNIT2 + "回执.docx"])) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(
                name, old.read(name).replace("样例区教育工会</dc:creator>".encode(), "李某某</dc:creator>".encode())
            )
    found = gate(M, {UNIT2 + "回执.docx": out.getvalue()}, totals(M.district))
    assert [(f.rule, f.value) for f in found] == [("OUT-005", "李某某")]


def _each_digit(path: str, data: bytes) -> Iterator[bytes]:
    """The file again and again, each time with one more digit of its visible text changed (every seventh of them)."""
    if path.endswith(".html"):
        text = re.sub(rb"<style>.*?</style>|<script>.*?</script>", lambda m: b" " * len(m[0]), data, flags=re.DOTALL)
        for at in [m.start() for m in re.finditer(rb"(?<=[>0-9])[0-9]", text)][::7]:
            yield data[:at] + (b"3" if data[at : at + 1] != b"3" else b"4") + data[at + 1 :]
        return
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    wanted = re.compile(r"word/document\.xml|xl/worksheets/sheet[0-9]+\.xml|xl/sharedStrings\.xml")
    for name in (n for n in parts if wanted.fullmatch(n)):
        pattern = rb"(?<=<v>)[0-9](?=[^<]*</v>)" if "worksheets" in name else rb"(?<=[>0-9])[0-9](?=[^<>]*</(?:w:)?t>)"
        for at in [m.start() for m in re.finditer(pattern, parts[name])][::7]:
            other = b"3" if parts[name][at : at + 1] != b"3" else b"4"
            out = io.BytesIO()
            with zipfile.ZipFile(out, "w") as new:
                for n, part in parts.items():
                    new.writestr(n, part[:at] + other + part[at + 1 :] if n == name else part)
            yield out.getvalue()


@pytest.mark.parametrize(
    "path",
    [
        "district/汇总表.xlsx",
        "district/综合平衡表.xlsx",
        "district/待核查.xlsx",
        "audit/规则执行.xlsx",
        "send/发送清单.xlsx",
        "district/情况通报.docx",
        "audit/审核报告.docx",
        UNIT2 + "回执.docx",
        "district/总览.html",
        "audit/审核报告.html",
        UNIT2 + "回执.html",
    ],
)
def test_any_altered_digit_is_noticed_whether_it_bears_a_name_or_not(path: str) -> None:
    tried = list(_each_digit(path, PAPERS[path]))[:60]
    looks = look_all([(path, data, True) for data in [PAPERS[path], *tried]])
    assert tried
    assert looks[0].whole
    assert not [n for n, look in enumerate(looks[1:]) if look.whole]
    found = gate(M, {path: tried[0]}, totals(M.district))
    assert {(f.rule, f.file) for f in found} == {("OUT-009", path)}


def _workbook(formula: str = "", hidden: str = "") -> bytes:
    book = Workbook()
    book.active["A1"] = formula or "字"
    if hidden:
        book.create_sheet(hidden).sheet_state = "hidden"
    book.properties.creator = "样例区教育工会"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("path", "data", "rules"),
    [
        ("district/新.xlsx", _workbook('=HYPERLINK("http://x","y")'), {"OUT-007"}),
        ("district/新.xlsx", _workbook("=cmd|'/c calc'!A0"), {"OUT-007"}),
        ("district/新.xlsx", _workbook("=SUM(A2:A3)"), set()),
        ("district/新.xlsx", _workbook(hidden="底稿"), {"OUT-005"}),
        ("units/YL001_样例第一/F3_表.xlsx", _workbook("=IF(ISTEXT(A2),1,2)", hidden="_wennuan"), set()),
        ("units/YL001_样例第一/旧_校验结果.xlsx", _workbook("=HYPERLINK(A1)", hidden="底稿"), set()),
    ],
)
def test_hidden_sheets_and_reaching_formulas(path: str, data: bytes, rules: set[str]) -> None:
    assert {f.rule for f in gate(M, {path: data}, totals(M.district))} == rules


def test_a_formula_in_a_csv_is_found() -> None:
    found = gate(M, {"findings.csv": "单位,说明\nYL001,=1+1\nYL002,-12.5\n".encode()}, totals(M.district))
    assert [(f.rule, f.value) for f in found] == [("OUT-007", "2@2")]


def test_hostile_text_stays_text() -> None:
    evil = '=cmd|calc <b>&"{{ x }}\x0b'
    findings = tuple(replace(f, message=evil) if f.rule == "CEL-001" else f for f in M.findings)
    made = render_papers(replace(M, findings=findings), TEMPLATES, workbook)
    assert "&lt;b&gt;" in made[UNIT2 + "回执.html"].decode()
    assert '=cmd|calc <b>&"{{ x }}' in texts("x.docx", made[UNIT2 + "回执.docx"])
    sheet = load_workbook(io.BytesIO(made["district/汇总表.xlsx"]))["问题清单"]
    assert any(str(c.value).startswith("=cmd") for row in sheet.iter_rows() for c in row)
    assert _is_string(made["district/汇总表.xlsx"], "=cmd")
    assert gate(replace(M, findings=findings), made, totals(M.district)) == []


def _is_string(data: bytes, text: str) -> bool:
    return text in zipfile.ZipFile(io.BytesIO(data)).read("xl/sharedStrings.xml").decode()


def test_the_overview_says_when_the_calendar_leaves_no_room_for_publicity() -> None:
    late = replace(
        M.season, stages=tuple(replace(s, due=date(2020, 1, 17)) if "F1" in s.forms else s for s in M.season.stages)
    )
    said = [
        text_of(render_papers(replace(M, season=s), TEMPLATES, workbook, units=())["district/总览.html"])
        for s in (M.season, late)
    ]
    assert ["公示来不及" in s and "最晚 2020-01-16 起公示" in s for s in said] == [False, True]


def letters(as_of: date) -> dict[str, str]:
    """unit -> the text of its row in 发送清单, with the papers made on a day."""
    m = replace(M, run=replace(M.run, as_of=as_of))
    numbers = counted(m)
    return {row["unit_code"]: row["body"] for row in send_view(m, lambda c: school_view(m, numbers, c))["letters"]}


def test_a_letter_names_the_date_of_the_return_and_never_asks_for_one_already_past() -> None:
    before, after = letters(small.AS_OF), letters(date(2020, 3, 1))
    assert "请于1月17日前重新报送" in before["YL002"]  # what its 回执 prints
    assert "已过截止日期1月17日，请尽快重新报送" in after["YL002"]
    assert "已过截止日期12月20日，请尽快报送" in before["YL008"]
    assert not [text for text in after.values() if re.search("请于.{1,8}前", text)]


def test_an_auditor_reads_the_head_that_verify_asks_for() -> None:
    page = text_of(PAPERS["audit/审核报告.html"])
    with zipfile.ZipFile(io.BytesIO(PAPERS["audit/审核报告.docx"])) as package:
        letter = text_of(package.read("word/document.xml"))
    first = replace(M, run=replace(M.run, previous=""))
    alone = text_of(render_papers(first, TEMPLATES, workbook, units=())["audit/审核报告.html"])
    assert M.run.previous in page and f"上次完整性校验码：{M.run.previous}" in letter
    assert "输入清单校验码" in page and "输入清单校验码" in letter
    assert "首次汇总，无上次校验码" in alone and "上次完整性校验码" not in alone


def test_no_sheet_of_decisions_says_that_it_does_nothing() -> None:
    book = load_workbook(io.BytesIO(PAPERS["district/待核查.xlsx"]), read_only=True)
    said = [str(v) for sheet in book for row in sheet.iter_rows(max_row=3, values_only=True) for v in row if v]
    said += [r.resource.note for r in small.book().registers.values()]
    assert not [text for text in said if "不起作用" in text or "只记录" in text]


@pytest.mark.parametrize("fen", [81, 821, 819203, 824403, 6553601, 52428806, 99999999999])
def test_a_sum_with_cents_is_what_a_workbook_makes_of_it(fen: int) -> None:
    """8,244.03 is written as 8244.030000000001: the same figure; a fen more is another."""
    seen = Seen("f", format(fen / 100, ".16G"), "汇总表", unit="")
    for want, wrong in ((fen, 0), (fen + 1, 1)):
        figures = {"donations_fen.total": Fig("donations_fen.total", want, "", "fen")}
        assert len(list(_xlsx("district/汇总表.xlsx", seen, figures, {"f": "donations_fen.total"}))) == wrong
