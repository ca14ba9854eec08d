"""What the whole partnership wants to change and how it is measured: outcomes, measures, cohorts, and a series for each
area and cohort."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from joinedup.core.models import Record
from joinedup.organisations.models import Cluster, Locality
from joinedup.outcomes.codes import AREA_KINDS, DIRECTION_LABELS, FORMS, FREQUENCIES
from joinedup.outcomes.models.plan import FrameworkEntry


class PartnershipOutcome(Record):
    """Something that shall be different for children, young people or families of the whole partnership."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=160)
    words = models.CharField(max_length=1000, blank=True)
    entry = models.ForeignKey(FrameworkEntry, null=True, on_delete=models.PROTECT, related_name="partnership_outcomes")
    ends_on = models.DateField(null=True)

    def __str__(self) -> str:
        return self.name


class PartnershipMeasure(Record):
    """What tells whether an outcome is reached: defined once, so that a value keeps its meaning. `counter` names what the
    program counts itself; empty where readings are brought in. `stamp` is printed on every page and export of it."""

    outcome = models.ForeignKey(PartnershipOutcome, on_delete=models.PROTECT, related_name="measures")
    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=160)
    definition = models.CharField(max_length=2000)
    form = models.CharField(max_length=6, choices=list(FORMS.items()))
    unit = models.CharField(max_length=60)
    direction = models.CharField(max_length=4, choices=[(key.value, text) for key, text in DIRECTION_LABELS.items()])
    places = models.PositiveSmallIntegerField(default=1)
    source = models.CharField(max_length=300)
    frequency = models.CharField(max_length=8, choices=list(FREQUENCIES.items()))
    counter = models.CharField(max_length=40, blank=True)
    stamp = models.CharField(max_length=120, blank=True)
    ends_on = models.DateField(null=True)  # read no more from that day on; what was read stays

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["counter"], condition=~Q(counter=""), name="outcomes_counter_once"),
            models.CheckConstraint(condition=Q(direction__in=["up", "down"]), name="partnership_measure_direction"),
        ]

    def __str__(self) -> str:
        return self.name


class Cohort(Record):
    """Whom a series is about: everybody, or people of some ages, or a group somebody else defines and counts. `group` is
    the key of a group of families that another part knows (outcomes.subjects); Joinedup counts by it."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=160)
    definition = models.CharField(max_length=1000, blank=True)
    youngest = models.PositiveSmallIntegerField(null=True)
    oldest = models.PositiveSmallIntegerField(null=True)
    group = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group"], condition=~Q(group=""), name="outcomes_group_once"),
            models.CheckConstraint(
                condition=Q(youngest__isnull=True) | Q(oldest__isnull=True) | Q(oldest__gte=F("youngest")),
                name="cohort_ages_run_up",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Series(Record):
    """One measure in one area for one cohort. `starts_on` is the day its trajectory begins: before it nothing is late."""

    measure = models.ForeignKey(PartnershipMeasure, on_delete=models.PROTECT, related_name="series")
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="series")
    area_kind = models.CharField(max_length=12, choices=list(AREA_KINDS.items()))
    locality = models.ForeignKey(Locality, null=True, on_delete=models.PROTECT, related_name="series")
    cluster = models.ForeignKey(Cluster, null=True, on_delete=models.PROTECT, related_name="series")
    starts_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "cohort", "locality", "cluster"], nulls_distinct=False, name="series_once"
            ),
            models.CheckConstraint(
                condition=Q(area_kind="partnership", locality__isnull=True, cluster__isnull=True)
                | Q(area_kind="locality", locality__isnull=False, cluster__isnull=True)
                | Q(area_kind="cluster", locality__isnull=True, cluster__isnull=False),
                name="series_area_as_its_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure}, {self.area_name}, {self.cohort}"

    @property
    def area_name(self) -> str:
        """The locality or cluster, or the whole partnership."""
        place = self.locality or self.cluster
        return place.name if place else AREA_KINDS["partnership"]
