"""What a year is expected to come to: what drives a line, forecasts that were kept, and the daily run over each fund."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from joinedup.core.models import Record, new_id
from joinedup.funds.models.budgets import BudgetLine, Fund


class LineDriver(Record):
    """What drives the spending of a line: a number that another part counts month by month, and what one of them costs a
    month. Set again, the later one takes its place."""

    line = models.OneToOneField(BudgetLine, on_delete=models.PROTECT, related_name="driver")
    measure = models.CharField(max_length=60)  # a code of `case_flow`
    unit_pence = models.BigIntegerField()
    source = models.CharField(max_length=300)  # where the price comes from
    set_at = models.DateTimeField()
    set_by = models.UUIDField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(unit_pence__gt=0), name="funds_driver_price")]

    def __str__(self) -> str:
        return f"{self.measure} on {self.line_id}"


class Forecast(models.Model):
    """What a year was expected to come to, as somebody kept it: by which method for each line, from which figures, and what
    of the variance is shared. Never changed; a later one takes its place."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="forecasts")
    year = models.PositiveSmallIntegerField()
    month = models.PositiveSmallIntegerField()  # the last with figures; April is 1
    number = models.PositiveSmallIntegerField()  # the first, the second, … of the year
    lines = models.JSONField()
    budget_pence = models.BigIntegerField()
    outturn_pence = models.BigIntegerField()
    shared_pence = models.BigIntegerField()
    not_shared_pence = models.BigIntegerField()
    words = models.CharField(max_length=500, blank=True)
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fund", "year", "number"], name="funds_forecast_once"),
            models.CheckConstraint(condition=Q(month__lte=12), name="funds_forecast_month"),
        ]

    def __str__(self) -> str:
        return f"forecast {self.number} of {self.year}"


class FundDay(models.Model):
    """The daily run looked after a fund on a day: what it called and whom it reminded. One row a day, so that a second run
    does nothing twice."""

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="days")
    day = models.DateField()
    called = models.PositiveIntegerField()
    reminded = models.PositiveIntegerField()
    late = models.JSONField(default=list)  # what was late, as the pool manager read it
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["fund", "day"], name="funds_day_once")]

    def __str__(self) -> str:
        return f"{self.fund_id} on {self.day}"
