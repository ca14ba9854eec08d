"""Background work as people see it, the receipts that keep it from being done twice, and files that wait for it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from joinedup.core.models.records import Record

JOB_STATES = {
    "waiting": "Waiting",
    "running": "Running",
    "done": "Done",
    "failed": "Failed",
    "cancelled": "Cancelled",
}
UNDER_WAY = ("waiting", "running")


class Job(Record):
    """A piece of background work: who asked for what, and how far it is. The queue itself is the library's; this row
    outlives it and is what decides: an effect lands only while the row still says `running`."""

    kind = models.CharField(max_length=60)
    words = models.CharField(max_length=200)  # what it does, for whoever asked
    arguments = models.JSONField(default=dict)  # ids only
    started_by = models.UUIDField(null=True)
    about_kind = models.CharField(max_length=60, blank=True)
    about_id = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=12, default="waiting", choices=list(JOB_STATES.items()))
    asked_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    message = models.CharField(max_length=300, blank=True)  # the last thing it said
    result_page = models.CharField(max_length=80, blank=True)  # the name of the address that shows the result
    result_id = models.CharField(max_length=60, blank=True)
    turn = models.CharField(max_length=100, blank=True)  # jobs of one turn never run at the same time
    queue_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(JOB_STATES)), name="core_job_state"),
            models.CheckConstraint(
                condition=Q(state__in=UNDER_WAY, ended_at=None) | (~Q(state__in=UNDER_WAY) & ~Q(ended_at=None)),
                name="core_job_ended",
            ),
        ]
        indexes = [
            models.Index(fields=["started_by", "-id"], name="core_job_mine"),
            models.Index(fields=["about_kind", "about_id"], name="core_job_about", condition=~Q(about_id="")),
            models.Index(fields=["asked_at"], name="core_job_under_way", condition=Q(state__in=UNDER_WAY)),
            models.Index(fields=["ended_at"], name="core_job_ended_at", condition=~Q(ended_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class JobReceipt(models.Model):
    """Written in the transaction of a job's effect: whoever runs the job again finds it and stops."""

    job = models.OneToOneField(Job, on_delete=models.CASCADE, primary_key=True, related_name="receipt")
    written_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"receipt of {self.job_id}"


class StoredFile(Record):
    """A file somebody sent that waits to be used. It lies in the database only, and goes after use or after a day."""

    name = models.CharField(max_length=200)
    content = models.BinaryField()
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    stored_by = models.UUIDField(null=True)
    stored_at = models.DateTimeField()
    goes_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["goes_at"], name="core_stored_file_goes")]

    def __str__(self) -> str:
        return self.name
