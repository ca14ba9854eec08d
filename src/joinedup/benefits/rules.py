"""The rules of programmes and their benefits, each with its code, the sentence a person reads, and its source. Pure.

BN-1xx are about programmes, strands, cohorts and claims, BN-2xx about business cases, BN-3xx about the cost of activity,
BN-4xx about what was realised and the investment agreement.
"""

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
    source: str = "local: practice of community budgets"
    is_verified: bool = True

    def refused(self, field: str = "", /, **words: Any) -> Refused:
        """The refusal, with the words of the sentence filled in."""
        return Refused(
            self.sentence.format(**words) if words else self.sentence, rule=self.code, field=field or self.field
        )


TITLE_NEEDED = Rule("BN-101", "Enter what the programme is called.", "title")
