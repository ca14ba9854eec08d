"""Guardians of restricted records who have not answered for a referral: when they were told again."""

from __future__ import annotations

from django.db import models

from joinedup.core.models import Record
from joinedup.front_door.lifecycle import UNDECIDED
from joinedup.front_door.models.referrals import Referral
from joinedup.person_index.models import RestrictedMatch


class GuardianReminder(Record):
    """How often the guardians were told again of one match, and since when information governance is told with them."""

    match = models.OneToOneField(RestrictedMatch, on_delete=models.PROTECT, related_name="reminder")
    told_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)
    escalated_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"told {self.times} times again"


def matches_unanswered() -> models.QuerySet[RestrictedMatch]:
    """What holds up an undecided referral until a guardian answers, the oldest first."""
    waiting = Referral.objects.filter(state__in=[each.value for each in UNDECIDED])
    rows = RestrictedMatch.objects.filter(
        answer="", holds=True, restriction__ended_at__isnull=True, about_kind=Referral._meta.label_lower,
        about_id__in=waiting.values("pk"),
    )  # fmt: skip
    return rows.order_by("at", "pk")
