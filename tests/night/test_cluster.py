"""A night handed to a cluster that is not there: one line that says what to do, and nothing is run."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import NoReturn

import pytest

from pipeline.home.schemas import error_text
from pipeline.model import WennuanError
from tests.night.conftest import wennuan


def scheduler(fault: Exception) -> ModuleType:
    """Stands for the extra where it is not installed."""

    def client(*_: object, **__: object) -> NoReturn:
        raise fault

    module = ModuleType("distributed")
    module.Client = client  # type: ignore[attr-defined]
    return module


@pytest.mark.parametrize(
    ("module", "key", "code"),
    [
        (None, "cluster_absent", 2),
        (scheduler(OSError("Timed out trying to connect")), "cluster_silent", 5),
        (scheduler(TimeoutError()), "cluster_silent", 5),
        (scheduler(ValueError("unknown address scheme")), "cluster_address", 2),
    ],
)
def test_without_a_cluster_one_line_says_what_to_do(
    clean_home: Path, monkeypatch: pytest.MonkeyPatch, module: ModuleType | None, key: str, code: int
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", module)
    with pytest.raises(WennuanError) as refused:
        wennuan("--home", str(clean_home), "run", "--cluster", "tcp://127.0.0.1:1")
    assert (refused.value.key, refused.value.code) == (key, code)
    assert all("{" not in text and text for text in error_text(refused.value))
    assert not list((clean_home / "outbox" / "nights").glob("*"))
