"""Sample and real never meet: units in, a verdict out; and the outbox of sample nights is set aside when the season turns real."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pipeline.home.disk import environment, make_folder, sync_folder
from pipeline.home.layout import Home
from pipeline.home.schemas import home_words
from pipeline.ledger import past_of
from pipeline.model import Unit, WennuanError

SHOWN = 5


def sample_season(units: Iterable[Unit], filed_units: Iterable[str]) -> bool:
    """Whether this is a sample season: units of R1 and the units that files standing in the inbox belong to.

    Raises WennuanError (code 2) when both kinds are there, naming which to remove. No unit at all decides nothing: False.
    """
    codes = {unit.code: unit.sample for unit in units}
    codes.update({code: Unit(code, "", "").sample for code in filed_units if code not in codes})
    sample = sorted(code for code, is_sample in codes.items() if is_sample)
    real = sorted(code for code, is_sample in codes.items() if not is_sample)
    if sample and real:
        raise WennuanError("sample_mixed", code=2, sample=_list(sample), real=_list(real))
    return bool(sample)


def _list(codes: list[str]) -> str:
    return " ".join(codes[:SHOWN]) + (f" … ({len(codes)})" if len(codes) > SHOWN else "")


def set_aside_sample(home: Home) -> Path | None:
    """Move everything sample nights left into outbox/sample-<last run>/; the next night begins a new ledger.

    None when the ledger holds no sample night. The ledger moves last, so a broken move is finished by the next call.
    """
    past, _ = past_of(home.ledger)
    if not past.sample:
        return None
    name = f"sample-{past.run}"
    ours = [
        home.nights,
        home.staging,
        home.cache,
        home.latest,
        home.outbox / home_words()["front"]["file"],
        home.archive,
        home.ledger,
    ]
    with environment(home.outbox):
        for place in ours:
            aside = place.parent / name
            make_folder(aside)
            if place.is_symlink() or place.exists():
                place.rename(aside / place.name)
                sync_folder(aside)
                sync_folder(place.parent)
    return home.outbox / name
