"""What a fund buys: how each partner reclaims VAT, and every purchase with the VAT on it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from joinedup.core.models import Record, new_id
from joinedup.funds.models.agreements import AgreementPartner, PartnershipAgreement
from joinedup.funds.models.budgets import BudgetLine, Fund
from joinedup.funds.models.ledger import Entry
from joinedup.funds.spending_kinds import SpendingKind


class PartnerVat(Record):
    """How a partner reclaims VAT from a day on, until the next row of its own begins."""

    partner = models.ForeignKey(AgreementPartner, on_delete=models.PROTECT, related_name="vat_regimes")
    regime = models.CharField(max_length=8)  # a code of `vat`
    part = models.PositiveIntegerField(default=0)  # of a partly exempt body, in hundredths of a per cent
    starts_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partner", "starts_on"], name="funds_vat_regime_once"),
            models.CheckConstraint(
                condition=Q(regime__in=["s33", "s41_cos", "partial", "none"]), name="funds_vat_regime"
            ),
            models.CheckConstraint(condition=Q(part__lte=10_000), name="funds_vat_part"),
        ]

    def __str__(self) -> str:
        return f"{self.regime} from {self.starts_on}"


class PermittedKind(Record):
    """A kind of spending that an agreement permits from a day on, until the day on which it no longer does (R-3)."""

    agreement = models.ForeignKey(PartnershipAgreement, on_delete=models.PROTECT, related_name="permitted_kinds")
    kind = models.CharField(max_length=12, choices=[(each.value, each.value) for each in SpendingKind])
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)  # the first day on which it is permitted no longer
    written = models.CharField(max_length=300)  # the clause, or where all partners agreed
    ended_written = models.CharField(max_length=300, blank=True)  # where they agreed that it ends, if that came later
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            # What ended on its own first day was written in error and is nobody's period.
            models.UniqueConstraint(
                fields=["agreement", "kind", "starts_on"],
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
                name="funds_kind_once",
            ),
            models.UniqueConstraint(
                fields=["agreement", "kind"], condition=Q(ends_on__isnull=True), name="funds_kind_open_once"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="funds_kind_dates"
            ),
            models.CheckConstraint(condition=~Q(written=""), name="funds_kind_written"),
            models.CheckConstraint(
                condition=Q(ended_written="") | Q(ends_on__isnull=False), name="funds_kind_ended_dated"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[each.value for each in SpendingKind]), name="funds_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} from {self.starts_on}"


class Purchase(models.Model):
    """One line of a supplier's invoice. Its VAT follows whoever delivered; what cannot be reclaimed is a cost of its scheme.
    Never changed: a mistake is put right by a credit note, a purchase of less than nought."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="purchases")
    line = models.ForeignKey(BudgetLine, on_delete=models.PROTECT, related_name="purchases")
    delivered_by = models.ForeignKey(AgreementPartner, on_delete=models.PROTECT, related_name="purchases")
    supplier = models.CharField(max_length=160)
    invoice = models.CharField(max_length=60)
    what = models.CharField(max_length=200)
    kind = models.CharField(max_length=12, default="")  # empty only of those bought before kinds were kept
    bought_on = models.DateField()
    net_pence = models.BigIntegerField()
    vat_code = models.CharField(max_length=8)
    cos_heading = models.CharField(max_length=40, blank=True)  # the listed contracted-out service it is
    vat_pence = models.BigIntegerField()
    reclaimed_pence = models.BigIntegerField()
    regime = models.CharField(max_length=8)  # that of whoever delivered, on the day
    entry_id = models.UUIDField()
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fund", "supplier", "invoice", "line"], name="funds_purchase_once"),
            models.CheckConstraint(condition=~Q(net_pence=0), name="funds_purchase_not_nought"),
            models.CheckConstraint(
                condition=Q(
                    net_pence__gt=0, vat_pence__gte=0, reclaimed_pence__gte=0, reclaimed_pence__lte=F("vat_pence")
                )
                | Q(net_pence__lt=0, vat_pence__lte=0, reclaimed_pence__lte=0, reclaimed_pence__gte=F("vat_pence")),
                name="funds_purchase_vat",
            ),
            models.CheckConstraint(
                condition=Q(vat_code__in=["standard", "reduced", "zero", "exempt", "outside"]),
                name="funds_purchase_code",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[each.value for each in SpendingKind]), name="funds_purchase_kind"
            ),
        ]
        indexes = [models.Index(fields=["fund", "-bought_on", "-id"], name="funds_purchases_of")]

    def __str__(self) -> str:
        return f"{self.supplier} {self.invoice}"


class EntrySpending(models.Model):
    """Which kind of spending an entry is that no purchase stands behind: posted by hand, or from a partner's extract. Never
    changed; what takes the entry back is of its kind."""

    entry = models.OneToOneField(Entry, primary_key=True, on_delete=models.PROTECT, related_name="spending")
    kind = models.CharField(max_length=12)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[each.value for each in SpendingKind]), name="funds_entry_spending_kind"
            ),
        ]

    def __str__(self) -> str:
        return self.kind
