"""What follows a decision: allocation, hand-over, telling the lead professional and the referrer, allegations."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from joinedup.casework.models import Case
from joinedup.core.models import OutboxMessage, Record
from joinedup.front_door.models.contacts import Contact
from joinedup.front_door.models.referrals import Referral
from joinedup.organisations.models import Team


class Allocation(Record):
    """A referral handed to a team: which rule chose it, and why."""

    referral = models.OneToOneField(Referral, on_delete=models.PROTECT, related_name="allocation")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="allocations")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="allocations")
    rule = models.CharField(max_length=10)
    reason = models.TextField()
    at = models.DateTimeField()
    by = models.UUIDField(null=True)

    def __str__(self) -> str:
        return f"{self.referral_id} to {self.team_id}"


class Handover(Record):
    """A level 4 referral handed to the council's statutory system, with its receipt and what was read back."""

    referral = models.OneToOneField(Referral, on_delete=models.PROTECT, related_name="handover")
    receipt = models.CharField(max_length=20, unique=True)
    sent_at = models.DateTimeField()
    sent_by = models.UUIDField(null=True)
    content = models.JSONField()
    status = models.CharField(max_length=20, default="sent")  # sent, received, open, assessment, plan, closed
    statutory_reference = models.CharField(max_length=40, blank=True)
    worker = models.CharField(max_length=120, blank=True)
    received_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField(null=True)
    next_date = models.DateField(null=True)
    next_date_means = models.CharField(max_length=80, blank=True)
    closed_on = models.DateField(null=True)

    def __str__(self) -> str:
        return self.receipt


class CaseNotice(Record):
    """A contact about a family with an open case: the lead professional and the manager owe an acknowledgement."""

    referral = models.OneToOneField(Referral, on_delete=models.PROTECT, related_name="case_notice")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notices")
    sent_at = models.DateTimeField()
    acknowledge_by = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.UUIDField(null=True)
    response = models.TextField(blank=True)
    returned_at = models.DateTimeField(null=True)
    returned_by = models.UUIDField(null=True)
    return_reason = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.referral_id} to {self.case_id}"


class ReferrerReply(Record):
    """The duty to tell the referrer, with its own clock. What may be told depends on what kind of referrer it is."""

    referral = models.OneToOneField(Referral, on_delete=models.PROTECT, related_name="reply")
    may_be_told = models.CharField(max_length=12)  # decision, receipt, nothing
    why_nothing = models.CharField(max_length=300, blank=True)  # where nothing is owed
    due_by = models.DateTimeField()
    subject = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    told_at = models.DateTimeField(null=True)
    told_by = models.UUIDField(null=True)
    how = models.CharField(max_length=20, blank=True)  # email, phone, letter, on_screen
    message = models.ForeignKey(OutboxMessage, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [
            models.Index(
                fields=["due_by"],
                name="front_door_replies_owed",
                condition=Q(told_at__isnull=True, may_be_told="decision"),
            )
        ]

    def __str__(self) -> str:
        return f"reply for {self.referral_id}"


class StaffAllegation(Record):
    """An allegation against somebody who works with children: the designated officer's alone. No referral, no link to
    a person, no event in a child's chronology comes of it."""

    contact = models.OneToOneField(Contact, on_delete=models.PROTECT, related_name="allegation")
    received_at = models.DateTimeField()
    acknowledge_by = models.DateTimeField()
    state = models.CharField(max_length=12, default="received")  # received, taken, closed
    taken_at = models.DateTimeField(null=True)
    taken_by = models.UUIDField(null=True)
    notes = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True)
    closing_reason = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.contact.reference
