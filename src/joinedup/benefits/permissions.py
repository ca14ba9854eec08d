"""Who may see and run programmes, business cases and benefits. Whose programmes: `visible_to` and the partners decide."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.access.permissions import declare
from joinedup.access.roles import FINANCE, Role
from joinedup.benefits.models import ProgrammePartner

_CHIEFS = frozenset({Role.CHIEF_FINANCE_OFFICER})
_DIRECTORS = _CHIEFS | {Role.FINANCE_DIRECTOR}
_RUN = frozenset({Role.PROGRAMME_MANAGER, Role.COMMISSIONER})
_READ = FINANCE | _RUN
_OF_PARTNER = "of a partner of the programme"


def _organisations(viewer: Actor, roles: frozenset[Role]) -> set[UUID]:
    return {each.organisation_id for each in viewer.standings if each.role in roles}


def _is_partner(viewer: Actor, programme_id: UUID, roles: frozenset[Role]) -> bool:
    """A post of theirs with one of the roles stands for a partner of the programme."""
    there = ProgrammePartner.objects.filter(programme_id=programme_id)
    return there.filter(organisation_id__in=_organisations(viewer, roles)).exists()


def of_programme(roles: frozenset[Role]) -> Any:
    """For a programme, or what belongs to one."""
    return lambda viewer, record: _is_partner(viewer, getattr(record, "programme_id", record.pk), roles)


READ_PROGRAMMES = declare("benefits.read_programmes", "see programmes, their business cases and benefits", roles=_READ)
SET_UP_PROGRAMME = declare("benefits.set_up_programme", "set up a programme", roles=_RUN)
RUN_PROGRAMME = declare(
    "benefits.run_programme", "change a programme and its strands", roles=_RUN, within=of_programme(_RUN),
    within_sentence=_OF_PARTNER,
)  # fmt: skip
