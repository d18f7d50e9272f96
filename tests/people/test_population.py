"""The labelled population of the benchmark, and that our matching keeps its floors on a small one."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import pytest

from pipeline.cells.ids import valid_resident
from pipeline.people import HINT, SURE, Person, Tables, link
from tools.people_population import KINDS, Population, population

pytest.importorskip("resource", reason="the bench counts what a process costs as Unix does")

from tools.bench_people import Score, measures
from tools.bench_people_ours import born

TOOLS = Path(__file__).resolve().parent.parent.parent / "tools"


@pytest.fixture(scope="module")
def people() -> Population:
    return population(6000, 7)


def test_the_generator_knows_nothing_of_those_who_match() -> None:
    tree = ast.parse((TOOLS / "people_population.py").read_text(encoding="utf-8"))
    modules = {n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    assert {m for m in modules if m.startswith("pipeline")} == {"pipeline.cells.ids"}


def test_the_same_seed_gives_the_same_people(people: Population) -> None:
    again = population(6000, 7)
    assert [r.key + r.name + r.number for r in again.rows] == [r.key + r.name + r.number for r in people.rows]
    assert again.truth == people.truth


def test_shares_are_what_the_page_says(people: Population) -> None:
    assert len(people.rows) == pytest.approx(6000, abs=2)
    again = [r for r in people.rows if r.faults]
    assert len(again) == pytest.approx(180, abs=2)
    assert {fault for r in again for fault in r.faults} == set(KINDS)
    assert 0.12 < sum(len(r.faults) > 1 for r in again) / len(again) < 0.38
    seasons = Counter(r.of for r in again)
    assert 0.03 < sum(n > 1 for n in seasons.values()) / len(seasons) < 0.3 and max(seasons.values()) > 1
    assert len(people.truth) == sum(n * (n + 1) // 2 for n in seasons.values())
    single = Counter(r.name for r in people.rows)
    assert single.most_common(1)[0][1] > 2
    assert all(valid_resident(r.number) for r in people.rows if not r.faults)
    assert all(r.number[:4] == "7901" for r in people.rows if not r.faults)


def test_precision_and_recall_keep_their_floors(people: Population, tables: Tables) -> None:
    rows = [
        Person(r.key, r.name, r.number, "", r.phone, r.account, "", born(r.born), r.unit, r.kind, r.sheet, r.row)
        for r in people.rows
    ]
    links = link(rows, tables)
    truth = {tuple(sorted((t.a, t.b))): t for t in people.truth}
    sure = {p.keys for p in links.pairs if p.grade == SURE}
    firm = {p.keys for p in links.pairs if p.grade != HINT}
    counted = {keys for keys, t in truth.items() if t.agreeing > 1}
    assert sure <= truth.keys()
    assert {keys for keys, t in truth.items() if t.faults == ("exact",)} <= sure
    found = measures(len(firm), len(firm & truth.keys()), len(firm & counted), len(counted))
    assert found["precision"] >= 0.98
    assert found["recall"] >= 0.98
    assert not any(t.people in firm for t in links.ties)


def test_the_others_get_the_threshold_that_serves_them_best() -> None:
    """Pairs of equal weight stand or fall together; what is not counted still costs no precision."""
    score = Score(
        [(9.0, True, True), (8.0, True, False), (5.0, True, True), (5.0, False, False), (1.0, False, False)], 2
    )
    best = score.best()
    assert (best["threshold"], best["precision"], best["recall"]) == (5.0, 0.75, 1.0)
    assert measures(0, 0, 0, 0)["f1"] == 1.0
