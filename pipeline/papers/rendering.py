"""A night's Material and the office's templates in; every paper out, path under the night -> bytes.

A template's folder says for whom, its suffix how, its name is the title. Files whose name begins with _ are only included.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import replace
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
from pipeline.papers.school import school_view
from pipeline.papers.sending import no_room, packages, send_view
from pipeline.pool import Here, spread
from pipeline.render.press import Press, print_all

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
    hands: Executor = HERE,
) -> dict[str, bytes]:
    """`templates`: path under templates/ -> bytes. `workbook` writes a grid template (the writing room's), here or in a worker.

    `units`: render only these units' papers (the others' are `carried` over byte for byte); `hands` print them. Marked
    copies and carried papers go into the packages, not into the result, nor do workbooks that lie ready (a Path).
    """
    if not m.left_out:
        m = replace(m, left_out=no_room(m, {u: {n: len(d) for n, d in files.items()} for u, files in m.marked.items()}))
    numbers = counted(m)
    schools = _each(lambda code: school_view(m, numbers, code))
    views = {folder: _once(make) for folder, make in _makers(m, numbers, absent(m, templates), schools).items()}
    asked = [p for p in sorted(templates) if not p.rpartition("/")[2].startswith("_") and _has_subject(m, p)]
    folders = {f"units/{m.folder(c)}": c for c in (*m.units, "") if _concerns(m, c) and (units is None or c in units)}
    own = {place: schools(code) for place, code in folders.items()}
    begun: dict[str, Later] = {}
    for path in (p for p in asked if p.endswith(GRID)):  # workbooks first: they may be made elsewhere meanwhile
        folder, _, name = path.removesuffix(".yaml").partition("/")
        for place, view in (own if folder == "unit" else {folder: views[folder]()} if folder in views else {}).items():
            begun[f"{place}/{name}"] = workbook(templates[path], path, view, m.run.started)
    printed = _printed(m, {p: d for p, d in templates.items() if p.endswith((PAGE, LETTER))}, asked, own, views, hands)
    grids = {path: data.result() if isinstance(data, Future) else data for path, data in begun.items()}
    made = {**printed, **{path: data for path, data in grids.items() if isinstance(data, bytes)}}
    marked = {
        f"units/{m.folder(unit)}/{name}": data for unit, files in m.marked.items() for name, data in files.items()
    }
    return {**made, **packages(m, {**(carried or {}), **marked, **made})}


def _printed(
    m: Material,
    texts: Mapping[str, bytes],
    asked: Sequence[str],
    schools: Mapping[str, Mapping[str, Any]],
    views: Mapping[str, Callable[[], dict[str, Any]]],
    hands: Executor,
) -> dict[str, bytes]:
    """Pages and letters: those of the units by the `hands`, the district's here meanwhile. `schools`: folder -> view."""
    wanted = [p for p in asked if p in texts]
    each = [p for p in wanted if p.startswith("unit/")]
    printing = spread(hands, print_all, list(schools.values()), texts, each, m.season.issuer)
    press = Press(texts)
    made = {
        path: press.printed(path, views[path.partition("/")[0]](), m.season.issuer)
        for path in wanted
        if path.partition("/")[0] in views
    }
    for place, papers in zip(schools, printing(), strict=True):
        made |= {f"{place}/{path.partition('/')[2]}": data for path, data in zip(each, papers, strict=True)}
    return made


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
