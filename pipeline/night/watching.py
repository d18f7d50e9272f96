"""How a night tells of its progress: a callback (step, done, total); the words are the caller's."""

from __future__ import annotations

from collections.abc import Callable

Watch = Callable[[str, int, int], None]


def silent(step: str, done: int, total: int) -> None:
    """Say nothing."""
