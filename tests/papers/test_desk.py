"""待核查 of a small invented night: one line per question, each with an object of its own, and what the office wrote kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from pipeline.model import Decision, Entry, Filed, Finding, Office, Place, Registered, Row, Table
from pipeline.papers.desk import desk_view
from pipeline.papers.grids import name_of
from pipeline.papers.material import Material
from pipeline.papers.wording import message

from . import small

M = small.material()
DAY = date(2020, 1, 16)


def slips(path: str, *rows: dict[str, Any], unit: str = "YL001") -> Filed:
    made = tuple(Row(n, r, {k: str(v) for k, v in r.items()}) for n, r in enumerate(rows, 6))
    columns = {"remit_date": 1, "amount": 2, "slip_no": 3}
    return small.filed(
        small.document(path, Table("F2", "slips", "汇款单据", (5, 5), columns, {}, made)), unit, "adopted"
    )


def desk(sheet: str, m: Material) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = desk_view(m)[f"desk_{sheet}"]
    return found


def told(m: Material, *decisions: Decision) -> Material:
    return replace(m, office=replace(m.office, decisions=decisions))


def saved(row: dict[str, Any], **written: Any) -> Decision:
    """A line as the office saved it, read back."""
    shown = {k: v for k, v in row.items() if v and k not in {"number", "kind", "target"}}
    return Decision(row["number"], row["kind"], row["target"], on=DAY, extra={**shown, **written})


EQUAL = {"remit_date": date(2020, 1, 8), "amount": 430000}
NUMBERED = {**EQUAL, "slip_no": "20200108001"}


def test_each_slip_is_a_line_of_its_own() -> None:
    m = replace(M, filed=(slips("募捐.xlsx", NUMBERED, EQUAL, EQUAL), slips("二小.xlsx", NUMBERED, unit="YL002")))
    rows = desk("slips", m)
    assert len({r["target"] for r in rows}) == len({r["number"] for r in rows}) == 4
    first = saved(rows[1], delivered=DAY)
    assert [r["delivered"] for r in desk("slips", told(m, first))] == [None, DAY, None, None]


def test_what_was_noted_of_a_slip_outlives_the_file_it_stood_in() -> None:
    m = replace(M, filed=(slips("募捐.xlsx", NUMBERED, EQUAL),))
    noted = [saved(r, delivered=DAY) for r in desk("slips", m)]
    moved = {**NUMBERED, "remit_date": date(2020, 1, 9)}  # its number says which slip it is
    again = told(replace(M, filed=(slips("募捐（改）.xlsx", EQUAL, moved),)), *noted)
    assert [(r["slip_no"], r["delivered"]) for r in desk("slips", again)] == [("", DAY), ("20200108001", DAY)]
    other = told(replace(M, filed=(slips("募捐.xlsx", {**EQUAL, "amount": 1}),)), *noted)
    assert [(r["amount"], r["delivered"]) for r in desk("slips", other)] == [(1, None), (430000, DAY), (430000, DAY)]


def test_a_decision_on_the_whole_file_counts_for_each_of_its_slips() -> None:
    m = replace(M, filed=(slips("募捐.xlsx", NUMBERED, EQUAL),))
    target = m.filed[0].arrival.sha256[:12]
    rows = desk("slips", told(m, Decision("QT1-01", "单据已收", target, officer="李某某")))
    assert [r["officer"] for r in rows] == ["李某某", "李某某"]
    assert len({r["number"] for r in rows}) == 2


def pair(one: tuple[str, str, int], two: tuple[str, str, int], id_: str) -> Finding:
    unit, file, row = one
    place = Place(two[0], two[1], "申报表", f"D{two[2]}")
    return Finding(
        "XSC-001",
        unit=unit,
        form="F1",
        resource="applications",
        file=file,
        sheet="申报表",
        row=row,
        col=4,
        field="id_number",
        facts={"n": "2"},
        related=(place,),
        id=id_ * 12,
        status="new",
    )


def test_a_pair_is_listed_once_and_says_how_sure_it_is() -> None:
    a, b = ("YL005", "职校.xlsx", 7), ("YL006", "四小.xlsx", 6)
    m = replace(M, findings=(pair(a, b, "b"), pair(b, a, "a")))
    (row,) = desk("duplicates", m)
    assert (row["unit_a"], row["place_b"], row["grade"], row["target"]) == (
        "样例职业学校",
        "四小.xlsx!申报表!D6",
        "确定",
        "a" * 12 + "-" + "b" * 12,
    )
    kept = desk("duplicates", told(m, saved({**row, "kind": "非同一人"})))
    assert [(r["number"], r["kind"]) for r in kept] == [(row["number"], "非同一人")]


def lost(*cells: str) -> Finding:
    places = tuple(Place(None, "_district/人员.xlsx", "困难教工底册", c) for c in cells)
    return Finding(
        "XYR-001",
        unit="YL003",
        form="F1",
        key="",
        facts={"n": str(len(cells))},
        related=places,
        id="c" * 12,
        status="new",
    )


def office_of_r3(*rows: dict[str, Any]) -> Office:
    made = tuple(Row(n, {"season": 2019, "unit_code": "YL003", **r}, {}) for n, r in enumerate(rows, 3))
    places = tuple(Place(None, "_district/人员.xlsx", "困难教工底册", f"A{r.number}") for r in made)
    return replace(M.office, decisions=(), registers={**M.office.registers, "R3": Registered("R3", made, places)})


def test_everybody_nobody_names_has_a_line() -> None:
    a = {"name": "甲", "id_number": "440308199901101512", "category": "相对困难", "amount": 200000}
    b = {"name": "乙", "id_tail": "014x", "amount": 50000}
    m = replace(
        M, findings=(lost("A3", "A5"),), office=office_of_r3(a, {**a, "fund": "校工会经费", "amount": 30000}, b)
    )
    rows = desk("whereabouts", m)
    shown = [
        (r["unit_name"], r["name"], r["id_tail"], r["last_category"], r["last_amount"], r["destination"]) for r in rows
    ]
    assert shown == [
        ("样例实验幼儿园", "甲", "1512", "相对困难", 230000, ""),
        ("样例实验幼儿园", "乙", "014x", "", 50000, ""),
    ]
    assert len({r["target"] for r in rows}) == len({r["number"] for r in rows}) == 2

    answered = told(replace(m, findings=(lost("A5"),)), saved(rows[0], destination="已脱困"))
    assert [(r["name"], r["destination"]) for r in desk("whereabouts", answered)] == [("乙", ""), ("甲", "已脱困")]
    assert rows[0]["number"] not in {r["number"] for r in desk("other", answered)}


def test_an_unclaimed_file_shows_what_somebody_filled_in() -> None:
    head = {
        "unit_name": Entry("样例小学校", "样例小学校", "封面", 3, 2),
        "filler": Entry(None, "", "封面", 4, 2, "blank"),
    }
    doc = replace(
        small.document(
            "表.xlsx",
            small.f1((small.person(6, 1), small.person(7, 2), small.person(8, 3))),
            preview=("困难教工帮困申报", "说明：请填写浅黄格"),
        ),
        head=head,
    )
    m = replace(M, filed=(replace(small.filed(doc, None, "held"), guess="YL003"),))
    (row,) = desk("claims", m)
    lines = row["preview"].split("\n")
    assert lines[0].endswith("：样例小学校")
    assert ["李四" in lines[1], "王五六" in lines[2], len(lines)] == [True, True, 3]
    assert not [t for t in (small.identity(1), "子女上学") if t in row["preview"]]
    assert row["guess"] == "样例实验幼儿园"


def test_a_form_of_ours_nobody_filled_in_does_not_show_its_own_help() -> None:
    doc = replace(
        small.document("表.xlsx", small.f1(()), preview=("困难教工帮困申报", "说明：请填写浅黄格")),
        sheets=("封面", "申报表"),
    )
    (row,) = desk("claims", replace(M, filed=(small.filed(doc, None, "held"),)))
    assert row["preview"] == "封面 申报表"


def test_a_path_stands_on_the_sheet_as_the_office_wrote_it() -> None:
    d = Decision("QT1-01", "撤回", "a1b2c3d4e5f6", on=DAY, written="甲/申报表.xlsx")
    assert desk("other", told(M, d))[0]["target"] == "甲/申报表.xlsx"


def test_a_version_counts_each_person_once() -> None:
    """The lines of 家庭经济 are no more people: three applications are three."""
    rows = tuple(small.person(6 + n, n) for n in range(3))
    beside = Table("F1", "economy", "家庭经济", (4, 5), {"name": 2}, {}, tuple(Row(r.number, {}, {}) for r in rows))
    waiting = small.filed(small.document("再报.xlsx", small.f1(rows), beside), "YL002", "held", DAY)
    (line,) = desk("versions", replace(M, filed=(waiting,)))
    assert line["rows"] == 3


def test_a_person_several_lists_name_is_one_line_with_every_reason() -> None:
    a = {"name": "甲", "id_number": "440308199901101512", "category": "相对困难", "amount": 200000}
    claimed = Row(3, {"unit_code": "YL003", "name": "甲", "id_number": a["id_number"]}, {})
    office = office_of_r3(a)
    place = Place(None, "_district/人员.xlsx", "理赔名单", "A3")
    office = replace(office, registers={**office.registers, "R11": Registered("R11", (claimed,), (place,))})
    claim = replace(lost("A3"), rule="XRG-018", related=(place,), id="d" * 12)
    (row,) = desk("whereabouts", replace(M, findings=(claim, lost("A3")), office=office))
    assert (row["name"], row["last_amount"], row["last_category"]) == ("甲", 200000, "相对困难")
    assert len(row["listed_for"].split("、")) == 2


def test_two_pairs_at_one_cell_are_two_lines() -> None:
    """A row that resembles two others: each line joins the two findings that name each other."""
    a, b, c = ("YL005", "职校.xlsx", 7), ("YL006", "四小.xlsx", 6), ("YL001", "一小.xlsx", 9)
    findings = [pair(a, b, "a"), pair(b, a, "b"), pair(a, c, "c"), pair(c, a, "d")]
    rows = desk("duplicates", replace(M, findings=tuple(replace(f, rule="XSC-002") for f in findings)))
    assert sorted(r["target"] for r in rows) == ["-".join((x * 12, y * 12)) for x, y in ("ab", "cd")]


def test_the_sides_are_read_from_the_file_the_finding_is_about() -> None:
    """A newer file at the same path that waits for a decision shows nobody else in the duplicate's place."""

    def version(name: str, state: str, current: frozenset[str]) -> Filed:
        row = Row(7, {"name": name, "id_number": "440308199901101512"}, {"name": name})
        table = Table("F1", "applications", "申报表", (2, 2), {"name": 2, "id_number": 4}, {}, (row,))
        made = small.filed(small.document("职校.xlsx", table), "YL005", state)
        arrival = replace(made.arrival, sha256=(name[0] * 64).encode().hex()[:64])
        return replace(made, arrival=arrival, current=current)

    old, new = version("甲某", "adopted", frozenset({"F1"})), version("乙某", "held", frozenset())
    a, b = ("YL005", "职校.xlsx", 7), ("YL006", "四小.xlsx", 6)
    one = replace(pair(a, b, "a"), sha256=old.arrival.sha256)
    rows = desk("duplicates", replace(M, findings=(one, pair(b, a, "b")), filed=(old, new)))
    assert [r["name_a"] for r in rows] == ["甲某"]
    (turned,) = desk("duplicates", replace(M, findings=(pair(b, a, "b"),), filed=(old, new)))
    assert turned["name_b"] == "甲某"


def test_a_school_reads_whom_of_last_year_it_is_asked_about_and_nobody_else_does() -> None:
    office = office_of_r3({"name": "甲", "id_number": "440308199901101512"}, {"name": "乙"})
    m = replace(M, office=office)
    asked = lost("A3", "A4")
    assert message(asked, m, own=True).endswith("：甲（证件后四位1512）、乙")
    assert "甲" not in message(asked, m, own=False) and "甲" not in message(asked, m, own=False, desk=True)
    assert name_of(asked, m) == "甲、乙"


def test_a_register_s_flag_names_nobody_to_a_school() -> None:
    """No health fact travels from a register to a school (season.md 4), not even by a name."""
    ill = Row(3, {"unit_code": "YL003", "name": "丙", "id_number": "440308199901101512", "flags": "重病"}, {})
    place = Place(None, "_district/人员.xlsx", "教职工花名册", "A3")
    m = replace(M, office=replace(M.office, registers={**M.office.registers, "R2": Registered("R2", (ill,), (place,))}))
    asked = replace(lost("A3"), rule="XRG-009", related=(place,))
    assert "丙" not in message(asked, m, own=True) and name_of(asked, m) == "丙"
