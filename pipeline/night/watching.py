"""How a night tells of its progress: a callback (step, done, total); the words are the caller's. And how long each step took."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

Watch = Callable[[str, int, int], None]


def silent(step: str, done: int, total: int) -> None:
    """Say nothing."""


@dataclass(slots=True)
class Clock:
    """A watch that passes everything on and keeps the seconds of each step."""

    tell: Watch
    spent: dict[str, float] = field(default_factory=dict)
    _step: str = ""
    _since: float = 0.0

    def __call__(self, step: str, done: int, total: int) -> None:
        if step != self._step:
            self.close()
            self._step, self._since = step, time.monotonic()
        self.tell(step, done, total)

    def close(self) -> dict[str, float]:
        """End the running step; step -> seconds so far."""
        if self._step:
            self.spent[self._step] = round(self.spent.get(self._step, 0.0) + time.monotonic() - self._since, 3)
        self._step = ""
        return self.spent
