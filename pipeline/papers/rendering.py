"""A night's Material and the office's templates in; every paper out, path under the night -> bytes.

A template's folder says for whom, its suffix how, its name is the title. Files whose name begins with _ are only included.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime
from typing import Any

from pipeline.papers.audit import audit_view, coverage_view
from pipeline.papers.balance import balance_view
from pipeline.papers.circular import circular_view
from pipeline.papers.counting import Numbers, counted
from pipeline.papers.desk import desk_view
from pipeline.papers.grids import summary_view
from pipeline.papers.material import Material
from pipeline.papers.office import office_view
from pipeline.papers.roster import roster_view
from pipeline.papers.school import school_view
from pipeline.papers.sending import no_room, packages, send_view
from pipeline.render.letters import Letter
from pipeline.render.pages import Pages

Later = Future[bytes] | bytes
Workbook = Callable[[bytes, str, Mapping[str, Any], datetime], Later]
GRID, LETTER, PAGE = ".xlsx.yaml", ".docx", ".html"


def render_papers(
    m: Material,
    templates: Mapping[str, bytes],
    workbook: Workbook,
    units: Collection[str] | None = None,
    carried: Mapping[str, bytes] | None = None,
    letters: dict[str, Letter] | None = None,
) -> dict[str, bytes]:
    """`templates`: path under templates/ -> bytes. `workbook` writes a grid template (the writing room's), here or in a worker.

    `units`: render only these units' papers (the others' are `carried` over byte for byte). `letters`: compiled Word
    templates, kept by the caller between calls. Marked copies and carried papers go into the packages, not into the result.
    """
    if not m.left_out:
        m = replace(m, left_out=no_room(m, {u: {n: len(d) for n, d in files.items()} for u, files in m.marked.items()}))
    numbers = counted(m)
    schools = _each(lambda code: school_view(m, numbers, code))
    pages, letters = Pages(templates), {} if letters is None else letters
    views = {folder: _once(make) for folder, make in _makers(m, numbers, absent(m, templates), schools).items()}
    begun: dict[str, Later] = {}
    for path in sorted(templates, key=lambda p: (not p.endswith(GRID), p)):  # workbooks first: they may be made elsewhere meanwhile
        folder, _, name = path.partition("/")
        if name.startswith("_") or folder not in {"unit", *views} or not _has_subject(m, path):
            continue
        if folder == "unit":
            for code in [c for c in (*m.units, "") if _concerns(m, c) and (units is None or c in units)]:
                begun[f"units/{_folder(m, code)}/{name}"] = _render(
                    path, templates, schools(code), pages, letters, workbook, m
                )
        else:
            target = f"{folder}/{name.removesuffix('.yaml')}"
            begun[target] = _render(path, templates, views[folder](), pages, letters, workbook, m)
    made = {path: data if isinstance(data, bytes) else data.result() for path, data in begun.items()}
    marked = {
        f"units/{_folder(m, unit)}/{name}": data for unit, files in m.marked.items() for name, data in files.items()
    }
    return {**made, **packages(m, {**(carried or {}), **marked, **made})}


def absent(m: Material, templates: Mapping[str, bytes]) -> list[str]:
    """Names of the papers whose subject has no data yet this season; 总览 says so."""
    unasked = {path for path, need in m.words["needs"].items() if need == "no_roster"}  # nobody misses a draft R1 beside R1
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


def _makers(
    m: Material, numbers: Numbers, absent_papers: list[str], schools: Callable[[str], dict[str, Any]]
) -> dict[str, Callable[[], dict[str, Any]]]:
    return {
        "district": lambda: district_view(m, numbers, absent_papers),
        "audit": lambda: {**audit_view(m, numbers), **coverage_view(m)},
        "send": lambda: send_view(m, schools),
    }


def _once(make: Callable[[], dict[str, Any]]) -> Callable[[], dict[str, Any]]:
    kept: list[dict[str, Any]] = []

    def view() -> dict[str, Any]:
        if not kept:
            kept.append(make())
        return kept[0]

    return view


def _each(make: Callable[[str], dict[str, Any]]) -> Callable[[str], dict[str, Any]]:
    """A unit's view is made once for its page, its letter and its line in 发送清单."""
    kept: dict[str, dict[str, Any]] = {}

    def view(code: str) -> dict[str, Any]:
        if code not in kept:
            kept[code] = make(code)
        return kept[code]

    return view


def _has_subject(m: Material, path: str) -> bool:
    need = m.words["needs"].get(path)
    if need == "no_roster":
        return not m.register_present
    return need != "applicants" or any(p.form == "F1" and p.accepted for p in m.district.people)


def _concerns(m: Material, code: str) -> bool:
    """Every unit of R1 gets an answer; the folder of unidentified files exists only when there are some."""
    return bool(code) or bool(m.filed_of.get(""))


def _folder(m: Material, code: str) -> str:
    return m.folder(code) if code else str(m.words["unassigned_folder"])


def _render(
    path: str,
    templates: Mapping[str, bytes],
    view: Mapping[str, Any],
    pages: Pages,
    letters: dict[str, Letter],
    workbook: Workbook,
    m: Material,
) -> Later:
    if path.endswith(GRID):
        return workbook(templates[path], path, view, m.run.started)
    if path.endswith(LETTER):
        if path not in letters:
            letters[path] = Letter(templates[path], path)
        title = path.rsplit("/", 1)[-1].removesuffix(LETTER)
        return letters[path].fill(view, title, m.season.issuer)
    return pages.render(path, view)
