"""How long words are kept: what holds them past their time, and that they were destroyed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from joinedup.casework.codes import HOLDS
from joinedup.casework.models.cases import Case
from joinedup.core.models import Record


class WordsHold(Record):
    """Something for which the words of a case are kept past their time: a court, a complaint, a request to see the record.
    It is looked at again by a day."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="words_holds")
    kind = models.CharField(max_length=12, choices=list(HOLDS.items()))
    reason = models.CharField(max_length=300)
    review_on = models.DateField()
    set_at = models.DateTimeField()
    set_by = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)
    ended_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind"], condition=Q(ended_at__isnull=True), name="one_hold_of_a_kind_at_a_time"
            ),
            models.CheckConstraint(
                condition=(Q(ended_at__isnull=True) & Q(ended_reason=""))
                | (Q(ended_at__isnull=False) & ~Q(ended_reason="")),
                name="words_hold_ended_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.case_id}"


class WordsDestroyed(Record):
    """That the words of a case were destroyed: when, by whom, why, under which time, and how many rows of what."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="words_destroyed")
    at = models.DateTimeField()
    by = models.UUIDField(null=True)
    reason = models.CharField(max_length=300)
    years = models.PositiveSmallIntegerField()
    counts = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.case_id} at {self.at:%Y-%m-%d}"
