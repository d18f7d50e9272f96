"""How much one file may ask of us: in goes the path of a file, out come its limits, and `Refused` when it asks more."""

from __future__ import annotations

import struct
import zipfile
import zlib
from dataclasses import dataclass

from lxml import etree
from python_calamine import CalamineError

# What malformed bytes make parsers raise. MemoryError, panics and signals are the fence's.
DAMAGE = (
    CalamineError, etree.LxmlError, zipfile.BadZipFile, zlib.error, struct.error, ValueError, IndexError, KeyError,
    EOFError, OverflowError, OSError, NotImplementedError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Limits:
    """contract.md 3 for size, rows and filled cells; reliability.md 3.3 for the rest."""

    size: int = 20 * 2**20
    rows: int = 100_000  # rows holding a value, per sheet
    cells: int = 1_000_000  # filled cells, per sheet
    parts: int = 2_000
    part: int = 100 * 2**20  # one inflated part
    inflated: int = 200 * 2**20
    ratio: int = 100  # inflated / packed, for parts over 100 kB
    sheets: int = 64
    merges: int = 5_000
    span: int = 10_000  # cells of one merged or linked range
    text: int = 32_767  # characters of one cell
    dense: int = 4_000_000  # cells of the smallest box around the data that the reader may fill
    archive_size: int = 100 * 2**20
    archive_files: int = 500
    archive_inflated: int = 500 * 2**20
    seconds: float = 30.0
    cpu: int = 10
    memory: int = 2**30


FORM = Limits()
REGISTER = Limits(
    size=100 * 2**20, rows=1_000_000, cells=20_000_000, part=1200 * 2**20, inflated=2000 * 2**20, merges=50_000,
    dense=40_000_000, seconds=240.0, cpu=120, memory=4 * 2**30,
)  # fmt: skip


def limits_for(path: str) -> Limits:
    """The office's own folders (POSIX path under inbox/) may hold registers; everything else is a school's form."""
    return REGISTER if path.split("/", 1)[0] in ("_district", "_decisions") else FORM


class Refused(Exception):  # noqa: N818 - a verdict on a file, turned into a finding in this room
    """A file we will not read on. `facts` are keys of schemas/words/container.yaml or bare numbers, never library texts."""

    def __init__(self, rule: str, outcome: str = "rejected", **facts: str) -> None:
        super().__init__(rule)
        self.rule, self.outcome, self.facts = rule, outcome, facts


def damaged(why: str) -> Refused:
    return Refused("WBK-007", why=why)


def too_big(what: str, limit: int | str) -> Refused:
    return Refused("WBK-018", what=what, limit=f"{limit:,}" if isinstance(limit, int) else limit)
