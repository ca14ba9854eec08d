"""Who leads for a person, as the part that knows says it: for the head of every page of that person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from joinedup.access.actor import Actor


@dataclass(frozen=True)
class LeadShown:
    """Whom to ring about a person: the lead professional or whoever holds their duty, and who is rung in their place."""

    is_lead: bool
    name: str
    phone: str
    deputy: str
    deputy_phone: str
    reference: str


Leads = Callable[[Actor, UUID], tuple[LeadShown, ...]]
_sources: list[Leads] = []


def register_leads(leads: Leads) -> None:
    """Add a source. Called from a part's `apps.py`."""
    _sources.append(leads)


def leads_shown(viewer: Actor, person_id: UUID) -> tuple[LeadShown, ...]:
    """Everybody who leads for a person whom the caller has shown the viewer."""
    return tuple(each for source in _sources for each in source(viewer, person_id))
