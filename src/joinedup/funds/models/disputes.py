"""Balances that a finance director disputes: what is disputed, the step it is in with its day, and how it was settled."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from joinedup.access.actor import Actor
from joinedup.core.models import Record
from joinedup.funds.models.agreements import AgreementPartner
from joinedup.funds.models.budgets import Fund
from joinedup.funds.models.sharing import BalanceSignature


class DisputeQuerySet(models.QuerySet["Dispute"]):
    """Disputes, narrowed to those of the viewer's funds."""

    def visible_to(self, viewer: Actor) -> DisputeQuerySet:
        """Those of the funds the viewer may see."""
        return self.filter(fund__in=Fund.objects.visible_to(viewer))


class Dispute(Record):
    """Lines of one statement that a partner disputes. `steps` are the steps as they were agreed when it began: code, name,
    working days. One at a time for a partner and quarter."""

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="disputes")
    partner = models.ForeignKey(AgreementPartner, on_delete=models.PROTECT, related_name="disputes")
    signature = models.ForeignKey(BalanceSignature, on_delete=models.PROTECT, related_name="disputes")
    reference = models.CharField(max_length=16, unique=True)
    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    lines = models.JSONField(default=list)  # code, words, pence
    words = models.TextField()
    steps = models.JSONField(default=list)
    step = models.PositiveSmallIntegerField(default=0)
    step_ends_on = models.DateField()
    answer_by = models.DateField()
    answered_at = models.DateTimeField(null=True)
    raised_at = models.DateTimeField()
    raised_by = models.UUIDField(null=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.UUIDField(null=True)
    decision = models.TextField(blank=True)

    objects = DisputeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["fund", "partner", "year", "quarter"], condition=Q(settled_at__isnull=True),
                name="funds_dispute_one_open",
            ),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True) | ~Q(decision=""), name="funds_dispute_settled_says_how"
            ),
            models.CheckConstraint(condition=~Q(words=""), name="funds_dispute_says_why"),
        ]  # fmt: skip
        indexes = [models.Index(fields=["fund", "year", "quarter"], name="funds_disputes_of")]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_open(self) -> bool:
        """Nobody has settled it."""
        return self.settled_at is None


class DisputeMove(models.Model):
    """Something said or done in a dispute. Never changed."""

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="moves")
    kind = models.CharField(max_length=10)  # raised, answered, escalated, settled
    step = models.PositiveSmallIntegerField()
    words = models.TextField(blank=True)
    ends_on = models.DateField(null=True)
    at = models.DateTimeField()
    by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["raised", "answered", "escalated", "settled"]), name="funds_dispute_move"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.dispute_id}"
