"""Writing that survives a power cut: bytes and paths in, durable files out; every OSError leaves as a WennuanError, code 5."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pipeline.home.layout import MODE_FILE, MODE_FOLDER
from pipeline.model import WennuanError

BINARY = getattr(os, "O_BINARY", 0)
NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
NO_WAIT = getattr(os, "O_NONBLOCK", 0)
WINDOWS = os.name == "nt"
FULL = {errno.ENOSPC, errno.EDQUOT}
DENIED = {errno.EACCES, errno.EPERM, errno.EROFS, errno.EBUSY, errno.ETXTBSY}
SYNC_THREADS = 8  # waiting for the disk, not computing


@contextlib.contextmanager
def environment(what: Path) -> Iterator[None]:
    """Turns a refusal of the disk into the office's words; `what` is the place that was being worked on."""
    try:
        yield
    except OSError as fault:
        place = fault.filename if isinstance(fault.filename, str) else str(what)
        key = "disk_full" if fault.errno in FULL else "no_permission" if fault.errno in DENIED else "disk_error"
        raise WennuanError(key, code=5, path=place, why=os.strerror(fault.errno or 0)) from fault


def write_new(path: Path, data: bytes, mode: int = MODE_FILE) -> None:
    """A file that did not exist before, not yet synced."""
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | BINARY | NO_FOLLOW, mode)
    try:
        write_all(fd, data)
    finally:
        os.close(fd)


def write_all(fd: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def make_folder(path: Path) -> None:
    path.mkdir(mode=MODE_FOLDER, parents=True, exist_ok=True)


def sync_file(path: Path) -> None:
    """A failed fsync is final for that file: the caller starts again from the source, never retries."""
    fd = os.open(path, (os.O_RDWR if WINDOWS else os.O_RDONLY) | BINARY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def sync_folder(path: Path) -> None:
    if WINDOWS:  # directories cannot be opened there; NTFS journals the entry itself
        return
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def sync_all(files: Iterable[Path], folders: Iterable[Path]) -> None:
    """Files first, then the folders that name them."""
    with ThreadPoolExecutor(SYNC_THREADS) as pool:
        for step, paths in ((sync_file, files), (sync_folder, folders)):
            for _ in pool.map(step, paths):
                pass


def replace_text(path: Path, text: str) -> None:
    """A small file is all old or all new."""
    aside = path.with_name(f".{path.name}.new")
    aside.unlink(missing_ok=True)
    write_new(aside, text.encode("utf-8"))
    sync_file(aside)
    aside.replace(path)
    sync_folder(path.parent)


def discard(path: Path) -> None:
    """Remove a leftover file or tree of ours; a link is removed, never followed."""
    if path.is_symlink() or not path.is_dir():
        path.unlink(missing_ok=True)
        return
    for child in path.iterdir():
        discard(child)
    path.rmdir()
