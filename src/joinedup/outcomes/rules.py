"""The rules of measuring outcomes. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from joinedup.core.errors import Refused


@dataclass(frozen=True)
class Rule:
    """`field` names the form field the sentence belongs to."""

    code: str
    sentence: str
    field: str = ""
    source: str = "local: an outcome is measured from a baseline, on one scale"

    def refused(self, **words: Any) -> Refused:
        """The refusal, with the words of the sentence filled in."""
        return Refused(self.sentence.format(**words), rule=self.code, field=self.field)


ON_THE_SCALE = Rule("OC-1", "{fault}", "value")
NOT_BEFORE_BASELINE = Rule("OC-2", "A reading cannot be from before the baseline of {day}.", "on")
NOT_TO_COME = Rule("OC-3", "A reading cannot be from a day to come.", "on")
MEASURE_IN_USE = Rule("OC-4", "This measure is not used any more. Choose another.", "measure")
CODE_ONCE = Rule("OC-5", "There is a measure with this code already.", "code")
SCALE_RUNS_UP = Rule("OC-6", "The lowest value of the scale must be less than the highest.", "most")
ENDED_ALREADY = Rule("OC-7", "This measure has ended already.")
MEASURED_ALREADY = Rule("OC-8", "It has been read since. Its measure and baseline stay as they are.", "measure")
