"""What tests share: the checkout's own schemas, and where the shared corpus lies."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.book.load import load_book
from pipeline.book.spec import Book
from pipeline.home.schemas import package_files
from pipeline.home.season import parse_season
from pipeline.model import Season

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session", autouse=True)
def no_waiting_for_the_disk() -> Iterator[None]:
    """Tests kill processes, never the power: what fsync adds is minutes of waiting, and its calls are still counted."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda fd: None)
        yield


@pytest.fixture(scope="session")
def season() -> Season:
    return parse_season((ROOT / "season.toml").read_bytes())


@pytest.fixture(scope="session")
def book(season: Season) -> Book:
    return load_book(package_files("schemas"), season)
