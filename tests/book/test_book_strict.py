"""A mistake in schemas/ or in season.toml's [fields]: one error, naming file, place, the nearest name and what to do."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.book.load import load_book
from pipeline.book.spec import Book, KindSpec
from pipeline.model import Season, WennuanError

SEASON = Season("2020", 2020, "Asia/Shanghai", "", (), {}, {}, {}, {}, {}, {}, issued=date(2019, 12, 16))
KINDS = {
    "blank": KindSpec("blank", facts=frozenset({"calc"}), required=frozenset({"field"}), optional=frozenset({"least"}))
}


def spoilt(files: Mapping[str, bytes], name: str, old: str, new: str) -> dict[str, bytes]:
    text = files[name].decode()
    assert old in text, f"{name} no longer holds {old!r}"
    return {**files, name: text.replace(old, new, 1).encode()}


def complaint(files: Mapping[str, bytes], **more: Any) -> WennuanError:
    with pytest.raises(WennuanError) as caught:
        load_book(files, **more)
    assert caught.value.key == "schemas"
    assert caught.value.code == 2
    return caught.value


SLIPS = [
    ("forms/F1.yaml", "x-mask: id", "x-maks: id", "unknown_key", "x-mask"),
    ("forms/F1.yaml", "x-kind: money", "x-kind: mony", "unknown_kind", "money"),
    ("forms/F1.yaml", "type: number", "type: string", "wrong_type", "number"),
    ("forms/F1.yaml", "x-codes: K1\n", "x-codes: K99\n", "unknown_codes", "K9"),
    ("forms/F1.yaml", "x-preset: 居民身份证", "x-preset: 居民身分证", "not_in_codes", "居民身份证"),
    ("forms/F1.yaml", "primaryKey: [id_number, aid_type]", "primaryKey: [id_numbr, aid_type]", "unknown_field", "id_number"),
    ("forms/F1.yaml", "x-rows: \"20\"", "x-rows: twenty", "bad_number", "twenty"),
    ("forms/F1.yaml", "minimum: \"0.01\"", "minimum: \"0.001\"", "bad_number", "0.001"),
    ("forms/F1.yaml", "required: yes", "required: perhaps", "not_flag", "perhaps"),
    ("forms/F1.yaml", "required: yes", "obligatory: yes", "unknown_key", "obligatory"),
    ("forms/F1.yaml", "name: staff_no", "name: name", "doubled_field", "name"),
    ("forms/F1.yaml", "name: staff_no", "name: 工号", "bad_name", "工号"),
    ("forms/F1.yaml", "title: 工号", "title: 手机", "doubled_synonym", "手机"),
    ("forms/F1.yaml", "title: 工号", "remark: 工号", "missing_key", "title"),
    ("forms/F1.yaml", "x-computed: net_per_head", "x-computed: net_per_had", "unknown_computed", "net_per_head"),
    ("forms/F1.yaml", "x-mask: health", "x-mask: helth", "unknown_mask", "health"),
    ("forms/F1.yaml", "x-prefilled: R3", "x-prefilled: R33", "unknown_prefilled", "R3"),
    ("forms/F1.yaml", "x-prefill: R3.category", "x-prefill: R3.categori", "unknown_field", "category"),
    ("forms/F1.yaml", "x-prefill: R3.category", "x-prefill: R99.category", "unknown_register", "R9"),
    ("forms/F1.yaml", "name: economy", "name: applications", "doubled_resource", "applications"),
    ("forms/F1.yaml", "title: 家庭经济", "title: 申报表", "doubled_sheet", "申报表"),
    ("forms/F1.yaml", "name: F1", "name: F9", "name_is_not_file", "F1"),
    ("forms/F1.yaml", "x-width: \"5\"", "x-width: \"500\"", "bad_number", "500"),
    ("forms/F1.yaml", "resources:", "resources: [", "yaml", ""),
    ("forms/F1.yaml", "name: F1\n", "name: F1\nname: F1\n", "doubled_key", "name"),
    ("forms/F3.yaml", "x-unless: unpaid_reason", "x-unless: unpaid_raeson", "unknown_field", "unpaid_reason"),
    ("forms/F4.yaml", "parts: \"B02 B03 B04 B05\"", "parts: \"B02 B93\"", "unknown_field", "B93"),
    ("forms/F5.yaml", "x-layout: items", "x-layout: item", "unknown_layout", "items"),
    ("registers/R1.yaml", "x-merge: replace", "x-merge: replce", "unknown_merge", "replace"),
    ("registers/R2.yaml", "resource: R1", "resource: R111", "unknown_register", "R1"),
    ("registers/R2.yaml", "reference: {resource: R1, fields: [unit_code]}", "reference: {resource: R1, fields: [unit_kode]}", "unknown_field", "unit_code"),
    ("registers/R9.yaml", "    - opinion\n", "    - opinoin\n", "unknown_shared", "opinion"),
    ("registers/综合平衡表.yaml", "x-area: decision", "x-area: decisions", "unknown_area", "decision"),
    ("words/codes.yaml", "癌症: 恶性肿瘤", "癌症: 恶性肿溜", "not_in_codes", "恶性肿瘤"),
    ("words/areas.yaml", "\"1900-1980\"", "\"1980-1900\"", "bad_number", "1980-1900"),
]  # fmt: skip


@pytest.mark.parametrize("slip", SLIPS, ids=[f"{s[0]} {s[3]} {s[4]}" for s in SLIPS])
def test_each_slip_gives_its_message(files: dict[str, bytes], slip: tuple[str, str, str, str, str]) -> None:
    name, old, new, key, names = slip
    error = complaint(spoilt(files, name, old, new))
    found = [p for p in error.facts["problems"] if p.key == key and p.file == name]  # type: ignore[attr-defined]
    assert found, error.facts["list"]
    line = next(line for line in str(error.facts["list"]).splitlines() if name in line)
    assert names in str(error.facts["list"])
    assert "请" in line, "no remedy"
    assert "{" not in str(error.facts["list"])


def test_all_slips_are_told_at_once(files: dict[str, bytes]) -> None:
    twice = spoilt(
        spoilt(files, "forms/F1.yaml", "x-mask: id", "x-maks: id"),
        "registers/R1.yaml",
        "x-merge: replace",
        "x-merge: replce",
    )
    error = complaint(twice)
    assert error.facts["n"] == 2
    assert len(str(error.facts["list"]).splitlines()) == 2


def test_files_that_do_not_belong(files: dict[str, bytes]) -> None:
    assert complaint({**files, "form/F1.yaml": b""}).facts["problems"][0].key == "unknown_folder"  # type: ignore[index]
    assert complaint({**files, "forms/F9.yml": b""}).facts["problems"][0].key == "wrong_suffix"  # type: ignore[index]
    assert (
        load_book({**files, "forms/.DS_Store": b"\x00", "forms/~F1.yaml": b"\x00"}).forms.keys()
        == load_book(files).forms.keys()
    )


def test_gbk_file_is_named(files: dict[str, bytes]) -> None:
    error = complaint({**files, "words/codes.yaml": files["words/codes.yaml"].decode().encode("gbk", "replace")})
    assert ("words/codes.yaml", "encoding") in {(p.file, p.key) for p in error.facts["problems"]}  # type: ignore[attr-defined]


RULE = """
CEL-001:
  stage: {stage}
  severity: error
  cure: R
  holds: row
  kind: {kind}
  where: [{where}]
  title: 题
  message: "{message}"
  remedy: {remedy}
  why: 因
  params: {params}
  facts: [{facts}]
  also: [{also}]
"""
GOOD = {
    "stage": "advisory",
    "kind": "blank",
    "where": "F1",
    "message": "应为{calc}",
    "remedy": "请改",
    "params": "{field: name}",
    "facts": "",
    "also": "",
}
RULE_SLIPS = [
    ({"kind": "blnk"}, "unknown_rule_kind", "blank"),
    ({"kind": "unset"}, "kind_unset", "advisory"),
    ({"message": "应为{clac}"}, "unknown_fact", "calc"),
    ({"message": "应为{calc"}, "bad_braces", ""),
    ({"remedy": '""'}, "missing_wording", "remedy"),
    ({"params": "{}"}, "missing_key", "field"),
    ({"params": "{field: name, leest: 3}"}, "unknown_param", "least"),
    ({"where": "F1.aplications"}, "unknown_place", "F1.applications"),
    ({"stage": "enforce"}, "unknown_choice", "enforced"),
    ({"stage": "enforced"}, "no_example", "rules/examples/CEL-001.yaml"),
    ({"kind": "reader", "message": "{near}"}, "unknown_fact", "near"),
    ({"also": "CEL-999"}, "unknown_rule", "CEL-999"),
]


def one_rule(files: Mapping[str, bytes], **change: str) -> dict[str, bytes]:
    kept = {n: d for n, d in files.items() if not n.startswith("rules/")}
    text = RULE
    for key, value in {**GOOD, **change}.items():
        text = text.replace("{" + key + "}", value, 1)
    return {**kept, "rules/cell.yaml": text.encode()}


@pytest.mark.parametrize(("change", "key", "names"), RULE_SLIPS, ids=[s[1] for s in RULE_SLIPS])
def test_each_slip_of_a_rule(files: dict[str, bytes], change: dict[str, str], key: str, names: str) -> None:
    assert load_book(one_rule(files), rule_kinds=KINDS).rules["CEL-001"].stage == "advisory"
    error = complaint(one_rule(files, **change), rule_kinds=KINDS)
    assert key in {p.key for p in error.facts["problems"]}  # type: ignore[attr-defined]
    assert names in str(error.facts["list"])


def test_an_enforced_rule_with_both_cases_is_accepted(files: dict[str, bytes]) -> None:
    example = {"rules/examples/CEL-001.yaml": b"fail:\n  a: b\npass:\n  a: b\n"}
    made = load_book({**one_rule(files, stage="enforced"), **example}, rule_kinds=KINDS)
    assert made.rules["CEL-001"].facts == {"calc"}
    error = complaint(
        {**one_rule(files, stage="enforced"), "rules/examples/CEL-001.yaml": b"fail:\n  a: b\n"}, rule_kinds=KINDS
    )
    assert error.facts["problems"][0].key == "no_example"  # type: ignore[index]


def test_standing_facts_need_no_declaration(files: dict[str, bytes]) -> None:
    assert (
        load_book(one_rule(files, kind="reader", message="“{col}”为{val}"), rule_kinds=KINDS).rules["CEL-001"].kind
        == "reader"
    )


def fields_on(**on: set[str]) -> Season:
    return replace(SEASON, fields_on={k.replace("_", "."): frozenset(v) for k, v in on.items()})


def test_the_season_switches_fields_and_sheets_on(files: dict[str, bytes]) -> None:
    book = load_book(files, fields_on(F1={"health", "残疾等级"}, F1_members={"member_id"}))
    form = book.forms["F1"]
    on = {f.name for f in form.main.active}
    assert {"health", "disability"} <= on
    assert "labour" not in on
    members = form.resource("members")
    assert members is not None
    assert members.on
    assert "member_id" in {f.name for f in members.active}
    assert load_book(files, fields_on(F1={"members"})).forms["F1"].resource("members").on  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("on", "near"),
    [({"F1": {"helth"}}, "health"), ({"F1_member": {"org"}}, "members"), ({"F11": {"health"}}, "F1"), ({"F1_members": {"health"}}, "member_health"), ({"R1": {"hed"}}, "head")],
)  # fmt: skip
def test_an_unknown_field_of_the_season_is_an_error(
    files: dict[str, bytes], on: dict[str, set[str]], near: str
) -> None:
    with pytest.raises(WennuanError) as caught:
        load_book(files, fields_on(**on))
    error = caught.value
    assert (error.key, error.more, error.facts["near"]) == ("season_name_near", (), near)


def test_lump_replaces_the_channels_by_one_sum(files: dict[str, bytes]) -> None:
    def active(book: Book) -> set[str]:
        return {f.name for f in book.forms["F2"].main.active}

    by_unit, lump = active(load_book(files, SEASON)), active(load_book(files, replace(SEASON, channels="lump")))
    assert by_unit - lump == {
        "ch_union_day",
        "ch_red_cross",
        "ch_charity",
        "ch_elderly",
        "ch_army",
        "ch_education",
        "total",
    }
    assert lump - by_unit == {"lump"}
    assert "channels" in str(complaint(files, season=replace(SEASON, channels="lumps")).facts["list"])


def test_the_digest_sees_every_file(files: dict[str, bytes]) -> None:
    one = load_book(files).digest
    assert load_book(dict(reversed(files.items()))).digest == one
    assert load_book({**files, "words/codes.yaml": files["words/codes.yaml"] + b"\n# x\n"}).digest != one


JUNK = st.sampled_from(["", "x", "-1", [], {}, ["x"], {"x": "y"}, [[]], [{}], "yes", "F1", None])


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(["forms/F1.yaml", "forms/F4.yaml", "forms/_cover.yaml", "registers/R2.yaml", "registers/_decision.yaml", "registers/综合平衡表.yaml", "words/codes.yaml", "rules/cell.yaml"]), seed=st.integers(0, 10**9), junk=JUNK)  # fmt: skip
def test_whatever_stands_in_a_file_the_answer_is_a_book_or_one_error(
    files: dict[str, bytes], name: str, seed: int, junk: Any
) -> None:
    tree = yaml.load(files[name], Loader=yaml.CBaseLoader)
    dice = random.Random(seed)
    node: Any = tree
    while True:
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))
        key = dice.choice(keys)
        deeper = isinstance(node[key], dict | list) and node[key] and dice.random() < 0.85
        if not deeper:
            node[key] = junk
            break
        node = node[key]
    data = yaml.safe_dump(tree, allow_unicode=True).encode()
    try:
        load_book({**files, name: data})
    except WennuanError as error:
        assert error.key == "schemas"
        assert error.facts["list"]
