"""The sealed register of identities before and after an adoption: outside the index, and nothing in it points there."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from joinedup.core.models import Record
from joinedup.organisations.models import Post


class SealedFile(Record):
    """Two identities of one person that are never joined, and who may open the file. Whose they are is only in
    `contents`, encrypted; nothing here can be joined with the index."""

    contents = models.BinaryField()
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True)
    agreed_at = models.DateTimeField(null=True)
    agreed_by = models.UUIDField(null=True)
    withdrawal_asked_at = models.DateTimeField(null=True)
    withdrawal_asked_by = models.UUIDField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(agreed_by__isnull=True) | ~Q(agreed_by=F("made_by")), name="sealed_by_two_people"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_by__isnull=True) | ~Q(withdrawn_by=F("withdrawal_asked_by")),
                name="unsealed_by_two_people",
            ),
        ]

    def __str__(self) -> str:
        return "sealed file"


class SealedReader(Record):
    """Somebody who may open a sealed file, by a post."""

    file = models.ForeignKey(SealedFile, on_delete=models.PROTECT, related_name="readers")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField()
    named_by = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["file", "post"], condition=Q(ended_at__isnull=True), name="sealed_reader_once"
            )
        ]

    def __str__(self) -> str:
        return f"reader of {self.file_id}"


class SealedMark(models.Model):
    """A keyed digest of a pair that is never joined, or of an entry that nothing is linked to by itself any more.
    Without the key it names nobody, and marks of decoys stand among them, so that their number tells nothing."""

    mark = models.BinaryField(primary_key=True, max_length=32)

    def __str__(self) -> str:
        return "mark"
