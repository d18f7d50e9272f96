"""Column kinds: what the Table Schema constraints of a field say (CEL-001, CEL-031, CEL-039, ROW-005) and unique keys (SHT-007).

In: the rules of kind `required`, `minimum`, `range`, `length`, `unique_key`. Out: fault finders for the pandera frame, and
the words of each failure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from pipeline.book.spec import BOUNDED, WRITTEN, Field, Resource, Rule
from pipeline.cells.ids import id_key
from pipeline.cells.text import name_key
from pipeline.checking.env import Env, yuan
from pipeline.checking.frame_checks import Excuse, limits, pattern_of
from pipeline.checking.places import finding_of
from pipeline.checking.registry import Hit, RuleKind, declare
from pipeline.checking.subjects import Subject, World, companion, person_key
from pipeline.checking.tally import Tally
from pipeline.model import Finding

declare("required", "column", optional="unless unless_zero")
declare("minimum", "column", facts="low")
declare("range", "column", facts="limits", optional="bounds")
declare("length", "column", facts="fault n")
declare("unique_key", "column", facts="r1 r2 file same", required="person", optional="other across elsewhere")

KEYED: Mapping[str, Callable[[str], str]] = {"id_number": id_key, "name": name_key, "id_tail": str.upper}
ANSWERS = ("value", "correction")
Rules = Sequence[tuple[Rule, RuleKind]]
Fault = Callable[[Any], bool]


def cell_faults(
    rules: Rules, world: World, subjects: Sequence[Subject], tally: Tally
) -> dict[str, Callable[[Field], Fault | None]]:
    """rule id -> (field -> what is wrong with a value of it, None when the rule has nothing to say of the field)."""
    makers: dict[str, Callable[[Rule, Field], Fault | None]] = {
        "minimum": _below,
        "range": _outside,
        "length": _ill_sized,
    }
    chosen: dict[str, Callable[[Field], Fault | None]] = {}
    for rule, kind in rules:
        if kind.name in makers:
            chosen[rule.id] = partial(makers[kind.name], rule)
            _count(rule, lambda f, rule=rule, make=makers[kind.name]: make(rule, f) is not None, world, subjects, tally)  # type: ignore[misc]
        elif kind.name == "required":
            _count(rule, lambda f: f.required, world, subjects, tally)
    return chosen


def _count(
    rule: Rule, concerns: Callable[[Field], bool], world: World, subjects: Sequence[Subject], tally: Tally
) -> None:
    """Coverage of a column rule: cells judged, and cells it could not judge because their typing failed."""
    table = subjects[0].sheet.table if subjects else None
    resource = world.book.resource(table.form, table.resource) if table else None
    names = {f.name for f in resource.active if concerns(f)} if resource else set()
    columns: dict[
        int, set[str]
    ] = {}  # id of a sheet, which its subjects keep alive -> its columns that concern the rule
    for s in subjects:
        here = columns.get(id(s.sheet))
        if here is None:
            here = columns[id(s.sheet)] = names & set(s.sheet.table.columns)
        unknown = here & s.row.unknown
        judged = len(here - unknown) if rule.kind == "required" else len((here - unknown) & set(s.row.values))
        for n in unknown:
            tally.blocked(rule.id, s.sheet.file, "unknown", rule=world.culprit(s, n))
        if judged:
            tally.passed(rule.id, s.sheet.file, judged)
        elif not unknown:
            tally.absent(rule.id, s.sheet.file, "nothing")
        if not names.isdisjoint(s.sheet.table.blocked):
            tally.blocked(rule.id, s.sheet.file, "no_column", rule="SHT-003")


def excuses(rule: Rule, resource: Resource) -> dict[str, tuple[Excuse, ...]]:
    """`unless: {F3.payments.pay_date: unpaid_reason}`: what need not be filled where the other field is; `unless_zero`:
    where the other field says 0."""
    start = f"{resource.form}.{resource.name}."
    found: dict[str, tuple[Excuse, ...]] = {}
    for param, zero in (("unless", False), ("unless_zero", True)):
        for k, v in dict(rule.params.get(param, {})).items():
            if k.startswith(start):
                name = k.removeprefix(start)
                found[name] = (*found.get(name, ()), (str(v), zero))
    return found


def _below(_: Rule, f: Field) -> Fault | None:
    if f.kind != "money" or f.minimum is None:
        return None
    low = f.minimum
    return lambda v: isinstance(v, int) and v < low


def _outside(rule: Rule, f: Field) -> Fault | None:
    """Numbers of every kind; of an amount's lower limit speaks `minimum`."""
    low, high = _limits(rule, f)
    if f.kind not in BOUNDED or (low is None and high is None):
        return None
    return lambda v: isinstance(v, int | Decimal) and ((low is not None and v < low) or (high is not None and v > high))


def _limits(rule: Rule, f: Field) -> tuple[int | None, int | None]:
    low, high = limits(f, _bounds(rule))
    return (None, high) if f.kind == "money" else (low, high)


def _ill_sized(_: Rule, f: Field) -> Fault | None:
    """Too short, too long or of another shape than the field's pattern. The lengths of names are judged as they are read."""
    if f.kind not in WRITTEN:
        return None
    low, high = (0, None) if f.kind == "name" else (f.min_length or 0, f.max_length)
    shape = pattern_of(f.pattern) if f.pattern else None
    if not low and high is None and shape is None:
        return None
    return lambda v: (
        isinstance(v, str)
        and (len(v) < low or (high is not None and len(v) > high) or (shape is not None and not shape.match(v)))
    )


def _bounds(rule: Rule) -> Mapping[str, str]:
    value = rule.params.get("bounds", {})
    return value if isinstance(value, Mapping) else {}


def column_hit(rule: Rule, world: World, resource: Resource, subject: Subject, name: str) -> Hit:
    """The words of one failed cell check."""
    f = resource.field(name)
    if f is None:
        raise KeyError(name)
    env = Env(rule, world)
    if rule.kind == "minimum":
        return Hit(name, {"low": yuan(f.minimum or 0)})
    if rule.kind == "range":
        low, high = _limits(rule, f)
        hard = None if name in _bounds(rule) else "error"  # what the form itself excludes is no matter of doubt
        said = _phrase(env, "range", *(n if n is None or f.kind != "money" else yuan(n) for n in (low, high)))
        return Hit(name, {"limits": said}, severity=hard)
    if rule.kind == "length":
        text = str(subject.get(name))
        if f.pattern and not pattern_of(f.pattern).match(text):
            return Hit(name, {"fault": env.words("pattern"), "n": str(len(text))}, severity="error")
        return Hit(name, {"fault": _phrase(env, "length", f.min_length, f.max_length), "n": str(len(text))})
    return Hit(name, value="")


def _phrase(env: Env, what: str, low: int | str | None, high: int | str | None) -> str:
    form = "both" if low is not None and high is not None else "low" if low is not None else "high"
    return env.words(f"{what}_{form}").replace("{low}", str(low)).replace("{high}", str(high))


# -- keys ------------------------------------------------------------------------------------------


def key_makers(
    rules: Rules, world: World, resource: Resource, subjects: Sequence[Subject], tally: Tally
) -> dict[str, Callable[[Subject], Any]]:
    """rule id, for a field that is unique by itself also its name -> the key of a row. A row with an unknown or blank
    part of its key is not judged."""
    chosen: dict[str, Callable[[Subject], Any]] = {}
    for rule, kind in rules:
        if kind.name != "unique_key" or f"{resource.form}.{resource.name}" in rule.params.get("elsewhere", ()):
            continue
        for check, names in _keys_of(rule, resource).items():
            chosen[check] = key = _maker(rule, resource, subjects, names)
            for s in subjects:
                bad = next((n for n in names if n in s.row.unknown), None)
                if bad:
                    tally.blocked(rule.id, s.sheet.file, "unknown", rule=world.culprit(s, bad))
                elif key(s) is not None:
                    tally.passed(rule.id, s.sheet.file)
    return chosen


def _keys_of(rule: Rule, resource: Resource) -> dict[str, tuple[str, ...]]:
    """Name of the check -> its fields: the primary key under the rule's id, each other unique field under id and name."""
    whole = _key_fields(resource)
    alone = {f"{rule.id} {f.name}": (f.name,) for f in resource.active if f.unique and (f.name,) != whole}
    return ({rule.id: whole} if whole else {}) | alone


def _maker(
    rule: Rule, resource: Resource, subjects: Sequence[Subject], names: tuple[str, ...]
) -> Callable[[Subject], Any]:
    """The key of a row. On the sheets named under `across` equal rows of one sheet are several payments; a row of a file
    that was added (追加) still repeats one of another file."""
    others = resource.key_else
    if f"{resource.form}.{resource.name}" not in rule.params.get("across", ()):
        return partial(_key, names)
    seen: Counter[Any] = Counter()
    keys: dict[int, Any] = {}
    for s in subjects:
        key = _key(names, s) or (_key(others, s) if others else None)
        if key is not None:
            seen[id(s.sheet), key] += 1
            keys[id(s.row)] = (key, seen[id(s.sheet), key])
    return lambda s: keys.get(id(s.row))


def _key_fields(resource: Resource) -> tuple[str, ...]:
    """The primary key, and for people also the fund where that field is on: one row = one person, project and fund."""
    names = tuple(n for n in resource.primary_key if (f := resource.field(n)) and f.on)
    fund = resource.field("fund")
    if "id_number" in names and fund and fund.on and "fund" not in names:
        names = (*names, "fund")
    return names


def _key(names: Sequence[str], s: Subject) -> Any:
    parts = []
    for name in names:
        value = s.row.values.get(name)
        if name in s.row.unknown or value is None:
            return None
        parts.append(KEYED[name](value) if name in KEYED and isinstance(value, str) else value)
    return tuple(parts)


def key_hit(
    rule: Rule, world: World, resource: Resource, subjects: Sequence[Subject], position: int, check: str
) -> Hit:
    """The later of two rows with one key; both are named (and held), in two files the later one alone."""
    names, here = _keys_of(rule, resource)[check], subjects[position]
    key, firsts = world.once(
        f"{check} {resource.form}.{resource.name}", lambda: _firsts(rule, resource, subjects, names)
    )
    first = firsts[_owner(here), key(here)]
    env = Env(rule, world)
    person = "id_number" in names and check == rule.id
    filled = [n for n in names if here.get(n) is not None] or list(resource.key_else)
    same = env.text("person") if person else env.text("other").replace("{col}", env.titles(here, filled))
    field = "id_number" if person else filled[0]
    numbers, where = (first.row.number, here.row.number), ""
    if first.sheet is not here.sheet:
        numbers = (here.row.number, first.row.number)
        where = _apart(first, here, env)
    facts = {"r1": str(numbers[0]), "r2": str(numbers[1]), "file": where, "same": same}
    return Hit(field, facts, rows=numbers[:1] if where else numbers, related=(first.place(field),))


def _firsts(
    rule: Rule, resource: Resource, subjects: Sequence[Subject], names: tuple[str, ...]
) -> tuple[Callable[[Subject], Any], dict[Any, Subject]]:
    """The key of a row, and the first row of each unit's keys."""
    key = _maker(rule, resource, subjects, names)
    firsts: dict[Any, Subject] = {}
    for s in subjects:
        firsts.setdefault((_owner(s), key(s)), s)
    return key, firsts


def _apart(first: Subject, here: Subject, env: Env) -> str:
    """What tells the first row's sheet from this one: its name, its file's name, or the path where both files bear one name."""
    one, other = first.sheet.file, here.sheet.file
    if one == other:
        return env.words("on_sheet").replace("{name}", first.sheet.table.sheet)
    name = one.rpartition("/")[2]
    return env.words("in_file").replace("{name}", one if name == other.rpartition("/")[2] else name)


def _owner(s: Subject) -> str:
    return s.sheet.unit or s.sheet.file


# -- cells and rows that ought to be there -------------------------------------------------------------------


def missing_answers(
    rule: Rule, world: World, resource: Resource, subjects: Sequence[Subject], tally: Tally
) -> list[Finding]:
    """The fixed lines only the school can fill (F4, by: school): a blank is not a zero. The column as a whole may be
    blank on the other lines, and a 更正数 is an answer too."""
    own = {item["code"] for item in resource.items if item.get("by") == "school"}
    found = []
    for s in subjects if own else ():
        code = str(s.get("code") or s.raw("code")).strip()
        if code in own and not any(s.raw(n).strip() for n in ANSWERS) and ANSWERS[0] in s.sheet.table.columns:
            tally.found(rule.id, s.sheet.file)
            found.append(finding_of(rule, Hit(ANSWERS[0], value=""), world, s))
    return found


def missing_companions(rule: Rule, world: World, resource: Resource, tally: Tally) -> list[Finding]:
    """A person of the main sheet without a filled line on the companion sheet (家庭经济): its first required cell is blank."""
    form = world.book.forms.get(resource.form)
    other = companion(form)
    if form is None or other is None or resource.name != form.main.name:
        return []
    wanted = next((f for f in other.active if f.required), None)
    found = []
    for s in world.subjects(resource.form, resource.name):
        beside = world.beside.get((s.sheet.file, resource.form, other.name))
        if wanted is None or beside is None or s.partner is not None or wanted.name not in beside.table.columns:
            continue
        if world.mistaken(s, beside) is not None:
            continue  # SHT-025: that line is filled, but not for this person alone
        row = beside.table.header[1] + s.row.number - s.sheet.table.header[1]
        hit = Hit(
            wanted.name,
            value="",
            sheet=beside,
            cell=(row, beside.table.columns[wanted.name]),
            related=(s.place("name"),),
            key=person_key(s),
        )
        tally.found(rule.id, s.sheet.file)
        found.append(finding_of(rule, hit, world, s))
    return found
