"""Registers: who came, every change of it, and what followed from it in a case."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from joinedup.access.actor import Actor
from joinedup.casework.models import Intervention
from joinedup.core.models import Record
from joinedup.person_index.models import AgencyRecord, RecordLink, withheld_ids
from joinedup.universal.codes import CAME, MARKS
from joinedup.universal.models.programmes import Session


class AttendanceQuerySet(models.QuerySet["Attendance"]):
    """Lines of registers."""

    def listed(self) -> AttendanceQuerySet:
        """On a list now: not taken off again."""
        return self.exclude(mark="")

    def came(self) -> AttendanceQuerySet:
        """Who was there, in a session that was not cancelled."""
        return self.filter(mark__in=[mark.value for mark in CAME]).exclude(session__state="cancelled")

    def not_withheld_from(self, viewer: Actor) -> AttendanceQuerySet:
        """Without whoever is withheld from the viewer. What somebody typed themselves they go on seeing in its place:
        its going would tell them what it must not."""
        if viewer.is_system:
            return self.all()
        hidden = RecordLink.objects.filter(separated_at__isnull=True, person_id__in=withheld_ids(viewer))
        own = Q(is_newcomer=True, marked_by=viewer.account_id)
        return self.filter(own | ~Q(record_id__in=hidden.values("record_id")))


class Attendance(Record):
    """One person in one register. It hangs on the agency's own record, so it goes where the record is linked. An empty
    mark says that they were put on the list and taken off again."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="attendances")
    record = models.ForeignKey(AgencyRecord, on_delete=models.PROTECT, related_name="attendances")
    mark = models.CharField(max_length=10, blank=True, choices=[(mark.value, words) for mark, words in MARKS.items()])
    is_newcomer = models.BooleanField(default=False)  # first written down in this register
    age_said = models.PositiveSmallIntegerField(null=True)  # where no date of birth is known
    marked_at = models.DateTimeField()
    marked_by = models.UUIDField(null=True)

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "record"], name="attendance_once")]
        indexes = [models.Index(fields=["record", "session"], name="universal_attended_by")]

    def __str__(self) -> str:
        return f"{self.record_id} at {self.session_id}"


class AttendanceChange(models.Model):
    """One change of a register: what it said before and after. Kept for good; an undo is a change, too."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="changes")
    attendance = models.ForeignKey(Attendance, null=True, on_delete=models.PROTECT, related_name="changes")
    before = models.JSONField()  # {"mark": …}, or {"adults": …, "children": …} where strangers were counted
    after = models.JSONField()
    step = models.UUIDField()  # what was saved together, and is undone together
    at = models.DateTimeField()
    by = models.UUIDField(null=True)
    is_after_finish = models.BooleanField(default=False)  # a correction
    undone_by = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="undid")

    class Meta:
        indexes = [models.Index(fields=["session", "-id"], name="universal_register_changes")]

    def __str__(self) -> str:
        return f"{self.session_id}: {self.before} to {self.after}"


class HelpPosted(models.Model):
    """Which entry of help given stands for an attendance, so that there is only ever one (UN-22)."""

    attendance = models.OneToOneField(Attendance, on_delete=models.PROTECT, related_name="help_posted")
    intervention = models.ForeignKey(Intervention, on_delete=models.PROTECT, related_name="attendances")
    posted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.attendance_id}: {self.intervention_id}"
