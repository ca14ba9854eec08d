"""What a fund's reports carry beside its money (R-5): what could go wrong, and what was reached of the agreement's aims."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from joinedup.core.models import Record
from joinedup.funds.codes import LIKELIHOODS
from joinedup.funds.models.budgets import Fund
from joinedup.organisations.models import Post


class FundRisk(Record):
    """Something that could go wrong with a fund: because of what, what happens, what that would do, how likely it is, who
    answers for it and what is done. `number` is its own in the fund."""

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="risks")
    number = models.PositiveSmallIntegerField()
    cause = models.TextField()
    event = models.CharField(max_length=200)
    effect = models.TextField()
    likelihood = models.CharField(max_length=8, choices=list(LIKELIHOODS.items()))
    owner = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="fund_risks")
    action = models.TextField()
    raised_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True)
    closed_on = models.DateField(null=True)
    closed_because = models.TextField(blank=True)
    closed_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fund", "number"], name="funds_risk_number"),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | ~Q(closed_because=""), name="funds_risk_closed_says_why"
            ),
            models.CheckConstraint(condition=Q(likelihood__in=list(LIKELIHOODS)), name="funds_risk_likelihood"),
        ]

    def __str__(self) -> str:
        return f"R{self.number}"


class FundOutcome(Record):
    """How one of the agreement's aims is seen to be reached: what is measured, and where it should be by the year's end."""

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="outcomes")
    number = models.PositiveSmallIntegerField()
    measure = models.CharField(max_length=200)
    target = models.CharField(max_length=200)
    starts_on = models.DateField()  # the first quarter of which it is reported is the one this day lies in
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True)
    ended_on = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["fund", "number"], name="funds_outcome_number")]

    def __str__(self) -> str:
        return self.measure


class OutcomeActual(Record):
    """Where a measure stood at the end of a quarter, and what is to be said about it."""

    outcome = models.ForeignKey(FundOutcome, on_delete=models.PROTECT, related_name="actuals")
    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    actual = models.CharField(max_length=200)
    narrative = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["outcome", "year", "quarter"], name="funds_outcome_actual_once"),
            models.CheckConstraint(condition=Q(quarter__gte=1, quarter__lte=4), name="funds_outcome_actual_quarter"),
        ]

    def __str__(self) -> str:
        return f"{self.actual} at the end of quarter {self.quarter}"
