"""What makes an import repeatable and undoable: how an agency's file is read, and what records said before a run."""

from __future__ import annotations

from django.db import models

from joinedup.core.models import Record
from joinedup.organisations.models import Organisation
from joinedup.person_index.models.records import AgencyRecord, ImportRun


class RememberedMapping(Record):
    """How files of one agency with one header are read: agency_file_mapping.ColumnMapping as plain values."""

    agency = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    header_digest = models.CharField(max_length=64)
    header = models.JSONField()
    mapping = models.JSONField()
    remembered_at = models.DateTimeField()
    remembered_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "header_digest"], name="mapping_of_a_header_once"),
        ]

    def __str__(self) -> str:
        return f"mapping of {self.agency_id}"


class ImportChange(models.Model):
    """A record that was held already and that an import changed or confirmed, as it was before: for undoing."""

    run = models.ForeignKey(ImportRun, on_delete=models.PROTECT, related_name="changes")
    record = models.ForeignKey(AgencyRecord, on_delete=models.PROTECT, related_name="changes")
    before = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "record"], name="import_change_once")]

    def __str__(self) -> str:
        return f"{self.record_id} before {self.run_id}"
