"""Whether money may go from one fund to another. Pure.

The money of a pooled fund belongs to its partners together, so it may go to another pooled fund of the same partners, as
where one agreement has a pool in each host's hands. An aligned fund has no money of its own, a joint one is paid for what
it has cost, and a grant is whoever's it was given to: none of them gives or takes.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from joinedup.funds.codes import Model

TRANSFER = "funds.transfer"  # what such entries say that they come from


@dataclass(frozen=True)
class Purse:
    """A fund as the rule looks at it. `streams` are the ring-fenced ones it may use."""

    id: UUID
    agreement_id: UUID
    model: str
    name: str
    streams: frozenset[UUID] = frozenset()


_WHY = {
    Model.ALIGNED: "{name} is aligned, so each partner keeps its own money",
    Model.JOINT: "{name} is joint: the partners are invoiced for what it has cost",
    Model.GRANT: "{name} is a grant, which is spent by whoever received it",
}


def why_not(start: Purse, end: Purse, fence: UUID | None = None) -> str:
    """Why money may not go from one fund to the other, completing “Money cannot go from one of these funds to the other:
    …”; empty where it may. `fence` is the ring-fenced stream it comes from."""
    for each in (start, end):
        if each.model != Model.POOLED:
            return _WHY[Model(each.model)].format(name=each.name)
    if start.agreement_id != end.agreement_id:
        return "they are under different agreements, and other partners would have what these put in"
    if fence is not None and fence not in end.streams:
        return f"ring-fenced money stays where its conditions put it, and {end.name} has no consent to use it"
    return ""
