"""Sheet kinds: one sheet in; people listed twice, empty sheets, copied numbers out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Any

from pipeline.book.spec import Book
from pipeline.cells import ids
from pipeline.cells.text import name_key
from pipeline.checking.env import Env
from pipeline.checking.known import one_family
from pipeline.checking.registry import Blocked, Hit, NotApplicable, kind
from pipeline.checking.subjects import UNREAD, World, companion, person_key
from pipeline.model import Place, Row, Sheet, address


def place(sheet: Sheet, row: Row, name: str) -> Place:
    at = sheet.table.at(row, name)
    return Place(sheet.unit, sheet.file, sheet.table.sheet, address(*at) if at else f"A{row.number}")


def blocked_by(sheet: Sheet, row: Row, name: str, env: Env) -> str:
    return env.world.culprits.get((sheet.file, sheet.table.sheet, row.number, name), UNREAD)


def unread(sheet: Sheet, name: str, env: Env) -> Iterable[Blocked]:
    """The rows whose cell in this column could not be read, by the rule that said so."""
    culprits = Counter(blocked_by(sheet, r, name, env) for r in sheet.table.rows if name in r.unknown)
    return [Blocked("unknown", {"rule": rule}, n) for rule, n in culprits.items()]


# -- the same person twice ---------------------------------------------------------------------------


@kind("look_alike", "sheet", facts="r1 r2")
def look_alike(sheet: Sheet, env: Env) -> Iterable[Hit | Blocked]:
    """Levels M2 to M4 of the ladder inside one sheet: same name and a number that is nearly the same, the same birth
    date, or missing on one side. The same number is SHT-007's; different people may share a name."""
    if "name" not in sheet.table.columns:
        raise NotApplicable("off")
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in sheet.table.rows:
        if row.get("name"):
            groups[name_key(str(row.get("name")))].append(row)
    hits: list[Hit | Blocked] = [b for name in ("name", "id_number") for b in unread(sheet, name, env)]
    for rows in groups.values():
        for a, b in combinations(rows, 2):
            if _alike(a, b):
                hits.append(
                    Hit(
                        "name",
                        {"r1": str(a.number), "r2": str(b.number)},
                        row=b,
                        rows=(a.number, b.number),
                        related=(place(sheet, a, "name"),),
                    )
                )
    return hits


def _alike(a: Row, b: Row) -> bool:
    if "id_tail" in a.values or "id_tail" in b.values:
        return False  # prefilled rows: several funds of one person are several rows
    first, second = a.get("id_number"), b.get("id_number")
    if "id_number" in a.unknown or "id_number" in b.unknown:
        return False  # the number itself is being asked for
    if not first or not second:
        return True
    one, two = ids.id_key(first), ids.id_key(second)
    if one == two:
        return False
    return nearly(one, two) or (ids.birth(one) is not None and ids.birth(one) == ids.birth(two))


def nearly(a: str, b: str) -> bool:
    """One sign differs, or two neighbours are swapped."""
    if len(a) != len(b):
        return False
    apart = [i for i, (x, y) in enumerate(zip(a, b, strict=True)) if x != y]
    if len(apart) == 1:
        return True
    return len(apart) == 2 and apart[1] == apart[0] + 1 and a[apart[0]] == b[apart[1]] and a[apart[1]] == b[apart[0]]


# -- a companion sheet that does not follow line by line -----------------------------------------------


@kind("unpaired", "sheet", facts="r1 what", required="double other")
def unpaired(sheet: Sheet, env: Env) -> Iterable[Hit]:
    """A person whose line on the companion sheet (家庭经济) is there twice or is somebody else's. Where nothing stands,
    its first required cell is blank (CEL-001)."""
    form = env.book.forms.get(sheet.form)
    other = companion(form)
    if form is None or other is None or sheet.table.resource != form.main.name:
        raise NotApplicable("off")
    beside = env.world.beside.get((sheet.file, sheet.form, other.name))
    if beside is None:
        raise NotApplicable("nothing")
    hits = []
    for s in env.world.subjects(sheet.form, sheet.table.resource, sheet.unit):
        found = env.world.mistaken(s, beside) if s.sheet is sheet and s.partner is None else None
        if found is not None:
            row, same = found
            facts = {"r1": str(s.row.number), "what": env.text("double" if same else "other")}
            hits.append(Hit("name", facts, sheet=beside, row=row, related=(s.place("name"),), key=person_key(s)))
    return hits


# -- empty or contradictory sheets ---------------------------------------------------------------------


@kind("zero_report", "sheet", facts="what", required="both neither")
def zero_report(sheet: Sheet, env: Env) -> Hit | None:
    """A zero report with rows (error), or neither rows nor a word about it (a warning that asks)."""
    form = env.book.forms.get(sheet.form)
    if form is None or not form.zero or sheet.table.resource != form.main.name:
        raise NotApplicable("nothing")
    nothing, rows = sheet.table.zero is True, sheet.table.rows
    if nothing and rows:
        first = (rows[0].number, _first_column(sheet))
        return Hit(
            "zero_report",
            {"what": env.text("both")},
            cell=first,
            rows=tuple(r.number for r in rows),
            value="",
            related=_answer(sheet),
        )
    if nothing or rows:
        return None
    top = (sheet.table.header[1] + 1, _first_column(sheet))
    return Hit(
        "zero_report", {"what": env.text("neither")}, cell=top, severity="warning", value="", related=_answer(sheet)
    )


def _answer(sheet: Sheet) -> tuple[Place, ...]:
    """The cell of the cover that says whether there is something to report."""
    said = sheet.document.declared.get(sheet.form)
    return (Place(sheet.unit, sheet.file, said.sheet, address(said.row, said.col)),) if said is not None else ()


def _first_column(sheet: Sheet) -> int:
    return min(sheet.table.columns.values(), default=1)


@kind("nothing_filled", "sheet")
def nothing_filled(sheet: Sheet, env: Env) -> Hit | None:
    """Nothing a school writes itself is filled (forms that have no zero report)."""
    form = env.book.forms.get(sheet.form)
    if form is None or form.zero:
        raise NotApplicable("nothing")
    resource = env.book.resource(sheet.form, sheet.table.resource)
    first = sheet.table.header[0] if resource and resource.layout == "items" else sheet.table.header[1] + 1
    return Hit(cell=(first, _first_column(sheet)), value="") if is_empty(sheet, env.book) else None


def is_empty(sheet: Sheet, book: Book) -> bool:
    """No row at all, or only what we prefilled, locked or computed. A fixed line the school fills (by: school) counts."""
    resource = book.resource(sheet.form, sheet.table.resource)
    if resource is None:
        return False
    own = {f.name for f in resource.active if not (f.prefill or f.preset or f.locked or f.computed)}
    open_too = {f.name for f in resource.active if not (f.locked or f.computed)}
    mine = {item.get("code") for item in resource.items if item.get("by") == "school"}
    return not any((open_too if r.get("code") in mine else own) & (set(r.values) | r.unknown) for r in sheet.table.rows)


# -- copied or shared numbers --------------------------------------------------------------------------


@kind("rising", "sheet", facts="n first last", required="fields", optional="least")
def rising(sheet: Sheet, env: Env) -> Iterable[Hit]:
    """Numbers that rise by one from row to row: the mark of dragging a cell down. Judged on the text as written, for
    dragged identity numbers rarely keep a right check digit."""
    least = env.whole("least", "3")
    names = [n for n in env.many("fields") if n in sheet.table.columns]
    if not names:
        raise NotApplicable("off")
    hits = []
    for name in names:
        for run in _runs(sheet.table.rows, name):
            if len(run) >= least:
                facts = {"n": str(len(run)), "first": str(run[0].number), "last": str(run[-1].number)}
                hits.append(
                    Hit(
                        name,
                        facts,
                        row=run[1],
                        rows=tuple(r.number for r in run),
                        related=(place(sheet, run[0], name),),
                    )
                )
    return hits


def _runs(rows: Sequence[Row], name: str) -> Iterable[list[Row]]:
    run: list[Row] = []
    before: tuple[int, int] | None = None
    for row in rows:
        now = _digits(row.raw.get(name, ""))
        if before and now and now[0] == before[0] and now[1] == before[1] + 1:
            run.append(row)
        else:
            if len(run) > 1:
                yield run
            run = [row] if now else []
        before = now
    if len(run) > 1:
        yield run


def _digits(text: str) -> tuple[int, int] | None:
    """(length, number) of a text of at least eight digits; a last X ends the number before it."""
    body = text.strip().removesuffix("X").removesuffix("x")
    return (len(body), int(body)) if len(body) >= 8 and body.isascii() and body.isdigit() else None


@kind("shared", "sheet", facts="n", required="field")
def shared(sheet: Sheet, env: Env) -> Iterable[Hit | Blocked]:
    """One account or mobile number on the rows of different people. A declared household, or a holder named on all of them who
    is one of them, is asked about and holds nothing (domain.md C4 M6)."""
    name = env.text("field")
    if name not in sheet.table.columns:
        raise NotApplicable("off")
    groups: dict[Any, list[Row]] = defaultdict(list)
    for row in sheet.table.rows:
        if row.get(name) is not None:
            groups[row.get(name)].append(row)
    hits: list[Hit | Blocked] = list(unread(sheet, name, env))
    for rows in groups.values():
        if len({_person(r) for r in rows}) > 1:
            numbers = tuple(r.number for r in rows)
            others = tuple(place(sheet, r, name) for r in rows[:-1])
            known = _explained(sheet, rows, env.world)
            hits.append(
                Hit(
                    name, {"n": str(len(rows))}, row=rows[-1], rows=numbers, related=others,
                    severity="warning" if known and env.rule.severity == "error" else None, holds="none" if known else None,
                )
            )  # fmt: skip
    return hits


def _explained(sheet: Sheet, rows: Sequence[Row], world: World) -> bool:
    names = {name_key(str(r.get("name") or "")) for r in rows}
    holders = {name_key(str(r.get("account_name") or "")) for r in rows}
    if len(holders) == 1 and holders <= names:
        return True
    unit = sheet.unit
    return all(one_family(world, (unit, a), b) or one_family(world, (unit, b), a) for a, b in combinations(names, 2))


def _person(row: Row) -> str:
    number = row.get("id_number")
    return (
        ids.id_key(number)
        if isinstance(number, str)
        else name_key(str(row.get("name") or "")) + str(row.get("id_tail") or "")
    )
