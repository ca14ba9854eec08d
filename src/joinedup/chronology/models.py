"""Events and their words."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Now


class Event(models.Model):
    """Something that happened. Append-only: a mistake is corrected by a later event, never by a change."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=60)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    family_id = models.UUIDField(null=True)
    people = ArrayField(models.UUIDField(), default=list)
    source_kind = models.CharField(max_length=60)
    source_id = models.CharField(max_length=60)
    organisation_id = models.UUIDField(null=True)
    team_id = models.UUIDField(null=True)
    actor_id = models.UUIDField(null=True)
    code = models.CharField(max_length=60, blank=True)  # a rating, an outcome, a reason code
    quantity = models.DecimalField(max_digits=14, decimal_places=2, null=True)

    class Meta:
        indexes = [
            GinIndex(fields=["people"], name="chronology_people"),
            models.Index(fields=["family_id", "-at"], name="chronology_family"),
            models.Index(fields=["source_kind", "source_id"], name="chronology_source"),
            models.Index(fields=["kind", "at"], name="chronology_kind"),
        ]

    def __str__(self) -> str:
        return self.kind


class EventWords(models.Model):
    """The personal words of an event: may be redacted or destroyed without touching the event."""

    event = models.OneToOneField(Event, on_delete=models.PROTECT, primary_key=True, related_name="words")
    words = models.JSONField(null=True)
    redacted_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"words of {self.event_id}"


class EventMark(models.Model):
    """Something said about an event afterwards, itself append-only: that it is taken out or put back, that it matters or
    not. The newest of each pair counts. `instead` is the entry that stands in its place, about the right people."""

    class Kind(models.TextChoices):
        """What is said."""

        TAKEN_OUT = "taken_out"
        PUT_BACK = "put_back"
        SIGNIFICANT = "significant"
        ORDINARY = "ordinary"

    id = models.BigAutoField(primary_key=True)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="marks")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    code = models.CharField(max_length=30, blank=True)  # why it is taken out: CODES in chronology.kinds
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    actor_id = models.UUIDField(null=True)
    instead = models.ForeignKey(Event, null=True, on_delete=models.PROTECT, related_name="stands_for")

    class Meta:
        indexes = [models.Index(fields=["event", "-id"], name="chronology_marks")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.event_id}"


class EventMarkWords(models.Model):
    """Why an event was taken out, or what it meant for the child: apart, so that it can be destroyed."""

    mark = models.OneToOneField(EventMark, on_delete=models.PROTECT, primary_key=True, related_name="words")
    words = models.TextField(null=True)
    redacted_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"words of mark {self.mark_id}"


SHOWN = (EventMark.Kind.TAKEN_OUT, EventMark.Kind.PUT_BACK)
WEIGHT = (EventMark.Kind.SIGNIFICANT, EventMark.Kind.ORDINARY)


def newest_mark(*kinds: EventMark.Kind) -> Subquery:
    """The newest of these things said about an event: which of a pair counts."""
    marks = EventMark.objects.filter(event_id=OuterRef("pk"), kind__in=kinds).order_by("-pk")
    return Subquery(marks.values("kind")[:1])


def standing(events: QuerySet[Event]) -> QuerySet[Event]:
    """Without what was taken out: for whoever shows or counts what happened."""
    newest = Coalesce(newest_mark(*SHOWN), Value(EventMark.Kind.PUT_BACK))
    return events.annotate(_shown=newest).exclude(_shown=EventMark.Kind.TAKEN_OUT)
