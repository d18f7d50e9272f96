"""Many sheets of a form are one pandera frame; a failing row comes back once; a rule that raises is our own fault."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandera.pandas as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.checking import KINDS
from pipeline.checking.frame_checks import FrameChecks, pattern_of
from pipeline.checking.frames import validate
from pipeline.checking.subjects import Subject

from .conftest import Checker, person, sheets


def test_one_frame_per_resource_whatever_the_number_of_files(checker: Checker, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    real = pa.DataFrameSchema.validate

    def counting(self: Any, frame: Any, *args: Any, **kwargs: Any) -> Any:
        seen.append(len(frame))
        return real(self, frame, *args, **kwargs)

    monkeypatch.setattr(pa.DataFrameSchema, "validate", counting)
    checker.run({f"{i}.xlsx": checker.f1(person(), person(seq=2, name="何雪")) for i in range(40)})
    assert sorted(seen) == [80, 80]


def test_a_row_that_fails_comes_back_once_per_rule(checker: Checker) -> None:
    tables = checker.f1(person())
    subjects = [Subject(_sheet(tables[0]), r) for r in tables[0].rows] * 5
    resource = checker.book.resource("F1", "applications")
    assert resource is not None
    found = validate(
        subjects, FrameChecks(resource, rows={"ROW-900": lambda i, s: i % 2 == 0, "ROW-901": lambda i, s: True})
    )
    assert [(f.position, f.check) for f in found] == [(1, "ROW-900"), (3, "ROW-900")]


def test_a_rule_that_raises_stops_the_night(checker: Checker, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setitem(KINDS, "ticked", replace(KINDS["ticked"], judge=broken))
    with pytest.raises(RuntimeError, match="ROW-033"):
        checker.run({"甲.xlsx": checker.f1(person())})


def test_patterns_hold_the_whole_value() -> None:
    assert pattern_of("[0-9]{3}|x").match("123")
    assert not pattern_of("[0-9]{3}|x").match("1234")
    assert not pattern_of("[0-9]{3}").match("１２３")


MONEY = st.one_of(st.none(), st.integers(-500, 10**9))
ROWS = st.lists(
    st.tuples(st.booleans(), st.booleans(), MONEY, st.one_of(st.none(), st.integers(-3, 30))), min_size=1, max_size=6
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ROWS, min_size=1, max_size=4))
def test_column_checks_agree_with_a_plain_loop(
    checker: Checker, files: list[list[tuple[bool, bool, int | None, int | None]]]
) -> None:
    """pandera on one frame finds exactly the blanks, too small amounts and odd counts that a loop over the rows finds."""
    tables, expected = {}, set()
    for i, rows in enumerate(files):
        people = [
            person(
                seq=n,
                name="林晓" if named else None,
                mobile="13800138001" if phoned else None,
                amount_requested=amount,
                household_size=size,
            )
            for n, (named, phoned, amount, size) in enumerate(rows, 1)
        ]
        tables[f"{i}.xlsx"] = checker.f1(*people)
        for number, (named, phoned, amount, size) in enumerate(rows, 3):
            wrong = {
                "name": not named,
                "mobile": not phoned,
                "amount_requested": amount is None,
                "household_size": size is None,
            }
            expected |= {("CEL-001", f"{i}.xlsx", number, k) for k, v in wrong.items() if v}
            if amount is not None and amount < 1:
                expected.add(("CEL-031", f"{i}.xlsx", number, "amount_requested"))
            if size is not None and not 1 <= size <= 12:
                expected.add(("ROW-005", f"{i}.xlsx", number, "household_size"))
    found = {
        (f.rule, f.file, f.row, f.field)
        for f in checker.run(tables).findings
        if f.rule in {"CEL-001", "CEL-031", "ROW-005"} and f.resource == "applications"
    }
    assert found == expected


def _sheet(made: Any) -> Any:
    return sheets([made])[0][0]
