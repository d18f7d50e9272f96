"""A season, a rulebook and a unit of invented people; LibreOffice as a second opinion on formulas."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from datetime import date

import pytest

from pipeline.book.spec import Book
from pipeline.model import Season, Stage, Unit
from tests.writing_forms.making import load

RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>"""
FORMATS = {"xlsx": "xlsx:Calc MS Excel 2007 XML", "xls": "xls:MS Excel 97", "ods": "ods"}


@pytest.fixture(scope="session")
def season() -> Season:
    stages = (
        Stage("一", ("F1",), date(2019, 11, 11), date(2019, 12, 20)),
        Stage("二", ("F2",), date(2019, 12, 24), date(2020, 1, 15)),
        Stage("三", ("F3",), None, date(2020, 1, 23), by_approval=True),
        Stage("四", ("F4", "F5"), date(2020, 2, 3), date(2020, 2, 28)),
    )
    payee = {"name": "样例区教育工会委员会"}
    return Season(
        "2020年元旦春节帮困送温暖",
        2020,
        "Asia/Shanghai",
        "样例区教育工会",
        stages,
        {},
        payee,
        {"name": "李老师"},
        {},
        {},
        {},
        sample=True,
    )


@pytest.fixture(scope="session")
def book(season: Season) -> Book:
    return load(season)


@pytest.fixture(scope="session")
def unit() -> Unit:
    contacts = {"filler": "李某某", "union_chair": "王某某", "head": "周某某"}
    return Unit("YL001", "样例第一小学", "样例一小", phone="13800138000", headcount=86, contacts=contacts)


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Callable[[bytes, str], bytes]:
    """bytes of an xlsx, target format -> the bytes LibreOffice saves after recalculating everything."""
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("LibreOffice (soffice) is not installed: formulas of the forms were NOT recalculated")
    folder = tmp_path_factory.mktemp("office")
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(RECALCULATE, encoding="utf-8")

    def convert(data: bytes, target: str) -> bytes:
        source, out = folder / "form.xlsx", folder / "out"
        source.write_bytes(data)
        command = [
            soffice,
            f"-env:UserInstallation={profile.as_uri()}",
            "--headless",
            "--convert-to",
            FORMATS[target],
            "--outdir",
            str(out),
            str(source),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
        return (out / f"form.{target}").read_bytes()

    return convert
