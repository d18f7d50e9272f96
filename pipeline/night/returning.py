"""A settled night in, marked copies of files with something to mend out: one pure task per few files, so that any executor can make them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

from pipeline.book.spec import Book
from pipeline.masking import mask_text
from pipeline.model import Filed, Finding, Table, address
from pipeline.papers import Material
from pipeline.papers.counting import for_school
from pipeline.papers.material import RULED
from pipeline.papers.sending import rounds
from pipeline.papers.wording import head, message, remedy, ruling
from pipeline.pool import cores
from pipeline.writing.remarks import Remark, Return, Spot

SUFFIX = ".xlsx"
LONGEST = 200  # UTF-8 bytes of a stem
LARGEST_BATCH = 16
FIRST_FEW = 3  # columns a page can spare to repeat
RANK = ("error", "warning", "info", "waived", "explained")


@dataclass(frozen=True, slots=True)
class Task:
    """One file to mark. `name` is the marked copy's file name."""

    unit: str
    path: str
    name: str
    sha256: str
    order: Return


def tasks(m: Material, units: Iterable[str] | None = None) -> list[Task]:
    """A task for every readable form file about which its sender must or should do something; '' = files of no unit."""
    wanted = None if units is None else set(units)
    out: list[Task] = []
    taken: set[tuple[str, str]] = set()
    for unit in (*m.units, ""):
        if wanted is not None and unit not in wanted:
            continue
        found: dict[tuple[str, str], list[Finding]] = defaultdict(list)  # of each version that lay at a path its own
        sections = for_school(m, unit)
        closed = (*sections.waived, *sections.explained)
        for f in (*sections.listed, *(() if unit else sections.desk)):  # what no unit sent is the office's to read
            if f.file and m.severity(f) in {"error", "warning"}:
                found[f.file, f.sha256 or ""].append(f)
        for filed in sorted(m.filed_of.get(unit, ()), key=lambda f: f.arrival.path):
            path, sha256 = filed.arrival.path, filed.arrival.sha256
            findings = [*found.get((path, sha256), ()), *found.get((path, ""), ())]
            if findings and filed.document.tables and filed.state in {"adopted", "held"}:
                findings += [f for f in closed if f.file == path and f.sha256 in {sha256, "", None}]
                name = _name(path, unit, m, taken)
                out.append(Task(unit, path, name, sha256, _order(m, unit, filed, findings)))
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
    remarks = sorted((_remark(f, m) for f in findings), key=lambda r: (RANK.index(r.level), r.number))
    spots = tuple(
        Spot(t.sheet, t.header[1], max(t.last_col, *t.columns.values()) + 1, _names(t))
        for t in filed.document.tables
        if t.columns
    )
    sums = {t.sheet: _sums(t, m.book) for t in filed.document.tables}
    top = head(m)
    said = [str(words["round"]).replace("{n}", str(rounds(m, unit))), top["draft"], top["sample"]]
    return Return(
        tuple(remarks),
        spots,
        m.unit_name(unit) or m.words["unassigned"]["title"],
        str(words["apart"]).join(filter(None, said)),
        words,
        sums,
    )


def _names(table: Table) -> int:
    """The column that says whose row it is, where it is among the first few: the person, else the department or the item."""
    found = (table.columns[n] for n in ("name", "staff_name", "dept", "indicator") if n in table.columns)
    return next((col for col in found if col <= FIRST_FEW), 0)


def _sums(table: Table, book: Book) -> dict[tuple[int, int], str]:
    """Cell -> the sum it holds: the total line, and a row's own total of the columns of its group."""
    resource = book.resource(table.form, table.resource)
    fields = [f for f in resource.active if f.name in table.columns] if resource else []
    found = {}
    for f in fields:
        col = table.columns[f.name]
        for total in table.totals if f.total else ():
            found[total.number, col] = _sum(f"{address(table.header[1] + 1, col)}:{address(total.number - 1, col)}")
        parts = [table.columns[p.name] for p in fields if p.group == f.group and p.kind == f.kind and not p.computed]
        if f.computed == "total" and parts:
            found |= {(r.number, col): _sum(",".join(address(r.number, p) for p in parts)) for r in table.rows}
    return found


def _sum(cells: str) -> str:
    """Blank, not 0, while nothing has been filled in."""
    return f'=IF(COUNT({cells})=0,"",SUM({cells}))'


def _remark(f: Finding, m: Material) -> Remark:
    """The school's own file says its own values in full (L0), its own words sign for sign: sent back they are no new ones.
    What was decided or explained is told, not asked again."""
    said, words = message(f, m, own=True), str(m.book.words["returns"]["ruling"])
    return Remark(
        f.status if f.status in RULED else m.severity(f),
        f.number or 0,
        f.id,
        f.sheet,
        f.row,
        f.col,
        f.title or "",
        f.value,
        said + words.format(ruling=text) if (text := ruling(f, m, own=True)) else said,
        "" if f.status in RULED else remedy(f, m, own=True),
        f.ruling.text if f.ruling and f.status == "explained" else "",
    )


def marked_copies(todo: Sequence[Task], load: Any, pool: Executor) -> dict[str, dict[str, bytes]]:
    """unit -> file name -> bytes. `load(path, sha256)` gives a file's bytes (a zip member's too)."""
    if not todo:
        return {}
    from pipeline.marking import mark_batch  # noqa: PLC0415 - a quiet night marks nothing

    made: dict[str, dict[str, bytes]] = defaultdict(dict)
    size = min(LARGEST_BATCH, -(-len(todo) // (cores(pool) * 4)) or 1)
    shares = [todo[i : i + size] for i in range(0, len(todo), size)]
    futures = [
        (share, pool.submit(mark_batch, [(t.path, load(t.path, t.sha256), t.order) for t in share])) for share in shares
    ]
    for share, future in futures:
        for task, data in zip(share, future.result(), strict=True):
            made[task.unit][task.name] = data
    return {unit: dict(files) for unit, files in made.items()}
