"""What the inbox holds becomes arrivals once, whatever happens to the inbox later; the inbox itself is never touched."""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import threading
import time
from datetime import date
from pathlib import Path

import pytest

from pipeline.home.archive import objects, read_object
from pipeline.home.layout import lay_out
from pipeline.home.receive import receive
from pipeline.home.remembering import past_nights
from pipeline.model import WennuanError


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def told(arrivals) -> list[tuple[str, str, bool, bool]]:
    return [(a.path, a.sha256[:4], a.present, a.new) for a in arrivals]


def test_areas_depth_and_dates(desk) -> None:
    desk.drop("YL001/a/b/一小.xlsx", b"1", "2020-01-10")
    desk.drop("_district/R1.xlsx", b"2", "2020-01-02")
    desk.drop("_decisions/x.xlsx", b"3", "2020-01-20")
    inputs, _ = desk.receive("2020-01-16")
    assert [(a.path, a.area, a.received.isoformat(), a.size) for a in inputs.arrivals] == [
        ("YL001/a/b/一小.xlsx", "form", "2020-01-10", 1),
        ("_decisions/x.xlsx", "decision", "2020-01-16", 1),  # a clock ahead of ours: clamped to as-of
        ("_district/R1.xlsx", "register", "2020-01-02", 1),
    ]
    assert read_object(desk.home, sha(b"1")) == b"1"


def test_received_is_recorded_once_and_clamped_to_the_previous_night(desk) -> None:
    desk.drop("u/a", b"a", "2020-01-10")
    desk.night("2020-01-16")
    desk.drop("u/a", b"a", "2020-01-17")  # touched, same bytes
    desk.drop("u/b", b"b", "2020-01-01")  # copied with an old date after last night
    inputs, _ = desk.receive("2020-01-18")
    assert [(a.path, a.received.isoformat(), a.night) for a in inputs.arrivals] == [
        ("u/a", "2020-01-10", 1),
        ("u/b", "2020-01-16", 2),
    ]


def test_new_bytes_returning_bytes_and_known_bytes_elsewhere(desk) -> None:
    one, two = sha(b"one")[:4], sha(b"two")[:4]
    desk.drop("u/a", b"one")
    desk.night()
    desk.drop("u/a", b"two")
    desk.night()
    desk.drop("u/a", b"one")  # bytes returning to a path that held others
    desk.drop("v/b", b"one")  # known bytes at a new path
    inputs, _ = desk.receive()
    assert told(inputs.arrivals) == [
        ("u/a", one, True, False),
        ("u/a", two, True, False),
        ("u/a", one, True, True),
        ("v/b", one, True, True),
    ]
    assert [a.order for a in inputs.arrivals] == [1, 2, 3, 4]
    assert sum(p.name.startswith(sha(b"one")) for p in desk.home.archive.rglob("*.*")) == 1


def test_received_is_received(desk) -> None:
    place = desk.drop("u/a", b"one")
    desk.night()
    place.unlink()
    desk.night()
    inputs, _ = desk.receive()
    assert told(inputs.arrivals) == [("u/a", sha(b"one")[:4], False, False)]
    assert read_object(desk.home, sha(b"one")) == b"one"
    desk.drop("u/a", b"one")  # the same bytes come back to the same path: nothing new
    assert told(desk.receive()[0].arrivals) == [("u/a", sha(b"one")[:4], True, False)]


def test_received_survives_without_the_nights(desk) -> None:
    place = desk.drop("u/a", b"one")
    desk.night()
    place.unlink()
    shutil.rmtree(desk.home.nights)
    assert told(desk.receive()[0].arrivals) == [("u/a", sha(b"one")[:4], False, False)]


def test_nothing_new_leaves_the_archive_unchanged(desk) -> None:
    desk.drop("u/a", b"one")
    desk.night()
    before = {p: p.stat().st_mtime_ns for p in desk.home.archive.rglob("*.*")}
    second = desk.night()
    assert {p: p.stat().st_mtime_ns for p in desk.home.archive.rglob("*.*")} == before
    assert second.night == 2


def test_the_inbox_is_only_read(desk) -> None:
    desk.drop("u/a", b"one")
    desk.drop("_district/r", b"two")
    before = {
        p: (p.stat().st_mtime_ns, p.stat().st_mode, p.is_dir() or p.read_bytes()) for p in desk.home.inbox.rglob("*")
    }
    desk.night()
    assert {
        p: (p.stat().st_mtime_ns, p.stat().st_mode, p.is_dir() or p.read_bytes()) for p in desk.home.inbox.rglob("*")
    } == before


@pytest.mark.skipif(os.name == "nt", reason="kinds of files Windows does not have")
def test_links_pipes_and_sockets_are_named_not_read(desk) -> None:
    ledger = desk.home.outbox / "ledger.sqlite"
    ledger.write_bytes(b"")
    desk.drop("u/real.xlsx", b"x")
    (desk.home.inbox / "u/link.xlsx").symlink_to(ledger)
    (desk.home.inbox / "u/folder.xlsx").mkdir()
    (desk.home.inbox / "linked").symlink_to(desk.home.outbox, target_is_directory=True)
    os.mkfifo(desk.home.inbox / "u/pipe.xlsx")
    with socket.socket(socket.AF_UNIX) as s:
        here = Path.cwd()
        os.chdir(desk.home.inbox / "u")
        s.bind("s.xlsx")
        os.chdir(here)
        began = time.monotonic()
        inputs, _ = desk.receive()
    assert time.monotonic() - began < 5
    assert [a.path for a in inputs.arrivals] == ["u/real.xlsx"]
    assert [(r.path, r.why) for r in inputs.refused] == [
        ("linked", "link"), ("u/link.xlsx", "link"), ("u/pipe.xlsx", "special"), ("u/s.xlsx", "special"),
    ]  # fmt: skip


@pytest.mark.skipif(os.name == "nt", reason="names Windows does not allow")
@pytest.mark.parametrize(("name", "shown"), [
    ("报表.xlsx".encode("gbk"), r"\xb1\xa8\xb1\xed.xlsx"),
    (b"a\nb\x1b.xlsx", r"a\x0ab\x1b.xlsx"),
    ("a\u202egnp.xlsx".encode(), r"a\u202egnp.xlsx"),
    (rb"a\xd2.xlsx", r"a\x5cxd2.xlsx"),
    ("表😀é.xlsx".encode(), "表😀é.xlsx"),
    (b"-rf.xlsx", "-rf.xlsx"),
    (b"CON", "CON"),
    (b"%00", "%00"),
    (b"x" * 255, "x" * 255),
])  # fmt: skip
def test_any_name_survives_as_one_line_of_text(desk, name: bytes, shown: str) -> None:
    (desk.home.inbox / os.fsdecode(name)).write_bytes(b"x")
    desk.night()
    assert [a.path for a in past_nights(desk.home).arrivals] == [shown]


def test_two_spellings_of_one_name_are_two_deliveries(desk) -> None:
    desk.drop("é.xlsx", b"1")
    desk.drop("e\u0301.xlsx", b"2")
    assert len(desk.receive()[0].arrivals) == 2


def test_a_growing_file_waits(desk) -> None:
    place = desk.drop("u/slow", b"0" * 100)
    desk.drop("u/done", b"1")
    stop = threading.Event()

    def copy() -> None:
        with place.open("ab", buffering=0) as out:
            while not stop.wait(0.02):
                out.write(b"0" * 100)

    writer = threading.Thread(target=copy)
    writer.start()
    try:
        time.sleep(0.05)
        inputs = receive(desk.home, date(2020, 1, 16), past_nights(desk.home), settle=0.3)
    finally:
        stop.set()
        writer.join()
    assert [a.path for a in inputs.arrivals] == ["u/done"]
    assert inputs.waiting == ("u/slow",)
    assert "u/slow" in [a.path for a in desk.receive()[0].arrivals]


def test_a_swapped_file_is_what_was_hashed(desk) -> None:
    place = desk.drop("u/a", b"a" * 5000)
    stop = threading.Event()

    def swap() -> None:
        sign = 0
        while not stop.is_set():
            sign = (sign + 1) % 26
            place.write_bytes(bytes([97 + sign]) * 5000)

    swapper = threading.Thread(target=swap)
    swapper.start()
    try:
        for _ in range(30):
            desk.receive()
    finally:
        stop.set()
        swapper.join()
    found = objects(desk.home)
    assert all(sha(p.read_bytes()) == digest for digest, p in found.items())


def test_a_missing_or_unmounted_inbox_is_not_an_empty_one(desk) -> None:
    desk.receive()  # an empty first night is fine
    desk.drop("u/a", b"1")
    desk.night()
    shutil.rmtree(desk.home.inbox)
    lay_out(desk.home)  # a run lays out what is missing, but never the inbox of a home that has nights
    with pytest.raises(WennuanError) as gone:
        desk.receive()
    assert (gone.value.key, gone.value.code) == ("inbox_missing", 5)
    desk.home.inbox.mkdir()
    with pytest.raises(WennuanError) as bare:
        desk.receive()
    assert (bare.value.key, bare.value.code) == ("inbox_unmounted", 5)
    (desk.home.inbox / ".keep").touch()
    assert told(desk.receive()[0].arrivals) == [("u/a", sha(b"1")[:4], False, False)]


def test_the_day_never_goes_back(desk) -> None:
    desk.night("2020-01-16", sample=False)
    with pytest.raises(WennuanError) as back:
        desk.receive("2020-01-15")
    assert (back.value.key, back.value.code) == ("as_of_before", 2)


def test_nothing_in_the_inbox_becomes_settings_or_database(desk) -> None:
    for name in ("ledger.sqlite", "season.toml", "x.pickle", "conftest.py", ".env", "schemas/forms/F9.yaml", ".secret"):
        desk.drop(name, b"not ours")
    inputs, _ = desk.receive()
    assert {a.area for a in inputs.arrivals} == {"form"} and len(inputs.arrivals) == 7
    assert set(inputs.schemas) & {"forms/F9.yaml"} == set()


def test_modes(desk) -> None:
    if os.name == "nt":
        pytest.skip("no POSIX modes")
    desk.drop("u/a", b"1")
    night = desk.night()
    for place in (
        desk.home.ledger,
        desk.home.secret,
        Path(night.folder) / "run.json",
        Path(night.folder) / "units/1/form.txt",
    ):
        assert place.stat().st_mode & 0o077 == 0, place
    for place in (desk.home.archive, desk.home.nights, Path(night.folder), Path(night.folder) / "units/1"):
        assert place.stat().st_mode & 0o077 == 0, place
    assert all(p.stat().st_mode & 0o377 == 0 for p in objects(desk.home).values())  # read-only
