"""How a strand is delivered: staff, what it costs to change and to run, and who pays how much of each year."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q

from joinedup.benefits.lifecycle import COST_KINDS, DELIVERY_STATES
from joinedup.benefits.models.programme import Programme, Strand
from joinedup.core.models import Record
from joinedup.organisations.models import Organisation


def _no_amounts() -> list[Any]:
    return []


class PayRate(Record):
    """What a post of a grade costs in a year, with on-costs, from a day on, as the partnership says."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="pay_rates")
    grade = models.CharField(max_length=60)
    annual_pence = models.PositiveBigIntegerField()
    starts_on = models.DateField()
    source = models.CharField(max_length=300)
    set_at = models.DateTimeField()
    set_by = models.UUIDField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "grade", "starts_on"], condition=Q(removed_at__isnull=True), name="pay_rate_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.grade} from {self.starts_on}"


class DeliveryModel(Record):
    """One way to deliver a strand. Several may be drawn up; one is chosen."""

    strand = models.ForeignKey(Strand, on_delete=models.PROTECT, related_name="delivery_models")
    name = models.CharField(max_length=160)
    words = models.TextField(blank=True)
    state = models.CharField(
        max_length=8, choices=[(each.value, text) for each, text in DELIVERY_STATES.items()], default="draft"
    )
    grade = models.PositiveSmallIntegerField(default=3)  # how sure the costs are, 1 to 6
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["strand"], condition=Q(state="chosen"), name="delivery_one_chosen"),
            models.CheckConstraint(condition=Q(grade__gte=1) & Q(grade__lte=6), name="delivery_grade_1_to_6"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def programme_id(self) -> UUID:
        """Whose partners may see it."""
        return self.strand.programme_id


class DeliveryStaff(Record):
    """Posts of one agency, grade and base, in some years of the programme (counted from 0)."""

    delivery_model = models.ForeignKey(DeliveryModel, on_delete=models.PROTECT, related_name="staff")
    agency = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="delivery_staff")
    grade = models.CharField(max_length=60)  # of the programme's pay table
    base = models.CharField(max_length=120)
    people = models.PositiveSmallIntegerField()
    full_time_equivalent = models.DecimalField(max_digits=7, decimal_places=2)
    first_year = models.PositiveSmallIntegerField(default=0)
    last_year = models.PositiveSmallIntegerField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(full_time_equivalent__gt=0) & Q(people__gte=1), name="delivery_staff_somebody"
            ),
            models.CheckConstraint(condition=Q(last_year__gte=models.F("first_year")), name="delivery_staff_years"),
        ]

    def __str__(self) -> str:
        return f"{self.people} {self.grade}"


class DeliveryCost(Record):
    """Any other cost: pence in each year of the programme. `unfunded` says of a cost that nobody has promised it yet."""

    delivery_model = models.ForeignKey(DeliveryModel, on_delete=models.PROTECT, related_name="costs")
    kind = models.CharField(max_length=14, choices=[(each.value, text) for each, text in COST_KINDS.items()])
    name = models.CharField(max_length=160)
    amounts = models.JSONField(default=_no_amounts)
    is_unfunded = models.BooleanField(default=False)
    removed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class DeliveryShare(Record):
    """The part of a year's cost that a partner pays, in hundredths of a per cent. What the partners' parts leave is not
    funded."""

    delivery_model = models.ForeignKey(DeliveryModel, on_delete=models.PROTECT, related_name="shares")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="delivery_shares")
    year = models.PositiveSmallIntegerField()
    basis_points = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["delivery_model", "organisation", "year"], name="delivery_share_once_a_year"
            ),
            models.CheckConstraint(condition=Q(basis_points__lte=10_000), name="delivery_share_of_a_hundred"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} in year {self.year}"


def _no_content() -> dict[str, Any]:
    return {}


class DeliveryVersion(Record):
    """A delivery model as it stood when a round of review was over: all it said and came to, what changed since the version
    before (worked out, in words) and why (entered). Rows are sealed."""

    delivery_model = models.ForeignKey(DeliveryModel, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField(default=_no_content)
    digest = models.CharField(max_length=64)
    changed = models.TextField(blank=True)
    why = models.TextField(blank=True)
    kept_at = models.DateTimeField()
    kept_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["delivery_model", "number"], name="delivery_version_once"),
        ]

    def __str__(self) -> str:
        return f"version {self.number}"
