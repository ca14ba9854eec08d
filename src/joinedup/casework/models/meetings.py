"""Meetings of the team around the child: who was asked and came, what was said and decided, and who does what by when."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from joinedup.casework.lifecycle import MeetingState
from joinedup.casework.meeting import Purpose
from joinedup.casework.models.cases import Case
from joinedup.core.models import Record
from joinedup.organisations.models import Post
from joinedup.person_index.models import Person

ONE_OF_BOTH = Q(post__isnull=False, person__isnull=True) | Q(post__isnull=True, person__isnull=False)


class Meeting(Record):
    """One meeting about a family. Its reference is all that leaves the building with it."""

    reference = models.CharField(max_length=16, unique=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="meetings")
    purpose = models.CharField(max_length=12, choices=[(purpose.value, purpose.value) for purpose in Purpose])
    starts_at = models.DateTimeField()
    minutes_long = models.PositiveSmallIntegerField()
    place = models.CharField(max_length=160, blank=True)
    link = models.URLField(max_length=300, blank=True)
    note = models.CharField(max_length=500, blank=True)  # for those invited
    state = models.CharField(max_length=12, choices=[(state.value, state.value) for state in MeetingState])
    planned_by = models.UUIDField(null=True)
    planned_at = models.DateTimeField()
    times_changed = models.PositiveSmallIntegerField(default=0)  # the calendar's SEQUENCE
    minutes = models.TextField(blank=True)
    has_changed_the_work = models.BooleanField(null=True)  # whether anything was decided to be different from now on
    minuted_by = models.UUIDField(null=True)
    minuted_at = models.DateTimeField(null=True)
    ended_reason = models.CharField(max_length=300, blank=True)  # why it was cancelled

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(place="", link=""), name="meeting_has_a_place_or_a_link"),
            models.CheckConstraint(condition=Q(minutes_long__gt=0), name="meeting_lasts"),
        ]
        indexes = [models.Index(fields=["case", "-starts_at"], name="casework_meetings_of_case")]

    def __str__(self) -> str:
        return self.reference


class MeetingPlace(Record):
    """Somebody asked to a meeting: a post or a member of the family; how they were told, and whether they came."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="places")
    post = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="meeting_places")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="meeting_places")
    told_by = models.CharField(max_length=12, blank=True)  # message, letter, in_person; empty where nobody has yet
    told_at = models.DateTimeField(null=True)
    presence = models.CharField(max_length=12, blank=True)  # present, apologies, absent
    words = models.CharField(max_length=200, blank=True)  # with apologies: what they ask to be said for them

    class Meta:
        constraints = [
            models.CheckConstraint(condition=ONE_OF_BOTH, name="meeting_place_of_a_post_or_a_person"),
            models.UniqueConstraint(fields=["meeting", "post"], name="meeting_post_once"),
            models.UniqueConstraint(fields=["meeting", "person"], name="meeting_person_once"),
        ]

    def __str__(self) -> str:
        return f"{self.post_id or self.person_id} at {self.meeting_id}"


class MeetingDecision(models.Model):
    """One decision of a meeting, as it was put."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="decisions")
    words = models.CharField(max_length=500)
    decided_at = models.DateTimeField()
    written_by = models.UUIDField(null=True)

    def __str__(self) -> str:
        return self.words[:60]


class MeetingAction(Record):
    """What somebody undertook at a meeting to do by a day."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="actions")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="meeting_actions")
    words = models.CharField(max_length=300)
    post = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="meeting_actions")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="meeting_actions")
    due_on = models.DateField()
    state = models.CharField(max_length=8, default="open")  # open, done, dropped, planned
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)
    ended_words = models.CharField(max_length=300, blank=True)
    # Once it stands in the family's plan it is followed there.
    plan_action = models.OneToOneField(
        "casework.PlanAction", null=True, on_delete=models.PROTECT, related_name="from_meeting"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=ONE_OF_BOTH, name="meeting_action_of_a_post_or_a_person"),
            models.CheckConstraint(
                condition=(Q(state="open") & Q(ended_at__isnull=True)) | (~Q(state="open") & Q(ended_at__isnull=False)),
                name="meeting_action_ended_has_a_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["post", "due_on"], condition=Q(state="open"), name="casework_open_actions"),
            models.Index(fields=["case", "due_on"], condition=Q(state="open"), name="casework_actions_of_case"),
        ]

    def __str__(self) -> str:
        return self.words[:60]
