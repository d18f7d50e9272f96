"""What the gate says and the home's templates beside the program's in; a refusal where one of the home's own lacks a figure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from pipeline.model import Finding, WennuanError
from pipeline.papers.gate import FIGURES

SHOWN = 3  # names of figures in one message


def refuse_older(said: Sequence[Finding], own: Mapping[str, bytes], ours: Mapping[str, bytes]) -> None:
    """`own`, `ours`: path under templates/ -> bytes, of the home and of the program.

    A figure a paper always prints and this one nowhere shows is the template's fault, when the office changed it or an
    older program made it: the office hears which template before anything is delivered. In a template of ours it stays
    a finding: the fault is ours.
    """
    lost: dict[str, set[str]] = defaultdict(set)
    for f in said:
        if f.rule == FIGURES and f.file and f.key == f"{f.file}|{f.facts['key']}|":
            template = _template(f.file, own)
            if own.get(template) != ours.get(template):
                lost[template].add(str(f.facts["key"]).partition("@")[0])
    if lost:
        first, *others = (
            WennuanError("template_lacks", code=2, file=file, n=len(keys), names=" ".join(sorted(keys)[:SHOWN]))
            for file, keys in sorted(lost.items())
        )
        first.more = tuple(others)
        raise first


def _template(path: str, own: Mapping[str, bytes]) -> str:
    """units/YL001_…/X.html -> unit/X.html; a workbook's template ends in .yaml."""
    parts = path.split("/")
    name = f"unit/{parts[-1]}" if parts[0] == "units" else path
    return name if name in own else f"{name}.yaml"
