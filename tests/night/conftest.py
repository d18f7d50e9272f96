"""A small invented district on disk, and one night over it, as a user would have them."""

from __future__ import annotations

import json
import shutil
from concurrent.futures import Executor
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from pipeline.cli.main import group
from pipeline.home.layout import open_home
from pipeline.model import Night
from pipeline.night import night
from pipeline.pool import Here

DAY = date(2020, 1, 16)


def wennuan(*args: str) -> tuple[int, Any]:
    """Run a command in this process: (exit code, its JSON)."""
    outcome = CliRunner().invoke(group, [*args, "--json"], standalone_mode=False)
    if outcome.exception and not isinstance(outcome.exception, SystemExit):
        raise outcome.exception
    return outcome.return_value or 0, json.loads(outcome.stdout)


def run(home: Path, day: date = DAY, pool: Executor | None = None) -> Night:
    return night(open_home(home), day, pool or Here())


def found(done: Night) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = json.loads((Path(done.folder) / "findings.json").read_bytes())
    return entries


def copy_of(home: Path, to: Path) -> Path:
    """A home copied whole (its secret too), file times kept."""
    shutil.copytree(home, to, copy_function=shutil.copy2, symlinks=True)
    return to


@pytest.fixture(scope="session")
def clean_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("clean") / "home"
    wennuan("demo", str(place), "--units", "4", "--clean")
    return place


@pytest.fixture(scope="session")
def messy_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("messy") / "home"
    wennuan("demo", str(place), "--units", "12")
    return place


@pytest.fixture(scope="session")
def clean_night(clean_home: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Night]:
    """Treat as read-only: copy the home before running further nights over it."""
    home = copy_of(clean_home, tmp_path_factory.mktemp("night1") / "home")
    return home, run(home)


@pytest.fixture(scope="session")
def messy_night(messy_home: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Night]:
    home = copy_of(messy_home, tmp_path_factory.mktemp("night2") / "home")
    return home, run(home)
