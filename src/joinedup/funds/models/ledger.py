"""The ledger: accounts, periods, entries with their lines, the seal on each entry, and running totals.

The database itself keeps these tables (docs/adr/0018): it refuses whatever is unbalanced, late, out of its period or of
another fund, and nothing posted is ever changed. `EntrySeal`, `LedgerHead` and `Balance` are written by the database
alone.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Now

from joinedup.core.models import new_id
from joinedup.engines.ledger import Book, Control, EntryKind, Kind
from joinedup.funds.models.agreements import AgreementPartner
from joinedup.funds.models.budgets import BudgetLine, Fund, FundingStream, Scheme


class _Transaction(Func):
    """The number of the transaction that writes a row."""

    template = "txid_current()"
    output_field = models.BigIntegerField()


class Account(models.Model):
    """A heading in the ledger of one fund; what it is never changes."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="accounts")
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=[(each.value, each.value) for each in Kind])
    control = models.CharField(max_length=16, blank=True, choices=[(each.value, each.value) for each in Control])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fund", "code"], name="funds_account_once"),
            models.UniqueConstraint(fields=["id", "fund"], name="funds_account_of_fund"),
            models.CheckConstraint(condition=Q(kind__in=list(Kind)), name="funds_account_kind"),
            models.CheckConstraint(condition=Q(control__in=list(Control)), name="funds_account_control"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Period(models.Model):
    """A month of a fund's year. It is closed by a `PeriodClosing`, and stays closed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="periods")
    year = models.PositiveSmallIntegerField()  # 2026 for 2026/27
    number = models.PositiveSmallIntegerField()  # 1 is April
    starts_on = models.DateField()
    ends_on = models.DateField()
    state = models.CharField(max_length=6, default="open")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fund", "year", "number"], name="funds_period_once"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="funds_period_dates"),
            models.CheckConstraint(condition=Q(state__in=["open", "closed"]), name="funds_period_state"),
            models.CheckConstraint(condition=Q(number__gte=1, number__lte=12), name="funds_period_number"),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on:%B %Y}"

    @property
    def is_open(self) -> bool:
        """Whether entries may still be posted to it."""
        return self.state == "open"


class PeriodClosing(models.Model):
    """Who closed a period, and the head of the fund's chain at that moment, put in by the database."""

    period = models.OneToOneField(Period, on_delete=models.PROTECT, primary_key=True, related_name="closing")
    closed_by = models.UUIDField(null=True)
    closed_at = models.DateTimeField()
    number = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"closing of {self.period_id}"


class Entry(models.Model):
    """A balanced set of lines in one book and one period of one fund, posted once for each `key`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    fund = models.ForeignKey(
        Fund, on_delete=models.PROTECT, related_name="entries", db_constraint=False, db_index=False
    )
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="entries", db_constraint=False)
    book = models.CharField(max_length=12, choices=[(each.value, each.value) for each in Book])
    key = models.CharField(max_length=120)
    kind = models.CharField(max_length=16, choices=[(each.value, each.value) for each in EntryKind])
    dated_on = models.DateField()
    lines = models.PositiveIntegerField()
    pence = models.BigIntegerField()  # what its debits come to, and its credits
    memo = models.CharField(max_length=300, blank=True)
    source_kind = models.CharField(max_length=60, blank=True)
    source_id = models.CharField(max_length=80, blank=True)
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="reversed_by")
    pair = models.UUIDField(null=True)  # the same for the two entries that move money between two funds
    posted_by = models.UUIDField(null=True)
    approved_by = models.UUIDField(null=True)
    posted_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    txid = models.BigIntegerField(db_default=_Transaction())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fund", "key"], name="funds_entry_once"),
            models.UniqueConstraint(fields=["id", "txid", "fund", "period", "book"], name="funds_entry_stamp"),
            models.CheckConstraint(condition=Q(lines__gte=2), name="funds_entry_two_lines"),
            models.CheckConstraint(condition=Q(book__in=list(Book)), name="funds_entry_book"),
            models.CheckConstraint(condition=Q(kind__in=list(EntryKind)), name="funds_entry_kind"),
            models.CheckConstraint(
                condition=Q(kind=EntryKind.REVERSAL, reverses__isnull=False)
                | (~Q(kind=EntryKind.REVERSAL) & Q(reverses__isnull=True)),
                name="funds_entry_reversal",
            ),
            models.CheckConstraint(condition=~Q(key=""), name="funds_entry_key"),
        ]
        indexes = [
            models.Index(fields=["fund", "dated_on", "id"], name="funds_entry_dated"),
            models.Index(fields=["source_kind", "source_id"], name="funds_entry_source"),
            models.Index(fields=["pair"], name="funds_entry_pair", condition=Q(pair__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.key


class Posting(models.Model):
    """One line of an entry: whole pence, debit above nought and credit below. `txid`, `fund`, `period` and `book` are the
    entry's, and a foreign key over all of them says so."""

    id = models.BigAutoField(primary_key=True)
    entry = models.ForeignKey(
        Entry, on_delete=models.PROTECT, related_name="postings", db_constraint=False, db_index=False
    )
    txid = models.BigIntegerField(db_default=_Transaction())
    place = models.PositiveIntegerField()  # 1 is the first line
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    book = models.CharField(max_length=12)
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="postings", db_constraint=False, db_index=False
    )
    scheme = models.ForeignKey(Scheme, null=True, on_delete=models.PROTECT, related_name="postings", db_index=False)
    line = models.ForeignKey(BudgetLine, null=True, on_delete=models.PROTECT, related_name="postings", db_index=False)
    partner = models.ForeignKey(
        AgreementPartner, null=True, on_delete=models.PROTECT, related_name="postings", db_index=False
    )
    stream = models.ForeignKey(
        FundingStream, null=True, on_delete=models.PROTECT, related_name="postings", db_index=False
    )
    tier = models.CharField(max_length=16, blank=True)
    vat_code = models.CharField(max_length=12, blank=True)
    pence = models.BigIntegerField()
    memo = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "place"], name="funds_posting_place"),
            models.CheckConstraint(condition=~Q(pence=0), name="funds_posting_not_nought"),
        ]
        indexes = [
            models.Index(fields=["account", "book", "-id"], name="funds_posting_account"),
            models.Index(fields=["line", "-id"], name="funds_posting_line", condition=Q(line__isnull=False)),
            models.Index(fields=["partner", "-id"], name="funds_posting_partner", condition=Q(partner__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"line {self.place} of {self.entry_id}"


class EntrySeal(models.Model):
    """The place of an entry in its fund's chain: its number without gaps, the digest of its content, and the digest of
    everything up to it."""

    entry = models.OneToOneField(
        Entry, on_delete=models.PROTECT, primary_key=True, related_name="seal", db_constraint=False
    )
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    number = models.BigIntegerField()
    content = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["fund", "number"], name="funds_seal_number")]

    def __str__(self) -> str:
        return f"{self.number}"


class LedgerHead(models.Model):
    """The head of a fund's chain. Whoever posts to the fund holds it until the end of the transaction."""

    fund = models.OneToOneField(
        Fund, on_delete=models.PROTECT, primary_key=True, related_name="ledger_head", db_constraint=False
    )
    number = models.BigIntegerField()
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.number}"


class Balance(models.Model):
    """A running total: what has been posted in one period under one heading for one line, scheme, partner and stream."""

    id = models.BigAutoField(primary_key=True)
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    book = models.CharField(max_length=12)
    is_closing = models.BooleanField()  # what closing the year took out again
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    line = models.ForeignKey(BudgetLine, null=True, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    scheme = models.ForeignKey(
        Scheme, null=True, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    partner = models.ForeignKey(
        AgreementPartner, null=True, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    stream = models.ForeignKey(
        FundingStream, null=True, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    debit = models.BigIntegerField()
    credit = models.BigIntegerField()
    postings = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["period", "book", "is_closing", "account", "line", "scheme", "partner", "stream"],
                name="funds_balance_once",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.book} {self.account_id}"
