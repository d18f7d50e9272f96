"""All current rows of one form.resource in, as ONE pandera frame; out come the places where a cell, row or key check failed.

One frame per resource, not per sheet: pandera's price is per frame (128 times cheaper at 300 sheets). Typed values in
object columns, lazy, no coercion. Row rules are checks on the `_row` column, key rules on `_key` columns, so that each
failure comes back once, not once per column. The frame's index is the position of the row in `subjects`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
import pandera.pandas as pa

from pipeline.checking.frame_checks import KEY, ROW, Excuse, Failure, FrameChecks
from pipeline.checking.subjects import Subject


class _Unjudged:
    """Stands in a cell no check may judge: unknown, or the column is not there."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<unjudged>"


UNJUDGED = _Unjudged()


def _first_use() -> None:
    """Pandera loads its back ends when it is first asked: here, aside of the readers (`get_ready`), not when the night waits."""
    first = pa.DataFrameSchema({ROW: pa.Column(object, checks=[pa.Check(lambda values: values.notna())])})
    first.validate(pd.DataFrame({ROW: pd.Series([0], dtype=object)}), lazy=True)


_first_use()


def validate(subjects: Sequence[Subject], checks: FrameChecks) -> list[Failure]:
    """Failures in row order. A check that raises is our own fault and stops the night (exit 70)."""
    if not subjects:
        return []
    series, columns = _cells(subjects, checks)
    if checks.rows:
        series[ROW] = list(subjects)
        columns[ROW] = pa.Column(object, checks=[_row_check(rule, judge) for rule, judge in checks.rows.items()])
    for rule, key_of in checks.keys.items():
        series[KEY + rule] = _keys(subjects, key_of)
        columns[KEY + rule] = pa.Column(object, nullable=True, checks=[pa.Check(_first_of_its_key, name=rule)])
    if not columns:
        return []
    frame = pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in series.items()})
    schema = pa.DataFrameSchema(columns, coerce=False)
    try:
        schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        return _failures(errors.failure_cases)
    return []


def _cells(subjects: Sequence[Subject], checks: FrameChecks) -> tuple[dict[str, list[Any]], dict[str, pa.Column]]:
    series: dict[str, list[Any]] = {}
    columns: dict[str, pa.Column] = {}
    for f in checks.resource.active:
        found = [(rule, fault) for rule, make in checks.cells.items() if (fault := make(f))]
        must = checks.required and f.required
        if not found and not must:
            continue
        series[f.name] = [_cell(s, f.name, checks.excused) for s in subjects]
        columns[f.name] = pa.Column(
            object, nullable=not must, checks=[_cell_check(rule, fault) for rule, fault in found]
        )
    return series, columns


def _cell(subject: Subject, name: str, excused: Mapping[str, Sequence[Excuse]]) -> Any:
    row = subject.row
    if name in row.unknown or name not in subject.sheet.table.columns:
        return UNJUDGED
    value = row.values.get(name)
    if value is None and any(row.values.get(n) == 0 if zero else n in row.values for n, zero in excused.get(name, ())):
        return UNJUDGED
    return value


def _cell_check(rule: str, fault: Callable[[Any], bool]) -> pa.Check:
    def passes(values: pd.Series) -> pd.Series:
        return values.map(lambda v: v is UNJUDGED or not fault(v)).astype(bool)

    return pa.Check(passes, name=rule)


def _row_check(rule: str, judge: Callable[[int, Subject], bool]) -> pa.Check:
    def passes(values: pd.Series) -> pd.Series:
        verdicts = [judge(int(i), s) for i, s in zip(values.index, values, strict=True)]
        return pd.Series(verdicts, index=values.index, dtype=bool)

    return pa.Check(passes, name=rule)


def _keys(subjects: Iterable[Subject], key_of: Callable[[Subject], Any]) -> list[Any]:
    """(unit, key): a unit's current rows, also where a second file added some (追加); None = no whole key."""
    out: list[Any] = []
    for s in subjects:
        key = key_of(s)
        out.append(None if key is None else (s.sheet.unit or s.sheet.file, key))
    return out


def _first_of_its_key(values: pd.Series) -> pd.Series:
    return ~values.duplicated(keep="first")


def _failures(cases: pd.DataFrame) -> list[Failure]:
    broken = cases[cases["index"].isna()]
    if len(broken):
        raise RuntimeError(f"rule check raised: {broken['check'].iloc[0]}: {broken['failure_case'].iloc[0]}")
    found = {(int(i), str(c), str(k)) for i, c, k in zip(cases["index"], cases["column"], cases["check"], strict=True)}
    return [Failure(*one) for one in sorted(found)]
