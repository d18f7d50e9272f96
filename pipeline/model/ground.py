"""The smallest things: addresses, the empty mapping, the office's mistakes, places and findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


class FrozenDict(dict[Any, Any]):
    """A mapping nobody changes: hashable (a dataclass default must be) and picklable (a worker gets it)."""

    def __hash__(self) -> int:  # type: ignore[override]
        return id(type(self))

    def _refuse(self, *_: object, **__: object) -> Any:
        raise TypeError("frozen")

    __setitem__ = __delitem__ = update = setdefault = pop = popitem = clear = _refuse


EMPTY: Mapping[Any, Any] = FrozenDict()


class WennuanError(Exception):
    """The office's mistake (configuration, folder, template): raised, caught once in cli, shown as one Chinese line.

    `key` names the wording (message and remedy) under `errors:` in schemas/words/; `facts` fill it. `code` is the
    process exit code: 2 usage or configuration, 4 another run holds the lock, 5 environment.
    """

    def __init__(self, key: str, code: int = 2, more: tuple[WennuanError, ...] = (), **facts: object) -> None:
        super().__init__(f"{key} {facts}")
        self.key, self.code, self.facts = key, code, facts
        self.more = more  # further mistakes of the same kind, each with its own wording


def column_letters(number: int) -> str:
    """1 -> A, 27 -> AA, 16384 -> XFD."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def file_id(sha256: str) -> str:
    """The short id of a file's bytes that the office sees and decides on."""
    return sha256[:12]


def address(row: int, col: int) -> str:
    """(7, 3) -> C7, as Excel shows it."""
    return f"{column_letters(col)}{row}"


@dataclass(frozen=True, slots=True)
class Place:
    """A spot somebody can open: `file` is the POSIX path under inbox/ (`a.zip!member` inside an archive)."""

    unit: str | None = None
    file: str | None = None
    sheet: str | None = None
    cell: str | None = None

    @property
    def row(self) -> int:
        """C7 -> 7; 0 where no cell is named."""
        digits = "".join(c for c in self.cell or "" if c.isdigit())
        return int(digits) if digits else 0


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the office decided, or a school explained, about one finding: printed wherever the finding is.

    kind: exception same different late phone_zero explained remark, our word. `changed`: parts of the evidence that are not what they were
    (see pipeline.office.evidence); with any of them it no longer holds. `text`: the reason, or the school's own words.
    """

    kind: str
    by: str = ""  # who approved it, else who wrote it down
    text: str = ""
    on: date | None = None
    until: date | None = None
    number: str = ""  # the decision's own
    key: str = ""  # what the ledger knows it by, and the keyed hashes it is bound to
    evidence: Mapping[str, str] = EMPTY
    changed: tuple[str, ...] = ()
    unit: str = ""  # of one person in two units: the one that keeps the application


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing noticed. A reader or rule fills the first part; `settle` fills the second (id, life, wording).

    `value`/`new_value` are UNMASKED here; masking happens on the way out (pipeline.masking).
    `facts` are the placeholders of the rule's message. `holds` overrides the rule's own (row|sheet|file|none|'').
    """

    rule: str
    unit: str | None = None
    form: str | None = None
    resource: str | None = None
    file: str | None = None
    sha256: str | None = None
    sheet: str | None = None
    row: int | None = None
    col: int | None = None
    field: str | None = None
    title: str | None = None
    value: str = ""
    new_value: str = ""
    facts: Mapping[str, str] = EMPTY
    related: tuple[Place, ...] = ()
    rows: tuple[int, ...] = ()  # every row this finding names (sheet rules naming several); empty = (row,) if row
    key: str | None = None  # an identity set by the rule itself; else settle derives it (contract.md 3, "Finding id")
    severity: str | None = None  # override of the rule's severity (e.g. XFM-008 warning with 说明), else None
    cure: str | None = None
    holds: str | None = None
    absorbed: tuple[tuple[str, str], ...] = ()  # (rule, its title) of weaker findings about the same two rows
    # -- filled by settle -------------------------------------------------------------------------
    id: str = ""
    status: str = ""  # waived explained fixed reopened new persisting
    number: int | None = None  # 第n条 of the unit, never changes
    first_seen: tuple[int, str] | None = None  # (night, as_of)
    last_seen: tuple[int, str] | None = None
    message: str = ""
    remedy: str = ""
    case: int | None = None
    ruling: Ruling | None = None

    @property
    def cell(self) -> str | None:
        return address(self.row, self.col) if self.row and self.col else None

    @property
    def said(self) -> Mapping[str, str]:
        """What fills the placeholders of its rule's sentences: the standing facts and its own."""
        standing = {
            "col": self.title or "",
            "val": self.value,
            "new": self.new_value,
            "sheet": self.sheet or "",
            "cell": self.cell or "",
            "row": str(self.row or ""),
        }
        return {**standing, **self.facts}

    @property
    def place(self) -> Place:
        return Place(self.unit, self.file, self.sheet, self.cell)


def fill(template: str, facts: Mapping[str, str]) -> str:
    """Plain replacement of {fact}; the loader has checked that every placeholder is a declared fact."""
    for name, value in facts.items():
        template = template.replace("{" + name + "}", value)
    return template


def partners(findings: Iterable[Finding]) -> Mapping[str, Mapping[Place, str]]:
    """Finding id -> each row it names beside its own -> the finding of the same rule there that names this one back; where
    none does, the only one there; its own id where there is none."""
    listed = list(findings)
    at: dict[tuple[str, str | None, str | None, str | None], list[Finding]] = {}
    for f in listed:
        if f.file and f.cell:
            at.setdefault((f.rule, f.file, f.sheet, f.cell), []).append(f)

    def partner(f: Finding, p: Place) -> str:
        there = at.get((f.rule, p.file, p.sheet, p.cell), [])
        back = [g for g in there if any((q.file, q.sheet, q.cell) == (f.file, f.sheet, f.cell) for q in g.related)]
        chosen = back or there
        return chosen[0].id if len(chosen) == 1 or back else f.id

    return {f.id: {p: partner(f, p) for p in f.related} for f in listed if f.related}
