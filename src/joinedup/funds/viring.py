"""Whether money may move between two budget lines, and what follows. Pure (R-4)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from joinedup.funds.codes import Model, Tier


@dataclass(frozen=True)
class Line:
    """A budget line as the rule looks at it. `fence` is the ring-fenced stream its money comes from, empty for none."""

    id: UUID
    fund_id: UUID
    year: int
    partner_id: UUID
    scheme_id: UUID
    tier: str
    is_capital: bool
    fence: str = ""


def why_not(model: str, start: Line, end: Line) -> str:
    """Why money may not move from one line to the other, completing “Money cannot be moved between these lines: …”; empty
    where it may."""
    if start.fund_id != end.fund_id or start.year != end.year:
        return "they are not in the same fund and year"
    if start.fence != end.fence:
        return "ring-fenced money stays where its conditions put it"
    if start.partner_id == end.partner_id:
        return ""
    if model == Model.ALIGNED:
        return "in an aligned fund each partner keeps its own money"
    if model == Model.JOINT:
        return "in a joint fund what a partner pays changes with its cost share, not by a virement"
    if model == Model.GRANT:
        return "a grant is spent by whoever received it"
    if start.tier != Tier.POOLED or end.tier != Tier.POOLED:
        return "a line that is not pooled stays with the partner that owns it"
    return ""


def crosses(start: Line, end: Line) -> bool:
    """From one service to another, or between capital and revenue."""
    return start.scheme_id != end.scheme_id or start.is_capital != end.is_capital
