"""Rows that name people in; pairs of one person, cases of them and ties between different people out."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.model.linked import Links, Member, Person
from pipeline.people.blocking import candidates
from pipeline.people.cases import cases, rank
from pipeline.people.evidence import scales, weigh
from pipeline.people.forms import known_people
from pipeline.people.households import ties
from pipeline.people.ladder import judge
from pipeline.people.rivals import Judged, Pairs, prefer_better, undo_exchanges
from pipeline.people.tables import Tables
from pipeline.people.wording import worded


def link(
    people: Iterable[Person],
    tables: Tables,
    members: Iterable[Member] = (),
    subjects: Iterable[str] | None = None,
    own_accounts: Iterable[str] = (),
) -> Links:
    """Everything there is to say about who is who; the same for any order of the rows.

    `subjects`: kinds of rows (Person.kind) of which every pair must have at least one side, so that registers are not
    compared with themselves; None = all with all. `own_accounts`: accounts known to be a school's or union's.
    Raises ValueError where two rows have one key.
    """
    known = known_people(people, tables)
    limits = tables.limits
    found = candidates(known, int(limits["block"]), int(limits["rare"]), frozenset(subjects) if subjects else None)
    by = scales(known, tables)
    judged: Pairs = {}
    for a, b in found.each():
        evidence = weigh(a, b, by)
        verdict = judge(evidence, a, b, tables)
        if verdict:
            judged[a.at, b.at] = Judged(a, b, evidence, verdict)
    judged = undo_exchanges(judged, known, by)
    judged = prefer_better(judged, tables.thresholds["margin"])
    pairs = tuple(sorted((worded(pair, tables) for pair in judged.values()), key=rank))
    return Links(
        pairs,
        cases(pairs),
        ties(known, tuple(members), pairs, tables, own_accounts),
        tuple(sorted(found.crowded.items())),
    )
