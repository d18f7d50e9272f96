"""Names, texts, code lists, ticks, blanks; and the one door that never falls over."""

from __future__ import annotations

import pickle
import time
from datetime import datetime, timedelta
from datetime import time as clock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.book.spec import KINDS
from pipeline.cells import Kind
from pipeline.cells.read import error_cell, picture_cell, read_cell, uncached_cell
from pipeline.cells.text import clean, compact, fold, legal, name_key
from tests.cells.words import TABLE, read, rules

ANY = st.text(st.characters(exclude_categories=[]), max_size=60) | st.text(
    "０1２X×*.-/年月日元万千〇零()（） \u3000\u200b\ud800\x00☑□是否、,+=@E#", max_size=40
)
ERRORS = {
    "CEL-002",
    "CEL-003",
    "CEL-010",
    "CEL-013",
    "CEL-014",
    "CEL-015",
    "CEL-021",
    "CEL-025",
    "CEL-026",
    "CEL-028",
    "CEL-033",
    "CEL-037",
    "CEL-038",
}


@pytest.mark.parametrize(
    ("raw", "name", "verdict"),
    [
        ("张三", "张三", []), ("陆  远", "陆远", ["CEL-007"]), ("陆\u3000远", "陆远", ["CEL-007"]), ("张三 ", "张三", ["CEL-005"]), ("张\u200b三", "张三", ["CEL-005"]),
        ("阿卜杜拉·买买提", "阿卜杜拉·买买提", []), ("阿卜杜拉•买买提", "阿卜杜拉·买买提", ["CEL-008"]), ("阿卜杜拉・买买提", "阿卜杜拉·买买提", ["CEL-008"]), ("阿卜杜拉．买买提", "阿卜杜拉·买买提", ["CEL-008"]), ("阿卜杜拉.买买提", "阿卜杜拉·买买提", ["CEL-008"]),
        ("张三老师", "张三老师", ["CEL-009"]), ("李四（退休）", "李四(退休)", ["CEL-006", "CEL-009"]), ("张三1", "张三1", ["CEL-009"]), ("李主任", "李主任", ["CEL-009"]),
        ("张?", None, ["CEL-010"]), ("张□", None, ["CEL-010"]), ("〓三", None, ["CEL-010"]), ("张san", None, ["CEL-010"]), ("zhangsan", None, ["CEL-010"]), ("(金+容)", None, ["CEL-010"]), ("张\ue863", None, ["CEL-010"]), ("张*", None, ["CEL-010"]), ("张\x00", None, ["CEL-010"]), (12345.0, None, ["CEL-010"]),
        ("䶮龙", "䶮龙", ["CEL-011"]), ("高㛃", "高㛃", ["CEL-011"]), ("王𬭎", "王𬭎", ["CEL-011"]), ("王珺", "王珺", []), ("张某", "张某", []),
        ("张", "张", ["CEL-012"]), ("阿" * 26, "阿" * 26, ["CEL-012"]), ("\u2fa6三", "金三", ["CEL-006"]),
    ],
)  # fmt: skip
def test_names(raw: object, name: str | None, verdict: list[str]) -> None:
    typed = read(raw, "name")
    assert (typed.value, rules(typed)) == (name, verdict)


@pytest.mark.parametrize(
    ("raw", "bare"), [("张三老师", "张三"), ("李四（退休）", "李四"), ("张三1", "张三"), ("李主任", "")]
)
def test_a_title_is_only_pointed_out_with_a_proposal(raw: str, bare: str) -> None:
    assert next(note.new for note in read(raw, "name").notes if note.rule == "CEL-009") == bare


@pytest.mark.parametrize(
    ("raw", "text", "verdict"),
    [
        ("本人患重病，长期住院（见附件）。", "本人患重病，长期住院（见附件）。", []), ("  两 处\n换行\u3000\xa0空格 ", "两 处 换行 空格", ["CEL-005"]), ("_x000D_第二行", "第二行", ["CEL-005"]), ("１２班", "12班", ["CEL-006"]),
        ("=1+1", "=1+1", ["CEL-041"]), ("@某", "@某", ["CEL-041"]), ("a\x00b", "a\ufffdb", ["CEL-005"]), ("a\ud800", "a\ufffd", ["CEL-005"]), ("\ufffe", "\ufffd", ["CEL-005"]), (20031.0, "20031", []), (datetime.fromisoformat("2020-01-15"), "2020-01-15", []),
    ],
)  # fmt: skip
def test_texts(raw: object, text: str, verdict: list[str]) -> None:
    typed = read(raw, "text")
    assert (typed.value, rules(typed)) == (text, verdict)
    assert typed.raw == legal(typed.raw)


STATUS = {"codes": ("在职在编", "退休", "无"), "synonyms": {"在编": ("在职在编", False), "退养": ("退休", True)}}


@pytest.mark.parametrize(
    ("raw", "code", "verdict"),
    [("退休", "退休", []), (" 退休", "退休", ["CEL-005"]), ("在职\u3000在编", "在职在编", ["CEL-005"]), ("在编", "在职在编", ["CEL-004"]), ("退养", "退休", ["CEL-004"]), ("2.退休", "退休", ["CEL-004"]), ("②退休", "退休", ["CEL-004"]), ("无", "无", []), ("在职在遍", None, ["CEL-003"]), ("教师", None, ["CEL-003"]), (3.0, None, ["CEL-003"])],
)  # fmt: skip
def test_code_lists(raw: object, code: str | None, verdict: list[str]) -> None:
    typed = read(raw, "code", **STATUS)
    assert (typed.value, rules(typed)) == (code, verdict)


def test_what_the_school_must_confirm_and_what_was_nearest() -> None:
    assert read("退养", "code", **STATUS).notes[0].facts["confirm"] == "yes"
    assert "confirm" not in read("在编", "code", **STATUS).notes[0].facts
    assert read("在职在遍", "code", **STATUS).notes[0].facts["near"] == "在职在编"
    assert read("教师", "code", **STATUS).notes[0].facts["near"] == ""


@pytest.mark.parametrize(
    ("raw", "found", "verdict"),
    [("资金、医疗", ("资金", "医疗"), []), ("资金", ("资金",), []), ("资金,医疗；助学", ("资金", "医疗", "助学"), ["CEL-005"]), ("资金 医疗", ("资金", "医疗"), ["CEL-005"]), ("资金\n医疗", ("资金", "医疗"), ["CEL-005"]), ("钱、医疗", ("资金", "医疗"), ["CEL-004"]), ("资金、资金", ("资金",), ["CEL-005"]), ("资金、房子", None, ["CEL-003"])],
)  # fmt: skip
def test_several_codes(raw: str, found: tuple[str, ...] | None, verdict: list[str]) -> None:
    typed = read(raw, "codes", codes=("资金", "医疗", "助学"), synonyms={"钱": ("资金", False)})
    assert (typed.value, rules(typed)) == (found, verdict)


@pytest.mark.parametrize(
    ("raw", "ticked", "verdict"),
    [("☑", True, []), ("√", True, []), ("是", True, []), (True, True, []), ("✔️", True, ["CEL-040"]), ("Y", True, ["CEL-040"]), ("y", True, ["CEL-040"]), ("1", True, ["CEL-040"]), (1.0, True, ["CEL-040"]), ("有", True, ["CEL-040"]), ("☑是 □否", True, ["CEL-040"]),
     ("□是 ☑否", False, ["CEL-040"]), ("×", False, []), ("否", False, []), ("□", False, []), ("N", False, ["CEL-040"]), (0.0, False, ["CEL-040"]), ("0", False, ["CEL-040"]), ("无", False, ["CEL-040"]), ("也许", None, ["CEL-003"]), ("☑是☑否", None, ["CEL-003"]), ("□是□否", None, ["CEL-003"]), (2.0, None, ["CEL-003"])],
)  # fmt: skip
def test_ticks(raw: object, ticked: bool | None, verdict: list[str]) -> None:
    typed = read(raw, "tick")
    assert (typed.value, rules(typed)) == (ticked, verdict)


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("raw", ["", None, "  ", "\u3000\u3000", "\n", "\u200b", "\ufeff \u200b", "\xa0"])
def test_blanks_are_blank_everywhere(kind: str, raw: str | None) -> None:
    assert (read(raw, kind).state, read(raw, kind).notes) == ("blank", ())


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"tick"}))
@pytest.mark.parametrize("raw", ["无", "-", "／", "不详", "待补", "——"])
def test_placeholders_count_only_where_something_must_stand(kind: str, raw: str) -> None:
    assert read(raw, kind).state == "blank"
    assert rules(read(raw, kind, required=True)) == ["CEL-002"]
    assert read(raw, kind, required=True).state == "unknown"


def test_errors_formulas_and_pictures() -> None:
    assert rules(error_cell("#REF!")) == rules(read("#N/A", "text")) == rules(read("#####", "money")) == ["CEL-037"]
    assert rules(uncached_cell("[1]Sheet1!A1")) == ["CEL-038"]
    assert (
        read('=DISPIMG("ID_1",1)', "signature").state == picture_cell(Kind("signature", lexicon=TABLE)).state == "value"
    )
    assert read("陆  远", "signature").value == "陆远"


@given(
    ANY
    | st.floats()
    | st.integers()
    | st.booleans()
    | st.datetimes()
    | st.dates()
    | st.times()
    | st.timedeltas()
    | st.none(),
    st.sampled_from(sorted(KINDS)),
    st.booleans(),
)
def test_no_cell_ever_raises_and_every_outcome_has_its_shape(raw: object, kind: str, required: bool) -> None:
    typed = read(raw, kind, codes=("资金", "医疗"), synonyms={"钱": ("资金", True)}, required=required)
    errors = [rule for rule in rules(typed) if rule in ERRORS]
    typed.raw.encode("utf-8")
    assert typed.state in ("blank", "value", "unknown")
    assert (typed.value is None) == (typed.state != "value")
    if typed.state == "unknown":
        assert len(typed.notes) == 1
        assert errors or rules(typed) == ["CEL-036"]
    else:
        assert not errors
    assert pickle.loads(pickle.dumps(typed)) == typed


@given(ANY)
def test_tidying_twice_changes_nothing(text: str) -> None:
    for tidy in (clean, compact, fold, name_key, legal):
        once = tidy(text)
        assert tidy(once) == once
        once.encode("utf-8")


@given(ANY)
def test_a_repaired_text_needs_no_second_repair(text: str) -> None:
    for kind in ("text", "name", "id_number", "mobile", "account", "code_text"):
        typed = read(text, kind)
        if typed.state == "value":
            again = read(typed.value, kind)
            assert again.state != "unknown"
            assert (
                not {"CEL-005", "CEL-006", "CEL-007", "CEL-008", "CEL-017"} & set(rules(again))
                or again.value == typed.value
            )


def test_folding_makes_headers_and_units_comparable() -> None:
    assert fold("单 位（元）\n") == fold("单位(元)") == "单位(元)"
    assert fold("【甲】") == fold("〔甲〕") == "(甲)"
    assert name_key("阿卜杜拉•买买提") == name_key("阿卜杜拉 · 买买提") == "阿卜杜拉·买买提"
    assert compact("３１Ｘ") == "31X"
    assert compact("￥５００") == "¥500"


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_longest_cell_takes_no_time(kind: str) -> None:
    slow = []
    for sign in (
        "a",
        "0",
        "(",
        " ",
        "1-",
        "千",
        "零",
        "一",
        "1,",
        ".",
        "、",
        "☑是",
        "*",
        "\u200b",
        "_x000D_",
        "年",
        "张 ",
        "#",
        "4.",
        "e\u0301",
    ):
        for text in ((sign * 32767)[:32767], "1" + (sign * 32767)[:32765] + "!"):
            begin = time.process_time()
            read(text, kind, codes=("资金", "医疗"), synonyms={"钱": ("资金", False)})
            slow.append(time.process_time() - begin)
    assert sorted(slow)[-2] < 0.05


def test_moments_where_none_belong() -> None:
    assert rules(read(datetime.fromisoformat("2020-01-15"), "money")) == ["CEL-028"]
    assert rules(read(datetime.fromisoformat("2020-01-15"), "name")) == ["CEL-010"]
    assert rules(read(clock(1, 2), "integer")) == ["CEL-028"]
    assert read(timedelta(hours=30), "text").value == "1 day, 6:00:00"


def test_the_word_table_travels_to_a_worker() -> None:
    kind = pickle.loads(pickle.dumps(Kind("money", lexicon=TABLE)))
    assert read_cell("伍佰元整", kind).value == 50000
