"""What a decision is bound to: each part of the evidence told apart, and what only moves told to be none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from pipeline.model import Finding, Place, Row, Table
from pipeline.office.evidence import Evidence, changed

FILE, OTHER = "甲/申报表.xlsx", "乙/申报表.xlsx"
ROW = {
    "name": "林晓",
    "id_number": "440308199901101512",
    "birth_month": "1999-01",
    "account_no": "6212345678901234569",
    "household_size": 3,
    "amount_requested": 300000,
}
MEMBER = {"staff_name": "林晓", "member_name": "林小", "relation": "子女"}
FINDING = Finding(
    "MNY-003", unit="A1", form="F1", file=FILE, sheet="申报表", row=4, col=9, field="amount_requested", value="3000",
    facts={"calc": "2000", "r1": "4"}, related=(Place("B2", OTHER, "申报表", "D4"),),
)  # fmt: skip


def table(resource: str, sheet: str, *rows: Mapping[str, Any], first: int = 4) -> Table:
    columns = {name: i for i, name in enumerate(rows[0], 1)} if rows else {}
    made = tuple(Row(n, dict(r), {k: str(v) for k, v in r.items()}) for n, r in enumerate(rows, first))
    return Table("F1", resource, sheet, (3, 3), columns, {}, made)


def parts(
    row: Mapping[str, Any] = ROW,
    other: Mapping[str, Any] = ROW,
    member: Mapping[str, Any] = MEMBER,
    finding: Finding = FINDING,
    first: int = 4,
    secret: bytes = b"k",
) -> dict[str, str]:
    tables = [
        (FILE, table("applications", "申报表", row, first=first)),
        (FILE, table("members", "家庭成员", member)),
        (OTHER, table("applications", "申报表", other)),
    ]
    return Evidence(lambda: tables, secret).of(finding)


@pytest.mark.parametrize(
    ("now", "what"),
    [
        ({}, ()),
        ({"row": {**ROW, "id_number": "440308199901101539"}}, ("id",)),
        ({"row": {**ROW, "birth_month": "1999-02"}}, ("birth",)),
        ({"row": {**ROW, "account_no": "6212345678901234577"}}, ("account",)),
        ({"row": {**ROW, "household_size": 4}}, ("household",)),
        ({"member": {**MEMBER, "member_name": "林大"}}, ("household",)),
        ({"row": {**ROW, "amount_requested": 310000}}, ("value",)),
        ({"other": {**ROW, "account_no": "1"}}, ("other_account",)),
        ({"finding": replace(FINDING, facts={"calc": "1500", "r1": "4"})}, ("value",)),
        ({"finding": replace(FINDING, facts={"calc": "2000", "r1": "9"})}, ()),  # rows move
        ({"first": 8, "finding": replace(FINDING, row=8)}, ()),
        ({"row": {**ROW, "id_number": "４４０３０８１９９９０１１０１５１２"}}, ()),  # another spelling
        ({"row": {**ROW, "mobile": "13800138000"}}, ()),
    ],
)
def test_which_part_changed(now: dict[str, Any], what: tuple[str, ...]) -> None:
    assert changed(parts(), parts(**now)) == what


def test_it_is_nothing_but_keyed_hashes() -> None:
    found = parts()
    assert {len(v) for v in found.values()} == {16} and all(int(v, 16) >= 0 for v in found.values())
    assert not set(found.values()) & set(parts(secret=b"other").values())
    assert parts(finding=replace(FINDING, rule="MNY-004"))["who"] != found["who"]


def test_a_sheet_of_names_is_bound_to_the_number_beside_them() -> None:
    """家庭经济 repeats the name; the number stands on the main sheet."""
    economy = table("economy", "家庭经济", {"name": "林晓", "household_income_year": 1})
    asked = Finding("ROW-016", unit="A1", form="F1", file=FILE, sheet="家庭经济", row=4, field="household_income_year")

    def of(number: str) -> dict[str, str]:
        tables = [(FILE, economy), (FILE, table("applications", "申报表", {**ROW, "id_number": number}))]
        return Evidence(lambda: tables, b"k").of(asked)

    assert changed(of("440308199901101512"), of("440308199901101539")) == ("id",)


def test_what_names_no_row_is_bound_to_what_it_says() -> None:
    silent = Finding("XFM-016", unit="A1", facts={"due": "F1、F2", "forms": "F2"})
    assert changed(parts(finding=silent), parts(finding=replace(silent, facts={"due": "F1、F2", "forms": "F1"}))) == (
        "value",
    )
