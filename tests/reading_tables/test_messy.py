"""Property: however a clerk lays a sheet out, the same rows come out and every value is where Table.at says."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.cells.read import read_cell
from pipeline.model import Document
from pipeline.reading.interpret_plan import reader_of
from pipeline.reading.raw import RawSheet
from tests.reading_tables.grids import SEASON, book, read

RESOURCE = book().forms["F2"].resource("donations")
FIELDS = [f for f in RESOURCE.active if not f.computed and f.name not in {"tip", "remark"}]
CHANNELS = [f for f in FIELDS if f.group]
NAMES = ["语文组", "数学组", "英语组", "体育组", "后勤", "退休支部", "行政", "校部"]
TITLES = ["关于开展联合募捐活动的说明", "上报前请认真核对", "样例区教育工会制"]

amounts = st.one_of(
    st.integers(0, 99_999).map(float),
    st.integers(0, 9_999_999).map(lambda n: n / 100),
    st.integers(0, 99_999).map(lambda n: f"{n}元"),
    st.integers(1000, 99_999).map(lambda n: f"{n:,}"),
    st.integers(0, 9999).map(lambda n: f" {n}.50 "),
    st.just("约五百"),
)


@st.composite
def clean_rows(draw: st.DrawFn) -> list[dict[str, Any]]:
    count = draw(st.integers(1, 6))
    names = draw(st.permutations(NAMES))[:count]
    rows = []
    for name in names:
        row: dict[str, Any] = {
            "dept": name,
            "headcount": float(draw(st.integers(1, 200))),
            "donors": float(draw(st.integers(0, 200))),
        }
        row |= {f.name: draw(amounts) for f in CHANNELS}
        row |= {
            "in_kind_value": draw(st.one_of(st.just(""), amounts)),
            "keeper": draw(st.sampled_from(["李某某", " 王 某 ", "李某"])),
            "roster_kept": draw(st.sampled_from(["☑", "是", "√", "", "□"])),
        }
        rows.append(row)
    return rows


def plain(rows: list[dict[str, Any]]) -> RawSheet:
    return RawSheet("汇总表", rows=[[f.title for f in FIELDS], *[[r[f.name] for f in FIELDS] for r in rows]])


@st.composite
def messy(draw: st.DrawFn, rows: list[dict[str, Any]]) -> RawSheet:
    """The same rows with titles, notes, synonyms, moved and extra columns, two header rows, gaps, totals and an offset."""
    order = draw(st.permutations(FIELDS))
    two = draw(st.booleans())
    if two:  # a group keeps its columns together
        order = [*(f for f in order if not f.group), *(f for f in order if f.group)]
    titles = {
        f.name: draw(
            st.sampled_from(
                [
                    f.title,
                    f"*{f.title}",
                    f"{f.title}（元）" if f.kind == "money" else f.title,
                    "\n".join([f.title[:2], f.title[2:]]),
                    *f.synonyms[:3],
                ]
            )
        )
        for f in FIELDS
    }
    left = draw(st.integers(0, 2))
    pad: list[Any] = [""] * left
    extra = draw(st.sampled_from(["", "人均", "名次"]))
    grid: list[list[Any]] = [[*pad, t] for t in draw(st.lists(st.sampled_from(TITLES), max_size=3))]
    grid += [[]] * draw(st.integers(0, 2))
    merged = []
    if two:
        top = len(grid) + 1
        first = left + 1 + len(order) - len(CHANNELS)
        grid.append([*pad, *(titles[f.name] if not f.group else "" for f in order), *([extra] if extra else [])])
        grid[-1][first - 1] = draw(st.sampled_from(["募捐金额（元）", "募捐渠道", "其中"]))
        grid.append([*pad, *(titles[f.name] if f.group else "" for f in order)])
        if draw(st.booleans()):
            merged = [(top, first, top, left + len(order)), *((top, c, top + 1, c) for c in range(left + 1, first))]
    else:
        grid.append([*pad, *(titles[f.name] for f in order), *([extra] if extra else [])])
    for row in rows:
        grid += [[]] * draw(st.integers(0, 2))
        grid.append([*pad, *(row[f.name] for f in order), *([1.5] if extra else [])])
    if draw(st.booleans()):
        grid.append(
            [
                *pad,
                *("合　计" if i == 0 else 100.0 if f.kind in {"money", "integer"} else "" for i, f in enumerate(order)),
            ]
        )
    if draw(st.booleans()):
        grid += [[], [*pad, "说明：以上数据经核对无误"], [*pad, "填表人：李某", "", "审核人：王某"]]
    return RawSheet(
        draw(st.sampled_from(["汇总表", "Sheet1", "2020年联合募捐汇总表"])), rows=grid, merged=tuple(merged)
    )


def table(d: Document) -> Any:
    return next(t for t in d.tables if t.resource == "donations")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.data())
def test_layout_never_changes_what_is_read(data: st.DataObject) -> None:
    rows = data.draw(clean_rows())
    sheet = data.draw(messy(rows))
    clean, found = table(read(plain(rows))), read(sheet)
    got = table(found)
    assert [dict(r.values) for r in got.rows] == [dict(r.values) for r in clean.rows]
    assert [r.unknown for r in got.rows] == [r.unknown for r in clean.rows]
    assert got.blocked == ()
    plan = next(p for p in reader_of(book(), SEASON).forms if p.key == ("F2", "donations"))
    for row in got.rows:
        for name in row.raw:
            spot = got.at(row, name)
            assert spot is not None
            assert read_cell(sheet.get(*spot), plan.columns[name].kind).raw == row.raw[name]
    for f in found.findings:
        if f.rule.startswith("CEL") and f.field in got.columns and f.row and f.col:
            assert read_cell(sheet.get(f.row, f.col), plan.columns[f.field].kind).raw == f.value


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.lists(
            st.one_of(
                st.just(""),
                st.text(max_size=12),
                st.floats(),
                st.booleans(),
                st.sampled_from([f.title for f in FIELDS]),
            ),
            max_size=12,
        ),
        max_size=25,
    )
)
def test_no_content_makes_the_reader_raise(rows: list[list[Any]]) -> None:
    d = read(RawSheet("汇总表", rows=rows))
    assert d.outcome == "readable"
