"""Executors: who runs a batch. Local worker processes, or any concurrent.futures executor a cluster hands us."""

from __future__ import annotations

import gc
import importlib
import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

from pipeline.model import WennuanError

T = TypeVar("T")
HEAVY = ("pandas", "openpyxl", "numpy")  # what no reader may carry
FEW = (100_000, 20, 20)  # a night makes hundreds of thousands of values that live until its end and hardly a circle
PATIENCE = 10  # seconds a scheduler has to answer


class Here(Executor):
    """An executor that runs each task at once in this process: for one file, for tests, for debugging."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as fault:
            future.set_exception(fault)
        return future


@contextmanager
def make_pool(workers: int = 0, cluster: str = "", preload: Sequence[str] = ()) -> Iterator[Executor]:
    """`workers` local processes (0 = one per core), or the workers of a Dask scheduler at `cluster`.

    Workers start from a clean interpreter, so that they carry neither pandas nor openpyxl into a reader. `preload`: modules
    loaded once for all of them (where workers are forked from a server). Where this process has loaded all of them anyway and
    a fork is safe (Linux, one thread, nothing heavy), the workers are forked here and now and start at once. Raises
    WennuanError: the extra is not there or the address is none (2), nobody answers (5).
    """
    if cluster:
        with _scheduler(cluster) as client, client.get_executor() as executor:
            yield executor
        return
    count = workers or os.cpu_count() or 1
    method = _method(preload)
    context = multiprocessing.get_context(method)
    if method == "forkserver":
        context.set_forkserver_preload(list(preload))
    with ProcessPoolExecutor(count, mp_context=context, initializer=collect_seldom) as executor:
        if method == "fork":
            executor.submit(int)  # the first task starts all workers
        yield executor


def _method(preload: Sequence[str]) -> str:
    loaded = bool(preload) and all(name in sys.modules for name in preload)
    safe = sys.platform.startswith("linux") and threading.active_count() == 1
    if loaded and safe and not any(name in sys.modules for name in HEAVY):
        return "fork"
    return "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"


def collect_seldom() -> None:
    """Look for circles among values not after every 700 new ones but seldom, and never again among what is loaded already.

    The collector stays on: what does go in circles is found, so that memory does not grow with the number of files.
    """
    gc.freeze()
    gc.set_threshold(*FEW)


def _scheduler(address: str) -> Any:
    try:
        from distributed import Client  # type: ignore[import-not-found]  # noqa: PLC0415 - an extra few offices install
    except ImportError:
        raise WennuanError("cluster_absent", code=2) from None
    try:
        return Client(address, timeout=PATIENCE)
    except ValueError:
        raise WennuanError("cluster_address", code=2, address=address) from None
    except OSError as fault:  # no answer, too
        raise WennuanError("cluster_silent", code=5, address=address) from fault


def wake(executor: Executor) -> None:
    """Workers to come load what they need while this process still has something to do."""
    if isinstance(executor, ProcessPoolExecutor) and _start_method(executor) == "forkserver":
        importlib.import_module("multiprocessing.forkserver").ensure_running()  # a module only where there is fork


def _start_method(executor: ProcessPoolExecutor) -> str:
    context = getattr(executor, "_mp_context", None)
    return str(context.get_start_method()) if context is not None else ""


def spread(executor: Executor, work: Callable[..., list[T]], items: Sequence[Any], *rest: Any) -> Callable[[], list[T]]:
    """Start `work(items, *rest)`, which answers item by item, in as many shares as there are workers; call the result for
    the answers, in the order of the items."""
    count = max(1, min(len(items), 2 * cores(executor)))
    tasks = [executor.submit(work, items[i::count], *rest) for i in range(count)]

    def collected() -> list[T]:
        shares = [task.result() for task in tasks]
        return [shares[i % count][i // count] for i in range(len(items))]

    return collected


def cores(executor: Executor) -> int:
    """How many tasks the executor runs side by side, as far as it says."""
    return int(getattr(executor, "_max_workers", 1) or 1)
