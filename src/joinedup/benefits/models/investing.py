"""What partners agreed on who pays and who gains; how it stood each quarter; and what finance directors were given."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from joinedup.benefits.investing import METHODS, Basis
from joinedup.benefits.models.programme import Programme
from joinedup.core.models import new_id
from joinedup.organisations.models import Organisation


class InvestmentAgreement(models.Model):
    """One version of how a programme's partners settle between themselves. Rows are sealed: another decision is another
    version. `transfers` are pence by the partner's code, above nought where it pays in; they add up to nothing."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="investment_agreements")
    number = models.PositiveSmallIntegerField()
    method = models.CharField(max_length=16, choices=list(METHODS.items()))
    basis = models.CharField(max_length=10, choices=[(each.value, each.value) for each in Basis])
    is_capped = models.BooleanField(default=False)
    reason = models.TextField()
    starts_on = models.DateField()
    transfers = models.JSONField()
    unmet_pence = models.BigIntegerField(default=0)
    decided_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True)
    is_before_signing = models.BooleanField(default=False)  # there when signatures came; agreed without one

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="investment_agreement_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="investment_agreement_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.programme_id}, version {self.number}"


class SettlementSignature(models.Model):
    """One partner agrees to one version: who signed with what authority, on which day, and where that is minuted. Rows are
    sealed. A version counts as agreed once every partner with a stake in it has signed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agreement = models.ForeignKey(InvestmentAgreement, on_delete=models.PROTECT, related_name="signatures")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    authority = models.CharField(max_length=200)
    minute = models.CharField(max_length=500)
    signed_on = models.DateField()
    at = models.DateTimeField()
    by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "organisation"], name="settlement_signed_once"),
            models.CheckConstraint(condition=~Q(minute="") & ~Q(name=""), name="settlement_signed_with_minute"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} signed {self.agreement_id}"


class _OfPartner(models.Model):
    """Pence of one partner in one year of the programme (0 is the first), as they stood when the version was decided."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()

    class Meta:
        abstract = True


class Stake(_OfPartner):
    """What a partner puts in."""

    agreement = models.ForeignKey(InvestmentAgreement, on_delete=models.PROTECT, related_name="stakes")
    pence = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agreement", "organisation", "year"], name="stake_once")]

    def __str__(self) -> str:
        return f"{self.organisation_id} in year {self.year}: {self.pence}"


class Return(_OfPartner):
    """What a partner gets out: forecast, and how much of that is cashable."""

    agreement = models.ForeignKey(InvestmentAgreement, on_delete=models.PROTECT, related_name="returns")
    pence = models.BigIntegerField()
    cashable_pence = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agreement", "organisation", "year"], name="return_once")]

    def __str__(self) -> str:
        return f"{self.organisation_id} in year {self.year}: {self.pence}"


class QuarterPosition(models.Model):
    """How a programme stood at the end of a quarter, frozen with its digest. Rows are sealed; one that corrects has the
    next number."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="positions")
    number = models.PositiveSmallIntegerField()
    year = models.PositiveSmallIntegerField()  # 2026 for 2026/27
    quarter = models.PositiveSmallIntegerField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    frozen_at = models.DateTimeField()
    frozen_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="quarter_position_once"),
            models.CheckConstraint(condition=Q(quarter__gte=1, quarter__lte=4), name="quarter_position_quarter"),
        ]

    def __str__(self) -> str:
        return f"{self.year} quarter {self.quarter}"


class DirectorsPack(models.Model):
    """What the finance directors were given at one meeting, frozen with its digest. Rows are sealed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="packs")
    number = models.PositiveSmallIntegerField()
    meeting_on = models.DateField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    frozen_at = models.DateTimeField()
    frozen_by = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "number"], name="directors_pack_once")]

    def __str__(self) -> str:
        return f"pack {self.number}"


class PackReminder(models.Model):
    """Somebody was reminded that the next pack is due on a day: once for each day it is due."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="pack_reminders")
    due_on = models.DateField()
    told = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "due_on"], name="pack_reminded_once")]

    def __str__(self) -> str:
        return f"{self.programme_id}: {self.due_on}"
