"""A seed and a number of units in; an invented district out: every file of its inbox, and where each planted fault lies."""

from __future__ import annotations

from pipeline.demo.plan import Sample
from pipeline.demo.sample import sample_district

__all__ = ["Sample", "sample_district"]
