"""What the API needs beside the queries themselves: codes that may be asked for, and how data is spelled out. Each is worked out
from what a query has let the viewer see."""

from __future__ import annotations

from joinedup.benefits.case_results import results_of
from joinedup.benefits.costing import as_content
from joinedup.benefits.investing import BASES
from joinedup.benefits.lifecycle import BenefitState
from joinedup.benefits.pack import answers

__all__ = ["BASES", "BenefitState", "answers", "as_content", "results_of"]
