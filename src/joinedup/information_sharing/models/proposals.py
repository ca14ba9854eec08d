"""Indicators that somebody proposes and somebody else agrees to, or not. What was agreed is a version of the indicator."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from joinedup.core.models import Record
from joinedup.information_sharing.indicators import Joined, Sign, Weight, condition_of
from joinedup.information_sharing.lifecycle import UNDECIDED, ProposalState
from joinedup.information_sharing.models.agreements import Agreement, LawfulBasis
from joinedup.information_sharing.models.indicators import Indicator, IndicatorVersion


class IndicatorProposal(Record):
    """A new indicator, or a change of one, answered a page at a time and then agreed to by a second person."""

    indicator = models.ForeignKey(Indicator, null=True, on_delete=models.PROTECT, related_name="proposals")
    name = models.CharField(max_length=120)
    wording = models.CharField(max_length=300)
    reason = models.CharField(max_length=500, blank=True)  # why it changes
    conditions = models.JSONField(default=list)
    joined = models.CharField(max_length=3, choices=[(each.value, each.value) for each in Joined], default=Joined.ALL)
    window_days = models.PositiveSmallIntegerField(null=True)
    minimum_age = models.PositiveSmallIntegerField(null=True)
    maximum_age = models.PositiveSmallIntegerField(null=True)
    weight = models.CharField(max_length=10, blank=True, choices=[(each.value, each.value) for each in Weight])
    agreement = models.ForeignKey(Agreement, null=True, on_delete=models.PROTECT, related_name="+")
    basis = models.ForeignKey(LawfulBasis, null=True, on_delete=models.PROTECT, related_name="+")
    review_on = models.DateField(null=True)
    state = models.CharField(
        max_length=9, choices=[(each.value, each.value) for each in ProposalState], default=ProposalState.DRAFT
    )
    begun_at = models.DateTimeField()
    begun_by = models.UUIDField(null=True)
    proposed_at = models.DateTimeField(null=True)
    proposed_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)
    decision_reason = models.CharField(max_length=500, blank=True)
    made = models.OneToOneField(IndicatorVersion, null=True, on_delete=models.PROTECT, related_name="proposal")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["indicator"],
                condition=Q(state__in=sorted(UNDECIDED), indicator__isnull=False),
                name="indicator_one_change_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=ProposalState.AGREED) | Q(made__isnull=False), name="indicator_agreed_is_in_use"
            ),
            models.CheckConstraint(
                condition=~Q(state=ProposalState.AGREED) | ~Q(decided_by=F("proposed_by")),
                name="indicator_agreed_by_another",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def sign(self) -> Sign:
        """What would make it speak, as far as it was said."""
        conditions = tuple(condition_of(each) for each in self.conditions)
        return Sign(conditions, self.window_days or 0, self.minimum_age, self.maximum_age, joined=Joined(self.joined))
