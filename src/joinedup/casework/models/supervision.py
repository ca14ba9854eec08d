"""Supervision: what a worker and their manager talked about, of themselves and of each family."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from joinedup.access.actor import Actor
from joinedup.casework.models.cases import Case
from joinedup.casework.models.notes import CaseTask
from joinedup.core.models import Record
from joinedup.organisations.models import Post


class SupervisionQuerySet(models.QuerySet["Supervision"]):
    """Supervisions, narrowed to those who may read them."""

    def visible_to(self, viewer: Actor) -> SupervisionQuerySet:
        """The two of them, and whoever supervises the manager. A worker keeps reading theirs in a later post; a manager
        does not."""
        if viewer.is_system:
            return self.all()
        if not viewer.post_ids:
            return self.none()
        theirs = Q(manager_id__in=viewer.post_ids) | Q(manager__line_supervisor_id__in=viewer.post_ids)
        return self.filter(theirs | Q(worker__account_id=viewer.account_id))


class Supervision(Record):
    """One supervision. Nothing in it changes once it is written; what is added stands beside it."""

    worker = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="supervisions")
    manager = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="supervisions_given")
    held_on = models.DateField()
    discussed = models.TextField()
    wellbeing = models.TextField(blank=True)
    development = models.TextField(blank=True)
    next_on = models.DateField()
    written_at = models.DateTimeField()
    written_by = models.UUIDField(null=True)
    answer = models.CharField(max_length=8, blank=True)  # agreed, differs
    answer_words = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)

    objects = SupervisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(answer="") & Q(answered_at__isnull=True)) | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="supervision_answered_at_a_time",
            ),
            models.CheckConstraint(condition=Q(next_on__gt=models.F("held_on")), name="supervision_next_is_later"),
        ]
        indexes = [models.Index(fields=["worker", "-held_on"], name="casework_supervisions")]

    def __str__(self) -> str:
        return f"{self.worker_id} on {self.held_on}"


class SupervisionCase(Record):
    """What was said about one family: it stands in its case, for those who see the case."""

    supervision = models.ForeignKey(Supervision, on_delete=models.PROTECT, related_name="cases")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="supervised")
    reflection = models.TextField()
    decision = models.TextField()
    action = models.CharField(max_length=300, blank=True)
    owner = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="supervision_actions")
    due_on = models.DateField(null=True)
    task = models.OneToOneField(CaseTask, null=True, on_delete=models.PROTECT, related_name="from_supervision")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(action="") & Q(owner__isnull=True) & Q(due_on__isnull=True))
                | (~Q(action="") & Q(owner__isnull=False) & Q(due_on__isnull=False)),
                name="supervision_action_has_an_owner_and_a_day",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} in {self.supervision_id}"


class SupervisionAddition(models.Model):
    """Something put right beside a supervision, by one of the two."""

    supervision = models.ForeignKey(Supervision, on_delete=models.PROTECT, related_name="additions")
    words = models.TextField()
    added_by = models.UUIDField(null=True)
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"addition to {self.supervision_id}"
