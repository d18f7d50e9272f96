"""One run at a time: a home in, a held lock for the length of a `with`; the operating system frees it after a kill."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from filelock import FileLock, Timeout

from pipeline.home.disk import environment, make_folder
from pipeline.home.layout import MODE_FILE, Home
from pipeline.model import WennuanError


@contextlib.contextmanager
def locked(home: Home) -> Iterator[None]:
    """Raises WennuanError (code 4) at once when another run holds the lock."""
    lock = FileLock(home.lock, timeout=0, mode=MODE_FILE)
    with environment(home.lock):
        make_folder(home.lock.parent)
        try:
            lock.acquire()
        except Timeout:
            raise WennuanError("locked", code=4, path=home.lock) from None
    try:
        yield
    finally:
        lock.release()


def is_locked(home: Home) -> bool:
    """Whether another run is at work right now."""
    if not home.lock.exists():
        return False
    try:
        with locked(home):
            return False
    except WennuanError as busy:
        return busy.code == 4
