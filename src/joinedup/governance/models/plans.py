"""The children and young people’s plan: needs, priorities, outcomes, actions, money, other plans, and who was asked."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q

from joinedup.core.models import Record
from joinedup.funds.models import BudgetLine
from joinedup.governance.lifecycle import PLAN_LABELS
from joinedup.governance.models.boards import Board
from joinedup.governance.models.decisions import Decision
from joinedup.governance.plan_codes import ANSWERS, FRAMEWORKS_OF_PLANS, GROUPS
from joinedup.governance.plan_states import ACTION_LABELS
from joinedup.organisations.models import Organisation, Post
from joinedup.outcomes.models import FrameworkEntry, PartnershipMeasure


def _nothing() -> dict[str, Any]:
    return {}


class ChildrenPlan(Record):
    """One plan for children and young people over a period, and the board that adopts it. `begins_from` is the plan whose parts
    it was begun with; `supersedes` the one in force that ends when it is adopted."""

    reference = models.CharField(max_length=16, unique=True)
    title = models.CharField(max_length=160)
    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="children_plans")
    state = models.CharField(max_length=12, choices=[(each.value, text) for each, text in PLAN_LABELS.items()])
    framework = models.CharField(max_length=30, choices=list(FRAMEWORKS_OF_PLANS.items()))
    starts_on = models.DateField()
    ends_on = models.DateField()
    vision = models.TextField(blank=True)
    summary = models.TextField(blank=True)  # in plain words, for children and families
    supersedes = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="superseded_by")
    begins_from = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="began")
    is_illustration = models.BooleanField(default=False)
    begun_at = models.DateTimeField()
    begun_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="children_plan_period"),
            models.CheckConstraint(
                condition=Q(state__in=[each.value for each in PLAN_LABELS]), name="children_plan_state"
            ),
            models.UniqueConstraint(
                fields=["board"],
                condition=Q(state__in=["draft", "consultation", "proposed"]),
                name="children_plan_one_open",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class PlanStep(Record):
    """A plan moved from one state to another. Sealed."""

    plan = models.ForeignKey(ChildrenPlan, on_delete=models.PROTECT, related_name="steps")
    state = models.CharField(max_length=12)
    words = models.CharField(max_length=400, blank=True)
    at = models.DateTimeField()
    by = models.UUIDField(null=True)

    def __str__(self) -> str:
        return f"{self.state} of {self.plan_id}"


class PlanPartner(Record):
    """A partner whose powers the plan uses: it records its own approval before the plan is in force."""

    plan = models.ForeignKey(ChildrenPlan, on_delete=models.PROTECT, related_name="partners")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="children_plans")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "organisation"], name="children_plan_partner_once")]

    def __str__(self) -> str:
        return f"{self.organisation_id} in {self.plan_id}"


class PlanPart(Record):
    """What every part of a plan has: its place, and who wrote it last."""

    position = models.PositiveSmallIntegerField(default=0)
    written_at = models.DateTimeField()
    written_by = models.UUIDField(null=True)

    class Meta:
        abstract = True


class PlanNeed(PlanPart):
    """A need of children, with its evidence: a figure of the live system (a name of `evidence`), or what somebody else stated,
    where and when."""

    plan = models.ForeignKey(ChildrenPlan, on_delete=models.PROTECT, related_name="needs")
    title = models.CharField(max_length=160)
    words = models.TextField(blank=True)
    figure = models.CharField(max_length=40, blank=True)
    stated = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=300, blank=True)
    stated_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(figure="") | (~Q(stated="") & ~Q(source="") & Q(stated_on__isnull=False)),
                name="plan_need_has_evidence",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class PlanPriority(PlanPart):
    """What the partners put first, why, and who answers for it."""

    plan = models.ForeignKey(ChildrenPlan, on_delete=models.PROTECT, related_name="priorities")
    title = models.CharField(max_length=160)
    words = models.TextField(blank=True)
    owner = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="children_plan_priorities")
    needs = models.ManyToManyField(PlanNeed, related_name="priorities")

    def __str__(self) -> str:
        return self.title


class PlanOutcome(PlanPart):
    """What shall be different under a priority: under an outcome of the framework or the partnership’s own, with a measure of
    the partnership, read live, or one that is stated with where it stands and where it shall come to."""

    priority = models.ForeignKey(PlanPriority, on_delete=models.PROTECT, related_name="outcomes")
    words = models.CharField(max_length=400)
    entry = models.ForeignKey(FrameworkEntry, null=True, on_delete=models.PROTECT, related_name="plan_outcomes")
    own_name = models.CharField(max_length=120, blank=True)
    measure = models.ForeignKey(PartnershipMeasure, null=True, on_delete=models.PROTECT, related_name="plan_outcomes")
    stated_measure = models.CharField(max_length=200, blank=True)
    baseline = models.CharField(max_length=120, blank=True)
    target = models.CharField(max_length=120, blank=True)
    target_on = models.DateField(null=True)
    source = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return self.words

    @property
    def has_measure(self) -> bool:
        """Whether anything tells that it is reached."""
        return self.measure_id is not None or bool(self.stated_measure and self.baseline and self.target)


class PlanAction(PlanPart):
    """Something that will be done for a priority, by a post at a partner, by a day. `state` is the newest of its history."""

    priority = models.ForeignKey(PlanPriority, on_delete=models.PROTECT, related_name="actions")
    words = models.CharField(max_length=400)
    owner = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="children_plan_actions")
    owner_title = models.CharField(max_length=120, blank=True)  # where nobody in post here does it
    partner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="children_plan_actions")
    due_on = models.DateField()
    state = models.CharField(
        max_length=12, choices=[(each.value, text) for each, text in ACTION_LABELS.items()], default="not_begun"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(owner__isnull=False) | ~Q(owner_title=""), name="plan_action_owner"),
        ]

    def __str__(self) -> str:
        return self.words


class PlanActionStep(Record):
    """How an action stood when somebody reported on it. Sealed."""

    action = models.ForeignKey(PlanAction, on_delete=models.PROTECT, related_name="steps")
    state = models.CharField(max_length=12)
    words = models.CharField(max_length=600)
    at = models.DateTimeField()
    by = models.UUIDField(null=True)

    def __str__(self) -> str:
        return f"{self.state} of {self.action_id}"


class PlanMoney(PlanPart):
    """Money for a priority: a line of a shared budget, whose pence are read there and never typed again, or pence of a budget
    that is kept elsewhere, with where."""

    priority = models.ForeignKey(PlanPriority, on_delete=models.PROTECT, related_name="money")
    line = models.ForeignKey(BudgetLine, null=True, on_delete=models.PROTECT, related_name="plan_money")
    pence = models.BigIntegerField(null=True)
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(line__isnull=False, pence__isnull=True)
                | (Q(line__isnull=True, pence__gt=0) & ~Q(source="")),
                name="plan_money_once",
            ),
            models.UniqueConstraint(fields=["priority", "line"], name="plan_money_line_once"),
        ]

    def __str__(self) -> str:
        return self.source or str(self.line_id)


class PlanAlignment(PlanPart):
    """Another plan, whose it is, and how this one goes with it."""

    plan = models.ForeignKey(ChildrenPlan, on_delete=models.PROTECT, related_name="alignments")
    name = models.CharField(max_length=200)
    body = models.CharField(max_length=160)
    link = models.URLField(max_length=300, blank=True)
    words = models.TextField()

    def __str__(self) -> str:
        return self.name


class PlanConsultation(PlanPart):
    """One round in which people were asked: when, and by which method."""

    plan = models.ForeignKey(ChildrenPlan, on_delete=models.PROTECT, related_name="consultations")
    title = models.CharField(max_length=160)
    method = models.TextField()
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="plan_consultation_days")]

    def __str__(self) -> str:
        return self.title


class ConsultedGroup(Record):
    """How many of a group were asked and how many answered; numbers, and never a name."""

    consultation = models.ForeignKey(PlanConsultation, on_delete=models.PROTECT, related_name="groups")
    group = models.CharField(max_length=14, choices=list(GROUPS.items()))
    asked = models.PositiveIntegerField()
    answered = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["consultation", "group"], name="plan_group_once"),
            models.CheckConstraint(condition=Q(answered__lte=F("asked")), name="plan_group_answered"),
        ]

    def __str__(self) -> str:
        return f"{self.group} in {self.consultation_id}"


class PlanTheme(PlanPart):
    """What people said in a round, and what was done about it or why not: “You said, we did”."""

    consultation = models.ForeignKey(PlanConsultation, on_delete=models.PROTECT, related_name="themes")
    group = models.CharField(max_length=14, choices=list(GROUPS.items()))
    said = models.TextField()
    answer = models.CharField(max_length=8, choices=list(ANSWERS.items()))
    words = models.TextField(blank=True)
    priority = models.ForeignKey(PlanPriority, null=True, on_delete=models.PROTECT, related_name="themes")
    action = models.ForeignKey(PlanAction, null=True, on_delete=models.PROTECT, related_name="themes")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(answer="open") | ~Q(words=""), name="plan_theme_answered"),
        ]

    def __str__(self) -> str:
        return self.said[:60]


class AdoptedPlan(Record):
    """A plan as it was adopted: everything it says, the SHA-256 of it, and the decision that adopted it. Sealed."""

    plan = models.OneToOneField(ChildrenPlan, on_delete=models.PROTECT, related_name="adopted")
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="adopted_plan")
    content = models.JSONField(default=_nothing)
    digest = models.CharField(max_length=64)
    adopted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.plan_id} as adopted"
