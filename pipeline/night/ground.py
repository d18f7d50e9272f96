"""What a night stands on: the home's past and secret, the season and the book of this season, sample or real."""

from __future__ import annotations

from pipeline.book.load import load_book
from pipeline.book.spec import Book
from pipeline.checking.registry import rule_kinds
from pipeline.home.layout import Home, lay_out
from pipeline.home.receive import Inputs
from pipeline.home.recovering import recover, refuse_lost_ledger
from pipeline.home.remembering import past_nights
from pipeline.home.sample import sample_season
from pipeline.home.season import parse_season
from pipeline.home.secret import secret_of
from pipeline.model import Past, Season, WennuanError
from pipeline.night.judging import Judged


def begin(home: Home) -> tuple[Past, bytes]:
    """Finish or forget what a broken night left, then remember. Raises WennuanError when ledger or archive were altered."""
    refuse_lost_ledger(home)
    lay_out(home)
    recover(home)
    return past_nights(home), secret_of(home)


def book_of(inputs: Inputs) -> tuple[Season, Book]:
    """Raises WennuanError (2) naming every mistake in season.toml or schemas/."""
    season = parse_season(inputs.season)
    if not season.confirmed:
        raise WennuanError("season_unconfirmed", code=2)
    return season, load_book(inputs.schemas, season, rule_kinds())


def is_sample(judged: Judged) -> bool:
    """Raises WennuanError (2) where sample and real units meet. Files that left the inbox decide nothing."""
    units = judged.office.units if judged.register_present else ()
    return sample_season(units, judged.standing)
