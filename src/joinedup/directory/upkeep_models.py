"""Tables around keeping records true: what was moved, reminders sent, samples drawn, and what people say is wrong."""

from __future__ import annotations

from django.db import models

from joinedup.core.models import Record


class RecordMove(Record):
    """Where a record stood and where it stands since, by whom and why. Sealed."""

    entry = models.ForeignKey("directory.Entry", on_delete=models.PROTECT, related_name="moves")
    before = models.CharField(max_length=16)
    after = models.CharField(max_length=16)
    words = models.CharField(max_length=600)
    moved_at = models.DateTimeField()
    moved_by = models.UUIDField(null=True)

    def __str__(self) -> str:
        return f"{self.before} to {self.after}"


class Reminder(Record):
    """Somebody was told how far the assurance of a record has aged: the receipt that keeps them from being told twice. Sealed."""

    entry = models.ForeignKey("directory.Entry", on_delete=models.PROTECT, related_name="reminders")
    stage = models.CharField(max_length=8)  # remind, flag, hide
    assured_on = models.DateField(null=True)  # the assurance that aged
    to = models.CharField(max_length=254, blank=True)  # none where nobody was known to tell
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "stage", "assured_on"], name="directory_reminded_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return self.stage


class Sample(Record):
    """Records drawn by lot, to be checked on the phone. With its seed anybody can draw the same again."""

    is_of_trusted = models.BooleanField(default=False)
    seed = models.CharField(max_length=32)
    among = models.PositiveIntegerField()  # of how many they were drawn
    drawn_at = models.DateTimeField()
    drawn_by = models.UUIDField(null=True)

    def __str__(self) -> str:
        return f"sample of {self.drawn_at:%d %B %Y}"


class SampleItem(Record):
    """One record of a sample, and what the check found."""

    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="items")
    entry = models.ForeignKey("directory.Entry", on_delete=models.PROTECT, related_name="+")
    place = models.PositiveIntegerField()
    result = models.CharField(max_length=12, blank=True)  # right, wrong, no_answer
    words = models.CharField(max_length=600, blank=True)
    checked_at = models.DateTimeField(null=True)
    checked_by = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sample", "entry"], name="directory_sampled_once")]

    def __str__(self) -> str:
        return self.result or "not checked yet"


class Correction(Record):
    """Somebody says that a record is wrong. It changes nothing by itself. The e-mail address is forgotten with the answer."""

    entry = models.ForeignKey("directory.Entry", on_delete=models.PROTECT, related_name="corrections")
    what = models.CharField(max_length=12)
    words = models.TextField()
    email = models.CharField(max_length=254, blank=True)
    said_at = models.DateTimeField()
    said_by = models.UUIDField(null=True)
    due_on = models.DateField()
    times = models.PositiveIntegerField(default=1)  # how often the same was said
    outcome = models.CharField(max_length=12, blank=True)  # mended, right, closed
    answer = models.CharField(max_length=600, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_on"], name="directory_correction_open", condition=models.Q(answered_at=None))
        ]

    def __str__(self) -> str:
        return self.what
