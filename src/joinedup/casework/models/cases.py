"""Cases, the people in them, and every change of state and of lead professional as a row."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from joinedup.access.actor import Actor
from joinedup.access.roles import Role
from joinedup.casework.lifecycle import CaseState
from joinedup.core.models import Record
from joinedup.organisations.models import Locality, Organisation, Post, Team
from joinedup.person_index.models import Family, Person, withheld_ids


class CaseQuerySet(models.QuerySet["Case"]):
    """Cases, narrowed to the viewer's place in them."""

    def visible_to(self, viewer: Actor) -> CaseQuerySet:
        """The team around the child, and who supervises it. Another team sees nothing; nor does a colleague who is
        not in the team around this child."""
        if viewer.is_system:
            return self.all()
        managed = [standing.team_id for standing in viewer.standings if standing.role == Role.TEAM_MANAGER]
        mine = CaseMember.objects.filter(CaseMember.held_at(viewer.at), post_id__in=viewer.post_ids).values("case_id")
        theirs = self.filter(Q(team_id__in=[team for team in managed if team]) | Q(pk__in=mine))
        # A case about somebody withheld from the viewer is another's, whatever team it is in.
        withheld = CasePerson.objects.filter(person_id__in=withheld_ids(viewer))
        return theirs.exclude(pk__in=withheld.values("case_id"))

    def open(self) -> CaseQuerySet:
        """Not closed."""
        return self.exclude(state=CaseState.CLOSED)


class Case(Record):
    """Work with one family by one team under one lead professional."""

    reference = models.CharField(max_length=16, unique=True)
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="cases")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="cases")
    locality = models.ForeignKey(Locality, null=True, on_delete=models.PROTECT, related_name="cases")
    level = models.PositiveSmallIntegerField()  # level of need, 1 to 4
    state = models.CharField(max_length=20, choices=[(state.value, state.value) for state in CaseState])
    lead_professional = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="led_cases")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(level__gte=1) & Q(level__lte=4), name="case_level_1_to_4"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("opened_at")), name="case_opened_before_closed"
            ),
            models.CheckConstraint(
                condition=(Q(state="closed") & Q(closed_at__isnull=False))
                | (~Q(state="closed") & Q(closed_at__isnull=True)),
                name="case_closed_has_a_date",
            ),
            models.UniqueConstraint(fields=["family"], condition=~Q(state="closed"), name="one_open_case_for_a_family"),
        ]
        indexes = [models.Index(fields=["team", "state"], name="casework_team_state")]

    def __str__(self) -> str:
        return self.reference


class CasePerson(models.Model):
    """Somebody the case is about or who is part of the family in it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="people")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="case_places")
    part = models.CharField(max_length=20)  # child, parent, other

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "person"], name="case_person_once")]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.case_id}"


class CaseMember(Record):
    """A post in the team around the child, from a moment to a moment: the ground for seeing the family."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="members")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="case_memberships")
    part = models.CharField(max_length=20)  # lead, member
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "post"], condition=Q(left_at__isnull=True), name="case_member_once")
        ]

    def __str__(self) -> str:
        return f"{self.post_id} in {self.case_id}"

    @staticmethod
    def held_at(at: datetime) -> Q:
        """The places held at a moment: from joining up to, but not including, leaving."""
        return Q(joined_at__lte=at) & (Q(left_at__isnull=True) | Q(left_at__gt=at))


class CaseTransition(models.Model):
    """One change of state, with its author and reason."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="transitions")
    start = models.CharField(max_length=20, blank=True)
    end = models.CharField(max_length=20)
    at = models.DateTimeField()
    by = models.UUIDField(null=True)
    reason = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return f"{self.start} to {self.end}"


class CaseBroughtOver(Record):
    """That a case came from an agency's old system: which one it was there, as the extract said it."""

    agency = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="cases_brought_over")
    reference = models.CharField(max_length=60)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="brought_over")
    as_supplied = models.JSONField()
    digest = models.CharField(max_length=64)
    next_review_on = models.DateField(null=True)  # for the reviews to come
    brought_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "reference"], name="case_brought_over_once")]

    def __str__(self) -> str:
        return self.reference
