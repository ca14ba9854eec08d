"""What the host of a joint budget invoices the other partners for: the terms, the invoices and credit notes in one series
of numbers, and when each was sent and paid."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from joinedup.core.models import Record, new_id
from joinedup.funds.models.agreements import AgreementPartner
from joinedup.funds.models.budgets import Fund


class RechargeTerms(Record):
    """How a joint budget is recharged from a day on, until the next row begins. `weights` and `fixed` are by the code of
    the organisation; `reason` is why the VAT is as it is, in the words of the service (V6)."""

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="recharge_terms")
    basis = models.CharField(max_length=12)
    mode = models.CharField(max_length=8)
    weights = models.JSONField(default=dict)
    fixed = models.JSONField(default=dict)
    clause = models.TextField()  # the agreement's own words
    reason = models.CharField(max_length=500, blank=True)
    starts_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fund", "starts_on"], name="funds_recharge_terms_once"),
            models.CheckConstraint(condition=~Q(clause=""), name="funds_recharge_terms_clause"),
            models.CheckConstraint(condition=Q(basis__in=["cost_share", "fixed_sum"]), name="funds_recharge_basis"),
            models.CheckConstraint(condition=Q(mode__in=["pooled", "agency"]), name="funds_recharge_mode"),
        ]

    def __str__(self) -> str:
        return f"from {self.starts_on}"


class Recharge(models.Model):
    """One invoice of the host to a partner, or a credit note that takes one back. Never changed. `number` goes on without a
    gap in a fund and year; `lines` says of each service what it cost and what of it is this partner's."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="recharges")
    partner = models.ForeignKey(AgreementPartner, on_delete=models.PROTECT, related_name="recharges")
    terms = models.ForeignKey(RechargeTerms, on_delete=models.PROTECT, related_name="recharges")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    reference = models.CharField(max_length=40, unique=True)
    starts_on = models.DateField()  # the period it is for
    ends_on = models.DateField()
    net_pence = models.BigIntegerField()
    vat_pence = models.BigIntegerField()
    vat_rate = models.PositiveIntegerField()  # hundredths of a per cent
    mode = models.CharField(max_length=8)
    lines = models.JSONField(default=list)
    credits = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="credited_by")
    reason = models.CharField(max_length=500, blank=True)
    issued_on = models.DateField()
    due_on = models.DateField()
    entry_id = models.UUIDField()
    issued_at = models.DateTimeField()
    issued_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fund", "year", "number"], name="funds_recharge_number"),
            models.CheckConstraint(condition=~Q(net_pence=0), name="funds_recharge_not_nought"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="funds_recharge_period"),
            models.CheckConstraint(
                condition=Q(credits__isnull=True) | ~Q(reason=""), name="funds_recharge_credit_says_why"
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def gross_pence(self) -> int:
        """With VAT."""
        return self.net_pence + self.vat_pence

    @property
    def is_credit_note(self) -> bool:
        """It gives the partner something back."""
        return self.net_pence < 0


class RechargeStep(models.Model):
    """An invoice was sent, or paid. Never changed."""

    recharge = models.ForeignKey(Recharge, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=4)
    on = models.DateField()
    reference = models.CharField(max_length=120, blank=True)
    entry_id = models.UUIDField(null=True)
    at = models.DateTimeField()
    by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recharge", "kind"], name="funds_recharge_step_once"),
            models.CheckConstraint(condition=Q(kind__in=["sent", "paid"]), name="funds_recharge_step_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.on}"
