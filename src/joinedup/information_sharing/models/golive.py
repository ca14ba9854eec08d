"""Agreements brought over from an earlier register when a partnership starts."""

from __future__ import annotations

from django.db import models

from joinedup.core.models import Record
from joinedup.information_sharing.models.agreements import Agreement


class AgreementBroughtOver(Record):
    """That an agreement came from an earlier register: which one it was there, as the extract said it."""

    reference = models.CharField(max_length=60, unique=True)
    agreement = models.OneToOneField(Agreement, on_delete=models.PROTECT, related_name="brought_over")
    as_supplied = models.JSONField()
    digest = models.CharField(max_length=64)
    brought_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.reference
