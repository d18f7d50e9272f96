"""An application and the lines beside it on 家庭经济 in; whose line is whose, and what a household has per head, out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from pipeline.book.spec import Book, Form, Resource
from pipeline.cells.text import name_key
from pipeline.model import Filed, Row, Table

CENT = Decimal("1")
NET, INCOME, SIZE = "net_per_head", "household_income_year", "household_size"


def net_per_head(form: Form, tables: Sequence[Table]) -> dict[int, int]:
    """Row number of the main sheet of one file -> fen a month, computed again; nothing where income or size is not known.

    What counts against the income are the other amounts of the sheet that carries the figure, as in the blank form.
    """
    other = next((r for r in form.resources if (f := r.field(NET)) and f.on and f.computed == NET), None)
    main = next((t for t in tables if t.resource == form.main.name), None)
    beside = next((t for t in tables if other and t.resource == other.name), None)
    if other is None or main is None or beside is None:
        return {}
    pairs = {r.number: r for r in main.rows} if beside is main else pair_rows(main.rows, beside.rows)
    found = {}
    for row in main.rows:
        line = pairs.get(row.number)
        income, size = _of(INCOME, line, row), _of(SIZE, line, row)
        costs = [_of(name, line, row) for name in _costs(other)]
        if (
            line
            and isinstance(income, int)
            and isinstance(size, int)
            and size > 0
            and line.unknown.isdisjoint(_costs(other))
        ):
            found[row.number] = per_head(income, [c for c in costs if isinstance(c, int)], size)
    return found


def _costs(resource: Resource) -> list[str]:
    return [f.name for f in resource.active if f.kind == "money" and not f.computed and f.name != INCOME]


def _of(name: str, *rows: Row | None) -> Any:
    return next((r.get(name) for r in rows if r is not None and r.get(name) is not None), None)


def per_head(income: int, costs: Iterable[int], size: int) -> int:
    """(income - costs) / people / 12 in fen a month, rounded half up (domain B3)."""
    return int((Decimal(income - sum(costs)) / size / 12).quantize(CENT, ROUND_HALF_UP))


def pair_rows(mains: Sequence[Row], others: Sequence[Row]) -> dict[int, Row]:
    """Main row number -> the companion row of the same person: by 姓名 where it is unique on both sheets, else by 序号."""
    by_name = _unique(others, lambda r: name_key(str(r.get("name") or "")))
    by_seq = _unique(others, lambda r: r.get("seq"))
    main_names = Counter(name_key(str(r.get("name") or "")) for r in mains)
    pairs: dict[int, Row] = {}
    for ordinal, main in enumerate(mains, 1):
        name = name_key(str(main.get("name") or ""))
        found = by_name.get(name) if name and main_names[name] == 1 else None
        if found is None:
            seq = main.get("seq")
            found = by_seq.get(seq if seq is not None else ordinal)
            if found is not None and name and name_key(str(found.get("name") or "")) in main_names.keys() - {name, ""}:
                found = None  # the sheet was sorted: this line is somebody else's
        if found is not None:
            pairs[main.number] = found
    _pair_repeated(mains, others, pairs)
    _pair_nameless(mains, others, pairs)
    return pairs


def _pair_repeated(mains: Sequence[Row], others: Sequence[Row], pairs: dict[int, Row]) -> None:
    """A person listed several times (several projects, a copied line) whose 序号 tells nothing: in order, where both
    sheets have as many of the name left."""
    taken = {r.number for r in pairs.values()}
    left: dict[str, list[Row]] = defaultdict(list)
    for other in others:
        if other.number not in taken:
            left[name_key(str(other.get("name") or ""))].append(other)
    free: dict[str, list[Row]] = defaultdict(list)
    for main in mains:
        if main.number not in pairs:
            free[name_key(str(main.get("name") or ""))].append(main)
    for name, some in free.items():
        if name and len(some) == len(left.get(name, ())):
            pairs.update((main.number, other) for main, other in zip(some, left[name], strict=True))


def _pair_nameless(mains: Sequence[Row], others: Sequence[Row], pairs: dict[int, Row]) -> None:
    """Companion rows whose 姓名 and 序号 no program ever computed: by their place, row beside row."""
    bare = [r for r in others if not r.get("name") and r.get("seq") is None]
    free = [m for m in mains if m.number not in pairs]
    by_row = {r.number: r for r in bare}
    for i, main in enumerate(free):
        beside = by_row.get(main.number) or (bare[i] if len(bare) == len(free) else None)
        if beside is not None:
            pairs[main.number] = beside


def _unique(rows: Iterable[Row], key: Any) -> dict[Any, Row]:
    groups: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return {k: v[0] for k, v in groups.items() if k not in (None, "") and len(v) == 1}


Means = Mapping[tuple[str, str, int], int]  # (file, sheet, row) of an application -> 测算月人均 in fen


def means_of(filed: Iterable[Filed], book: Book) -> Means:
    """What each applicant's household has per head, from the line beside it on 家庭经济, of every current application."""
    found: dict[tuple[str, str, int], int] = {}
    form = book.forms.get("F1")
    for one in filed:
        if form is None or form.name not in one.current:
            continue
        tables = [t for t in one.document.tables if t.form == form.name]
        sheet = next((t.sheet for t in tables if t.resource == form.main.name), None)
        found.update({(one.arrival.path, sheet or "", row): fen for row, fen in net_per_head(form, tables).items()})
    return found
