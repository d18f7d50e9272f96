"""Every enforced rule proves itself on its own two small homes, and its proof turns red when its code is switched off."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import pytest

from pipeline import proving
from pipeline.book.load import load_book
from pipeline.book.spec import Rule
from pipeline.checking import KINDS, rule_kinds
from pipeline.home.season import parse_season
from pipeline.model import Finding
from pipeline.night import deciding, judging, naming
from pipeline.proving.examples import read_base, read_cases

from .conftest import ROOT, schema_files

FILES = schema_files()
RULES = load_book(FILES, parse_season((ROOT / "season.toml").read_bytes()), rule_kinds()).rules
NOTICED = {"reader", "arrange"} | set(KINDS)  # whatever judge() can show; gate and loader have their own proof
ENFORCED = [
    r
    for r in RULES.values()
    if r.stage == "enforced" and r.kind in NOTICED and b"fault:" not in FILES[f"rules/examples/{r.id}.yaml"]
]


@pytest.fixture(scope="module")
def prover() -> proving.Prover:
    return proving.Prover(FILES, read_base(FILES))


@pytest.mark.parametrize("rule", ENFORCED, ids=lambda r: r.id)
def test_fail_fires_at_its_cell_and_pass_fires_nothing(rule: Rule, prover: proving.Prover) -> None:
    proof = proving.prove_one(rule.id, prover)
    assert proof is not None
    assert proof.ok, "\n".join(proof.wrong)


@pytest.mark.parametrize("rule", ENFORCED, ids=lambda r: r.id)
def test_without_its_code_the_example_turns_red(
    rule: Rule, prover: proving.Prover, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = read_cases(rule.id, FILES)
    assert cases is not None
    prover.book(proving.season_toml(cases[0], prover.base))  # loaded while the kind still stands
    _switch_off(rule, monkeypatch)
    assert rule.id not in {f.rule for f in proving.fire(cases[0], prover)}


def _switch_off(rule: Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    """A kind leaves the registry; what the reader or the arrangement notices is no longer said."""
    if rule.kind in KINDS:
        monkeypatch.delitem(KINDS, rule.kind)
        return
    read = proving.read_batch
    monkeypatch.setattr(
        proving, "read_batch", lambda *a: [replace(d, findings=_without(d.findings, rule)) for d in read(*a)]
    )
    for module, name in ((judging, "arrange"), (naming, "identify"), (judging, "lay_office")):  # findings come last
        monkeypatch.setattr(module, name, _muted(getattr(module, name), rule))
    for name in ("unknown_objects", "announcements"):
        monkeypatch.setattr(deciding, name, _unsaid(getattr(deciding, name), rule))


def _muted(step: Callable[..., Any], rule: Rule) -> Callable[..., Any]:
    def quiet(*args: Any) -> Any:
        *rest, findings = step(*args)
        return (*rest, _without(findings, rule))

    return quiet


def _unsaid(step: Callable[..., Iterable[Finding]], rule: Rule) -> Callable[..., list[Finding]]:
    return lambda *args: list(_without(step(*args), rule))


def _without(findings: Iterable[Finding], rule: Rule) -> tuple[Finding, ...]:
    return tuple(f for f in findings if f.rule != rule.id)


def test_every_cell_row_and_sheet_rule_is_enforced() -> None:
    missing = [r.id for r in RULES.values() if r.scope in {"cell", "row", "sheet"} and r.stage != "enforced"]
    assert missing == []
    counts = {s: sum(r.scope == s for r in RULES.values()) for s in ("cell", "row", "sheet")}
    assert counts == {"cell": 45, "row": 37, "sheet": 25}
