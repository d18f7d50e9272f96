"""The schemas of the checkout as the loader takes them: relative name -> bytes."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.book.load import load_book
from pipeline.book.spec import Book

ROOT = Path(__file__).resolve().parents[2] / "schemas"


@pytest.fixture(scope="session")
def files() -> dict[str, bytes]:
    return {p.relative_to(ROOT).as_posix(): p.read_bytes() for p in sorted(ROOT.rglob("*")) if p.is_file()}


@pytest.fixture(scope="session")
def book(files: dict[str, bytes]) -> Book:
    return load_book(files)
