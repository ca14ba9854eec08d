"""What there is to share out when an agreement ends, by which rule, and the statements that were frozen."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from joinedup.core.models import Record, new_id
from joinedup.funds.models.agreements import AgreementPartner
from joinedup.funds.models.budgets import Fund


class LeavingRule(Record):
    """By which rule a fund is shared out when its agreement ends. `weights` are by the code of the organisation; none of
    them means in proportion to opening contributions."""

    fund = models.OneToOneField(Fund, on_delete=models.PROTECT, related_name="leaving_rule")
    weights = models.JSONField(default=dict)
    redundancy_rule = models.CharField(max_length=8)
    clause = models.TextField()
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(redundancy_rule__in=["employer", "shared"]), name="funds_leaving_redundancy"),
            models.CheckConstraint(condition=~Q(clause=""), name="funds_leaving_clause"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"leaving {self.fund_id}"


class LeavingItem(Record):
    """Something the fund owns, and who keeps it; or what posts that end cost their employer. Taken off the list by a day,
    never deleted."""

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="leaving_items")
    kind = models.CharField(max_length=10)
    what = models.CharField(max_length=200)
    pence = models.BigIntegerField()
    partner = models.ForeignKey(AgreementPartner, null=True, on_delete=models.PROTECT, related_name="leaving_items")
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="asset") | Q(kind="redundancy", partner__isnull=False), name="funds_leaving_kind"
            ),
            models.CheckConstraint(condition=Q(pence__gt=0), name="funds_leaving_above_nought"),
        ]

    def __str__(self) -> str:
        return self.what


class LeavingStatement(models.Model):
    """A termination statement as it was frozen: its content, a hash over it, and the head of the ledger's chain. Never
    changed; a later one corrects it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="leaving_statements")
    number = models.PositiveSmallIntegerField()
    on = models.DateField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    ledger_number = models.BigIntegerField()
    ledger_digest = models.CharField(max_length=64)
    frozen_at = models.DateTimeField()
    frozen_by = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["fund", "number"], name="funds_leaving_statement_once")]

    def __str__(self) -> str:
        return f"{self.fund_id} {self.number}"
