"""Money moved from one budget line to another: asked for, approved at the level its amount needs, posted."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from joinedup.core.models import Record
from joinedup.funds.models.agreements import AgreementPartner, PartnershipAgreement
from joinedup.funds.models.budgets import BudgetLine, Fund
from joinedup.organisations.models import Post

STATES = {"asked": "Waiting", "approved": "Approved", "declined": "Declined", "withdrawn": "Withdrawn"}


class VirementAuthority(Record):
    """A post that may approve at a level of the agreement's scheme; for a committee, the post that keeps its minutes."""

    agreement = models.ForeignKey(PartnershipAgreement, on_delete=models.PROTECT, related_name="authorities")
    level = models.CharField(max_length=30)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="virement_authorities")
    named_at = models.DateTimeField()
    named_by = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "level", "post"], condition=Q(ended_at__isnull=True), name="funds_authority_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.level}: {self.post_id}"


class Virement(Record):
    """One move of budget. `cumulative_pence` is what had been moved on the lines in the year with this one, which is what
    the band was found on; `level` is that band's."""

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="virements")
    year = models.PositiveSmallIntegerField()
    from_line = models.ForeignKey(BudgetLine, on_delete=models.PROTECT, related_name="virements_out")
    to_line = models.ForeignKey(BudgetLine, on_delete=models.PROTECT, related_name="virements_in")
    pence = models.BigIntegerField()
    is_recurrent = models.BooleanField(default=False)
    reason = models.CharField(max_length=500)
    state = models.CharField(max_length=10, default="asked", choices=list(STATES.items()))
    scheme = models.CharField(max_length=30)
    level = models.CharField(max_length=30)
    cumulative_pence = models.BigIntegerField()
    asked_at = models.DateTimeField()
    asked_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)
    decision = models.CharField(max_length=300, blank=True)  # a committee's minute, or why it was declined
    entry_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pence__gt=0), name="funds_virement_above_nought"),
            models.CheckConstraint(condition=~Q(from_line=F("to_line")), name="funds_virement_two_lines"),
            models.CheckConstraint(
                condition=Q(state="asked", decided_at__isnull=True) | (~Q(state="asked") & Q(decided_at__isnull=False)),
                name="funds_virement_decided",
            ),
        ]
        indexes = [
            models.Index(fields=["fund", "year", "state"], name="funds_virements_of"),
            models.Index(fields=["from_line", "state"], name="funds_virements_out"),
            models.Index(fields=["to_line", "state"], name="funds_virements_in"),
        ]

    def __str__(self) -> str:
        return f"{self.from_line_id} to {self.to_line_id}"


class VirementAgreed(models.Model):
    """A partner agreed to a virement that every partner must agree to, or declined."""

    virement = models.ForeignKey(Virement, on_delete=models.PROTECT, related_name="agreed_by")
    partner = models.ForeignKey(AgreementPartner, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["virement", "partner"], name="funds_virement_agreed_once")]

    def __str__(self) -> str:
        return f"{self.partner_id} agreed to {self.virement_id}"
