"""Funds, their schemes and budget lines, and the streams of money behind them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from joinedup.access.actor import Actor
from joinedup.core.models import Record
from joinedup.funds.codes import Model, Place, StreamKind, Tier
from joinedup.funds.models.agreements import AgreementPartner, PartnershipAgreement
from joinedup.funds.spending_kinds import SpendingKind
from joinedup.organisations.models import Cluster, Locality, Post


class FundingStream(Record):
    """Where money comes from before a partner puts it in, and what it may be spent on."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=24, choices=[(each.value, each.value) for each in StreamKind])
    is_ring_fenced = models.BooleanField(default=False)
    conditions = models.TextField(blank=True)
    consent_of = models.CharField(max_length=120, blank=True)  # whose consent its use in a shared fund needs
    keeps_balance = models.BooleanField(default=False)  # what is left stays its own, whatever the fund does
    source = models.CharField(max_length=300, blank=True)
    is_verified = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name


class FundQuerySet(models.QuerySet["Fund"]):
    """Funds, narrowed to those of the viewer's organisations."""

    def visible_to(self, viewer: Actor) -> FundQuerySet:
        """Those of the agreements the viewer may see."""
        return self.filter(agreement__in=PartnershipAgreement.objects.visible_to(viewer))


class Fund(Record):
    """Money under an agreement with its own ledger. It goes on from year to year; `year` is the one now open, as the
    calendar year it begins in (2026 for 2026/27)."""

    agreement = models.ForeignKey(PartnershipAgreement, on_delete=models.PROTECT, related_name="funds")
    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=160)
    model = models.CharField(max_length=8, choices=[(each.value, each.value) for each in Model])
    host = models.ForeignKey(AgreementPartner, on_delete=models.PROTECT, related_name="hosted_funds")
    pool_manager = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="managed_funds")
    power = models.CharField(max_length=20)  # a code of `powers`; that of the agreement unless said otherwise
    year = models.PositiveSmallIntegerField()
    # The first year whose reports carry risks and outcomes: None is every year; else the one open when they came to Joinedup.
    risks_from = models.PositiveSmallIntegerField(null=True, editable=False)

    objects = FundQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class Scheme(Record):
    """What a fund pays for: one service with its outputs. `lead` is the partner that answers for it."""

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="schemes")
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=160)
    outputs = models.TextField(blank=True)
    lead = models.ForeignKey(AgreementPartner, on_delete=models.PROTECT, related_name="led_schemes")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["fund", "code"], name="funds_scheme_once")]

    def __str__(self) -> str:
        return self.name


class BudgetApproval(models.Model):
    """The budget of a fund for a year was approved: its lines went into the ledger and no longer change by hand."""

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="approvals")
    year = models.PositiveSmallIntegerField()
    total_pence = models.BigIntegerField()
    decision = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    by = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["fund", "year"], name="funds_budget_approved_once")]

    def __str__(self) -> str:
        return f"{self.fund_id} {self.year}"


class StreamUse(Record):
    """A stream of ring-fenced money used in a fund: who consented, what it may be spent on there, and what it brought over
    from the year before, which stays its own."""

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="streams")
    stream = models.ForeignKey(FundingStream, on_delete=models.PROTECT, related_name="uses")
    consented_by = models.CharField(max_length=160, blank=True)
    consented_on = models.DateField(null=True)
    consent_written = models.CharField(max_length=300, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fund", "stream"], name="funds_stream_use_once"),
            models.CheckConstraint(
                condition=Q(consented_on__isnull=True) | ~Q(consented_by=""), name="funds_stream_consented_by"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stream_id} in {self.fund_id}"


class StreamPermit(models.Model):
    """One scheme on which a ring-fenced stream may be spent in a fund, and under which of its conditions."""

    use = models.ForeignKey(StreamUse, on_delete=models.PROTECT, related_name="permits")
    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="permits")
    why = models.CharField(max_length=300)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["use", "scheme"], name="funds_stream_permit_once")]

    def __str__(self) -> str:
        return f"{self.use_id} on {self.scheme_id}"


class BudgetLine(Record):
    """What one partner's money in one scheme may be spent on in one year; `parent` is the wider budget it is cut from."""

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="lines")
    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="lines")
    partner = models.ForeignKey(AgreementPartner, on_delete=models.PROTECT, related_name="lines")
    year = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=160)
    tier = models.CharField(max_length=16, choices=[(each.value, each.value) for each in Tier])
    stream = models.ForeignKey(FundingStream, null=True, on_delete=models.PROTECT, related_name="lines")
    is_capital = models.BooleanField(default=False)
    is_recurrent = models.BooleanField(default=True)
    planned_kind = models.CharField(
        max_length=12, blank=True
    )  # the kind of spending it is planned for, where it is one
    budget_pence = models.BigIntegerField()  # as approved; what virements have made of it is in the ledger
    place = models.CharField(max_length=8, choices=[(each.value, each.value) for each in Place], default=Place.FUND)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="parts")
    locality = models.ForeignKey(Locality, null=True, on_delete=models.PROTECT, related_name="budget_lines")
    cluster = models.ForeignKey(Cluster, null=True, on_delete=models.PROTECT, related_name="budget_lines")
    # Of a family's budget only its number is kept here: whose it is, the lead professional knows.
    family_id = models.UUIDField(null=True)
    holder = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="budget_lines")
    commit_limit_pence = models.BigIntegerField(null=True)  # what the holder may commit in one go

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fund", "year", "code"], name="funds_line_once"),
            models.CheckConstraint(condition=Q(budget_pence__gte=0), name="funds_line_budget"),
            models.CheckConstraint(
                condition=Q(place=Place.FUND, parent__isnull=True, locality__isnull=True, cluster__isnull=True,
                            family_id__isnull=True)
                | Q(place=Place.LOCALITY, locality__isnull=False, cluster__isnull=True, family_id__isnull=True)
                | Q(place=Place.CLUSTER, cluster__isnull=False, family_id__isnull=True)
                | Q(place=Place.FAMILY, family_id__isnull=False, parent__isnull=False, holder__isnull=False,
                    commit_limit_pence__isnull=False),
                name="funds_line_place",
            ),
            models.CheckConstraint(
                condition=Q(planned_kind__in=["", *(each.value for each in SpendingKind)]), name="funds_line_kind"
            ),
            models.CheckConstraint(
                condition=Q(commit_limit_pence__isnull=True) | Q(commit_limit_pence__gt=0), name="funds_line_limit"
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["fund", "year", "scheme"], name="funds_lines_of"),
            models.Index(fields=["holder", "year"], name="funds_lines_held"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
