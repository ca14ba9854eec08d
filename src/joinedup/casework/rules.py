"""The rules of casework, each with its code, the sentence a person reads, and its source. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from joinedup.access.roles import Role
from joinedup.core.errors import Refused


@dataclass(frozen=True)
class Rule:
    """`field` names the form field the sentence belongs to; `source` says where the rule comes from."""

    code: str
    sentence: str
    field: str = ""
    source: str = "local: one team and one lead professional around the child"

    def refused(self, **words: Any) -> Refused:
        """The refusal, with the words of the sentence filled in."""
        return Refused(self.sentence.format(**words) if words else self.sentence, rule=self.code, field=self.field)


ONE_OPEN_CASE = Rule("CW-1", "This family already has an open case.")
SOMEBODY_IN_IT = Rule("CW-2", "A case is about at least one child.", "people")
LEAD_IN_TEAM = Rule("CW-3", "The lead professional is a key worker of the case’s own team.", "post")
POST_HELD = Rule("CW-4", "That post is not held at the moment.", "post")
REASON_TO_CHANGE = Rule("CW-5", "Say why the lead professional changes.", "reason")
LEAD_ALREADY = Rule("CW-6", "They are the lead professional already.", "post")
MEMBER_ALREADY = Rule("CW-7", "They are in the team around this child already.", "post")
LEAD_IS_REPLACED = Rule("CW-8", "A lead professional is replaced, not removed. Name another first.")
LEFT_ALREADY = Rule("CW-9", "They have left the team around this child already.")
REASON_NEEDED = Rule("CW-10", "Give a reason.", "reason")
CASE_IS_CLOSED = Rule("CW-11", "This case is closed. A new referral opens a new one.")
_GO_LIVE = "local: going live with the open cases of an old system"
KNOWN_BEFORE = Rule(
    "CW-12", "This case has been brought over and its row now says otherwise. Change it here, not there.", "reference",
    source=_GO_LIVE,
)  # fmt: skip
KNOWN_PEOPLE = Rule(
    "CW-13", "No record with the reference {references}. Import the agency’s records of people first.", "people",
    source=_GO_LIVE,
)  # fmt: skip
ONE_FAMILY = Rule(
    "CW-14", "These people are in different families. Say which household it is, or make two cases.", "people",
    source=_GO_LIVE,
)  # fmt: skip
KNOWN_TEAM = Rule("CW-15", "There is no team with this code.", "team", source=_GO_LIVE)
KNOWN_LEAD = Rule(
    "CW-16", "Nobody with this address holds a key worker’s post in that team now.", "lead", source=_GO_LIVE
)
OPENED_IN_TIME = Rule("CW-17", "A case cannot have been opened after today.", "opened_on", source=_GO_LIVE)

RULES: tuple[Rule, ...] = tuple(value for value in list(globals().values()) if isinstance(value, Rule))


def lead_fault(role: str, post_team: UUID | None, case_team: UUID, *, is_held: bool) -> Rule | None:
    """Who may be named lead professional: a key worker of the case's team whose post is held now (CW-3, CW-4)."""
    if not is_held:
        return POST_HELD
    return None if role == Role.KEY_WORKER and post_team == case_team else LEAD_IN_TEAM


def is_member_at(at: datetime, joined_at: datetime, left_at: datetime | None) -> bool:
    """In the team around the child from the moment of joining up to, but not including, that of leaving."""
    return joined_at <= at and (left_at is None or at < left_at)
