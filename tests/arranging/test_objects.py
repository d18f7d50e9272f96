"""What a decision may name: a file by its id or its path, and what nobody knows is told at its own cell (contract.md 3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from pipeline.model import Arrival, Decision, Office, Place
from pipeline.office import Known, resolve_files, unknown_objects

KINDS = {
    "claim": "认领", "withdraw": "撤回", "add": "追加（补报）", "slip": "单据已收", "late": "同意迟报", "same": "同一人", "whereabouts": "去向",
    "release": "放行", "arrival": "到账对应", "sent": "已发送", "exception": "例外", "phone_zero": "电话零报告",
}  # fmt: skip
WORDS = {"object": "没有{val}", "unit": "没有单位{val}", "no_unit": "{kind}没有单位"}
FILE, OTHER, FINDING, SECOND = "a1b2c3d4e5f6", "0f0f0f0f0f0f", "111111111111", "222222222222"
KNOWN = Known({FINDING, SECOND}, {FILE}, {"yl001-00aa11bb"}, {"20200109001", "r4-3"}, {"f1"}, {"xrg-004"}, {"YL001"})


def decided(kind: str, target: str, unit: str = "", **more: object) -> Decision:
    made = Decision(
        "QT1-01",
        KINDS[kind],
        target.lower(),
        unit=unit,
        place=Place(None, "_decisions/d.xlsx", "其他决定", "A3"),
        written=target,
        at={"target": (3, 3), "unit": (3, 4)},
    )
    return replace(made, **more)


@pytest.mark.parametrize(
    ("kind", "target", "unit", "said"),
    [
        ("withdraw", FILE, "", []),
        ("withdraw", FILE.upper(), "", []),
        ("withdraw", OTHER, "", [f"C3 没有{OTHER}"]),
        ("add", "没有/这个.xlsx", "", ["C3 没有没有/这个.xlsx"]),
        ("claim", FILE, "YL001", []),
        ("claim", FILE, "别处小学", ["D3 没有单位别处小学"]),
        ("claim", FILE, "", ["D3 认领没有单位"]),
        ("claim", OTHER, "别处小学", [f"C3 没有{OTHER}", "D3 没有单位别处小学"]),
        ("slip", "YL001-00aa11bb", "", []),
        ("slip", FILE, "", []),  # all slips of the file
        ("slip", "YL001-00aa11bc", "", ["C3 没有YL001-00aa11bc"]),
        ("late", "F1", "YL001", []),
        ("late", "F9", "YL001", ["C3 没有F9"]),
        ("late", FINDING, "YL001", []),
        ("phone_zero", FINDING, "YL001", []),
        ("phone_zero", OTHER, "YL001", [f"C3 没有{OTHER}"]),
        ("same", f"{FINDING}-{SECOND}", "", []),
        ("same", FINDING, "", []),
        ("same", f"{FINDING}-{OTHER}", "", [f"C3 没有{FINDING}-{OTHER}"]),
        ("whereabouts", f"{FINDING}-0a1b2c", "", []),
        ("whereabouts", f"{OTHER}-0a1b2c", "", [f"C3 没有{OTHER}-0a1b2c"]),
        ("release", "XRG-004", "", []),
        ("release", "XRG-944", "", ["C3 没有XRG-944"]),
        ("arrival", "20200109001", "YL001", []),
        ("arrival", "R4-3", "YL001", []),
        ("arrival", FINDING, "YL001", []),
        ("arrival", "20200109002", "YL001", ["C3 没有20200109002"]),
        ("exception", FINDING, "", []),
        ("sent", "f00", "", []),  # the fingerprint of a return; nobody types it
    ],
)  # fmt: skip
def test_what_nobody_knows_is_told_at_its_cell(kind: str, target: str, unit: str, said: list[str]) -> None:
    found = unknown_objects([decided(kind, target, unit)], KNOWN, KINDS, WORDS)
    assert [f"{f.cell} {f.facts['why']}" for f in found] == said
    assert {(f.rule, f.file, f.sheet) for f in found} <= {("WBK-028", "_decisions/d.xlsx", "其他决定")}
    assert len({f.key for f in found}) == len(found)


def came(path: str, sign: str, night: int, order: int) -> Arrival:
    return Arrival(path, sign * 64, date(2019, 12, 15 + night), 1, "form", night=night, order=order)


DELIVERED = [
    came("甲/申报表.xlsx", "a", 1, 1),
    came("乙 校/A.zip!表（1）.xlsx", "b", 1, 2),
    came("甲/申报表.xlsx", "c", 3, 3),
    came("440308199901101512.xlsx", "d", 1, 4),
]


@pytest.mark.parametrize(
    ("target", "since", "meant"),
    [
        ("甲/申报表.xlsx", 2, "a" * 12),  # the bytes that lay there when the office wrote it down
        ("甲/申报表.xlsx", 3, "a" * 12),  # what came the same night it had not seen
        ("甲/申报表.xlsx", 4, "c" * 12),
        ("甲/申报表.xlsx", 1, "a" * 12),  # both for the first time
        ("inbox\\甲\\申报表.xlsx", 4, "c" * 12),
        ("乙校/a.zip!表(1).xlsx", 2, "b" * 12),
        ("**************1512.xlsx", 2, "d" * 12),  # as the papers show it
        ("申报表.xlsx", 4, "申报表.xlsx"),
        ("a" * 12, 2, "a" * 12),
    ],
)  # fmt: skip
def test_a_file_may_be_named_by_its_path(target: str, since: int, meant: str) -> None:
    office = Office(decisions=(decided("withdraw", target, since=since),))
    (d,) = resolve_files(office, DELIVERED, KINDS).decisions
    assert (d.target, d.written) == (meant, target)


def test_only_decisions_about_files_name_paths() -> None:
    office = Office(decisions=(decided("same", "甲/申报表.xlsx"),))
    assert resolve_files(office, DELIVERED, KINDS) == office
