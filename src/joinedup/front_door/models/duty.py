"""Who is on duty, and whom red pages."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from joinedup.core.models import OutboxMessage, Record
from joinedup.front_door.models.referrals import Referral
from joinedup.organisations.models import Post


class DutyPeriod(Record):
    """Who is on duty from a moment to a moment; the first by order is paged first."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="duty_periods")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    order = models.PositiveSmallIntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["starts_at", "ends_at"], name="front_door_duty")]

    def __str__(self) -> str:
        return f"duty {self.order}"


class DutyPage(Record):
    """A red referral paged to the duty person. Overdue from the start until a named person accepts it."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="pages")
    post = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="pages")
    paged_at = models.DateTimeField()
    repeat_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)  # when the next person was paged instead
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.UUIDField(null=True)
    message = models.ForeignKey(OutboxMessage, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [
            models.Index(
                fields=["repeat_at"],
                name="front_door_pages_waiting",
                condition=Q(accepted_at__isnull=True, superseded_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"page for {self.referral_id}"
