"""What became of a strand and why, who sponsored it from when to when, and which families are in it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q

from joinedup.benefits.lifecycle import MEMBER_SOURCES, STRAND_STEPS
from joinedup.benefits.models.programme import Strand
from joinedup.core.models import Record
from joinedup.organisations.models import Organisation, Post
from joinedup.person_index.models import Family


def _nothing() -> dict[str, Any]:
    return {}


class StrandStep(Record):
    """One thing that was done to a strand, with the reason. Rows are sealed: what is undone is undone by another."""

    strand = models.ForeignKey(Strand, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=12, choices=[(each.value, text) for each, text in STRAND_STEPS.items()])
    other = models.ForeignKey(Strand, null=True, on_delete=models.PROTECT, related_name="steps_beside")
    reason = models.TextField(blank=True)
    words = models.JSONField(default=_nothing)
    at = models.DateTimeField()
    by = models.UUIDField(null=True)

    def __str__(self) -> str:
        return f"{self.kind} of {self.strand_id}"


class Sponsorship(Record):
    """A partner sponsors a strand from a day to a day; an officer of it answers that what is proposed is delivered."""

    strand = models.ForeignKey(Strand, on_delete=models.PROTECT, related_name="sponsorships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="sponsorships")
    officer = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="sponsorships")
    reason = models.CharField(max_length=400)  # what it has to lose or to gain
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)  # the last day
    said_at = models.DateTimeField()
    said_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["strand"], condition=Q(ends_on__isnull=True), name="strand_one_sponsor"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} sponsors {self.strand_id}"


class CohortRule(Record):
    """How a strand finds its families: among whom case work is open, by what is recorded of them. `expected` is how many
    there are said to be where there is no live list, with where the number is from."""

    strand = models.OneToOneField(Strand, on_delete=models.PROTECT, related_name="cohort_rule")
    criteria = models.JSONField(default=_nothing)  # cohort.Criteria as data; empty where nobody is found by rule
    expected = models.PositiveIntegerField(null=True)
    expected_source = models.CharField(max_length=300, blank=True)
    set_at = models.DateTimeField()
    set_by = models.UUIDField(null=True)
    refreshed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"the families of {self.strand_id}"


class CohortMember(Record):
    """A family in a strand from a day to a day."""

    strand = models.ForeignKey(Strand, on_delete=models.PROTECT, related_name="families")
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="strands")
    source = models.CharField(max_length=4, choices=list(MEMBER_SOURCES.items()))
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)  # the last day
    added_at = models.DateTimeField()
    added_by = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["strand", "family"], condition=Q(ends_on__isnull=True), name="family_in_strand_once"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="family_in_strand_dates"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.family_id} in {self.strand_id}"

    @staticmethod
    def on(day: date) -> Q:
        """Those who are in it on a day."""
        return Q(starts_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gte=day))
