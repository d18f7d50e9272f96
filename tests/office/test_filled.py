"""Blank forms filled and saved by LibreOffice in three formats: filled right nothing is said, filled wrong exactly what was planted."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from pipeline.home.layout import Home
from pipeline.night.inspecting import Inspected, inspect
from tests.office.cases import CASES, FORMATS, QUIET, RIGHT, WRONG

Saved = Mapping[tuple[str, str], Path]


def looked(case: str, target: str, saved: Saved, home: Home) -> Inspected:
    return inspect([saved[case, target]], home, CASES[case].day)


def said(seen: Inspected, *levels: str) -> set[tuple[str, str, str]]:
    return {(f.rule, f.sheet or "", f.cell or "") for f in seen.findings if seen.material.severity(f) in levels}


@pytest.mark.parametrize("target", FORMATS)
@pytest.mark.parametrize("case", RIGHT)
def test_filled_right_nothing_is_said(case: str, target: str, saved: Saved, home: Home) -> None:
    seen = looked(case, target, saved, home)
    assert [d.outcome for d in seen.documents] == ["readable"]
    assert said(seen, "error", "warning") == set()
    assert {f.rule for f in seen.findings} <= QUIET
    assert seen.documents[0].marks.agree >= 2 and list(seen.units.values()) == ["YL001"]


@pytest.mark.parametrize("target", FORMATS)
@pytest.mark.parametrize("case", WRONG)
def test_filled_wrong_exactly_what_was_planted(case: str, target: str, saved: Saved, home: Home) -> None:
    seen = looked(case, target, saved, home)
    hidden = CASES[case].hidden.get(target, frozenset())
    assert said(seen, "error", "warning") == CASES[case].planted - hidden
