"""The merged district and settled findings in; every paper of the night out, and the gate that re-reads them."""

from pipeline.papers.fingerprint import fingerprint
from pipeline.papers.gate import Looker, gate
from pipeline.papers.material import Material, Run
from pipeline.papers.rendering import Later, Workbook, begin_papers, render_papers
from pipeline.papers.sending import no_room, package_path

__all__ = [
    "Later",
    "Looker",
    "Material",
    "Run",
    "Workbook",
    "begin_papers",
    "fingerprint",
    "gate",
    "no_room",
    "package_path",
    "render_papers",
]
