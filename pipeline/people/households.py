"""Who is related to whom: persons, the members they declare and the pairs found in; graded ties out.

A tie is between different people (domain.md C4 M6, M7; one household, one form): rows that are one person count once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations

from pipeline.model.linked import GRADES, HINT, LIKELY, SURE, Member, Pair, Tie
from pipeline.people.cases import components
from pipeline.people.forms import Known, account, same_name
from pipeline.people.names import NameForm, name_form
from pipeline.people.numbers import number_form
from pipeline.people.tables import Tables

M6, M7 = "M6", "M7"
UNCOMMON = 16.0  # bits from which a child's name and birth year are more than a chance
HOUSEHOLD = ("spouse", "child", "parent", "member")
Declared = tuple[Member, Known, NameForm]


def ties(
    people: Sequence[Known], members: Sequence[Member], pairs: Sequence[Pair], tables: Tables, own: Iterable[str]
) -> tuple[Tie, ...]:
    """`own`: accounts known to be a school's or union's. Members of people who are not among `people` are left out."""
    one = components(p for p in pairs if p.grade != HINT)
    by_key = {k.person.key: k for k in people} if members else {}
    limits = (tables.limits["name_bits"], tables.limits["rarest_bits"])
    declared = [
        (m, by_key[m.of], name_form(m.name, tables.hanzi, tables.lexicon, limits))
        for m in sorted(members, key=lambda m: m.key)
        if m.of in by_key
    ]
    found = [*_applying(declared, people, one, tables), *_claimed_twice(declared, one, tables)]
    family = {frozenset(t.people) for t in found if t.kind in HOUSEHOLD}
    found += _accounts(people, one, family, tables, {account(a) for a in own} - {""})
    found += _phones(people, one, tables)
    return tuple(sorted(found, key=lambda t: (GRADES.index(t.grade), t.kind, t.people)))


# -- members who apply themselves, children claimed twice -------------------------------------------


def _applying(
    declared: Sequence[Declared], people: Sequence[Known], one: Mapping[str, str], tables: Tables
) -> list[Tie]:
    if not declared:
        return []
    numbers: dict[str, list[Known]] = {number_form(m.number).key: [] for m, _, _ in declared if m.number}
    names: dict[str, list[Known]] = {name.fold: [] for m, _, name in declared if _named(m, tables)}
    for k in people:
        for index, key in ((numbers, k.number.key), (names, k.name.fold)):
            if key and key in index:
                index[key].append(k)
    best: dict[tuple[str, ...], Tie] = {}
    said = {(of.name.fold, name.fold) for _, of, name in declared}
    for member, of, name in declared:
        number = number_form(member.number).key
        for k in (*numbers.get(number, ()), *names.get(name.fold, ())):
            if _person(k, one) != _person(of, one):
                tie = _tie(member, of, k, _why(member, number, k, name, (k.name.fold, of.name.fold) in said), tables)
                both = tuple(sorted((_person(of, one), _person(k, one))))
                if tie and _better(tie, best.get(both)):
                    best[both] = tie
    return list(best.values())


def _why(member: Member, number: str, k: Known, name: NameForm, mutual: bool) -> tuple[str, str]:
    """(wording key, grade), ('', '') where years or numbers speak against it."""
    if number and k.number.key:
        return ("number", SURE) if number == k.number.key else ("", "")
    if name.fold != k.name.fold:
        return "", ""
    if member.birth_year and k.born:
        agrees = any(int(b[:4]) == member.birth_year for b in k.born)
        return ("mutual" if mutual else "born", LIKELY) if agrees else ("", "")
    return ("mutual", LIKELY) if mutual else ("name", HINT)


def _tie(member: Member, of: Known, k: Known, why: tuple[str, str], tables: Tables) -> Tie | None:
    reason, grade = why
    if not reason:
        return None
    kind = tables.relation.get(member.relation, "member")
    says = tables.words["ties"][kind]["says"].replace("{why}", tables.words["why"][reason])
    people = tuple(sorted((of.person.key, k.person.key)))
    return Tie(kind, people, grade, says, M7, (member.key,))


def _better(tie: Tie, than: Tie | None) -> bool:
    return than is None or _strength(tie) < _strength(than)


def _strength(tie: Tie) -> tuple[int, int, tuple[str, ...], tuple[str, ...]]:
    """Two people are told once, by the surest of what ties them."""
    return GRADES.index(tie.grade), HOUSEHOLD.index(tie.kind), tie.via, tie.people


def _claimed_twice(declared: Sequence[Declared], one: Mapping[str, str], tables: Tables) -> list[Tie]:
    groups: dict[tuple[str, ...], list[Declared]] = defaultdict(list)
    for item in declared:
        member, _, name = item
        if tables.relation.get(member.relation) == "child" and name.fold:
            number = number_form(member.number).key
            if number:
                groups["number", number].append(item)
            if member.birth_year:
                groups["born" if _named(member, tables) else "unnamed", name.fold, str(member.birth_year)].append(item)
    best: dict[tuple[str, ...], Tie] = {}
    for (why, *_), items in groups.items():
        for (m, a, name), (n, b, _) in combinations(items, 2) if len(items) <= tables.limits["block"] else ():
            if _person(a, one) == _person(b, one) or (
                why != "number" and m.number and n.number and m.number != n.number
            ):
                continue
            close = bool(set(a.phones) & set(b.phones)) or (a.account != "" and a.account == b.account)
            if why == "unnamed" and not close:
                continue  # a surname and a year are shared by many children
            grade = SURE if why == "number" else LIKELY if close or name.bits >= UNCOMMON else HINT
            grade = HINT if why == "unnamed" else grade
            people = tuple(sorted((a.person.key, b.person.key)))
            says = tables.words["ties"]["child_twice"]["says"].replace("{why}", tables.words["why"][why])
            tie = Tie("child_twice", people, grade, says, M7, tuple(sorted((m.key, n.key))))
            before = best.get(people)
            if before is None or GRADES.index(tie.grade) < GRADES.index(before.grade):
                best[people] = tie
    return list(best.values())


def _named(member: Member, tables: Tables) -> bool:
    """Children under fourteen are written with their surname only (domain.md F1)."""
    return bool(member.name) and not member.name.strip().endswith(tables.words["unnamed"])


def _person(k: Known, one: Mapping[str, str]) -> str:
    return one.get(k.person.key, k.person.key)


# -- one account, one telephone ---------------------------------------------------------------------


def _accounts(
    people: Sequence[Known], one: Mapping[str, str], family: set[frozenset[str]], tables: Tables, own: set[str]
) -> list[Tie]:
    found = []
    for number, rows in _holders(people, lambda k: (k.account,) if k.account else (), one, own).items():
        keys = tuple(k.person.key for k in rows)
        if number in own:
            kind, grade = "public_account", SURE
        elif len(rows) >= tables.limits["public"]:
            kind, grade = "public_account", LIKELY
        else:
            kind, grade = "account", HINT if _explained(rows, family) else SURE
        says = tables.words["ties"][kind]["says"].replace("{n}", str(len(rows)))
        found.append(Tie(kind, keys, grade, says, M6))
    return found


def _explained(rows: Sequence[Known], family: set[frozenset[str]]) -> bool:
    """Declared household members, or the account's holder is written as the other person."""
    if all(frozenset((a.person.key, b.person.key)) in family for a, b in combinations(rows, 2)):
        return True
    names = [k.person.account_name for k in rows if not same_name(k.person.account_name, k.person.name)]
    return bool(names) and all(any(same_name(n, k.person.name) for k in rows) for n in names if n) and any(names)


def _holders(
    people: Sequence[Known], clues: Callable[[Known], Iterable[str]], one: Mapping[str, str], own: set[str]
) -> dict[str, list[Known]]:
    """Clue -> the people who share it, each with its first row; also a single one where the clue is in `own`."""
    first: dict[str, Known] = {}
    many: dict[str, dict[str, Known]] = {}
    for k in people:
        for clue in clues(k):
            before = first.setdefault(clue, k)
            if clue in own or _person(before, one) != _person(k, one):
                rows = many.setdefault(clue, {_person(before, one): before})
                rows.setdefault(_person(k, one), k)
    return {clue: list(rows.values()) for clue, rows in many.items()}


def _phones(people: Sequence[Known], one: Mapping[str, str], tables: Tables) -> list[Tie]:
    found = []
    for rows in _holders(people, lambda k: k.phones, one, set()).values():
        says = tables.words["ties"]["phone"]["says"].replace("{n}", str(len(rows)))
        found.append(Tie("phone", tuple(k.person.key for k in rows), HINT, says))
    return found
