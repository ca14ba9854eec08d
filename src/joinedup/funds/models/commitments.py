"""Money promised from a budget and what became of each promise; and what somebody with the authority allowed over a budget."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from joinedup.core.models import Record, new_id
from joinedup.funds.models.budgets import BudgetLine, Fund
from joinedup.funds.models.buying import Purchase
from joinedup.organisations.models import Post

COMMITMENT_STATES = {"open": "Promised", "released": "Not needed", "bought": "Bought"}


class Commitment(Record):
    """One promise from a budget line: still open, released because it was not needed, or bought. What it is for is said
    without a name; `about` is the record of another part that asked for it, such as a step of a family's plan."""

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="commitments")
    line = models.ForeignKey(BudgetLine, on_delete=models.PROTECT, related_name="commitments")
    key = models.CharField(max_length=100)
    pence = models.BigIntegerField()
    what = models.CharField(max_length=200)
    state = models.CharField(max_length=8, default="open", choices=list(COMMITMENT_STATES.items()))
    about_kind = models.CharField(max_length=60, blank=True)
    about_id = models.CharField(max_length=80, blank=True)
    committed_at = models.DateTimeField()
    committed_by = models.UUIDField(null=True)
    entry_id = models.UUIDField(null=True)  # the entry that put it into the commitment book
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)
    ended_because = models.CharField(max_length=200, blank=True)
    purchase = models.OneToOneField(Purchase, null=True, on_delete=models.PROTECT, related_name="commitment")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fund", "key"], name="funds_commitment_once"),
            models.CheckConstraint(condition=Q(pence__gt=0), name="funds_commitment_above_nought"),
            models.CheckConstraint(
                condition=Q(state="open", ended_at__isnull=True, purchase__isnull=True)
                | Q(state="released", ended_at__isnull=False, purchase__isnull=True)
                | Q(state="bought", ended_at__isnull=False, purchase__isnull=False),
                name="funds_commitment_state",
            ),
        ]
        indexes = [
            models.Index(fields=["line", "state", "-committed_at"], name="funds_commitments_of"),
            models.Index(fields=["about_kind", "about_id"], name="funds_commitments_about"),
        ]

    def __str__(self) -> str:
        return self.what


class HolderChange(models.Model):
    """A budget went from one holder to another, or its holder's limit was changed. Never changed itself."""

    line = models.ForeignKey(BudgetLine, on_delete=models.PROTECT, related_name="holder_changes")
    before = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="+")
    after = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="+")
    limit_pence = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    by = models.UUIDField(null=True)

    def __str__(self) -> str:
        return f"{self.line_id} at {self.at}"


class OverAllowed(models.Model):
    """R-3: somebody with the authority allowed more to be spent on a line than is left of it, for a reason. `level` is the
    band that everything allowed on the line in the year came to. Never changed; taken back by a row of less than nought."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    line = models.ForeignKey(BudgetLine, on_delete=models.PROTECT, related_name="over_allowed")
    pence = models.BigIntegerField()
    reason = models.CharField(max_length=500)
    decision = models.CharField(max_length=300, blank=True)  # a committee's minute
    level = models.CharField(max_length=30, blank=True)
    cumulative_pence = models.BigIntegerField()
    left_pence = models.BigIntegerField()  # what was left of the line at that moment
    takes_back = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="taken_back_by")
    at = models.DateTimeField()
    by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(pence__gt=0, takes_back__isnull=True) | Q(pence__lt=0, takes_back__isnull=False),
                name="funds_over_allowed_sign",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="funds_over_allowed_says_why"),
        ]
        indexes = [models.Index(fields=["line", "at"], name="funds_over_allowed_on")]

    def __str__(self) -> str:
        return f"{self.pence} on {self.line_id}"
