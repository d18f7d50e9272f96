"""Files with something to mend in, marked copies out: one pure task per few files, so that any executor can make them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

from pipeline.masking import mask_text
from pipeline.model import Filed, Finding
from pipeline.papers import Material
from pipeline.papers.counting import for_school
from pipeline.papers.sending import rounds
from pipeline.papers.wording import message, remedy
from pipeline.reading.container import open_book
from pipeline.reading.limits import Limits
from pipeline.writing.marked import CannotMark, Remark, Return, Spot, mark
from pipeline.writing.rebuilt import Plain, rebuild

SUFFIX = ".xlsx"
LONGEST = 200  # UTF-8 bytes of a stem
BATCH = 16


@dataclass(frozen=True, slots=True)
class Task:
    """One file to mark. `name` is the marked copy's file name."""

    unit: str
    path: str
    name: str
    sha256: str
    order: Return


def tasks(m: Material, units: Iterable[str] | None = None) -> list[Task]:
    """A task for every readable form file of a unit about which the school must or should do something."""
    wanted = None if units is None else set(units)
    out: list[Task] = []
    taken: set[tuple[str, str]] = set()
    for unit in m.units:
        if wanted is not None and unit not in wanted:
            continue
        found: dict[str, list[Finding]] = defaultdict(list)
        for f in for_school(m, unit).listed:
            if f.file and m.severity(f) in {"error", "warning"}:
                found[f.file].append(f)
        for filed in sorted(m.filed_of.get(unit, ()), key=lambda f: f.arrival.path):
            findings = found.get(filed.arrival.path, [])
            if findings and filed.document.tables and filed.state in {"adopted", "held"}:
                name = _name(filed.arrival.path, unit, m, taken)
                out.append(Task(unit, filed.arrival.path, name, filed.arrival.sha256, _order(m, unit, filed, findings)))
    return out


def _name(path: str, unit: str, m: Material, taken: set[tuple[str, str]]) -> str:
    """<original stem>_校验结果.xlsx; the suffix never piles up, equal stems get _2, long numbers are masked."""
    ending = str(m.book.words["returns"]["suffix"])
    stem = mask_text(path.replace("!", "/").rpartition("/")[2].rpartition(".")[0] or path.rpartition("/")[2])
    while stem.endswith(ending):
        stem = stem.removesuffix(ending)
    stem = "".join("_" if c in '\\/:*?"<>|' or ord(c) < 32 else c for c in stem).strip(" .") or "_"
    stem = stem.encode()[:LONGEST].decode(errors="ignore")
    number = next(n for n in range(1, 10_000) if (unit, f"{stem}{n if n > 1 else ''}") not in taken)
    taken.add((unit, f"{stem}{number if number > 1 else ''}"))
    return f"{stem}{f'_{number}' if number > 1 else ''}{ending}{SUFFIX}"


def _order(m: Material, unit: str, filed: Filed, findings: Sequence[Finding]) -> Return:
    words = m.book.words["returns"]
    remarks = sorted((_remark(f, m) for f in findings), key=lambda r: (r.level != "error", r.number))
    spots = tuple(Spot(t.sheet, t.header[1], max(t.last_col, *t.columns.values()) + 1) for t in filed.document.tables if t.columns)
    return Return(tuple(remarks), spots, m.unit_name(unit), str(words["round"]).replace("{n}", str(rounds(m, unit))), words)


def _remark(f: Finding, m: Material) -> Remark:
    """The school's own file says its own values in full (L0)."""
    return Remark(m.severity(f), f.number or 0, f.id, f.sheet, f.row, f.col, f.title or "", f.value, message(f, m, own=True), remedy(f, m))


def mark_batch(files: Sequence[tuple[str, bytes, Return]]) -> list[bytes]:
    """(path, bytes, order) -> marked bytes, in order. A package that cannot be patched is rebuilt from its values."""
    return [_one(path, data, order) for path, data, order in files]


def _one(path: str, data: bytes, order: Return) -> bytes:
    try:
        return mark(data, order)
    except CannotMark:
        return mark(*_rebuilt(path, data, order))


def _rebuilt(path: str, data: bytes, order: Return) -> tuple[bytes, Return]:
    book = next(b for b in open_book(path, data, Limits()) if b.path == path)
    plain = [Plain(s.name, s.origin, s.rows, s.errors) for s in book.sheets]
    made, names = rebuild(plain)
    remarks = tuple(_renamed(r, names) for r in order.remarks)
    spots = tuple(Spot(names.get(s.sheet, s.sheet), s.header_row, s.free_col) for s in order.spots)
    return made, Return(remarks, spots, order.unit, order.round, {**order.words, "how": order.words["rebuilt"] + order.words["how"]})


def _renamed(r: Remark, names: Mapping[str, str]) -> Remark:
    return Remark(r.level, r.number, r.id, names.get(r.sheet, r.sheet) if r.sheet else None, r.row, r.col, r.title, r.value, r.message, r.remedy)


def marked_copies(todo: Sequence[Task], load: Any, pool: Executor) -> dict[str, dict[str, bytes]]:
    """unit -> file name -> bytes. `load(path, sha256)` gives a file's bytes (a zip member's too)."""
    made: dict[str, dict[str, bytes]] = defaultdict(dict)
    shares = [todo[i : i + BATCH] for i in range(0, len(todo), BATCH)]
    futures = [(share, pool.submit(mark_batch, [(t.path, load(t.path, t.sha256), t.order) for t in share])) for share in shares]
    for share, future in futures:
        for task, data in zip(share, future.result(), strict=True):
            made[task.unit][task.name] = data
    return {unit: dict(files) for unit, files in made.items()}


