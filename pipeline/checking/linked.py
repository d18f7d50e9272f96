"""What matching found in; the rows it joins out, as rules want them: applicants by key, pairs with a register, who stands where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from pipeline.book.spec import Book
from pipeline.checking.subjects import Subject, World
from pipeline.model import Row
from pipeline.model.linked import APPLIED, HINT, SURE, Pair, Person, row_key, seen_from

NUMBER = "number"


def applicants_by_key(world: World) -> Mapping[str, Subject]:
    """Row key -> applicant."""

    def look() -> dict[str, Subject]:
        people = world.subjects(APPLIED, "applications")
        return {key_of_row(s): s for s in people}

    return world.once("applicants by key", look)


def pairs_with(world: World, kinds: Collection[str]) -> Sequence[Pair]:
    """Pairs of an applicant with a row of one of `kinds`."""
    return tuple(
        p for p in world.links.pairs if {p.a.kind, p.b.kind} <= {APPLIED, *kinds} and other_side(p).kind in kinds
    )


def other_side(p: Pair) -> Person:
    return p.b if p.a.kind == APPLIED else p.a


def says(p: Pair, key: str, book: Book) -> str:
    """The pair's sentence as the finding at this row must say it: `this row` is the row it stands at."""
    wrong = book.words["people"]["wrong"]
    return seen_from(p, key, str(wrong["a"]), str(wrong["b"]))


def is_exact(p: Pair, people: Mapping[str, Subject]) -> bool:
    """Equal numbers that could be read, and names one person may bear: what XSC-001 and SHT-007 tell by themselves."""
    read = all(k in people and people[k].get("id_number") for k in p.keys)
    return p.grade == SURE and number_level(p) == "same" and read


def number_level(p: Pair) -> str:
    """How the two numbers agree: '' where one is missing."""
    return next((part.level for part in p.parts if part.field == NUMBER), "")


def found_in(world: World, register: str) -> frozenset[str]:
    """Keys of a register's rows and of applicants that are one person, at least likely."""

    def look() -> frozenset[str]:
        firm = (p for p in pairs_with(world, {register}) if p.grade != HINT)
        return frozenset(key for p in firm for key in p.keys)

    return world.once(f"found in {register}", look)


def one_person(world: World) -> frozenset[frozenset[str]]:
    """Keys of every two applicants that are at least likely one person."""

    def look() -> frozenset[frozenset[str]]:
        return frozenset(frozenset(p.keys) for p in pairs_with(world, {APPLIED}) if p.grade != HINT)

    return world.once("one person", look)


def likely_in(world: World, register: str) -> Mapping[str, Sequence[tuple[Row, Pair]]]:
    """Row key of an applicant -> the register's rows that matching takes for his without an equal number, with the reason."""

    def look() -> Mapping[str, Sequence[tuple[Row, Pair]]]:
        rows, found = world.office.registers[register].rows, defaultdict(list)
        for p in pairs_with(world, {register}):
            if p.grade != HINT and number_level(p) != "same":
                mine, theirs = (p.a, p.b) if p.a.kind == APPLIED else (p.b, p.a)
                found[mine.key].append((rows[int(theirs.key.rpartition("|")[2])], p))
        return found

    return world.once(f"likely in {register}", look)


def key_of_row(s: Subject) -> str:
    """What matching calls the row."""
    return row_key(s.sheet.file, s.sheet.sha256, s.sheet.table.sheet, s.row.number)
