"""What the office notes beside files and findings, through a home on disk: 电话零报告, 同意迟报, 单据已收, 到账对应; 撤销 ends each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipeline.model import Night
from tests.night.conftest import copy_of, found, run
from tests.night.deciding import others, page, save, sheet_rows
from tests.night.test_nights import send

Ran = tuple[Path, Night]
BY = "李某某"
LATE = date(2020, 1, 20)


def silent_home(clean_home: Path, tmp_path: Path) -> tuple[Path, str, bytes]:
    """A home in which one unit has not sent its F1 by the deadline: (home, unit, the file it will send)."""
    home = copy_of(clean_home, tmp_path / "home")
    place = min((home / "inbox").glob("F1*.xlsx"))
    data = place.read_bytes()
    place.unlink()
    done = run(home)
    (missing,) = [f for f in found(done) if f["rule"] == "XRG-003" and f["severity"] == "error"]
    assert missing["form"] == "F1"
    return home, missing["unit"], data


def mended(done: Night) -> bool:
    """Nothing is wrong but what follows from the missing form: decided rows about people whose application is not there."""
    return {f["rule"] for f in found(done) if f["severity"] == "error" and f["status"] != "fixed"} <= {"ROW-036"}


def state(done: Night, unit: str, form: str) -> Mapping[str, Any]:
    (one,) = [s for s in done.record["states"] if (s["unit"], s["form"]) == (unit, form)]
    return one


def test_a_zero_report_by_telephone_stands_until_a_form_comes(clean_home: Path, tmp_path: Path) -> None:
    home, unit, data = silent_home(clean_home, tmp_path)
    others(home, ("甲-1", "电话零报告", "F1", unit, "来电说明", BY, date(2020, 1, 16)))
    second = run(home)
    assert state(second, unit, "F1")["state"] == "零报告"
    assert not [f for f in found(second) if f["rule"] == "XRG-003" and f["unit"] == unit and f["status"] != "fixed"]
    assert mended(second)
    assert "零报告（电话）" in page(second, f"units/{unit}_*/回执.html")
    assert "零报告（电话）" in page(second, "district/总览.html")
    (row,) = [r for r in sheet_rows(second, "district/汇总表.xlsx", "报送情况") if r["代码"] == unit]
    assert f"F1零报告（电话，{BY}、1月16日）" in row["备注"]

    others(home, ("甲-1", "电话零报告", "F1", unit, "来电说明", BY, date(2020, 1, 16), None, "☑"))
    third = run(home)
    assert state(third, unit, "F1")["state"] == "逾期未报"

    others(home, ("甲-1", "电话零报告", "F1", unit, "来电说明", BY, date(2020, 1, 17)))
    send(home, "补报.xlsx", data, "2020-01-17")
    fourth = run(home, date(2020, 1, 17))
    assert state(fourth, unit, "F1")["state"] == "已通过"
    assert "电话" not in page(fourth, f"units/{unit}_*/回执.html").split("联系人")[0]


def test_an_agreed_delay_softens_silence_and_waives_lateness(clean_home: Path, tmp_path: Path) -> None:
    home, unit, data = silent_home(clean_home, tmp_path)
    others(home, ("甲-1", "同意迟报", "F1", unit, "财务人员住院", BY, date(2020, 1, 16), LATE))
    second = run(home)
    (missing,) = [f for f in found(second) if f["rule"] == "XRG-003" and f["form"] == "F1" and f["unit"] == unit]
    assert missing["severity"] == "info" and mended(second)
    assert (state(second, unit, "F1")["state"], state(second, unit, "F1")["deadline"]) == ("未报", "2020-01-20")
    assert "已同意迟报" in page(second, "district/总览.html")

    over = copy_of(home, tmp_path / "over")
    third = run(over, date(2020, 1, 21))
    assert state(third, unit, "F1")["state"] == "逾期未报"
    assert [f["severity"] for f in found(third) if f["id"] == missing["id"]] == ["error"]
    send(over, "补报.xlsx", data, "2020-01-22")
    fourth = run(over, date(2020, 1, 22))
    assert [f["status"] for f in found(fourth) if f["rule"] == "CAL-001"] == ["new"]

    send(home, "补报.xlsx", data, "2020-01-20")
    kept = run(home, LATE)
    (late,) = [f for f in found(kept) if f["rule"] == "CAL-001"]
    assert (late["status"], late["severity"]) == ("waived", "info")
    assert state(kept, unit, "F1")["state"] == "已通过"


@pytest.mark.parametrize(("kind", "word"), [("电话零报告", "零报告"), ("同意迟报", "未报")])
def test_the_form_may_be_named_by_the_finding_that_asks_for_it(
    clean_home: Path, tmp_path: Path, kind: str, word: str
) -> None:
    home, unit, _ = silent_home(clean_home, tmp_path)
    again = run(home)
    (asked,) = [f for f in found(again) if f["rule"] == "XRG-003" and f["severity"] == "error"]
    others(home, ("甲-1", kind, asked["id"], unit, "来电说明", BY, date(2020, 1, 16)))
    third = run(home)
    assert state(third, unit, "F1")["state"] == word
    assert mended(third)


def test_paper_slips_are_noted_shown_and_judged(clean_night: Ran, tmp_path: Path) -> None:
    home = copy_of(clean_night[0], tmp_path / "home")
    rows = sheet_rows(clean_night[1], "district/待核查.xlsx", "收单登记")
    heads = [h for h in rows[0] if h]
    first = rows[0]
    given = {**first, "收到日期": date(2020, 1, 16), "经办人": BY}
    save(home, "收单登记", heads, [given[h] for h in heads])
    second = run(home)
    unit = first["单位代码"]
    (row,) = [r for r in sheet_rows(second, "district/汇总表.xlsx", "报送情况") if r["代码"] == unit]
    own = sum(r["单位代码"] == unit for r in rows)
    assert f"纸质单据已收1/{own}份，最近1月16日" in row["备注"]
    late = [f for f in found(second) if f["rule"] == "CAL-006"]
    assert [(f["unit"], f["severity"], f["sheet"]) for f in late] == [(unit, "warning", "汇款单据")]
    again = sheet_rows(second, "district/待核查.xlsx", "收单登记")
    assert [str(r["收到日期"])[:10] for r in again if r["对象"] == first["对象"]] == ["2020-01-16"]


@pytest.mark.parametrize("revoked", [None, "☑"])
def test_a_bank_line_is_the_unit_s_the_office_names(clean_home: Path, tmp_path: Path, revoked: str | None) -> None:
    home = copy_of(clean_home, tmp_path / "home")
    statement(home)
    first = run(home)
    (asked,) = sheet_rows(first, "district/待核查.xlsx", "到账")
    heads = [h for h in asked if h]
    given = {**asked, "归属单位": "YL001", "经办人": BY, "日期": date(2020, 1, 16), "撤销": revoked}
    save(home, "到账", heads, [given[h] for h in heads])
    second = run(home)
    assert ("未对应到账 0" in page(second, "district/总览.html")) == (revoked is None)
    (kept,) = sheet_rows(second, "district/待核查.xlsx", "到账")
    assert (kept["对象"], kept["归属单位"] or "") == (asked["对象"], clean_unit(second, "YL001"))


def clean_unit(done: Night, code: str) -> str:
    return next(str(r["单位"]) for r in sheet_rows(done, "district/汇总表.xlsx", "报送情况") if r["代码"] == code)


def statement(home: Path) -> None:
    """One line of the bank statement in which nobody's name stands, and no number of its own."""
    book = openpyxl.Workbook()
    book.active.title = "到账流水"
    for row in (("到账流水",), ("交易日期", "金额", "付款户名", "附言"), (date(2020, 1, 9), 500, "王某某", "联合募捐")):
        book.active.append(row)
    book.save(home / "inbox/_district/流水.xlsx")
