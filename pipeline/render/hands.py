"""What workers print and read back: the asking is free, jinja2 and lxml are loaded where the work is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.render.look import Look


def print_all(
    views: Sequence[Mapping[str, Any]], templates: Mapping[str, bytes], paths: Sequence[str], author: str
) -> list[list[bytes]]:
    """As `pipeline.render.press.print_all`."""
    from pipeline.render import press  # noqa: PLC0415 - who only asks for a page needs no press

    return press.print_all(views, templates, paths, author)


def look_all(files: Sequence[tuple[str, bytes, bool]]) -> list[Look]:
    """As `pipeline.render.looking.look_all`."""
    from pipeline.render import looking  # noqa: PLC0415 - who only asks for a look opens nothing

    return looking.look_all(files)
