"""A grid template and its view in; the district's workbook of last night out where it would say the same again, else a new one."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline.home.layout import Home
from pipeline.home.remembering import night_file
from pipeline.model import Past
from pipeline.papers import Later, Workbook
from pipeline.writing.grid_words import content, part_of
from pipeline.writing.hands import workbook

OF_THE_HOUR = frozenset(
    {"night", "made", "made_iso", "run", "previous", "seal"}
)  # what alone differs between two nights of one day
SUFFIX, OF_A_UNIT = ".yaml", "unit/"


@dataclass(slots=True)
class Shelf:
    """Last night's workbooks. One taken over names the night its content last changed, as units' papers do (contract.md 1).

    `ground`: what words papers use. `said`: template -> keyed hash of what its workbook says; `kept`: file -> where it lies.
    """

    home: Home
    past: Past
    ground: str
    secret: bytes
    sealed: Mapping[str, str]  # the manifest of last night
    said: dict[str, str] = field(default_factory=dict)
    kept: dict[str, Path] = field(default_factory=dict)

    def writer(self, pool: Executor) -> Workbook:
        """Workbooks are made by the pool while the letters and pages are made here."""

        def write(template: bytes, path: str, view: Mapping[str, Any], made: datetime) -> Later:
            if path.startswith(OF_A_UNIT):  # kept or made with the unit's other papers
                return pool.submit(workbook, template, path, view, made)
            part = part_of(template, path, view)
            text = content(part, OF_THE_HOUR).encode("utf-8", "surrogatepass")
            self.said[path] = hmac.new(self.secret, text, hashlib.sha256).hexdigest()[:16]
            known: Mapping[str, object] = self.past.papers.get(path, {})
            target = path.removesuffix(SUFFIX)
            same = known.get("fingerprint") == self.said[path] and known.get("ground") == self.ground
            if same and night_file(self.home, self.past, target, self.sealed) is not None:
                self.kept[target] = self.home.nights / self.past.run / target
                return self.kept[target]
            return pool.submit(workbook, template, path, part, made)

        return write

    def papers(self, mine: Mapping[str, object], faulty: Collection[str]) -> dict[str, Mapping[str, Any]]:
        """For the ledger: template -> night, run and hash of its workbook. One the gate found fault with is made anew next night."""
        targets = {path: path.removesuffix(SUFFIX) for path in self.said}
        return {
            path: self.past.papers[path] if targets[path] in self.kept else {**mine, "fingerprint": said}
            for path, said in self.said.items()
            if targets[path] not in faulty
        }
