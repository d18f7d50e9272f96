"""Acceptance by holds, the one list of states, figures with their sources, and the sum that closes twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.merging import crosscheck, merge, totals
from pipeline.merging.holding import holds_of
from pipeline.merging.totals import flat
from pipeline.model import District, Filed, Finding, Row
from tests.papers import small

BOOK, SEASON, OFFICE = small.book(), small.season(), small.office()
FILE = "某校.xlsx"


def one(*rows: Row, state: str = "adopted", unit: str = "YL002", **more: object) -> tuple[Filed, ...]:
    return (small.filed(small.document(FILE, small.f1(rows), **more), unit, state),)  # type: ignore[arg-type]


def district(
    files: tuple[Filed, ...], *findings: Finding, as_of: date = small.AS_OF, office: object = OFFICE
) -> District:
    return merge(small.sheets(files), files, findings, office, BOOK, SEASON, as_of)  # type: ignore[arg-type]


def finding(holds: str, **more: object) -> Finding:
    base = Finding(
        "CEL-001",
        unit="YL002",
        form="F1",
        resource="applications",
        file=FILE,
        sheet="申报表",
        row=6,
        id="f1",
        severity="error",
        cure="R",
        holds=holds,
        status="new",
    )
    return replace(base, **more)  # type: ignore[arg-type]


ROWS = (small.person(6, 1), small.person(7, 2))


@pytest.mark.parametrize(
    ("what", "accepted", "state"),
    [
        (finding("row"), 1, "部分通过"),
        (finding("row", rows=(6, 7)), 0, "部分通过"),
        (finding("sheet"), 0, "退回"),
        (finding("sheet", sheet=None, row=None), 0, "退回"),
        (finding("file", sheet=None, row=None), 0, "退回"),
        (finding("none"), 2, "部分通过"),
        (finding("none", cure="D"), 2, "已通过"),
        (finding("row", severity="warning"), 2, "已通过"),
        (finding("row", status="waived"), 2, "已通过"),
        (finding("row", status="explained"), 2, "已通过"),
        (finding("row", status="fixed"), 2, "已通过"),
        (finding("sheet", sheet="家庭经济", resource="economy"), 2, "部分通过"),
        (finding("file", rule="WBK-020", sheet=None, row=None), 0, "报错表"),
    ],
)
def test_what_a_finding_holds_back(what: Finding, accepted: int, state: str) -> None:
    made = district(one(*ROWS), what)
    assert made.figures["people.F1"].accepted == accepted
    assert made.figures["people.F1"].pending == 2 - accepted
    assert made.figures["requested_fen"].accepted == accepted * 300000
    assert made.states["YL002", "F1"].state == state
    assert len(made.held_rows) == 2 - accepted


def test_an_advisory_rule_holds_nothing() -> None:
    rule = replace(BOOK.rules["CEL-001"], stage="advisory")
    book = replace(BOOK, rules={**BOOK.rules, "CEL-001": rule})
    assert holds_of(finding("row"), BOOK) == "row"
    assert holds_of(finding("row"), book) == "none"
    assert holds_of(finding(""), BOOK) == BOOK.rules["CEL-001"].holds


@pytest.mark.parametrize(
    ("files", "as_of", "state"),
    [
        ((), date(2019, 11, 1), "未到期"),
        ((), date(2019, 12, 20), "未报"),
        ((), date(2019, 12, 21), "逾期未报"),
        (one(state="held"), small.AS_OF, "待核"),
        (one(state="unreadable", outcome="encrypted"), small.AS_OF, "打不开"),
        (one(*ROWS), date(2019, 11, 1), "已通过"),  # early, and judged like any other
        (one(), small.AS_OF, "退回"),  # neither rows nor 有/无
        ((small.filed(small.document(FILE, small.f1((), zero=True)), "YL002", "adopted"),), small.AS_OF, "零报告"),
        (one(*ROWS, state="superseded"), small.AS_OF, "逾期未报"),
    ],
)
def test_states(files: tuple[Filed, ...], as_of: date, state: str) -> None:
    assert district(files, as_of=as_of).states["YL002", "F1"].state == state


def test_a_file_nobody_can_open_counts_for_the_form_its_name_tells_else_for_what_was_open() -> None:
    def state(path: str, came: date) -> list[str]:
        lost = small.filed(small.document(path, outcome="rejected"), "YL002", "unreadable", came)
        states = district((lost,)).states
        return [form for form in ("F1", "F2", "F3") if states["YL002", form].state == "打不开"]

    assert state("募捐汇总表.xls", date(2019, 12, 18)) == ["F2"]
    assert state("新建.xls", date(2019, 12, 18)) == ["F1"]
    assert state("新建.xls", date(2020, 1, 3)) == ["F2"]


def test_exempt_units_owe_nothing_and_late_files_say_how_late() -> None:
    units = tuple(replace(u, owes=frozenset({"F2"})) if u.code == "YL003" else u for u in OFFICE.units)
    late = (small.filed(small.document(FILE, small.f1(ROWS)), "YL002", "adopted", date(2019, 12, 23)),)
    made = district(late, office=replace(OFFICE, units=units))
    assert made.states["YL003", "F1"].state == "免报"
    assert (made.states["YL002", "F1"].late, made.states["YL002", "F1"].days_late) == (True, 3)


def test_every_unit_and_form_has_exactly_one_state() -> None:
    made = small.material().district
    words = set(BOOK.words["papers"]["states"].values())
    assert set(made.states) == {(u.code, f) for u in OFFICE.units for f in BOOK.forms}
    assert {s.state for s in made.states.values()} <= words


def test_a_person_counts_once_and_an_accepted_row_wins() -> None:
    twice = (small.person(6, 1), small.person(7, 1, aid_type="大病帮困"))
    made = district(one(*twice), finding("row"))
    assert (made.figures["people.F1"].accepted, made.figures["people.F1"].pending) == (1, 0)
    assert (made.figures["rows.F1"].accepted, made.figures["rows.F1"].pending) == (1, 1)


def test_a_person_in_two_units_counts_once_in_the_district_and_the_cross_check_agrees() -> None:
    files = (
        *one(*ROWS),
        small.filed(small.document("另一校.xlsx", small.f1((small.person(6, 1),))), "YL003", "adopted"),
    )
    made = district(files)
    assert made.figures["people.F1"].accepted == 2
    assert sum(f["people.F1"].accepted for f in made.by_unit.values() if "people.F1" in f) == 3
    assert crosscheck(made) == []


def test_a_blank_amount_adds_no_source() -> None:
    made = district(one(small.person(6, 1, None)))
    assert "requested_fen" not in made.figures
    assert totals(made)["accepted"]["requested_fen"] == 0


def test_sources_name_file_sheet_and_cell() -> None:
    source = district(one(*ROWS)).figures["requested_fen"].accepted_from[0]
    assert (source.unit, source.file, source.sheet, source.cell, source.value, source.raw) == (
        "YL002",
        FILE,
        "申报表",
        "P6",
        300000,
        "3000.00",
    )


def test_decided_amounts_replace_requested_ones_person_by_person() -> None:
    figures = small.material().district.by_unit["YL001"]
    assert figures["requested_fen"].accepted == 5 * 300000
    assert figures["approved_fen"].accepted == 300000
    assert figures["aid_fen"].accepted == 5 * 300000
    less = Row(9, {**OFFICE.approvals[0].values, "amount_approved": 100000}, {})
    made = merge(
        small.sheets(small.night_filed()),
        small.night_filed(),
        (),
        replace(OFFICE, approvals=(less,)),
        BOOK,
        SEASON,
        small.AS_OF,
    )
    assert made.by_unit["YL001"]["aid_fen"].accepted == 4 * 300000 + 100000


def test_totals_have_the_contract_s_keys_on_both_sides() -> None:
    made = totals(small.material().district)
    for side in ("accepted", "pending"):
        keys = flat(made[side]).keys()
        assert {
            "people.F1",
            "people.F3",
            "rows.F1",
            "rows.F5",
            "requested_fen",
            "approved_fen",
            "donations_fen.total",
            "donations_fen.ch_charity",
            "slips_fen",
        } <= keys
        assert "amount_fen.F3.区教育工会" in keys
        assert not any(k.startswith("people.F1.") for k in keys)
    assert made["accepted"]["donations_fen"]["total"] == 860000


def test_lump_collection_reads_the_declared_total() -> None:
    files = (small.filed(small.document("募捐.xlsx", *small.f2((1, 2, 3, 4, 5, 6), 21)), "YL002", "adopted"),)
    made = merge(small.sheets(files), files, (), OFFICE, BOOK, replace(SEASON, channels="lump"), small.AS_OF)
    assert made.figures["donations_fen.total"].accepted == 21
    assert "donations_fen.ch_army" not in made.figures


def test_the_cross_check_finds_one_fen() -> None:
    made = small.material().district
    assert crosscheck(made) == []
    for key in ("requested_fen", "people.F1", "donations_fen.total", "rows.F1"):
        figure = made.figures[key]
        wrong = replace(made, figures={**made.figures, key: replace(figure, accepted=figure.accepted + 1)})
        found = crosscheck(wrong)
        assert found
        assert {f.rule for f in found} == {"MNY-014"}
        assert all(f.facts["key"] == key for f in found)


def test_the_cross_check_finds_a_wrong_unit_figure() -> None:
    made = small.material().district
    own = dict(made.by_unit["YL001"])
    own["slips_fen"] = replace(own["slips_fen"], accepted=own["slips_fen"].accepted - 1)
    assert {f.unit for f in crosscheck(replace(made, by_unit={**made.by_unit, "YL001": own}))} == {None, "YL001"}


def test_the_order_of_sheets_does_not_matter() -> None:
    files = small.night_filed()
    sheets = small.sheets(files)
    first = merge(sheets, files, small.findings(), OFFICE, BOOK, SEASON, small.AS_OF)
    assert merge(sheets[::-1], files, small.findings(), OFFICE, BOOK, SEASON, small.AS_OF) == first


@given(
    st.lists(
        st.tuples(
            st.integers(0, 6),
            st.integers(0, 99999999) | st.none(),
            st.sampled_from(["YL001", "YL002", "YL003"]),
            st.booleans(),
        ),
        max_size=12,
    ),
)
def test_whatever_comes_both_sides_add_up(people: list[tuple[int, int | None, str, bool]]) -> None:
    files, findings = [], []
    for i, (n, amount, unit, held) in enumerate(people):
        path = f"{i}.xlsx"
        files.append(small.filed(small.document(path, small.f1((small.person(6, n, amount),))), unit, "adopted"))
        if held:
            findings.append(finding("row", file=path, unit=unit, id=str(i)))
    made = district(tuple(files), *findings)
    assert crosscheck(made) == []
    figures = totals(made)
    amounts = [(a, h) for _, a, _, h in people if a is not None]
    assert figures["accepted"]["requested_fen"] == sum(a for a, h in amounts if not h)
    assert figures["pending"]["requested_fen"] == sum(a for a, h in amounts if h)
    assert figures["accepted"]["people"]["F1"] + figures["pending"]["people"]["F1"] == len({n for n, *_ in people})
