"""The values of a planned sheet go in; how far it has come goes out: live formulas with what they show now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pipeline.book.spec import Field
from pipeline.writing.form_faults import is_wrong, wrong_in
from pipeline.writing.form_formulas import text
from pipeline.writing.form_kit import Kit
from pipeline.writing.form_plan import FIRST, Plan, blank, is_data, known_value, number, quoted
from pipeline.writing.form_tips import required

Shown = Sequence[Mapping[str, tuple[str, object]]]  # per row: computed field -> (formula, value)
PLACES = "#,##0.00"
VALUE = "value"  # the column of a fixed line that is either the office's or the school's


@dataclass(frozen=True, slots=True)
class Line:
    """A text on the sheet: a formula with the text it shows now, or just the text."""

    formula: str
    now: str


@dataclass(frozen=True, slots=True)
class Count:
    """A number a formula (without "=") yields, and what it is now."""

    formula: str
    now: int


def plus(counts: Sequence[Count]) -> Count:
    return Count("+".join(c.formula for c in counts) or "0", sum(c.now for c in counts))


def rows_used(plan: Plan, shown: Shown, sheet: bool = False) -> Count:
    """How many rows carry data."""
    tip = plan.computed("tip")
    span = plan.span(tip.name if tip else plan.anchor.name, sheet)
    now = sum(is_data(plan, c) if tip else _named(plan, shown, i, plan.anchor.name) for i, c in enumerate(plan.cells))
    return Count(f'SUMPRODUCT(--({span}<>""))', now)


def rows_bad(plan: Plan, shown: Shown, main: Plan | None, words: Mapping[str, Any], sheet: bool = False) -> Count:
    """How many rows still need a hand: by their sentence, else by required cells left empty and values no night takes."""
    tip = plan.computed("tip")
    if tip:
        sign = words["tip"]["bad"][:1]
        now = sum(str(row.get(tip.name, ("", ""))[1]).startswith(sign) for row in shown)
        return Count(f"SUMPRODUCT(--(LEFT({plan.span(tip.name, sheet)},1)={text(sign)}))", now)
    if plan.resource.prefilled == "R3":
        return _undecided(plan, main, sheet)
    if plan.resource.prefilled == "codes":
        return _unconfirmed(plan, sheet)
    fields = required(plan)
    tests = [f'({plan.span(f.name, sheet)}="")' for f in fields]
    tests += [test for f in plan.fields if (test := wrong_in(f, plan.span(f.name, sheet)))]
    if not tests:
        return Count("0", 0)
    missing = "+".join(tests)
    anchor = plan.anchor.name
    used = [
        _named(plan, shown, i, anchor)
        and (any(blank(c.get(f.name)) for f in fields) or any(is_wrong(f, c.get(f.name)) for f in plan.fields))
        for i, c in enumerate(plan.cells)
    ]
    return Count(f'SUMPRODUCT(({plan.span(anchor, sheet)}<>"")*(({missing})>0))', sum(used))


def _named(plan: Plan, shown: Shown, i: int, anchor: str) -> bool:
    value = plan.cells[i].get(anchor) if anchor in plan.cells[i] else shown[i].get(anchor, ("", ""))[1]
    return not blank(value)


def answer(plan: Plan) -> Field | None:
    """The column a school answers in on a sheet of prefilled people."""
    return next((f for f in plan.fields if f.kind == "code" and not f.locked), None)


def _undecided(plan: Plan, main: Plan | None, sheet: bool) -> Count:
    """Last year's people without an answer who are not among this year's applicants either."""
    asked = answer(plan)
    if asked is None:
        return Count("0", 0)
    name = plan.anchor.name
    formula = f'({plan.span(name, sheet)}<>"")*({plan.span(asked.name, sheet)}="")'
    open_rows = [c for c in plan.cells if not blank(c.get(name)) and blank(c.get(asked.name))]
    if main is None or name not in main.columns:
        return Count(f"SUMPRODUCT({formula})", len(open_rows))
    again = {c.get(name) for c in main.cells}
    formula += f"*(COUNTIF({main.span(name, sheet=True)},{plan.span(name, sheet)})=0)"
    return Count(f"SUMPRODUCT({formula})", sum(c.get(name) not in again for c in open_rows))


def _unconfirmed(plan: Plan, sheet: bool) -> Count:
    """Fixed lines nobody has answered: neither ticked nor corrected, nor (where the value is the school's) filled in."""
    replies = [f.name for f in plan.fields if f.kind in ("tick", "number") and not f.locked and not f.computed]
    parts, now, start = [], 0, FIRST
    for row in range(FIRST, plan.last + 1):
        known = _known(plan, row)
        if row == plan.last or _known(plan, row + 1) != known:
            asked = [name for name in replies if not (known and name == VALUE)]
            spans = (
                f'({quoted(plan.sheet) if sheet else ""}{plan.column(n)}${start}:{plan.column(n)}${row}="")'
                for n in asked
            )
            parts.append(f"SUMPRODUCT({'*'.join(['1', *spans])})")
            now += sum(all(blank(plan.cells[r - FIRST].get(n)) for n in asked) for r in range(start, row + 1))
            start = row + 1
    return Count("+".join(parts), now)


def _known(plan: Plan, row: int) -> bool:
    """Is the line's value the office's (prefilled) rather than the school's to give?"""
    return known_value(plan, row - FIRST, VALUE)


def shown_sum(plan: Plan) -> Field | None:
    """The amount that stands on top: a computed total, else the first summed money column."""
    money = [f for f in plan.fields if f.total and f.kind == "money"]
    return next(
        (f for f in money if f.computed == "total"), next((f for f in money if not f.locked), next(iter(money), None))
    )


def state(plan: Plan, shown: Shown, main: Plan | None, kit: Kit) -> Line:
    """The line on top of a sheet: how far it has come, or that the cover says there is nothing to report.

    `main`: the form's main sheet. Last year's people are asked for all the same.
    """
    line = _progress(plan, shown, main, kit)
    zero = kit.front.answers.get(plan.form.name)
    if zero is None or plan.resource.prefilled == "R3":
        return line
    said, none = kit.words["top"]["zero"], kit.front.none
    formula = f"=IF({zero[0]}={text(none)},{text(said)},{line.formula[1:]})"
    return Line(formula, said if zero[1] == none else line.now)


def _progress(plan: Plan, shown: Shown, main: Plan | None, kit: Kit) -> Line:
    """How many rows, what sum, what is left to correct, and on the main sheet what the quota still allows."""
    words = kit.words["top"]
    used, bad = rows_used(plan, shown), rows_bad(plan, shown, main, kit.words)
    quota = sum(kit.fill.quota.values()) if kit.fill.quota and plan is main else None
    if plan.given == 0 and plan.resource.prefilled and len(plan.cells) == 1:
        return Line(f"={text(words['prefilled_none'])}", words["prefilled_none"])
    last_year = plan.resource.prefilled == "R3"
    told = words["last_year" if last_year else "persons" if plan.anchor.kind == "name" else "rows"]
    parts: list[Line] = [_counted(told, "n", used.formula, str(used.now))]
    summed = shown_sum(plan)
    total = _sum_now(plan, shown, summed) if summed else Decimal(0)
    if summed and not last_year:
        told = words["sum"].format(title="" if summed.title == kit.words["total"] else summed.title, n="{n}")
        live = f'IFERROR(TEXT(SUM({plan.span(summed.name)}),"{PLACES}"),{text(words["no_sum"])})'
        parts.append(_counted(told, "n", live, f"{total:,.2f}"))
    tip = plan.computed("tip")
    todo = words["todo" if tip else "todo_last_year" if last_year else "todo_plain"].format(
        n="{n}", tip=tip.title if tip else ""
    )
    asks = _counted(todo, "n", bad.formula, str(bad.now))
    verdict = Line(
        f"IF(({bad.formula})=0,{text(words['done'])},{asks.formula})", asks.now if bad.now else words["done"]
    )
    gap = words["gap"]
    body = f"&{text(gap)}&".join(p.formula for p in [*parts, verdict])
    now = gap.join(p.now for p in [*parts, verdict]) if used.now else words["blank"]
    formula = f"=IF({used.formula}=0,{text(words['blank'])},{body})"
    if quota is None or summed is None:
        return Line(formula, now)
    spend = _quota(quota, plan.span(summed.name), total, words)
    return Line(f"{formula}&{text(chr(10))}&{spend.formula}", f"{now}\n{spend.now}")


def register_state(plan: Plan, shown: Shown, need: str, kit: Kit) -> Line:
    """On a register: must it be filled, and how many lines it has."""
    used = rows_used(plan, shown)
    told = _counted(kit.words["registers"]["rows"], "n", used.formula, str(used.now))
    return Line(f"={text(need + kit.words['top']['gap'])}&{told.formula}", need + kit.words["top"]["gap"] + told.now)


def _quota(fen: int, span: str, total: Decimal, words: Mapping[str, str]) -> Line:
    quota = Decimal(fen) / 100
    left = quota - total

    def told(key: str, formula: str) -> str:
        before, _, after = words[key].format(quota=f"{quota:,.2f}", left="\0").partition("\0")
        return f'{text(before)}&TEXT({formula},"{PLACES}")&{text(after)}'

    key = "quota" if left >= 0 else "quota_over"
    formula = (
        f"IF(SUM({span})<={quota},{told('quota', f'{quota}-SUM({span})')},{told('quota_over', f'SUM({span})-{quota}')})"
    )
    return Line(formula, words[key].format(quota=f"{quota:,.2f}", left=f"{abs(left):,.2f}"))


def _counted(wording: str, name: str, formula: str, now: str) -> Line:
    """A wording with one hole: as a formula part and as text."""
    before, _, after = wording.partition("{" + name + "}")
    return Line(f"{text(before)}&{formula}&{text(after)}", before + now + after)


def _sum_now(plan: Plan, shown: Shown, field: Field) -> Decimal:
    found = Decimal(0)
    for i, cells in enumerate(plan.cells):
        value = cells[field.name] if field.name in cells else shown[i].get(field.name, ("", None))[1]
        found += number(value) or Decimal(0)
    return found


def cover_state(
    source: tuple[str, str], counts: tuple[Count, Count, Count], answers: tuple[str, str], cover: Mapping[str, str]
) -> Line:
    """What the cover says about one form.

    `counts`: rows used, rows to correct, rows to answer even when there is nothing to report (last year's people).
    """
    (reference, now), (has, none), (used, bad, apart) = source, answers, counts
    clash, left = (
        _counted(cover["clash"], "n", used.formula, str(used.now)),
        _counted(cover["apart"], "n", apart.formula, str(apart.now)),
    )
    before, _, rest = cover["todo"].partition("{n}")
    middle, _, after = rest.partition("{bad}")
    todo = Line(
        f"{text(before)}&{used.formula}&{text(middle)}&({bad.formula})&{text(after)}",
        f"{before}{used.now}{middle}{bad.now}{after}",
    )
    done = _counted(cover["done"], "n", used.formula, str(used.now))
    zero = f"IF({used.formula}>0,{clash.formula},IF(({apart.formula})>0,{left.formula},{text(cover['zero_done'])}))"
    empty = f"IF({reference}={text(has)},{text(cover['nothing'])},{text(cover['choose'])})"
    filled = f'IF(({bad.formula})>0,{todo.formula},IF({reference}="",{text(cover["choose"])},{done.formula}))'
    formula = f"=IF({reference}={text(none)},{zero},IF({used.formula}=0,{empty},{filled}))"
    if now == none:
        said = clash.now if used.now else left.now if apart.now else cover["zero_done"]
    elif not used.now:
        said = cover["nothing"] if now == has else cover["choose"]
    else:
        said = todo.now if bad.now else done.now if now else cover["choose"]
    return Line(formula, said)
