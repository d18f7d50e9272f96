"""The fence: a job that dies, hangs or eats the memory is one outcome; the others, the caller and the terminal feel nothing."""

from __future__ import annotations

import ctypes
import os
import signal
import time
from pathlib import Path

import pytest

from pipeline.reading.fence import BrokenWorkError, Ended, Job, run_fenced


class PanicException(BaseException):
    pass


def work(payload: str) -> str:
    if payload == "abort":
        os.write(2, b"noise of the dying\n")
        os.abort()
    if payload == "segfault":
        ctypes.string_at(0)
    if payload == "sleep":
        time.sleep(60)
    if payload == "spin":
        while True:
            pass
    if payload == "eat":
        return str(len(bytearray(2**31)))
    if payload == "panic":
        raise PanicException
    if payload == "deep":
        return work("deep")
    if payload == "bug":
        raise KeyError("ours")
    return payload.upper()


def run(*payloads: str, per_child: int = 200, seconds: float = 20, cpu: int = 10) -> list[Ended]:
    return run_fenced(work, [Job(p, seconds, cpu, 2**29) for p in payloads], per_child)


@pytest.mark.parametrize(
    ("bad", "died"),
    [("abort", "killed"), ("segfault", "killed"), ("eat", "memory"), ("panic", "panic"), ("deep", "deep")],
)
@pytest.mark.parametrize("at", [0, 2, 4])
def test_one_death_is_one_outcome(bad: str, died: str, at: int, capfd: pytest.CaptureFixture[str]) -> None:
    payloads = ["a", "b", "c", "d"]
    payloads.insert(at, bad)
    ended = run(*payloads)
    assert [e.value for e in ended] == [None if p == bad else p.upper() for p in payloads]
    assert [e.died for e in ended] == [died if p == bad else "" for p in payloads]
    assert capfd.readouterr() == ("", "")


def test_many_deaths_and_small_children() -> None:
    payloads = ["abort", "a", "abort", "panic", "b", "eat"] * 3
    ended = run(*payloads, per_child=4)
    assert [e.value for e in ended] == [p.upper() if p in ("a", "b") else None for p in payloads]


def test_the_clock_is_per_job() -> None:
    started = time.monotonic()
    ended = run("a", "sleep", "b", seconds=0.7)
    assert [e.died for e in ended] == ["", "overdue", ""]
    assert time.monotonic() - started < 5


def test_processor_time_is_capped() -> None:
    ended = run("spin", "a", seconds=30, cpu=1)
    assert [e.died for e in ended] == ["killed", ""]


def test_a_bug_of_ours_is_not_swallowed() -> None:
    with pytest.raises(BrokenWorkError, match="ours"):
        run("a", "bug", "b")


def children() -> set[str]:
    """Our living and unburied children (a server of worker processes that another test started may be among them)."""
    return set(Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text(encoding="ascii").split())


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="told by Linux alone")
def test_no_child_is_left_behind() -> None:
    before = children()
    run("a", "abort", "sleep", seconds=0.3)
    assert children() <= before


def test_the_callers_signal_handlers_stay() -> None:
    before = signal.getsignal(signal.SIGTERM)
    run("a")
    assert signal.getsignal(signal.SIGTERM) is before


def test_without_fork_a_fresh_interpreter_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "fork")
    assert [e.value for e in run_fenced(str.upper, [Job("a", 30, 10, 2**30), Job("b", 30, 10, 2**30)])] == ["A", "B"]
