"""The family's one plan: a section for each child, needs, outcomes and actions, and the statutory plans it links."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from joinedup.casework.codes import ABUSE, NEED_ENDS, NEEDS, STATUTORY_PLANS
from joinedup.casework.lifecycle import ACTION_LABELS, ENDED_ACTIONS, PLAN_LABELS, ActionState, PlanState
from joinedup.casework.models.cases import Case
from joinedup.core.models import Record
from joinedup.organisations.models import Organisation, Post
from joinedup.outcomes.models import Measure
from joinedup.person_index.models import Family, Person

_ENDED = sorted(state.value for state in ENDED_ACTIONS)


class Plan(Record):
    """One plan for one family, whatever strands and levels it goes through. Its case carries the level and the clock of
    the next review."""

    reference = models.CharField(max_length=16, unique=True)
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="plans")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="plans")
    state = models.CharField(max_length=8, choices=[(state.value, text) for state, text in PLAN_LABELS.items()])
    family_words = models.TextField(blank=True)  # what they want, as they say it
    contingency = models.TextField(blank=True)  # what happens if things get worse, or somebody is away
    opened_at = models.DateTimeField()
    opened_by = models.UUIDField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["family"], condition=Q(state=PlanState.OPEN), name="one_open_plan_for_a_family"
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(state=PlanState.OPEN), name="one_open_plan_for_a_case"
            ),
            models.CheckConstraint(
                condition=(Q(state=PlanState.CLOSED) & Q(closed_at__isnull=False))
                | (Q(state=PlanState.OPEN) & Q(closed_at__isnull=True)),
                name="plan_closed_has_a_date",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class PlanChild(Record):
    """The section of one child. A child of two households may have one in two plans; one of them `leads`: its lead
    professional is the child's."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="sections")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="plan_sections")
    words = models.TextField(blank=True)  # the child's own
    leads = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "person"], name="plan_child_once"),
            models.UniqueConstraint(
                fields=["person"], condition=Q(leads=True, ended_at__isnull=True), name="one_lead_for_a_child"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.plan_id}"


class StatutoryPlan(Record):
    """A statutory plan of a child as the service that holds it says. It is read back here, and decided there."""

    section = models.ForeignKey(PlanChild, on_delete=models.PROTECT, related_name="statutory_plans")
    kind = models.CharField(max_length=30, choices=list(STATUTORY_PLANS.items()))
    reference = models.CharField(max_length=40, blank=True)
    holder = models.CharField(max_length=160)
    worker = models.CharField(max_length=120, blank=True)
    status = models.CharField(max_length=120)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    next_on = models.DateField(null=True)
    next_means = models.CharField(max_length=120, blank=True)
    # The category of abuse as it is now (the first one stands in the plan's changes), and the initial conference.
    abuse = models.CharField(max_length=3, blank=True, choices=list(ABUSE.items()))
    conference_on = models.DateField(null=True)
    linked_at = models.DateTimeField()  # since when it is known here: the clock of a qualified lead counts from it
    read_at = models.DateTimeField()
    read_by = models.UUIDField(null=True)
    removed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.kind} of {self.section_id}"


class PlanNeed(Record):
    """A need of the family or of one child, in a standard code and in words."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="needs")
    section = models.ForeignKey(PlanChild, null=True, on_delete=models.PROTECT, related_name="needs")
    code = models.CharField(max_length=2, choices=list(NEEDS.items()))
    words = models.TextField()
    end_code = models.CharField(max_length=12, blank=True, choices=list(NEED_ENDS.items()))
    end_words = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(end_code="") & Q(ended_at__isnull=True)) | (~Q(end_code="") & Q(ended_at__isnull=False)),
                name="plan_need_ended_has_an_outcome",
            )
        ]

    def __str__(self) -> str:
        return self.words[:60]


class PlanOutcome(Record):
    """What will be different, measured from a baseline to a target by a day."""

    need = models.ForeignKey(PlanNeed, on_delete=models.PROTECT, related_name="outcomes")
    words = models.TextField()
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="plan_outcomes")
    target = models.DecimalField(max_digits=8, decimal_places=2)
    target_on = models.DateField()
    removed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.words[:60]


class PlanAction(Record):
    """What somebody does, by a day, towards an outcome."""

    outcome = models.ForeignKey(PlanOutcome, on_delete=models.PROTECT, related_name="actions")
    kind = models.CharField(max_length=20, blank=True)  # equipment, appointment, where the pathway has kinds
    words = models.TextField()
    post = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="plan_actions")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="plan_actions")
    agency = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="plan_actions")
    service = models.CharField(max_length=160, blank=True)
    due_on = models.DateField()
    evidence = models.TextField(blank=True)  # how it will show that it is done
    status = models.CharField(max_length=12, choices=[(state.value, text) for state, text in ACTION_LABELS.items()])
    status_words = models.TextField(blank=True)
    ended_on = models.DateField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(post__isnull=False, person__isnull=True) | Q(post__isnull=True, person__isnull=False),
                name="plan_action_has_one_owner",
            ),
            models.CheckConstraint(
                condition=(Q(status__in=_ENDED) & Q(ended_on__isnull=False))
                | (~Q(status__in=_ENDED) & Q(ended_on__isnull=True)),
                name="plan_action_ended_has_a_date",
            ),
        ]
        indexes = [
            models.Index(
                fields=["post", "due_on"],
                condition=Q(status__in=[ActionState.TO_DO.value, ActionState.UNDER_WAY.value], removed_at__isnull=True),
                name="casework_plan_actions_open",
            )
        ]

    def __str__(self) -> str:
        return self.words[:60]


class PlanChange(Record):
    """One change of a plan, with the old and the new values: its history, and what an undo puts back."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=12)  # plan, child, statutory, need, outcome, action
    target_id = models.UUIDField()
    what = models.CharField(max_length=200)
    before = models.JSONField(default=dict)  # empty where it was added
    after = models.JSONField(default=dict)
    at = models.DateTimeField()
    by = models.UUIDField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["plan", "-at"], name="casework_plan_changes")]

    def __str__(self) -> str:
        return self.what
