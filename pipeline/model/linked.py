"""What goes into matching people and what comes out: persons and household members; pairs, cases and ties.

Grades: `sure`, `likely`, `hint` (worded under `grades` in schemas/words/people.yaml). Levels: M1 … M7, domain.md C4.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pipeline.model.ground import Place

APPLIED, PAID = "F1", "F3"  # kinds of rows from forms; the others are named as their register is
SURE, LIKELY, HINT = "sure", "likely", "hint"
GRADES = (SURE, LIKELY, HINT)
NOWHERE = Place()


@dataclass(frozen=True, slots=True)
class Person:
    """One row that names somebody, as it stands in its source; blank is ''. Nothing need be put right beforehand.

    `key`: unique among all rows handed over; opaque. `number`: the identity number's text. `tail`: its last four signs
    where a sheet asks no more. `born`: a birth date written apart from the number. `account_name`: the account's
    holder as written. `kind`: where the row is from (F1, F3, R2, R3 …). `sheet`, `row`: rows of one sheet share
    `sheet`; `row` (Excel) tells neighbours. `place`: the cell to cite.
    """

    key: str
    name: str = ""
    number: str = ""
    tail: str = ""
    phone: str = ""
    account: str = ""
    account_name: str = ""
    born: date | None = None
    unit: str = ""
    kind: str = ""
    sheet: str = ""
    row: int = 0
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Member:
    """A household member somebody declared. `of`: the key of the declaring person; `relation`: the form's word."""

    key: str
    of: str
    name: str = ""
    relation: str = ""
    number: str = ""
    birth_year: int | None = None
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of evidence: `field` number name born phone account unit; `weight` = log2(m/u), one decimal."""

    field: str
    level: str
    says: str
    weight: float


@dataclass(frozen=True, slots=True)
class Difference:
    """Two texts to show side by side (unmasked!) and which signs of each differ, counted from 0."""

    field: str
    a: str
    b: str
    at_a: tuple[int, ...]
    at_b: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two rows that may be one person, a.key < b.key. `says`: one sentence without any digit of a number in it, spoken from
    a's row; see `seen_from`.

    `wrong`: whose number cannot be right: '' | a | b | both | unproven (one of the two, nobody can say which).
    `note`: why the grade is lower or the pair unusual (words `notes`), '' otherwise.
    """

    a: Person
    b: Person
    level: str
    grade: str
    score: float
    parts: tuple[Part, ...]
    says: str
    wrong: str = ""
    note: str = ""
    differences: tuple[Difference, ...] = ()

    @property
    def keys(self) -> tuple[str, str]:
        return self.a.key, self.b.key


def seen_from(pair: Pair, key: str, mine: str, other: str) -> str:
    """What a pair says, spoken from one of its rows. `mine`, `other`: the words for whose number is wrong."""
    if pair.a.key == key or pair.wrong not in {"a", "b"}:
        return pair.says
    turned = {mine: other, other: mine}
    said = mine if pair.wrong == "a" else other
    return pair.says.replace(said, turned[said])


@dataclass(frozen=True, slots=True)
class Case:
    """Rows that hang together, one thing to decide. `people`: keys in order; `grade`: the strongest pair's."""

    people: tuple[str, ...]
    pairs: tuple[Pair, ...]
    grade: str


@dataclass(frozen=True, slots=True)
class Tie:
    """A relation between different people. `kind`: spouse child parent member child_twice account public_account phone.

    `people`: keys in order; `via`: keys of the members it rests on. Level is M7 for households, M6 for accounts, ''
    for telephones.
    """

    kind: str
    people: tuple[str, ...]
    grade: str
    says: str
    level: str = ""
    via: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Links:
    """Everything found. `crowded`: (clue, how many rows) of clues too common to compare all who share them; unmasked."""

    pairs: tuple[Pair, ...] = ()
    cases: tuple[Case, ...] = ()
    ties: tuple[Tie, ...] = ()
    crowded: tuple[tuple[str, int], ...] = ()


NOBODY = Links()


def row_key(file: str, sha256: str, sheet: str, row: int) -> str:
    """What a form's row is called among all rows of tonight: two versions of a file may both be current."""
    return f"{file}|{sha256[:12]}|{sheet}|{row:07}"


def register_key(name: str, index: int) -> str:
    """What a register's row is called: its place in the list as the office's files lay it together."""
    return f"{name}|{index:07}"
