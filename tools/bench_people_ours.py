"""Ours on people.csv, in a process of its own: pairs with grade and score out, what it cost on stdout as JSON.

Usage: bench_people_ours.py people.csv pairs.csv [prepared.csv]
The third file, if asked for, holds the normal forms the other tools are given, so that all start from the same ground.
"""

from __future__ import annotations

import csv
import json
import resource
import sys
import time
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from pipeline.book.load import load_book
from pipeline.home.schemas import package_files
from pipeline.people import Person, Tables, build_tables, link
from pipeline.people.forms import known_people


def main() -> None:
    source, target, *more = map(Path, sys.argv[1:])
    tables = build_tables(load_book(package_files("schemas")).words)
    people = [person(row) for row in csv.DictReader(source.open(encoding="utf-8", newline=""))]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    wall, cpu = time.perf_counter(), time.process_time()
    links = link(people, tables)
    cost = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    with target.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows((*p.keys, p.score, p.grade) for p in links.pairs)
    prepare = 0.0
    if more:
        prepare = write_forms(people, tables, more[0])
    print(json.dumps(cost | {"peak": peak, "before": before, "prepare": prepare, "cases": len(links.cases)}))


def person(row: dict[str, str]) -> Person:
    return Person(
        row["key"], row["name"], row["number"], "", row["phone"], row["account"], "", born(row["born"]),
        row["unit"], row["kind"], row["sheet"], int(row["row"]),
    )  # fmt: skip


def born(text: str) -> date | None:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


def write_forms(people: list[Person], tables: Tables, target: Path) -> float:
    """Folded name, surname, reading, eighteen signs ('' for lost ones), their head and tail, birth date, telephone."""
    began = time.process_time()
    known = known_people(people, tables)
    spent = time.process_time() - began
    with target.open("w", encoding="utf-8", newline="") as out:
        write = csv.writer(out)
        write.writerow(("unique_id", "name", "surname", "sound", "number", "head", "tail", "born", "phone", "account", "unit"))  # fmt: skip
        for k in known:
            digits = k.number.digits
            whole = digits if "?" not in digits else ""
            head = digits[:15] if "?" not in digits[:15] else ""
            phone = k.phones[0] if k.phones else ""
            first = k.name.fold[: k.name.surname]
            birth = k.born[0] if k.born else ""
            write.writerow(
                (k.person.key, k.name.fold, first, k.name.sound, whole, head, k.tail, birth, phone, k.account, k.unit)
            )
    return spent


if __name__ == "__main__":
    main()
