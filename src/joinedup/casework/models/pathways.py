"""Which pathway a case is on and was, the pathways a partnership added, and the panel: its dates, who sits on it, what it is
asked, what each partner gives to it, and what it decides."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from joinedup.access.actor import Actor
from joinedup.access.roles import Role
from joinedup.casework.lifecycle import PANEL_REQUEST_LABELS, WAITING_REQUESTS
from joinedup.casework.models.cases import Case
from joinedup.casework.models.meetings import Meeting
from joinedup.casework.pathways import Outcome
from joinedup.core.models import Record
from joinedup.organisations.models import Organisation, Post, Team
from joinedup.person_index.models import Person, withheld_ids

_WAITING = sorted(state.value for state in WAITING_REQUESTS)
_CONVENERS = (Role.TEAM_MANAGER, Role.STATUTORY_OFFICER)


class PathwayLoaded(Record):
    """One version of a pathway that a partnership added from a file. Never changed: a newer file adds a version."""

    code = models.CharField(max_length=30)
    number = models.PositiveSmallIntegerField()  # its version
    terms = models.JSONField()  # as the file says them
    digest = models.CharField(max_length=64)
    file_name = models.CharField(max_length=200)
    loaded_at = models.DateTimeField()
    loaded_by = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "number"], name="pathway_version_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.number}"


class CasePathway(Record):
    """The pathway a case was on from a moment to a moment. The case itself carries the one it is on now; a case that never
    changed has no row."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="pathways")
    code = models.CharField(max_length=30)
    reason = models.CharField(max_length=500, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    changed_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(ends_at__isnull=True), name="one_pathway_of_a_case_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("starts_at")), name="case_pathway_starts_first"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} of {self.case_id}"


class PanelQuerySet(models.QuerySet["Panel"]):
    """Panels, narrowed to whoever holds or sits on them."""

    def visible_to(self, viewer: Actor) -> PanelQuerySet:
        """Whoever reads its list; and the dates of the partnership's panel for whoever answers for any team, who may put
        their own team's requests on it."""
        if viewer.is_system:
            return self.all()
        answers = any(each.role in _CONVENERS and each.team_id for each in viewer.standings)
        return self.filter(self._read_by(viewer) | (Q(team__isnull=True) if answers else Q(pk__in=[])))

    def read_by(self, viewer: Actor) -> PanelQuerySet:
        """Whoever answers for the team that holds it, whoever chairs it, and whoever is named for it: they read its list."""
        return self.all() if viewer.is_system else self.filter(self._read_by(viewer))

    @staticmethod
    def _read_by(viewer: Actor) -> Q:
        teams = [each.team_id for each in viewer.standings if each.role in _CONVENERS and each.team_id]
        seats = PanelSeat.objects.filter(post_id__in=viewer.post_ids).values("panel_id")
        return Q(team_id__in=teams) | Q(chair_id__in=viewer.post_ids) | Q(pk__in=seats)


class Panel(Record):
    """The partners meet on a date and go through a list of requests: those of one team, or, where it is the partnership's,
    of every team. The partnership's is held by whoever chairs it, of any partner."""

    reference = models.CharField(max_length=16, unique=True)
    team = models.ForeignKey(
        Team, null=True, on_delete=models.PROTECT, related_name="panels"
    )  # none: the partnership's
    chair = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="panels_chaired")
    starts_at = models.DateTimeField()
    place = models.CharField(max_length=160)
    planned_by = models.UUIDField(null=True)
    planned_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)
    cancelled_reason = models.CharField(max_length=300, blank=True)

    objects = PanelQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["team", "starts_at"], name="casework_panels_of_team")]
        constraints = [
            models.CheckConstraint(
                condition=Q(team__isnull=False, chair__isnull=True) | Q(team__isnull=True, chair__isnull=False),
                name="panel_of_a_team_or_chaired",
            )
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def whose(self) -> str:
        """The team it belongs to, or the partnership."""
        return self.team.name if self.team else "The whole partnership"


class PanelSeat(Record):
    """A partner's named post on a panel, and whether they came."""

    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="seats")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="panel_seats")
    came = models.BooleanField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["panel", "post"], name="panel_seat_once")]

    def __str__(self) -> str:
        return f"{self.post_id} at {self.panel_id}"


class PanelRequestQuerySet(models.QuerySet["PanelRequest"]):
    """Requests, narrowed to whoever sees the case or sits on the panel whose list they are on."""

    def visible_to(self, viewer: Actor) -> PanelRequestQuerySet:
        """The panel's people see what is on its list, nothing of the case behind it; nobody sees what is withheld."""
        if viewer.is_system:
            return self.all()
        panels = Panel.objects.read_by(viewer).values("pk")
        mine = self.filter(Q(case__in=Case.objects.visible_to(viewer)) | Q(panel_id__in=panels))
        return mine.exclude(child_id__in=withheld_ids(viewer))


class PanelRequest(Record):
    """What a panel is asked for one child: one referral, whatever services it is for."""

    reference = models.CharField(max_length=16, unique=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="panel_requests")
    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="panel_requests")
    state = models.CharField(
        max_length=20, choices=[(state.value, text) for state, text in PANEL_REQUEST_LABELS.items()]
    )
    words = models.TextField()  # why, and what it should change
    papers = models.JSONField(default=list)  # codes of the papers that are there
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="panel_requests")
    due_at = models.DateTimeField()  # the clock: by when it is decided
    complete_at = models.DateTimeField(null=True)
    panel = models.ForeignKey(Panel, null=True, on_delete=models.PROTECT, related_name="requests")
    decided_at = models.DateTimeField(null=True)  # the first time every service was decided on
    words_for_family = models.TextField(blank=True)
    family_told_by = models.CharField(max_length=12, blank=True)  # message, letter, in_person
    family_told_at = models.DateTimeField(null=True)
    times_disagreed = models.PositiveSmallIntegerField(default=0)
    disagreed_words = models.TextField(blank=True)
    ended_reason = models.CharField(max_length=300, blank=True)  # why it was withdrawn

    objects = PanelRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "child"], condition=Q(state__in=_WAITING), name="one_panel_request_for_a_child"
            ),
            models.CheckConstraint(
                condition=~Q(state="listed") | Q(panel__isnull=False), name="panel_request_is_listed"
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(state__in=_WAITING), name="casework_panel_waiting")]

    def __str__(self) -> str:
        return self.reference

    def has_seat(self, viewer: Actor) -> bool:
        """Whether the viewer is named for the panel whose list it is on."""
        return PanelSeat.objects.filter(panel__requests=self, post_id__in=viewer.post_ids).exists()


class PanelService(Record):
    """One service that a request is for."""

    request = models.ForeignKey(PanelRequest, on_delete=models.PROTECT, related_name="services")
    name = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "name"], name="panel_service_once")]

    def __str__(self) -> str:
        return self.name


class PanelDecision(models.Model):
    """What a panel decided about one service, with its reason. A later panel adds a row: the newest counts."""

    service = models.ForeignKey(PanelService, on_delete=models.PROTECT, related_name="decisions")
    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="decisions")
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="panel_decisions")
    code = models.CharField(max_length=20, choices=[(each.value, each.value) for each in Outcome])
    reason = models.TextField()
    instead = models.CharField(max_length=80, blank=True)  # the service that fits better
    at = models.DateTimeField()
    by = models.UUIDField(null=True)

    def __str__(self) -> str:
        return f"{self.code}: {self.service_id}"


class PanelContribution(Record):
    """What one partner knows of the child or can give, for the panel; in its own words. Append-only."""

    request = models.ForeignKey(PanelRequest, on_delete=models.PROTECT, related_name="contributions")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="panel_contributions")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="panel_contributions")
    words = models.TextField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.organisation_id} to {self.request_id}"


class PanelTransition(models.Model):
    """One change of state of a request, with its author and reason."""

    request = models.ForeignKey(PanelRequest, on_delete=models.PROTECT, related_name="transitions")
    start = models.CharField(max_length=20, blank=True)
    end = models.CharField(max_length=20)
    at = models.DateTimeField()
    by = models.UUIDField(null=True)
    reason = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return f"{self.start} to {self.end}"
