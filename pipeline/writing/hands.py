"""What workers write: the asking is free, XlsxWriter is loaded where the work is done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any


def workbook(data: bytes, path: str, view: Mapping[str, Any], made: datetime) -> bytes:
    """As `pipeline.writing.grid.workbook`."""
    from pipeline.writing import grid  # noqa: PLC0415 - who only asks for a workbook writes none

    return grid.workbook(data, path, view, made)
