"""The family at the table, and the lead professional's duty on its way from one person to another."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from joinedup.casework.lifecycle import HandoverState
from joinedup.casework.models.cases import Case
from joinedup.core.models import Record
from joinedup.organisations.models import Post
from joinedup.person_index.models import Person


class FamilyPlace(Record):
    """Somebody of the family in the team around the child, from a moment to a moment. It opens no record to them."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="family_places")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="places_in_teams")
    words = models.CharField(max_length=120, blank=True)  # their part, in their words
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "person"], condition=Q(left_at__isnull=True), name="family_place_once"
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(left_at__gte=F("joined_at")),
                name="family_place_joined_before_left",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.case_id}"

    @staticmethod
    def held_at(at: datetime) -> Q:
        """The places held at a moment."""
        return Q(joined_at__lte=at) & (Q(left_at__isnull=True) | Q(left_at__gt=at))


class LeadHandover(Record):
    """A lead professional's duty offered to somebody else. Until they accept, it stays where it is."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="handovers")
    from_post = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="handovers_given")
    to_post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="handovers_offered")
    state = models.CharField(max_length=12, choices=[(state.value, state.value) for state in HandoverState])
    reason = models.CharField(max_length=300)
    proposed_by = models.UUIDField(null=True)
    proposed_at = models.DateTimeField()
    answer = models.CharField(max_length=300, blank=True)
    answered_by = models.UUIDField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(state=HandoverState.PROPOSED), name="one_handover_waits_for_a_case"
            ),
            models.CheckConstraint(
                condition=(Q(state=HandoverState.PROPOSED) & Q(answered_at__isnull=True))
                | (~Q(state=HandoverState.PROPOSED) & Q(answered_at__isnull=False)),
                name="handover_answered_has_a_moment",
            ),
        ]
        indexes = [
            models.Index(
                fields=["to_post"], condition=Q(state=HandoverState.PROPOSED), name="casework_handover_waiting"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} to {self.to_post_id}"


class QualifiedLeadChased(models.Model):
    """That the team's managers were told, once each, that a registered social worker is to lead (`opened`), and that none
    leads after the time for it (`late`). `since` is when the statutory work became known here."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="qualified_leads_chased")
    since = models.DateTimeField()
    stage = models.CharField(max_length=8, choices=[("opened", "opened"), ("late", "late")])
    chased_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "since", "stage"], name="qualified_lead_chased_once")]

    def __str__(self) -> str:
        return f"{self.case_id}, {self.stage}"


class ReviewChased(models.Model):
    """That the team's managers were told, once, of a review that was not held by its day."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="reviews_chased")
    due_on = models.DateField()
    chased_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "due_on"], name="review_chased_once")]

    def __str__(self) -> str:
        return f"{self.case_id}, {self.due_on}"


class LateAnswerChased(models.Model):
    """That whoever answers was told, once, of an answer that has not come by its time: about which step, stage of a
    disagreement, withdrawal of agreement or check after closing. Asked again with a later time, it is another answer."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="late_answers_chased")
    kind = models.CharField(max_length=12, choices=[(each, each) for each in ("step", "stage", "withdrawal", "check")])
    about_id = models.UUIDField()
    due_at = models.DateTimeField()
    chased_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "about_id", "due_at"], name="late_answer_chased_once")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.case_id}, {self.due_at:%Y-%m-%d}"
