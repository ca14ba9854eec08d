"""How next year's budget lines are prepared from this year's, and that they were made."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from joinedup.core.models import Record, new_id
from joinedup.funds.models.budgets import BudgetLine, Fund


class NextYearSaid(Record):
    """What somebody said of one of this year's lines for the next: rates in hundredths of a per cent, planned changes in
    pence, and why. A line of which nothing is said goes on as it is."""

    line = models.OneToOneField(BudgetLine, on_delete=models.PROTECT, related_name="next_year_said")
    uplift = models.IntegerField(default=0)
    efficiency = models.IntegerField(default=0)
    planned_pence = models.BigIntegerField(default=0)
    why = models.CharField(max_length=300, blank=True)
    said_at = models.DateTimeField()
    said_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(uplift__gte=-10_000, uplift__lte=10_000, efficiency__gte=0, efficiency__lte=10_000),
                name="funds_next_year_rates",
            ),
            models.CheckConstraint(condition=Q(planned_pence=0) | ~Q(why=""), name="funds_next_year_planned_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.line_id}: {self.uplift}"


class NextYearMade(models.Model):
    """The lines of a year were made from those of the year before, once. `digest` is what was read before. Never changed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="next_years_made")
    year = models.PositiveSmallIntegerField()
    before_pence = models.BigIntegerField()
    total_pence = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()
    by = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["fund", "year"], name="funds_next_year_made_once")]

    def __str__(self) -> str:
        return f"{self.fund_id} {self.year}"


class NextYearStep(models.Model):
    """How one line was worked out when the lines were made; `made` is the line, none where nothing of it goes on. Never
    changed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    whole = models.ForeignKey(NextYearMade, on_delete=models.PROTECT, related_name="steps")
    before = models.ForeignKey(BudgetLine, on_delete=models.PROTECT, related_name="next_year_steps")
    made = models.OneToOneField(BudgetLine, null=True, on_delete=models.PROTECT, related_name="made_from")
    before_pence = models.BigIntegerField()
    once_pence = models.BigIntegerField()
    recurrent_pence = models.BigIntegerField()
    uplift = models.IntegerField()
    uplift_pence = models.BigIntegerField()
    planned_pence = models.BigIntegerField()
    efficiency = models.IntegerField()
    efficiency_pence = models.BigIntegerField()
    pence = models.BigIntegerField()
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["whole", "before"], name="funds_next_year_step_once"),
            models.CheckConstraint(
                condition=Q(
                    pence=models.F("before_pence") + models.F("once_pence") + models.F("recurrent_pence")
                    + models.F("uplift_pence") + models.F("planned_pence") + models.F("efficiency_pence")
                ),
                name="funds_next_year_step_adds_up",
            ),
            models.CheckConstraint(condition=Q(pence__gte=0), name="funds_next_year_step_not_below"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.before_id}: {self.pence}"
