"""Decisions as they were taken, and what became of them. Everything here is sealed but a recommendation’s reply."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from joinedup.benefits.models import Round
from joinedup.core.models import Record
from joinedup.governance.codes import VOTES
from joinedup.governance.models.boards import Appointment, Board
from joinedup.governance.models.meetings import AgendaItem
from joinedup.organisations.models import Organisation


def _nothing() -> dict[str, Any]:
    return {}


class Decision(Record):
    """What a board decided on one item: the words, the vote, and the evidence as it was at that moment. Sealed."""

    item = models.OneToOneField(AgendaItem, on_delete=models.PROTECT, related_name="decision")
    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="decisions")
    reference = models.CharField(max_length=16, unique=True)
    what = models.TextField()
    why = models.TextField()
    options = models.TextField()
    maker = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="board_decisions_made")
    effect = models.CharField(max_length=30, blank=True)  # a kind of `effects`; empty for a decision in words alone
    matter_id = models.UUIDField(null=True)
    chosen = models.JSONField(default=_nothing)
    pence = models.BigIntegerField(null=True)
    evidence = models.JSONField(default=_nothing)
    digest = models.CharField(max_length=64)  # SHA-256 of the evidence, the matter and what was chosen
    carried = models.BooleanField()
    vote_words = models.CharField(max_length=200)
    quorum_words = models.CharField(max_length=300)
    power_words = models.CharField(max_length=400)
    call_in_until = models.DateField(null=True)
    decided_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(effect="", matter_id__isnull=True) | (~Q(effect="") & Q(matter_id__isnull=False)),
                name="decision_about_something",
            ),
        ]
        indexes = [models.Index(fields=["board", "decided_at"], name="board_decisions_of")]

    def __str__(self) -> str:
        return self.reference


class DecisionBody(Record):
    """A partner whose power the decision uses, as found when it was taken. Sealed."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="bodies")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="board_decisions_asked")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["decision", "organisation"], name="decision_body_once")]

    def __str__(self) -> str:
        return f"{self.organisation_id} for {self.decision_id}"


class Vote(Record):
    """How one member voted. Sealed."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="votes")
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="votes")
    vote = models.CharField(max_length=10, choices=list(VOTES.items()))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["decision", "appointment"], name="decision_vote_once")]

    def __str__(self) -> str:
        return f"{self.appointment_id}: {self.vote}"


class Approval(Record):
    """A partner’s own answer: which of its bodies agreed or refused, on which day, under which minute. Sealed."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="approvals")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="board_approvals")
    agrees = models.BooleanField()
    body = models.CharField(max_length=160)
    approved_on = models.DateField()
    minute = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["decision", "organisation"], name="decision_approval_once")]

    def __str__(self) -> str:
        return f"{self.organisation_id} on {self.decision_id}"


class CallIn(Record):
    """Scrutiny called a decision in: it has no effect until that is answered. Sealed."""

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="call_in")
    reason = models.CharField(max_length=600)
    called_at = models.DateTimeField()
    called_by = models.UUIDField(null=True)

    def __str__(self) -> str:
        return f"call-in of {self.decision_id}"


class CallInAnswer(Record):
    """Whoever decided looked again: the decision is confirmed or set aside. Sealed."""

    call_in = models.OneToOneField(CallIn, on_delete=models.PROTECT, related_name="answer")
    is_confirmed = models.BooleanField()
    words = models.CharField(max_length=600)
    answered_at = models.DateTimeField()
    answered_by = models.UUIDField(null=True)

    def __str__(self) -> str:
        return f"answer to {self.call_in_id}"


class Effected(Record):
    """The decision took effect, once: what was done. Written in the transaction that did it. Sealed."""

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="effected")
    words = models.CharField(max_length=600)
    at = models.DateTimeField()
    by = models.UUIDField(null=True)

    def __str__(self) -> str:
        return f"effect of {self.decision_id}"


class EffectRefused(Record):
    """The decision was ready, but could not be carried out: the rule that refused. Sealed; it may be tried again."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="refusals")
    rule = models.CharField(max_length=60)
    sentence = models.CharField(max_length=1000)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.rule} refused {self.decision_id}"


class RoundAcceptance(Record):
    """A round of a business case that a decision accepted. Sealed."""

    round = models.OneToOneField(Round, on_delete=models.PROTECT, related_name="board_acceptance")
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="accepted_round")
    digest = models.CharField(max_length=64)  # of the round, as it was accepted
    accepted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.round_id} accepted"


class Recommendation(Record):
    """What scrutiny recommends to a body. It has no effect; a reply is owed by a day."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="recommendations")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="scrutiny_recommendations")
    words = models.TextField()
    reply_due_on = models.DateField()
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True)
    is_accepted = models.BooleanField(null=True)
    reply = models.TextField(blank=True)
    replied_at = models.DateTimeField(null=True)
    replied_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(replied_at__isnull=True, is_accepted__isnull=True)
                | Q(replied_at__isnull=False, is_accepted__isnull=False),
                name="recommendation_answered",
            ),
        ]

    def __str__(self) -> str:
        return self.words[:60]
