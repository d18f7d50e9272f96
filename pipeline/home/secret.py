"""The home's secret: 32 random bytes made once, mode 0600; WENNUAN_SECRET overrides. It appears in no output."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping

from pipeline.home.disk import environment, make_folder, sync_file, sync_folder, write_new
from pipeline.home.layout import Home
from pipeline.ledger import keyed, past_of
from pipeline.model import WennuanError

VARIABLE = "WENNUAN_SECRET"
SHORTEST = 16


def secret_of(home: Home, environ: Mapping[str, str] = os.environ) -> bytes:
    """The secret that every id of this home depends on; made when the home has no night yet.

    Raises WennuanError (code 5) when a home with nights has lost it or was given another: all ids would change.
    """
    _, last = past_of(home.ledger)
    secret = _given(environ) or _stored(home)
    if secret is None:
        if last:
            raise WennuanError("secret_lost", code=5, path=home.secret)
        secret = secrets.token_bytes(32)
        with environment(home.secret):
            make_folder(home.secret.parent)
            write_new(home.secret, secret)
            sync_file(home.secret)
            sync_folder(home.secret.parent)
    if last and last.get("key") != fingerprint(secret):
        raise WennuanError("secret_differs", code=5, path=home.secret)
    return secret


def fingerprint(secret: bytes) -> str:
    """Tells two secrets apart without telling either."""
    return keyed(secret, "key", "")


def _given(environ: Mapping[str, str]) -> bytes | None:
    text = environ.get(VARIABLE, "")
    if not text:
        return None
    try:
        given = bytes.fromhex(text)
    except ValueError:
        given = text.encode("utf-8", "surrogateescape")
    if len(given) < SHORTEST:
        raise WennuanError("secret_short", code=2, variable=VARIABLE, n=SHORTEST)
    return given


def _stored(home: Home) -> bytes | None:
    if not home.secret.exists():
        return None
    with environment(home.secret):
        stored = home.secret.read_bytes()
    if len(stored) < SHORTEST:
        raise WennuanError("secret_lost", code=5, path=home.secret)
    return stored
