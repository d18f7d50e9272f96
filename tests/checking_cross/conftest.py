"""A district written in a few words: units, what each sent when, registers; and what the cross rules say of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pytest

from pipeline.book.load import load_book
from pipeline.book.spec import Book
from pipeline.checking import check, rule_kinds
from pipeline.home.schemas import package_files
from pipeline.model import (
    Acts,
    Arrival,
    Checked,
    Decision,
    Document,
    Entry,
    Filed,
    Office,
    Past,
    Place,
    Registered,
    Row,
    Season,
    Sheet,
    Stage,
    Table,
    Unit,
)
from pipeline.night.gathering import links_of

STAGES = (
    Stage("一", ("F1",), date(2019, 11, 11), date(2019, 12, 20)),
    Stage("二", ("F2",), date(2019, 12, 24), date(2020, 1, 15)),
    Stage("三", ("F3",), None, date(2020, 1, 23), by_approval=True),
    Stage("四", ("F4", "F5"), date(2020, 2, 3), date(2020, 2, 28)),
)


@dataclass
class District:
    """`send` adds a delivery, `judged` the rules' answer on a day."""

    book: Book
    season: Season
    units: list[Unit] = field(
        default_factory=lambda: [Unit("YL001", "样例第一小学", "样例一小"), Unit("YL002", "样例第二中学", "样例二中")]
    )
    registers: dict[str, Registered] = field(default_factory=dict)
    approvals: tuple[Row, ...] = ()
    decisions: tuple[Decision, ...] = ()
    phoned: tuple[tuple[str, str], ...] = ()  # (unit, form) of 电话零报告
    filed: list[Filed] = field(default_factory=list)

    def send(
        self,
        unit: str,
        *tables: Table,
        came: date = date(2019, 12, 18),
        path: str = "",
        state: str = "adopted",
        **more: Any,
    ) -> None:
        path = path or f"{unit}_{len(self.filed)}.xlsx"
        declared = {form: Entry("无（零报告）", "无", "封面", 9, 2) for form in more.get("zero", ())}
        document = Document(
            path, "0" * 64, 1, "xlsx", more.get("outcome", "readable"), tables=tables, declared=declared
        )
        current = frozenset({t.form for t in tables} | set(declared)) if state == "adopted" else frozenset()
        arrival = Arrival(path, "0" * 64, came, 1, "form", order=len(self.filed) + 1)
        self.filed.append(Filed(arrival, document, unit, "head", state, current))

    def register(self, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
        made = tuple(Row(n, dict(r), {k: str(v) for k, v in r.items()}) for n, r in enumerate(rows, 3))
        self.registers[name] = Registered(
            name, made, tuple(Place(None, f"_district/{name}.xlsx", name, f"A{r.number}") for r in made)
        )

    def judged(self, as_of: date) -> Checked:
        if "R1" not in self.registers and self.units:
            self.register("R1", [{"unit_code": u.code} for u in self.units])
        sheets = [
            Sheet(t, f.unit or "", f.arrival.path, f.arrival.sha256, f.arrival.received, f.document)
            for f in self.filed for t in f.document.tables if t.form in f.current
        ]  # fmt: skip
        places = tuple(Place(None, "_decisions/综合平衡表.xlsx", "综合平衡表", f"A{r.number}") for r in self.approvals)
        acts = Acts(phoned={spot: Decision("", "", "") for spot in self.phoned})
        office = Office(tuple(self.units), self.registers, self.decisions, self.approvals, places, acts=acts)
        links = links_of(sheets, office, self.book)
        return check(sheets, self.filed, office, self.book, self.season, as_of, Past(), links)

    def said(self, rule: str, as_of: date) -> list[str]:
        """`unit form severity cell` of each finding of one rule."""
        found = [f for f in self.judged(as_of).findings if f.rule == rule]
        return [" ".join(filter(None, [f.unit, f.form, f.severity, f.cure, f.cell])) for f in found]

    def verdict(self, rule: str, as_of: date) -> dict[str, str]:
        return {c.subject: c.verdict for c in self.judged(as_of).coverage if c.rule == rule}

    def table(self, where: str, rows: Sequence[Mapping[str, Any]], **more: Any) -> Table:
        """Rows by field from Excel row 3 on; `field?` marks a cell nobody could read."""
        form, name = where.split(".")
        resource = self.book.resource(form, name)
        assert resource is not None
        columns = {f.name: i for i, f in enumerate(resource.active, 1)}
        made = tuple(
            Row(n, {k: v for k, v in r.items() if not k.endswith("?")}, {k.rstrip("?"): str(v) for k, v in r.items()}, frozenset(k[:-1] for k in r if k.endswith("?")))
            for n, r in enumerate(rows, 3)
        )  # fmt: skip
        return Table(
            form, name, resource.title, (2, 2), columns, {f.name: f.title for f in resource.active}, made, **more
        )


@pytest.fixture(scope="session")
def real_book(season: Season) -> Book:
    return load_book(package_files("schemas"), season, rule_kinds())


@pytest.fixture
def district(real_book: Book, season: Season) -> District:
    return District(real_book, replace(season, year=2020, stages=STAGES, channels="by_unit"))
