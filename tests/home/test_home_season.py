"""season.toml as offices save it: encodings, mistakes told by line, contradictions of the calendar with their rule id."""

from __future__ import annotations

import codecs
from datetime import date
from pathlib import Path

import pytest

from pipeline.home.schemas import error_text
from pipeline.home.season import parse_season
from pipeline.model import WennuanError

MODEL = (Path(__file__).resolve().parents[2] / "season.toml").read_bytes()


def told(data: bytes) -> WennuanError:
    with pytest.raises(WennuanError) as caught:
        parse_season(data)
    assert caught.value.code == 2
    return caught.value


def changed(old: str, new: str) -> bytes:
    assert old.encode() in MODEL
    return MODEL.replace(old.encode(), new.encode(), 1)


def line_of(data: bytes, text: str) -> int:
    return next(n for n, line in enumerate(data.decode().split("\n"), 1) if text in line)


def test_the_model_season() -> None:
    season = parse_season(MODEL)
    assert [(s.forms, s.opens, s.due) for s in season.stages] == [
        (("F1",), date(2019, 11, 11), date(2019, 12, 20)),
        (("F2",), date(2019, 12, 24), date(2020, 1, 15)),
        (("F3",), None, date(2020, 1, 23)),
        (("F4", "F5"), date(2020, 2, 3), date(2020, 2, 28)),
    ]
    assert season.stages[2].by_approval
    assert season.phases["remit"] == (date(2020, 1, 1), date(2020, 1, 10))
    assert season.lines["dibao"] == 116000
    assert not season.sample


@pytest.mark.parametrize("encode", [
    lambda t: codecs.BOM_UTF8 + t.encode(),
    lambda t: t.encode("gbk"),
    lambda t: t.encode("gb18030"),
    lambda t: t.encode("utf-16"),
    lambda t: t.replace("\n", "\r\n").encode("gbk"),
])  # fmt: skip
def test_every_way_a_windows_editor_saves_it(encode) -> None:
    assert parse_season(encode(MODEL.decode())) == parse_season(MODEL)


def test_bytes_of_no_encoding() -> None:
    assert told(b'title = "\xff\xff"').key == "season_encoding"


@pytest.mark.parametrize(("old", "new", "key", "facts"), [
    ("remit = [", "remitt = [", "season_unknown_near", {"near": "remit", "at": "remitt"}),
    ("title =", "titel =", "season_unknown_near", {"near": "title", "at": "titel"}),
    ("max_mb = 20", "zzz = 20", "season_unknown", {"item": "zzz"}),
    ("due = 2020-02-28", "due = 2020-2-28", "season_syntax", {"at": "due = 2020-2-28"}),
    ("due = 2020-02-28", "due = \"28.2.2020\"", "season_type", {"at": "due = \"28.2", "want": "date"}),
    ("due = 2020-02-28\n", "\n", "season_missing", {"item": "due"}),
    ("year = 2020", "year = true", "season_type", {"item": "year"}),
    ("year = 2020", "year = 20", "season_type", {"item": "year"}),
    ("Asia/Shanghai", "Asia/Jinshan", "season_zone", {"value": "Asia/Jinshan"}),
    ("\"by_unit\"", "\"by_head\"", "season_choice", {"value": "by_head"}),
    ("level = \"unit\"", "level = \"school\"", "season_choice", {"value": "school"}),
    ("\"F4\", \"F5\"", "\"F1\", \"F5\"", "season_form_twice", {"form": "F1", "at": "forms = [\"F1\", \"F5\"]"}),
    ("dibao = 1160 ", "dibao = 1160.125 ", "season_type", {"item": "dibao", "want": "money"}),
    ("[fields]", "[fields]\nF1 = 3", "season_type", {"item": "F1", "want": "list"}),
    ("account = \"00990100000000017\"", "account = 17", "season_type", {"item": "account"}),
])  # fmt: skip
def test_a_mistake_is_told_with_its_line(old: str, new: str, key: str, facts: dict[str, object]) -> None:
    data = changed(old, new)
    wrong = told(data)
    assert wrong.key == key
    if "at" in facts:
        facts = {**facts, "line": line_of(data, str(facts["at"]))}
        del facts["at"]
    assert facts.items() <= wrong.facts.items()
    message, remedy = error_text(wrong)
    assert "{" not in message + remedy and remedy


@pytest.mark.parametrize(("old", "new", "rules", "where"), [
    ("[2019-12-24, 2019-12-31]", "[2019-12-31, 2019-12-24]", ["CAL-015"], "donate ="),  # reversed
    ("[2019-12-16, 2019-12-23]", "[2019-12-16, 2020-12-23]", ["CAL-015", "CAL-016"], "publicity ="),  # the notice's own slip (domain A5, 1)
    ("due = 2020-01-15", "due = 2019-01-15", ["CAL-015", "CAL-015", "CAL-016"], "due = 2019-01-15"),  # the notice's own slip (domain A5, 2)
    ("[2020-01-01, 2020-01-10]", "[2019-12-30, 2020-01-10]", ["CAL-015"], "donate ="),  # phases overlap
    ("issued = 2019-12-16", "issued = 2018-12-16", ["CAL-016"], "issued ="),  # last year's notice (domain A5, 4)
    ("opens = 2019-11-11", "opens = 2018-11-11", ["CAL-016"], "opens = 2018"),
])  # fmt: skip
def test_contradictions_carry_the_rule_and_the_line(old: str, new: str, rules: list[str], where: str) -> None:
    data = changed(old, new)
    wrong = told(data)
    assert [w.facts["rule"] for w in (wrong, *wrong.more)] == rules
    assert wrong.facts["line"] == line_of(data, where)
    assert all(rule in error_text(wrong)[0] for rule in rules)


def test_all_mistakes_at_once() -> None:
    wrong = told(changed("remit = [", "remitt = [").replace(b"max_mb = 20", b'max_mb = "x"'))
    assert [w.key for w in (wrong, *wrong.more)] == ["season_unknown_near", "season_type"]
    assert error_text(wrong)[0].count("\n") == 1


def test_optional_fields_in_three_spellings() -> None:
    text = '[fields]\nF1 = ["a"]\n"F1.economy" = ["b"]\n[fields.F3]\npayments = ["c"]'
    assert parse_season(changed("[fields]", text)).fields_on == {"F1": {"a"}, "F1.economy": {"b"}, "F3.payments": {"c"}}
