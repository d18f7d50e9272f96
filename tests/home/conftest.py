"""A small home on disk and a night reduced to what the home does: receive, plan, deliver."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pipeline.home.deliver import deliver
from pipeline.home.layout import Home, lay_out, open_home
from pipeline.home.receive import Inputs, receive
from pipeline.home.recovering import recover
from pipeline.home.remembering import past_nights
from pipeline.home.seal import plan_night
from pipeline.home.secret import secret_of
from pipeline.ledger import Change, lives_changed
from pipeline.model import Finding, Night, Past

SEASON = Path(__file__).resolve().parents[2] / "season.toml"
ZONE = ZoneInfo("Asia/Shanghai")


@dataclass
class Desk:
    """An office at work in one home."""

    home: Home
    clock: int = 0

    def drop(self, path: str, data: bytes, day: str = "2020-01-10") -> Path:
        """A school's file arrives: its mtime is noon of that day."""
        place = self.home.inbox / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
        noon = datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=ZONE).timestamp()
        os.utime(place, (noon, noon))
        return place

    def receive(self, as_of: str = "2020-01-16") -> tuple[Inputs, Past]:
        past = past_nights(self.home)
        return receive(self.home, date.fromisoformat(as_of), past, settle=0), past

    def night(self, as_of: str = "2020-01-16", findings: tuple[Finding, ...] = (), sample: bool = True) -> Night:
        """recover, receive, deliver: one paper per present file, the adopted bytes per first folder."""
        recover(self.home)
        secret = secret_of(self.home)
        inputs, past = self.receive(as_of)
        self.clock += 1
        started = datetime(2020, 1, 16, 20, self.clock // 60, self.clock % 60, tzinfo=ZONE)
        plan = plan_night(inputs, past, started, "1.0")
        papers: dict[str, bytes | Path] = {f"units/{a.order}/{a.area}.txt": a.sha256.encode() for a in inputs.arrivals}
        papers["district/总览.html"] = b"<p>overview</p>"
        adopted: dict[tuple[str, str], tuple[str, ...]] = {}
        for a in inputs.arrivals:
            key = (a.path.partition("/")[0], "F1")
            adopted[key] = (*adopted.get(key, ()), a.sha256)
        change = Change(adopted=adopted, sample=sample, **lives_changed(findings, past))
        return deliver(
            self.home,
            plan,
            past,
            record={"totals": {"accepted": {"rows": len(papers)}}},
            staged=papers,
            change=change,
            secret=secret,
        )


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.delenv("WENNUAN_SECRET", raising=False)
    return new_desk(tmp_path / "home")


@pytest.fixture
def make_desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Desk]:
    monkeypatch.delenv("WENNUAN_SECRET", raising=False)
    return lambda name: new_desk(tmp_path / name)


def new_desk(root: Path) -> Desk:
    for part in ("forms", "registers", "rules"):
        (root / "schemas" / part).mkdir(parents=True)
    (root / "schemas" / "forms" / "F1.yaml").write_text("name: F1\n", encoding="utf-8")
    (root / "templates" / "unit").mkdir(parents=True)
    (root / "templates" / "unit" / "回执.html").write_text("x", encoding="utf-8")
    (root / "season.toml").write_bytes(SEASON.read_bytes())
    home = open_home(root)
    lay_out(home)
    return Desk(home)
