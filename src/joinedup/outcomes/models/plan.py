"""Outcome frameworks, measures, baselines and readings."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from joinedup.core.models import Record
from joinedup.outcomes.codes import DIRECTION_LABELS, FRAMEWORKS
from joinedup.person_index.models import Person


class FrameworkEntry(Record):
    """One outcome of a framework, such as “Stay safe”."""

    framework = models.CharField(max_length=30, choices=list(FRAMEWORKS.items()))
    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField()
    is_verified = models.BooleanField(default=False)  # False where it was quoted from memory

    def __str__(self) -> str:
        return self.name


class Measure(Record):
    """What is counted or rated, in which unit, which way is better, and between which values."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=120)
    question = models.CharField(max_length=200)
    unit = models.CharField(max_length=60)
    direction = models.CharField(max_length=4, choices=[(key.value, text) for key, text in DIRECTION_LABELS.items()])
    least = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    most = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    places = models.PositiveSmallIntegerField(default=0)
    ends_on = models.DateField(null=True)  # not offered from that day on; what was measured with it stays

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(least__isnull=True) | Q(most__isnull=True) | Q(most__gt=F("least")), name="measure_scale"
            ),
            models.CheckConstraint(condition=Q(direction__in=["up", "down"]), name="measure_direction"),
        ]

    def __str__(self) -> str:
        return self.name


class MeasureEntry(models.Model):
    """Which outcomes of the frameworks a measure tells of."""

    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="entries")
    entry = models.ForeignKey(FrameworkEntry, on_delete=models.PROTECT, related_name="measures")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["measure", "entry"], name="measure_entry_once")]

    def __str__(self) -> str:
        return f"{self.measure_id} tells of {self.entry_id}"


class Baseline(Record):
    """Where somebody started: the value of a measure on a day, for one record of another part (its subject)."""

    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="baselines")
    person = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="baselines"
    )  # null: the family
    subject_kind = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=60)
    value = models.DecimalField(max_digits=8, decimal_places=2)
    on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject_kind", "subject_id"], name="baseline_once")]

    def __str__(self) -> str:
        return f"{self.value} on {self.on}"


class Reading(Record):
    """A later value of the same measure. Append-only: of two on one day, the one recorded last counts."""

    baseline = models.ForeignKey(Baseline, on_delete=models.PROTECT, related_name="readings")
    value = models.DecimalField(max_digits=8, decimal_places=2)
    on = models.DateField()
    words = models.CharField(max_length=2000, blank=True)
    source_kind = models.CharField(max_length=60, blank=True)  # the review it was read at, say
    source_id = models.CharField(max_length=60, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["baseline", "on", "recorded_at"], name="outcomes_reading_order")]

    def __str__(self) -> str:
        return f"{self.value} on {self.on}"
