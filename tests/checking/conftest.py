"""Books, seasons and hand-made sheets for the checking room: rows by field, addresses as in a plain table (header in row 2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline.book.load import load_book
from pipeline.book.spec import Book
from pipeline.checking import check, rule_kinds
from pipeline.home.season import parse_season
from pipeline.model import Arrival, Checked, Document, Filed, Finding, Office, Past, Row, Season, Sheet, Table

ROOT = Path(__file__).resolve().parents[2]
AS_OF = date(2019, 12, 18)


def schema_files() -> dict[str, bytes]:
    root = ROOT / "schemas"
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in sorted(root.rglob("*.yaml"))}


@pytest.fixture(scope="session")
def files() -> dict[str, bytes]:
    return schema_files()


@pytest.fixture(scope="session")
def season() -> Season:
    return parse_season((ROOT / "season.toml").read_bytes())


@pytest.fixture(scope="session")
def book(files: dict[str, bytes], season: Season) -> Book:
    return load_book(files, season, rule_kinds())


def person(**changes: Any) -> dict[str, Any]:
    """A row of the F1 main sheet filled right, typed; None blanks a field."""
    row = {
        "seq": 1, "name": "林晓", "id_type": "居民身份证", "id_number": "440308199901101512", "staff_status": "在职在编", "mobile": "13800138001",
        "household_size": 3, "category": "相对困难", "cause_main": "患重特大疾病", "patient": "本人", "disease": "恶性肿瘤", "priority": ("重病",),
        "situation": "九月确诊后手术治疗，自负费用较大。", "needs": ("资金",), "aid_type": "大病帮困", "amount_requested": 300000, "declaration": True,
    }  # fmt: skip
    return {k: v for k, v in {**row, **changes}.items() if v is not None}


def means(**changes: Any) -> dict[str, Any]:
    """The row of 家庭经济 that belongs to `person`."""
    row = {
        "seq": 1,
        "name": "林晓",
        "household_income_year": 9600000,
        "medical_cost_year": 3000000,
        "education_cost_year": 0,
        "net_per_head": 183333,
    }
    return {k: v for k, v in {**row, **changes}.items() if v is not None}


def table(resource: str, rows: Sequence[Mapping[str, Any]], book: Book, form: str = "F1", **more: Any) -> Table:
    """Rows of typed values from Excel row 3 on. A field `name?` marks the cell as unknown (typing failed)."""
    spec = book.resource(form, resource)
    assert spec is not None
    columns = {f.name: i for i, f in enumerate((f for f in spec.active if f.computed != "tip"), 1)}
    made = []
    for number, values in enumerate(rows, 3):
        unknown = frozenset(k.rstrip("?") for k in values if k.endswith("?"))
        known = {k: v for k, v in values.items() if not k.endswith("?")}
        raw = {k.rstrip("?"): str(v) for k, v in values.items()}
        made.append(Row(number, known, raw, unknown))
    titles = {f.name: f.title for f in spec.active}
    without = more.pop("without", ())
    columns = {k: v for k, v in columns.items() if k not in without}
    return Table(form, resource, spec.title, (2, 2), columns, titles, tuple(made), **more)


def sheets(
    tables: Sequence[Table], file: str = "甲.xlsx", unit: str = "YL001", findings: Sequence[Finding] = ()
) -> tuple[list[Sheet], Filed]:
    document = Document(file, "0" * 64, 1, "xlsx", "readable", tables=tuple(tables), findings=tuple(findings))
    arrival = Arrival(file, "0" * 64, AS_OF, 1, "form")
    filed = Filed(arrival, document, unit, "head", "adopted", frozenset({t.form for t in tables}))
    return [Sheet(t, unit, file, "0" * 64, AS_OF, document) for t in tables], filed


class Checker:
    """check() over hand-made files: `run({file: tables})`."""

    def __init__(self, book: Book, season: Season) -> None:
        self.book, self.season = book, season

    def run(
        self,
        files: Mapping[str, Sequence[Table]],
        findings: Mapping[str, Sequence[Finding]] | None = None,
        office: Office | None = None,
    ) -> Checked:
        made = [
            sheets(tables, file, f"YL{i:03d}", (findings or {}).get(file, ()))
            for i, (file, tables) in enumerate(files.items(), 1)
        ]
        return check(
            [s for some, _ in made for s in some],
            [f for _, f in made],
            office or Office(),
            self.book,
            self.season,
            AS_OF,
            Past(),
        )

    def f1(
        self, *people: Mapping[str, Any], economy: Sequence[Mapping[str, Any]] | None = None, **more: Any
    ) -> list[Table]:
        beside = [means(seq=i, name=p.get("name")) for i, p in enumerate(people, 1)] if economy is None else economy
        return [table("applications", people, self.book, **more), table("economy", beside, self.book)]


@pytest.fixture(scope="session")
def checker(book: Book, season: Season) -> Checker:
    return Checker(book, season)
