"""Business cases and the rounds of review they go through."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q

from joinedup.benefits.models.programme import Strand
from joinedup.core.models import Record


def _nothing() -> dict[str, Any]:
    return {}


class BusinessCase(Record):
    """The case for a strand as it is being written. `model` has the keys of the appraisal model, filled in as far as
    somebody has come; agencies in it are codes of the programme's partners."""

    strand = models.ForeignKey(Strand, on_delete=models.PROTECT, related_name="cases")
    reference = models.CharField(max_length=16, unique=True)
    title = models.CharField(max_length=200)
    model = models.JSONField(default=_nothing)
    begun_at = models.DateTimeField()
    begun_by = models.UUIDField(null=True)
    saved_at = models.DateTimeField()
    saved_by = models.UUIDField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.title

    @property
    def programme_id(self) -> UUID:
        """Whose partners may see it."""
        return self.strand.programme_id


class Round(Record):
    """A business case as it went to a round of review, kept for good: the whole model, its results, what changed since
    the round before and why. Rows are sealed."""

    case = models.ForeignKey(BusinessCase, on_delete=models.PROTECT, related_name="rounds")
    number = models.PositiveSmallIntegerField()
    model = models.JSONField()
    results = models.JSONField()
    digest = models.CharField(max_length=64)  # SHA-256 of model and results
    changed = models.TextField(blank=True)
    why = models.TextField(blank=True)
    kept_at = models.DateTimeField()
    kept_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="business_case_round_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="business_case_round_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}, round {self.number}"
