"""Delivered bytes and the night's results in; OUT-… findings out: the last look before anything leaves the desk.

Every printed figure is read back from the bytes and compared with run.json and the merged district; one altered digit
is found wherever it stands. Paths in findings are those under the night.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from pipeline.model import Finding
from pipeline.papers.counting import counted
from pipeline.papers.material import Material
from pipeline.render.delivered import long_numbers, texts
from pipeline.render.figures import Fig, bookmark, range_name
from pipeline.render.hands import look_all
from pipeline.render.look import Look, Seen

FIGURES, FORMULA, AUTHOR, FOREIGN, HEALTH = "OUT-009", "OUT-007", "OUT-005", "OUT-011", "OUT-012"
_OURS = re.compile(r"^(SUM|SUMIFS?|SUBTOTAL|COUNTA|COUNTIF|IF|IFERROR|ROUND)\(|^[$A-Z0-9]+[-+*/][-+*/$A-Z0-9]+$")
_RISKY = ("=", "+", "-", "@", "\t", "\r")
_REACHING = re.compile(r"(?i)\b(HYPERLINK|WEBSERVICE|FILTERXML|CALL|EXEC|RTD|REGISTER\.ID)\(|\||\[")
Looker = Callable[[Sequence[tuple[str, bytes, bool]]], Callable[[], Sequence[Look]]]


def look_here(files: Sequence[tuple[str, bytes, bool]]) -> Callable[[], Sequence[Look]]:
    """A Looker that reads back in this process."""
    return lambda: look_all(files)


@dataclass(frozen=True, slots=True)
class Expected:
    """Every number by key, and the keys behind bookmarks and range names: made once, not once per file."""

    numbers: Mapping[str, Fig]
    marks: Mapping[str, str]
    ranges: Mapping[str, str]
    must: Mapping[str, Collection[str]]  # template -> keys its paper always prints; @ at the end: the unit's own
    folders: Mapping[str, str]  # folder under units/ -> unit
    units: int  # how many units the tables have rows for


def gate(
    m: Material,
    delivered: Mapping[str, bytes],
    totals: Mapping[str, Any],
    looker: Looker = look_here,
    counts: Mapping[str, Fig] | None = None,
) -> list[Finding]:
    """`totals` is run.json's. Marked copies (…_校验结果) carry the school's own cells and are checked for strangers only.

    `looker` begins to read the delivered bytes back, here or in workers; what they show is judged here. `counts`: the numbers of `m`,
    for a caller who has them.
    """
    files = [
        (path, data, not _is_marked(m, path)) for path, data in sorted(delivered.items()) if not path.endswith(".zip")
    ]
    looking = looker(files)
    numbers = expected_figures(counted(m) if counts is None else counts, totals)
    expected = Expected(
        numbers,
        {bookmark(k, 0).rpartition("_")[0]: k for k in numbers},
        {range_name(k): k for k in numbers},
        m.words["gate"]["must"],
        {m.folder(code): code for code in m.units} | {str(m.words["unassigned_folder"]): "_"},
        len([code for code in m.units if code]),
    )
    found: list[Finding] = []
    marks = m.book.words.get("marks", {})
    helpers = {marks.get("sheet", ""), *marks.get("helper_sheets", ())}  # sheets of our own forms, hidden on purpose
    looks = {path: seen for (path, _, _), seen in zip(files, looking(), strict=True)}
    for path, data, ours in files:
        if ours:
            found += _figures(path, data, looks[path], expected)
            found += [_finding(AUTHOR, path, why) for why in _hidden(looks[path], m.season.issuer, helpers)]
            found += [_finding(FORMULA, path, cell) for cell in _formulas(path, data, looks[path])]
    found += _strangers(m, delivered, looks)
    found += _health(m, delivered)
    return found


def expected_figures(counts: Mapping[str, Fig], totals: Mapping[str, Any]) -> dict[str, Fig]:
    """Key -> number: the district's own counts, overruled by what run.json says its totals are."""
    numbers = dict(counts)
    for side in ("accepted", "pending"):
        for key, value in _flat(totals.get(side, {})):
            name = f"{key}.{side}"
            old = numbers.get(name)
            if old is None or old.value != value:
                numbers[name] = Fig(
                    name, value, _text(value, "fen" if "_fen" in key else "rows"), "fen" if "_fen" in key else "rows"
                )
    return numbers


def _flat(tree: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, int]]:
    for key, value in tree.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        elif isinstance(value, int):
            yield f"{prefix}{key}", value


def _text(value: int, measure: str) -> str:
    return f"{Decimal(value) / 100:,.2f}" if measure == "fen" else f"{value:,}"


def _figures(path: str, data: bytes, look: Look, expected: Expected) -> list[Finding]:
    """What one file prints otherwise than it should: its figures by name, else any sign changed since it was written."""
    altered = [] if look.whole else [_differs(path, Seen(path, "", ""), "")]
    return _named_figures(path, data, look, expected) or altered


def _named_figures(path: str, data: bytes, look: Look, expected: Expected) -> list[Finding]:
    """Every figure of one file that differs from what it should be, and those that lost their name."""
    numbers = expected.numbers
    if path.endswith(".html"):
        printed = [(s, s.tag) for s in look.figures]
    elif path.endswith(".docx"):
        printed = [(s, expected.marks.get(s.tag.rpartition("_")[0], "")) for s in look.figures]
    if path.endswith((".html", ".docx")):
        wrong = [f for s, key in printed for f in _printed(path, s, key, numbers)]
        return wrong + _lost(path, {key for _, key in printed}, expected)
    if path.endswith(".xlsx"):
        wrong = [f for s in look.figures for f in _xlsx(path, s, numbers, expected.ranges)]
        return wrong + _lost(path, {expected.ranges.get(s.tag, "") for s in look.figures}, expected)
    if path.endswith("run.json"):
        return _record(path, data, numbers)
    return []


def _lost(path: str, printed: Collection[str], expected: Expected) -> list[Finding]:
    """Figures this paper always prints (words, gate.must) that nobody can find in it by name any more."""
    parts = path.split("/")
    unit = expected.folders.get(parts[1], "") if parts[0] == "units" and len(parts) == 3 else ""
    template = f"unit/{parts[2]}" if unit else path
    keys = [k + unit if k.endswith("@") else k for k in expected.must.get(template, ())]
    empty = path.endswith(".xlsx") and not expected.units  # a district of no unit has tables of no row, hence no sum
    counted_keys = [
        k for k in keys if k in expected.numbers and k not in printed and not (empty and expected.numbers[k].value == 0)
    ]
    return [_differs(path, Seen(k, "", ""), expected.numbers[k].text) for k in counted_keys]


def _printed(path: str, seen: Seen, key: str, expected: Mapping[str, Fig]) -> Iterator[Finding]:
    """A number nobody counted must be a nought; a page's value attribute must say what its text says."""
    want = expected.get(key)
    if want is None:
        if seen.text not in {"0", "0.00"}:
            yield _differs(path, seen, "0")
    elif seen.text != want.text or (seen.formula and seen.formula != str(want.value)):
        yield _differs(path, seen, want.text)


GRAIN = Decimal("0.000001")  # a workbook holds a double: 8244.03 is written as 8244.030000000001


def _xlsx(path: str, seen: Seen, expected: Mapping[str, Fig], ranges: Mapping[str, str]) -> Iterator[Finding]:
    key = ranges.get(seen.tag)
    if key is None or seen.unit is None:
        return
    name = f"{key}@{seen.unit}" if seen.unit else key
    want = expected.get(name)
    try:
        printed = Decimal(seen.text).quantize(GRAIN)
    except InvalidOperation:
        return  # a state stands here instead of a number
    should = Decimal(want.value) / (100 if want.measure == "fen" else 1) if want else Decimal(0)
    if printed != should:
        yield _differs(path, seen, str(should))


def _record(path: str, data: bytes, expected: Mapping[str, Fig]) -> list[Finding]:
    record = json.loads(data)
    found = []
    for side in ("accepted", "pending"):
        for key, value in _flat(record.get("totals", {}).get(side, {})):
            want = expected.get(f"{key}.{side}")
            if (want.value if want else 0) != value:
                found.append(
                    _differs(path, Seen(f"{key}.{side}", str(value), "totals"), str(want.value if want else 0))
                )
    return found


def _hidden(look: Look, issuer: str, helpers: Collection[str]) -> Iterator[str]:
    """Hidden sheets or text, tracked changes, comments, an author who is not the issuing body."""
    yield from set(look.authors) - {"", issuer}
    yield from look.hidden
    yield from (name for name in look.sheets if name not in helpers)


def _formulas(path: str, data: bytes, look: Look) -> Iterator[str]:
    """A formula that is not one of ours, one that reaches out of the file, or a csv field a spreadsheet would run."""
    if path.endswith(".xlsx"):
        for place, formula in look.formulas:
            if _REACHING.search(formula) or (not path.startswith("units/") and not _OURS.match(formula)):
                yield place
    elif path.endswith(".csv"):
        for number, row in enumerate(csv.reader(io.StringIO(data.decode("utf-8-sig"))), 1):
            yield from (
                f"{column_no}@{number}"
                for column_no, text in enumerate(row, 1)
                if text.startswith(_RISKY) and not _is_number(text)
            )


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"[-+]?[0-9][0-9,.]*", text))


PRIVATE = frozenset({"id_number", "member_id", "mobile", "account_no"})


def _strangers(m: Material, delivered: Mapping[str, bytes], looks: Mapping[str, Look]) -> list[Finding]:
    """OUT-011: anything made for one unit that holds what only another unit's files hold."""
    folders = {m.folder(code): code for code in m.units}
    if not any(_unit_of(path, folders) for path in delivered):
        return []  # nothing is made for a unit tonight: nobody need know whose numbers are whose
    private = {unit: _private(m, unit) for unit in m.units}
    owners = {value: unit for unit, values in private.items() for value in values}
    known: dict[object, frozenset[str]] = {
        delivered[path]: look.numbers for path, look in looks.items()
    }  # packages hold these too
    found = []
    for path, data in sorted(delivered.items()):
        code = _unit_of(path, folders)
        if code is None:
            continue
        strange = {v for v in long_numbers(path, data, known) & owners.keys() if owners[v] != code} - private.get(
            code, set()
        )
        if strange:
            found.append(_finding(FOREIGN, path, owners[min(strange)], unit=code))
    return found


def _private(m: Material, unit: str) -> set[str]:
    return {
        v
        for f in m.filed_of.get(unit, ())
        for t in f.document.tables
        for r in t.rows
        for k, v in r.raw.items()
        if k in PRIVATE and len(v) >= 11
    }


def _unit_of(path: str, folders: Mapping[str, str]) -> str | None:
    parts = path.split("/")
    if parts[0] == "units" and len(parts) > 2:
        return folders.get(parts[1])
    if parts[0] == "send" and path.endswith(".zip"):
        return next((code for folder, code in folders.items() if parts[1].startswith(f"{folder}_")), None)
    return None


def _health(m: Material, delivered: Mapping[str, bytes]) -> list[Finding]:
    """OUT-012: the id or message of a finding that carries a register's health fact stands in a school's paper."""
    silent = [f for f in m.open if (rule := m.rule(f)) and not rule.to_school and rule.scope == "register"]
    folders = {m.folder(code): code for code in m.units}
    found = []
    for path, data in sorted(delivered.items()):
        code = _unit_of(path, folders)
        told = [f for f in silent if f.unit == code and f.message] if code else []
        if told:
            text = texts(path, data)
            found += [
                _finding(HEALTH, path, f.rule, unit=code) for f in told if f.message in text or (f.id and f.id in text)
            ]
    return found


def _is_marked(m: Material, path: str) -> bool:
    """A school's own workbook with our remarks, of tonight or carried over from an earlier night."""
    stem = path.rsplit("/", 1)[-1].removesuffix(".xlsx")
    suffix = str(m.book.words["returns"]["suffix"])
    return path.startswith("units/") and path.endswith(".xlsx") and suffix in stem


def _differs(path: str, seen: Seen, want: str) -> Finding:
    return Finding(
        FIGURES,
        file=path,
        facts={"key": seen.tag, "printed": seen.text, "should": want},
        value=seen.text,
        new_value=want,
        key=f"{path}|{seen.tag}|{seen.place}",
    )


def _finding(rule: str, path: str, what: str, unit: str | None = None) -> Finding:
    return Finding(rule, unit=unit, file=path, facts={"what": what}, value=what, key=f"{path}|{what}")
