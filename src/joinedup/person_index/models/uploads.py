"""Files of agencies' records that were sent and not imported yet."""

from __future__ import annotations

from django.db import models

from joinedup.core.models import Job, Record, StoredFile
from joinedup.organisations.models import Organisation


class ImportUpload(Record):
    """An agency's file that somebody sent, until it is imported or its day is over; it goes with its file. `mapping` is
    how its columns are read where that was said: as agency_file_mapping.ColumnMapping keeps it, or, of observations, what
    each title holds."""

    class Holds(models.TextChoices):
        """What the file is of."""

        RECORDS = "records"
        OBSERVATIONS = "observations"

    holds = models.CharField(max_length=12, choices=Holds.choices, default=Holds.RECORDS)
    agency = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    file = models.OneToOneField(StoredFile, on_delete=models.CASCADE, related_name="+")
    mapping = models.JSONField(null=True)
    is_remembered = models.BooleanField(default=True)  # whether the mapping is kept for the next file
    uploaded_by = models.UUIDField(null=True)
    uploaded_at = models.DateTimeField()
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["uploaded_by", "-id"], name="import_upload_mine")]

    def __str__(self) -> str:
        return f"upload for {self.agency_id}"
