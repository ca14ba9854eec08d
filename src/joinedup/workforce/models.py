"""Training: who was trained by whom in what, and from when to when it counts."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from joinedup.access.models import Account
from joinedup.core.models import Record
from joinedup.workforce.codes import Course


class TrainingQuerySet(models.QuerySet["Training"]):
    """Training, by the day."""

    def current_on(self, day: date) -> TrainingQuerySet:
        """Begun, not run out, not taken back."""
        return self.filter(completed_on__lte=day, valid_until__gte=day, taken_back_at__isnull=True)


class Training(Record):
    """One course one person completed. It belongs to the person, not to a post: it moves with them. Never deleted."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    course = models.CharField(max_length=30, choices=[(each.value, each.value) for each in Course])
    trainer = models.CharField(max_length=160)
    completed_on = models.DateField()
    valid_until = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True)
    taken_back_at = models.DateTimeField(null=True)
    taken_back_by = models.UUIDField(null=True)
    taken_back_reason = models.CharField(max_length=300, blank=True)

    objects = TrainingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__gte=F("completed_on")), name="training_ends_after_it_begins"
            ),
            models.UniqueConstraint(
                fields=["account", "course", "completed_on"],
                condition=Q(taken_back_at__isnull=True),
                name="training_once_a_day",
            ),
        ]
        indexes = [
            models.Index(fields=["account", "course", "-valid_until"], name="training_of_account"),
            models.Index(fields=["valid_until", "id"], name="training_by_end"),
        ]

    def __str__(self) -> str:
        return f"{self.course} of {self.account_id}"
