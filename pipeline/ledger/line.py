"""What one night changed in, its ledger line out (and back): keyed hashes, counts, ids; never a name, number or free text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipeline.ledger.chain import canonical, keyed
from pipeline.model import EMPTY, Finding, Life, Past

SAFE = re.compile(r"[A-Za-z0-9_.:+-]{0,128}")
HASHES = re.compile(r"[0-9a-f]{12}|[0-9a-f]{16}|[0-9a-f]{32}|[0-9a-f]{64}|[0-9]{8}T[0-9]{6}-[0-9a-f]{8}")
LONG_NUMBER = re.compile(r"[0-9]{11,}")


@dataclass(frozen=True, slots=True)
class Change:
    """What a night leaves behind for the next. Maps are whole states; the line keeps only their differences.

    new: (finding id, unit, number). decisions: canonical texts of the decisions in force (kept as keyed hashes).
    counts: name -> how many. papers: unit -> {fingerprint, night, run}. cases: number -> keyed hashes of its people, the
    oldest first; merged: number -> the number it became part of. bound: (finding id, key of a decision or explanation) ->
    part of its evidence -> keyed hash.
    """

    new: tuple[tuple[str, str, int], ...] = ()
    fixed: tuple[str, ...] = ()
    reopened: tuple[str, ...] = ()
    adopted: Mapping[tuple[str, str], tuple[str, ...]] = EMPTY
    papers: Mapping[str, Mapping[str, Any]] = EMPTY
    sent: Mapping[str, str] = EMPTY
    rounds: Mapping[str, int] = EMPTY
    decisions: tuple[str, ...] = ()
    cases: Mapping[int, tuple[str, ...]] = EMPTY
    merged: Mapping[int, int] = EMPTY
    bound: Mapping[tuple[str, str], Mapping[str, Any]] = EMPTY
    counts: Mapping[str, int] = EMPTY
    sample: bool = False


def lives_changed(findings: Iterable[Finding], past: Past) -> dict[str, Any]:
    """new, fixed, reopened for `Change`, from settled findings (those with status fixed are gone)."""
    here = {f.id: f for f in findings if f.status != "fixed"}
    opened = {i for i, life in past.lives.items() if life.open}
    return {
        "new": tuple((i, f.unit or "", f.number or 0) for i, f in here.items() if i not in past.lives),
        "fixed": tuple(sorted(opened - here.keys())),
        "reopened": tuple(sorted(i for i in here if i in past.lives and i not in opened)),
    }


def differences(change: Change, past: Past, secret: bytes) -> dict[str, Any]:
    """The part of a line that carries a night's changes, as plain JSON."""
    return {
        "decisions": sorted(keyed(secret, "decision", text) for text in change.decisions),
        "findings": {
            "new": [[i, _unit(unit), number] for i, unit, number in change.new],
            "fixed": list(change.fixed),
            "reopened": list(change.reopened),
        },
        "adopted": [[_unit(u), form, list(shas)] for (u, form), shas in _delta(change.adopted, past.adopted, ())],
        "papers": [[_unit(u), dict(v)] for u, v in _delta(change.papers, past.papers, {})],
        "sent": [[_unit(u), v] for u, v in _delta(change.sent, past.sent, "")],
        "rounds": [[_unit(u), v] for u, v in _delta(change.rounds, past.rounds, 0)],
        "cases": [[n, list(people)] for n, people in _delta(change.cases, past.cases, ())],
        "merged": [[n, into] for n, into in _delta(change.merged, past.merged, 0)],
        "bound": [[i, key, dict(v)] for (i, key), v in _delta(change.bound, past.bound, {})],
        "counts": dict(change.counts),
        "sample": change.sample,
    }


def _delta(now: Mapping[Any, Any], before: Mapping[Any, Any], gone: Any) -> list[tuple[Any, Any]]:
    changed = [(key, value) for key, value in now.items() if before.get(key) != value]
    return sorted(changed + [(key, gone) for key in before if key not in now], key=lambda pair: repr(pair[0]))


def _unit(code: str) -> str:
    """A unit code as an id: anything but a short plain code (a clerk may type a name there) travels as hex."""
    plain = SAFE.fullmatch(code) and not LONG_NUMBER.search(code) and not code.startswith("u_")
    return code if plain else "u_" + code.encode("utf-8", "surrogatepass").hex()


def _code(text: str) -> str:
    return bytes.fromhex(text[2:]).decode("utf-8", "surrogatepass") if text.startswith("u_") else text


def encode(line: Mapping[str, Any]) -> str:
    """Canonical text of a line. Raises ValueError when something other than ids, hashes and counts got in: our fault."""
    _guard(line)
    return canonical(line)


def _guard(value: Any) -> None:
    if isinstance(value, Mapping):
        for key, item in value.items():
            _guard(str(key))
            _guard(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            _guard(item)
    elif isinstance(value, str):
        if not SAFE.fullmatch(value) and not value.startswith("u_"):
            raise ValueError("a ledger line holds free text")
        if LONG_NUMBER.search(value) and not HASHES.fullmatch(value) and not value.startswith("u_"):
            raise ValueError("a ledger line holds a long number")
    elif not (value is None or isinstance(value, (bool, int))):
        raise ValueError(f"a ledger line holds {type(value).__name__}")


def fold(lines: Sequence[tuple[int, Mapping[str, Any], str]]) -> Past:
    """(n, line, head) of every night in order -> what they leave behind; arrivals and totals are the home's to add."""
    lives: dict[str, Life] = {}
    adopted: dict[tuple[str, str], tuple[str, ...]] = {}
    papers: dict[str, Mapping[str, Any]] = {}
    sent: dict[str, str] = {}
    rounds: dict[str, int] = {}
    cases: dict[int, tuple[str, ...]] = {}
    merged: dict[int, int] = {}
    bound: dict[tuple[str, str], Mapping[str, Any]] = {}
    seen = (0, "")  # the night before: when what is now fixed was last seen
    for n, line, _ in lines:
        now = (n, str(line["as_of"]))
        _fold_lives(lives, line["findings"], now, seen)
        for unit, form, shas in line["adopted"]:
            _put(adopted, (_code(unit), form), tuple(shas))
        for key, into in (("papers", papers), ("sent", sent), ("rounds", rounds)):
            for unit, value in line[key]:
                _put(into, _code(unit), value)
        for number, people in line.get("cases", ()):  # lines written before there were cases have none
            _put(cases, number, tuple(people))
        for number, into in line.get("merged", ()):
            _put(merged, number, into)
        for i, key, parts in line.get("bound", ()):  # lines written before decisions were bound have none
            _put(bound, (i, key), parts)
        seen = now
    if not lines:
        return Past()
    n, last, head = lines[-1]
    lives = {i: Life(v.first, seen if v.open else v.last, v.open, v.number, v.unit) for i, v in lives.items()}
    return Past(
        night=n, head=head, seal=last["seal"], as_of=date.fromisoformat(last["as_of"]), run=last["run"],
        lives=lives, adopted=adopted, papers=papers, sent=sent, rounds=rounds, cases=cases, merged=merged, bound=bound,
        sample=bool(last["sample"]),
    )  # fmt: skip


def _put(into: dict[Any, Any], key: Any, value: Any) -> None:
    if value:
        into[key] = value
    else:
        into.pop(key, None)


def _fold_lives(
    lives: dict[str, Life], findings: Mapping[str, Any], now: tuple[int, str], seen: tuple[int, str]
) -> None:
    for i, unit, number in findings["new"]:
        lives[i] = Life(now, now, True, number, _code(unit))
    for i in findings["fixed"]:
        life = lives[i]
        lives[i] = Life(life.first, seen, False, life.number, life.unit)
    for i in findings["reopened"]:
        life = lives[i]
        lives[i] = Life(life.first, now, True, life.number, life.unit)
