"""One night in; every number a paper may print, by its key, out: the only place where papers count.

Keys: <figure>.accepted|pending of the District; states.<form>.<state>; due.<form>; files.<state>; findings.<level>;
findings.rule.<id>; findings.units.<id>; todo.<what>; `@<unit>` at the end for one unit's own number.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipeline.model import Figure, Filed, Finding, Row
from pipeline.papers.material import CLOSED, Material
from pipeline.papers.objects import line_object
from pipeline.papers.ties import audit_numbers
from pipeline.papers.wording import figure
from pipeline.render.figures import Fig

Numbers = dict[str, Fig]
LEVELS = ("error", "warning", "info")
DUE = ("passed", "partly", "returned", "pending", "wrong_form", "unreadable", "zero", "missing", "overdue")


@dataclass(frozen=True, slots=True)
class Sections:
    """What one school may read, by how it reads it (season.md 4)."""

    listed: tuple[Finding, ...] = ()  # cure R, open: one by one
    repaired: tuple[Finding, ...] = ()  # cure A: one count
    desk: tuple[Finding, ...] = ()  # cure D: one line, no action
    fixed: tuple[Finding, ...] = ()
    explained: tuple[Finding, ...] = ()  # a warning the school gave its reason for
    waived: tuple[Finding, ...] = ()  # by the office's decision; nothing to do

    def level(self, m: Material, level: str) -> list[Finding]:
        return [f for f in self.listed if m.severity(f) == level]


def for_school(m: Material, unit: str) -> Sections:
    """Rules that never reach a school, and those the flood brake holds, are in none of the sections."""
    kinds: dict[str, list[Finding]] = {
        "listed": [],
        "repaired": [],
        "desk": [],
        "fixed": [],
        "explained": [],
        "waived": [],
    }
    for finding in m.by_unit.get(unit, ()):
        rule = m.rule(finding)
        cure = m.cure(finding)
        asked = m.severity(finding) == "error" or (
            finding.case and m.severity(finding) == "warning" and rule and rule.to_school
        )
        if cure == "D" and finding.file and asked and finding.status not in CLOSED:
            kinds["desk"].append(
                finding
            )  # it holds rows of theirs back, or is a case; register warnings are not even hinted at
        elif cure == "D" or (rule and not rule.to_school) or finding.rule in m.flood:
            continue
        elif finding.status in {"explained", "waived"}:
            kinds[finding.status].append(finding)
        elif cure == "A":
            kinds["repaired"] += [finding] if finding.status not in CLOSED else []
        elif finding.status == "fixed":
            kinds["fixed"].append(finding)
        else:
            kinds["listed"].append(finding)
    return Sections(**{name: tuple(found) for name, found in kinds.items()})


def counted(m: Material) -> Numbers:
    """Every number of the night, key -> Fig."""
    numbers: Numbers = {}
    _figures(numbers, m.district.figures)
    for unit, figures in m.district.by_unit.items():
        _figures(numbers, figures, unit)
    _states(numbers, m)
    _files(numbers, m)
    _findings(numbers, m)
    _money(numbers, m)
    _coverage(numbers, m)
    _last_year(numbers, m)
    for key, value, measure in audit_numbers(m):
        _put(numbers, key, value, measure)
    for unit in (*m.units, ""):
        _unit_findings(numbers, m, unit)
    return numbers


def pick(numbers: Mapping[str, Fig], key: str, measure: str = "rows") -> Fig:
    """The number of a key; what was never counted is 0."""
    return numbers.get(key) or figure(key, 0, measure)


def measure_of(key: str) -> str:
    return "fen" if "_fen" in key or key.startswith("money.") else "rows"


def both(numbers: Mapping[str, Fig], key: str, unit: str = "") -> dict[str, Fig]:
    at = f"@{unit}" if unit else ""
    return {side: pick(numbers, f"{key}.{side}{at}", measure_of(key)) for side in ("accepted", "pending")}


def _put(numbers: Numbers, key: str, value: int, measure: str = "rows", unit: str = "") -> None:
    made = figure(key, value, measure, unit)
    numbers[made.key] = made


def _figures(numbers: Numbers, figures: Mapping[str, Figure], unit: str = "") -> None:
    for key, found in figures.items():
        for side in ("accepted", "pending"):
            _put(numbers, f"{key}.{side}", getattr(found, side), found.measure, unit)


def _states(numbers: Numbers, m: Material) -> None:
    tally: Counter[tuple[str, str]] = Counter()
    expected = {u.code for u in m.office.units} or set(m.units)
    for (unit, form), found in m.district.states.items():
        if unit in expected:
            tally[form, m.state_key(found.state)] += 1
    for (form, state), count in tally.items():
        _put(numbers, f"states.{form}.{state}", count)
    for form in m.book.forms:
        _put(numbers, f"due.{form}", sum(tally[form, state] for state in DUE))
    _put(numbers, "units", len(expected))


def _files(numbers: Numbers, m: Material) -> None:
    for state, count in Counter("ignored" if f.state == "withdrawn" else f.state for f in m.filed).items():
        _put(numbers, f"files.{state}", count)
    _put(numbers, "files.received", len(m.filed))
    _put(numbers, "todo.unassigned", sum(f.unit is None and f.state in {"held", "unreadable"} for f in m.filed))


LISTED, SCHOOLS = "*listed", "*schools"  # what the pages list, and what the circular speaks of, as a scope of figures


def listed_open(m: Material) -> list[Finding]:
    """The findings 总览 and 审核报告 list: repairs of form are one count elsewhere. One rule may find both."""
    return [f for f in m.open if m.cure(f) != "A"]


def told_to_schools(m: Material) -> list[Finding]:
    """The findings the circular may speak of (season.md 4)."""
    told = [f for f in m.open if m.cure(f) == "R" and m.severity(f) != "info" and f.rule not in m.flood]
    return [f for f in told if (rule := m.rule(f)) is None or rule.to_school]


def _by_rule(numbers: Numbers, scope: str, findings: Iterable[Finding]) -> None:
    groups: dict[str, list[Finding]] = defaultdict(list)
    for f in findings:
        groups[f.rule].append(f)
    for rule, found in groups.items():
        _put(numbers, f"findings.rule.{rule}", len(found), unit=scope)
        _put(numbers, f"findings.units.{rule}", len({f.unit for f in found if f.unit}), unit=scope)


def _findings(numbers: Numbers, m: Material) -> None:
    for level, count in Counter(m.severity(f) for f in m.open).items():
        _put(numbers, f"findings.{level}", count)
    for status in ("waived", "explained"):
        _put(numbers, f"findings.{status}", sum(f.status == status for f in m.findings))
    _put(numbers, "findings.lapsed", sum(bool(f.ruling and f.ruling.changed) for f in m.open))
    for scope, listed in (("", m.open), (LISTED, listed_open(m)), (SCHOOLS, told_to_schools(m))):
        _by_rule(numbers, scope, listed)
    silent = {u for (u, _), s in m.district.states.items() if m.state_key(s.state) in {"missing", "overdue"}}
    _put(numbers, "todo.chase", len(silent))
    _put(numbers, "todo.send", len(m.sending))
    _put(numbers, "todo.desk", sum(m.cure(f) == "D" and m.severity(f) != "info" for f in m.open))
    _put(numbers, "duplicates", _of_rules(m, m.words["duplicate_rules"]))
    _put(numbers, "omissions", _of_rules(m, m.words["omission_rules"]))
    _put(numbers, "held_rows", len(m.district.held_rows))
    _put(numbers, "waiting_rows", sum(_main_rows(f, m) for f in m.filed if f.state == "held"))


def _main_rows(f: Filed, m: Material) -> int:
    """Rows of the sheets their forms are about, in a file that counts nowhere until the office decides."""
    tables = (t for t in f.document.tables if t.form in m.book.forms)
    return sum(len(t.rows) for t in tables if t.resource == m.book.forms[t.form].main.name)


def _of_rules(m: Material, rules: Iterable[str]) -> int:
    return sum(not m.is_hint(f) for rule in rules for f in m.by_rule.get(rule, ()))


def _unit_findings(numbers: Numbers, m: Material, unit: str) -> None:
    sections = for_school(m, unit)
    for level in LEVELS:
        _put(numbers, f"findings.{level}", len(sections.level(m, level)), unit=unit or "_")
    by_rule = Counter(f.rule for f in sections.listed)
    for rule, count in by_rule.items():
        _put(numbers, f"findings.rule.{rule}", count, unit=unit or "_")
        _put(numbers, f"findings.units.{rule}", 1, unit=unit or "_")
    for name in ("repaired", "desk", "fixed", "explained", "waived"):
        _put(numbers, f"findings.{name}", len(getattr(sections, name)), unit=unit or "_")
    _put(
        numbers,
        "findings.before",
        sum(f.status == "persisting" for f in sections.listed) + len(sections.fixed),
        unit=unit or "_",
    )
    _put(numbers, "findings.now", len(sections.listed), unit=unit or "_")


def _money(numbers: Numbers, m: Material) -> None:
    """The terms of the donation equation, from the bank statement R4; none of them without it."""
    register = m.office.registers.get("R4")
    if register is None:
        return
    arrived: Counter[str] = Counter()
    for row in credit_lines(m):
        arrived[payer_of(m, row)] += row.get("amount")
    declared = {
        unit: sum((f.accepted, f.pending))
        for unit, figures in m.district.by_unit.items()
        if (f := figures.get("donations_fen.total"))
    }
    units = {*declared, *arrived} - {""}
    _put(numbers, "money.donations", sum(declared.values()), "fen")
    _put(numbers, "money.arrived", sum(arrived[u] for u in units), "fen")
    _put(numbers, "money.not_arrived", sum(max(0, declared.get(u, 0) - arrived[u]) for u in units), "fen")
    _put(numbers, "money.difference", -sum(max(0, arrived[u] - declared.get(u, 0)) for u in units), "fen")
    _put(numbers, "money.unmatched", arrived[""], "fen")
    _put(numbers, "todo.money", sum(not payer_of(m, row) for row in credit_lines(m)))


def _coverage(numbers: Numbers, m: Material) -> None:
    """Verdicts of the rules, all together and (after @) rule by rule and scope by scope; found counts places."""
    whole, by_rule = Counter[str](), Counter[tuple[str, str]]()
    for c in m.coverage:
        whole[c.verdict] += len(c.subjects)
        by_rule[c.verdict, c.rule] += len(c.subjects) * (c.count if c.verdict == "found" else 1)
    scopes: Counter[tuple[str, str]] = Counter()
    for (verdict, rule), count in by_rule.items():
        scopes[verdict, rule.partition("-")[0]] += count
    for (verdict, scope), count in scopes.items():
        _put(numbers, f"coverage.scopes.{verdict}", count, unit=scope)
    for verdict, count in whole.items():
        _put(numbers, f"coverage.{verdict}", count)
        for name in ("rules", "scopes"):
            _put(numbers, f"coverage.{name}.{verdict}", sum(n for (v, _), n in by_rule.items() if v == verdict))
    for (verdict, rule), count in by_rule.items():
        _put(numbers, f"coverage.rules.{verdict}", count, unit=rule)


def _last_year(numbers: Numbers, m: Material) -> None:
    """What R3 says of last season for the units that have not sent F1; nothing without R1 or R3."""
    register = m.office.registers.get("R3")
    if register is None or not m.register_present:
        return
    states = ((u, m.state_key(s.state)) for (u, form), s in m.district.states.items() if form == "F1")
    silent = {u for u, state in states if state in {"missing", "overdue"}}
    before = str(m.season.year - 1)
    rows = [
        r
        for r in register.rows
        if r.get("unit_code") in silent and before in str(r.get("season") or r.raw.get("season", ""))
    ]
    _put(numbers, "last_year.people", len({r.get("id_number") or r.get("name") for r in rows}))
    _put(numbers, "last_year.amount_fen", sum(a for r in rows if isinstance(a := r.get("amount"), int)), "fen")


def credit_lines(m: Material) -> list[Row]:
    """Lines of the bank statement on which money came in."""
    register = m.office.registers.get("R4")
    debit = m.words["debit_words"]
    return (
        [r for r in register.rows if isinstance(r.get("amount"), int) and str(r.get("direction") or "") not in debit]
        if register
        else []
    )


def decided_payer(m: Material, row: Row) -> str:
    """The unit the office matched a bank line with (到账对应); '' where it did not."""
    payers = m.office.acts.payers
    return next((u for o in (line_object(row), f"r4-{row.number}") if (u := payers.get(o))), "") if payers else ""


def payer_of(m: Material, row: Row) -> str:
    """The unit a bank line belongs to: by the office's word, else exact name, alias or code in payer or memo; '' = nobody's."""
    known = decided_payer(m, row) or row.get("matched_unit")
    if known:
        return str(known)
    text = f"{row.get('payer_name') or ''}\n{row.get('memo') or ''}"
    for unit in m.office.units:
        if any(name and name in text for name in (unit.name, unit.short, *unit.aliases, unit.code)):
            return unit.code
    return ""
