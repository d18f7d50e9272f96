"""A sheet's own columns go in; the sentence of each row comes out, as a live formula and as the text it shows now.

The formula never nests deeply (old formats allow seven levels): every check adds its words or nothing, and what is left
decides between the sign for fine and the list of what is wrong. Sentences: experience.md 3.5.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pipeline.book.spec import Field
from pipeline.model import column_letters
from pipeline.writing.form_advice import Check, advice
from pipeline.writing.form_faults import DIGITS, is_odd_date, is_wrong, limits, odd_date, wrong_in
from pipeline.writing.form_formulas import Cell, Spot, id_formula, id_holds, text
from pipeline.writing.form_plan import FIRST, Plan, blank, input_fields, is_data, number

WARN, END = "\u00a7", "#"  # mark in the formula where errors and where warnings end; stripped again
LONGEST = 8000  # Excel refuses formulas over 8192 characters
MANY = 3  # more blanks than this are counted, not named: their cells are amber anyway


def tip(spot: Spot, field: Field) -> Cell:
    """The row's sentence."""
    w = spot.words["tip"]
    found: dict[bool, list[str]] = {True: list(_missing(spot, w)), False: []}
    room = LONGEST - sum(map(len, found[True]))
    for check in [*checks(spot, w), *advice(spot)]:
        part = f'IF({check.wrong},{check.says}&{text(w["end"])},"")'
        room -= len(part) + 1
        if room > 0:
            found[check.error].append(part)
    errors, warnings = ("&".join(found[key]) or text("") for key in (True, False))
    said = f'{text(w["bad"])}&{errors}&"{WARN}"&{warnings}&"{END}"'
    for old, new in _cleanup(w):
        said = f"SUBSTITUTE({said},{text(old)},{text(new)})"
    return f'=IF({unused(spot.plan, spot.row)},"",IFERROR({said},{text(w["bad"] + w["broken"])}))', tip_now(spot)


def _cleanup(w: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What turns the raw list of problems into the sentence: sign first, then stray joiners and marks."""
    return [
        (w["joiner"] + w["end"], w["end"]),
        (w["bad"] + WARN, w["doubt"]),
        (w["doubt"] + END, w["ok"]),
        (w["end"] + WARN + END, ""),
        (w["end"] + END, ""),
        (WARN, ""),
    ]


def tip_now(spot: Spot) -> str:
    """The sentence as the formula shows it for the values of the row."""
    if not is_data(spot.plan, spot.values):
        return ""
    w = spot.words["tip"]
    blanks = [
        f.title for f in required(spot.plan) if all(blank(spot.values.get(name)) for name in _either(spot.plan, f))
    ]
    every = [*checks(spot, w), *advice(spot)]
    errors = ([_blanks(blanks, w)] if blanks else []) + [now for c in every if c.error and (now := c.now())]
    warnings = [now for c in every if not c.error and (now := c.now())]
    if not errors and not warnings:
        return str(w["ok"])
    sign: str = w["bad"] if errors else w["doubt"]
    return sign + str(w["end"]).join([*errors, *warnings])


def _blanks(titles: list[str], w: Mapping[str, Any]) -> str:
    return str(w["missing"]) + w["joiner"].join(titles) if len(titles) <= MANY else str(w["many"].format(n=len(titles)))


def required(plan: Plan) -> list[Field]:
    return [f for f in plan.fields if f.required and not f.computed]


def _either(plan: Plan, field: Field) -> list[str]:
    """A required field, and the one that may be filled in its stead."""
    return [field.name] + ([field.unless] if field.unless in plan.columns else [])


def unused(plan: Plan, row: int) -> str:
    """A formula that is TRUE while nothing of the row's own has been filled in."""
    named = plan.computed("name_from")
    own = [plan.columns[f.name] for f in input_fields(plan)]
    counted = f"COUNTA({','.join(_runs(own, row))})=0" if own else "TRUE"
    return f'AND({plan.cell(named.name, row)}="",{counted})' if named else counted


def _runs(columns: list[int], row: int) -> Iterator[str]:
    """Neighbouring columns as one range each: [2, 4, 5, 6] -> B6, D6:F6."""
    start = before = columns[0]
    for column in [*columns[1:], 0]:
        if column == before + 1:
            before = column
            continue
        yield f"{column_letters(start)}{row}" + (f":{column_letters(before)}{row}" if before > start else "")
        start = before = column


def _missing(spot: Spot, w: Mapping[str, Any]) -> Iterator[str]:
    """The required cells still blank: named while they are few, else counted."""
    fields = required(spot.plan)
    if not fields:
        return
    empty = {f.title: "&".join(spot.cell(name) for name in _either(spot.plan, f)) + '=""' for f in fields}
    count = "+".join(f"({test})" for test in empty.values())
    names = "&".join(f'IF({test},{text(title + w["joiner"])},"")' for title, test in empty.items())
    before, _, after = w["many"].partition("{n}")
    listed = (
        f"{text(w['missing'])}&{names}"
        if len(fields) <= MANY
        else f"IF({count}>{MANY},{text(before)}&({count})&{text(after)},{text(w['missing'])}&{names})"
    )
    yield f'IF({count}=0,"",{listed}&{text(w["end"])})'


# -- one check per kind of column -------------------------------------------------------------------------


def checks(spot: Spot, w: Mapping[str, Any]) -> Iterator[Check]:
    for field in spot.plan.fields:
        if field.computed:
            continue
        if field.kind in ("money", "integer", "number"):
            yield _number(spot, field, w)
        elif field.kind == "id_number":
            yield from _identity(spot, field, w)
        elif field.kind == "mobile":
            yield _length(spot, field, 11, w["mobile"])
        elif field.kind == "tail":
            yield _length(spot, field, 4, w["tail"])
        elif field.kind in DIGITS:
            yield _digits(spot, field, w)
        elif field.kind == "date":
            yield _date(spot, field, w)
        elif field.kind == "code" and field.codes in spot.book.codes:
            yield _code(spot, field, w)
        elif field.kind == "text" and field.min_length:
            yield _short(spot, field, field.min_length, w)
    yield from _same(spot, w)


def _check(wrong: str, says: str, fails: Callable[[], bool]) -> Check:
    return Check(wrong, text(says), lambda: says if fails() else "")


def _number(spot: Spot, field: Field, w: Mapping[str, Any]) -> Check:
    cell, value = spot.cell(field.name), spot.values.get(field.name)
    low, high = limits(field)
    bounds = [f"{cell}>={low}" for low in [low] if low is not None] + [
        f"{cell}<={high}" for high in [high] if high is not None
    ]
    inside = f"AND({','.join(bounds)})" if bounds else "TRUE"
    if low is not None and high is not None:
        says = w["between"].format(title=field.title, low=low, high=high)
    elif low is not None and 0 < low < 1:
        says = w["positive"].format(title=field.title)
    else:
        says = w["number"].format(title=field.title) if not low else w["least"].format(title=field.title, low=low)
    wrong = f'IF({cell}="",FALSE,IF(ISNUMBER({cell}),NOT({inside}),TRUE))'
    return _check(wrong, says, lambda: is_wrong(field, value))


def _digits(spot: Spot, field: Field, w: Mapping[str, Any]) -> Check:
    """A number cell that no longer holds every digit of an account."""
    cell, value = spot.cell(field.name), spot.values.get(field.name)
    says = w["text"].format(title=field.title)
    return _check(f"IF(ISNUMBER({cell}),({wrong_in(field, cell)})>0,FALSE)", says, lambda: is_wrong(field, value))


def _date(spot: Spot, field: Field, w: Mapping[str, Any]) -> Check:
    """A doubt only: the night reads many spellings of a day, but a formula cannot tell them from the others."""
    cell, value = spot.cell(field.name), spot.values.get(field.name)
    says = w["date"].format(title=field.title)
    return Check(odd_date(cell), text(says), lambda: says if is_odd_date(value) else "", error=False)


def _identity(spot: Spot, field: Field, w: Mapping[str, Any]) -> Iterator[Check]:
    """Only a resident id has a check digit; another kind of document is only asked for."""
    cell, value = spot.cell(field.name), spot.values.get(field.name)
    kind, resident = spot.find("id_type"), spot.words["computed"]["resident"]
    ours = f'AND({kind[0]}={text(resident)},{cell}<>"")' if kind else f'{cell}<>""'
    judged = not blank(value) and (kind is None or kind[1] == resident)
    is_text = isinstance(value, str)
    size = len(value) if isinstance(value, str) else 0
    half = is_text and size == 18 and str(value).isascii()
    yield _check(
        f"AND({ours},NOT(ISTEXT({cell})))", w["text"].format(title=field.title), lambda: judged and not is_text
    )
    before, _, after = w["length"].format(title=field.title, n="\0").partition("\0")
    yield Check(
        f"IF({ours},AND(ISTEXT({cell}),LENB({cell})<>18),FALSE)",
        f"{text(before)}&LEN({cell})&{text(after)}",
        lambda: f"{before}{size}{after}" if judged and is_text and not half else "",
    )
    yield _check(
        f"IF({ours},AND(ISTEXT({cell}),LENB({cell})=18,NOT({id_formula(cell)})),FALSE)",
        w["id"].format(title=field.title),
        lambda: judged and half and not id_holds(value),
    )


def _length(spot: Spot, field: Field, size: int, says: str) -> Check:
    cell, value = spot.cell(field.name), spot.values.get(field.name)
    return _check(
        f'AND({cell}<>"",LEN({cell})<>{size})',
        says.format(title=field.title),
        lambda: not blank(value) and len(_plain(value)) != size,
    )


def _plain(value: object) -> str:
    """How Excel turns a cell into text for LEN: 13800138000.0 -> 13800138000."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _code(spot: Spot, field: Field, w: Mapping[str, Any]) -> Check:
    cell, value = spot.cell(field.name), spot.values.get(field.name)
    allowed = {v.casefold() for v in spot.book.codes[field.codes].values}
    wrong = f'IF({cell}="",FALSE,ISNA(MATCH({cell},{code_name(field)},0)))'
    return _check(
        wrong, w["code"].format(title=field.title), lambda: not blank(value) and str(value).casefold() not in allowed
    )


def code_name(field: Field) -> str:
    """The defined name of a field's code list (an underscore keeps it from being read as a cell address)."""
    return f"code_{field.codes}"


def _short(spot: Spot, field: Field, size: int, w: Mapping[str, Any]) -> Check:
    cell, value = spot.cell(field.name), spot.values.get(field.name)
    return _check(
        f'AND({cell}<>"",LEN({cell})<{size})',
        w["short"].format(title=field.title, n=size),
        lambda: not blank(value) and len(_plain(value)) < size,
    )


def _same(spot: Spot, w: Mapping[str, Any]) -> Iterator[Check]:
    """Another row with the same key. SUMPRODUCT, since COUNTIF compares only fifteen digits."""
    plan, names = spot.plan, spot.plan.resource.primary_key
    fields = [f for f in plan.fields if f.name in names]
    if len(fields) != len(names) or not fields or any(f.computed or f.locked for f in fields):
        return
    equal = "*".join(f"({plan.span(f.name)}={spot.cell(f.name)})" for f in fields)
    filled = ",".join(f'{spot.cell(f.name)}<>""' for f in fields)
    rows = f"ROW({plan.span(fields[0].name)})"
    before, _, after = w["same"].partition("{n}")

    def now() -> str:
        mine = [_folded(spot.values.get(f.name)) for f in fields]
        if any(m == "" for m in mine):
            return ""
        others = [
            FIRST + i
            for i, cells in enumerate(plan.cells)
            if FIRST + i != spot.row and [_folded(cells.get(f.name)) for f in fields] == mine
        ]
        return f"{before}{others[-1]}{after}" if others else ""

    yield Check(
        f"IF(AND({filled}),SUMPRODUCT({equal})>1,FALSE)",
        f"{text(before)}&SUMPRODUCT(MAX({equal}*({rows}<>ROW())*{rows}))&{text(after)}",
        now,
    )


def _folded(value: object) -> object:
    return value.casefold() if isinstance(value, str) else "" if value is None else number(value) or value
