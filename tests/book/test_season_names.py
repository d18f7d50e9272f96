"""Names in season.toml that nothing answers to: each told with its line and the nearest known one, never passed over in silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.book.load import load_book
from pipeline.home.schemas import error_text, package_files
from pipeline.home.season import parse_season
from pipeline.model import WennuanError

MODEL = (Path(__file__).resolve().parents[2] / "season.toml").read_text(encoding="utf-8")
FILES = package_files("schemas")


def told(text: str) -> list[str]:
    with pytest.raises(WennuanError) as caught:
        load_book(FILES, parse_season(text.encode()))
    assert caught.value.code == 2
    return error_text(caught.value)[0].split("\n")


@pytest.mark.parametrize(
    ("old", "new", "near"),
    [
        ('forms = ["F4", "F5"]', 'forms = ["F4", "F6"]', "F"),
        ('forms = ["F1"]', 'forms = ["f1"]', "F1"),
        ("[fields]", '[fields]\nF1 = ["benefit_statu"]', "benefit_status"),
        ("[fields]", '[fields]\n"F1.application" = ["benefit_status"]', "applications"),
        ("[fields]", '[fields.F1]\napplications = ["benefit_statu"]', "benefit_status"),
        ("[fields]", '[fields]\nR15 = ["head"]', "R1"),
        ("publicity_days = 5", "publicty_days = 5", "publicity_days"),
        ("publicity_days = 5", "accident_percnt = 80", "accident_percent"),
        ("dibao = 1160", "diboa = 1160", "dibao"),
    ],
)
def test_an_unknown_name_is_told_with_its_line_and_the_nearest(old: str, new: str, near: str) -> None:
    assert old in MODEL
    text = MODEL.replace(old, new, 1)
    wrong = new.rpartition("\n")[2]
    line = next(n for n, said in enumerate(text.split("\n"), 1) if said.startswith(wrong))
    (said,) = told(text)
    assert f"第{line}行" in said
    assert f"“{near}" in said


def test_every_unknown_name_has_its_own_line() -> None:
    text = (
        MODEL.replace("publicity_days = 5", "zzzz = 5")
        .replace("dibao = 1160", "qqqq = 1")
        .replace('["F1"]', '["F1", "表九"]')
    )
    said = told(text)
    assert [("表九" in s, "zzzz" in s, "qqqq" in s) for s in said] == [
        (True, False, False),
        (False, True, False),
        (False, False, True),
    ]
    assert "publicity_days" in said[1] and "{" not in "".join(said)


def test_names_that_rules_or_the_program_ask_for_pass() -> None:
    text = MODEL.replace("publicity_days = 5", "publicity_days = 7\naccident_percent = 80\nspending_times = 3")
    assert load_book(FILES, parse_season(text.encode())).forms
