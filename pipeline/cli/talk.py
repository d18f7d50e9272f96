"""stdout is the result, stderr is talk: text or one JSON value, safe on a GBK console and without a terminal."""

from __future__ import annotations

import contextlib
import io
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import click

from pipeline.home.plain import lines


def prepare_streams() -> None:
    """A character the console cannot show becomes '?', never a crash."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            with contextlib.suppress(ValueError):
                stream.reconfigure(errors="replace")


@dataclass(slots=True)
class Talk:
    as_json: bool = False
    quiet: bool = False
    verbose: int = 0
    _last: float = field(default=0.0)

    def result(self, value: Any, text: str) -> None:
        """The command's answer: the value with --json, else the text."""
        if self.as_json:
            wide = (sys.stdout.encoding or "").lower().replace("-", "").startswith("utf")
            click.echo(lines(value, ensure_ascii=not wide, default=str))
        elif text:
            click.echo(text)

    def say(self, text: str) -> None:
        """Talk on the side (stderr); silent with --quiet."""
        if not self.quiet:
            click.echo(text, err=True)

    def detail(self, text: str) -> None:
        if self.verbose:
            self.say(text)

    def fail(self, code: str, message: str, remedy: str) -> None:
        """One clear line with its remedy; with --json the error object goes to stdout."""
        if self.as_json:
            self.result({"error": {"code": code, "message": message, "remedy": remedy}}, "")
        else:
            click.echo(f"× {message}{'　' if remedy else ''}{remedy}", err=True)

    def progress(self) -> Callable[[str, int, int], None]:
        """A callback (step, done, total): a living line on a terminal, else a plain line at each step or every 10 s."""
        if self.quiet:
            return lambda step, done, total: None
        return self._living if sys.stderr.isatty() else self._plain

    def _living(self, step: str, done: int, total: int) -> None:
        tail = f" {done}/{total}" if total else ""
        click.echo(f"\r\x1b[2K{step}{tail}", err=True, nl=total == done)

    def _plain(self, step: str, done: int, total: int) -> None:
        now = time.monotonic()
        if done in (0, total) or now - self._last >= 10:
            self._last = now
            click.echo(f"{step} {done}/{total}" if total else step, err=True)
