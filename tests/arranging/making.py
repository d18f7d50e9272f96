"""Deliveries written as one line each, and the arrangement of a season of them as one line per delivery."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from pipeline.arranging import Named, arrange
from pipeline.model import Arrival, Decision, Document, Entry, Filed, Finding, Office, Row, Table, Unit

FIRST = date(2019, 12, 16)
KINDS = {
    "claim": "认领", "withdraw": "撤回", "choose": "采用某版本", "replace": "替换", "add": "追加（补报）", "whereabouts": "去向",
    "late": "同意迟报",
}  # fmt: skip
IDS = {
    "甲": "440308199901101512",
    "乙": "610104196209276908",
    "丙": "44052418800101001X",
    "丁": "11010519491231002X",
}  # fmt: skip  (the published specimens)


@dataclass
class Season:
    """Deliveries in the order they came; `send` adds one, `arranged` tells what became of each."""

    named: list[Named] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    units: tuple[Unit, ...] = (Unit("YL001", "样例第一小学", "样例一小"), Unit("YL002", "样例第二中学", "样例二中"))

    def send(
        self,
        path: str,
        people: str | Mapping[str, str] | None = "",
        *,
        night: int = 1,
        unit: str | None = "YL001",
        **more: Any,
    ) -> str:
        """One delivery; `people`: names (甲乙丙丁) or name -> id number, None = no form of ours. Gives its file id."""
        document = _document(path, people, more)
        digest = (
            more.get("digest")
            or hashlib.sha256(
                f"{people}{more.get('rows')}{more.get('salt')}{sorted(more.get('gone', ()))}{more.get('outcome')}".encode()
            ).hexdigest()
        )
        arrival = Arrival(
            path,
            digest,
            FIRST + timedelta(days=night - 1),
            1,
            "form",
            more.get("present", True),
            False,
            night,
            len(self.named) + 1,
        )
        if "!" in path:
            outer = next(n.arrival for n in reversed(self.named) if n.arrival.path == path.partition("!")[0])
            arrival = Arrival(path, digest, outer.received, 1, "form", outer.present, False, outer.night, outer.order)
        self.named.append(Named(arrival, document, unit, "head" if unit else "", tuple(more.get("said", ()))))
        return digest[:12]

    def decide(self, kind: str, target: str, night: int = 1, **more: Any) -> None:
        self.decisions.append(
            Decision(str(len(self.decisions)), KINDS[kind], target, on=FIRST + timedelta(days=night - 1), **more)
        )

    def arranged(
        self, forms_named: Mapping[str, Sequence[str]] | None = None
    ) -> tuple[tuple[Filed, ...], tuple[Finding, ...]]:
        named = forms_named or {}
        return arrange(
            self.named, Office(self.units, decisions=tuple(self.decisions)), KINDS, lambda path: named.get(path, ())
        )

    def states(self, **more: Any) -> list[str]:
        """`path state` per delivery, in order of arrival."""
        filed, _ = self.arranged(**more)
        return [f"{f.arrival.path} {f.state}" for f in filed]

    def said(self, **more: Any) -> list[str]:
        """`rule path n` per finding, sorted."""
        _, found = self.arranged(**more)
        return sorted(" ".join(filter(None, [f.rule, f.file or "", f.facts.get("n", "")])) for f in found)


def _document(path: str, people: str | Mapping[str, str] | None, more: Mapping[str, Any]) -> Document:
    outcome = more.get("outcome", "readable")
    tables: list[Table] = []
    if people is not None and outcome == "readable" and not more.get("members"):
        listed = people if isinstance(people, Mapping) else {n: IDS[n] for n in people}
        tables.append(
            _table(
                more.get("form", "F1"),
                "applications",
                ("name", "id_number", "amount"),
                [{"name": n, "id_number": i, "amount": more.get("rows", "1")} for n, i in listed.items()],
            )
        )
    if more.get("gone"):
        rows = [{"name": n, "id_tail": IDS[n][-4:], "destination": "本人放弃"} for n in more["gone"]]
        tables.append(_table("F1", "departures", ("name", "id_tail", "destination"), rows))
    filled = more.get("filled")
    head = {"fill_date": Entry(filled, str(filled), "封面", 3, 2)} if filled else {}
    declared = {form: Entry("无（零报告）", "无", "封面", 9, 2) for form in more.get("zero", ())}
    return Document(
        path, "", 1, more.get("kind", "xlsx"), outcome, more.get("attachment", False), tuple(tables), head, declared,
        findings=tuple(more.get("findings", ())), modified=more.get("saved"), members=tuple(more.get("members", ())),
    )  # fmt: skip


def _table(form: str, resource: str, names: Sequence[str], rows: Sequence[Mapping[str, str]]) -> Table:
    columns = {n: i for i, n in enumerate(names, 1)}
    made = tuple(
        Row(i, {k: v for k, v in r.items() if v}, {k: v for k, v in r.items() if v}) for i, r in enumerate(rows, 3)
    )
    return Table(form, resource, "申报表" if resource == "applications" else "上年对象去向", (2, 2), columns, {}, made)


def day(n: int) -> date:
    return FIRST + timedelta(days=n - 1)


def moment(n: int) -> datetime:
    return datetime(2019, 12, 16, 9, n)  # noqa: DTZ001 - a document's own property bears no zone
