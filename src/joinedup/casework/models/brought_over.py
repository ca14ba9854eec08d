"""What came over from an old system besides the cases, the files it came in, and who signed that nothing was lost."""

from __future__ import annotations

from django.db import models

from joinedup.core.models import Job, Record, StoredFile
from joinedup.organisations.models import Organisation


class WorkBroughtOver(Record):
    """That a record of case work came from an agency's old system: which one it was there, as its row said it."""

    agency = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="work_brought_over")
    kind = models.CharField(max_length=20)  # plan, need, outcome, action, review, agreement, assessment
    reference = models.CharField(max_length=60)
    target_kind = models.CharField(max_length=60)
    target_id = models.UUIDField()
    case = models.ForeignKey("casework.Case", on_delete=models.PROTECT, related_name="work_brought_over")
    as_supplied = models.JSONField()
    digest = models.CharField(max_length=64)
    brought_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "kind", "reference"], name="work_brought_over_once")]
        indexes = [models.Index(fields=["kind", "target_id"], name="casework_brought_target")]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"


class GoLiveRun(Record):
    """One file of an old system that was sent on the page: tried, brought over, or compared with what is here. What came
    of it stays; the file itself goes after a day."""

    class What(models.TextChoices):
        """What is done with the file."""

        TRY = "try", "Dry run"
        BRING = "bring", "Bring over"
        COMPARE = "compare", "Reconcile"

    agency = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    what = models.CharField(max_length=8, choices=What)
    file_name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    file = models.ForeignKey(StoredFile, null=True, on_delete=models.SET_NULL, related_name="+")
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_by = models.UUIDField(null=True)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict)
    found = models.JSONField(default=dict)  # rejected rows, or the counts and differences of a reconciliation
    signed_name = models.CharField(max_length=120, blank=True)
    signed_as = models.CharField(max_length=160, blank=True)
    signed_words = models.TextField(blank=True)
    signed_by = models.UUIDField(null=True)
    signed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["-asked_at"], name="casework_golive_runs")]

    def __str__(self) -> str:
        return f"{self.what} {self.kind} {self.file_name}"
