"""The evidence of one pair in; its level M1 … M5 and grade out (domain.md C4, docs/decisions/018), or None: not a pair.

| level | test | at most |
|---|---|---|
| M1 | equal numbers, names that one person may bear | sure |
| M1 | equal numbers, different names | likely |
| M2 | numbers one slip apart or lost in part, at least one of them wrong | likely |
| M3 | equal names and birth dates, numbers differ or one is missing | likely; hint where both numbers are valid |
| M4 | equal names in one unit, a number missing; or equal names and last four signs | likely |
| M5 | names alike, or equal birth dates, and one telephone or account | likely |
| – | anything less, names alone | hint |

Two valid numbers that differ are two people: unless the names are equal too, such a pair (twins, spouses) is none.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.model.linked import HINT, LIKELY, SURE
from pipeline.people.evidence import Evidence
from pipeline.people.forms import Known
from pipeline.people.numbers import PROVEN, UNPROVEN
from pipeline.people.tables import Tables

EQUAL = ("same", "variant")
ONE_PERSON = (*EQUAL, "sound", "shape", "mixed", "near")
ALIKE = (*ONE_PERSON, "turned", "short", "exchanged")
ONE_SLIP = ("digit", "serial", "swap", "check", "turned", "lost", "exchanged")
SLIPS = (*ONE_SLIP, "cut", "lost_few", "lost_near", "two")
NAMESAKE = "namesake"


@dataclass(frozen=True, slots=True)
class Verdict:
    level: str
    grade: str
    note: str = ""


def judge(e: Evidence, a: Known, b: Known, tables: Tables) -> Verdict | None:
    """None also where the score does not reach a hint."""
    limits, score = tables.thresholds, e.score
    if score < limits["hint"]:
        return None
    likely = LIKELY if score >= limits["likely"] else HINT
    if e.number.level == "same":
        return _same_number(e, a, likely, score >= limits["sure"])
    shared = "same" in (e.phone, e.account)
    cut = e.name in (ONE_PERSON if shared else EQUAL)  # twins share fifteen digits, too
    if e.number.level == "clash" or (e.number.level == "cut" and not cut) or _by_chance(e, a, b):
        return _two_numbers(e, score >= limits["likely"])
    if e.number.level in SLIPS and (e.name in EQUAL or e.number.level in (*ONE_SLIP, "cut")):
        idle = likely == HINT and not shared and e.name not in (*ALIKE, "one")
        return None if idle else Verdict("M2", likely)
    if e.name in EQUAL and e.born in ("same", "turned"):
        return Verdict("M3", likely)
    if e.name in EQUAL and e.number.level == "tail":
        return Verdict("M4", likely)
    if e.name in EQUAL and e.unit and not e.number.level and e.born in ("", "same"):
        return Verdict("M4", LIKELY)
    both = e.phone == e.account == "same"
    if shared and (e.name in ALIKE or e.born in ("same", "turned") or (both and e.name == "one")):
        one_home = e.born == "other" and not (e.name in EQUAL and both)
        return Verdict("M5", HINT if one_home else likely)
    return Verdict("", HINT) if e.name in ALIKE else None


def _by_chance(e: Evidence, a: Known, b: Known) -> bool:
    """Two proven numbers a little apart: with other names still two people."""
    return a.number.state in PROVEN and b.number.state in PROVEN and e.number.level == "two" and e.name not in EQUAL


def _same_number(e: Evidence, a: Known, likely: str, enough: bool) -> Verdict:
    proven = a.number.state in (*PROVEN, UNPROVEN) and e.name in (*ONE_PERSON, "short", "turned")
    return Verdict("M1", SURE if enough and (proven or e.name in EQUAL) else likely)


def _two_numbers(e: Evidence, enough: bool) -> Verdict | None:
    """Both proven: with equal names a namesake, unless a telephone or an account says otherwise."""
    if e.name not in EQUAL:
        return None
    shared = "same" in (e.phone, e.account)
    if e.born == "same":
        return Verdict("M3", LIKELY) if shared and enough else Verdict("M3", HINT, NAMESAKE)
    return Verdict("M5", LIKELY if enough else HINT) if shared else None
