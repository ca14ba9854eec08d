"""Cases, the people in them, and every change of state and of lead professional as a row."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from joinedup.access.actor import Actor
from joinedup.access.roles import Role
from joinedup.casework.codes import LEAVINGS
from joinedup.casework.lifecycle import CaseState
from joinedup.casework.pathways import EARLY_HELP
from joinedup.core.models import Record
from joinedup.organisations.models import Locality, Organisation, Post, Team
from joinedup.person_index.models import Family, Person, withheld_ids


class CaseQuerySet(models.QuerySet["Case"]):
    """Cases, narrowed to the viewer's place in them."""

    def visible_to(self, viewer: Actor) -> CaseQuerySet:
        """The team around the child, and who supervises it; and whoever audits the quality of the work, until a day.
        Another team sees nothing; nor does a colleague who is not in the team around this child."""
        if viewer.is_system:
            return self.all()
        lent = CaseAccess.objects.filter(CaseAccess.held_at(viewer.at), post_id__in=viewer.post_ids)
        return self._seen_by(viewer, Q(pk__in=lent.values("case_id")))

    def around(self, viewer: Actor) -> CaseQuerySet:
        """The same without those that are only lent to read: what somebody works with or answers for."""
        return self.all() if viewer.is_system else self._seen_by(viewer, Q())

    def _seen_by(self, viewer: Actor, besides: Q) -> CaseQuerySet:
        managers = (Role.TEAM_MANAGER, Role.STATUTORY_OFFICER)  # a statutory team's officers answer for it together
        managed = [standing.team_id for standing in viewer.standings if standing.role in managers]
        mine = CaseMember.objects.filter(CaseMember.held_at(viewer.at), post_id__in=viewer.post_ids).values("case_id")
        theirs = self.filter(Q(team_id__in=[team for team in managed if team]) | Q(pk__in=mine) | besides)
        # A case about somebody withheld from the viewer is another's, whatever team it is in.
        # Whoever was in it once still stands in what was written there.
        withheld = CasePerson.ever.filter(person_id__in=withheld_ids(viewer))
        return theirs.exclude(pk__in=withheld.values("case_id"))

    def led_at(self, at: datetime) -> CaseQuerySet:
        """Led by somebody who holds their post at that moment and may sign in: of the others the team manager holds the
        duty, from the very minute."""
        ended = Q(lead_professional__ends_at__isnull=True) | Q(lead_professional__ends_at__gt=at)
        return self.filter(ended, lead_professional__starts_at__lte=at, lead_professional__account__is_active=True)

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
    pathway = models.CharField(
        max_length=30, default=EARLY_HELP
    )  # the one it is on now; `CasePathway` has those before
    lead_professional = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="led_cases")
    deputy = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="deputised_cases")
    review_due_on = models.DateField(null=True)  # the last day for the next review; none once closed
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
            models.CheckConstraint(
                condition=~Q(state="open") | Q(lead_professional__isnull=False), name="case_open_is_led"
            ),
            models.CheckConstraint(
                condition=~Q(state="waiting_for_lead") | Q(lead_professional__isnull=True),
                name="case_waiting_is_not_led",
            ),
            models.CheckConstraint(
                condition=Q(state="closed") | Q(review_due_on__isnull=False), name="case_open_has_a_next_review"
            ),
        ]
        indexes = [
            models.Index(fields=["team", "state"], name="casework_team_state"),
            models.Index(fields=["review_due_on"], condition=~Q(state="closed"), name="casework_reviews_due"),
        ]

    def __str__(self) -> str:
        return self.reference

    def is_in_team(self, viewer: Actor) -> bool:
        """Whether the viewer holds a place in the team around the child at their moment."""
        held = CaseMember.objects.filter(CaseMember.held_at(viewer.at), case=self, post_id__in=viewer.post_ids)
        return bool(viewer.post_ids) and held.exists()


class _StillInCase(models.Manager["CasePerson"]):
    """Those who have not left."""

    def get_queryset(self) -> models.QuerySet[CasePerson]:
        return super().get_queryset().filter(left_at__isnull=True)


class CasePerson(models.Model):
    """Somebody the case is about or who is part of the family in it, from joining to leaving. `objects`, and `case.people`,
    are those in it now; `ever` has those who left, too: what was written about them stays in the case."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="people")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="case_places")
    part = models.CharField(max_length=20)  # child, parent, carer, other
    joined_at = models.DateTimeField(null=True)  # none: in it since it opened
    left_at = models.DateTimeField(null=True)
    left_on = models.DateField(null=True)  # the day they left the family or its home, written down at `left_at`
    left_why = models.CharField(max_length=10, blank=True, default="", db_default="", choices=list(LEAVINGS.items()))
    left_words = models.CharField(max_length=300, blank=True, default="", db_default="")

    objects = _StillInCase()
    ever = models.Manager["CasePerson"]()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "person"], condition=Q(left_at__isnull=True), name="case_person_once"
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True, left_on__isnull=True, left_why="")
                | (Q(left_at__isnull=False, left_on__isnull=False) & ~Q(left_why="")),
                name="case_person_left_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.case_id}"


class CaseMember(Record):
    """A post in the team around the child, from a moment to a moment: the ground for seeing the family."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="members")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="case_memberships")
    part = models.CharField(max_length=20)  # lead, member
    words = models.CharField(max_length=120, blank=True)  # what they do in this team, where the post does not say it
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    class Meta:
        # Beside these, the database excludes two lead places of one case at the same moment (migration 0003).
        constraints = [
            models.UniqueConstraint(
                fields=["case", "post"], condition=Q(left_at__isnull=True), name="case_member_once"
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(left_at__isnull=True, part="lead"), name="one_lead_for_a_case"
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(left_at__gte=F("joined_at")),
                name="case_member_joined_before_left",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post_id} in {self.case_id}"

    @staticmethod
    def held_at(at: datetime) -> Q:
        """The places held at a moment: from joining up to, but not including, leaving."""
        return Q(joined_at__lte=at) & (Q(left_at__isnull=True) | Q(left_at__gt=at))


class CaseAccess(Record):
    """A case lent to a post to read, from a moment to a moment, and why: the ground of whoever audits it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="accesses")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="case_accesses")
    reason = models.CharField(max_length=300)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    given_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gte=F("starts_at")), name="case_access_starts_before_it_ends")
        ]
        indexes = [models.Index(fields=["post", "ends_at"], name="casework_access_of_post")]

    def __str__(self) -> str:
        return f"{self.case_id} to {self.post_id}"

    @staticmethod
    def held_at(at: datetime) -> Q:
        """Lent at a moment."""
        return Q(starts_at__lte=at, ends_at__gt=at)


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
