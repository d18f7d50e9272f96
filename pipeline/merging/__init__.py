"""Judged sheets and settled findings in; the merged district with every figure's sources out."""

from pipeline.merging.approving import standing
from pipeline.merging.crosscheck import crosscheck, without_sources
from pipeline.merging.district import merge
from pipeline.merging.lines import form_lines
from pipeline.merging.totals import totals

__all__ = ["crosscheck", "form_lines", "merge", "standing", "totals", "without_sources"]
