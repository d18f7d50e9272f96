"""The rulebook, the form guide and `explain` say everything the schemas say."""

from __future__ import annotations

import re

import pytest

from pipeline.book.guide import explain, form_guide, rulebook
from pipeline.book.load import load_book
from pipeline.book.spec import Book
from pipeline.model import WennuanError


def test_the_rulebook_holds_every_rule_once(book: Book) -> None:
    text = rulebook(book)
    assert re.findall(r"^### ([A-Z]{3}-[0-9]{3})", text, re.M) == sorted(
        book.rules,
        key=lambda i: (list(dict.fromkeys(r.scope for r in book.rules.values())).index(book.rules[i].scope), i),
    )
    assert not re.search(r"\{[a-z_0-9]*\}", text), "a bare placeholder"


def test_the_rulebook_counts_what_is_in_force(book: Book) -> None:
    stages = [r.stage for r in book.rules.values()]
    first = rulebook(book).splitlines()[2]
    assert f"共{len(stages)}条" in first
    assert f"已启用{stages.count('enforced')}条" in first


def test_the_form_guide_holds_every_sheet_and_every_column(book: Book) -> None:
    text = form_guide(book)
    for form in book.forms.values():
        for sheet in form.resources:
            assert f"### {sheet.title}" in text
            for field in sheet.fields:
                assert field.title in text
    for register in book.registers.values():
        assert f"### {register.name}" in text
    assert all(line.count("|") - line.count("\\|") in (5, 6) for line in text.splitlines() if line.startswith("|"))


def test_explain_answers_as_the_contract_says(files: dict[str, bytes]) -> None:
    example = {"rules/examples/CEL-013.yaml": b"fail:\n  cell: C7\npass:\n  cell: ''\n"}
    told = explain(load_book({**files, **example}), "cel-013")
    assert {
        "rule",
        "severity",
        "cure",
        "holds",
        "scope",
        "where",
        "stage",
        "message",
        "remedy",
        "why",
        "params",
        "example",
    } <= set(told)
    assert (told["rule"], told["severity"], told["scope"]) == ("CEL-013", "error", "cell")
    assert told["example"] == {"fail": {"cell": "C7"}, "pass": {"cell": ""}}


def test_explain_of_an_unknown_rule_names_near_ones(book: Book) -> None:
    with pytest.raises(WennuanError) as caught:
        explain(book, "CEL-0013")
    assert caught.value.key == "rule_unknown"
    assert "CEL-001" in str(caught.value.facts["near"])


def test_only_an_error_in_force_is_said_to_hold_anything(book: Book) -> None:
    """Contract.md 3: warnings hold nothing. Words and JSON say what a night does."""
    words = book.words["book"]["guide"]
    text = rulebook(book)
    sections = {part.split()[0]: part for part in text.split("### ")[1:]}
    for rule in book.rules.values():
        what = rule.holds if rule.severity == "error" and rule.stage != "advisory" else "none"
        assert explain(book, rule.id)["holds"] == what
        assert f" {words['holds'][what]} " in sections[rule.id]
    assert explain(book, "CEL-005")["holds"] == "none"
