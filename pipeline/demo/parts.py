"""A filing and the part its unit plays in; the files that really arrive, with the place of every fault, on the bench."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from pipeline.demo.bench import BROKEN, LATE, PLAIN, RESENT, SHORTER, UNDECIDED, ZERO, ZIPPED, Bench, part_of
from pipeline.demo.faults import Spot
from pipeline.demo.filling import F1_MAIN, Filing, head_spot, spots, workbook_of
from pipeline.demo.old_tables import send_as_html, send_as_tabs, send_in_ten_thousands, send_old_table
from pipeline.demo.parcels import JPEG, LOCK, PDF, cut_off, gbk_zip

Part = Callable[[Bench, Filing, Sequence[Spot]], None]


def send(bench: Bench, f: Filing, found: Sequence[Spot]) -> None:
    """Send one filing as its unit would."""
    PARTS.get((part_of(f.school), f.forms[0]), send_plainly)(bench, f, found)


def send_plainly(bench: Bench, f: Filing, found: Sequence[Spot]) -> None:
    """The office's own form under a name of the school's making."""
    patterns = bench.words["own_names"]["forms"]
    own(bench, f, found, bench.named(patterns[(part_of(f.school) * 2 + int(f.forms[0][1])) % len(patterns)], f))


def own(bench: Bench, f: Filing, found: Sequence[Spot], path: str) -> None:
    """The office's own form under this name, and where its faults lie."""
    f.path = bench.put(path, workbook_of(f, bench.book, bench.season), f)
    tell(bench, f, found)


def tell(bench: Bench, f: Filing, found: Sequence[Spot]) -> None:
    for spot, (sheet, cell) in zip(found, spots(f, bench.book, [(s.key, s.row, s.field) for s in found]), strict=True):
        bench.plant(spot.rule, f, f.path, sheet, cell, *spot.also)


def _zipped(bench: Bench, f: Filing, found: Sequence[Spot]) -> None:
    """A zip from Chinese Windows with the form, a photograph and a letter in it."""
    inside = bench.file_name("inside", f)
    names = bench.words["file_names"]
    members = {inside: workbook_of(f, bench.book, bench.season), names["photo"]: JPEG, names["letter"]: PDF}
    path = bench.put(bench.file_name("zip", f), gbk_zip(members, f.received), f)
    f.path = f"{path}!{inside}"
    bench.plant("WBK-013", f, path)
    tell(bench, f, found)


def _resent(bench: Bench, f: Filing, found: Sequence[Spot]) -> None:
    """A first version with a slip of the pen, the right one under another name, and that one once more."""
    early = replace(
        f, rows={**f.rows, F1_MAIN: [dict(r) for r in f.rows[F1_MAIN]]}, received=f.received - timedelta(days=3)
    )
    early.rows[F1_MAIN][0]["amount_requested"] = 300
    early.head = {**f.head, "fill_date": early.received.date()}
    own(bench, early, (), bench.file_name("first", f))
    own(bench, f, found, bench.file_name("second", f))
    bench.plant("WBK-012", f, f.path)
    copy = bench.put(bench.file_name("copy", f), bench.made.files[f.path][0], f)
    bench.plant("WBK-011", f, copy)


def _shorter(bench: Bench, f: Filing, found: Sequence[Spot]) -> None:
    """A complete version, then one that lacks a person and says nothing about it."""
    own(bench, f, found, bench.file_name("first", f))
    late = replace(
        f, rows={k: [dict(r) for r in v] for k, v in f.rows.items()}, received=f.received + timedelta(hours=20)
    )
    late.rows[F1_MAIN].pop()
    late.rows["F1", "economy"].pop()
    late.head = {**f.head, "fill_date": late.received.date()}
    path = bench.put(bench.file_name("second", f), workbook_of(late, bench.book, bench.season), late)
    bench.plant("SHT-023", f, path)


def _damaged(bench: Bench, f: Filing, found: Sequence[Spot]) -> None:
    """A workbook whose copying broke off, with what an open Excel and a telephone leave beside it."""
    data = cut_off(workbook_of(f, bench.book, bench.season))
    f.path = bench.put(bench.file_name("first", f), data, f)
    bench.plant("WBK-007", f, f.path)
    bench.put(bench.file_name("lock", f), LOCK, f)
    bench.put(bench.file_name("loose", f), JPEG, f)


def _wrong_name(bench: Bench, f: Filing, found: Sequence[Spot]) -> None:
    """A colleague's file renamed only inside."""
    other = bench.schools[ZERO].unit.name
    own(bench, f, found, bench.file_name("wrong_unit", f, other=other))
    bench.plant("WBK-009", f, f.path, *head_spot(f, bench.book, "unit_name"))


def _late(bench: Bench, f: Filing, found: Sequence[Spot]) -> None:
    send_plainly(bench, f, found)
    bench.plant("CAL-001", f, None)


def _undecided(bench: Bench, f: Filing, found: Sequence[Spot]) -> None:
    """No applicant, and no word on the cover that there is none."""
    f.declared.clear()
    send_plainly(bench, f, found)
    bench.plant("SHT-018", f, f.path, *spots(f, bench.book, [(F1_MAIN, 0, "seq")])[0])


PARTS: dict[tuple[int, str], Part] = {
    (PLAIN, "F1"): send_old_table,
    (PLAIN, "F3"): send_as_html,
    (ZIPPED, "F1"): _zipped,
    (RESENT, "F1"): _resent,
    (RESENT, "F3"): send_as_tabs,
    (ZERO, "F2"): send_in_ten_thousands,
    (BROKEN, "F2"): _wrong_name,
    (BROKEN, "F3"): _damaged,
    (SHORTER, "F1"): _shorter,
    (LATE, "F2"): _late,
    (UNDECIDED, "F1"): _undecided,
}
