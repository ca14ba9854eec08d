"""Case notes and visits, what was added to them, tasks, and help that was given."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from joinedup.casework.models.cases import Case
from joinedup.core.models import Record
from joinedup.organisations.models import Post
from joinedup.person_index.models import Person


class CaseNote(Record):
    """A visit, a call or a note, as its author wrote it. It is never changed: a correction is added to it. Its words go
    when the time for keeping them is over; that it was written stays."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notes")
    kind = models.CharField(max_length=12)  # noting.KINDS
    result = models.CharField(max_length=12)  # noting.RESULTS
    happened_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(null=True)
    words = models.TextField()
    child_words = models.TextField(blank=True)
    next_step = models.TextField(blank=True)
    written_by = models.UUIDField(null=True)
    post = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="case_notes")
    written_at = models.DateTimeField()
    taken_out_at = models.DateTimeField(null=True)
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["case", "-happened_at", "-id"], name="casework_notes")]

    def __str__(self) -> str:
        return f"{self.kind} in {self.case_id}"


class NoteSeen(models.Model):
    """Somebody who was seen or spoken to, and whether alone."""

    note = models.ForeignKey(CaseNote, on_delete=models.PROTECT, related_name="seen")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="seen_in_notes")
    is_alone = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["note", "person"], name="seen_in_note_once")]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.note_id}"


class NoteAddition(Record):
    """What was said about a note later: a correction, or why it was taken out. The note's own text stays as it was."""

    note = models.ForeignKey(CaseNote, on_delete=models.PROTECT, related_name="additions")
    is_taking_out = models.BooleanField(default=False)
    words = models.TextField()
    added_by = models.UUIDField(null=True)
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"addition to {self.note_id}"


class NoteFile(Record):
    """A file beside a note. It lies in the database and is only ever sent as a download of a type that was recognised."""

    note = models.ForeignKey(CaseNote, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=8)  # noting.FILE_TYPES
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    content = models.BinaryField(null=True)
    added_by = models.UUIDField(null=True)
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class CaseTask(Record):
    """Something somebody undertook to do for a family, apart from the plan's actions."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="tasks")
    note = models.ForeignKey(CaseNote, null=True, on_delete=models.PROTECT, related_name="tasks")
    words = models.CharField(max_length=300)
    owner = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="case_tasks")
    due_on = models.DateField()
    set_by = models.UUIDField(null=True)
    set_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.UUIDField(null=True)
    done_words = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["owner", "due_on"], condition=Q(done_at__isnull=True), name="casework_tasks_to_do")
        ]

    def __str__(self) -> str:
        return self.words


class Intervention(Record):
    """Help that was given: one row for each thing delivered, so that its cost can be posted and its benefit measured."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="interventions")
    service = models.CharField(max_length=120)
    words = models.CharField(max_length=500)
    delivered_by = models.CharField(max_length=120)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    hours = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    quantity = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    unit = models.CharField(max_length=40, blank=True)
    recorded_by = models.UUIDField(null=True)
    recorded_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)  # a register that it stood for was corrected

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="intervention_dates"
            ),
            models.CheckConstraint(condition=Q(hours__isnull=True) | Q(hours__gt=0), name="intervention_hours"),
            models.CheckConstraint(
                condition=(Q(quantity__isnull=True) & Q(unit="")) | (Q(quantity__gt=0) & ~Q(unit="")),
                name="intervention_quantity_has_a_unit",
            ),
        ]
        indexes = [models.Index(fields=["case", "-starts_on"], name="casework_interventions")]

    def __str__(self) -> str:
        return self.service


class InterventionFor(models.Model):
    """For whom help was given."""

    intervention = models.ForeignKey(Intervention, on_delete=models.PROTECT, related_name="people")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="interventions")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["intervention", "person"], name="intervention_for_once")]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.intervention_id}"
