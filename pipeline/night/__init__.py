"""One night, told in the order it happens: forms in the inbox in, an answer for everyone out. The only room that knows the order."""

from __future__ import annotations

from concurrent.futures import Executor
from datetime import date, datetime
from zoneinfo import ZoneInfo

from pipeline.home.layout import Home
from pipeline.home.locking import locked
from pipeline.home.program import program
from pipeline.home.receive import in_order, receive
from pipeline.home.sample import set_aside_sample
from pipeline.home.seal import plan_night
from pipeline.model import Night
from pipeline.night.ground import begin, book_of, is_sample
from pipeline.night.judging import judge, settled, with_ids
from pipeline.night.publishing import publish
from pipeline.night.reading_in import read, reader, unlisted
from pipeline.night.remembered import memory
from pipeline.night.watching import Clock, Watch, silent
from pipeline.pool import wake

WORKERS_LOAD = (
    "pipeline.reading.batch",
    "pipeline.marking",
    "pipeline.writing.grid",
    "pipeline.render.looking",
    "pipeline.render.press",
)  # what a night asks of its pool

__all__ = ["WORKERS_LOAD", "judge", "night"]


def night(home: Home, as_of: date, pool: Executor, watch: Watch = silent) -> Night:
    """Schools dropped their forms into the inbox; by morning everyone has an answer.

    Raises WennuanError: another run holds the lock (4), configuration (2), disk or permission (5).
    """
    with locked(home):
        return _night(home, as_of, pool, Clock(watch))


def _night(home: Home, as_of: date, pool: Executor, watch: Clock) -> Night:
    wake(pool)
    past, secret = begin(home)
    watch("receive", 0, 0)
    inputs = receive(home, as_of, past)  # bytes -> archive; every file ever received, once
    season, book = book_of(inputs)
    plan = plan_night(inputs, past, datetime.now(ZoneInfo(season.timezone)), program())
    noticed = unlisted(inputs)
    known = memory(home, inputs, noticed, book.digest, secret, reader(home, inputs, book, season, secret))
    judged = known.judged(inputs.arrivals)
    if judged is None:  # something is new
        documents = read(
            home, inputs, book, season, secret, pool, watch
        )  # typed rows + findings on cells, rows, sheets, files
        watch("check", 0, 0)
        found = judge(
            inputs.arrivals, documents, book, season, as_of, extra=noticed
        )  # whose it is, which version counts, every rule
        judged = known.keep(with_ids(found, book, secret))
    sample = is_sample(judged)
    if past.sample and not sample and judged.office.units:
        set_aside_sample(home)
        return _night(home, as_of, pool, watch)
    in_order(as_of, past)
    case = settled(
        judged, book, season, plan, past, secret, home, known.merged
    )  # the life of each finding, the merged district
    return publish(
        home, inputs, case, plan, past, secret, sample, pool, watch
    )  # papers, the gate, all or nothing, sealed
