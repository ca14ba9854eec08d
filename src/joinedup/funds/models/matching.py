"""Rows of a partner's extract and lines here that a person has said are the same, one or several on either side."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from joinedup.core.models import Record
from joinedup.funds.models.extracts import ExtractRow, LedgerExtract
from joinedup.funds.models.ledger import Posting


class ExtractMatch(Record):
    """One match by hand, and why; or one that was undone, and why. What was matched stays to be read."""

    extract = models.ForeignKey(LedgerExtract, on_delete=models.PROTECT, related_name="matches")
    reason = models.CharField(max_length=300)
    pence = models.BigIntegerField()
    matched_at = models.DateTimeField()
    matched_by = models.UUIDField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.UUIDField(null=True)
    undone_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="funds_match_says_why"),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_reason="") | (Q(undone_at__isnull=False) & ~Q(undone_reason="")),
                name="funds_match_undone_says_why",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.reason


class ExtractMatchRow(models.Model):
    """A row of the extract in a match."""

    match = models.ForeignKey(ExtractMatch, on_delete=models.PROTECT, related_name="rows")
    row = models.ForeignKey(ExtractRow, on_delete=models.PROTECT, related_name="hand_matches")
    stands = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["row"], condition=Q(stands=True), name="funds_matched_row_once")]

    def __str__(self) -> str:
        return f"{self.row_id} in {self.match_id}"


class ExtractMatchLine(models.Model):
    """A line of the ledger in a match."""

    match = models.ForeignKey(ExtractMatch, on_delete=models.PROTECT, related_name="lines")
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="hand_matches")
    stands = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["posting"], condition=Q(stands=True), name="funds_matched_line_once")
        ]

    def __str__(self) -> str:
        return f"{self.posting_id} in {self.match_id}"
