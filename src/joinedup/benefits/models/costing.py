"""Unit costs of activity and of outcomes, what activity was planned, and the kept reports of what it cost."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q

from joinedup.core.models import Record, new_id
from joinedup.funds.models import Account, BudgetLine, Fund
from joinedup.organisations.models import Locality


def _no_prices() -> dict[str, Any]:
    return {}


def _no_rows() -> list[Any]:
    return []


class ActivityPrice(Record):
    """What one unit of a kind of activity costs, from a day to a day, both included. Never two for a day: the database
    excludes it. A new price ends the one before; what it cost then stays."""

    kind = models.CharField(max_length=140)  # a code of costing.KINDS, or `service:` and the name of a service
    unit = models.CharField(max_length=8)  # costing.UNITS
    pence = models.BigIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    price_year = models.CharField(max_length=7)
    source = models.CharField(max_length=300)
    is_verified = models.BooleanField(default=False)
    is_illustration = models.BooleanField(default=False)  # invented for the demonstration
    entered_at = models.DateTimeField()
    entered_by = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)

    class Meta:
        # Beside these, the database excludes two prices of one kind on one day (migration 0003).
        constraints = [
            models.CheckConstraint(condition=Q(pence__gte=0), name="activity_price_not_below_nought"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="activity_price_dates"
            ),
            models.CheckConstraint(condition=Q(unit__in=["each", "month", "hour"]), name="activity_price_unit"),
        ]
        indexes = [models.Index(fields=["kind", "starts_on"], name="benefits_prices_of_kind")]

    def __str__(self) -> str:
        return f"{self.kind} from {self.starts_on}"


class UnitCostFile(Record):
    """A unit cost database that was read, with what could not be. The newest is the one to choose from. Rows are sealed."""

    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    licence = models.TextField(blank=True)
    problems = models.JSONField(default=_no_rows)  # [sheet, row, field, value, reason]
    is_illustration = models.BooleanField(default=False)
    read_at = models.DateTimeField()
    read_by = models.UUIDField(null=True)

    def __str__(self) -> str:
        return self.name


class UnitCost(models.Model):
    """The unit cost of one outcome as its source gives it, at the prices of its own year. Rows are sealed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    file = models.ForeignKey(UnitCostFile, on_delete=models.PROTECT, related_name="costs")
    code = models.CharField(max_length=40)
    category = models.CharField(max_length=200, blank=True)
    topic = models.CharField(max_length=300, blank=True)
    detail = models.TextField()
    unit = models.CharField(max_length=200, blank=True)
    agency = models.CharField(max_length=200, blank=True)
    sub_agency = models.CharField(max_length=200, blank=True)
    prices = models.JSONField(default=_no_prices)  # kind: [pounds as text, price year, published as text or null]
    source = models.TextField(blank=True)
    rag = models.CharField(max_length=1, blank=True)
    caveat = models.TextField(blank=True)
    sheet = models.CharField(max_length=100, blank=True)
    row = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "code"], name="unit_cost_code_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.detail[:60]}"


class PlannedActivity(Record):
    """How many units of a kind a fund's plan has for a locality (or none) in a quarter, and at which price."""

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="planned_activity")
    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    locality = models.ForeignKey(Locality, null=True, on_delete=models.PROTECT, related_name="planned_activity")
    kind = models.CharField(max_length=140)
    volume = models.DecimalField(max_digits=12, decimal_places=2)
    price_pence = models.BigIntegerField()
    planned_at = models.DateTimeField()
    planned_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["fund", "year", "quarter", "locality", "kind"],
                name="planned_activity_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=Q(quarter__gte=1, quarter__lte=4), name="planned_activity_quarter"),
            models.CheckConstraint(condition=Q(volume__gte=0, price_pence__gte=0), name="planned_activity_amounts"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} in quarter {self.quarter} of {self.year}"


class CostingRole(Record):
    """What a line, a heading or a kind of activity is when activity is set beside a fund's spending: overhead, or no part
    of it. Whatever has no row is spent on the work directly."""

    OVERHEAD, OUTSIDE = "overhead", "outside"

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="costing_roles")
    line = models.ForeignKey(BudgetLine, null=True, on_delete=models.PROTECT, related_name="costing_roles")
    account = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="costing_roles")
    kind = models.CharField(max_length=140, blank=True)
    role = models.CharField(max_length=8)
    said_at = models.DateTimeField()
    said_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["fund", "line", "account", "kind"], name="costing_role_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(line__isnull=False, account__isnull=True, kind="")
                | Q(line__isnull=True, account__isnull=False, kind="")
                | (Q(line__isnull=True, account__isnull=True) & ~Q(kind="")),
                name="costing_role_of_one_thing",
            ),
            models.CheckConstraint(condition=Q(role__in=["overhead", "outside"]), name="costing_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.line_id or self.account_id or self.kind}: {self.role}"


class ActivityReport(Record):
    """What activity cost in a quarter beside what a fund spent, as it was kept, with a hash. Rows are sealed: what is
    corrected later shows as change, and a later report stands beside the first."""

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="activity_reports")
    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()  # 2 corrects 1
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    kept_at = models.DateTimeField()
    kept_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fund", "year", "quarter", "number"], name="activity_report_once"),
            models.CheckConstraint(condition=Q(quarter__gte=1, quarter__lte=4), name="activity_report_quarter"),
        ]

    def __str__(self) -> str:
        return f"activity in quarter {self.quarter} of {self.year}, {self.number}"
