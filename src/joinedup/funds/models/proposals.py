"""What another part proposes a partner should put in next year. Nothing changes until the fund's own people accept it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from joinedup.core.models import Record
from joinedup.funds.models.agreements import AgreementPartner
from joinedup.funds.models.budgets import Fund
from joinedup.funds.models.contributions import Contribution

STATES = {"waits": "Waits for a decision", "accepted": "Accepted", "declined": "Declined", "replaced": "Replaced by a later one"}  # fmt: skip


class ContributionProposal(Record):
    """So much more (or less) from one partner for one year, with why; `source` is the record that proposes it."""

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="proposals")
    partner = models.ForeignKey(AgreementPartner, on_delete=models.PROTECT, related_name="proposals")
    year = models.PositiveSmallIntegerField()
    change_pence = models.BigIntegerField()
    words = models.TextField()
    source_kind = models.CharField(max_length=60)
    source_id = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=list(STATES.items()), default="waits")
    contribution = models.ForeignKey(Contribution, null=True, on_delete=models.PROTECT, related_name="proposals")
    decision = models.TextField(blank=True)
    proposed_at = models.DateTimeField()
    proposed_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["fund", "partner", "year"], condition=Q(state="waits"), name="funds_proposal_waits_once"
            ),
            models.CheckConstraint(condition=~Q(change_pence=0), name="funds_proposal_not_nought"),
            models.CheckConstraint(condition=Q(state__in=list(STATES)), name="funds_proposal_state"),
            models.CheckConstraint(
                condition=Q(state__in=["waits", "replaced"]) | ~Q(decision=""), name="funds_proposal_decided_with_words"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner_id} {self.year}: {self.change_pence}"
