"""A rule as data: its code, the sentence people read, the field it belongs to, and where it comes from.

Each part writes its own rows in its `rules.py`, with a source of its own where it names none."""

from dataclasses import dataclass
from typing import Any

from joinedup.core.errors import Refused


@dataclass(frozen=True)
class RuleRow:
    """`field` names the form field the sentence belongs to; `is_verified` is False where a source was quoted from
    memory and must be checked before it is called law."""

    code: str
    sentence: str
    field: str = ""
    source: str = "local"
    is_verified: bool = True

    def refused(self, field: str = "", /, **words: Any) -> Refused:
        """The refusal, with the words of the sentence filled in; `field` where another field is the one to mend."""
        return Refused(
            self.sentence.format(**words) if words else self.sentence, rule=self.code, field=field or self.field
        )
