"""The rule kinds: one function and its line here per kind; out come the functions by name and what the loader may allow.

A rule in schemas/rules names a kind; the kind decides how often its function is called (`per`):

- ``row``      f(subject, env) for every data row of the sheets the rule's `where` names. The engine has seen to it that
               every `needs` field is switched on, known and filled, and no field the kind reads is unknown.
- ``sheet``    f(sheet, env) once per current sheet of `where`.
- ``unit``     f(world, unit_code, env) once per unit that owes or sent something.
- ``district`` f(world, env) once per night.
- ``column``   compiled into the pandera schema (frames.py), no function of its own.

A function returns None, one Hit, or several, with a Blocked for each part it could not judge. It may also raise ``NotApplicable(why)`` (no register, nothing to judge) or
``CannotRun(why)`` (something it needs is unknown): both end in the coverage, never in a finding. `why` is a key of
schemas/words/checking.yaml `why:` with its facts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.book.spec import KindSpec
from pipeline.model import EMPTY, Entry, Place, Row, Sheet

PER = ("row", "sheet", "unit", "district", "column", "elsewhere")


class NotApplicable(Exception):  # noqa: N818 - an answer, not a fault
    """Nothing here for the rule to judge."""

    def __init__(self, why: str, **facts: object) -> None:
        super().__init__(why)
        self.why, self.facts = why, {k: str(v) for k, v in facts.items()}


class CannotRun(NotApplicable):
    """The rule ought to judge, but something it reads is unknown or missing."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing a rule noticed. What is left out the engine fills from the row or sheet it called the function with.

    `field` names the cell; `row`/`sheet`/`unit`/`form` say where when the kind is not per row; `value` None = the
    cell's own text. `facts` fill the message. Never a name, a number or an illness in `facts`.
    """

    field: str | None = None
    facts: Mapping[str, str] = EMPTY
    value: str | None = None
    new_value: str = ""
    row: Row | None = None
    rows: tuple[int, ...] = ()
    sheet: Sheet | None = None
    unit: str | None = None
    form: str | None = None
    entry: Entry | None = None  # a cell of the head block of `sheet`'s file
    cell: tuple[int, int] | None = None  # (Excel row, column) where no row of ours stands for the place
    related: tuple[Place, ...] = ()
    key: str | None = None
    severity: str | None = None
    cure: str | None = None
    holds: str | None = None


@dataclass(frozen=True, slots=True)
class Blocked:
    """Beside its hits a kind may say what it could not judge: `count` rows, for the reason `why` with its facts."""

    why: str
    facts: Mapping[str, str] = EMPTY
    count: int = 1


Outcome = Hit | Blocked | Iterable[Hit | Blocked] | None


def sorted_out(outcome: Outcome) -> tuple[list[Hit], list[Blocked]]:
    """What a kind returned: what it noticed, and what it could not judge."""
    many = [] if outcome is None else [outcome] if isinstance(outcome, Hit | Blocked) else list(outcome)
    return [o for o in many if isinstance(o, Hit)], [o for o in many if isinstance(o, Blocked)]


@dataclass(frozen=True, slots=True)
class RuleKind:
    """One registry line. A field written ``@name`` stands for the field or fields the rule's parameter `name` gives.

    needs: on, known and filled, else the row is not judged. judges: at least one must be on; a blank one is what the
    rule may be about. reads: looked at where they are on.
    """

    spec: KindSpec
    per: str
    judge: Callable[..., Any] | None
    needs: tuple[str, ...] = ()
    judges: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    registers: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.spec.name


KINDS: dict[str, RuleKind] = {}


def _names(words: str | Iterable[str]) -> tuple[str, ...]:
    return tuple(words.split()) if isinstance(words, str) else tuple(words)


def declare(name: str, per: str, *, facts: str = "", required: str = "", optional: str = "", judge: Callable[..., Any] | None = None,
            needs: str = "", judges: str = "", reads: str = "", registers: str = "") -> None:  # fmt: skip
    """Add one kind. All lists are blank-separated words."""
    if name in KINDS:
        raise ValueError(f"rule kind {name} is declared twice")
    if per not in PER:
        raise ValueError(f"rule kind {name}: per {per!r} is none of {PER}")
    spec = KindSpec(name, frozenset(_names(facts)), frozenset(_names(required)), frozenset(_names(optional)))
    KINDS[name] = RuleKind(spec, per, judge, _names(needs), _names(judges), _names(reads), _names(registers))


def kind(name: str, per: str = "row", **line: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """`declare` as a decorator: the line stands on top of its function."""

    def add(judge: Callable[..., Any]) -> Callable[..., Any]:
        declare(name, per, judge=judge, **line)
        return judge

    return add


def rule_kinds() -> Mapping[str, KindSpec]:
    """What book.load checks the entries of schemas/rules against."""
    return {name: k.spec for name, k in KINDS.items()}
