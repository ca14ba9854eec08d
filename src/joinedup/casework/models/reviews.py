"""Reviews of a plan, steps between levels with their disagreements, closing, and whether the change lasted."""

from __future__ import annotations

from uuid import UUID

from django.db import models
from django.db.models import Q

from joinedup.access.actor import Actor
from joinedup.access.roles import Role
from joinedup.casework.codes import CLOSURES, DECISIONS, DISAGREEMENT_ENDS, LEAD_NAMED, SUSTAINED, VOICES
from joinedup.casework.lifecycle import LIVE_STEPS, REVIEW_LABELS, STEP_LABELS, ReviewState
from joinedup.casework.models.cases import Case, CasePerson
from joinedup.casework.models.plans import Plan, PlanChild
from joinedup.core.models import Record
from joinedup.organisations.models import Post, Team
from joinedup.person_index.models import Person, withheld_ids

_LIVE = sorted(state.value for state in LIVE_STEPS)  # in one order, or each migration would say that it changed
_RECEIVERS = (Role.TEAM_MANAGER, Role.STATUTORY_OFFICER)


class Review(Record):
    """The team around the child goes through the plan and decides what happens next."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="reviews")
    state = models.CharField(max_length=8, choices=[(state.value, text) for state, text in REVIEW_LABELS.items()])
    held_on = models.DateField()
    # Whether the family could name who leads for them when asked; empty in reviews from before it was asked.
    named_lead = models.CharField(max_length=9, blank=True, default="", choices=list(LEAD_NAMED.items()))
    begun_at = models.DateTimeField()
    begun_by = models.UUIDField(null=True)
    decision = models.CharField(max_length=12, blank=True, choices=list(DECISIONS.items()))
    reason = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)
    next_review_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan"], condition=Q(state=ReviewState.BEGUN), name="one_review_under_way_for_a_plan"
            ),
            models.CheckConstraint(
                condition=(Q(state=ReviewState.DECIDED) & ~Q(decision="") & Q(next_review_on__isnull=False))
                | (Q(state=ReviewState.BEGUN) & Q(decision="") & Q(decided_at__isnull=True)),
                name="review_decided_says_what_next_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"review of {self.plan_id} on {self.held_on}"


class ReviewPlace(models.Model):
    """Somebody who came to a review: a post or a member of the family."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="places")
    post = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="review_places")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="review_places")
    came = models.BooleanField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(post__isnull=False, person__isnull=True) | Q(post__isnull=True, person__isnull=False),
                name="review_place_of_a_post_or_a_person",
            )
        ]

    def __str__(self) -> str:
        return f"{self.post_id or self.person_id} at {self.review_id}"


class ReviewVoice(models.Model):
    """How a child was heard for a review, and what they said."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="voices")
    section = models.ForeignKey(PlanChild, on_delete=models.PROTECT, related_name="voices")
    how = models.CharField(max_length=12, choices=list(VOICES.items()))
    words = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "section"], name="review_voice_once")]

    def __str__(self) -> str:
        return f"{self.how}: {self.section_id}"


class StepQuerySet(models.QuerySet["Step"]):
    """Steps, narrowed to both teams'."""

    def visible_to(self, viewer: Actor) -> StepQuerySet:
        """Whoever sees the case, and, shortened, whoever answers for the team that is asked, until it accepts, and whoever is
        named to settle the disagreement about it, until it is settled."""
        if viewer.is_system:
            return self.all()
        teams = [each.team_id for each in viewer.standings if each.role in _RECEIVERS and each.team_id]
        asked = self.filter(
            Q(case__in=Case.objects.visible_to(viewer))
            | Q(to_team_id__in=teams, is_immediate=False, state__in=_LIVE)
            | Q(pk__in=Disagreement.objects.filter(holder_id__in=viewer.post_ids, ended_at=None).values("step_id"))
        )
        withheld = CasePerson.ever.filter(person_id__in=withheld_ids(viewer))
        return asked.exclude(case_id__in=withheld.values("case_id"))


class Step(Record):
    """A step up or down between levels, from the team that has the family to the one that is to have it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="steps")
    review = models.ForeignKey(Review, null=True, on_delete=models.PROTECT, related_name="steps")
    state = models.CharField(max_length=12, choices=[(state.value, text) for state, text in STEP_LABELS.items()])
    from_level = models.PositiveSmallIntegerField()
    to_level = models.PositiveSmallIntegerField()
    from_team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="steps_sent")
    to_team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="steps_received")
    is_immediate = models.BooleanField(default=False)  # took effect at once, because somebody is in danger
    reason = models.TextField()
    refusals = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField()
    asked_by = models.UUIDField(null=True)
    answer_by = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = StepQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(state__in=_LIVE), name="one_live_step_for_a_case"),
            models.CheckConstraint(
                condition=(Q(state__in=_LIVE) & Q(ended_at__isnull=True))
                | (~Q(state__in=_LIVE) & Q(ended_at__isnull=False)),
                name="step_ended_has_a_moment",
            ),
            models.CheckConstraint(
                condition=~Q(from_level=models.F("to_level")) & Q(to_level__gte=2, to_level__lte=4), name="step_levels"
            ),
        ]
        indexes = [models.Index(fields=["to_team"], condition=Q(state__in=_LIVE), name="casework_steps_waiting")]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.from_level} to {self.to_level}"

    @property
    def teams(self) -> tuple[UUID, UUID]:
        """Both teams."""
        return self.from_team_id, self.to_team_id

    def is_settled_by(self, viewer: Actor) -> bool:
        """Whether the viewer is named to settle the disagreement that is open. One statement, but where the disagreements, or
        `settler`, were read along."""
        if "settler" in self.__dict__:
            return self.__dict__["settler"] in viewer.post_ids
        return any(each.ended_at is None and each.holder_id in viewer.post_ids for each in self.disagreements.all())


class StepAnswer(models.Model):
    """What was said to a step, by either team, in its order."""

    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="answers")
    state = models.CharField(max_length=12, choices=[(state.value, text) for state, text in STEP_LABELS.items()])
    words = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.UUIDField(null=True)

    def __str__(self) -> str:
        return f"{self.state} of {self.step_id}"


class Disagreement(Record):
    """One of the steps by which two teams' disagreement is settled, with its clock."""

    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="disagreements")
    number = models.PositiveSmallIntegerField()
    who = models.CharField(max_length=160)  # in words, as the setting says it
    holder = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="disagreements_to_settle")
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    outcome = models.CharField(max_length=12, blank=True, choices=list(DISAGREEMENT_ENDS.items()))
    words = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["step", "number"], name="disagreement_stage_once"),
            models.UniqueConstraint(
                fields=["step"], condition=Q(ended_at__isnull=True), name="one_disagreement_stage_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} of {self.step_id}"


class Closure(Record):
    """Why a case closed, in its standard code and in words."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="closure")
    plan = models.OneToOneField(Plan, null=True, on_delete=models.PROTECT, related_name="closure")
    code = models.CharField(max_length=3, choices=list(CLOSURES.items()))
    words = models.TextField()
    closed_at = models.DateTimeField()
    closed_by = models.UUIDField(null=True)

    def __str__(self) -> str:
        return f"{self.code}: {self.case_id}"


class SustainedCheck(Record):
    """Whether what a plan changed has lasted, asked some months after it closed."""

    closure = models.OneToOneField(Closure, on_delete=models.PROTECT, related_name="check_afterwards")
    due_on = models.DateField()
    result = models.CharField(max_length=8, blank=True, choices=list(SUSTAINED.items()))
    words = models.TextField(blank=True)
    checked_at = models.DateTimeField(null=True)
    checked_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(result="") & Q(checked_at__isnull=True)) | (~Q(result="") & Q(checked_at__isnull=False)),
                name="sustained_check_has_a_result",
            )
        ]
        indexes = [models.Index(fields=["due_on"], condition=Q(result=""), name="casework_checks_due")]

    def __str__(self) -> str:
        return f"check of {self.closure_id} on {self.due_on}"


class ReReferral(Record):
    """That a case opened within the months the setting says after an earlier one about the same children had closed."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="re_referral")
    earlier = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="re_referrals")
    months = models.PositiveSmallIntegerField()  # whole months between

    def __str__(self) -> str:
        return f"{self.case_id} after {self.earlier_id}"
