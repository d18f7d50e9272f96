"""An office of one school: its registers, the blank forms `wennuan forms` made, and those forms as the clerk saved them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from pipeline.book.spec import Book
from pipeline.home.founding import found_home
from pipeline.home.layout import Home
from pipeline.model import Season
from pipeline.writing.registers import register_workbook
from tests.office import lo
from tests.office.cases import CASES, FORMER, STAFF, UNIT, WANG
from tests.office.clerk import Clerk

Rows = list[dict[str, object]]
CODE, FUND = "YL001", "区教育工会"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Said once per test: without LibreOffice nothing here was tried."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.office)
            if not lo.installed():
                item.add_marker(
                    pytest.mark.skip(
                        reason="LibreOffice (soffice) is not installed: filled forms were NOT saved and read back"
                    )
                )


def units() -> Rows:
    return [{"unit_code": CODE, "full_name": UNIT, "phones": "021-20000002", "short_name": "样例一小", "kind": "小学", "filler": "李小满",
             "union_chair": "王立春", "head": "周谷雨", "headcount": 86, "member_count": 80}]  # fmt: skip


def former() -> Rows:
    base: dict[str, object] = {"season": 2019, "unit_code": CODE, "unit_name": UNIT, "fund": FUND, "level": "区级"}
    return [
        {**base, "name": "王建国", "id_number": WANG, "category": "相对困难", "aid_type": "大病帮困", "amount": 2000},
        {**base, "name": "李秀英", "id_number": FORMER, "category": "其他困难", "aid_type": "节日慰问", "amount": 800},
    ]


def decided() -> Rows:
    return [
        {"unit_code": CODE, "unit_name": UNIT, "name": name, "id_tail": number[-4:], "staff_status": "在职在编", "category": "相对困难", "aid_type": aid,
         "amount_requested": amount, "amount_proposed": amount, "amount_approved": amount, "fund": FUND, "opinion": "同意",
         "notice_from": date(2020, 1, 2), "notice_to": date(2020, 1, 9), "notice_result": "无异议"}
        for name, number, aid, amount in STAFF
    ]  # fmt: skip


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory, book: Book, season: Season) -> Home:
    found = found_home(tmp_path_factory.mktemp("school") / "home")
    for folder, name, rows in (
        ("_district", "R1", units()),
        ("_district", "R3", former()),
        ("_decisions", "综合平衡表", decided()),
    ):
        place = found.inbox / folder / f"{name}.xlsx"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(register_workbook([name], book, season, {name: rows}))
    return found


@pytest.fixture(scope="session")
def blanks(home: Home) -> Mapping[str, Path]:
    """Form -> the workbook `wennuan forms` made of it."""
    out = home.root / "forms"
    command = [
        sys.executable,
        "-m",
        "pipeline",
        "--home",
        str(home.root),
        "forms",
        "--as-of",
        "2020-01-16",
        "--out",
        str(out),
    ]
    subprocess.run(command, check=True, capture_output=True, cwd=Path(__file__).resolve().parents[2])
    return {p.name.partition("_")[0]: p for p in out.glob("*.xlsx")}


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> lo.Desk:
    return lo.Desk(tmp_path_factory.mktemp("lo"))


@pytest.fixture(scope="session")
def saved(desk: lo.Desk, blanks: Mapping[str, Path]) -> Mapping[tuple[str, str], Path]:
    """(case, format) -> the file as LibreOffice saved it; all of them in one go."""
    steps: list[lo.Step] = []
    made: dict[tuple[str, str], Path] = {}
    for case in CASES.values():
        clerk = Clerk(blanks[case.form].read_bytes())
        case.fill(clerk)
        for target in case.formats:
            place = desk.folder / target / case.name.replace(" ", "_") / f"{UNIT}.{target}"
            place.parent.mkdir(parents=True)
            made[case.name, target] = place
        steps += clerk.filed(blanks[case.form], *(made[case.name, t] for t in case.formats))
    desk.run(steps)
    return made
