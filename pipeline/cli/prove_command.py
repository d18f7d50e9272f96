"""`wennuan prove`: every rule's fail and pass example through the same steps as a night."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.book.load import load_book
from pipeline.cli.options import command
from pipeline.cli.talk import Talk
from pipeline.home.layout import open_home
from pipeline.home.schemas import package_files, schema_files
from pipeline.model import WennuanError
from pipeline.proving import Proof, Prover, prove_one
from pipeline.proving.examples import read_base


@command(
    "证明规则有效：每条规则的反例必须触发、正例必须不触发，用与汇总相同的步骤逐条运行。",
    epilog="例：  wennuan prove\n      wennuan prove CEL-013 ROW-029",
)
@click.argument("rules", metavar="[规则编号]…", nargs=-1)
def prove(home: Path, talk: Talk, rules: tuple[str, ...]) -> int:
    files = schema_files(open_home(home)) if (home / "season.toml").is_file() else package_files("schemas")
    known = sorted(Path(n).stem for n in files if n.startswith("rules/examples/") and not Path(n).stem.startswith("_"))
    wanted = [r.upper() for r in rules] or known
    without = next((r for r in wanted if r not in known), None)
    if without:
        there = without in load_book(files).rules
        raise WennuanError("no_such_example" if there else "no_such_rule", code=2, rule=without)
    prover, tell, proofs = Prover(files, read_base(files)), talk.progress(), []
    for i, rule in enumerate(wanted, 1):
        proof = prove_one(rule, prover)
        assert proof is not None
        proofs.append(proof)
        tell("证明规则", i, len(wanted))
    bad = [p for p in proofs if not p.ok]
    tail = f"× {len(bad)} 条不符，共 {len(proofs)} 条。" if bad else f"√ {len(proofs)} 条规则的正反例全部相符。"
    talk.result([_told(p) for p in proofs], "\n".join([*(f"× {p.rule}　{'；'.join(p.wrong)}" for p in bad), tail]))
    return 1 if bad else 0


def _told(p: Proof) -> dict[str, object]:
    return {"rule": p.rule, "ok": p.ok, "fired": list(p.fired), "expected": p.expected or None}
