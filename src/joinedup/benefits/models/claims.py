"""Figures that were published about programmes, and what explains that they differ."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from joinedup.benefits.lifecycle import CLAIM_BASES, CLAIM_HOWS
from joinedup.benefits.models.programme import Programme
from joinedup.core.models import Record


class ClaimSubject(Record):
    """What several figures are about, so that they stand side by side. With a `programme` they are about one's own."""

    title = models.CharField(max_length=200)
    programme = models.ForeignKey(Programme, null=True, on_delete=models.PROTECT, related_name="claim_subjects")
    explains = models.TextField(blank=True)  # why the figures differ
    explained_at = models.DateTimeField(null=True)
    explained_by = models.UUIDField(null=True)
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True)

    def __str__(self) -> str:
        return self.title


class Claim(Record):
    """One figure as it was published: pounds, or a ratio, with everything needed to read it."""

    subject = models.ForeignKey(ClaimSubject, on_delete=models.PROTECT, related_name="claims")
    pence = models.BigIntegerField(null=True)
    number = models.DecimalField(max_digits=14, decimal_places=4, null=True)  # what is no sum of money
    unit = models.CharField(max_length=80, blank=True)  # per family, for each £1 spent …
    what = models.CharField(max_length=200)
    basis = models.CharField(max_length=5, choices=list(CLAIM_BASES.items()))
    how = models.CharField(max_length=9, choices=list(CLAIM_HOWS.items()))
    price_year = models.CharField(max_length=20, blank=True)
    period = models.CharField(max_length=80, blank=True)
    area = models.CharField(max_length=120, blank=True)
    source = models.CharField(max_length=300)
    published = models.CharField(max_length=60, blank=True)
    words = models.TextField(blank=True)
    corrects = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="corrected_by")
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.UUIDField(null=True)
    withdrawn_reason = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(pence__isnull=False, number__isnull=True) | Q(pence__isnull=True, number__isnull=False),
                name="claim_money_or_number",
            ),
            models.CheckConstraint(condition=~Q(source=""), name="claim_has_a_source"),
        ]

    def __str__(self) -> str:
        return self.what
