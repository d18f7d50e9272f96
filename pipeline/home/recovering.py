"""A home as a broken night left it in, a home in order out: what the ledger names is rolled forward, the rest forgotten."""

from __future__ import annotations

from pipeline.home.deliver import publish
from pipeline.home.disk import discard, environment
from pipeline.home.latest import point_to
from pipeline.home.layout import Home
from pipeline.ledger import past_of
from pipeline.model import WennuanError


def refuse_lost_ledger(home: Home) -> None:
    """Nights without a ledger: numbering would begin anew beside them, and nothing sent or decided would be remembered.

    Raises WennuanError (code 5); nothing is written.
    """
    with environment(home.nights):
        nights = home.nights.is_dir() and any(place.is_dir() for place in home.nights.iterdir())
    if nights and not home.ledger.exists():
        raise WennuanError("ledger_lost", code=5, path=home.ledger, nights=home.nights)


def recover(home: Home) -> str:
    """Call under the lock, before anything else. Returns the run that was rolled forward, "" when there was none.

    Raises WennuanError (code 5) when the ledger was altered: nothing is built on such a ground.
    """
    past, _ = past_of(home.ledger)
    forward = ""
    with environment(home.staging):
        waiting = sorted(home.staging.iterdir()) if home.staging.is_dir() else []
        for leftover in waiting:
            if leftover.name == past.run and not (home.nights / past.run).exists():
                publish(home, past.run)
                forward = past.run
            else:
                discard(leftover)
    if past.run and (home.nights / past.run).is_dir():
        point_to(home, past.run)
    return forward
