"""Templates and the views of many units in, every unit's page and letter out: what a worker prints, wherever it runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from pipeline.render.letters import Letter
from pipeline.render.pages import Pages

PAGE, LETTER = ".html", ".docx"


def print_all(
    views: Sequence[Mapping[str, Any]], templates: Mapping[str, bytes], paths: Sequence[str], author: str
) -> list[list[bytes]]:
    """For each view the papers of `paths` in order. `templates` holds them and what they include; `author` signs letters."""
    press = _press(tuple(sorted(templates.items())))
    return [[press.printed(path, view, author) for path in paths] for view in views]


class Press:
    """The office's pages and letters, each compiled once."""

    def __init__(self, templates: Mapping[str, bytes]) -> None:
        self._templates, self._pages = templates, Pages(templates)
        self._letters: dict[str, Letter] = {}

    def printed(self, path: str, view: Mapping[str, Any], author: str) -> bytes:
        """One paper. A template that asks for what the view does not hold is the office's error (WennuanError)."""
        if path.endswith(PAGE):
            return self._pages.render(path, view)
        if path not in self._letters:
            self._letters[path] = Letter(self._templates[path], path)
        return self._letters[path].fill(view, path.rsplit("/", 1)[-1].removesuffix(LETTER), author)


@lru_cache(maxsize=1)
def _press(templates: tuple[tuple[str, bytes], ...]) -> Press:
    """Compiled once per process: a worker prints many shares of one night."""
    return Press(dict(templates))
