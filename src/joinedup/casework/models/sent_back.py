"""Families that a team sent back to the front door from its allocation meeting, and what the front door answered."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from joinedup.casework.lifecycle import SENT_BACK_LABELS, SentBackState
from joinedup.casework.models.allocating import AllocationDecision
from joinedup.casework.models.cases import Case
from joinedup.core.models import Record
from joinedup.organisations.models import Team

_WAITING = SentBackState.WAITING.value


class SentBack(Record):
    """A new family sent back with the reason. The duty stays with the sending team's manager until it is answered."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="sent_back")
    decision = models.OneToOneField(AllocationDecision, on_delete=models.PROTECT, related_name="sent_back")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="sent_back")
    state = models.CharField(max_length=12, choices=[(state.value, text) for state, text in SENT_BACK_LABELS.items()])
    reason = models.TextField()
    sent_at = models.DateTimeField()
    sent_by = models.UUIDField(null=True)
    answer_by = models.DateTimeField()
    chased_at = models.DateTimeField(null=True)  # when it was said that the answer is late
    to_team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="sent_back_to")
    words = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(state=_WAITING), name="one_question_to_the_front_door"
            ),
            models.CheckConstraint(
                condition=(Q(state=_WAITING) & Q(answered_at__isnull=True))
                | (~Q(state=_WAITING) & Q(answered_at__isnull=False)),
                name="sent_back_answered_has_a_moment",
            ),
            models.CheckConstraint(
                condition=(Q(state="moved") & Q(to_team__isnull=False)) | (~Q(state="moved") & Q(to_team__isnull=True)),
                name="sent_back_moved_has_a_team",
            ),
        ]
        indexes = [
            models.Index(fields=["answer_by"], condition=Q(state=_WAITING), name="casework_sent_back_waiting"),
            models.Index(fields=["case", "-sent_at"], name="casework_sent_back_of_case"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} from {self.team_id}"
