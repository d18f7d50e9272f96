"""A merged district in; the `totals` of run.json out: accepted and pending, plain integers by key (contract.md 4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.merging.figures import standing_keys
from pipeline.model import District, Figure

PREFIXES = ("people.", "rows.", "amount_fen.", "donations_fen.")


def totals(district: District) -> dict[str, dict[str, Any]]:
    """{accepted, pending}: `people.F1` becomes {"people": {"F1": n}}, `amount_fen.F3.<fund>` nests twice. Money in fen.

    Standing figures nothing contributed to are 0; sub-counts such as people.F1.<category> stay out.
    """
    return {side: _side(district.figures, side) for side in ("accepted", "pending")}


def flat(nested: Mapping[str, Any], prefix: str = "") -> dict[str, int]:
    """The inverse: {"people": {"F1": 3}} -> {"people.F1": 3}."""
    found: dict[str, int] = {}
    for key, value in nested.items():
        if isinstance(value, Mapping):
            found |= flat(value, f"{prefix}{key}.")
        else:
            found[f"{prefix}{key}"] = int(value)
    return found


def _side(figures: Mapping[str, Figure], side: str) -> dict[str, Any]:
    keys = {*standing_keys(), *(k for k in figures if k.startswith(("amount_fen.", "rows.")))}
    tree: dict[str, Any] = {"rows": {}}
    for key in sorted(keys):
        value = getattr(figures[key], side) if key in figures else 0
        _put(tree, key.split(".", 2), value)
    tree["amount_fen"] = tree.get("amount_fen") or {"F3": {}}
    return tree


def _put(tree: dict[str, Any], path: list[str], value: int) -> None:
    for part in path[:-1]:
        tree = tree.setdefault(part, {})
    tree[path[-1]] = value
