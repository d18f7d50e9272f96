"""Ways of filling the application form wrongly, as a list: which rule, which row will do, what is typed instead."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pipeline.cells.ids import CHECKS
from pipeline.demo.faults import Fault, Follow, Values, any_row
from pipeline.demo.filling import ECONOMY, F1_MAIN
from pipeline.demo.invent import with_check

WIDE = 0xFEE0  # from a sign to its full-width twin
YOUNG = 1980
ILLNESS_FIELDS = ("patient", "disease")


def _id(row: Values) -> str:
    return str(row["id_number"])


def _wrong_check(number: str) -> str:
    return number[:17] + CHECKS[(CHECKS.index(number[17]) + 3) % 11]


def _wide(text: str) -> str:
    return "".join(chr(ord(sign) + WIDE) for sign in text)


def _typed(name: str, value: Callable[[Any, Values], Any]) -> Callable[[Any, Values], Values]:
    return lambda words, row: {name: value(words, row)}


def _ill(row: Values) -> bool:
    return bool(row.get("disease"))


def _young(row: Values) -> bool:
    return int(_id(row)[6:10]) > YOUNG


def _fault(
    rule: str,
    name: str,
    value: Callable[[Any, Values], Any],
    *follows: Follow,
    fits: Callable[[Values], bool] = any_row,
) -> Fault:
    return Fault(rule, F1_MAIN, _typed(name, value), follows, fits)


def _milder(words: Any, row: Values) -> bool:
    """The row says less than the deepest grade."""
    return bool(row["category"] != words["words"]["categories"]["deep"])


DEEPER = Follow("ROW-008", F1_MAIN, "category", _milder)  # what is left a head falls to the deepest grade

FAULTS: tuple[Fault, ...] = (
    # rows that are hard to find come first
    _fault("CEL-017", "id_number", lambda w, r: _id(r).lower(), fits=lambda r: _id(r).endswith("X")),
    _fault("CEL-007", "name", lambda w, r: "\u3000\u3000".join(r["name"]), fits=lambda r: len(r["name"]) == 2),
    _fault("ROW-003", "staff_status", lambda w, r: w["words"]["statuses"]["retired"], fits=_young),
    _fault("ROW-009", "disease", lambda w, r: None, fits=_ill),
    # identity numbers
    _fault("CEL-013", "id_number", lambda w, r: float(_id(r)[:17] + "0")),
    _fault("CEL-014", "id_number", lambda w, r: f"{int(_id(r)[:17]):.5E}"),
    _fault("CEL-015", "id_number", lambda w, r: _id(r)[:13] + _id(r)[14:]),
    _fault("CEL-016", "id_number", lambda w, r: _wrong_check(_id(r))),
    _fault("CEL-018", "id_number", lambda w, r: with_check(_id(r)[:10] + "13" + _id(r)[12:17])),
    _fault("CEL-021", "id_number", lambda w, r: _id(r)[:6] + "********" + _id(r)[-4:]),
    _fault("CEL-022", "id_number", lambda w, r: "O" + _id(r)[1:]),
    # names, telephones, texts
    _fault("CEL-001", "household_size", lambda w, r: None),
    _fault("CEL-002", "mobile", lambda w, r: w["later"]),
    _fault("CEL-009", "name", lambda w, r: r["name"] + w["title"]),
    _fault("CEL-010", "name", lambda w, r: r["name"][0] + w["box"]),
    _fault("CEL-006", "mobile", lambda w, r: _wide(r["mobile"])),
    _fault("CEL-023", "mobile", lambda w, r: r["mobile"][:-1]),
    _fault("CEL-039", "situation", lambda w, r: w["short"]),
    # choices
    _fault("CEL-003", "category", lambda w, r: w["category"]),
    _fault("CEL-004", "cause_main", lambda w, r: w["cause_synonym"][r["cause_main"]]),
    _fault("ROW-033", "declaration", lambda w, r: w["untick"]),
    Fault(
        "ROW-014",
        F1_MAIN,
        lambda w, r: {"cause_main": w["other_cause"], "situation": w["short"], **dict.fromkeys(ILLNESS_FIELDS)},
        (Follow("CEL-039", F1_MAIN, "situation"),),
        found="situation",
    ),
    # money
    _fault("CEL-028", "amount_requested", lambda w, r: w["around"].format(n=r["amount_requested"])),
    _fault("CEL-029", "amount_requested", lambda w, r: w["yuan"].format(n=r["amount_requested"])),
    _fault("CEL-029", "amount_requested", lambda w, r: w["capital"]),
    _fault("CEL-031", "amount_requested", lambda w, r: -500),
    _fault("CEL-032", "amount_requested", lambda w, r: 1333.335),
    # rows that contradict themselves
    _fault("ROW-005", "household_size", lambda w, r: 15, DEEPER),
    Fault("ROW-008", F1_MAIN, lambda w, r: {"category": _other_grade(w, r)}),
    Fault(
        "ROW-017",
        F1_MAIN,
        lambda w, r: {"household_income_year": 2000},
        (DEEPER,),
        fits=_ill,
        sheet=ECONOMY,
        found="medical_cost_year",
    ),
)


def _other_grade(words: Any, row: Values) -> str:
    """The deepest grade, or where that is the right one, the next."""
    grades = words["words"]["categories"]
    return str(grades["relative" if row["category"] == grades["deep"] else "deep"])
