"""What is offered to everybody or to some, and when."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from joinedup.access.actor import Actor
from joinedup.access.roles import Role
from joinedup.core.models import Record
from joinedup.organisations.models import Locality, Organisation, Post, Team
from joinedup.universal.codes import PROGRAMME_KINDS, STATES

RUN_BY = frozenset({Role.REFERRER, Role.KEY_WORKER, Role.TEAM_MANAGER})


class SessionProgrammes(models.QuerySet["Programme"]):
    """Programmes, narrowed to those the viewer's posts run."""

    def visible_to(self, viewer: Actor) -> SessionProgrammes:
        """Whoever works for the organisation that runs it; where a team runs it, that team only. Nobody else sees a
        register, whatever their role."""
        if viewer.is_system:
            return self.all()
        mine = [standing for standing in viewer.standings if standing.role in RUN_BY]
        of_organisation = Q(team__isnull=True, organisation_id__in=[each.organisation_id for each in mine])
        return self.filter(of_organisation | Q(team_id__in=[each.team_id for each in mine if each.team_id]))


class Programme(Record):
    """A course, a club or a group: who runs it, where, and for whom."""

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=list(PROGRAMME_KINDS.items()))
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="programmes")
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="programmes")
    locality = models.ForeignKey(Locality, null=True, on_delete=models.PROTECT, related_name="programmes")
    place = models.CharField(max_length=160)
    youngest = models.PositiveSmallIntegerField(null=True)
    oldest = models.PositiveSmallIntegerField(null=True)
    is_targeted = models.BooleanField(default=False)
    service = models.CharField(max_length=120, blank=True)  # as a plan's action names it, where that is not the name
    opened_at = models.DateTimeField()
    opened_by = models.UUIDField(null=True)
    ended_on = models.DateField(null=True)

    objects = SessionProgrammes.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(youngest__isnull=True) | Q(oldest__isnull=True) | Q(oldest__gte=F("youngest")),
                name="programme_ages",
            )
        ]
        indexes = [models.Index(fields=["organisation", "name"], name="universal_programmes")]

    def __str__(self) -> str:
        return self.name


class Session(Record):
    """One afternoon of a programme. Who came as strangers is counted here; who is known stands in the register."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="sessions")
    held_on = models.DateField()
    starts_time = models.TimeField()
    ends_time = models.TimeField()
    place = models.CharField(max_length=160, blank=True)
    state = models.CharField(max_length=10, default="planned", choices=list(STATES.items()))
    adults = models.PositiveIntegerField(default=0)  # counted, not named
    children = models.PositiveIntegerField(default=0)
    reason = models.CharField(max_length=200, blank=True)  # why it was cancelled
    planned_by = models.UUIDField(null=True)
    finished_at = models.DateTimeField(null=True)
    finished_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "held_on", "starts_time"], condition=~Q(state="cancelled"), name="session_once"
            ),
            models.CheckConstraint(condition=Q(ends_time__gt=F("starts_time")), name="session_ends_after_it_begins"),
            models.CheckConstraint(
                condition=(Q(state="held") & Q(finished_at__isnull=False))
                | (~Q(state="held") & Q(finished_at__isnull=True)),
                name="session_held_has_a_register",
            ),
            models.CheckConstraint(condition=~Q(state="cancelled") | ~Q(reason=""), name="session_cancelled_says_why"),
        ]
        indexes = [models.Index(fields=["held_on", "starts_time"], name="universal_sessions_by_day")]

    def __str__(self) -> str:
        return f"{self.programme_id} on {self.held_on}"

    @property
    def hours(self) -> float:
        """How long it lasts."""
        minutes = (self.ends_time.hour - self.starts_time.hour) * 60 + self.ends_time.minute - self.starts_time.minute
        return minutes / 60


class SessionStaff(models.Model):
    """Who runs a session."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="staff")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="sessions_run")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "post"], name="session_staff_once")]

    def __str__(self) -> str:
        return f"{self.post_id} at {self.session_id}"
