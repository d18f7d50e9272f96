"""The rows of a unit beside another unit's, and beside its own of last year, in; sheets that say the same out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

from pipeline.cells.text import compact
from pipeline.checking.copied import alike
from pipeline.checking.env import Env
from pipeline.checking.known import PEOPLE, known, who
from pipeline.checking.past import last_people
from pipeline.checking.registry import Hit, NotApplicable, kind
from pipeline.checking.subjects import Subject, World
from pipeline.model import Place, Row, Sheet

SENTENCE = re.compile("[\u3002\uff1b;!\uff01?\uff1f\\n]")
Bag = Counter[Hashable]
Marks = Callable[[Subject], Iterable[Hashable]]


@kind("copied_sheet", "district", facts="share n", required="rows least share", optional="texts sentence")
def copied_sheet(world: World, env: Env) -> list[Hit]:
    """XSC-010: two units' sheets hold the same rows. `rows`: sheet -> the fields that tell rows apart, names not needed;
    `texts`: sheets of sentences (of at least `sentence` signs). Short sheets, zero reports and rows with blanks among
    those fields never count."""
    makers = {where: _rows_of(tuple(names.split())) for where, names in env.mapping("rows").items()}
    shortest = env.whole("sentence", "12")
    makers |= dict.fromkeys(env.many("texts"), lambda s: _sentences(s, shortest))
    hits: list[Hit] = []
    compared = False
    for where, marks in makers.items():
        bags, sheets = _bags(world, where, marks)
        compared = compared or len(bags) > 1
        for a, b, share in alike(bags, env.whole("least"), env.whole("share")):
            if sheets[a].unit != sheets[b].unit:
                hits += [_told(sheets[x], sheets[y], share, bags[x]) for x, y in ((a, b), (b, a))]
    if not compared:
        raise NotApplicable("nothing")
    return hits


def _bags(world: World, where: str, marks: Marks) -> tuple[dict[int, Bag], dict[int, Sheet]]:
    form, _, name = where.partition(".")
    sheets = {id(s): s for s in world.tables(form, name)}
    bags: dict[int, Bag] = {i: Counter() for i in sheets}
    for s in world.subjects(form, name):
        bags[id(s.sheet)].update(marks(s))
    return bags, sheets


def _rows_of(names: Sequence[str]) -> Marks:
    """A row says something only where all of the fields are filled."""

    def mark(s: Subject) -> list[Hashable]:
        values = tuple(s.get(n) for n in names)
        return [] if None in values else [values]

    return mark


def _sentences(s: Subject, shortest: int) -> list[Hashable]:
    parts = (compact(p) for n in sorted(s.row.raw) for p in SENTENCE.split(s.row.raw[n]))
    return [p for p in parts if len(p) >= shortest]


def _told(sheet: Sheet, other: Sheet, share: int, bag: Bag) -> Hit:
    place = Place(other.unit, other.file, other.table.sheet)
    return Hit(
        facts={"share": str(share), "n": str(bag.total())}, sheet=sheet, value="", related=(place,), key=other.unit
    )


@kind("same_as_last_year", "unit", facts="share n", required="fields must least share", registers="R3")
def same_as_last_year(world: World, code: str, env: Env) -> Hit | None:
    """XYR-010: nearly everybody of last season, and hardly anybody else, with the same of everything R3 keeps (`fields`:
    field of F1 -> field of R3). A list of fewer than `least` people is often the same in honest years, too."""
    rows, before = world.subjects(*PEOPLE, code), last_people(world).get(code, ())
    least = env.whole("least")
    if not rows:
        raise NotApplicable("nothing")
    if len(before) < least or len(rows) < least:
        raise NotApplicable("few", n=str(least))
    find = known((who(r), r) for r, _ in before)
    same = sum(any(_unchanged(s, r, env.mapping("fields"), env.text("must")) for r in find(who(s))) for s in rows)
    whole = max(len(rows), len(before))
    if same * 100 < env.whole("share") * whole:
        return None
    sheet = rows[0].sheet
    return Hit(facts={"share": str(same * 100 // whole), "n": str(same)}, sheet=sheet, form=PEOPLE[0], key="")


def _unchanged(s: Subject, row: Row, fields: Mapping[str, str], must: str) -> bool:
    """Everything both say is equal, and both say the amount: who is in lasting need keeps his category and his cause."""
    told = [
        (a, b)
        for mine, theirs in fields.items()
        if (a := s.get(mine)) is not None and (b := row.get(theirs)) is not None
    ]
    return s.get(must) is not None and row.get(fields[must]) is not None and all(a == b for a, b in told)
