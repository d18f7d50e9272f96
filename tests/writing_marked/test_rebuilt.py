"""A file whose package cannot be patched comes back as a plain workbook that looks like a form: same rows, same addresses."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import openpyxl

from pipeline.writing.rebuilt import Plain, rebuild

ROWS: list[list[Any]] = [
    ["2020年慰问金发放登记表", "", "", ""],
    ["填报单位：样例一小", "", "填报日期：2020-01-14", ""],
    ["序号", "姓名", "证件后四位", "困难情况说明"],
    [1, "邹建悦", "6221", "两个孩子同时上大学，爱人下岗，家里老人常年吃药，收入不够支出。"],
    [2, "潘雨晨", "002X", ""],
    ["合计", "", 3000, ""],
    ["填表人：姜莹", "", "工会主席：苏文波", ""],
]


def rebuilt(head: int, rows: list[list[Any]] = ROWS) -> Any:
    data, _ = rebuild([Plain("发放登记", (1, 1), rows, head=head)])
    return openpyxl.load_workbook(io.BytesIO(data))["发放登记"]


def test_every_value_stands_where_it_stood() -> None:
    sheet = rebuilt(3)
    assert [[c.value if c.value is not None else "" for c in row] for row in sheet.iter_rows(max_col=4)] == ROWS


def test_heads_are_filled_data_is_boxed_and_the_lines_around_are_not() -> None:
    for sheet in (rebuilt(3), rebuilt(0)):  # the head row known, and not known
        assert {c.fill.fill_type for c in sheet[3]} == {"solid"}
        assert all(c.border.left.style for row in sheet["A3:D6"] for c in row)
        assert not any(c.border.left.style or c.fill.fill_type for r in (1, 2, 7) for c in sheet[r])


def test_the_head_stays_in_sight_and_is_repeated_on_paper() -> None:
    sheet = rebuilt(3)
    assert (sheet.freeze_panes, sheet.print_title_rows, sheet.page_setup.orientation) == ("A4", "$3:$3", "landscape")


def test_long_texts_wrap_in_rows_high_enough() -> None:
    sheet = rebuilt(3)
    assert sheet["D4"].alignment.wrap_text
    assert sheet.column_dimensions["D"].width < 26
    assert sheet.row_dimensions[4].height >= 3 * 15
    assert sheet.column_dimensions["A"].width < 10


def test_a_sheet_without_a_table_keeps_its_values() -> None:
    sheet = rebuilt(0, [["说明", ""], ["", "本校无困难教工"]])
    assert (sheet["A1"].value, sheet["B2"].value, sheet.freeze_panes) == ("说明", "本校无困难教工", None)


def test_dates_stay_dates_in_the_box() -> None:
    sheet = rebuilt(1, [["甲", "乙", "丙"], [date(2020, 1, 14), 2, 3]])
    assert (sheet["A2"].value.date(), sheet["A2"].number_format) == (date(2020, 1, 14), "yyyy-mm-dd")
