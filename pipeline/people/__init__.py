"""Who is the same person, and who belongs together: rows that name people in; pairs, cases and ties out.

    tables = build_tables(book.words)              # once per book; raises WennuanError people_words
    people = [*sheet_persons(sheet), …, *register_persons(office.registers["R2"]), …]
    members = sheet_members(household_sheet, people)
    links = link(people, tables, members)          # any rows, in any order
    links.pairs   one person in two rows: level M1 … M5, grade sure | likely | hint, score in bits, its named parts,
                  one Chinese sentence, whose number is wrong, and which signs differ
    links.cases   pairs that hang together, one thing to decide
    links.ties    different people: spouses and children applying apart, one child in two families, shared accounts

What the caller hands over: one `Person` per row that names somebody, whatever the source (F1, F3, R2, R3 of all seasons,
R6, R11), with the cell's text as it stands; nothing need be put right before. `key` is the caller's own, unique and
stable (for instance file|sheet|row). `subjects={"F1", "F3"}` compares forms with everything and registers with nothing
but forms. Rows of one sheet share `sheet` and tell `row`, which is how numbers exchanged between neighbours are found.

A pair says "one person", not "a fault": an application and its line in R2 or last season's R3 are a pair as well. Which
pairs are duplicates, which are answers (found in the roster, found again this year) is told by the kinds of the two rows;
`cases` takes whatever pairs are left after that choice.

A value's text is unmasked here: `Difference` shows whole names and numbers and must pass pipeline.masking on its way to
a paper. `Pair.says` never holds a sign of a number. Rules of the ladder: ladder.py and docs/decisions/018.
"""

from pipeline.model.linked import (
    GRADES,
    HINT,
    LIKELY,
    SURE,
    Case,
    Difference,
    Links,
    Member,
    Pair,
    Part,
    Person,
    Tie,
)
from pipeline.people.cases import cases
from pipeline.people.linking import link
from pipeline.people.rows import register_persons, sheet_members, sheet_persons
from pipeline.people.tables import Tables, build_tables

__all__ = [
    "GRADES",
    "HINT",
    "LIKELY",
    "SURE",
    "Case",
    "Difference",
    "Links",
    "Member",
    "Pair",
    "Part",
    "Person",
    "Tables",
    "Tie",
    "build_tables",
    "cases",
    "link",
    "register_persons",
    "sheet_members",
    "sheet_persons",
]
