"""Guardians who have not answered while a referral waits: told again, then information governance with them."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from joinedup.access.actor import system
from joinedup.access.audit import record
from joinedup.core.partnership import value
from joinedup.front_door.codes import Rating
from joinedup.front_door.models import GuardianReminder, Referral, matches_unanswered
from joinedup.front_door.settings import GUARDIAN_CLOCKS, GUARDIAN_CONTACT, working_hours
from joinedup.person_index.restricting import RP_7
from joinedup.person_index.services import tell_again

_MOST_AT_ONCE = 100


def remind_guardians(*, at: datetime) -> int:
    """Tell the guardians again whose answer a referral waits for: every half hour where it is urgent, else once a day
    (settings). After four hours, or two days, information governance is told with them, from then on at that longer
    stretch. Urgent work outside working hours also goes to the contact for those hours. Returns how many were reminded.

    Run by the keeper; not a person's act, so unguarded. Safe to run in two keepers at once.
    """
    rows = list(matches_unanswered().values_list("pk", "about_id", "at", "reminder__told_at")[:_MOST_AT_ONCE])
    urgent = _urgent({about for _, about, _, _ in rows})
    return sum(
        _remind(match_id, began, told, is_urgent=about in urgent, at=at) for match_id, about, began, told in rows
    )


def _urgent(ids: set[UUID]) -> set[UUID]:
    """Red, at level 4, or in danger now."""
    found = Referral.objects.filter(pk__in=ids).select_related("contact")
    return {row.pk for row in found if row.rating == Rating.RED or row.level == 4 or row.contact.is_immediate_danger}


def _remind(match_id: UUID, began: datetime, told: datetime | None, *, is_urgent: bool, at: datetime) -> bool:
    clock = value(GUARDIAN_CLOCKS, on=timezone.localdate(at))["urgent" if is_urgent else "other"]
    again, longer = timedelta(minutes=clock["again"]), timedelta(minutes=clock["governance"])
    if at < _due(began, told or began, again, longer):
        return False
    with transaction.atomic():
        # Whoever writes the row first reminds; a second keeper finds it written and looks again in its next round.
        row, is_new = GuardianReminder.objects.select_for_update().get_or_create(
            match_id=match_id, defaults={"told_at": at}
        )
        if not is_new and at < _due(began, row.told_at, again, longer):
            return False
        is_escalated = at >= began + longer
        tell_again(match_id=match_id, with_governance=is_escalated, also_to=_contact(at) if is_urgent else "", at=at)
        row.told_at, row.times = at, row.times + (not is_new)
        row.escalated_at = row.escalated_at or (at if is_escalated else None)
        row.save(update_fields=["told_at", "times", "escalated_at"])
        record(
            "write", "front_door.remind_guardians", by=system(at), at=at, rule=RP_7.code,
            subject=("person_index.restrictedmatch", str(match_id)),
        )  # fmt: skip
    return True


def _due(began: datetime, told: datetime, again: timedelta, longer: timedelta) -> datetime:
    """When they are told next: at the short stretch until information governance is told, then at the longer one."""
    escalation = began + longer
    return told + longer if told >= escalation else min(told + again, escalation)


def _contact(at: datetime) -> str:
    """Whom to tell outside working hours; nobody within them, or where no contact is set."""
    is_open = working_hours(timezone.localdate(at)).counts_as_received_at(at) == at
    return "" if is_open else str(value(GUARDIAN_CONTACT, on=timezone.localdate(at)))
