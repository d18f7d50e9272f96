"""A night killed, or refused by the disk, at every durable step: nothing lost, nothing half, the next run goes on by itself."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.auditing.verify import verify
from pipeline.home import disk, receive
from pipeline.home.evidence import gather
from pipeline.home.recovering import recover
from pipeline.home.remembering import past_nights, take_over
from pipeline.ledger import store
from pipeline.model import WennuanError

STEPS = ("fsync", "rename", "replace", "mkdir", "open", "unlink", "symlink", "link")
FILES = {"YL001/a.xlsx": b"one", "YL002/b.xlsx": b"two", "_district/r1.xlsx": b"units"}


def fault_at(k: int, strike: Callable[[str], None], patch: Any) -> Callable[[], int]:
    """From the k-th changing call on, `strike` happens instead; gives the number of calls so far."""
    count = 0

    def wrap(real: Callable[..., Any], name: str) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            nonlocal count
            if name == "open" and not (args[1] if len(args) > 1 else 0) & (os.O_WRONLY | os.O_RDWR):
                return real(*args, **kwargs)
            count += 1
            if count == k:
                strike(name)
            return real(*args, **kwargs)

        return call

    for name in STEPS:
        patch.setattr(os, name, wrap(getattr(os, name), name))
    real_connect = sqlite3.connect

    class Watched(sqlite3.Connection):
        def execute(self, sql: str, *rest: Any) -> Any:
            nonlocal count
            if sql.split(maxsplit=1)[0] in {"BEGIN", "INSERT", "COMMIT"}:
                count += 1
                if count == k:
                    strike("sql")
            return super().execute(sql, *rest)

    patch.setattr(store.sqlite3, "connect", lambda *a, **kw: real_connect(*a, factory=Watched, **kw))
    return lambda: count


@pytest.fixture(autouse=True)
def few_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the rulebook's three hundred files two are archived: each of them is the same step once more."""
    monkeypatch.setattr(
        receive, "schema_files", lambda home: {"forms/F1.yaml": b"name: F1", "rules/cell.yaml": b"rules: []"}
    )


def kill(_: str) -> None:
    os._exit(9)


def killed_night(desk: Any, k: int, night: Callable[[], object]) -> bool:
    """Run a night in a child that dies at its k-th step; False when it ended unhurt."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            patch = pytest.MonkeyPatch()
            patch.setattr(disk, "SYNC_THREADS", 1)  # the k-th step is then always the same one
            fault_at(k, kill, patch)
            night()
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    ended = os.waitstatus_to_exitcode(status)
    assert ended in {0, 9}, "the night failed by itself"
    return ended == 9


def whole(desk: Any) -> None:
    """The invariants, by an eye of its own: every content is in the archive, every night is complete, the chain holds."""
    home = desk.home
    verdict = verify(gather(home, deep=True))
    assert verdict["ok"], verdict["problems"]
    for data in FILES.values():
        digest = hashlib.sha256(data).hexdigest()
        found = [p for p in home.archive.glob("*/*") if p.name.startswith(digest)]
        assert len(found) == 1 and found[0].read_bytes() == data
    nights = sorted(p.name for p in home.nights.iterdir())
    runs = [json.loads(line.text)["run"] for line in store.read_lines(home.ledger)]
    assert nights == sorted(runs)
    assert home.latest.readlink().name == runs[-1]
    assert runs[-1] in (home.outbox / "打开最新结果.html").read_text(encoding="utf-8")
    assert not list(home.staging.glob("*")) and not (home.archive / ".staging").exists()
    assert not [p for p in home.outbox.iterdir() if p.name.endswith(".new")]


def state(desk: Any) -> object:
    """What matters of the past, without run names."""
    past = past_nights(desk.home)
    return [(a.path, a.sha256, a.received, a.present) for a in past.arrivals], dict(past.adopted), past.sample


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize("second", [False, True], ids=["first night", "second night"])
def test_killed_at_every_step(make_desk, second: bool) -> None:
    clean = make_desk("clean")
    for k in range(1, 2000):
        desk = make_desk(f"k{k}")
        for d in (desk, clean) if k == 1 else (desk,):
            d.drop("YL001/a.xlsx", b"one")
            if second:
                d.night()
            for path, data in FILES.items():
                d.drop(path, data)
            if d is clean:
                d.night()
        died = killed_night(desk, k, desk.night)
        desk.clock += 1
        desk.night()  # by itself, without hand work
        whole(desk)
        assert state(desk) == state(clean), k
        shutil.rmtree(desk.home.root)
        if not died:
            assert k > 50  # all steps were met: the last run had none left to die at
            return
    pytest.fail("no run ended unhurt")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_during_recovery(make_desk) -> None:
    """The first kill leaves a committed night in staging; the second strikes while it is rolled forward."""
    for k in range(1, 40):
        desk = make_desk(f"r{k}")
        for path, data in FILES.items():
            desk.drop(path, data)
        desk.night()
        run = past_nights(desk.home).run
        (desk.home.nights / run).rename(desk.home.staging / run)  # as a kill right after COMMIT leaves it
        desk.home.latest.unlink()
        died = killed_night(desk, k, lambda: recover(desk.home))  # noqa: B023 - called at once
        desk.night()
        whole(desk)
        if not died:
            assert k > 4
            return
    pytest.fail("no recovery ended unhurt")


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EROFS])
def test_a_refusing_disk_publishes_nothing_and_loses_nothing(make_desk, number: int) -> None:
    def refuse(name: str) -> None:
        if name == "sql":
            raise sqlite3.OperationalError("disk I/O error")
        raise OSError(number, os.strerror(number))

    points = 0
    for k in range(1, 2000, 2):
        desk = make_desk(f"e{k}")
        for path, data in FILES.items():
            desk.drop(path, data)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(disk, "SYNC_THREADS", 1)
            count = fault_at(k, refuse, patch)
            try:
                desk.night()
                refused = False
            except WennuanError as wrong:
                assert wrong.code == 5
                refused = True
        if not refused and count() < k:
            break
        points += 1
        desk.clock += 1
        desk.night()
        whole(desk)
        shutil.rmtree(desk.home.root)
    assert points > 8


def test_a_staged_night_the_ledger_does_not_name_is_forgotten(desk) -> None:
    desk.drop("u/a", b"1")
    desk.night()
    stray = desk.home.staging / "20200116T000000-00000000"
    (stray / "district").mkdir(parents=True)
    (stray / "district" / "x").write_bytes(b"half")
    (desk.home.staging / "link").symlink_to(desk.home.inbox, target_is_directory=True)
    desk.night()
    assert not list(desk.home.staging.iterdir())
    assert (desk.home.inbox / "u/a").exists()  # the link was removed, not followed


def test_latest_as_a_text_file_where_links_fail(desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "symlink", refuse)
    for _ in range(2):
        night = desk.night()
        assert desk.home.latest.read_text(encoding="utf-8") == f"nights/{night.run}\n"


def test_papers_taken_over_are_the_same_bytes_and_cost_no_space(desk) -> None:
    desk.drop("u/a", b"1")
    night = desk.night()
    past = past_nights(desk.home)
    kept = take_over(desk.home, past, "units/1")
    assert list(kept) == ["units/1/form.txt"]
    disk_target = desk.home.outbox / "linked"
    os.link(kept["units/1/form.txt"], disk_target)
    (Path(night.folder) / "units/1/form.txt").write_bytes(b"changed by hand")
    assert take_over(desk.home, past, "units/1") == {}


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="needs /proc to name what is synced")
def test_order_of_work(desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each file is synced before its rename, each archive folder before the COMMIT, the COMMIT comes before the publication."""
    for path, data in FILES.items():
        desk.drop(path, data)
    events: list[tuple[str, str]] = []
    fsync, rename, replace, connect = os.fsync, os.rename, os.replace, sqlite3.connect

    def synced(fd: int) -> None:
        fsync(fd)
        events.append(("sync", str(Path(f"/proc/self/fd/{fd}").readlink())))

    def moved(real: Callable[..., None]) -> Callable[..., None]:
        def call(source: Any, target: Any, **kwargs: Any) -> None:
            events.append(("move", f"{source}>{target}"))
            real(source, target, **kwargs)

        return call

    class Watched(sqlite3.Connection):
        def execute(self, sql: str, *rest: Any) -> Any:
            done = super().execute(sql, *rest)
            if sql == "COMMIT":
                events.append(("commit", ""))
            return done

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "rename", moved(rename))
    monkeypatch.setattr(os, "replace", moved(replace))
    monkeypatch.setattr(store.sqlite3, "connect", lambda *a, **kw: connect(*a, factory=Watched, **kw))
    night = desk.night()
    commit = events.index(("commit", ""))
    home = desk.home
    moves = [(i, *what.split(">")) for i, (kind, what) in enumerate(events) if kind == "move"]
    into_archive = [(i, source, target) for i, source, target in moves if target.startswith(f"{home.archive}/")]
    assert len(into_archive) > len(FILES)
    for i, source, target in into_archive:
        assert ("sync", source) in events[:i]
        assert ("sync", str(Path(target).parent)) in events[i:commit]
    ((published, _, _),) = [m for m in moves if m[2] == night.folder]
    assert commit < published
    for place in Path(night.folder).rglob("*"):
        staged = home.staging / night.run / place.relative_to(night.folder)
        assert ("sync", str(staged)) in events[:commit], staged
    assert ("sync", str(home.nights)) in events[published:]
    (latest,) = [i for i, _, target in moves if target == str(home.latest)]
    assert latest > events.index(("sync", str(home.nights)), published)
