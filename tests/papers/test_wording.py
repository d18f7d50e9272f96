"""What a finding's sentence says of a masked value: the value alone is masked, never a word of ours that looks like it."""

from __future__ import annotations

import pytest

from pipeline.book.spec import Book
from pipeline.cells.read import read_cell
from pipeline.cells.typed import Kind
from pipeline.model import Finding, Past
from pipeline.night.recording import finding_json
from pipeline.papers.wording import message, remedy
from pipeline.settling import Tonight, settle

from . import small

M = small.material()
BOOK: Book = small.book()


def settled(rule: str, name: str, value: str, new: str = "", **facts: str) -> Finding:
    field = BOOK.forms["F1"].main.field(name)
    assert field
    found = Finding(
        rule, unit="YL001", form="F1", resource="applications", file="a.xlsx", sheet="申报表", row=6, col=9, field=name,
        title=field.title, value=value, new_value=new, facts={"col": field.title, "val": value, "new": new} | facts,
    )  # fmt: skip
    return settle([found], (), BOOK, Tonight(1, small.material().run.as_of, b"", Past()))[0]


@pytest.mark.parametrize(
    ("rule", "name", "value", "new", "own", "others"),
    [
        ("CEL-003", "cause_main", "癌症", "", "“主要致困原因”的取值“癌症”不在代码表内", "“主要致困原因”的取值“因病”不在代码表内"),
        ("CEL-004", "cause_main", "意外", "遭受意外事故", "“意外”已按同义词归并为“遭受意外事故”", "“***”已按同义词归并为“因意外”"),
        ("CEL-042", "cause_main", "同上", "患重特大疾病", "“同上”已按上一行填为“患重特大疾病”", "“同上”已按上一行填为“因病”"),
        ("CEL-002", "disease", "—", "", "必填项“病种”填写了占位内容“—”", "必填项“病种”填写了占位内容“—”"),
        ("CEL-001", "situation", "困难", "", "必填项“困难情况说明”为空", "必填项“困难情况说明”为空"),
    ],
)  # fmt: skip
def test_the_value_is_masked_and_no_word_of_ours(
    rule: str, name: str, value: str, new: str, own: str, others: str
) -> None:
    found = settled(rule, name, value, new)
    assert message(found, M, own=True) == own
    assert message(found, M, own=False) == finding_json(found, M)["message"] == others


def test_names_are_masked_one_by_one_however_the_cell_parts_them() -> None:
    found = settled("CEL-044", "name", "张三 李四光", n="2", names="张三、李四光")
    assert message(found, M, own=True) == "“姓名”一格填写了2个姓名：张三、李四光"
    assert message(found, M, own=False) == "“姓名”一格填写了2个姓名：张*、李*光"


@pytest.mark.parametrize(
    ("raw", "rule", "said"),
    [
        ("￥1,500元", "CEL-029", "数字写法已统一：“￥1,500元”读作“1500.00”"),
        (1500.0000000001, "CEL-029", "数字写法已统一：“1500.0000000001”读作“1500.00”"),
        ("1200.", "CEL-029", "数字写法已统一：“1200.”读作“1200.00”"),
        ("一千二百", "CEL-029", "数字写法已统一：“一千二百”读作“1200.00”"),
        ("1.2千", "CEL-030", "“1.2千”疑似以万、千等为单位填写，已读作1200.00，请确认"),
        ("0.3万元", "CEL-030", "“0.3万元”疑似以万、千等为单位填写，已读作3000.00，请确认"),
        (0.3, "CEL-030", "“0.3”疑似以万、千等为单位填写，已读作0.30，请确认"),
    ],
)
def test_how_a_number_was_read_is_said_in_words_that_fit_every_spelling(raw: object, rule: str, said: str) -> None:
    typed = read_cell(raw, Kind("money", lexicon=M.lexicon))
    (note,) = typed.notes
    assert note.rule == rule
    assert message(settled(rule, "amount_requested", typed.raw, note.new), M, own=True) == said


def test_a_remedy_masks_what_it_quotes() -> None:
    found = settled("CEL-002", "disease", "肝癌？")
    assert "肝癌" in remedy(found, M, own=True)
    assert "肝癌" not in str(finding_json(found, M))
