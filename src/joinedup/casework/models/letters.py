"""The letter that asks a family to a meeting: its words as somebody left them, and to whom it went."""

from __future__ import annotations

from django.db import models

from joinedup.casework.models.meetings import Meeting, MeetingPlace
from joinedup.core.models import Record


class MeetingLetter(Record):
    """The words of the letter. Without a row the letter says what it always says."""

    meeting = models.OneToOneField(Meeting, on_delete=models.PROTECT, related_name="letter")
    words = models.TextField()
    written_by = models.UUIDField(null=True)
    written_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"letter for {self.meeting_id}"


class LetterSent(models.Model):
    """That the letter went to somebody, and what it said. The address is not kept: it is what was safe on that day.
    `times_changed` is the meeting's: a letter about another time says nothing of the one that counts."""

    place = models.ForeignKey(MeetingPlace, on_delete=models.PROTECT, related_name="letters")
    how = models.CharField(max_length=8)  # letter, email
    words = models.TextField()
    times_changed = models.PositiveSmallIntegerField()
    sent_by = models.UUIDField(null=True)
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "how", "times_changed"], name="letter_sent_once_for_a_time"),
            models.CheckConstraint(condition=models.Q(how__in=("letter", "email")), name="letter_sent_how"),
        ]

    def __str__(self) -> str:
        return f"{self.how} to {self.place_id}"
