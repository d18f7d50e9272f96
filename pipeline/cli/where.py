"""The home, its season and its book, for commands that only look."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from pipeline.book.load import load_book
from pipeline.book.spec import Book
from pipeline.home.layout import Home, open_home
from pipeline.home.schemas import package_files, schema_files
from pipeline.home.season import parse_season
from pipeline.ledger import past_of
from pipeline.model import Season


def season_of(home: Home) -> Season:
    return parse_season(home.season.read_bytes())


def book_of(home: Home) -> tuple[Book, Season]:
    season = season_of(home)
    return load_book(schema_files(home), season), season


def book_here(folder: Path) -> Book:
    """The home's book, or the program's own where there is no home: rules can be explained anywhere."""
    if (folder / "season.toml").is_file():
        return book_of(open_home(folder))[0]
    return load_book(package_files("schemas"))


def today_in(home: Home) -> date:
    """Today in the season's own timezone."""
    return datetime.now(ZoneInfo(season_of(home).timezone)).date()


def day_of(home: Home, as_of: date | None) -> date:
    """--as-of, else the newest night's, else today."""
    if as_of:
        return as_of
    past, _ = past_of(home.ledger)
    return past.as_of or today_in(home)
