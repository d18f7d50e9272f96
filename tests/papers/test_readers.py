"""What a clerk, the office and an auditor see first: said truly, said where they look, never a nought nobody counted."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from pipeline.book.load import load_book
from pipeline.merging import merge, totals
from pipeline.model import Covered, Document, Entry, Filed, Finding, Past
from pipeline.papers import gate, no_room, render_papers
from pipeline.papers.counting import counted
from pipeline.papers.material import Material
from pipeline.papers.school import school_view
from pipeline.render.delivered import texts
from pipeline.writing.grid import workbook

from . import small

M = small.material()
TEMPLATES = small.templates()
UNIT2 = "units/YL002_样例第二/"


def some(m: Material, *names: str) -> dict[str, bytes]:
    return render_papers(m, {p: d for p, d in TEMPLATES.items() if p.startswith(("_", *names))}, workbook)


def text_of(html: bytes) -> str:
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", html.decode()))


def view(m: Material, code: str) -> dict[str, Any]:
    return school_view(m, counted(m), code)


# -- the school ---------------------------------------------------------------------------------------


def test_the_first_step_names_every_file_with_something_to_mend() -> None:
    second = small.cell("CEL-010", "YL002", "二小补.xlsx", 6, 4, "id_number", "1", 5, severity="error", cure="R")
    marked = {"YL002": {"二小_校验结果.xlsx": b"PK", "二小补_校验结果.xlsx": b"PK", "别的_校验结果.xlsx": b"PK"}}
    step = view(replace(M, findings=(*M.findings, second), marked=marked), "YL002")["steps"][0]
    assert step.startswith("打开“二小_校验结果.xlsx”“二小补_校验结果.xlsx”，按标红单元格")
    assert "别的" not in step
    assert "（3处）" in step


def test_a_file_nobody_could_open_is_named_with_its_own_remedy() -> None:
    told = view(M, "YL004")
    assert told["verdict"]["before"] == "有1个文件打不开，请重新报送"
    assert told["steps"][0] == "重新报送打不开的“三中.xlsx”：请取消密码后另存为 .xlsx 再报送"


def test_what_else_is_wrong_is_counted_beside_the_file_nobody_could_open() -> None:
    more = small.cell("CEL-010", "YL004", "三中F2.xlsx", 6, 4, "id_number", "1", 5, severity="error", cure="R")
    told = view(replace(M, findings=(*M.findings, more)), "YL004")
    assert (told["verdict"]["before"], str(told["verdict"]["n"]), told["verdict"]["after"]) == (
        "有", "2", "处必须修改，其中1个文件打不开",
    )  # fmt: skip
    assert "（1处）" in told["steps"][0]
    assert "三中.xlsx" in told["steps"][1]


def test_a_file_made_up_for_is_not_asked_for_again() -> None:
    mended = tuple(replace(f, status="fixed") if f.file == "三中.xlsx" else f for f in M.findings)
    assert not any("三中" in step for step in view(replace(M, findings=mended), "YL004")["steps"])


def test_a_word_in_a_number_s_cell_is_shown_to_the_unit_that_wrote_it() -> None:
    word = small.cell("CEL-002", "YL002", "二小.xlsx", 6, 4, "id_number", "待补", 6, severity="error", cure="R")
    page = some(replace(M, findings=(*M.findings, word)), "unit/回执.html")[UNIT2 + "回执.html"].decode()
    assert "填的是：待补" in page
    assert small.identity(6) not in page


def test_files_of_no_unit_tell_the_office_where_to_claim_them() -> None:
    page = text_of(some(M, "unit/回执.html")["units/_未识别/回执.html"])
    assert "有1个文件不知道是哪个单位报来的" in page
    assert "文件认领" in page
    assert "各表情况" not in page


# -- the office ---------------------------------------------------------------------------------------


def test_no_nought_is_printed_where_no_rule_of_the_class_gave_a_verdict() -> None:
    quiet = tuple(f for f in M.findings if f.rule not in {"XRG-009", "XSC-001"})
    page = text_of(some(replace(M, findings=quiet), "district/总览.html")["district/总览.html"])
    assert "疑似遗漏（处）未能判断5条规则中已执行0条" in page
    ran = replace(M, findings=quiet, coverage=(*M.coverage, Covered("XYR-001", "passed", 2, "", ("二小.xlsx",))))
    assert "疑似遗漏（处）05条规则中已执行1条，未能判断4条" in text_of(
        some(ran, "district/总览.html")["district/总览.html"]
    )


def test_a_unit_that_sent_nothing_gets_a_dash_not_a_nought() -> None:
    page = some(M, "district/总览.html")["district/总览.html"].decode()
    row = re.search(r"<tr><td>YL007.*?</tr>", page, re.DOTALL)
    assert row
    assert row[0].count("—") == 3


def test_papers_without_data_are_named() -> None:
    page = text_of(some(M, "district/总览.html", "district/综合平衡表")["district/总览.html"])
    for paper in ("核定通知", "公示名单", "签领表", "走访线路单", "工作总结"):
        assert paper in page


def test_without_r1_nobody_is_said_to_be_missing_and_a_register_is_drafted() -> None:
    bare = replace(M, register_present=False)
    made = some(bare, "district/")
    page = text_of(made["district/总览.html"])
    assert "催报未能判断" in page
    assert "谁未报未能判断" in page
    assert "逾期未报7" not in page
    sheet = load_workbook(io.BytesIO(made["district/单位名录（草稿）.xlsx"]))["单位名录"]
    heads = [c.value for c in sheet[3]]
    assert heads[:3] == ["单位代码", "单位名称", "联系电话"]
    assert [c.value for c in sheet[4]][:2] == ["YL001", "样例第一小学"]
    assert "district/单位名录（草稿）.xlsx" not in some(M, "district/")
    assert "草稿）：本次尚无数据" not in text_of(some(M, "district/总览.html")["district/总览.html"])
    assert "谁未报未能判断" in texts("x.docx", made["district/情况通报.docx"])


def test_a_drafted_register_takes_what_the_newest_form_says() -> None:
    def with_head(doc: Document, phone: str) -> Document:
        return replace(doc, head={"filler_phone": Entry(phone, phone, "封面", 5, 2)})

    def dated(f: Filed, phone: str, day: date) -> Filed:
        return replace(f, document=with_head(f.document, phone), arrival=replace(f.arrival, received=day))

    first = [f for f in M.filed if f.unit == "YL001"]
    filed = (dated(first[0], "021-1", date(2019, 12, 1)), dated(first[1], "021-2", date(2020, 1, 9)), *M.filed[2:])
    data = some(replace(M, filed=filed, register_present=False), "district/单位名录")["district/单位名录（草稿）.xlsx"]
    assert load_workbook(io.BytesIO(data))["单位名录"]["C4"].value == "021-2"


def test_a_package_without_room_leaves_the_largest_out_and_says_so() -> None:
    tight = replace(M, season=replace(M.season, oa_max_mb=1))
    files = {"小_校验结果.xlsx": b"x" * 100_000, "大_校验结果.xlsx": b"x" * 600_000}
    assert no_room(tight, {"YL002": {n: len(d) for n, d in files.items()}}) == {"YL002": ("大_校验结果.xlsx",)}
    made = render_papers(replace(tight, marked={"YL002": files}), TEMPLATES, workbook)
    names = zipfile.ZipFile(io.BytesIO(made["send/YL002_样例第二_第1次反馈.zip"])).namelist()
    assert sorted(names) == ["回执.docx", "小_校验结果.xlsx"]
    letters = load_workbook(io.BytesIO(made["send/发送清单.xlsx"])).active
    assert any("另行发送：大_校验结果.xlsx" in str(c.value) for row in letters.iter_rows() for c in row)
    assert "大_校验结果.xlsx超过平台附件上限（1MB）" in text_of(made["district/总览.html"])


def test_everything_is_a_draft_until_the_season_is_signed_off() -> None:
    for signed, shown in ((None, True), (date(2020, 1, 17), True), (date(2020, 1, 16), False)):
        made = render_papers(replace(M, season=replace(M.season, signed=signed)), TEMPLATES, workbook)
        for path in ("district/总览.html", UNIT2 + "回执.html", "audit/审核报告.html"):
            assert ('<span class="tag">草稿</span>' in made[path].decode()) is shown, path
        for path in (UNIT2 + "回执.docx", "district/情况通报.docx", "audit/审核报告.docx"):
            head = zipfile.ZipFile(io.BytesIO(made[path])).read("word/header1.xml").decode()
            assert ("草稿" in head, "样例" in head) == (shown, True), path
        for path in ("district/汇总表.xlsx", "district/待核查.xlsx", "audit/规则执行.xlsx", "send/发送清单.xlsx"):
            for sheet in load_workbook(io.BytesIO(made[path])):
                assert ("草稿" in str(sheet["A2"].value), "样例" in str(sheet["A2"].value)) == (shown, True), (
                    path,
                    sheet,
                )


def test_a_table_without_rows_has_no_sum() -> None:
    sheet = load_workbook(io.BytesIO(some(M, "district/汇总表")["district/汇总表.xlsx"]))["走访"]
    cells = [c.value for row in sheet.iter_rows(min_row=5) for c in row if c.value is not None]
    assert cells == ["没有走访安排（R13）。"]


def test_the_circular_does_not_say_work_twice() -> None:
    for title, said in (
        ("2020年帮困送温暖工作", "2020年帮困送温暖工作报送"),
        ("2020年帮困送温暖", "2020年帮困送温暖工作报送"),
    ):
        made = some(replace(M, season=replace(M.season, title=title)), "district/情况通报.docx")
        words = re.sub(r"\s+", "", texts("x.docx", made["district/情况通报.docx"]))
        assert f"关于{said}情况的通报" in words
        assert "工作工作" not in words


def test_money_is_compared_with_the_same_money_of_the_last_night() -> None:
    before = Past(night=1, totals=totals(M.district))
    page = text_of(some(replace(M, past=before), "district/总览.html")["district/总览.html"])
    assert page.count("比上次±0") == 2


# -- the auditor --------------------------------------------------------------------------------------


def test_a_class_says_how_many_of_its_rules_were_run() -> None:
    page = text_of(some(M, "audit/审核报告.html")["audit/审核报告.html"])
    assert "公示与时序未能判断4条规则中已执行0条" in page
    assert "超标准未能判断" in page
    quiet = load_book(small.schema_files(), small.season())
    drafts = replace(M, book=replace(quiet, rules={n: replace(r, stage="draft") for n, r in quiet.rules.items()}))
    assert "未启用4条" in text_of(some(drafts, "audit/审核报告.html")["audit/审核报告.html"])


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("district/总览.html", "files.received"),
        ("audit/审核报告.html", "people.F1.accepted"),
        (UNIT2 + "回执.html", "findings.error@YL002"),
    ],
)
def test_a_page_s_figure_without_its_name_fails_the_gate(path: str, key: str) -> None:
    page = some(M, path.replace(UNIT2, "unit/"))[path].decode()
    bare = re.sub(rf'<data data-figure="{re.escape(key)}"[^>]*>(.*?)</data>', r"\1", page)
    assert bare != page
    found = gate(M, {path: bare.encode()}, totals(M.district))
    assert [(f.rule, f.file, f.facts["key"]) for f in found] == [("OUT-009", path, key)]


@pytest.mark.parametrize(
    ("path", "part", "name"),
    [
        ("district/情况通报.docx", "word/document.xml", rb"fig_[0-9a-f]{16}_[0-9]+"),
        ("district/汇总表.xlsx", "xl/workbook.xml", rb"fig_people\.F1\.accepted"),
    ],
)
def test_a_letter_s_or_workbook_s_figure_without_its_name_fails_the_gate(path: str, part: str, name: bytes) -> None:
    out = io.BytesIO()
    made = some(M, path)[path]
    with zipfile.ZipFile(io.BytesIO(made)) as old, zipfile.ZipFile(out, "w") as new:
        for n in old.namelist():
            new.writestr(n, re.sub(name, b"other", old.read(n)) if n == part else old.read(n))
    assert {f.rule for f in gate(M, {path: out.getvalue()}, totals(M.district))} == {"OUT-009"}


def test_an_altered_tally_of_a_rule_fails_the_gate() -> None:
    path = "audit/规则执行.xlsx"
    made = some(M, path)[path]
    assert gate(M, {path: made}, totals(M.district)) == []
    other = replace(M, coverage=(*M.coverage, Covered("CEL-010", "passed", 1, "", ("四小.xlsx",))))
    assert {f.rule for f in gate(other, {path: made}, totals(M.district))} == {"OUT-009"}


# -- the page in a browser ----------------------------------------------------------------------------

KEYS = """<script>(function(){
function key(k,el){(el||document.body).dispatchEvent(new KeyboardEvent("keydown",{key:k,bubbles:true,cancelable:true}))}
var said=[],find=document.querySelector(".filter input[type=search]"),at=function(){return document.activeElement.id};
key("/");said.push(document.activeElement===find);key("Escape",find);said.push(document.activeElement!==find);
key("n");var a=at();key("n");var b=at();key("p");said.push(a!==""&&a!==b&&at()===a);
var box=document.querySelector(".filter input[value=error]"),n=document.querySelector("[data-shown]"),all=+n.textContent;
box.checked=false;box.dispatchEvent(new Event("change"));said.push(+n.textContent<all&&location.hash.indexOf("off=error")>0);
document.title="said:"+said.join()})();</script></body>"""


def test_the_keys_find_and_step_and_the_filter_counts(tmp_path: Path) -> None:
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if browser is None:
        pytest.skip("no Chromium here: the keys of the pages were NOT tried")
    page = some(M, "unit/回执.html")[UNIT2 + "回执.html"].decode()
    place = tmp_path / "page.html"
    place.write_text(page.replace("</body>", KEYS), encoding="utf-8")
    options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'browser'}", "--dump-dom"]
    ran = subprocess.run([browser, *options, place.as_uri()], capture_output=True, timeout=60, check=True)
    assert b"<title>said:true,true,true,true</title>" in ran.stdout


def test_a_zero_report_stays_one_beside_last_year_s_people() -> None:
    gone = replace(small.f1((small.person(6, 1),)), resource="departures", sheet="上年对象去向")
    none = {"F1": Entry("无", "无", "封面", 8, 2)}
    for declared, state in ((none, "零报告"), ({}, "退回")):
        files = (small.filed(small.document("某校.xlsx", small.f1(()), gone, declared=declared), "YL002", "adopted"),)
        found: tuple[Finding, ...] = ()
        made = merge(small.sheets(files), files, found, M.office, M.book, M.season, small.AS_OF)
        assert made.states["YL002", "F1"].state == state
