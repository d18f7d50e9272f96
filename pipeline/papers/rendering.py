"""A night's Material and the office's templates in; every paper out, path under the night -> bytes.

A template's folder says for whom, its suffix how, its name is the title. Files whose name begins with _ are only included.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline.papers.audit import audit_view
from pipeline.papers.audit_rules import coverage_view
from pipeline.papers.balance import balance_view
from pipeline.papers.circular import circular_view
from pipeline.papers.counting import Numbers, counted
from pipeline.papers.desk import desk_view
from pipeline.papers.grids import summary_view
from pipeline.papers.material import Material
from pipeline.papers.office import office_view
from pipeline.papers.roster import roster_view
from pipeline.papers.school import school_line, school_view
from pipeline.papers.sending import no_room, packages, send_view
from pipeline.pool import Here, spread
from pipeline.render.hands import print_all

Later = Future[bytes] | bytes | Path  # a workbook to come, one made here, or last night's where it would say the same
Workbook = Callable[[bytes, str, Mapping[str, Any], datetime], Later]
GRID, LETTER, PAGE = ".xlsx.yaml", ".docx", ".html"
HERE = Here()


def render_papers(
    m: Material,
    templates: Mapping[str, bytes],
    workbook: Workbook,
    units: Collection[str] | None = None,
    carried: Mapping[str, bytes] | None = None,
) -> dict[str, bytes]:
    """As `begin_papers`, waited for."""
    return begin_papers(m, templates, workbook, units, carried)()


def begin_papers(
    m: Material,
    templates: Mapping[str, bytes],
    workbook: Workbook,
    units: Collection[str] | None = None,
    carried: Mapping[str, bytes] | None = None,
    hands: Executor = HERE,
    numbers: Numbers | None = None,
) -> Callable[[], dict[str, bytes]]:
    """`templates`: path under templates/ -> bytes. `workbook` writes a grid template (the writing room's), here or in a worker.

    Everything is begun; call the result for the papers. `units`: render only these units' papers (the others' are `carried`
    over byte for byte); `hands` print them. Marked copies and carried papers go into the packages, not into the result, nor
    do workbooks that lie ready (a Path). `numbers`: those of `m`, for a caller who has counted them.
    """
    if not m.left_out:
        m = replace(m, left_out=no_room(m, {u: {n: len(d) for n, d in files.items()} for u, files in m.marked.items()}))
    numbers = counted(m) if numbers is None else numbers
    asked = [p for p in sorted(templates) if not p.rpartition("/")[2].startswith("_") and _has_subject(m, p)]
    job = _Job(m, templates, asked, workbook, hands)
    job.begin("district", district_view(m, numbers, absent(m, templates)))  # the largest workbooks of all
    folders = {f"units/{m.folder(c)}": c for c in (*m.units, "") if _concerns(m, c) and (units is None or c in units)}
    schools = {code: school_view(m, numbers, code) for code in folders.values()}
    job.begin_units({place: schools[code] for place, code in folders.items()})
    job.begin("audit", {**audit_view(m, numbers), **coverage_view(m)})
    job.begin("send", send_view(m, lambda code: schools.get(code) or school_line(m, numbers, code)))

    def finished() -> dict[str, bytes]:
        made = job.finished()
        marked = {f"units/{m.folder(u)}/{name}": data for u, files in m.marked.items() for name, data in files.items()}
        return {**made, **packages(m, {**(carried or {}), **marked, **made})}

    return finished


@dataclass(slots=True)
class _Job:
    """Papers under way: workbooks by path; pages and letters as (paths, a task that prints them all)."""

    m: Material
    templates: Mapping[str, bytes]
    asked: Sequence[str]
    workbook: Workbook
    hands: Executor
    books: dict[str, Later] = field(default_factory=dict)
    prints: list[tuple[list[str], Callable[[], list[list[bytes]]]]] = field(default_factory=list)

    def begin(self, folder: str, view: Mapping[str, Any]) -> None:
        """Everything of one folder that is made once: workbooks first, they take longest."""
        self._books(folder, {folder: view})
        self._print(folder, {folder: view})

    def begin_units(self, views: Mapping[str, Mapping[str, Any]]) -> None:
        """The papers of every unit; folder of the night -> view."""
        self._books("unit", views)
        self._print("unit", views)

    def _books(self, folder: str, views: Mapping[str, Mapping[str, Any]]) -> None:
        for path in (p for p in self.asked if p.startswith(f"{folder}/") and p.endswith(GRID)):
            name = path.removesuffix(".yaml").partition("/")[2]
            for place, view in views.items():
                self.books[f"{place}/{name}"] = self.workbook(self.templates[path], path, view, self.m.run.started)

    def _print(self, folder: str, views: Mapping[str, Mapping[str, Any]]) -> None:
        texts = {p: d for p, d in self.templates.items() if p.endswith((PAGE, LETTER))}
        paths = [p for p in self.asked if p.startswith(f"{folder}/") and p in texts]
        if paths and views:
            task = spread(self.hands, print_all, list(views.values()), texts, paths, self.m.season.issuer)
            made = [f"{place}/{p.partition('/')[2]}" for place in views for p in paths]
            self.prints.append((made, task))

    def finished(self) -> dict[str, bytes]:
        printed: dict[str, bytes] = {}
        for paths, task in self.prints:
            printed |= zip(paths, (data for papers in task() for data in papers), strict=True)
        books = {path: data.result() if isinstance(data, Future) else data for path, data in self.books.items()}
        return {**printed, **{path: data for path, data in books.items() if isinstance(data, bytes)}}


def absent(m: Material, templates: Mapping[str, bytes]) -> list[str]:
    """Names of the papers whose subject has no data yet this season; 总览 says so."""
    # nobody misses a draft R1 beside R1
    unasked = {path for path, need in m.words["needs"].items() if need == "no_roster"}
    names = (p for p in sorted(templates) if p not in unasked and not _has_subject(m, p))
    return [path.rsplit("/", 1)[-1].split(".", 1)[0] for path in names]


def district_view(m: Material, numbers: Numbers, absent_papers: list[str]) -> dict[str, Any]:
    """One view for every template of templates/district: a new report finds all of it."""
    parts = (
        office_view(m, numbers, absent_papers),
        circular_view(m, numbers),
        summary_view(m, numbers),
        desk_view(m),
        roster_view(m),
        balance_view(m),
    )
    return {name: value for part in parts for name, value in part.items()}


def _has_subject(m: Material, path: str) -> bool:
    need = m.words["needs"].get(path)
    if need == "no_roster":
        return not m.register_present
    return need != "applicants" or any(p.form == "F1" and p.accepted for p in m.district.people)


def _concerns(m: Material, code: str) -> bool:
    """Every unit of R1 gets an answer; the folder of unidentified files exists only when there are some."""
    return bool(code) or bool(m.filed_of.get(""))
