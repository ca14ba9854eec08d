"""What partners put in: each contribution with the sum behind it, its instalments, and what was received."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from joinedup.core.models import Record
from joinedup.funds.models.agreements import AgreementPartner
from joinedup.funds.models.budgets import Fund, FundingStream

KINDS = {"cash": "Cash", "in_kind": "In kind"}


class Contribution(Record):
    """A partner's contribution from one stream of money for one year. `agreed_pence` is what the sum in `contributing`
    makes of the other columns."""

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="contributions")
    partner = models.ForeignKey(AgreementPartner, on_delete=models.PROTECT, related_name="contributions")
    stream = models.ForeignKey(FundingStream, on_delete=models.PROTECT, related_name="contributions")
    year = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=list(KINDS.items()), default="cash")
    what = models.CharField(max_length=200, blank=True)  # of a contribution in kind: the staff, rooms or goods
    base_pence = models.BigIntegerField()
    recurrent_pence = models.BigIntegerField(default=0)
    uplift = models.IntegerField(default=0)  # hundredths of a per cent
    planned_pence = models.BigIntegerField(default=0)
    efficiency = models.IntegerField(default=0)
    charges_pence = models.BigIntegerField(default=0)
    agreed_pence = models.BigIntegerField()
    detriment_agreed = models.CharField(max_length=300, blank=True)  # where more than last year was agreed to
    is_recurrent = models.BooleanField(default=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["fund", "partner", "stream", "year", "kind"], name="funds_contribution_once"
            ),
            models.CheckConstraint(condition=Q(agreed_pence__gt=0), name="funds_contribution_above_nought"),
            models.CheckConstraint(condition=Q(kind="cash") | ~Q(what=""), name="funds_contribution_in_kind_says_what"),
        ]
        indexes = [models.Index(fields=["fund", "year"], name="funds_contributions_of")]

    def __str__(self) -> str:
        return f"{self.partner_id} {self.year}"


class Instalment(Record):
    """A part of a contribution with the day it is due."""

    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="instalments")
    number = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    pence = models.BigIntegerField()
    reminded_at = models.DateTimeField(null=True)
    entry_id = models.UUIDField(null=True)  # the entry that made the partner owe it

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contribution", "number"], name="funds_instalment_once"),
            models.CheckConstraint(condition=Q(pence__gt=0), name="funds_instalment_above_nought"),
        ]
        indexes = [models.Index(fields=["due_on"], name="funds_instalments_due")]

    def __str__(self) -> str:
        return f"{self.number} of {self.contribution_id}"


class Receipt(models.Model):
    """Money that reached the host, or what was given in kind. Never changed; a mistake is put right by a receipt of less
    than nought that names it."""

    instalment = models.ForeignKey(Instalment, on_delete=models.PROTECT, related_name="receipts")
    received_on = models.DateField()
    pence = models.BigIntegerField()
    reference = models.CharField(max_length=120)
    corrects = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="corrected_by")
    entry_id = models.UUIDField(null=True)  # the entry that posted it
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(pence__gt=0, corrects__isnull=True) | Q(pence__lt=0, corrects__isnull=False),
                name="funds_receipt_sign",
            )
        ]

    def __str__(self) -> str:
        return self.reference
