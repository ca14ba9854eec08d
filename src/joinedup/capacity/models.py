"""What was read of how cases flow, scenarios with what they came to, and testing phases. No row names a family: a reading keeps
counts alone, those of few families left out before they are written."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from joinedup.capacity.codes import RUN_KINDS, SOURCES
from joinedup.capacity.lifecycle import PHASE_LABELS, PhaseState
from joinedup.core.models import Record
from joinedup.organisations.models import Team


class FlowReading(Record):
    """What a year of events came to: the map, waits, arrivals, and the model they make. Nothing of the events is kept."""

    name = models.CharField(max_length=120)
    source = models.CharField(max_length=12, choices=list(SOURCES.items()))
    taken_at = models.DateTimeField()
    taken_by = models.UUIDField(null=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    events = models.PositiveIntegerField()
    summary = models.JSONField()
    model = models.JSONField()  # as `engines.caseflow.read` takes it
    faults = models.JSONField(default=list)  # row, field, reason of a file's bad rows: the first two hundred
    fault_count = models.PositiveIntegerField(default=0)
    is_illustration = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["-taken_at"], name="flow_readings_newest")]

    def __str__(self) -> str:
        return self.name


class Scenario(Record):
    """A model somebody tried and kept: data enough to work it out again, digit for digit."""

    reference = models.CharField(max_length=16, unique=True)
    name = models.CharField(max_length=120)
    words = models.TextField(blank=True)  # what it is to answer
    reading = models.ForeignKey(FlowReading, null=True, on_delete=models.PROTECT, related_name="scenarios")
    model = models.JSONField()
    work = models.JSONField()  # hours, shares and pay that the flow itself does not hold
    seed = models.BigIntegerField()
    engine = models.CharField(max_length=40)  # the version it was made with
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True)
    is_illustration = models.BooleanField(default=False)
    offered_at = models.DateTimeField(null=True)  # when it was put forward for a board's agenda
    offered_words = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["-made_at"], name="scenarios_newest")]

    def __str__(self) -> str:
        return self.reference


class ScenarioRun(Record):
    """What a scenario came to. Sealed: a later run stands beside it, and the checksums say whether they are equal."""

    scenario = models.ForeignKey(Scenario, on_delete=models.PROTECT, related_name="runs")
    kind = models.CharField(max_length=8, choices=list(RUN_KINDS.items()))
    replications = models.PositiveIntegerField()
    engine = models.CharField(max_length=40)
    checksum = models.CharField(max_length=16)
    results = models.JSONField()
    ran_at = models.DateTimeField()
    ran_by = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["scenario", "-ran_at"], name="runs_of_scenario")]

    def __str__(self) -> str:
        return f"{self.kind} run of {self.scenario_id}"


class TestingPhase(Record):
    """A new way of working tried with a few families before it is offered to all."""

    __test__ = False  # not a test of ours

    reference = models.CharField(max_length=16, unique=True)
    name = models.CharField(max_length=120)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="testing_phases")
    scenario = models.ForeignKey(Scenario, null=True, on_delete=models.PROTECT, related_name="testing_phases")
    cohort_limit = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    comparison = models.TextField()  # what it is compared with, said before it begins
    must_hold = models.TextField()  # what must hold before it is scaled
    continuity_percent = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=[(each.value, PHASE_LABELS[each]) for each in PhaseState])
    set_up_at = models.DateTimeField()
    set_up_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(cohort_limit__range=(6, 500)), name="phase_cohort"),
            models.CheckConstraint(condition=Q(continuity_percent__range=(0, 100)), name="phase_continuity"),
            models.UniqueConstraint(
                fields=["team"], condition=Q(state__in=["planned", "running", "halted", "full"]), name="one_phase_for_a_team"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.reference


class PhaseStep(Record):
    """A move of a phase, and why. Sealed."""

    phase = models.ForeignKey(TestingPhase, on_delete=models.PROTECT, related_name="steps")
    state = models.CharField(max_length=10)
    rule = models.CharField(max_length=10, blank=True)
    reason = models.CharField(max_length=500)
    at = models.DateTimeField()
    by = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["phase", "at"], name="steps_of_phase")]

    def __str__(self) -> str:
        return f"{self.state} of {self.phase_id}"


class PhaseIncident(Record):
    """A serious incident in the cohort: stops it at once. Sealed; it names no family."""

    phase = models.ForeignKey(TestingPhase, on_delete=models.PROTECT, related_name="incidents")
    happened_on = models.DateField()
    words = models.CharField(max_length=400)
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["phase", "happened_on"], name="incidents_of_phase")]

    def __str__(self) -> str:
        return f"incident in {self.phase_id}"
