"""Risks of the partnership: what might happen, how it was scored at each review, its controls and actions, what a board
accepts, and what proposals say of money and the environment."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from joinedup.core.models import Record
from joinedup.governance.models.boards import Board
from joinedup.governance.models.meetings import AgendaItem
from joinedup.governance.risk_scoring import CONTROL_WORKS, RISK_KINDS
from joinedup.organisations.models import Post


class Risk(Record):
    """A risk a board answers for, with its owner. How it is scored stands in its reviews."""

    reference = models.CharField(max_length=16, unique=True)
    kind = models.CharField(max_length=12, choices=list(RISK_KINDS.items()))
    kind_words = models.CharField(max_length=80, blank=True)  # what another kind is called
    title = models.CharField(max_length=160)
    cause = models.TextField()
    event = models.TextField()
    effect = models.TextField()
    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="risks")
    owner = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="risks_owned")
    review_months = models.PositiveSmallIntegerField()
    next_review_on = models.DateField()
    review_told_on = models.DateField(null=True)  # the review date whose owner was told that it is due
    raised_at = models.DateTimeField()
    raised_by = models.UUIDField(null=True)
    closed_on = models.DateField(null=True)
    closed_why = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(review_months__range=(1, 12)), name="risk_reviewed"),
            models.CheckConstraint(condition=~Q(kind="other") | ~Q(kind_words=""), name="risk_other_named"),
        ]
        indexes = [
            models.Index(fields=["next_review_on"], condition=Q(closed_on__isnull=True), name="risk_reviews_due"),
            models.Index(fields=["board"], condition=Q(closed_on__isnull=True), name="risks_of_board_open"),
        ]

    def __str__(self) -> str:
        return self.reference


def _on_grid(*names: str) -> Q:
    found = Q()
    for name in names:
        found &= Q(**{f"{name}_likelihood__range": (1, 5), f"{name}_impact__range": (1, 5)})
    return found


class RiskReview(Record):
    """The three scores as one review found them, and why. Sealed: movement over time is read from these rows."""

    risk = models.ForeignKey(Risk, on_delete=models.PROTECT, related_name="reviews")
    number = models.PositiveSmallIntegerField()
    inherent_likelihood = models.PositiveSmallIntegerField()
    inherent_impact = models.PositiveSmallIntegerField()
    current_likelihood = models.PositiveSmallIntegerField()
    current_impact = models.PositiveSmallIntegerField()
    target_likelihood = models.PositiveSmallIntegerField()
    target_impact = models.PositiveSmallIntegerField()
    why = models.TextField()
    reviewed_on = models.DateField()
    next_review_on = models.DateField()
    reviewed_at = models.DateTimeField()
    reviewed_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["risk", "number"], name="risk_review_once"),
            models.CheckConstraint(condition=_on_grid("inherent", "current", "target"), name="risk_review_on_grid"),
            models.CheckConstraint(condition=Q(next_review_on__gt=F("reviewed_on")), name="risk_review_next"),
        ]

    def __str__(self) -> str:
        return f"review {self.number} of {self.risk_id}"


class RiskControl(Record):
    """What keeps a risk in check today, and how well it works."""

    risk = models.ForeignKey(Risk, on_delete=models.PROTECT, related_name="controls")
    words = models.CharField(max_length=400)
    works = models.CharField(max_length=8, choices=list(CONTROL_WORKS.items()))
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    end_reason = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return self.words[:60]


class RiskAction(Record):
    """What somebody is to do about a risk, by a day."""

    risk = models.ForeignKey(Risk, on_delete=models.PROTECT, related_name="actions")
    words = models.CharField(max_length=400)
    owner = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="risk_actions")
    due_on = models.DateField()
    set_at = models.DateTimeField()
    set_by = models.UUIDField(null=True)
    told_on = models.DateField(null=True)
    done_on = models.DateField(null=True)
    done_words = models.CharField(max_length=400, blank=True)

    class Meta:
        indexes = [models.Index(fields=["due_on"], condition=Q(done_on__isnull=True), name="risk_actions_open")]

    def __str__(self) -> str:
        return self.words[:60]


class RiskAppetite(Record):
    """The largest current score of a kind that a board accepts, from a day on, and where it set that. Sealed."""

    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="appetites")
    kind = models.CharField(max_length=12, choices=list(RISK_KINDS.items()))
    most = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=300)
    starts_on = models.DateField()
    set_at = models.DateTimeField()
    set_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["board", "kind", "starts_on"], name="risk_appetite_one_a_day"),
            models.CheckConstraint(condition=Q(most__range=(1, 25)), name="risk_appetite_on_grid"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.most}"


class Implications(Record):
    """What a proposal means for money and for the environment, written before it is decided. Sealed; the newest counts."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="implications")
    number = models.PositiveSmallIntegerField()
    financial = models.TextField()
    environmental = models.TextField()
    written_at = models.DateTimeField()
    written_by = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "number"], name="implications_once")]

    def __str__(self) -> str:
        return f"implications {self.number} of {self.item_id}"


class ImplicatedRisk(Record):
    """A risk that a proposal bears on, as its implications say. Sealed."""

    implications = models.ForeignKey(Implications, on_delete=models.PROTECT, related_name="risks")
    risk = models.ForeignKey(Risk, on_delete=models.PROTECT, related_name="proposals")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["implications", "risk"], name="implicated_risk_once")]

    def __str__(self) -> str:
        return f"{self.risk_id} in {self.implications_id}"
