"""Meetings: their agenda and papers, who was there, what they declared, the minutes, and what was to be done."""

from __future__ import annotations

from uuid import UUID

from django.db import models
from django.db.models import Q

from joinedup.core.models import Record
from joinedup.governance.codes import ATTENDANCE, ITEM_KINDS
from joinedup.governance.lifecycle import MEETING_LABELS
from joinedup.governance.models.boards import Appointment, Board


class Meeting(Record):
    """One meeting of a board."""

    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="meetings")
    reference = models.CharField(max_length=16, unique=True)
    starts_at = models.DateTimeField()
    minutes_long = models.PositiveSmallIntegerField(default=120)
    place = models.CharField(max_length=200, blank=True)
    state = models.CharField(
        max_length=16, choices=[(each.value, text) for each, text in MEETING_LABELS.items()], default="planned"
    )
    planned_at = models.DateTimeField()
    planned_by = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["board", "starts_at"], name="board_meetings_of")]

    def __str__(self) -> str:
        return self.reference


class MeetingStep(Record):
    """A meeting was called, held, cancelled, or its minutes were agreed. Rows are sealed."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="steps")
    state = models.CharField(max_length=16)
    reason = models.CharField(max_length=400, blank=True)
    at = models.DateTimeField()
    by = models.UUIDField(null=True)

    def __str__(self) -> str:
        return f"{self.state} of {self.meeting_id}"


class AgendaItem(Record):
    """One item. `matter_kind` and `matter_id` say what waits to be decided or done; an item with an `exempt_reason` is
    withheld from everybody but the board. What is taken off stays, and says when."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=list(ITEM_KINDS.items()))
    title = models.CharField(max_length=200)
    words = models.TextField(blank=True)
    matter_kind = models.CharField(max_length=30, blank=True)
    matter_id = models.UUIDField(null=True)
    exempt_reason = models.CharField(max_length=300, blank=True)
    minute = models.TextField(blank=True)
    added_at = models.DateTimeField()
    added_by = models.UUIDField(null=True)
    taken_off_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "matter_kind", "matter_id"],
                condition=Q(matter_id__isnull=False, taken_off_at__isnull=True),
                name="agenda_matter_once",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def board_id(self) -> UUID:
        """Whose agenda it is on."""
        return self.meeting.board_id


class Paper(Record):
    """A file beside an item. It lies in the database and is only sent as a download of a type that was recognised. Rows are
    sealed, so that what the board had before it can be shown."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="papers")
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=8)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    content = models.BinaryField()
    added_at = models.DateTimeField()
    added_by = models.UUIDField(null=True)

    def __str__(self) -> str:
        return self.title


class Attendance(Record):
    """Whether a member was there."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendance")
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="attendance")
    kind = models.CharField(max_length=10, choices=list(ATTENDANCE.items()))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "appointment"], name="board_attendance_once")]

    def __str__(self) -> str:
        return f"{self.appointment_id}: {self.kind}"


class Interest(Record):
    """A member declared an interest in an item, and withdrew from it or stayed. Rows are sealed; whoever declares again, for
    example to withdraw after all, gets another, and the newest counts."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="interests")
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="interests")
    words = models.CharField(max_length=400)
    has_withdrawn = models.BooleanField()
    declared_at = models.DateTimeField()
    declared_by = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["item", "appointment"], name="board_interests_of")]

    def __str__(self) -> str:
        return f"{self.appointment_id} in {self.item_id}"


class BoardAction(Record):
    """Something a meeting asked somebody to do by a day."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="actions")
    words = models.CharField(max_length=300)
    owner = models.CharField(max_length=160)
    due_on = models.DateField()
    set_at = models.DateTimeField()
    set_by = models.UUIDField(null=True)
    done_on = models.DateField(null=True)
    done_words = models.CharField(max_length=300, blank=True)
    done_by = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["due_on"], condition=Q(done_on__isnull=True), name="board_actions_open")]

    def __str__(self) -> str:
        return self.words

    @property
    def board_id(self) -> UUID:
        """Whose meeting asked for it."""
        return self.item.board_id
