"""Who bears what is over or under: the rule of each fund, what was posted by it, what finance directors signed, and the
reports that are frozen."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from joinedup.core.models import Record, new_id
from joinedup.funds.models.agreements import AgreementPartner
from joinedup.funds.models.budgets import Fund


class RiskShareRule(Record):
    """How a fund shares its over- and underspend from a day on. `terms` is the method as the command reads it, with the
    codes of partners and schemes, in the very text that was kept: a number in it is never rounded by anybody."""

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="risk_share_rules")
    terms = models.TextField()
    clause = models.TextField()  # the agreement's own words
    settlement = models.CharField(max_length=10)  # a code of `settling`
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)  # the first day on which another was in force
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fund"], condition=Q(ends_on__isnull=True), name="funds_share_rule_now"),
            models.UniqueConstraint(fields=["fund", "starts_on"], name="funds_share_rule_once"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")), name="funds_share_rule_dates"
            ),
            models.CheckConstraint(condition=~Q(clause=""), name="funds_share_rule_clause"),
            models.CheckConstraint(
                condition=Q(settlement__in=["none", "quarterly", "year_end"]), name="funds_share_rule_settlement"
            ),
        ]

    def __str__(self) -> str:
        return f"from {self.starts_on}"


class RiskShareRun(models.Model):
    """One sharing that was posted: the function and its version, what went in, what came out, and a hash over all of it
    (R-7). `quarter` is 4 for the end of the year. Never changed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="risk_share_runs")
    rule = models.ForeignKey(RiskShareRule, on_delete=models.PROTECT, related_name="runs")
    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    function = models.CharField(max_length=80)
    function_version = models.CharField(max_length=10)
    inputs = models.TextField()
    output = models.JSONField()
    digest = models.CharField(max_length=64)
    entry_id = models.UUIDField(null=True)  # the entry that posted it; none where nothing had changed
    posted_at = models.DateTimeField()
    posted_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fund", "year", "quarter"], name="funds_share_run_once"),
            models.CheckConstraint(condition=Q(quarter__gte=1, quarter__lte=4), name="funds_share_run_quarter"),
        ]

    def __str__(self) -> str:
        return f"{self.year} quarter {self.quarter}"


class BalanceSignature(models.Model):
    """A finance director agreed or disputed the partner's balances at the end of a quarter. What was on the statement is
    kept with it. The latest one counts; none is ever changed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="signatures")
    partner = models.ForeignKey(AgreementPartner, on_delete=models.PROTECT, related_name="signatures")
    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()  # the first, the second, … of this partner for this quarter
    decision = models.CharField(max_length=8)
    disputed = models.JSONField(default=list)  # the lines of the statement that are
    words = models.TextField(blank=True)
    statement = models.JSONField()
    digest = models.CharField(max_length=64)
    signed_at = models.DateTimeField()
    signed_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["fund", "partner", "year", "quarter", "number"], name="funds_signature_once"
            ),
            models.CheckConstraint(condition=Q(quarter__gte=1, quarter__lte=4), name="funds_signature_quarter"),
            models.CheckConstraint(
                condition=Q(decision="agreed", disputed=[]) | (Q(decision="disputed") & ~Q(words="")),
                name="funds_signature_decision",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision} for quarter {self.quarter}"


class FundReport(models.Model):
    """A quarter's report, or with no quarter the annual return, as it was frozen: its content, a hash over it, and the head
    of the ledger's chain at that moment. Never changed; a later one says what it corrects."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="reports")
    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField(null=True)
    number = models.PositiveSmallIntegerField()  # 2 corrects 1
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    ledger_number = models.BigIntegerField()
    ledger_digest = models.CharField(max_length=64)
    frozen_at = models.DateTimeField()
    frozen_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["fund", "year", "quarter", "number"], name="funds_report_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(quarter__isnull=True) | Q(quarter__gte=1, quarter__lte=4), name="funds_report_quarter"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.quarter or 'annual return'}"
