"""A filing of a school that keeps to its own table in; what it sends out: no form of the office's, and faults only such tables have."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any

from pipeline.demo.bench import Bench
from pipeline.demo.faults import Spot
from pipeline.demo.filling import DONATIONS, ECONOMY, F1_MAIN, PAYMENTS, SLIPS, Filing
from pipeline.demo.tables import Drawn, as_html, as_tabs, draw, in_ten_thousands
from pipeline.model import address
from pipeline.writing.plain import ErrorCell, Formula, PlainBook, PlainSheet, plain_workbook

SAMPLE, MERGED, HIDDEN, BROKEN_LINK, UNCALCULATED = 0, 1, 3, 4, 5  # rows of the old table, the sample row counted


def send_old_table(bench: Bench, f: Filing, found: Sequence[Spot]) -> None:
    """Last year's own table: sample row left in, one amount for two people, a hidden row, a broken link, an unsaved formula."""
    sample = {**bench.words["plain"]["sample"]}
    seq = sample.pop("seq")
    people = [{"seq": seq, **sample}, *({"seq": i, **row} for i, row in enumerate(f.rows[F1_MAIN], 1))]
    for n in (MERGED, MERGED + 1, BROKEN_LINK, UNCALCULATED):
        f.school.applicants[n - 1].spoilt = True
    main = _drawn(bench, f, F1_MAIN, people)
    amount = main.columns["amount_requested"]
    top = main.first + MERGED
    main.cells.pop((top + 1, amount), None)
    main.cells[main.at(BROKEN_LINK, "household_size")] = ErrorCell("#REF!")
    main.cells[main.at(UNCALCULATED, "amount_requested")] = Formula("=1000+500")
    sheet = PlainSheet(main.cells, merged=((top, amount, top + 1, amount),), hidden_rows=(main.first + HIDDEN,))
    economy = draw(
        _resource(bench, ECONOMY),
        [{"name": p["name"], **row} for p, row in zip(people[1:], f.rows[ECONOMY], strict=True)],
        (),
        (),
        bench.words,
    )
    f.path = bench.put(
        bench.file_name("old_plain", f),
        plain_workbook(PlainBook({main.name: sheet, economy.name: PlainSheet(economy.cells)}, saved=f.received)),
        f,
    )
    left = min(main.columns.values())
    bench.plant("SHT-012", f, f.path, main.name, address(main.first, left))
    bench.plant("SHT-013", f, f.path, main.name, main.cell(MERGED, "amount_requested"))
    bench.plant("SHT-014", f, f.path, main.name, address(main.first + HIDDEN, left))
    bench.plant("CEL-037", f, f.path, main.name, main.cell(BROKEN_LINK, "household_size"))
    bench.plant("XYR-001", f, None)  # this table has no sheet to say it on
    bench.plant("CEL-038", f, f.path, main.name, main.cell(UNCALCULATED, "amount_requested"))


def send_as_html(bench: Bench, f: Filing, found: Sequence[Spot]) -> None:
    """A web page under an Excel name, as some systems export."""
    drawn = _drawn(bench, f, PAYMENTS, f.rows[PAYMENTS])
    f.path = bench.put(bench.file_name("old", f), as_html(drawn), f)
    bench.plant("WBK-002", f, f.path)


def send_as_tabs(bench: Bench, f: Filing, found: Sequence[Spot]) -> None:
    """Text parted by tabs under an Excel name, its total added up wrongly."""
    drawn = _drawn(bench, f, PAYMENTS, f.rows[PAYMENTS], total="amount_paid")
    spot = drawn.at(drawn.count, "amount_paid")
    drawn.cells[spot] += 200
    f.path = bench.put(bench.file_name("old", f), as_tabs(drawn), f)
    bench.plant("WBK-002", f, f.path)
    bench.plant("SHT-010", f, f.path, PurePosixPath(f.path).stem, address(*spot))


def send_in_ten_thousands(bench: Bench, f: Filing, found: Sequence[Spot]) -> None:
    """Donations and slips counted in ten thousands, as the head of each table says."""
    stated = bench.words["plain"]["money"].format(unit=bench.words["wrong"]["ten_thousand"])
    sheets: dict[str, PlainSheet] = {}
    places = []
    for key in (DONATIONS, SLIPS):
        resource = _resource(bench, key)
        rows = [in_ten_thousands(row, resource) for row in f.rows[key]]
        drawn = draw(resource, rows, _lines(bench, f, stated), _signs(bench, f), bench.words)
        sheets[drawn.name] = PlainSheet(drawn.cells)
        places += [(drawn.name, address(*at)) for at, value in drawn.cells.items() if value == stated]
    f.path = bench.put(bench.file_name("wan", f), plain_workbook(PlainBook(sheets, saved=f.received)), f)
    for place in places:
        bench.plant("SHT-016", f, f.path, *place)


def _resource(bench: Bench, key: tuple[str, str]) -> Any:
    return bench.book.resource(*key)


def _drawn(bench: Bench, f: Filing, key: tuple[str, str], rows: Sequence[Any], total: str = "") -> Drawn:
    return draw(_resource(bench, key), rows, _lines(bench, f), _signs(bench, f), bench.words, total=total)


def _lines(bench: Bench, f: Filing, *more: str) -> list[list[str]]:
    plain = bench.words["plain"]
    day = f.head["fill_date"]
    return [
        [plain["title"].format(year=bench.season.year, title=bench.book.forms[f.forms[0]].title)],
        [plain["unit"].format(name=f.school.unit.name), plain["date"].format(date=day), *more],
    ]


def _signs(bench: Bench, f: Filing) -> list[str]:
    return [sign.format(**f.school.unit.contacts) for sign in bench.words["plain"]["signs"]]
