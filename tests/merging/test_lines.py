"""The lines of the closing form: accepted rows only, and silence where nobody can tell."""

from __future__ import annotations

from dataclasses import replace

from pipeline.merging import form_lines, merge
from pipeline.model import Finding, Place, Registered, Row
from tests.merging.test_merging import BOOK, OFFICE, ROWS, SEASON, finding, one
from tests.papers import small


def lines(*findings: Finding, office: object = OFFICE) -> dict[str, str]:
    files = one(*ROWS)
    sheets = small.sheets(files)
    made = merge(sheets, files, findings, office, BOOK, SEASON, small.AS_OF)  # type: ignore[arg-type]
    return form_lines(sheets, made, office, BOOK, SEASON).get("YL002", {})  # type: ignore[arg-type]


def test_held_rows_stay_out_and_when_all_are_held_the_line_is_not_nought() -> None:
    assert lines()["B01"] == "2"
    assert lines(finding("row"))["B01"] == "1"
    assert "B01" not in lines(finding("row", rows=(6, 7)))
    assert "B01" not in lines(finding("file", sheet=None, row=None))


def test_who_is_new_who_stayed_and_who_left_is_told_by_the_register_of_last_seasons() -> None:
    first = ROWS[0]
    people = [
        {"season": 2019, "unit_code": "YL002", "name": first.get("name"), "id_tail": str(first.get("id_number"))[-4:]},
        {"season": 2019, "unit_code": "YL002", "name": "离开者", "id_tail": "0000"},
        {"season": 2017, "unit_code": "YL002", "name": ROWS[1].get("name"), "id_number": ROWS[1].get("id_number")},
    ]
    register = Registered("R3", tuple(Row(6 + n, p, {}) for n, p in enumerate(people)), (Place(),) * 3)
    found = lines(office=replace(OFFICE, registers={**OFFICE.registers, "R3": register}))
    assert [found[code] for code in ("B06", "B07", "B08", "B09")] == ["0", "1", "1", "1"]
    held = lines(finding("row"), office=replace(OFFICE, registers={**OFFICE.registers, "R3": register}))
    assert held["B09"] == "1", "whoever applies has not left, though the row is held"
    without = {k: v for k, v in OFFICE.registers.items() if k != "R3"}
    assert "B06" not in lines(office=replace(OFFICE, registers=without))
