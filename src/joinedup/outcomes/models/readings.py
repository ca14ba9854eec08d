"""What was read of a series: its baseline, its trajectory, its readings, and how far a change is the work's doing. All of
it is append-only: a correction is a row, and of several about one period the newest counts."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from joinedup.core.models.records import new_id
from joinedup.outcomes.codes import EVIDENCE, WAYS
from joinedup.outcomes.models.imports import SeriesImport
from joinedup.outcomes.models.partnership import Series


class _Said(models.Model):
    """A row somebody wrote of a series."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True)
    reason = models.CharField(max_length=500, blank=True)  # why it differs from what stood there before

    class Meta:
        abstract = True


class _Valued(_Said):
    """A value of a period, with what it is a share of where it is one."""

    starts_on = models.DateField()
    ends_on = models.DateField()
    value = models.DecimalField(max_digits=12, decimal_places=4, null=True)  # null: taken back
    numerator = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    denominator = models.PositiveIntegerField(null=True)
    source = models.CharField(max_length=300)

    class Meta:
        abstract = True


class SeriesBaseline(_Valued):
    """Where a series stood before the work began."""

    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="baselines")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="series_baseline_period"),
        ]

    def __str__(self) -> str:
        return f"{self.value} on {self.ends_on}"


class SeriesTarget(_Said):
    """A point of the trajectory: what the series shall have come to on a day; null where that point was taken out."""

    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="targets")
    on = models.DateField()
    value = models.DecimalField(max_digits=12, decimal_places=4, null=True)

    class Meta:
        indexes = [models.Index(fields=["series", "on", "id"], name="outcomes_target_order")]

    def __str__(self) -> str:
        return f"{self.value} by {self.on}"


class SeriesReading(_Valued):
    """A value of a period, and the way it came."""

    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="readings")
    way = models.CharField(max_length=8, choices=list(WAYS.items()))
    run = models.ForeignKey(SeriesImport, null=True, on_delete=models.PROTECT, related_name="readings")

    class Meta:
        indexes = [models.Index(fields=["series", "ends_on", "id"], name="outcomes_series_order")]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="series_reading_period"),
        ]

    def __str__(self) -> str:
        return f"{self.value} to {self.ends_on}"


class Comparison(_Said):
    """How far a change can be put down to the work: the step on the five-step scientific scale, and, where a group exists
    to compare with, that group's series and the two periods that are compared."""

    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="comparisons")
    level = models.PositiveSmallIntegerField(choices=[(step, each.name) for step, each in EVIDENCE.items()])
    words = models.CharField(max_length=1000)
    other = models.ForeignKey(Series, null=True, on_delete=models.PROTECT, related_name="compared_with")
    before_on = models.DateField(null=True)  # last day of the period before
    after_on = models.DateField(null=True)  # of the period after; null: the newest both have

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=5), name="comparison_level"),
            models.CheckConstraint(
                condition=Q(other__isnull=True) | Q(before_on__isnull=False), name="comparison_has_before"
            ),
        ]

    def __str__(self) -> str:
        return f"level {self.level}"
