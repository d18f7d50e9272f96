"""The rules that compare columns of one row go in; the same advice comes out as live checks, so that a clerk sees it at once.

Only kinds that a formula can say: fields that become due because of another field, one amount above another, two officers.
What the rulebook calls an error is a cross, what it calls a warning a triangle.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from pipeline.book.spec import Field, Rule
from pipeline.writing.form_formulas import Spot, text
from pipeline.writing.form_plan import blank, number


@dataclass(frozen=True, slots=True)
class Check:
    """`wrong`: a formula that is TRUE when the row fails; `says`: a formula for the words; `now`: the words now or ''."""

    wrong: str
    says: str
    now: Callable[[], str]
    error: bool = True


def advice(spot: Spot) -> Iterator[Check]:
    """Live checks of the rulebook's row rules for this sheet."""
    here = {spot.plan.form.name, f"{spot.plan.form.name}.{spot.plan.resource.name}", "all"}
    for rule in spot.book.rules.values():
        if rule.scope == "row" and rule.kind in KINDS and here & set(rule.where):
            yield from KINDS[rule.kind](spot, rule)


def _fields(spot: Spot, names: Sequence[str]) -> list[Field]:
    return [f for f in spot.plan.fields if f.name in names and not f.computed]


def _names(words: Any) -> list[str]:
    return [words] if isinstance(words, str) else list(words or ())


def due(spot: Spot, trigger: str, holds: Callable[[], bool], fields: Sequence[Field], error: bool) -> Iterator[Check]:
    """`fields` may not stay blank while the trigger holds."""
    if not fields:
        return
    words = spot.words["tip"]
    blanks = ",".join(f'{spot.cell(f.name)}=""' for f in fields)
    listed = "&".join(f'IF({spot.cell(f.name)}="",{text(f.title + words["joiner"])},"")' for f in fields)

    def now() -> str:
        missing = [f.title for f in fields if blank(spot.values.get(f.name))]
        return words["missing"] + words["joiner"].join(missing) if missing and holds() else ""

    yield Check(f"AND({trigger},OR({blanks}))", f"{text(words['missing'])}&{listed}", now, error)


def _required_if(spot: Spot, rule: Rule) -> Iterator[Check]:
    cause = spot.find(str(rule.params.get("field", "")))
    if cause is None or rule.params.get("not_values"):
        return
    values = _names(rule.params.get("values"))
    trigger = f"OR({','.join(f'{cause[0]}={text(v)}' for v in values)})" if values else f'{cause[0]}<>""'
    fields = _fields(spot, _names(rule.params.get("fields")))
    yield from due(
        spot, trigger, lambda: cause[1] in values if values else not blank(cause[1]), fields, rule.severity == "error"
    )


def _two_officers(spot: Spot, rule: Rule) -> Iterator[Check]:
    method, officers = spot.find("pay_method"), _fields(spot, ("officer1", "officer2"))
    if method is None or len(officers) < 2:
        return
    methods = _names(rule.params.get("methods"))
    trigger = f"OR({','.join(f'{method[0]}={text(m)}' for m in methods)})"
    error = rule.severity == "error"
    yield from due(spot, trigger, lambda: method[1] in methods, officers, error)
    one, two = (spot.cell(f.name) for f in officers)
    first, second = (spot.values.get(f.name) for f in officers)
    said = spot.words["tip"]["officers"]
    yield Check(
        f'AND({one}<>"",{one}={two})', text(said), lambda: said if not blank(first) and first == second else "", error
    )


def _underpaid(spot: Spot, rule: Rule) -> Iterator[Check]:
    due_, paid = (spot.find(str(rule.params.get(k, ""))) for k in ("due", "paid"))
    reason = _fields(spot, _names(rule.params.get("reason")))
    if due_ is None or paid is None:
        return
    owed, given = number(due_[1]), number(paid[1])
    trigger = f"COUNT({due_[0]},{paid[0]})=2,{paid[0]}<{due_[0]}"
    yield from due(
        spot, trigger, lambda: owed is not None and given is not None and given < owed, reason, rule.severity == "error"
    )


def _at_most(spot: Spot, rule: Rule) -> Iterator[Check]:
    """One column against another; sums and shares need more than a row's formula should carry."""
    parts = _fields(spot, _names(rule.params.get("parts")))
    whole = _fields(spot, _names(rule.params.get("whole")))
    if len(parts) != 1 or len(whole) != 1 or {"times", "of_parts"} & rule.params.keys():
        return
    a, b = spot.cell(parts[0].name), spot.cell(whole[0].name)
    low, high = number(spot.values.get(parts[0].name)), number(spot.values.get(whole[0].name))
    said = spot.words["tip"]["above"].format(title=parts[0].title, other=whole[0].title)
    fails = low is not None and high is not None and low > high
    yield Check(f"AND(COUNT({a},{b})=2,{a}>{b})", text(said), lambda: said if fails else "", rule.severity == "error")


def _ticked(spot: Spot, rule: Rule) -> Iterator[Check]:
    no = spot.words["ticks"][1:]
    for field in _fields(spot, _names(rule.params.get("field"))):
        said = spot.words["tip"]["untick"].format(title=field.title)
        refused = ",".join(f"{spot.cell(field.name)}={text(word)}" for word in no)
        now = said if spot.values.get(field.name) in no else ""
        yield Check(f"OR({refused})", text(said), partial(str, now), rule.severity == "error")


def _range(spot: Spot, rule: Rule) -> Iterator[Check]:
    """What is unusual, though not excluded by the field's own limits (the household of 1 to 12)."""
    for field in _fields(spot, list(rule.params.get("bounds", {}))):
        low, high = (int(n) if n else None for n in str(rule.params["bounds"][field.name]).split("-"))
        if high is None or (low or 0) > (field.minimum or 0):
            continue
        said = spot.words["tip"]["unusual"].format(title=field.title, low=low or 0, high=high)
        found = number(spot.values.get(field.name))
        now = said if found is not None and found > high else ""
        cell = spot.cell(field.name)
        yield Check(f"IF(ISNUMBER({cell}),{cell}>{high},FALSE)", text(said), partial(str, now), False)


KINDS: Mapping[str, Callable[[Spot, Rule], Iterator[Check]]] = {
    "required_if": _required_if,
    "two_officers": _two_officers,
    "underpaid": _underpaid,
    "at_most": _at_most,
    "ticked": _ticked,
    "range": _range,
}
