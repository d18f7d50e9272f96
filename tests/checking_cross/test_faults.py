"""MNY-014, OUT-… and the calendar prove themselves on their own small homes, and turn red when their code is switched off."""

from __future__ import annotations

from importlib import import_module

import pytest

from pipeline import proving
from pipeline.home.schemas import package_files
from pipeline.proving.examples import read_base, read_cases

FILES = package_files("schemas")
CODE = {  # rule -> what it is switched off by
    "MNY-014": ("pipeline.proving.faults", "crosscheck"),
    "OUT-005": ("pipeline.papers.gate", "_hidden"),
    "OUT-007": ("pipeline.papers.gate", "_formulas"),
    "OUT-009": ("pipeline.papers.gate", "_figures"),
    "OUT-011": ("pipeline.papers.gate", "_strangers"),
    "OUT-012": ("pipeline.papers.gate", "_health"),
    "CAL-015": ("pipeline.home.season", "contradictions"),
    "CAL-016": ("pipeline.home.season", "contradictions"),
}


@pytest.fixture(scope="module")
def prover() -> proving.Prover:
    return proving.Prover(FILES, read_base(FILES))


@pytest.mark.parametrize("rule", CODE)
def test_fail_fires_and_pass_fires_nothing(rule: str, prover: proving.Prover) -> None:
    proof = proving.prove_one(rule, prover)
    assert proof is not None
    assert proof.ok, "\n".join(proof.wrong)


@pytest.mark.parametrize("rule", CODE)
def test_without_its_code_the_example_turns_red(
    rule: str, prover: proving.Prover, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = read_cases(rule, FILES)
    assert cases is not None
    owner, name = CODE[rule]
    monkeypatch.setattr(import_module(owner), name, lambda *_: [])
    assert rule not in {f.rule for f in proving.fire(cases[0], proving.Prover(FILES, prover.base))}
