"""What the marker is told: remarks on cells, where each sheet's 审核意见 column stands, and the words of the return."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.model import EMPTY


@dataclass(frozen=True, slots=True)
class Remark:
    """One line of the 问题清单. level: error | warning | waived | explained; the latter two stand on the list alone.

    `sheet`/`row`/`col` None where it concerns the whole file; `reply`: the 学校说明 that was heard.
    """

    level: str
    number: int
    id: str
    sheet: str | None
    row: int | None
    col: int | None
    title: str
    value: str
    message: str
    remedy: str
    reply: str = ""


@dataclass(frozen=True, slots=True)
class Spot:
    """A sheet with a table: its name, the (last) header row and the first free column right of everything.

    `names`: the last of the first columns that say whose row it is, 0 = none.
    """

    sheet: str
    header_row: int
    free_col: int
    names: int = 0


@dataclass(frozen=True, slots=True)
class Return:
    """One marked copy to make."""

    remarks: tuple[Remark, ...]
    spots: tuple[Spot, ...]
    unit: str
    round: str  # 第n次反馈
    words: Mapping[str, Any]  # schemas/words/returns.yaml
    sums: Mapping[str, Mapping[tuple[int, int], str]] = EMPTY  # sheet -> cell -> what it sums, for a rebuilt copy


def say(words: Mapping[str, Any], key: str, **facts: object) -> str:
    text = str(words[key])
    for name, value in facts.items():
        text = text.replace("{" + name + "}", str(value))
    return text
