"""One line per night, for good: append-only, chained, without personal data; folded into the past."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from datetime import date
from pathlib import Path

import pytest

from pipeline.ledger import Change, append_line, differences, encode, lives_changed, next_head, past_of, read_lines
from pipeline.ledger.store import MIGRATIONS
from pipeline.model import Finding, Life, Past, WennuanError

SECRET = b"s" * 32


def night(path: Path, change: Change, as_of: str = "2020-01-16") -> Past:
    """One more line, as a night would write it."""
    past, _ = past_of(path)
    n = past.night + 1
    line = encode(
        {
            "n": n,
            "run": f"20200116T00000{n}-0000000{n}",
            "as_of": as_of,
            "seal": f"{n:064x}",
            **differences(change, past, SECRET),
        }
    )
    append_line(path, n, past.head, line)
    return past_of(path)[0]


def test_chain_by_the_contract(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    night(path, Change())
    night(path, Change())
    (_, one, h1), (_, two, h2) = read_lines(path)
    assert h1 == hashlib.sha256(one.encode()).hexdigest()
    assert h2 == hashlib.sha256((h1 + two).encode()).hexdigest() == next_head(h1, two)
    assert past_of(path)[0].head == h2


@pytest.mark.parametrize("sql", [
    "UPDATE lines SET line = 'x' WHERE n = 1",
    "UPDATE lines SET head = '' WHERE n = 1",
    "DELETE FROM lines WHERE n = 2",
    "DELETE FROM lines",
    "INSERT INTO lines VALUES (9, 'x', 'y')",
    "INSERT INTO lines VALUES (1, 'x', 'y')",
    "INSERT OR REPLACE INTO lines VALUES (2, 'x', 'y')",
])  # fmt: skip
def test_append_only_by_trigger(tmp_path: Path, sql: str) -> None:
    path = tmp_path / "ledger.sqlite"
    night(path, Change())
    night(path, Change())
    before = read_lines(path)
    db = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError):
        db.execute(sql)
    db.close()
    assert read_lines(path) == before


def test_a_changed_line_stops_the_next_night(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    night(path, Change())
    night(path, Change())
    db = sqlite3.connect(path)
    db.execute("DROP TRIGGER lines_keep_update")
    db.execute("UPDATE lines SET line = replace(line, '2020-01-16', '2020-01-15') WHERE n = 1")
    db.commit()
    db.close()
    with pytest.raises(WennuanError) as caught:
        past_of(path)
    assert (caught.value.key, caught.value.code, caught.value.facts["n"]) == ("ledger_altered", 5, 1)


def test_two_writers_cannot_both_append(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    past = night(path, Change())
    append_line(path, 2, past.head, "{}")
    with pytest.raises(WennuanError) as caught:
        append_line(path, 2, past.head, "{}")
    assert caught.value.key == "ledger_moved"


def test_a_newer_ledger_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    night(path, Change())
    db = sqlite3.connect(path)
    db.execute(f"PRAGMA user_version={len(MIGRATIONS) + 1}")
    db.close()
    for act in (lambda: read_lines(path), lambda: append_line(path, 2, "", "{}")):
        with pytest.raises(WennuanError) as caught:
            act()
        assert caught.value.key == "ledger_newer"


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    path.write_bytes(b"not a database, but long enough to be looked at as one" * 40)
    with pytest.raises(WennuanError) as caught:
        past_of(path)
    assert (caught.value.key, caught.value.code) == ("ledger_damaged", 5)


def test_an_empty_file_left_by_a_kill_is_a_new_ledger(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    path.touch()
    assert past_of(path) == (Past(), {})
    assert night(path, Change()).night == 1


def finding(id_: str, status: str = "new", unit: str | None = "YL001", number: int = 1) -> Finding:
    return Finding("CEL-001", unit=unit, id=id_, status=status, number=number)


def test_life_of_a_finding_over_five_nights(tmp_path: Path) -> None:
    """new, persisting, fixed, absent, reopened: first seen stays, last seen follows it while it is there."""
    path = tmp_path / "ledger.sqlite"
    a, b = "a" * 12, "b" * 12
    past = Past()
    seen = []
    for day, here in enumerate([[a, b], [a, b], [b], [b], [a, b]], 1):
        shown = [finding(i) for i in here] + ([finding(a, "fixed")] if day == 3 else [])
        past = night(path, Change(**lives_changed(shown, past)), f"2020-01-{day:02}")
        seen.append(past.lives[a])
    d = [(n, f"2020-01-{n:02}") for n in range(6)]
    assert seen == [
        Life(d[1], d[1], True, 1, "YL001"),
        Life(d[1], d[2], True, 1, "YL001"),
        Life(d[1], d[2], False, 1, "YL001"),
        Life(d[1], d[2], False, 1, "YL001"),
        Life(d[1], d[5], True, 1, "YL001"),
    ]
    assert past.lives[b] == Life(d[1], d[5], True, 1, "YL001")


def test_maps_are_kept_as_differences(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    one = Change(
        adopted={("YL001", "F1"): ("a" * 64,), ("YL002", "F1"): ("b" * 64,)},
        sent={"YL001": "c" * 64},
        rounds={"YL001": 1},
        papers={"YL001": {"fingerprint": "d" * 64, "night": 1, "run": ""}},
        sample=True,
    )
    past = night(path, one)
    assert (past.adopted, past.sent, past.rounds, past.papers, past.sample) == (
        one.adopted,
        one.sent,
        one.rounds,
        one.papers,
        True,
    )
    past = night(path, one)
    last = json.loads(read_lines(path)[-1].text)
    assert last["adopted"] == last["sent"] == last["rounds"] == last["papers"] == []
    assert (past.adopted, past.sent) == (one.adopted, one.sent)
    past = night(path, Change(adopted={("YL002", "F1"): ("b" * 64, "e" * 64)}))
    assert past.adopted == {("YL002", "F1"): ("b" * 64, "e" * 64)}
    assert (past.sent, past.rounds, past.papers) == ({}, {}, {})


def test_past_knows_night_seal_and_day(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    night(path, Change(), "2020-01-16")
    past = night(path, Change(), "2020-01-18")
    assert (past.night, past.as_of, past.run, past.seal) == (
        2,
        date(2020, 1, 18),
        "20200116T000002-00000002",
        f"{2:064x}",
    )


@pytest.mark.parametrize(
    "value", ["乐小宁", "lo xiaoning", "13800000000", "009901199003071234", 1.5, b"x", {"乐小宁": 1}, ["a b"]]
)
def test_nothing_personal_gets_into_a_line(value: object) -> None:
    with pytest.raises(ValueError, match="ledger line"):
        encode({"n": 1, "counts": {"x": value}})


def test_a_unit_code_that_is_a_word_travels_as_hex_and_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    codes = ["第一小学", "13800000000", "u_abc", "", "a b"]
    change = Change(rounds=dict.fromkeys(codes, 1), new=tuple((f"{i:012x}", code, 1) for i, code in enumerate(codes)))
    past = night(path, change)
    assert past.rounds == change.rounds
    assert [life.unit for life in past.lives.values()] == codes
    assert "第一小学" not in read_lines(path)[0].text and "13800000000" not in read_lines(path)[0].text


def test_decisions_are_kept_as_keyed_hashes(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    night(path, Change(decisions=("决-1|同一人|张三",)))
    stored = path.read_bytes()
    assert "张三".encode() not in stored and "决-1".encode() not in stored
    assert len(json.loads(read_lines(path)[0].text)["decisions"]) == 1
