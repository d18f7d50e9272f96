"""The fence: in go a function and jobs, out comes per job its value or how it died; nothing a file does reaches the caller.

One capped child serves many jobs in turn (fork: 2 ms each child). A job that aborts, overruns its clock or eats the memory
ends its child; it is tried once alone, then classed; the rest goes on in a new child. Where there is no fork (Windows) the
child is a fresh interpreter under the same clock, but without caps on memory and processor time.
"""

from __future__ import annotations

import contextlib
import faulthandler
import multiprocessing
import os
import pickle
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

PER_CHILD = 200
OK, BUG = "ok", "bug"
KILLED, OVERDUE, MEMORY, PANIC, DEEP = "killed", "overdue", "memory", "panic", "deep"


@dataclass(frozen=True, slots=True)
class Job:
    """One unit of work: `payload` for the function, wall seconds, processor seconds and bytes of memory it may take."""

    payload: Any
    seconds: float
    cpu: int
    memory: int


@dataclass(frozen=True, slots=True)
class Ended:
    """How a job ended: `died` is '' and `value` what the function returned, else killed overdue memory panic deep.

    Where the caller only hands it on (`packed`), `value` is the pickle of what the function returned.
    """

    value: Any = None
    died: str = ""


class BrokenWorkError(RuntimeError):
    """Our own function raised inside the child: a bug of ours, carried home with the child's traceback."""


@dataclass(slots=True)
class _Child:
    pid: int
    link: Connection
    process: Any = None

    def end(self) -> None:
        """Kill and collect; closing our end first would leave a stuck child writing."""
        if self.process is not None:
            self.process.kill()
            self.process.join()
        else:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        self.link.close()


def run_fenced(
    work: Callable[[Any], Any], jobs: Sequence[Job], per_child: int = PER_CHILD, packed: bool = False
) -> list[Ended]:
    """`work(payload)` for each job, in order. Raises BrokenWorkError for a bug in `work`, and for nothing a file can do."""
    ended: list[Ended] = []
    while len(ended) < len(jobs):
        batch = jobs[len(ended) : len(ended) + per_child]
        done = _serve(work, batch, packed)
        ended += done
        if done and done[-1].died and len(done) > 1:  # it may have died of what came before it: once more, alone
            ended[-1] = _serve(work, batch[len(done) - 1 : len(done)], packed)[0]
    return ended


def _serve(work: Callable[[Any], Any], jobs: Sequence[Job], packed: bool) -> list[Ended]:
    """Results of one child, up to and including the first job that ended it."""
    child = _start(work, jobs)
    ended: list[Ended] = []
    try:
        for job in jobs:
            ended.append(_receive(child.link, job.seconds, packed))
            if ended[-1].died:
                break
    finally:
        child.end()
    return ended


def _receive(link: Connection, seconds: float, packed: bool) -> Ended:
    try:
        if not link.poll(seconds):
            return Ended(died=OVERDUE)
        word = link.recv_bytes().decode("ascii")
        value = link.recv_bytes()
    except (EOFError, OSError):
        return Ended(died=KILLED)
    if word == BUG:
        raise BrokenWorkError(pickle.loads(value))
    if word != OK:
        return Ended(died=word)
    return Ended(value if packed else pickle.loads(value))


def _start(work: Callable[[Any], Any], jobs: Sequence[Job]) -> _Child:
    reader, writer = multiprocessing.Pipe(duplex=False)
    if not hasattr(os, "fork"):
        process = multiprocessing.get_context("spawn").Process(target=_live, args=(writer, work, jobs), daemon=True)
        process.start()
        writer.close()
        return _Child(process.pid or 0, reader, process)
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", DeprecationWarning
        )  # 3.12 warns of threads; the child runs one and leaves by _exit
        pid = os.fork()
    if pid == 0:
        code = 1
        try:
            reader.close()
            _quiet()
            _live(writer, work, jobs)
            code = 0
        finally:
            os._exit(code)
    writer.close()
    return _Child(pid, reader)


def _quiet() -> None:
    """What a dying library prints, and stack dumps of an abort, are no matter of the caller's terminal."""
    faulthandler.disable()
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


def _live(link: Connection, work: Callable[[Any], Any], jobs: Sequence[Job]) -> None:
    """The child's life: one answer per job; after an answer other than a value it leaves, its state no longer trusted."""
    base = _address_space()
    for job in jobs:
        _cap(job, base)
        word, answer = _try(work, job.payload)
        link.send_bytes(word.encode("ascii"))
        link.send_bytes(answer)
        if word != OK:
            return


def _try(work: Callable[[Any], Any], payload: Any) -> tuple[str, bytes]:
    try:
        return OK, pickle.dumps(work(payload), pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        word, text = MEMORY, ""
    except RecursionError:
        word, text = DEEP, ""
    except Exception:
        word, text = BUG, traceback.format_exc()
    except BaseException as fault:
        word, text = (PANIC, "") if type(fault).__name__ == "PanicException" else (BUG, traceback.format_exc())
    return word, pickle.dumps(text)


def _address_space() -> int:
    """What the process has mapped already (the caps come on top of it); 0 where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 0


def _cap(job: Job, base: int) -> None:
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - absent on Windows

    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_CPU, int(time.process_time()) + job.cpu + 1)
    if sys.platform.startswith("linux"):
        _lower(resource.RLIMIT_AS, base + job.memory)


def _lower(what: int, limit: int) -> None:
    import resource  # noqa: PLC0415 - absent on Windows

    _, hard = resource.getrlimit(what)
    resource.setrlimit(what, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))
