"""A judged pair in; the pair as it is handed on out: named parts, one sentence, what to mark side by side."""

from __future__ import annotations

from pipeline.cells.text import compact
from pipeline.model.linked import Difference, Pair, Part
from pipeline.people.evidence import FIELDS
from pipeline.people.forms import Known
from pipeline.people.names import differing
from pipeline.people.numbers import GONE, OTHER, WRONG
from pipeline.people.rivals import Judged
from pipeline.people.tables import Tables

FAR = ("two", "three", "far", "lost_near", "lost_few")
SLIP = ("digit", "serial", "swap", "check", "turned", "two", "three")


def worded(pair: Judged, tables: Tables) -> Pair:
    """The sentence holds places and field names only, never a sign of a number."""
    e, verdict, words = pair.evidence, pair.verdict, tables.words
    parts = []
    for field, level, bits in zip(FIELDS, e.levels, e.weights, strict=True):
        if level:
            parts.append(Part(field, level, _says(pair, field, level, tables), round(bits, 1)))
    wrong = _wrong(pair)
    said = [part.says for part in parts if part.field != "unit"]
    said += [words["wrong"][wrong]] if wrong and e.number.level in SLIP else []
    said += [words["notes"][verdict.note]] if verdict.note else []
    return Pair(
        pair.a.person,
        pair.b.person,
        verdict.level,
        verdict.grade,
        e.score,
        tuple(parts),
        words["joiner"].join(said),
        wrong,
        verdict.note,
        tuple(_differences(pair)),
    )


def _wrong(pair: Judged) -> str:
    """Whose number cannot be right. Two slips prove nothing of a number that has no check digit to fail."""
    number = pair.evidence.number
    states = {"a": (pair.a.number.state,), "b": (pair.b.number.state,)}.get(number.wrong, ())
    return "" if number.level in FAR and WRONG not in states else number.wrong


def _says(pair: Judged, field: str, level: str, tables: Tables) -> str:
    text = tables.weights[field][level].says
    if field != "number":
        return text
    if level == "same" and (how := _same_but(pair)):
        return str(tables.words["same_but"][how])
    at = pair.evidence.number.at
    first, last = (str(at[0]), str(at[-1])) if at else ("", "")
    return text.replace("{at}", first).replace("{to}", last).replace("{n}", str(pair.evidence.number.known))


def _same_but(pair: Judged) -> str:
    """How two equal numbers are written otherwise: an old number of fifteen digits, or a permit renewed ('' = alike)."""
    one, two = (compact(k.person.number).upper() for k in (pair.a, pair.b))
    if {len(one), len(two)} == {15, 18}:
        return "fifteen"
    renewed = pair.a.number.kind == OTHER and one and two and one != two
    return "renewed" if renewed and (one.startswith(two[:9]) or two.startswith(one[:9])) else ""


def _differences(pair: Judged) -> list[Difference]:
    a, b = pair.a, pair.b
    found = []
    for field, x, y in (
        ("name", a.name.key, b.name.key),
        ("number", _shown(a), _shown(b)),
        ("born", a.born[0] if a.born else "", b.born[0] if b.born else ""),
        ("phone", ",".join(a.phones), ",".join(b.phones)),
        ("account", a.account, b.account),
    ):
        if x and y and x != y and not (field == "born" and pair.evidence.born == "same"):
            found.append(Difference(field, x, y, *_marked(field, x, y)))
    return found


def _shown(k: Known) -> str:
    return k.number.digits or k.number.key


def _marked(field: str, x: str, y: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    at_a, at_b = differing(x, y)
    if field != "number" or len(x) != len(y):
        return at_a, at_b
    at = tuple(i for i in at_a if GONE not in (x[i], y[i]))
    return at, at
