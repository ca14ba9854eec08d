"""A team's allocation meetings: when they were held, and what was decided about each family that waited."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from joinedup.access.actor import Actor
from joinedup.access.roles import Role
from joinedup.casework.models.cases import Case
from joinedup.casework.models.reviews import Step
from joinedup.casework.models.team import LeadHandover
from joinedup.core.models import Record
from joinedup.organisations.models import Post, Team


class AllocationMeetingQuerySet(models.QuerySet["AllocationMeeting"]):
    """Allocation meetings, narrowed to the viewer's own teams."""

    def visible_to(self, viewer: Actor) -> AllocationMeetingQuerySet:
        """Whoever manages the team."""
        if viewer.is_system:
            return self.all()
        teams = [each.team_id for each in viewer.standings if each.role == Role.TEAM_MANAGER and each.team_id]
        return self.filter(team_id__in=teams)


class AllocationMeeting(Record):
    """One meeting at which a team says who leads what waits. A team holds one at a time."""

    reference = models.CharField(max_length=16, unique=True)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="allocation_meetings")
    begun_at = models.DateTimeField()
    begun_by = models.UUIDField(null=True)
    present = models.CharField(max_length=500, blank=True)
    words = models.TextField(blank=True)
    waiting = models.PositiveIntegerField(default=0)  # how many families still waited when it ended
    ended_at = models.DateTimeField(null=True)

    objects = AllocationMeetingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team"], condition=Q(ended_at__isnull=True), name="one_allocation_meeting_at_a_time"
            )
        ]
        indexes = [models.Index(fields=["team", "-begun_at"], name="casework_allocations")]

    def __str__(self) -> str:
        return self.reference


class AllocationDecision(Record):
    """What a meeting decided about one family, and why. The offer or the answer that came of it is linked."""

    meeting = models.ForeignKey(AllocationMeeting, on_delete=models.PROTECT, related_name="decisions")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="allocation_decisions")
    step = models.ForeignKey(Step, null=True, on_delete=models.PROTECT, related_name="allocation_decisions")
    decision = models.CharField(max_length=8)  # allocating.DECISIONS
    waited_for = models.CharField(max_length=200)  # why it was on the list, as it was shown
    waited_since = models.DateTimeField()
    post = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="allocation_decisions")
    hold_until = models.DateField(null=True)
    reason = models.TextField()
    handover = models.OneToOneField(LeadHandover, null=True, on_delete=models.PROTECT, related_name="decided_in")
    decided_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "case"], name="decided_once_in_a_meeting"),
            models.CheckConstraint(
                condition=(Q(decision="hold") & Q(hold_until__isnull=False))
                | (~Q(decision="hold") & Q(hold_until__isnull=True)),
                name="allocation_held_until_a_day",
            ),
            models.CheckConstraint(
                condition=(Q(decision="offer") & Q(post__isnull=False)) | (~Q(decision="offer") & Q(post__isnull=True)),
                name="allocation_offered_to_somebody",
            ),
        ]
        indexes = [models.Index(fields=["case", "-decided_at"], name="casework_allocated")]

    def __str__(self) -> str:
        return f"{self.decision}: {self.case_id}"
