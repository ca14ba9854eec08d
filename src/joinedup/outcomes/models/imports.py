"""Files of readings that were brought in."""

from __future__ import annotations

from django.db import models

from joinedup.core.models import Record


class SeriesImport(Record):
    """One file: how many rows were used, and every row that was not with why."""

    file_name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    imported_at = models.DateTimeField()
    imported_by = models.UUIDField(null=True)
    counts = models.JSONField(default=dict)
    rejected = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["-imported_at", "-id"], name="outcomes_import_newest")]

    def __str__(self) -> str:
        return self.file_name
