"""The file ledger.sqlite: lines in, appended for good; lines out, as written. The only room that knows sqlite."""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pipeline.ledger.chain import next_head
from pipeline.model import WennuanError

MIGRATIONS = (
    """
    CREATE TABLE lines (n INTEGER PRIMARY KEY, line TEXT NOT NULL, head TEXT NOT NULL) STRICT;
    CREATE TRIGGER lines_keep_update BEFORE UPDATE ON lines BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
    CREATE TRIGGER lines_keep_delete BEFORE DELETE ON lines BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
    CREATE TRIGGER lines_in_order BEFORE INSERT ON lines WHEN NEW.n <> (SELECT COALESCE(MAX(n), 0) + 1 FROM lines)
      BEGIN SELECT RAISE(ABORT, 'a line is missing'); END;
    """,
)


class Line(NamedTuple):
    n: int
    text: str
    head: str


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection to an existing file, failing in the office's words. Opening rolls back what a broken night left."""
    try:
        with contextlib.closing(
            sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=10, isolation_level=None)
        ) as db:
            db.execute("PRAGMA trusted_schema=OFF")
            yield db
    except sqlite3.IntegrityError:  # a trigger refused: our own fault
        raise
    except sqlite3.DatabaseError as fault:
        name = getattr(fault, "sqlite_errorname", "") or ""
        key = {"SQLITE_FULL": "disk_full", "SQLITE_BUSY": "ledger_busy", "SQLITE_LOCKED": "ledger_busy"}.get(name)
        denied = name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH"))
        key = key or (
            "no_permission" if denied else "disk_error" if name.startswith("SQLITE_IOERR") else "ledger_damaged"
        )
        raise WennuanError(key, code=5, path=path, why=name) from fault


@contextlib.contextmanager
def _writable(path: Path) -> Iterator[sqlite3.Connection]:
    """Commits survive power loss; no WAL, because the home may lie on a share."""
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as fault:
        key = "disk_full" if fault.errno in {errno.ENOSPC, errno.EDQUOT} else "no_permission"
        raise WennuanError(key, code=5, path=path, why=os.strerror(fault.errno or 0)) from fault
    with _opened(path) as db:
        db.execute("PRAGMA journal_mode=DELETE")
        db.execute("PRAGMA synchronous=EXTRA")  # FULL, and the folder too once the journal is gone
        _migrate(db, path)
        yield db


def _version(db: sqlite3.Connection, path: Path) -> int:
    version = int(db.execute("PRAGMA user_version").fetchone()[0])
    if version > len(MIGRATIONS):
        raise WennuanError("ledger_newer", code=2, path=path, version=version)
    return version


def _migrate(db: sqlite3.Connection, path: Path) -> None:
    """Bring the tables up to date, each step and its number in one transaction; a newer ledger is refused in words."""
    version = _version(db, path)
    for number, script in enumerate(MIGRATIONS[version:], version + 1):
        db.executescript(f"BEGIN IMMEDIATE; {script} PRAGMA user_version={number}; COMMIT;")


def read_lines(path: Path) -> tuple[Line, ...]:
    """Every line in order, with its head as stored; () when there is no ledger yet. Nothing is created or migrated."""
    if not path.is_file() or path.stat().st_size == 0:
        return ()
    with _opened(path) as db:
        if _version(db, path) == 0:
            return ()
        return tuple(Line(*row) for row in db.execute("SELECT n, line, head FROM lines ORDER BY n"))


def append_line(path: Path, n: int, previous_head: str, text: str) -> str:
    """Commit line n and give its head. Raises WennuanError when the ledger moved on meanwhile or the disk refuses."""
    with _writable(path) as db:
        db.execute("BEGIN IMMEDIATE")
        last = db.execute("SELECT n, head FROM lines ORDER BY n DESC LIMIT 1").fetchone() or (0, "")
        if (last[0] + 1, last[1]) != (n, previous_head):
            db.execute("ROLLBACK")
            raise WennuanError("ledger_moved", code=4, n=n)
        head = next_head(previous_head, text)
        db.execute("INSERT INTO lines VALUES (?, ?, ?)", (n, text, head))
        db.execute("COMMIT")
    return head


def integrity(path: Path) -> str:
    """`ok`, or what sqlite says of the file's inner structure."""
    with _opened(path) as db:
        return str(db.execute("PRAGMA integrity_check").fetchone()[0])
