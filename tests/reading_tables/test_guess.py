"""A file nobody can assign: the unit its evidence leans to, or none at all."""

from __future__ import annotations

import pytest

from pipeline.model import Document, Entry, Marks, Unit
from pipeline.reading.guess import guess
from pipeline.reading.units import UnitIndex

UNITS = (
    Unit(
        "YL001",
        "样例第一小学",
        "样例一小",
        phone="021-57001111",
        contacts={"filler": "李某某", "union_chair": "王某某"},
    ),
    Unit(
        "YL002", "样例第二小学", "样例二小", phone="13800138000", contacts={"filler": "赵某某", "union_chair": "王某某"}
    ),
    Unit("YL003", "样例青溪实验学校", "青溪实验", phone="021-57001111"),
)
INDEX = UnitIndex(UNITS, words={"numerals": "零一二三四五六七八九"})


@pytest.mark.parametrize(
    ("path", "head", "marks", "preview", "code"),
    [
        ("报送/样例第一小.xlsx", {}, "", (), "YL001"),
        ("样例第2小学申报.xlsx", {}, "", (), "YL002"),
        ("青溪/申报表.xlsx", {}, "", ("青溪学校困难教工",), ""),  # two signs of a name are not enough
        ("申报表.xlsx", {}, "", ("青溪实验校",), "YL003"),
        ("表.xlsx", {"unit_name": "样例青溪实验"}, "", (), "YL003"),
        ("表.xlsx", {}, "YL002", (), "YL002"),  # one mark alone assigns nothing, but points somewhere
        ("表.xlsx", {"filler_phone": "138 0013 8000"}, "", (), "YL002"),
        ("表.xlsx", {"filler_phone": "021-57001111"}, "", (), ""),  # two units have it
        ("表.xlsx", {"filler": "李某某"}, "", (), "YL001"),
        ("表.xlsx", {"reviewer": "王某某"}, "", (), ""),
        ("样例小学.xlsx", {}, "", (), ""),  # the first or the second?
        ("困难教工帮困申报表.xlsx", {}, "", ("序号 姓名",), ""),
    ],
)  # fmt: skip
def test_a_guess_is_blank_rather_than_wild(
    path: str, head: dict[str, str], marks: str, preview: tuple[str, ...], code: str
) -> None:
    entries = {k: Entry(v, v, "封面", 3, 2) for k, v in head.items()}
    document = Document(
        path,
        "0" * 64,
        1,
        "xlsx",
        "readable",
        head=entries,
        marks=Marks(unit=marks, agree=1 if marks else 0),
        preview=preview,
    )
    assert guess(document, INDEX, path) == code
