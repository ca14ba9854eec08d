"""Extracts of partners' own ledgers, and what of them is the same as what is posted here."""

from __future__ import annotations

from django.db import models

from joinedup.core.models import Record
from joinedup.funds.models.agreements import AgreementPartner
from joinedup.funds.models.budgets import Fund
from joinedup.funds.models.ledger import Posting


class LedgerExtract(Record):
    """One file of a partner's ledger. The same file again is the one that is there."""

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="extracts")
    partner = models.ForeignKey(AgreementPartner, on_delete=models.PROTECT, related_name="extracts")
    name = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    begins_on = models.DateField()
    ends_on = models.DateField()
    rejected = models.JSONField(default=list)  # rows that could not be read: row, field, value, reason
    imported_at = models.DateTimeField()
    imported_by = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["fund", "partner", "digest"], name="funds_extract_once")]
        indexes = [models.Index(fields=["fund", "-imported_at"], name="funds_extracts_of")]

    def __str__(self) -> str:
        return self.name


class ExtractRow(Record):
    """A row of an extract, and the line here that it is the same as."""

    extract = models.ForeignKey(LedgerExtract, on_delete=models.PROTECT, related_name="rows")
    number = models.PositiveIntegerField()  # its line in the file
    dated_on = models.DateField()
    reference = models.CharField(max_length=80, blank=True)
    words = models.CharField(max_length=200, blank=True)
    line_code = models.CharField(max_length=20, blank=True)
    pence = models.BigIntegerField()
    posting = models.OneToOneField(Posting, null=True, on_delete=models.PROTECT, related_name="extract_row")
    how = models.CharField(max_length=12, blank=True)  # reference, amount, hand, posted

    class Meta:
        constraints = [models.UniqueConstraint(fields=["extract", "number"], name="funds_extract_row_once")]

    def __str__(self) -> str:
        return f"row {self.number}"
