"""The grounds the front door gives for seeing people."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast

from joinedup.access.actor import Actor
from joinedup.access.roles import FRONT_DOOR, Role
from joinedup.front_door.codes import HandoverStatus
from joinedup.front_door.lifecycle import OPEN
from joinedup.front_door.models import CaseNotice, Handover, Referral, ReferralPerson, withheld_referrals


def people_in_open_referrals(viewer: Actor) -> QuerySet[ReferralPerson, UUID] | None:
    """Those identified in a referral that is still the front door's work. The ground ends when a team, statutory social
    care or the lead professional has it, also for whoever held it."""
    if not viewer.has_role(*FRONT_DOOR):
        return None
    return _identified().filter(referral__state__in=[state.value for state in OPEN])


def people_handed_over(viewer: Actor) -> QuerySet[ReferralPerson, UUID] | None:
    """Those identified in a referral that was handed over and is not closed there."""
    if not viewer.has_role(Role.STATUTORY_OFFICER):
        return None
    handed = _identified().filter(referral__handover__isnull=False)
    return handed.exclude(referral__handover__status=HandoverStatus.CLOSED)


def people_in_referrals(referral_ids: list[str]) -> set[UUID]:
    """Whom messages about these referrals concern, for the trail of who read them."""
    return set(_identified().filter(referral_id__in=referral_ids))


def messages_hidden_from(viewer: Actor, kind: type[Referral | CaseNotice | Handover]) -> QuerySet[Any, str]:
    """Referrals, notices or hand-overs that name somebody withheld from the viewer, as messages refer to them."""
    field = "pk" if kind is Referral else "referral_id"
    rows: QuerySet[Any] = kind._default_manager.filter(**{f"{field}__in": withheld_referrals(viewer)})
    return rows.values_list(Cast("pk", CharField()), flat=True)


def _identified() -> QuerySet[ReferralPerson, UUID]:
    return ReferralPerson.objects.filter(person__isnull=False).values_list("person_id", flat=True)
