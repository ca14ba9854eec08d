"""Indicators in their versions, and who looked at a listed child with what outcome. Nothing said is overwritten."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from joinedup.core.models import Record
from joinedup.information_sharing.indicators import Joined, Outcome, Sign, Weight, condition_of
from joinedup.information_sharing.models.agreements import Agreement, LawfulBasis
from joinedup.organisations.models import Post
from joinedup.person_index.models import Person


class Indicator(Record):
    """An agreed sign, by its name; what it says and rests on is in its versions."""

    name = models.CharField(max_length=120, unique=True)

    def __str__(self) -> str:
        return self.name


class IndicatorVersion(Record):
    """What an indicator says from a day on: its wording, the observations behind it, its weight in words, its basis and
    agreement, and who agreed to it. A change is a new version; the old ones stay."""

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(default=1)
    wording = models.CharField(max_length=300)
    weight = models.CharField(max_length=10, choices=[(each.value, each.value) for each in Weight])
    conditions = models.JSONField()
    joined = models.CharField(max_length=3, choices=[(each.value, each.value) for each in Joined], default=Joined.ALL)
    window_days = models.PositiveSmallIntegerField()
    minimum_age = models.PositiveSmallIntegerField(null=True)
    maximum_age = models.PositiveSmallIntegerField(null=True)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="indicators")
    basis = models.ForeignKey(LawfulBasis, on_delete=models.PROTECT, related_name="indicators")
    agreed_by = models.CharField(max_length=200)
    agreed_on = models.DateField()
    review_on = models.DateField()
    declared_at = models.DateTimeField()
    declared_by = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)
    end_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["indicator", "number"], name="indicator_version_numbered"),
            models.UniqueConstraint(
                fields=["indicator"], condition=Q(ended_at__isnull=True), name="indicator_one_version_now"
            ),
            models.CheckConstraint(condition=Q(review_on__gt=F("agreed_on")), name="indicator_reviewed_after_agreed"),
            models.CheckConstraint(condition=~Q(agreed_by="") & ~Q(wording=""), name="indicator_agreed_and_worded"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | ~Q(end_reason=""), name="indicator_ends_with_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.number} of {self.indicator_id}"

    @property
    def sign(self) -> Sign:
        """What makes it speak, as the rules read it."""
        conditions = tuple(condition_of(each) for each in self.conditions)
        return Sign(conditions, self.window_days, self.minimum_age, self.maximum_age, joined=Joined(self.joined))


class IndicatorLook(Record):
    """Somebody looked at a listed child, and what they found. What was listed then is kept, so that the child is listed
    again only for something new."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="indicator_looks")
    outcome = models.CharField(max_length=16, choices=[(each.value, each.value) for each in Outcome])
    reason = models.TextField()
    looked_at = models.DateTimeField()
    looked_by = models.UUIDField(null=True)
    post = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="+")
    observations = ArrayField(models.UUIDField(), default=list)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="indicator_look_has_a_reason")]
        indexes = [models.Index(fields=["person", "-looked_at"], name="sharing_look_newest")]

    def __str__(self) -> str:
        return self.outcome


class IndicatorLookReason(models.Model):
    """One indicator that spoke when somebody looked."""

    look = models.ForeignKey(IndicatorLook, on_delete=models.PROTECT, related_name="reasons")
    indicator_version = models.ForeignKey(IndicatorVersion, on_delete=models.PROTECT, related_name="looks")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["look", "indicator_version"], name="indicator_look_once")]

    def __str__(self) -> str:
        return f"{self.indicator_version_id} when looked at"
