"""Labelled people for make bench-people: how many and a seed in; rows and the true pairs out.

Names by real frequency; every person invented: the area codes 79xxxx and the telephones that begin with 10 belong to
nobody. Knows nothing of the program but the check digit. Corruptions come in equal shares, single ones to double ones
3:1; among the singles of the population stand namesakes of one birth date, twins, spouses and siblings.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path
from random import Random

import yaml

from pipeline.cells.ids import check_digit, to18

HERE = Path(__file__).resolve().parent
HANZI = HERE.parent / "schemas" / "words" / "hanzi.yaml"
COLUMNS = ("key", "name", "number", "phone", "account", "born", "unit", "kind", "sheet", "row")
DUPLICATES = 0.03
SHARES = {"namesakes": 0.005, "twins": 0.005, "spouses": 0.02, "siblings": 0.01, "dotted": 0.02}
NUMBER = ("digit", "swap", "turned", "check", "fifteen", "lost", "missing", "exchanged")
NAME = ("homophone", "lookalike", "traditional", "dots", "padded", "changed")
KINDS = ("exact", *NUMBER, *NAME)
DOTS = ("\u2022", "\u2027", "\u2219", ".", "\u30fb", "\uff0e", " ", "")
FIRST, DAYS = date(1950, 1, 1), 18_250
UNIT = 80  # staff of a school
TRIES = 200
SEASONS = 2  # earlier ones a person may stand in, beside the list he is doubled in


@dataclass(slots=True)
class Row:
    name: str
    number: str
    phone: str
    account: str
    born: str
    unit: str
    kind: str = "R2"
    sheet: str = ""
    row: int = 0
    key: str = ""
    of: int = -1  # the person
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Truth:
    """A true pair: keys, what was done to the second row, and how many of its parts still agree."""

    a: str
    b: str
    faults: tuple[str, ...]
    agreeing: int


@dataclass
class Population:
    """Chance, words and what has been given out."""

    chance: Random
    rows: list[Row] = field(default_factory=list)
    truth: list[Truth] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        words = yaml.load((HERE / "people_names.yaml").read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)
        hanzi = yaml.load(HANZI.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)
        self.surnames, self.single, self.double = (_table(words[k]) for k in ("surnames", "single", "double"))
        self.dotted = words["dotted"]
        self.looks: dict[str, list[str]] = {}
        for wrong in words["looks"].split():
            self.looks.setdefault(wrong[0], []).append(wrong[1])
        self.sounds = _homophones(hanzi["readings"])
        simple = hanzi["simplified"]
        self.traditional: dict[str, list[str]] = {}
        for old, new in zip(simple["from"], simple["to"], strict=True):
            if ord(old) < 0x10000 and old.encode("big5", "ignore"):
                self.traditional.setdefault(new, []).append(old)
        self.phones = self.accounts = 0

    # -- people ---------------------------------------------------------------------------------

    def given(self) -> str:
        if self.chance.random() < 0.15:
            return _pick(self.single, self.chance)
        return _pick(self.double, self.chance) + _pick(self.double, self.chance)

    def name(self) -> str:
        if self.chance.random() < SHARES["dotted"]:
            return self.chance.choice(self.dotted["first"]) + "\u00b7" + self.chance.choice(self.dotted["last"])
        return _pick(self.surnames, self.chance) + self.given()

    def number(self, born: str, area: str = "", sequence: int = 0) -> str:
        """A valid number nobody has yet."""
        for _ in range(TRIES):
            first = f"{area or self.area()}{born}{sequence or self.chance.randint(1, 998):03d}"
            number = first + check_digit(first)
            if number not in self.taken:
                self.taken.add(number)
                return number
            sequence = 0
        raise RuntimeError("no number left")

    def area(self) -> str:
        """A third of the people come from one county, as in a district."""
        return "790101" if self.chance.random() < 0.35 else f"7901{min(int(self.chance.expovariate(0.12)) + 2, 99):02d}"

    def phone(self) -> str:
        self.phones += 1
        return f"10{self.phones * 7919 % 999_999_937:09d}"

    def account(self) -> str:
        self.accounts += 1
        return f"6200990{self.accounts * 104_729 % 999_999_999_989:012d}"

    def born(self) -> str:
        return f"{FIRST + timedelta(days=self.chance.randrange(DAYS)):%Y%m%d}"

    def add(self, name: str, born: str, number: str, phone: str = "", account: str = "") -> Row:
        row = Row(name, number, phone or self.phone(), account or self.account(), born, "")
        row.of = len(self.rows)
        self.rows.append(row)
        return row

    def someone(self) -> Row:
        born = self.born()
        return self.add(self.name(), born, self.number(born))


def _table(text: str) -> tuple[list[str], list[int]]:
    items = [item.partition(":") for item in text.split()]
    return [word for word, _, _ in items], list(accumulate(int(n) for _, _, n in items))


def _pick(table: tuple[list[str], list[int]], chance: Random) -> str:
    return chance.choices(table[0], cum_weights=table[1])[0]


def _homophones(readings: dict[str, str]) -> dict[str, str]:
    """Character -> the everyday characters an input method offers under the same reading."""
    found = {}
    for chars in readings.values():
        common = [c for c in chars if _everyday(c)]
        found |= {c: "".join(x for x in common if x != c) for c in common}
    return found


def _everyday(char: str) -> bool:
    """Level one of GB 2312."""
    code = char.encode("gb2312", "ignore")
    return len(code) == 2 and code[0] < 0xD8


# -- the population -----------------------------------------------------------------------------------


def population(n: int, seed: int) -> Population:
    """`n` rows, 3 % of them a second row of somebody. The same for the same seed."""
    p = Population(Random(f"people {n} {seed}"))
    doubles = max(2, round(n * DUPLICATES))
    base = n - doubles
    for kind, make in (("namesakes", _namesakes), ("twins", _twins), ("spouses", _spouses), ("siblings", _siblings)):
        for _ in range(round(base * SHARES[kind] / 2)):
            make(p)
    while len(p.rows) < base:
        p.someone()
    for row in p.rows:
        row.unit = f"U{p.chance.randrange(max(3, n // UNIT)):06d}"
        row.sheet = row.unit + "R2"
    _duplicate(p, doubles)
    _number_rows(p)
    return p


def _namesakes(p: Population) -> None:
    one = p.someone()
    area = one.number[:6] if p.chance.random() < 0.5 else ""
    p.add(one.name, one.born, p.number(one.born, area))


def _twins(p: Population) -> None:
    one = p.someone()
    surname, given = (one.name[:1], one.name[1:]) if "\u00b7" not in one.name else (one.name, "")
    other = (given[0] if len(given) > 1 else "") + _pick(p.single, p.chance)
    sequence = int(one.number[14:17]) + 1
    name = surname + other if given else p.chance.choice(p.dotted["first"]) + one.name[one.name.index("\u00b7") :]
    if name == one.name:
        name += _pick(p.double, p.chance)
    shared = one.phone if p.chance.random() < 0.25 else ""
    p.add(name, one.born, p.number(one.born, one.number[:6], sequence), shared)


def _spouses(p: Population) -> None:
    one = p.someone()
    born = p.born()
    p.add(p.name(), born, p.number(born), one.phone, one.account)


def _siblings(p: Population) -> None:
    one = p.someone()
    born = p.born()
    surname = one.name[:1] if "\u00b7" not in one.name else ""
    p.add(surname + p.given() if surname else p.name(), born, p.number(born, one.number[:6]), one.phone)


def _number_rows(p: Population) -> None:
    """Rows into their sheets, a quarter of them without a birth date of its own, keys that tell nothing."""
    places: dict[str, int] = {}
    keys = list(range(len(p.rows)))
    p.chance.shuffle(keys)
    for row, key in zip(p.rows, keys, strict=True):
        if not row.row:
            places[row.sheet] = row.row = places.get(row.sheet, 5) + 1
        row.key = f"P{key:07d}"
        if p.chance.random() < 0.25:
            row.born = ""
    of: dict[int, list[Row]] = {}
    for row in p.rows:
        for other in of.setdefault(row.of, []):
            p.truth.append(Truth(other.key, row.key, _both(other, row), _agreeing(other, row)))
        of[row.of].append(row)


def _both(one: Row, other: Row) -> tuple[str, ...]:
    """What was done to either row of a pair; two copies of one row may both be exact."""
    done = tuple(dict.fromkeys(f for f in (*one.faults, *other.faults) if f != "exact"))
    return done or ("exact",)


def _agreeing(a: Row, b: Row) -> int:
    """Identifying parts that still agree once blanks and dots are put right and fifteen digits made eighteen."""
    name = _tidy(a.name) == _tidy(b.name)
    number = bool(b.number) and to18(a.number) == to18(b.number)
    rest = [bool(x) and x == y for x, y in ((a.born, b.born), (a.phone, b.phone), (a.account, b.account))]
    return sum((name, number, *rest))


def _tidy(name: str) -> str:
    return "".join(c for c in name if c not in " \u3000\u00b7" and c not in DOTS)


# -- second rows ----------------------------------------------------------------------------------------


def _duplicate(p: Population, count: int) -> None:
    base = list(p.rows)
    p.chance.shuffle(base)
    pools = {True: [r for r in base if "\u00b7" in r.name], False: [r for r in base if "\u00b7" not in r.name]}
    made = 0
    while made < count:
        faults = _faults(p.chance)
        row = _taken(pools["dots" in faults], _fitting(faults), p)
        if row is None:
            continue
        copies = [_copy(p, row, faults), *_earlier(p, row, count - made - 1)]
        if "exchanged" in faults:
            copies = [copies[0], _copy(p, pools[False].pop(), ("exchanged",))]
            _exchange(p, *copies)
        p.rows += copies
        made += len(copies)


def _earlier(p: Population, row: Row, room: int) -> list[Row]:
    """One in five who are in two lists stood in those of the seasons before as well, each written by another hand."""
    found: list[Row] = []
    while room > len(found) < SEASONS and p.chance.random() < 0.2:
        faults = _faults(p.chance)
        if "exchanged" not in faults and _fitting(faults)(row, p):
            found.append(_copy(p, row, faults, f"R3-{len(found) + 1}"))
    return found


def _taken(pool: list[Row], fits: Callable[[Row, Population], bool], p: Population) -> Row | None:
    """The first of the next few whom the fault can befall; nobody is drawn twice."""
    for i in range(len(pool) - 1, max(len(pool) - TRIES, -1), -1):
        if fits(pool[i], p):
            return pool.pop(i)
    return None


def _faults(chance: Random) -> tuple[str, ...]:
    """Equal shares; every fourth double. An exchange makes two rows, so it is drawn half as often."""
    while True:
        two = chance.random() < 0.25
        faults = tuple(dict.fromkeys(chance.choice(KINDS) for _ in range(2 if two else 1)))
        if "exchanged" in faults and chance.random() < 0.5:
            continue
        if two and (len(faults) < 2 or "exact" in faults or _spoil(faults)):
            continue
        return faults


def _spoil(faults: Sequence[str]) -> bool:
    """Combinations in which one fault hides the other."""
    gone = {"missing", "fifteen", "lost"} & set(faults)
    others = set(faults) & {*NUMBER, "turned"} - gone
    if "dots" in faults and {"changed", "lookalike"} & set(faults):
        return True
    return len(gone) > 1 or ("missing" in gone and bool(others)) or (bool(gone) and "check" in faults)


def _fitting(faults: Sequence[str]) -> Callable[[Row, Population], bool]:
    def fits(row: Row, p: Population) -> bool:
        month, day = row.born[4:6], row.born[6:]
        dotted = "\u00b7" in row.name
        return (
            ("turned" not in faults or (day <= "12" and day != month))
            and ("dots" not in faults or dotted)
            and ("lookalike" not in faults or any(c in p.looks for c in row.name))
            and ("traditional" not in faults or any(c in p.traditional for c in row.name))
            and ("homophone" not in faults or any(p.sounds.get(c) for c in row.name))
            and ("changed" not in faults or not dotted)
        )

    return fits


def _copy(p: Population, row: Row, faults: tuple[str, ...], season: str = "") -> Row:
    """The same person in another list: often another unit, telephone and account changed or left out at times. `season`:
    the list of that earlier season."""
    chance = p.chance
    moved = chance.random() < 0.6
    unit = f"U{chance.randrange(max(3, len(p.rows) // UNIT)):06d}" if moved else row.unit
    kind = chance.choice(("F1", "F1", "F3", "R3"))
    kind = "R3" if season else kind
    sheet = unit + (season or kind)
    copy = Row(row.name, row.number, row.phone, row.account, row.born, unit, kind, sheet, 0, "", row.of, faults)
    copy.phone = _kept(chance, row.phone, 0.70, 0.90, p.phone)
    copy.account = _kept(chance, row.account, 0.70, 0.82, p.account)
    for fault in (*NAME, *NUMBER):
        if fault in faults and fault != "exchanged":
            FAULTS[fault](p, copy)
    return copy


def _kept(chance: Random, value: str, same: float, new: float, make: Callable[[], str]) -> str:
    draw = chance.random()
    return value if draw < same else make() if draw < new else ""


def _exchange(p: Population, one: Row, other: Row) -> None:
    """Two neighbours of one sheet with their numbers exchanged, or their names."""
    other.unit, other.kind = one.unit, one.kind
    one.sheet = other.sheet = f"{one.unit}{one.kind}x{len(p.rows)}"
    one.row, other.row = 6, 7
    if p.chance.random() < 0.5:
        one.number, other.number = other.number, one.number
    else:
        one.name, other.name = other.name, one.name


def _at(text: str, i: int, sign: str) -> str:
    return text[:i] + sign + text[i + 1 :]


def _digit(p: Population, row: Row) -> None:
    i = p.chance.randrange(17)
    row.number = _at(row.number, i, p.chance.choice([d for d in "0123456789" if d != row.number[i]]))


def _swap(p: Population, row: Row) -> None:
    i = p.chance.choice([i for i in range(16) if row.number[i] != row.number[i + 1]])
    row.number = row.number[:i] + row.number[i + 1] + row.number[i] + row.number[i + 2 :]


def _turned(_p: Population, row: Row) -> None:
    row.number = row.number[:10] + row.number[12:14] + row.number[10:12] + row.number[14:]
    row.born = row.born[:4] + row.born[6:] + row.born[4:6]


def _check(p: Population, row: Row) -> None:
    row.number = row.number[:17] + p.chance.choice([d for d in "0123456789X" if d != row.number[17]])


def _fifteen(_p: Population, row: Row) -> None:
    row.number = row.number[:6] + row.number[8:17]


def _lost(p: Population, row: Row) -> None:
    """What a spreadsheet or a careful hand leaves of eighteen digits."""
    cut = row.number[:15] + "000"
    forms = [cut, f"{cut[0]}.{cut[1:15]}E+17", str(int(float(cut)))]
    masked = row.number[:6] + "*" * 8 + row.number[14:]
    row.number = masked if row.number.endswith("X") else p.chance.choice([*forms, masked])


def _missing(_p: Population, row: Row) -> None:
    row.number = ""


def _homophone(p: Population, row: Row) -> None:
    i = p.chance.choice([i for i, c in enumerate(row.name) if p.sounds.get(c)])
    row.name = _at(row.name, i, p.chance.choice(p.sounds[row.name[i]]))


def _lookalike(p: Population, row: Row) -> None:
    places = [i for i, c in enumerate(row.name) if c in p.looks]
    if places:
        i = p.chance.choice(places)
        row.name = _at(row.name, i, p.chance.choice(p.looks[row.name[i]]))


def _traditional(p: Population, row: Row) -> None:
    row.name = "".join(p.chance.choice(p.traditional[c]) if c in p.traditional else c for c in row.name)


def _dots(p: Population, row: Row) -> None:
    row.name = row.name.replace("\u00b7", p.chance.choice(DOTS))


def _padded(p: Population, row: Row) -> None:
    """Blanks, a title, a note, or the last sign cut off."""
    how = p.chance.randrange(4)
    if how == 0 and len(row.name) > 2:
        row.name = row.name[:-1]
    else:
        row.name = (row.name[0] + "\u3000" + row.name[1:], row.name + "老师", row.name + "（退休）")[how % 3]


def _changed(p: Population, row: Row) -> None:
    surname = row.name[:1] if p.chance.random() < 0.8 else _pick(p.surnames, p.chance)
    row.name = surname + p.given()


FAULTS: dict[str, Callable[[Population, Row], None]] = {
    "digit": _digit,
    "swap": _swap,
    "turned": _turned,
    "check": _check,
    "fifteen": _fifteen,
    "lost": _lost,
    "missing": _missing,
    "homophone": _homophone,
    "lookalike": _lookalike,
    "traditional": _traditional,
    "dots": _dots,
    "padded": _padded,
    "changed": _changed,
}


def write(p: Population, folder: Path) -> tuple[Path, Path]:
    """people.csv and truth.csv."""
    people, truth = folder / "people.csv", folder / "truth.csv"
    with people.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(COLUMNS)
        rows = sorted(p.rows, key=lambda r: r.key)
        writer.writerows([getattr(r, c) for c in COLUMNS] for r in rows)
    with truth.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(("a", "b", "faults", "agreeing"))
        writer.writerows((t.a, t.b, "+".join(t.faults), t.agreeing) for t in p.truth)
    return people, truth
