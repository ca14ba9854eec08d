"""What agencies observed of the people in their records, as they supplied it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from joinedup.core.models import Record
from joinedup.organisations.models import Organisation
from joinedup.person_index.models.records import AgencyRecord


class ObservationRun(Record):
    """One import of an agency's observations: what was read, and the report of what was not."""

    agency = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="observation_runs")
    file_name = models.CharField(max_length=200)
    file_digest = models.CharField(max_length=64)
    started_at = models.DateTimeField()
    imported_by = models.UUIDField(null=True)
    counts = models.JSONField(default=dict)
    rejected = models.JSONField(default=list)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.UUIDField(null=True)
    undone = models.JSONField(default=dict)  # why, and of how many observations

    def __str__(self) -> str:
        return self.file_name


class Observation(Record):
    """Something an agency observed on a day. It hangs on the agency's record, so it goes where the record is linked;
    what the agency says otherwise later is another row, and this one is kept as replaced."""

    record = models.ForeignKey(AgencyRecord, on_delete=models.PROTECT, related_name="observations")
    kind = models.CharField(max_length=30)  # observing.KINDS
    happened_on = models.DateField()
    ended_on = models.DateField(null=True)
    value = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    detail = models.CharField(max_length=200, blank=True)
    supplied_at = models.DateTimeField()
    run = models.ForeignKey(ObservationRun, null=True, on_delete=models.PROTECT, related_name="observations")
    replaced_at = models.DateTimeField(null=True)  # or withdrawn, or undone with its import
    replaced_by = models.ForeignKey(ObservationRun, null=True, on_delete=models.PROTECT, related_name="replaced")
    withdrawn_by = models.UUIDField(null=True)
    withdrawal_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["record", "kind", "happened_on"], condition=Q(replaced_at__isnull=True), name="observed_once"
            ),
            models.CheckConstraint(
                condition=Q(withdrawal_reason="") | Q(replaced_at__isnull=False), name="observation_withdrawn_is_gone"
            ),
        ]
        indexes = [
            models.Index(
                fields=["kind", "happened_on", "value"],
                name="observation_newest",
                condition=Q(replaced_at__isnull=True),
            ),
            models.Index(fields=["run"], name="observation_of_a_run"),
            models.Index(
                fields=["replaced_by"], name="observation_replaced_by", condition=Q(replaced_by__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} on {self.happened_on}"
